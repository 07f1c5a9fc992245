from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.page import formats
from projects.models import Baseline, ChangeRequest, Milestone, ReserveMovement, Tolerance
from projects.services.changes import implement_change
from tests.factories import BudgetLineFactory, MemberFactory, ProjectFactory, person
from tests.factories.changes import approved, asked, assessed, baselined, member

pytestmark = pytest.mark.django_db
LOG = "/projects/changes/"
TOLERANCES = "/projects/tolerances/"


def text(response):
    return " ".join(response.content.decode().split())


def url(name, record):
    return reverse(f"projects:{name}", args=[record.pk])


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def project(manager):
    project = ProjectFactory()
    MemberFactory(project=project, user=manager, role=Role.MANAGER)
    return baselined(project=project)


class TestLog:
    def test_puts_what_waits_longest_first_and_counts_add_up(self, signed_in, lead, project):
        asked(project, title="young", raised_on=days_ago(2))
        assessed(project, title="old", raised_on=days_ago(30))
        approved(project, title="middle", raised_on=days_ago(9))
        asked(project, title="gone", state="withdrawn", withdrawn_on=days_ago(1))

        response = signed_in(lead).get(LOG)

        assert [row.request.title for row in response.context["rows"]] == ["old", "middle", "young"]
        assert [(s.label, s.count) for s in response.context["segments"]] == [
            ("Waiting", 3),
            ("To assess", 1),
            ("To decide", 1),
            ("To implement", 1),
            ("Closed", 1),
            ("All", 4),
        ]
        assert (
            "3 change requests waiting: 1 to be assessed, 1 for a decision, 1 to be implemented."
            " The oldest is 30 days old."
        ) in text(response)
        assert [row.age for row in response.context["rows"]] == [
            "30 days old",
            "9 days old",
            "2 days old",
        ]

    def test_says_who_must_act(self, signed_in, lead, project, manager):
        sponsor = member(project, Role.SPONSOR)
        assessed(project, cost=40_000)
        assessed(project)
        assessed(project, cost=400_000)
        asked(project)

        rows = signed_in(lead).get(LOG).context["rows"]

        assert [(row.waits_for, row.people) for row in rows] == [
            ("Sponsor decides", sponsor.name),
            ("Project manager decides", manager.name),
            ("PMO lead decides", ""),
            ("To be assessed", manager.name),
        ]

    def test_flags_an_emergency_that_nobody_approved_in_time(self, signed_in, lead, project):
        asked(project, is_emergency=True, raised_on=days_ago(9))
        asked(project, is_emergency=True, raised_on=days_ago(0))
        approved(project, is_emergency=True, raised_on=days_ago(9))

        response = signed_in(lead).get(LOG)

        assert [row.is_overdue for row in response.context["rows"]] == [True, False, False]
        assert "1 emergency change was not approved within 5 working days." in text(response)
        assert text(response).count("overdue: approve by") == 1

    @pytest.mark.parametrize(
        ("chosen", "titles"),
        [
            ({"state": "raised"}, ["one"]),
            ({"state": "closed"}, ["two"]),
            ({"state": "all"}, ["one", "two"]),
            ({"state": "all", "q": "tw"}, ["two"]),
            ({"state": "all", "emergency": "on"}, ["two"]),
            ({"project": "999"}, []),
            ({"state": "nonsense"}, ["one"]),
        ],
    )
    def test_is_narrowed(self, signed_in, lead, project, chosen, titles):
        asked(project, title="one")
        asked(project, title="two", state="rejected", decided_on=days_ago(1), is_emergency=True)

        rows = signed_in(lead).get(LOG, chosen).context["rows"]

        assert [row.request.title for row in rows] == titles

    def test_hides_what_the_reader_may_not_see(self, signed_in, project):
        asked(baselined(is_confidential=True), title="merger")
        asked(project, title="open")

        response = signed_in(person(Role.EXECUTIVE)).get(LOG, {"state": "all"})

        assert [row.request.title for row in response.context["rows"]] == ["open"]
        assert response.context["counts"].total == 1
        assert "merger" not in text(response)

    def test_htmx_gets_the_table_only(self, signed_in, lead):
        response = signed_in(lead).get(LOG, HTTP_HX_REQUEST="true")

        assert text(response).startswith('<div id="change-table">')
        assert "No change request yet" in text(response)

    def test_asks_as_often_for_three_as_for_one(
        self, signed_in, lead, django_assert_num_queries, django_assert_max_num_queries
    ):
        client = signed_in(lead)
        assessed(baselined(), cost=5)
        client.get(LOG)  # the attributions of the footer are kept for a minute
        with django_assert_max_num_queries(15) as first:
            client.get(LOG)
        for _ in range(2):
            assessed(baselined(), cost=5)
        with django_assert_num_queries(len(first)):
            client.get(LOG)


class TestTab:
    def test_of_a_project_without_a_baseline_offers_the_first(self, signed_in, lead):
        response = signed_in(lead).get(url("project_baselines", ProjectFactory()))

        assert "This project has no baseline: nothing says what was approved." in text(response)
        assert (response.context["can_set"], response.context["can_raise"]) == (True, False)

    def test_shows_versions_changes_and_reserves(self, signed_in, manager, project):
        ReserveMovement.objects.create(
            project=project, reserve="contingency", amount=70, reason="Board", made_on=days_ago(3)
        )
        implement_change(request=approved(project, days=3), version=None, by=manager)
        asked(project, title="Next")

        response = signed_in(manager).get(url("project_baselines", project))

        assert [row.number for row in response.context["versions"]] == [2, 1]
        assert [row.request.title for row in response.context["rows"]] == ["Next", "Another ward"]
        assert "Baseline 2, “Another ward”, of" in text(response)
        assert "finish 7 Jan 2027 and $1.0M." in text(response)
        assert "Contingency: $70 left" in text(response)
        assert (response.context["can_set"], response.context["can_raise"]) == (False, True)
        assert not response.context["can_reserve"]

    def test_says_what_is_in_no_budget_line(self, signed_in, manager, project):
        client, here = signed_in(manager), url("project_baselines", project)
        assert client.get(here).context["gap"] == ""

        implement_change(request=approved(project, cost=5_000), version=None, by=manager)
        assert "$5,000 of what baseline 2 authorizes is in no budget line yet." in text(client.get(here))  # fmt: skip

        project.budget_lines.update(amount=Decimal(1_006_000))
        assert "The budget lines hold $1,000 more than baseline 2 authorizes." in text(client.get(here))  # fmt: skip

    def test_asks_as_often_for_three_as_for_one(
        self, signed_in, manager, project, django_assert_num_queries, django_assert_max_num_queries
    ):
        client, here = signed_in(manager), url("project_baselines", project)
        assessed(project)
        client.get(here)
        with django_assert_max_num_queries(15) as first:
            client.get(here)
        assessed(project)
        assessed(project)
        with django_assert_num_queries(len(first)):
            client.get(here)


class TestFirstBaseline:
    def test_is_set_by_the_office(self, signed_in, lead, manager):
        project = ProjectFactory()
        here = url("baseline_new", project)
        client = signed_in(lead)

        assert 'value="2027-01-04"' in text(client.get(here))
        response = client.post(here, {"name": "Plan", "reason": "Board", "finish": "2027-02-01"})

        baseline = Baseline.objects.get()
        assert response["Location"] == baseline.get_absolute_url()
        assert (baseline.name, baseline.finish.isoformat()) == ("Plan", "2027-02-01")
        assert "Approved on" in text(client.get(baseline.get_absolute_url()))
        MemberFactory(project=project, user=manager)
        assert signed_in(manager).get(here).status_code == 403

    def test_is_refused_in_words_with_what_was_typed(self, signed_in, lead, project):
        response = signed_in(lead).post(
            url("baseline_new", project),
            {"name": "Plan", "reason": "Bored", "finish": "2027-02-01"},
        )

        assert response.status_code == 422
        assert "Only an approved change request makes the next" in text(response)
        assert "Bored" in text(response)

    def test_holds_the_approved_dates_in_the_forms(self, signed_in, lead, project):
        milestone = Milestone.objects.get()
        client = signed_in(lead)

        for here in (url("project_edit", project), url("milestone_edit", milestone)):
            assert "Set by the baseline; an approved change request moves it." in text(
                client.get(here)
            )


class TestContingency:
    def test_in_the_budget_is_for_the_office_to_decide(self, signed_in, lead, manager, project):
        assert "includes_contingency" not in text(
            signed_in(manager).get(url("project_edit", project))
        )
        page = signed_in(lead).get(url("project_edit", project))
        form = {k: v for k, v in page.context["form"].initial.items() if v is not None}
        signed_in(lead).post(url("project_edit", project), {**form, "includes_contingency": "on"})

        project.refresh_from_db()
        assert project.includes_contingency


class TestCompare:
    def test_sets_two_versions_side_by_side(self, signed_in, manager, project):
        Milestone.objects.update(forecast_date="2026-07-01")
        implement_change(request=approved(project, cost=5_000, days=10), version=None, by=manager)
        client = signed_in(manager)

        response = client.get(url("baseline_compare", project))

        assert (
            "From baseline 1 to 2, the finish moved to 14 Jan 2027, 10 days later and the budget"
            " rose by $5,000. 1 of 1 piece of work differs."
        ) in text(response)
        assert [pair.days for pair in response.context["found"].changed] == [10]
        same = client.get(
            url("baseline_compare", project), {"first": "1", "second": "1", "all": "1"}
        )
        assert "These are the same version." in text(same)
        assert "no change" in text(same)

    def test_of_what_was_added_and_removed(self, signed_in, manager, project):
        Milestone.objects.all().delete()
        project.milestones.create(name="Other", forecast_date="2026-08-03")
        implement_change(request=approved(project), version=None, by=manager)

        response = signed_in(manager).get(url("baseline_compare", project))

        assert [pair.state for pair in response.context["found"].items] == ["added", "removed"]

    def test_says_where_no_piece_differs(self, signed_in, manager, project):
        implement_change(request=approved(project), version=None, by=manager)

        response = signed_in(manager).get(url("baseline_compare", project))

        assert (
            "From baseline 1 to 2, the finish stays 4 Jan 2027 and the budget stays."
            " No piece of work differs."
        ) in text(response)

    def test_needs_a_baseline(self, signed_in, lead):
        assert signed_in(lead).get(url("baseline_compare", ProjectFactory())).status_code == 404


class TestOneChange:
    def test_is_raised_assessed_approved_and_implemented(self, signed_in, manager, project):
        sponsor = member(project, Role.SPONSOR)
        client = signed_in(manager)
        client.post(
            url("change_new", project),
            {"title": "Add a ward", "justification": "Demand", "cause": "scope"},
        )
        change = ChangeRequest.objects.get()
        client.post(
            url("change_assess", change),
            {
                "version": "1",
                "scope_effect": "One ward",
                "schedule_effect_days": "10",
                "cost_effect": "$30K",
                "funding": "new",
                "benefit_effect": "None",
            },
        )
        page = client.get(change.get_absolute_url())
        assert "Sponsor decides" in text(page)
        assert "You cannot decide this one." in text(page)
        assert "The project manager may approve 2% of the first budget; this makes it $30,000, 3%." in text(page)  # fmt: skip

        refused = client.post(url("change_decide", change), {"version": "2", "decision": "approve"})
        assert refused.status_code == 422
        assert "This is for the sponsor to decide." in text(refused)

        client = signed_in(sponsor)
        client.post(
            url("change_decide", change), {"version": "2", "decision": "approve", "note": "Yes"}
        )
        client = signed_in(manager)
        done = client.post(url("change_implement", change), {"version": "3", "name": "With ward"})

        baseline = Baseline.objects.get(number=2)
        assert done["Location"] == baseline.get_absolute_url()
        assert baseline.budget_at_completion == Decimal(1_030_000)
        page = client.get(change.get_absolute_url())
        assert [(s.what, s.who) for s in page.context["steps"]] == [
            ("Implemented as baseline 2", manager.name),
            ("Approved", sponsor.name),
            ("Assessed", manager.name),
            ("Raised", manager.name),
        ]
        assert page.context["actions"] == []

    def test_the_decision_is_offered_to_those_who_may_make_it(
        self, signed_in, manager, project, lead
    ):
        own = assessed(project, raised_by=manager)
        offered = {
            user: [a.label for a in signed_in(user).get(own.get_absolute_url()).context["actions"]]
            for user in (manager, lead)
        }

        assert offered[manager] == ["Assess", "Edit", "Withdraw"]
        assert offered[lead] == ["Decide", "Assess", "Edit", "Withdraw"]
        page = signed_in(manager).get(own.get_absolute_url())
        assert "You cannot decide this one. No one approves a change" in text(page).replace("</strong>", "")  # fmt: skip

    def test_is_withdrawn_with_a_reason(self, signed_in, manager, project):
        change = asked(project)
        client = signed_in(manager)

        client.post(url("change_withdraw", change), {"version": "1", "reason": "Not needed"})

        assert ChangeRequest.objects.get().state == "withdrawn"
        assert "Withdrawn" in text(client.get(change.get_absolute_url()))

    def test_withdrawn_after_its_approval_shows_both_with_their_words(
        self, signed_in, manager, project, lead
    ):
        change = approved(project, decided_by=lead, decision_note="Go ahead")
        client = signed_in(manager)

        client.post(url("change_withdraw", change), {"version": "1", "reason": "No money"})

        steps = client.get(change.get_absolute_url()).context["steps"]
        assert [(step.what, step.who, step.note) for step in steps[:2]] == [
            ("Withdrawn", str(manager), "No money"),
            ("Approved", str(lead), "Go ahead"),
        ]

    def test_withdrawn_after_its_approval_it_took_until_then(self, signed_in, manager, project):
        approved(
            project,
            state="withdrawn",
            raised_on=days_ago(30),
            decided_on=days_ago(20),
            withdrawn_on=days_ago(3),
        )
        day = formats.day(days_ago(3))

        (row,) = signed_in(manager).get(LOG, {"state": "closed"}).context["rows"]
        page = text(signed_in(manager).get(row.request.get_absolute_url()))

        assert row.age == "took 27 days"
        assert f"Withdrawn on {day}, 27 days after it was raised." in page

    def test_what_two_edit_is_shown_to_the_second(self, signed_in, manager, project):
        change = asked(project)
        client, here = signed_in(manager), url("change_edit", change)
        sent = {"version": "1", "justification": "Demand", "cause": "scope"}
        client.post(here, {**sent, "title": "Theirs"})

        response = client.post(here, {**sent, "title": "Yours"})

        assert response.status_code == 409
        assert "Theirs" in text(response)
        assert ChangeRequest.objects.get().title == "Theirs"

    def test_a_decision_on_effects_that_changed_is_shown_again(self, signed_in, lead, project):
        change = assessed(project)
        ChangeRequest.objects.update(version=2)

        response = signed_in(lead).post(
            url("change_decide", change), {"version": "1", "decision": "approve"}
        )

        assert response.status_code == 409
        assert ChangeRequest.objects.get().state == "assessed"

    @pytest.mark.parametrize("role", [Role.READER, Role.TEAM_MEMBER])
    def test_readers_read(self, signed_in, project, role):
        change = assessed(project)
        client = signed_in(member(project, role))

        assert client.get(change.get_absolute_url()).context["actions"] == []
        for name in ("change_edit", "change_assess", "change_decide", "change_withdraw", "change_implement"):  # fmt: skip
            assert client.post(url(name, change)).status_code == 403


class TestReserve:
    def test_is_set_aside_by_the_office(self, signed_in, lead, manager, project):
        here = url("reserve_new", project)
        sent = {"reserve": "contingency", "amount": "20 k", "reason": "Board"}
        refused = signed_in(lead).post(here, sent)
        assert "The baseline leaves $0 of the approved budget free" in text(refused)
        BudgetLineFactory(project=project, category="Equipment", amount=Decimal(20_000))
        done = signed_in(lead).post(here, sent, follow=True)

        assert "Reserve changed." in text(done)
        assert ReserveMovement.objects.get().amount == Decimal(20_000)
        refused = signed_in(lead).post(here, {**sent, "amount": "-1"})
        assert "raise a change request to draw on its reserves" in text(refused)
        assert signed_in(manager).post(here, sent).status_code == 403


class TestTolerances:
    def test_are_read_by_all_and_set_by_the_lead(self, signed_in, lead, manager):
        here = reverse("projects:tolerance_edit", args=["manager"])

        assert "up to 2%" in text(signed_in(manager).get(TOLERANCES))
        assert signed_in(manager).post(here).status_code == 403
        client = signed_in(lead)
        assert 'value="0"' in text(client.get(here))
        client.post(here, {"version": "0", "cost_percent": "3", "days": "7"})

        row = Tolerance.objects.get()
        assert (row.level, row.cost_percent, row.days) == ("manager", 3, 7)
        assert "up to 3%" in text(client.get(TOLERANCES))
        lost = client.post(here, {"version": "0", "cost_percent": "4", "days": "7"})
        assert lost.status_code == 409
        assert client.get(reverse("projects:tolerance_edit", args=["nobody"])).status_code == 404


@pytest.mark.parametrize(
    ("cost", "days", "said"),
    [
        (40_000, 14, "It costs $40K and moves the finish 14 days later. Sponsor decides"),
        (-40_000, 0, "It saves $40K. Sponsor decides"),
        (0, -3, "It moves the finish 3 days earlier. Project manager decides"),
        (0, 0, "It changes neither the budget nor the finish. Project manager decides"),
    ],
)
def test_a_request_says_first_what_it_does(signed_in, lead, project, *, cost, days, said):
    change = assessed(project, cost=cost, days=days)

    lede = signed_in(lead).get(change.get_absolute_url()).context["lede"]

    assert lede.replace("\N{NO-BREAK SPACE}", " ").startswith(said)
