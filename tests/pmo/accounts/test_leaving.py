"""People leave: what they answer for is listed and handed over in one step, and their names are marked."""

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts import holdings
from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from projects.models import ProjectMember
from projects.selectors.updates_received import left_out
from projects.services.reminders import DEACTIVATED, remind_managers
from reports.domain.scope import HOSPITAL
from reports.models import Subscription
from reports.services.subscriptions import subscribe
from risks.models import Issue, Risk
from tests.factories import (
    IssueFactory,
    MemberFactory,
    MilestoneFactory,
    ProjectFactory,
    RiskFactory,
    UserFactory,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    """Whoever may see and change all of it, and let people in and out."""
    user = person(Role.PMO_LEAD)
    user.memberships.create(role=Role.ADMINISTRATOR)
    return user


@pytest.fixture
def ada():
    return person(Role.EXECUTIVE, name="Ada")


@pytest.fixture
def holding(ada, office):
    project = MemberFactory(user=ada, project__name="New wing").project
    MilestoneFactory(project=project)
    RiskFactory(project=project, owner=ada, title="Flood")
    IssueFactory(project=project, owner=ada, title="Leak")
    subscribe(scope=HOSPITAL, user=ada, by=office)
    return project


def page_of(ada):
    return reverse("accounts:person_holdings", args=[ada.pk])


def test_deactivating_somebody_lists_what_waits_for_that_person(signed_in, office, ada, holding):
    answer = signed_in(office).post(reverse("accounts:person_active", args=[ada.pk]), follow=True)
    page = " ".join(answer.content.decode().split())
    assert answer.redirect_chain[-1][0] == page_of(ada)
    for words in ("New wing", "Project manager, 1 milestone to come", "Flood", "Leak"):
        assert words in page
    assert "Whole hospital" in page
    assert "What Ada (deactivated) answers for" in page


def test_somebody_who_holds_nothing_leaves_without_a_question(signed_in, office, ada):
    answer = signed_in(office).post(reverse("accounts:person_active", args=[ada.pk]))
    assert answer["Location"] == reverse("accounts:person_edit", args=[ada.pk])


def test_all_of_it_goes_to_somebody_else_in_one_step(signed_in, office, ada, holding):
    ben = person(Role.EXECUTIVE, name="Bén")
    answer = signed_in(office).post(page_of(ada), {"to": "ben"}, follow=True)
    assert "4 duties handed over to Bén." in answer.content.decode()
    assert "Ada answers for nothing here." in answer.content.decode()
    assert list(holding.members.values_list("user", "role")) == [(ben.pk, "manager")]
    assert Risk.objects.get().owner == Issue.objects.get().owner == ben
    assert Subscription.objects.get().user == ben
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"project.person_named", "risk.changed", "person.handed_over"} <= actions


def test_what_the_one_who_hands_over_may_not_change_stays_and_is_counted(ada, holding):
    administrator, ben = person(Role.ADMINISTRATOR), person(Role.EXECUTIVE)
    parts = holdings.parts_of(ada, reader=administrator)
    assert [(part.rows, part.hidden) for part in parts] == [((), 1)] * 4
    assert holdings.hand_over(person=ada, to=ben, by=administrator) == (0, 4)
    assert holding.members.get().user == ada


def test_a_deactivated_person_or_oneself_takes_nothing_over(office, ada, holding):
    for to in (ada, UserFactory(is_active=False)):
        with pytest.raises(RefusalError):
            holdings.hand_over(person=ada, to=to, by=office)
    assert holding.members.get().user == ada


def test_who_is_in_the_role_already_is_not_named_twice(office, ada, holding):
    ben = MemberFactory(project=holding).user
    holdings.hand_over(person=ada, to=ben, by=office)
    assert ProjectMember.objects.get().user == ben


def test_the_name_of_who_left_is_marked_where_it_still_stands(signed_in, office, ada, holding):
    ada.is_active = False
    ada.save()
    client = signed_in(office)
    for address in (
        reverse("projects:project_list"),
        reverse("projects:project_people", args=[holding.pk]),
        reverse("projects:updates_received"),
        reverse("risks:risk_list"),
        holding.get_absolute_url(),
    ):
        page = " ".join(client.get(address).content.decode().split())
        assert "Ada (deactivated)" in page, address


def test_reminders_leave_out_whose_manager_left_and_say_so(signed_in, office, ada, holding):
    MemberFactory(user=UserFactory(name="Here"))
    ProjectFactory(name="Orphan")
    ada.is_active = False
    ada.save()
    with pytest.raises(RefusalError, match=DEACTIVATED):
        remind_managers(project=holding, by=office)
    assert left_out(office, now=timezone.now()) == ["New wing", "Orphan"]
    client = signed_in(office)
    page = client.get(reverse("projects:updates_received")).content.decode()
    assert "Remind all 1<" in page
    assert "2 projects get no reminder" in page
    assert "manager deactivated, nobody to remind" in page
    told = client.post(reverse("projects:status_remind_all"), follow=True).content.decode()
    assert "No reminder goes out for New wing and Orphan." in told


def test_a_person_s_page_asks_the_same_of_one_duty_and_of_three(
    signed_in, office, ada, holding, django_assert_num_queries
):
    client = signed_in(office)
    client.get(page_of(ada))
    for more in (0, 2):
        for _ in range(more):
            project = MemberFactory(user=ada).project
            RiskFactory(project=project, owner=ada)
            IssueFactory(project=project, owner=ada)
        with django_assert_num_queries(17):
            client.get(page_of(ada))
