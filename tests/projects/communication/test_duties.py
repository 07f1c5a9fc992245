"""What waits for a sender at home, what a person who leaves hands over, and what an import brings."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.holdings import keepers
from pmo.accounts.roles import Role
from pmo.common.page.waiting import waiting_for
from projects.communication.leaving import hand_over, part_of
from projects.models import Stakeholder
from tests.factories import MemberFactory, ProjectFactory, UserFactory, person
from tests.factories.communication import GroupFactory, ItemFactory, StakeholderFactory
from tests.reports.imports.services.test_registers import applied, faults

pytestmark = pytest.mark.django_db


def ahead(days):
    return timezone.localdate() + timedelta(days=days)


def test_what_is_due_within_a_week_waits_for_its_sender(project, manager, lead):
    for message, days in (("Late", -9), ("Soon", 7), ("Later", 8)):
        ItemFactory(project=project, sender=manager, message=message, due_on=ahead(days))
    ItemFactory(project=project, sender=lead, message="Hers", due_on=ahead(0))
    ItemFactory(project=ProjectFactory(stage="closed"), sender=manager, due_on=ahead(0))

    found = waiting_for(manager, today=timezone.localdate())

    assert [(one.text, one.due) for one in found if "Send" in one.text] == [
        ("Send “Late”", ahead(-9)),
        ("Send “Soon”", ahead(7)),
    ]
    assert found[0].about == project.name


def test_what_a_person_may_not_see_any_more_does_not_wait(project):
    item = ItemFactory(project=project, sender=person(Role.STAFF), due_on=ahead(0))

    found = waiting_for(item.sender, today=timezone.localdate())

    assert [one for one in found if "Send" in one.text] == []


def test_messages_are_handed_over_but_those_of_a_named_lead(project, manager, lead):
    leaver, heir = UserFactory(), person(Role.STAFF)
    for one in (leaver, heir):
        MemberFactory(project=project, user=one, role=Role.TEAM_MEMBER)
    item = ItemFactory(project=project, sender=leaver, message="News")
    union = GroupFactory(category="unions", lead=leaver)
    ItemFactory(project=project, sender=leaver, category="", group=union, message="Rota")
    ItemFactory(
        project=ProjectFactory(is_confidential=True, name="Secret"), sender=leaver, message="Hush"
    )

    part = part_of(leaver, manager)
    handed = hand_over(leaver, heir, lead)

    assert [(held.name, held.what) for held in part.rows] == [
        ("News", project.name),
        ("Rota", project.name),
    ]
    assert part.hidden == 1
    assert handed.done == 1
    assert handed.left == 2
    item.refresh_from_db()
    assert item.sender == heir
    assert part_of in {keeper.part_of for keeper in keepers()}


def test_office_finds_the_lists_behind_a_door(signed_in, lead):
    page = signed_in(lead).get(reverse("office")).content.decode()

    assert reverse("communication:item_list") in page


ROWS = (
    "Project,Name,Category,Register,Talks,Power,Now,Act by\n"
    "P-1,Wards,Nurses,The wards,Ada Byron,High,Against,2026-12-04\n"
)


class TestImport:
    @pytest.fixture
    def wing(self):
        return ProjectFactory(code="P-1")

    def test_brings_category_group_person_and_day(self, lead, wing):
        group, ada = GroupFactory(name="The wards"), UserFactory(name="Ada Byron")

        assert applied(ROWS, lead, record="stakeholder")["created"] == 1
        assert applied(ROWS, lead, record="stakeholder")["unchanged"] == 1

        one = Stakeholder.objects.get()
        assert (one.category, one.group, one.lead) == ("nursing", group, ada)
        assert one.action_due.isoformat() == "2026-12-04"
        assert [record.engagement for record in one.history.all()] == ["resistant"]

    def test_another_engagement_is_kept_in_the_history(self, lead, wing):
        StakeholderFactory(project=wing, name="Wards")
        text = "Project,Name,Now\nP-1,Wards,Against\n"

        applied(text, lead, record="stakeholder")

        assert [one.engagement for one in Stakeholder.objects.get().history.all()] == ["resistant"]

    def test_a_group_that_is_not_in_the_register_is_refused(self, lead, wing):
        UserFactory(name="Ada Byron")

        assert faults(ROWS, lead, record="stakeholder") == [
            (2, "D", "The stakeholder register has no group of this name.")
        ]
