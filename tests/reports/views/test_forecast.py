"""Where will it land: the page of one project, and how each of its figures was made."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import CostEntry, ForecastEntry, VarianceCause
from projects.words.earned_value import DEFINITIONS
from reports.services import snapshots
from tests.factories import CostEntryFactory, MemberFactory, ProjectFactory
from tests.factories.earning import BaselineFactory, ItemFactory, TaskFactory
from tests.factories.reports import SnapshotFactory, freeze

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 1)  # a Wednesday
START, FINISH = date(2026, 4, 20), date(2026, 9, 9)  # 53 of 103 working days are over


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: TODAY)


def text(response):
    return " ".join(response.content.decode().split())


def url(project, *key):
    name = "project_figure" if key else "project_forecast"
    return reverse(f"reports:{name}", args=[project.pk, *key])


def earning(project, *, percent=40, spent=600):
    """A baseline of 1,000 that one task earns."""
    project.forecast_finish_date = FINISH + timedelta(days=30)
    project.save()
    task = TaskFactory(project=project, percent_complete=percent, actual_start=START)
    baseline = BaselineFactory(project=project, approved_on=START, start=START, finish=FINISH)
    ItemFactory(
        baseline=baseline, task_number=task.pk, amount=Decimal(1000), start=START, finish=FINISH
    )
    CostEntryFactory(project=project, amount=Decimal(spent), entry_date=START)
    ForecastEntry.objects.create(project=project, amount=Decimal(1100), made_on=START)
    return project


class TestFinished:
    """A finished project looks back: what it cost, when it came, and what was said before."""

    @pytest.fixture
    def done(self, project):
        earning(project, percent=100, spent=1200)
        project.start_date, project.actual_finish_date = START, date(2026, 6, 24)
        project.save()
        for day, cost, finish in (
            (date(2026, 4, 26), 1000, date(2026, 6, 10)),
            (date(2026, 5, 24), 1100, date(2026, 6, 20)),
            (date(2026, 5, 31), 1150, None),
            (date(2026, 6, 28), 1200, date(2026, 6, 24)),  # known by then
        ):
            freeze(day)
            SnapshotFactory(
                project=project, date=day, forecast_cost=Decimal(cost), forecast_finish=finish
            )
        return project

    def test_lede_says_what_it_cost_and_when_it_came(self, signed_in, lead, done):
        response = signed_in(lead).get(url(done))

        assert response.context["lede"] == (
            "It cost $1,200, $200 over the approved plan of $1,000."
            " It was finished on 24 Jun 2026, 77 days early."
        )
        tiles = response.context["tiles"]
        assert (tiles[0]["label"], tiles[5]["label"]) == ("Actual cost", "Finished")
        assert "would then become" not in text(response)

    def test_last_forecast_of_each_month_stands_with_its_error(self, signed_in, lead, done):
        card = signed_in(lead).get(url(done)).context["looked_back"]

        assert card["rows"] == [
            (date(2026, 5, 31), "$1,150", "+4.3%", "", ""),
            (date(2026, 4, 26), "$1,000", "+20.0%", "10 Jun 2026", "+14"),
        ]
        assert card["title"] == (
            "It cost 12.2% more than forecast and finished 14 days later than forecast"
            " (median of its forecasts)"
        )

    def test_running_project_does_not_look_back(self, signed_in, lead, project):
        response = signed_in(lead).get(url(earning(project)))

        assert response.context["looked_back"] is None
        assert "Frozen on" not in text(response)

    def test_nothing_frozen_is_said(self, signed_in, lead, project):
        earning(project, percent=100, spent=1200)
        project.start_date, project.actual_finish_date = START, date(2026, 6, 24)
        project.save()

        page = text(signed_in(lead).get(url(project)))

        assert "No forecast was frozen while it ran" in page


class TestPage:
    def test_project_without_a_baseline_says_what_is_missing(self, signed_in, lead, project):
        response = signed_in(lead).get(url(project))

        assert response.context["lede"] == (
            "We cannot say where this project will land: no approved baseline to earn against."
        )
        assert "Nothing to draw yet" in text(response)
        assert "Key figures" not in text(response)

    def test_lede_says_range_method_finish_and_how_wrong_forecasts_were(
        self, signed_in, lead, project
    ):
        response = signed_in(lead).get(url(earning(project)))

        # 600 + 600; 1,000 ÷ (2/3); 600 + 600 ÷ (2/3 × 400/514.56); the manager says 1,100
        assert response.context["lede"] == (
            "At current cost efficiency, it will cost $1,500, $500 over the approved plan of $1,000."
            " Estimates run from $1,100 to $1,758. At its current pace it would finish on"
            " 21 Oct 2026, 42 days late."
        )
        assert response.context["memory"] == (
            "We cannot yet say how accurate such forecasts are."
            " No finished project has such forecasts; 5 are needed."
        )

    def test_tiles_lead_to_how_they_were_made(self, signed_in, lead, project):
        context = signed_in(lead).get(url(earning(project))).context
        tiles = context["tiles"]

        assert [(t["label"], t["value"], t["color"]) for t in tiles] == [
            ("Where it will land", "$1,500", ""),
            ("Over at the end", "$500", "red"),
            ("Percent complete", "40.0%", ""),
            ("Value earned per $1 spent", "$0.67", "red"),
            ("Schedule pace", "0.78", "red"),
            ("Finish at the current pace", "21 Oct 2026", ""),
        ]
        assert tiles[0]["url"] == url(project, "eac")
        titles = [title for title, _ in context["groups"]]
        assert titles == ["What is known", "So far", "At the end", "Time"]

    def test_over_or_under_is_said_alike_in_tile_and_table(self, signed_in, lead, project):
        page = text(signed_in(lead).get(url(earning(project))))

        assert page.count("$500 over") == 2  # in the first sentence and the table
        assert "$500 under" not in page
        assert "−$500" not in page

    def test_doubts_are_said_with_their_numbers(self, signed_in, lead, project):
        page = text(signed_in(lead).get(url(earning(project))))

        assert "Reasons to question these figures" in page
        assert "The forecast of $1,100 is below every calculated estimate" in page

    def test_curve_draws_planned_done_spent_and_the_range(self, signed_in, lead, project):
        chart = signed_in(lead).get(url(earning(project))).context["curve"]

        assert [trace["name"] for trace in chart.figure["data"]] == [
            *("Planned", "Earned", "Spent", "Lowest estimate", "Range", "Calculated")
        ]
        assert [trace["y"][-1] for trace in chart.figure["data"][3:]] == [1.1, 1.758, 1.5]
        assert [trace.get("fill") for trace in chart.figure["data"][3:]] == [None, "tonexty", None]
        assert chart.title == ("$115 behind plan and $200 over cost for the work done")
        planned, done, spent, *_ = chart.figure["data"]
        assert (planned["x"][0], planned["y"][-1]) == ("2026-04-20", 1.0)
        assert (done["x"], done["y"]) == (["2026-04-20", "2026-07-01"], [0.0, 0.4])
        assert (spent["x"], spent["y"]) == (["2026-04-20", "2026-07-01"], [0.6, 0.6])

    def test_past_planned_value_is_what_was_frozen_and_a_new_baseline_is_marked(
        self, signed_in, lead, project
    ):
        earning(project)
        for day, planned in ((date(2026, 5, 31), 280), (date(2026, 6, 7), 320)):
            freeze(day)
            SnapshotFactory(
                project=project, date=day, baseline_number=1, planned_value=Decimal(planned)
            )
        BaselineFactory(
            project=project, number=2, approved_on=date(2026, 6, 10), start=START,
            finish=FINISH + timedelta(days=90), earns_by="percent",
        )  # fmt: skip

        chart = signed_in(lead).get(url(project)).context["curve"]

        planned = chart.figure["data"][0]
        past = [
            point
            for point in zip(planned["x"], planned["y"], strict=True)
            if point[0] <= "2026-07-01"
        ]
        assert past == [
            ("2026-05-31", 0.28),
            ("2026-06-07", 0.32),
            ("2026-07-01", 0.32),
            ("2026-07-01", 0.0),
        ]
        assert [mark["text"] for mark in chart.figure["layout"]["annotations"]] == ["Baseline 2"]
        assert "1 Jul 2026 (baseline 2 from here)" in [row[0] for row in chart.rows]
        assert "the line steps where a new baseline took over" in chart.footnote

    def test_past_earned_value_is_what_was_frozen(self, signed_in, lead, project):
        earning(project)
        freeze(date(2026, 6, 7))
        SnapshotFactory(
            project=project, date=date(2026, 6, 7), earned_value=Decimal(250), eac=Decimal(1300),
            forecast_cost=Decimal(1050), forecast_finish=FINISH,
        )  # fmt: skip

        context = signed_in(lead).get(url(project)).context

        assert context["curve"].figure["data"][1]["y"] == [0.0, 0.25, 0.4]
        assert context["memory_chart"].title == ("The forecast cost rose by $50 since 7 Jun 2026")
        assert context["memory_chart"].rows == [
            ("1 Jul 2026", "$1,100", "$1,500", "9 Oct 2026", "21 Oct 2026"),
            ("7 Jun 2026", "$1,050", "$1,300", "9 Sep 2026", "–"),
        ]

    def test_bridges_add_up_and_offer_to_explain_the_rest(self, signed_in, lead, project):
        earning(project)
        for measure, part in (("cost", {"amount": Decimal(30)}), ("finish", {"days": 30})):
            VarianceCause.objects.create(
                project=project, measure=measure, cause="delay", explanation="Late steel",
                noted_on=TODAY, **part,
            )  # fmt: skip

        context = signed_in(lead).get(url(project)).context

        cost, finish = context["bridges"]
        assert cost.title == "$100 over the first baseline, $70 not explained yet"
        assert [row[:2] for row in cost.rows] == [
            ("First baseline", "$1,000"),
            ("Delay", "+$30"),
            ("Not explained yet", "+$70"),
            ("Forecast now", "$1,100"),
        ]
        assert cost.footnote == "The axis does not start at zero."
        assert cost.figure["layout"]["xaxis"]["range"] == [0.95, 1.15]
        assert finish.title == "30 days later than the first baseline, all of it explained"
        assert finish.figure["layout"]["xaxis"]["title"]["text"] == "Days later than first approved"
        assert context["explain_urls"] == [
            (
                "Explain the cost",
                reverse("projects:variance_cause_new", args=[project.pk])
                + "?measure=cost&rest=70.00",
            )
        ]

    def test_finished_project_is_led_to_what_it_cost(self, signed_in, lead, project):
        earning(project, percent=100, spent=1250)
        project.actual_finish_date = TODAY
        project.save()

        cost, finish = signed_in(lead).get(url(project)).context["bridges"]

        assert [row[:2] for row in cost.rows] == [
            ("First baseline", "$1,000"),
            ("Not explained yet", "+$250"),
            ("Actual cost", "$1,250"),
        ]
        assert finish.rows[-1][0] == "Actual finish"

    def test_cancelled_project_forecasts_nothing_and_says_when_it_ended(
        self, signed_in, lead, project
    ):
        earning(project)
        project.stage, project.cancelled_on = "cancelled", TODAY - timedelta(days=30)
        project.save()

        response = signed_in(lead).get(url(project))

        context = response.context
        assert context["lede"] == (
            "This project was cancelled on 1 Jun 2026. By then $400 was earned, and $600 is spent."
            " Nothing is forecast any more."
        )
        assert context["corrected"] == "" and context["explain_urls"] == []
        assert [chart.figure for chart in context["bridges"]] == [None, None]
        assert [trace["name"] for trace in context["curve"].figure["data"]] == [
            *("Planned", "Earned", "Spent")
        ]
        assert context["curve"].figure["data"][0]["x"][-1] == "2026-06-01"
        assert "The project was cancelled: nothing is left to forecast." in text(response)

    def test_cancelled_project_s_forecasts_end_with_what_was_frozen(self, signed_in, lead, project):
        earning(project)
        project.stage, project.cancelled_on = "cancelled", TODAY - timedelta(days=3)
        project.save()
        freeze(date(2026, 6, 7))
        SnapshotFactory(project=project, date=date(2026, 6, 7), forecast_cost=Decimal(1050))

        chart = signed_in(lead).get(url(project)).context["memory_chart"]

        assert [row[0] for row in chart.rows] == ["7 Jun 2026"]

    def test_finished_project_without_costs_says_so(self, signed_in, lead, project):
        earning(project, percent=100)
        CostEntry.objects.all().delete()
        project.actual_finish_date = TODAY
        project.save()

        cost, _ = signed_in(lead).get(url(project)).context["bridges"]

        assert (cost.figure, cost.reason) == (None, "No cost recorded.")

    def test_forecast_that_is_spent_already_is_said_and_not_corrected(
        self, signed_in, lead, project
    ):
        earning(project, spent=1150)

        context = signed_in(lead).get(url(project)).context

        assert context["doubts"][0].code == "forecast_out_of_date"
        assert context["corrected"] == ""

    def test_cause_that_a_later_baseline_covers_is_marked(self, signed_in, lead, project):
        earning(project)
        VarianceCause.objects.create(
            project=project, measure="cost", cause="rate", amount=1, explanation="Steel",
            noted_on=TODAY - timedelta(days=9),
        )  # fmt: skip
        BaselineFactory(project=project, number=2, approved_on=TODAY, finish=FINISH)

        page = text(signed_in(lead).get(url(project)))

        assert "Covered by the latest baseline; it does not count any more." in page

    @pytest.mark.parametrize(("role", "offered"), [(Role.MANAGER, True), (Role.SPONSOR, False)])
    def test_offers_to_explain_to_who_may(self, signed_in, project, role, offered):
        user = MemberFactory(project=earning(project), role=role).user

        page = text(signed_in(user).get(url(project)))

        assert ("Explain the cost" in page) is offered

    def test_stranger_finds_no_page(self, signed_in, project):
        other = MemberFactory(project=ProjectFactory(), role=Role.MANAGER).user

        assert signed_in(other).get(url(project)).status_code == 404

    def test_asks_as_often_whatever_was_frozen(
        self, signed_in, lead, project, django_assert_num_queries
    ):
        client = signed_in(lead)
        earning(project)
        snapshots.refresh([project.pk], today=TODAY)
        client.get(url(project))

        def fill(number):
            day = date(2026, 6, 7 * number)
            freeze(day)
            SnapshotFactory(project=project, date=day, eac=Decimal(1300))
            VarianceCause.objects.create(
                project=project, measure="cost", cause="rate", amount=1, explanation="x",
                noted_on=TODAY,
            )  # fmt: skip
            TaskFactory(project=project, percent_complete=10, actual_start=START)

        fill(1)
        with django_assert_num_queries(14):
            client.get(url(project))
        fill(2)
        fill(3)
        with django_assert_num_queries(14):
            client.get(url(project))


class TestFigure:
    @pytest.mark.parametrize("key", DEFINITIONS)
    def test_every_figure_explains_itself(self, signed_in, lead, project, key):
        response = signed_in(lead).get(url(earning(project), key))

        assert response.status_code == 200
        assert DEFINITIONS[key].term in text(response).replace("&#x27;", "'").replace("&amp;", "&")

    def test_shows_the_formula_with_the_projects_numbers(self, signed_in, lead, project):
        page = text(signed_in(lead).get(url(earning(project), "cpi")))

        assert "$400 ÷ $600 = 0.67" in page
        assert "Earned, divided by spent." in page
        assert "EIA-748; PMBOK Guide" in page
        assert reverse("projects:cost_entry_list", args=[project.pk]) in page

    def test_says_why_it_is_not_known(self, signed_in, lead, project):
        page = text(signed_in(lead).get(url(project, "cpi")))

        assert "No approved baseline to earn against." in page

    def test_names_the_method_of_the_headline(self, signed_in, lead, project):
        page = text(signed_in(lead).get(url(earning(project), "eac")))

        assert "At current cost efficiency (CPI)" in page

    def test_opens_in_the_drawer_without_the_frame(self, signed_in, lead, project):
        response = signed_in(lead).get(url(earning(project), "cpi"), headers={"HX-Request": "true"})

        assert "<html" not in text(response)
        assert "data-close" in text(response)
        assert "HX-Request" in response["Vary"]

    def test_unknown_figure_is_not_found(self, signed_in, lead, project):
        assert signed_in(lead).get(url(project, "nonsense")).status_code == 404
