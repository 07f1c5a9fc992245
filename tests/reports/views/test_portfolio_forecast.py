"""Where a portfolio will land: sums first, the hidden left out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from portfolio.models import PortfolioProject
from projects.domain.earning.indices import is_out_of_date
from projects.domain.earning.rollup import Share, reason_of, rolled_up
from projects.models import Project, VarianceCause
from reports.domain.landing import LandingHeadline
from reports.models import Snapshot, scope_of
from reports.selectors.landing import headline_of, portfolio_landing
from reports.services.summaries import compile_summary
from reports.words.reading import reading_of
from tests.factories import PortfolioFactory, person
from tests.factories.earning import BaselineFactory
from tests.factories.reports import SnapshotFactory, freeze
from tests.reports.landing import earning, text

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 6, 28)


PARTS = ("budget_at_completion", "planned_value", "earned_value", "spent", "eac")


def share_of(row):
    """One project's part, read from its row."""
    budget, planned, earned, spent, eac = (getattr(row, part) for part in PARTS)
    return Share(
        budget=budget, planned=planned, earned=earned, actual=spent, eac=eac,
        eac_low=row.eac_low, eac_high=row.eac_high, method=row.eac_method,
        is_out_of_date=is_out_of_date(row.forecast_cost, spent),
        reason=reason_of(row.earned_reasons, earned=(budget, planned, earned), spent=spent),
    )  # fmt: skip


class TestLanding:
    url = property(lambda _self: reverse("reports:portfolio_forecast"))

    def test_empty_portfolio_says_so(self, signed_in, lead):
        assert "Where your projects will land appears here" in text(signed_in(lead).get(self.url))

    def test_index_is_formed_from_the_sums(self, signed_in, lead):
        earning("Dear", eac=1500, earned=400, spent=800)
        earning("Cheap", eac=900, earned=400, spent=200)

        context = signed_in(lead).get(self.url).context

        assert [(t["label"], t["value"], t["color"]) for t in context["tiles"]] == [
            ("Managers’ forecast", "$2,200", "red"),
            ("Calculated landing (EAC)", "$2,400", ""),
            ("Calculated minus forecast", "+$200", ""),
            ("Value earned per 1 spent (CPI)", "0.80", ""),
            ("Progress against plan (SPI)", "80%", ""),
            ("Median schedule pace (SPI(t))", "0.80", ""),
        ]
        assert context["lede"] == (
            "2 projects are forecast to cost $2,200: $200 over the approved budget of $2,000 (+10.0%)."
        )
        assert context["challenge"] == (
            "Earned value calculates $2,400 (range $2,200 to $2,800) for 2 projects, $200 more than"
            " their managers forecast."
        )
        assert context["basis"] == "Method: at current cost efficiency (CPI)."
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
        assert context["basis"].endswith(
            " 2 projects cannot be calculated:"
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
        assert "Finished projects count with their actual cost." in cost.footnote

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
        summary = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)

        asked = f"{self.url}?as_of={SUNDAY}&portfolio={portfolio.code}"
        context = signed_in(lead).get(asked).context

        said = dict(reading_of(summary, lead).sheet.landing)
        assert context["lede"] == said["Cost"]
        assert f"{context['challenge']} {context['basis']}" == said["Calculated"]
        assert context["finish"] == said["Finish"]
        assert said["Finish"].endswith(
            "Furthest from its plan is One: 25 days late, on 19 Jan 2027."
        )

    def test_forecast_that_is_spent_already_is_named_at_its_project(self, signed_in, lead):
        earning("Stale", forecast_cost=Decimal(500), spent=600)

        response = signed_in(lead).get(self.url)

        assert "One manager’s forecast is below what is spent already" in response.context["basis"]
        assert "The manager’s forecast is below what is spent" in text(response)

    def test_hidden_projects_are_in_no_sum_and_counted_as_hidden(self, signed_in, lead):
        earning("Open")
        earning("Secret canary", is_confidential=True)
        executive = person(Role.EXECUTIVE)

        response = signed_in(executive).get(self.url)

        assert response.context["tiles"][1]["value"] == "$1,500"
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

        assert context["challenge"] == "Earned value calculates $1,000 for 1 project."
        assert context["basis"] == "Method: at actual cost, all work done."

    def test_sums_of_the_database_are_those_of_the_projects(self, signed_in, lead):
        """The panel's and the page's are made by the database; here they are made one by one."""
        earning("Known", spi_t=Decimal("0.8"))
        earning("Other method", eac=900, eac_method="rate", spi_t=None)
        earning("Out of date", forecast_cost=Decimal(5), spi_t=Decimal("1.3"))
        earning("No range", eac=700, eac_low=None, eac_high=None)
        for lacking in PARTS:
            amounts = dict.fromkeys(PARTS, Decimal(10_000)) | {lacking: None}
            SnapshotFactory(project__name=f"No {lacking}", **amounts)
        for name in ("Bare", "Bare as well"):
            SnapshotFactory(project__name=name, earned_reasons={"spi": "No baseline."})
        view = signed_in(lead).get(self.url).context["look"].view

        found = portfolio_landing(view).rollup

        rows = list(Snapshot.objects.live())
        paces = [row.spi_t for row in rows if row.spi_t is not None]
        assert found == rolled_up([share_of(row) for row in rows], paces=paces)
        assert found.estimate == (11, 4, 4000, 4600, 4300, 5200)
        assert headline_of(view) == LandingHeadline(
            projects=11, compared=4, approved=Decimal(4000), forecast=Decimal(3305),
            calculated=4, eac=Decimal(4600), eac_low=Decimal(4300), eac_high=Decimal(5200),
            challenged=4, gap=Decimal(1295),
        )  # fmt: skip
        assert dict(found.left_out) == {
            "No baseline.": 2, "No cost recorded.": 1, "No reason recorded.": 4,
        }  # fmt: skip

    def test_rows_go_from_furthest_over_to_the_unknown_page_by_page(self, signed_in, lead):
        for number in range(24):
            earning(f"Equal {number:02}", eac=1200)
        earning("Under", eac=800)
        earning("Far over", eac=3000)
        SnapshotFactory(project__name="A bare one")

        first, second = (
            [row.name for row in signed_in(lead).get(self.url, {"page": page}).context["page"]]
            for page in (1, 2)
        )

        assert first == ["Far over", *(f"Equal {number:02}" for number in range(24))]
        assert second == ["Under", "A bare one"]

    @pytest.mark.parametrize("amount", [1, 3])
    def test_asks_as_often_for_three_as_for_one(
        self, signed_in, lead, django_assert_num_queries, amount
    ):
        for number in range(amount):
            BaselineFactory(project=earning(f"P {number}").project)
        client = signed_in(lead)
        client.get(self.url)

        with django_assert_num_queries(13):
            client.get(self.url)


def test_budget_page_leads_there(signed_in, lead):
    page = text(signed_in(lead).get(reverse("reports:budget")))

    assert reverse("reports:portfolio_forecast") in page
