"""Your first summary: every step read from the data, in this reader's words and with their links."""

from datetime import date

import pytest
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.accounts.services import create_administrator, grant_role
from pmo.common.models import AuditEvent
from pmo.common.page.checklist import Checklist, FirstStep, FirstStepLink, checklist_for
from pmo.organization.current import forget
from pmo.organization.models import Organization
from pmo.organization.services import change_organization
from portfolio.models import Portfolio, PortfolioProject
from reports.models import Freeze, Summary, SummaryState
from tests.factories import PortfolioFactory, ProjectFactory, UnitFactory, person

pytestmark = pytest.mark.django_db
ORDER = ["organization", "people", "projects", "units", "portfolio", "freeze", "summary"]


@pytest.fixture
def admin():
    return create_administrator(by=None, name="Ann Other", email="ann@example.org", password=None)


def states(user):
    return {step.key: step.state for step in checklist_for(user).steps}


def said(user, key):
    [step] = [step for step in checklist_for(user).steps if step.key == key]
    return step.text


def offers(user, key):
    [step] = [step for step in checklist_for(user).steps if step.key == key]
    return [(action.label, action.url) for action in step.actions]


def issued():
    return Summary.objects.create(
        portfolio=PortfolioFactory(),
        date=date(2026, 11, 22),
        state=SummaryState.ISSUED,
        compiled_at=timezone.now(),
        issued_at=timezone.now(),
        seal="7098b817",
        content={},
    )


def do_all_but_the_last():
    change_organization(by=None, version=None, name="Lakeside Health")
    person(Role.PMO_LEAD)
    project = ProjectFactory()
    PortfolioProject.objects.create(
        portfolio=PortfolioFactory(), project=project, added_on=date(2026, 11, 1)
    )
    Freeze.objects.create(date=date(2026, 11, 22), frozen_at=timezone.now(), rows=1)


def test_begins_with_nothing_done(admin):
    assert states(admin) == dict.fromkeys(ORDER, "todo") | {"organization": "next"}


def test_is_read_from_the_data(admin):
    do_all_but_the_last()

    found = checklist_for(admin)

    assert states(admin) == dict.fromkeys(ORDER, "done") | {"summary": "next"}
    assert (found.done, found.total, found.left) == (6, 7, "one step")


def test_the_next_step_is_the_first_that_the_reader_can_do(admin, lead):
    change_organization(by=None, version=None, name="Lakeside Health")

    assert states(admin)["units"] == "next"
    assert states(lead)["projects"] == "next"


def test_people_need_somebody_who_leads_the_office(admin):
    assert said(admin, "people") == (
        "Only Ann Other can sign in. The project office has no lead yet: give one person the"
        " role PMO lead."
    )
    grant_role(user=admin, role=Role.PMO_LEAD, unit=None, by=None)
    assert said(admin, "people").startswith("Only Ann Other can sign in. Invite those who report")

    person(Role.EXECUTIVE, name="Mateo Silva")
    person(Role.STAFF, name="Named Only", email=None)
    person(Role.STAFF, name="Gone Away", is_active=False)

    assert said(admin, "people") == "2 people can sign in: Ann Other and Mateo Silva."
    assert states(admin)["people"] == "done"


def test_people_are_named_three_at_most(admin):
    for name in ("B", "C", "D", "E"):
        person(Role.PMO_LEAD, name=name)

    assert said(admin, "people") == "5 people can sign in: Ann Other, B, C and 2 more."


def test_an_administrator_sees_no_project_and_is_told_who_does_it(admin, lead):
    assert offers(admin, "projects") == offers(admin, "portfolio") == offers(admin, "freeze") == []
    assert said(admin, "projects").endswith("The PMO lead or an analyst of the office does this.")
    assert said(admin, "freeze").endswith("The PMO lead can freeze now.")

    ProjectFactory(is_confidential=True)

    assert said(admin, "projects") == "Projects are in Rounds."
    assert said(person(Role.PMO_ANALYST), "projects") == "Projects are in Rounds."
    assert said(lead, "projects") == "1 project."


def test_a_lead_is_told_what_an_administrator_does(lead):
    assert said(lead, "organization").endswith("An administrator confirms or changes this.")
    assert said(lead, "people").endswith("An administrator invites people.")
    assert offers(lead, "organization") == offers(lead, "people") == offers(lead, "units") == []


def test_the_organization_is_said_in_a_sentence(lead):
    change_organization(
        by=None, version=None, name="Lakeside", currency="£", time_zone="America/New_York"
    )

    assert said(lead, "organization") == (
        "Lakeside. Money in £, fiscal year from July, time zone America/New York. Updates are due"
        " on Fridays at 17:00."
    )


def test_a_portfolio_without_projects_is_half_a_step(lead):
    assert offers(lead, "portfolio") == [("Add portfolio", reverse("portfolio:portfolio_new"))]

    portfolio = PortfolioFactory(name="All projects")

    assert states(lead)["portfolio"] != "done"
    assert said(lead, "portfolio").startswith("All projects has no projects yet.")
    assert offers(lead, "portfolio") == [
        ("Add projects", reverse("portfolio:portfolio_detail", args=[portfolio.pk]))
    ]


def test_the_summary_waits_for_a_freeze_then_is_compiled_then_opened(lead):
    assert said(lead, "summary").endswith("It needs a freeze first.")
    Freeze.objects.create(date=date(2026, 11, 22), frozen_at=timezone.now(), rows=1)
    assert offers(lead, "summary") == [("Compile a summary", reverse("reports:summary_new"))]

    draft = Summary.objects.create(
        portfolio=PortfolioFactory(),
        date=date(2026, 11, 22),
        compiled_at=timezone.now(),
        content={},
    )

    assert offers(lead, "summary") == [("Open the draft", draft.get_absolute_url())]
    assert offers(person(Role.ADMINISTRATOR), "summary") == []


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PMO_LEAD, Role.PMO_ANALYST])
@pytest.mark.parametrize("is_full", [False, True])
def test_every_link_works_for_its_reader(signed_in, role, is_full):
    reader = person(role)
    if is_full:
        do_all_but_the_last()
    actions = [a for step in checklist_for(reader).steps for a in step.actions]

    assert actions
    for action in actions:
        assert signed_in(reader).get(action.url).status_code == 200, action


class TestOffice:
    def test_shows_the_list_until_the_first_summary_is_issued(self, signed_in, lead):
        before = signed_in(lead).get(reverse("office")).content.decode()
        issued()
        after = signed_in(lead).get(reverse("office")).content.decode()

        assert "Your first summary is seven steps away" in before
        assert "0 of 7 done" in before
        assert "make run EXAMPLE=demo PORT=8001" in before
        assert "Your first summary" not in after
        assert "steps to your first summary" not in after

    def test_hides_the_list_and_shows_it_again(self, signed_in, lead):
        client = signed_in(lead)
        client.post(reverse("checklist"), {"hide": ""})
        hidden = client.get(reverse("office")).content.decode()
        kept = Organization.objects.get().checklist_hidden_at
        client.post(reverse("checklist"), {"show": ""})
        shown = client.get(reverse("office")).content.decode()

        assert 'id="first-summary"' not in hidden
        assert "Show the list" in hidden
        assert kept is not None
        assert 'id="first-summary"' in shown
        assert list(AuditEvent.objects.order_by("sequence").values_list("action", "by")) == [
            ("organization.created", lead.pk),
            ("organization.changed", lead.pk),
        ]

    def test_shows_an_administrator_the_own_doors_alone(self, signed_in, admin):
        page = signed_in(admin).get(reverse("office"))

        assert [door[0] for door in page.context["doors"]] == [
            "accounts:person_list",
            "jobs",
            "changes",
        ]
        for name, *_ in page.context["doors"]:
            assert signed_in(admin).get(reverse(name)).status_code == 200

    def test_is_not_for_those_who_read(self, signed_in):
        client = signed_in(person(Role.EXECUTIVE))

        assert client.get(reverse("office")).status_code == 403
        assert client.post(reverse("checklist"), {"hide": ""}).status_code == 403

    @pytest.mark.parametrize("rows", [1, 3])
    def test_costs_the_same_for_any_number(self, signed_in, lead, django_assert_num_queries, rows):
        for _ in range(rows):
            person(Role.PMO_ANALYST)
            UnitFactory()
            PortfolioProject.objects.create(
                portfolio=PortfolioFactory(), project=ProjectFactory(), added_on=date(2026, 11, 1)
            )
        client = signed_in(lead)
        forget()

        with django_assert_num_queries(17):
            client.get(reverse("office"))

    def test_costs_one_question_more_once_the_list_is_done(
        self, signed_in, lead, django_assert_num_queries
    ):
        issued()
        client = signed_in(lead)
        forget()

        with django_assert_num_queries(6):
            client.get(reverse("office"))


class TestHome:
    @pytest.mark.parametrize(
        ("roles", "name"),
        [
            ((Role.ADMINISTRATOR,), "office"),
            ((Role.ADMINISTRATOR, Role.STAFF), "office"),
            ((Role.ADMINISTRATOR, Role.PMO_LEAD), "reports:dashboard"),
            ((Role.PMO_LEAD,), "reports:dashboard"),
            ((Role.STAFF,), "projects:my_projects"),
        ],
    )
    def test_of_a_new_installation(self, signed_in, roles, name):
        user = person(None)
        for role in roles:
            grant_role(user=user, role=role, unit=None, by=None)

        assert signed_in(user).get(reverse("home"))["Location"] == reverse(name)

    def test_of_an_administrator_is_people_once_the_list_is_done_or_hidden(self, signed_in, admin):
        change_organization(by=admin, version=None, checklist_hidden_at=timezone.now())
        hidden = signed_in(admin).get(reverse("home"))["Location"]
        change_organization(by=admin, version=None, checklist_hidden_at=None)
        issued()
        done = signed_in(admin).get(reverse("home"))["Location"]

        assert hidden == done == reverse("accounts:person_list")


class TestLinkOnEmptyPages:
    def drawn(self, user):
        request = RequestFactory().get("/")
        request.user = user
        source = '{% load first_summary %}{% checklist_link before="Or go " after="." %}'
        return engines["django"].from_string(source).render({}, request).strip()

    def test_says_how_far_the_list_is(self, lead):
        ProjectFactory()

        assert self.drawn(lead) == (
            'Or go <a href="/office/#first-summary">back to your checklist, 2 of 7 done</a>.'
        )

    def test_is_nothing_for_who_has_no_list_or_when_it_is_done(self, lead):
        assert self.drawn(person(Role.EXECUTIVE)) == ""
        issued()
        assert self.drawn(lead) == ""


def test_a_button_can_act_by_itself():
    step = FirstStep(
        key="freeze",
        title="First freeze",
        state="next",
        text="",
        actions=[FirstStepLink(label="Freeze now", url="/freeze/", posts=True)],
    )
    html = (
        engines["django"]
        .from_string('{% include "components/steps.html" with steps=list.steps %}')
        .render({"list": Checklist(steps=[step])}, RequestFactory().get("/"))
    )

    assert '<form method="post" action="/freeze/"> <input type="hidden" name="csrf' in " ".join(
        html.split()
    )
    assert Portfolio.objects.count() == 0
