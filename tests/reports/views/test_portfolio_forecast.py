"""Where a portfolio will land and how far forecasts were off: sums first, the hidden left out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from portfolio.models import PortfolioProject
from projects.models import Project, VarianceCause
from reports.selectors.landing import estimate_of, portfolio_landing
from reports.selectors.reading import reading_of
from reports.services.summaries import compile_summary
from tests.factories import (
    PortfolioFactory,
    ProjectFactory,
    person,
)
from tests.factories.earning import BaselineFactory
from tests.factories.reports import SnapshotFactory, freeze

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 6, 28)


def text(response):
    return " ".join(response.content.decode().split())


def earning(name, *, eac=1500, earned=400, spent=600, **fields):
    """A live row of a project that earns; its approved plan is 1,000."""
    values = {
        "budget_at_completion": Decimal(1000),
        "planned_value": Decimal(500),
        "earned_value": Decimal(earned),
        "spent": Decimal(spent),
        "cpi": Decimal(earned) / spent,
        "spi_t": Decimal("0.8"),
        "eac": Decimal(eac),
        "eac_low": Decimal(eac - 100),
        "eac_high": Decimal(eac + 200),
        "eac_method": "cpi",
        "forecast_cost": Decimal(1100),
        "forecast_finish": date(2027, 1, 4),
    }
    confidential = fields.pop("is_confidential", False)
    project = ProjectFactory(name=name, is_confidential=confidential)
    return SnapshotFactory(project=project, **values | fields)


class TestLanding:
    url = property(lambda _self: reverse("reports:portfolio_forecast"))

    def test_empty_portfolio_says_so(self, signed_in, lead):
        assert "You see no active project here" in text(signed_in(lead).get(self.url))

    def test_index_is_formed_from_the_sums(self, signed_in, lead):
        earning("Dear", eac=1500, earned=400, spent=800)
        earning("Cheap", eac=900, earned=400, spent=200)

        context = signed_in(lead).get(self.url).context

        assert [(t["label"], t["value"], t["color"]) for t in context["tiles"]] == [
            ("Where it will land", "$2,400", ""),
            ("Over or under at the end", "+$400", "red"),
            ("Approved plans", "$2,000", ""),
            ("Work done for each 1 spent", "0.80", ""),
            ("Work done for each 1 planned", "0.80", ""),
            ("Pace in time, middle project", "0.80", ""),
        ]
        assert context["lede"] == (
            "Together 2 projects will cost $2,400, $400 over the approved plans;"
            " between $2,200 and $2,800. Estimated: rest at the pace of spending so far."
        )
        assert [row.name for row in context["page"]] == ["Dear", "Cheap"]

    def test_projects_that_lack_something_are_counted_by_reason(self, signed_in, lead):
        earning("Known")
        nothing = {"budget_at_completion": None, "planned_value": None, "earned_value": None}
        earning(
            "Bare", eac=1, **nothing,
            earned_reasons={"budget_at_completion": "No approved baseline to earn against."},
        )  # fmt: skip
        SnapshotFactory(
            project__name="Unpriced", budget_at_completion=Decimal(5), planned_value=Decimal(1),
            earned_value=Decimal(1), eac=Decimal(5),
        )  # fmt: skip

        context = signed_in(lead).get(self.url).context

        assert context["left_out"] == [
            ("No approved baseline to earn against", "1"),
            ("No cost recorded", "1"),
        ]
        assert context["lede"].endswith(
            " 2 projects cannot be counted:"
            " No approved baseline to earn against (1), No cost recorded (1)."
        )
        assert context["footnote"].startswith(
            "Of 3 projects: 2 without a baseline, progress or costs."
        )

    def test_bridges_are_sums_of_the_projects_that_have_both_ends(self, signed_in, lead):
        for name in ("One", "Two"):
            row = earning(name)
            BaselineFactory(project=row.project, finish=date(2026, 12, 25))
        earning("Without")

        cost, _ = signed_in(lead).get(self.url).context["bridges"]

        assert [row[:2] for row in cost.rows] == [
            ("First baselines", "$2,000"),
            ("Not explained yet", "+$200"),
            ("Forecasts now", "$2,200"),
        ]
        assert cost.footnote == (
            "Sums of 2 projects; 1 cannot be compared. The axis does not start at zero."
        )

    def test_finishes_have_the_average_projects_bridge_and_are_told_apart(self, signed_in, lead):
        for name, slip in (("One", 10), ("Two", 20), ("Far", 300)):
            row = earning(name, forecast_finish=date(2026, 12, 25) + timedelta(days=slip))
            BaselineFactory(project=row.project, finish=date(2026, 12, 25))
        VarianceCause.objects.create(
            project=Project.objects.get(name="Far"), measure="finish", cause="delay", days=50,
            explanation="Steel came late.", noted_on=date(2026, 6, 1),
        )  # fmt: skip

        _, finish = signed_in(lead).get(self.url).context["bridges"]

        assert finish.title == (
            "On average 110 days later than the first baseline, 93.3 days not explained yet"
        )
        assert [bar["text"] for bar in finish.figure["data"]] == [
            ["0 days", "+16.7 days", "+93.3 days", "+110 days"]
        ]
        assert finish.rows == [
            ("Delay", "+16.7 days", "1", "+50 days", "Far, +50 days"),
            ("Not explained yet", "+93.3 days", "3", "+20 days", "Far, +250 days"),
            ("All projects", "+110 days", "3", "+20 days", "Far, +300 days"),
        ]
        assert "330" not in str(finish)

    def test_what_is_finished_counts_with_its_actual_cost(self, signed_in, lead):
        row = earning("Done", spent=950, is_finished=True)
        BaselineFactory(project=row.project, finish=date(2026, 12, 25))

        cost, _ = signed_in(lead).get(self.url).context["bridges"]

        assert [row[:2] for row in cost.rows][-1] == ("Forecasts now", "$950")
        assert "What is finished counts with its actual cost." in cost.footnote

    def test_says_what_the_summary_of_the_same_day_says(self, signed_in, lead):
        freeze(SUNDAY)
        portfolio = PortfolioFactory()
        for name, eac in (("One", 1500), ("Two", 900)):
            row = earning(
                name, eac=eac, date=SUNDAY, baseline_finish=date(2026, 12, 25),
                forecast_finish_ev=date(2027, 1, 4) + timedelta(days=eac // 100),
            )  # fmt: skip
            PortfolioProject.objects.create(
                portfolio=portfolio, project=row.project, added_on=date(2026, 1, 1)
            )
        summary = compile_summary(portfolio=portfolio, day=SUNDAY, by=None)

        asked = f"{self.url}?as_of={SUNDAY}&portfolio={portfolio.code}"
        context = signed_in(lead).get(asked).context

        said = dict(reading_of(summary, lead).sheet.landing)
        assert (context["lede"], context["finish"]) == (said["Cost"], said["Finish"])
        assert said["Finish"].endswith("furthest is One, on 19 Jan 2027, 25 days late.")

    def test_forecast_that_is_spent_already_is_named_at_its_project(self, signed_in, lead):
        earning("Stale", forecast_cost=Decimal(500), spent=600)

        response = signed_in(lead).get(self.url)

        assert "One manager’s forecast is below what is spent already" in response.context["lede"]
        assert "The manager’s forecast is below what is spent" in text(response)

    def test_hidden_projects_are_in_no_sum_and_counted_as_hidden(self, signed_in, lead):
        earning("Open")
        earning("Secret canary", is_confidential=True)
        executive = person(Role.EXECUTIVE)

        response = signed_in(executive).get(self.url)

        assert response.context["tiles"][0]["value"] == "$1,500"
        assert "1 hidden from you" in response.context["footnote"]
        assert "canary" not in text(response)

    def test_past_day_shows_what_was_frozen(self, signed_in, lead):
        row = earning("Now", eac=1500)
        freeze(SUNDAY)
        SnapshotFactory(
            project=row.project, date=SUNDAY, budget_at_completion=Decimal(1000),
            planned_value=Decimal(300), earned_value=Decimal(300), spent=Decimal(300),
            eac=Decimal(1000), eac_low=Decimal(1000), eac_high=Decimal(1000), eac_method="done",
        )  # fmt: skip

        context = signed_in(lead).get(f"{self.url}?as_of={SUNDAY}").context

        assert context["lede"] == (
            "1 project will cost $1,000, as in the approved plans. Estimated: all work done."
        )

    @pytest.mark.parametrize("amount", [1, 3])
    def test_asks_as_often_for_three_as_for_one(
        self, signed_in, lead, django_assert_num_queries, amount
    ):
        for number in range(amount):
            BaselineFactory(project=earning(f"P {number}").project)
        client = signed_in(lead)
        client.get(self.url)

        with django_assert_num_queries(11):
            client.get(self.url)


class TestMemory:
    """How far forecasts were off, beside the forecast itself."""

    url = property(lambda _self: reverse("reports:portfolio_forecast"))

    @pytest.fixture
    def five(self):
        freeze(date(2025, 1, 16))
        return [finished(number, cost=100 + 10 * number) for number in range(5)]

    def test_page_says_what_the_managers_forecast_would_become(self, signed_in, lead, five):
        earning("Running")

        context = signed_in(lead).get(reverse("reports:portfolio_forecast")).context

        assert context["memory"] == (
            "Cost forecasts of 5 finished projects were off by +4.0% to +36.0%"
            " in four of five cases, by +20.0% in the middle."
        )
        assert context["corrected"] == (
            "The managers’ forecast of $1,100 would then become $1,144 to $1,496."
        )

    def test_past_day_knows_only_who_was_finished_then(self, signed_in, lead, five):
        row = earning("Running")
        freeze(SUNDAY)
        SnapshotFactory(project=row.project, date=SUNDAY, eac=Decimal(1000))

        url = f"{reverse('reports:portfolio_forecast')}?as_of={SUNDAY}"
        memory = signed_in(lead).get(url).context["memory"]

        assert memory == (
            "How far such forecasts are off is not known yet."
            " No finished project has such forecasts; 5 are needed."
        )

    @pytest.mark.parametrize("page", ["portfolio_forecast", "landing_panel", "forecast_accuracy"])
    def test_too_few_of_a_portfolio_are_told_what_all_teach(self, signed_in, lead, five, page):
        code = portfolio_of(earning("Running").project, five[0])

        context = signed_in(lead).get(reverse(f"reports:{page}") + f"?portfolio={code}").context

        said = context["lede"] if page == "forecast_accuracy" else context["memory"]
        assert said == (
            "Fewer than 5 finished projects of this portfolio have such forecasts. Of all 5 that you"
            " can see, cost forecasts were off by +4.0% to +36.0% in four of five cases, by +20.0% in"
            " the middle."
        )
        assert context["corrected"] == (
            "The managers’ forecast of $1,100 would then become $1,144 to $1,496."
        )

    def test_enough_of_a_portfolio_are_not_mixed_with_others(self, signed_in, lead, five):
        code = portfolio_of(*five)
        finished(9, cost=900)

        memory = signed_in(lead).get(f"{self.url}?portfolio={code}").context["memory"]

        assert "Cost forecasts of 5 finished projects were off by +4.0% to +36.0%" in memory

    def test_past_day_is_told_what_all_that_were_finished_then_teach(self, signed_in, lead, five):
        code = portfolio_of(earning("Running").project)
        freeze(SUNDAY)
        for project in five[:4]:
            row = project.snapshots.live().get()
            row.pk, row.date, row._state.adding = None, SUNDAY, True
            row.save()
        url = f"{self.url}?as_of={SUNDAY}&portfolio={code}"

        before = signed_in(lead).get(url).context["memory"]
        row = five[4].snapshots.live().get()
        row.pk, row.date, row._state.adding = None, SUNDAY, True
        row.save()
        after = signed_in(lead).get(url).context["memory"]

        assert "No finished project has such forecasts" in before
        assert "Of all 5 that you can see" in after

    @pytest.mark.parametrize("page", ["portfolio_forecast", "landing_panel", "forecast_accuracy"])
    def test_hidden_projects_lend_nothing(self, signed_in, lead, five, page):
        """Neither in the band nor in the count; the same page as without them."""
        code = portfolio_of(earning("Running").project, five[0])
        executive = signed_in(person(Role.EXECUTIVE))
        address = reverse(f"reports:{page}") + f"?portfolio={code}"
        key = "lede" if page == "forecast_accuracy" else "memory"
        before = executive.get(address).context[key]
        hidden = finished(9, cost=900, manager="Canary")
        Project.objects.filter(pk=hidden.pk).update(is_confidential=True)

        response = executive.get(address)

        assert "Of all 5 that you can see" in before
        assert response.context[key] == before
        assert "Canary" not in text(response)
        assert "Of all 6 that you can see" in signed_in(lead).get(address).context[key]

    @pytest.mark.parametrize("amount", [1, 3])
    def test_what_is_lent_is_asked_for_as_often_for_three_as_for_one(
        self, signed_in, lead, five, django_assert_num_queries, amount
    ):
        code = portfolio_of(*(earning(f"P {number}").project for number in range(amount)))
        client = signed_in(lead)
        for number in range(amount):
            finished(20 + number)
        client.get(f"{self.url}?portfolio={code}")

        with django_assert_num_queries(13):
            client.get(f"{self.url}?portfolio={code}")

    def test_dashboard_fetches_it_after_the_page(self, signed_in, lead):
        earning("Running")
        page = text(signed_in(lead).get(reverse("reports:dashboard")))
        panel = reverse("reports:landing_panel")

        assert f'hx-get="{panel}" hx-trigger="load"' in page
        answer = text(signed_in(lead).get(panel, HTTP_HX_REQUEST="true"))
        assert answer.startswith('<section class="lede lede--panel"')
        assert (
            f'<a href="{reverse("reports:portfolio_forecast")}">Where it will land:</a>' in answer
        )
        assert "1 project will cost $1,500, $500 over the approved plans" in answer
        assert "How far such forecasts are off is not known yet." in answer

    def test_panel_adds_up_as_the_page_does(self, signed_in, lead):
        """One sum is made by the database, the other project by project."""
        earning("Known")
        earning("No range", eac=700, eac_low=None, eac_high=None)
        parts = ("budget_at_completion", "planned_value", "earned_value", "spent", "eac")
        for lacking in parts:
            amounts = dict.fromkeys(parts, Decimal(10_000)) | {lacking: None}
            SnapshotFactory(project__name=f"No {lacking}", **amounts)
        view = signed_in(lead).get(self.url).context["look"].view

        found = estimate_of(view)

        assert found == portfolio_landing(view).rollup.estimate
        assert found == (7, 2, 2000, 2200, 2100, 2400)

    def test_panel_leaves_the_hidden_out(self, signed_in, lead, five):
        earning("Open")
        earning("Secret", is_confidential=True)
        Project.objects.filter(pk=five[0].pk).update(is_confidential=True)

        context = signed_in(person(Role.EXECUTIVE)).get(reverse("reports:landing_panel")).context

        assert context["lede"].startswith("1 project will cost $1,500")
        assert "Only 4 finished projects have such forecasts" in context["memory"]

    @pytest.mark.parametrize("amount", [1, 3])
    def test_panel_asks_as_often_for_three_as_for_one(
        self, signed_in, lead, five, django_assert_num_queries, amount
    ):
        for number in range(amount):
            earning(f"P {number}")
        client = signed_in(lead)
        client.get(reverse("reports:landing_panel"))

        with django_assert_num_queries(9):
            client.get(reverse("reports:landing_panel"))


def portfolio_of(*projects):
    """Put the projects into a portfolio; return its code."""
    portfolio = PortfolioFactory()
    for project in projects:
        PortfolioProject.objects.create(
            portfolio=portfolio, project=project, added_on=date(2025, 1, 1)
        )
    return portfolio.code


def finished(number, *, cost=120, said=100, days=100, category="facility", manager="Kim"):
    """A project that ran 100 days and was forecast once, on its tenth day."""
    start = date(2025, 1, 6)
    project = ProjectFactory(stage="closed", category=category)
    SnapshotFactory(
        project=project, is_active=False, is_finished=True, start_date=start, category=category,
        manager_name=manager, spent=Decimal(cost), forecast_finish=start + timedelta(days=days),
    )  # fmt: skip
    SnapshotFactory(
        project=project, date=start + timedelta(days=10), forecast_cost=Decimal(said),
        forecast_finish=start + timedelta(days=80),
    )  # fmt: skip
    return project


class TestAccuracy:
    url = property(lambda _self: reverse("reports:forecast_accuracy"))

    @pytest.fixture
    def five(self):
        freeze(date(2025, 1, 16))
        return [finished(number, cost=100 + 10 * number) for number in range(5)]

    def test_too_few_finished_projects_give_the_reason(self, signed_in, lead):
        response = signed_in(lead).get(self.url)

        assert response.context["lede"] == (
            "How far such forecasts are off is not known yet."
            " No finished project has such forecasts; 5 are needed."
        )
        assert "Forecasts are compared with what came once projects finish." in text(response)

    def test_band_is_said_and_todays_forecast_set_beside_it(self, signed_in, lead, five):
        earning("Running", eac=1000)

        context = signed_in(lead).get(self.url).context

        assert context["lede"] == (
            "Cost forecasts of 5 finished projects were off by +4.0% to +36.0%"
            " in four of five cases, by +20.0% in the middle."
        )
        assert context["corrected"] == (
            "The managers’ forecast of $1,100 would then become $1,144 to $1,496."
        )

    def test_forecast_that_is_spent_already_is_not_set_beside_it(self, signed_in, lead, five):
        earning("Running", eac=1000)
        earning("Stale", forecast_cost=Decimal(500), spent=600)

        context = signed_in(lead).get(self.url).context

        assert "forecast of $1,100 would" in context["corrected"]

    def test_tables_are_by_quarter_category_and_manager(self, signed_in, lead, five):
        context = signed_in(lead).get(self.url).context

        whole, quarters, categories, managers = (table.rows for table in context["tables"])
        assert whole[0][1:5] == (
            "+20.0% (+4.0% to +36.0%)",
            "+25.0% (+25.0% to +25.0%)",
            "+20 (+20 to +20)",
            "5",
        )
        assert [row.projects for row in quarters] == ["5", "0", "0", "0"]
        assert quarters[1].reason == "No finished project has such forecasts; 5 are needed."
        assert [row.name for row in categories] == ["Buildings and facilities"]
        assert [row.name for row in managers] == ["Kim"]

    def test_groups_with_too_few_projects_are_named_in_one_sentence(self, signed_in, lead, five):
        finished(6, manager="Ada", category="safety")
        finished(7, manager="Bo", category="safety")

        response = signed_in(lead).get(self.url)

        categories, managers = response.context["tables"][2:]
        assert [row.name for row in managers.rows] == ["Kim"]
        assert managers.too_few == "Fewer than 5 finished projects: Ada (1) and Bo (1)."
        assert categories.too_few == (
            "Fewer than 5 finished projects: Patient safety and infection (2)."
        )
        assert managers.too_few in text(response)

    def test_many_such_groups_are_counted(self, signed_in, lead):
        freeze(date(2025, 1, 16))
        for number in range(14):
            finished(number, manager=f"Manager {number:02}")

        managers = signed_in(lead).get(self.url).context["tables"][3]

        assert managers.too_few.endswith("Manager 11 (1) and 2 more.")

    def test_each_finished_project_stands_with_its_own_misses(self, signed_in, lead, five):
        late = finished(9, days=120, manager="Ada")
        Project.objects.filter(pk=late.pk).update(name="Tower")

        rows = signed_in(lead).get(self.url).context["finished"]

        assert len(rows) == 6
        assert rows[0][0] == reverse("reports:project_forecast", args=[late.pk])
        assert rows[0].finished == date(2025, 1, 6) + timedelta(days=120)
        # said 100 and day 80; it cost 120 and took 120 days
        assert rows[0][4:7] == ("+20.0%", "+50.0%", "+40")

    def test_finished_project_without_a_frozen_forecast_says_so(self, signed_in, lead):
        SnapshotFactory(
            is_active=False, is_finished=True, start_date=date(2025, 1, 6),
            forecast_finish=date(2025, 4, 6), spent=Decimal(5),
        )  # fmt: skip

        response = signed_in(lead).get(self.url)

        (row,) = response.context["finished"]
        assert (row.cost, row.finish, row.days) == ("", "", "")
        assert "No forecast was frozen while it ran." in text(response)

    def test_hidden_projects_teach_nothing(self, signed_in, five):
        Project.objects.filter(pk=five[0].pk).update(is_confidential=True)

        context = signed_in(person(Role.EXECUTIVE)).get(self.url).context

        assert context["projects"] == "4 finished projects"
        assert "Only 4 finished projects have such forecasts" in context["lede"]

    def test_other_portfolios_are_left_out(self, signed_in, lead, five):
        portfolio = PortfolioFactory()
        PortfolioProject.objects.create(
            portfolio=portfolio, project=five[0], added_on=date(2025, 1, 1)
        )

        context = signed_in(lead).get(f"{self.url}?portfolio={portfolio.code}").context

        assert context["projects"] == "1 finished project"

    def test_asks_the_same_number_of_times(self, signed_in, lead, five, django_assert_num_queries):
        client = signed_in(lead)
        client.get(self.url)

        with django_assert_num_queries(9):
            client.get(self.url)


def test_budget_page_leads_there(signed_in, lead):
    page = text(signed_in(lead).get(reverse("reports:budget")))

    assert reverse("reports:portfolio_forecast") in page
