"""Figures of projects: exact values, reasons for what is missing, and a fixed number of queries."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.domain.colors import Color
from projects.domain.health import Axis
from projects.models import ForecastEntry, Milestone, Project
from projects.selectors.figures import (
    NO_APPROVED,
    NO_SPENT,
    Amount,
    Next,
    figures_of,
    milestones_of,
    money_of,
)
from projects.selectors.milestones import counts_of as milestone_counts
from projects.selectors.milestones import late_first, window
from projects.selectors.overview import (
    counts_of,
    declared_of,
    members_of,
    overview_of,
    rows_of,
    stakeholders_of,
)
from projects.selectors.years import forecasts_of, lines_of, year_choices, years_of
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    MemberFactory,
    MilestoneFactory,
    ProjectFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 20)  # in the fiscal year that ends in June 2027


def forecast(project, amount, made_on=AS_OF, **fields):
    return ForecastEntry.objects.create(project=project, amount=amount, made_on=made_on, **fields)


def published(project, on, **fields):
    at = datetime.combine(on, datetime.min.time(), timezone.get_default_timezone()) + timedelta(
        hours=12
    )
    week = on - timedelta(days=on.weekday())
    return UpdateFactory(project=project, week=week, published_at=at, **fields)


def money(project):
    return money_of([project.pk], as_of=AS_OF)[project.pk]


class TestMoney:
    def test_of_a_project_without_any_says_why(self, project):
        found = money(project)

        assert (found.approved, found.spent) == (NO_APPROVED, NO_SPENT)
        assert found.committed.reason == "No commitment recorded."
        assert found.forecast.reason == "No forecast made."
        assert found.year_budget.reason == "No budget for this fiscal year."
        assert found.variance is None
        assert found.fiscal_year == 2027

    def test_approved_is_the_sum_of_whole_life_lines(self, project):
        BudgetLineFactory(project=project, category="Build", amount=Decimal("100.10"))
        BudgetLineFactory(project=project, category="Staff", amount=Decimal("0.20"))
        BudgetLineFactory(project=project, category="Staff", fiscal_year=2027, amount=Decimal(7))

        assert money(project).approved == Amount(Decimal("100.30"))
        assert money(project).year_budget == Amount(Decimal(7))

    def test_approved_is_the_sum_of_years_where_there_is_no_whole_life_line(self, project):
        BudgetLineFactory(project=project, fiscal_year=2026, amount=Decimal(5))
        BudgetLineFactory(project=project, fiscal_year=2027, amount=Decimal(7))

        assert money(project).approved == Amount(Decimal(12))

    def test_a_line_without_an_amount_is_left_out_and_said(self, project):
        BudgetLineFactory(project=project, category="Build", amount=Decimal(5))
        BudgetLineFactory(project=project, amount=None, stated_reason="Not tendered", category="IT")

        assert money(project).approved == Amount(Decimal(5), "Not tendered")

    def test_costs_after_the_day_do_not_count(self, project):
        CostEntryFactory(project=project, entry_date=AS_OF, amount=Decimal("10.50"))
        CostEntryFactory(project=project, entry_date=AS_OF, amount=Decimal("-0.50"))
        CostEntryFactory(project=project, entry_date=AS_OF + timedelta(days=1), amount=Decimal(99))
        CostEntryFactory(project=project, entry_date=AS_OF, kind="commitment", amount=Decimal(3))

        assert money(project).spent == Amount(Decimal("10.00"))
        assert money(project).committed == Amount(Decimal("3.00"))

    def test_forecast_is_the_latest_made_by_the_day(self, project):
        forecast(project, 300, made_on=AS_OF + timedelta(days=1))
        forecast(project, 100, made_on=AS_OF - timedelta(days=2))
        forecast(project, 120, made_on=AS_OF)
        forecast(project, 130, made_on=AS_OF)
        forecast(project, 40, fiscal_year=2027)
        forecast(project, 50, fiscal_year=2028)
        BudgetLineFactory(project=project, amount=Decimal(150))

        assert money(project).forecast == Amount(Decimal(130))
        assert money(project).year_forecast == Amount(Decimal(40))
        assert money(project).variance == Decimal(-20)

    def test_a_forecast_that_was_withdrawn_gives_its_reason(self, project):
        forecast(project, 100, made_on=AS_OF - timedelta(days=1))
        forecast(project, None, stated_reason="Being re-tendered")

        assert money(project).forecast == Amount(None, "Being re-tendered")
        assert money(project).variance is None

    def test_is_not_mixed_between_projects(self, project):
        other = ProjectFactory()
        CostEntryFactory(project=other)

        assert money(project).spent == NO_SPENT


class TestMilestones:
    def test_are_counted_by_state(self, project):
        for days, actual in ((-40, -40), (-5, None), (-1, 1), (0, None), (30, None), (31, None)):
            MilestoneFactory(
                project=project,
                baseline_date=AS_OF - timedelta(days=10),
                forecast_date=AS_OF + timedelta(days=days),
                actual_date=None if actual is None else AS_OF + timedelta(days=actual),
            )

        found = milestones_of([project.pk], as_of=AS_OF)[project.pk]

        # the third was done a day after the day that is asked for
        assert (found.total, found.done, found.late, found.due_soon) == (6, 1, 1, 3)

    def test_next_is_the_earliest_that_is_not_done(self, project):
        MilestoneFactory(project=project, actual_date=date(2026, 6, 1))
        MilestoneFactory(
            project=project,
            name="Permit",
            baseline_date=date(2026, 11, 1),
            forecast_date=date(2026, 11, 25),
        )

        found = milestones_of([project.pk], as_of=AS_OF)[project.pk]

        assert found.next == Next("Permit", date(2026, 11, 25), 24)

    def test_of_a_project_without_any_are_none(self, project):
        found = milestones_of([project.pk], as_of=AS_OF)[project.pk]

        assert (found.total, found.next) == (0, None)


def test_figures_measure_schedule_cost_and_the_axes_of_higher_apps(project):
    BudgetLineFactory(project=project, amount=Decimal(100))
    forecast(project, 112)

    found = figures_of([project], as_of=AS_OF)[project.pk]

    assert found.measures[Axis.COST].color is Color.RED
    assert found.measures[Axis.SCHEDULE].color is Color.GREEN
    assert found.measures[Axis.RISK].rule == "No risk is registered."
    assert found.overall.rule == "Forecast cost 12% above the approved budget: red above 10%."


def test_figures_ask_as_often_for_three_projects_as_for_one(django_assert_num_queries):
    projects = [ProjectFactory() for _ in range(3)]
    for project in projects:
        MilestoneFactory(project=project)
        BudgetLineFactory(project=project)
        CostEntryFactory(project=project)

    for some in (projects[:1], projects):
        with django_assert_num_queries(2):
            figures_of(some, as_of=AS_OF)


class TestDeclared:
    def test_is_the_last_published_word(self, project):
        published(project, date(2026, 11, 10), overall="green")
        last = published(project, date(2026, 11, 17), overall="amber")
        published(project, date(2026, 11, 18), overall="green", revision=2)

        found = declared_of([project.pk], as_of=date(2026, 11, 17))[project.pk]

        assert (found.color, found.said, found.is_stale) == (Color.GREEN, Color.GREEN, False)
        assert found.updated_on == date(2026, 11, 18)
        assert found.update.week == last.week

    def test_of_a_later_week_does_not_count(self, project):
        published(project, date(2026, 11, 24), overall="red", help_needed="Money.")

        assert declared_of([project.pk], as_of=AS_OF)[project.pk].said is Color.NONE

    def test_is_no_report_once_stale(self, project):
        published(project, date(2026, 11, 5), overall="green")

        found = declared_of([project.pk], as_of=AS_OF)[project.pk]

        assert (found.color, found.said, found.is_stale) == (Color.NONE, Color.GREEN, True)

    def test_of_a_silent_project_is_no_report(self, project):
        found = declared_of([project.pk], as_of=AS_OF)[project.pk]

        assert (found.color, found.updated_on, found.update) == (Color.NONE, None, None)


def test_a_row_is_disputed_when_the_manager_is_the_more_cheerful(project):
    published(project, AS_OF, overall="green")
    BudgetLineFactory(project=project, amount=Decimal(100))
    forecast(project, 112)

    assert rows_of([project], as_of=AS_OF)[0].is_disputed


class TestOverview:
    def test_shows_the_next_five_and_a_strip_that_starts_in_the_past(self, project):
        for n in range(1, 21):
            MilestoneFactory(
                project=project,
                name=f"M{n:02}",
                baseline_date=date(2026, 6, n),
                forecast_date=date(2026, 6, n),
                actual_date=date(2026, 6, n) if n <= 10 else None,
            )

        found = overview_of(project, as_of=AS_OF)

        assert [m.name for m in found.upcoming] == ["M11", "M12", "M13", "M14", "M15"]
        assert [m.name for m in found.strip] == [f"M{n:02}" for n in range(7, 19)]
        assert [m.done for m in found.strip] == [True] * 4 + [False] * 8

    def test_of_an_empty_project_is_empty(self):
        found = overview_of(ProjectFactory(), as_of=AS_OF)

        assert (found.upcoming, found.strip, found.members, found.stakeholders) == ([], [], [], [])

    def test_lists_those_who_answer_first(self, project, manager):
        MemberFactory(project=project, role=Role.READER)
        MemberFactory(project=project, role=Role.SPONSOR)

        assert [m.role for m in members_of(project)] == ["sponsor", "manager", "reader"]

    def test_lists_the_powerful_first_then_the_interested(self, project):
        for name, power, interest in (("a", 1, 3), ("b", 3, 1), ("c", 3, 2)):
            project.stakeholders.create(name=name, power=power, interest=interest)

        assert [one.name for one in stakeholders_of(project)] == ["c", "b", "a"]


def test_active_projects_are_counted_by_their_finish():
    late = {"forecast_finish_date": date(2027, 2, 3)}
    ProjectFactory(**late)
    ProjectFactory(forecast_finish_date=date(2027, 1, 5))
    ProjectFactory()
    ProjectFactory(forecast_finish_date=None)
    ProjectFactory(baseline_finish_date=None)
    ProjectFactory(stage="cancelled", **late)

    found = counts_of(Project.objects.all())

    assert (found.active, found.late, found.unknown, found.worst_slip) == (5, 2, 2, 30)


def test_no_project_has_no_worst_slip():
    found = counts_of(Project.objects.all())

    assert (found.active, found.late, found.unknown, found.worst_slip) == (0, 0, 0, None)


class TestMilestoneWindows:
    @pytest.fixture
    def scene(self, project):
        def add(name, due, actual=None, baseline=AS_OF):
            MilestoneFactory(
                project=project,
                name=name,
                baseline_date=baseline,
                forecast_date=AS_OF + timedelta(days=due),
                actual_date=actual and AS_OF + timedelta(days=actual),
            )

        add("late", -1, baseline=AS_OF - timedelta(days=9))
        add("today", 0)
        add("soon", 30)
        add("later", 31)
        add("done", -50, actual=-45)
        add("done last", -50, actual=-4)
        return Milestone.objects.all()

    def test_add_up(self, scene):
        found = milestone_counts(scene, as_of=AS_OF)

        assert (found.late, found.soon, found.later, found.done) == (1, 2, 1, 2)
        assert found.total == found.late + found.soon + found.later + found.done
        assert (found.slipped, found.worst_slip) == (3, 31)

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("late", {"late"}),
            ("soon", {"today", "soon"}),
            ("later", {"later"}),
            ("done", {"done", "done last"}),
            ("", {"late", "today", "soon", "later", "done", "done last"}),
        ],
    )
    def test_keep_what_they_count(self, scene, name, kept):
        found = scene.filter(window(name, AS_OF)).values_list("name", flat=True)

        assert set(found) == kept

    def test_are_ordered_late_first_and_the_done_last(self, scene):
        assert [m.name for m in late_first(scene)] == [
            "late",
            "today",
            "soon",
            "later",
            "done last",
            "done",
        ]

    def test_of_nothing_are_zero(self):
        found = milestone_counts(Milestone.objects.all(), as_of=AS_OF)

        assert (found.total, found.slipped, found.worst_slip) == (0, 0, None)


class TestYears:
    def test_gather_budget_costs_and_forecast(self, project):
        BudgetLineFactory(project=project)
        BudgetLineFactory(project=project, fiscal_year=2027, amount=Decimal(100))
        BudgetLineFactory(project=project, category="IT", fiscal_year=2027, amount=Decimal(10))
        CostEntryFactory(project=project, entry_date=date(2026, 6, 30), amount=Decimal(1))
        CostEntryFactory(project=project, entry_date=date(2026, 7, 1), amount=Decimal(2))
        CostEntryFactory(project=project, entry_date=date(2026, 8, 1), amount=Decimal("2.50"))
        CostEntryFactory(
            project=project, entry_date=date(2026, 8, 1), kind="commitment", amount=Decimal(4)
        )
        CostEntryFactory(project=project, entry_date=AS_OF + timedelta(days=1), amount=Decimal(99))
        forecast(project, 130, made_on=AS_OF - timedelta(days=3), fiscal_year=2027)
        forecast(project, 120, fiscal_year=2027)
        forecast(project, 7)

        before, now = years_of(project, as_of=AS_OF)

        assert (before.label, before.spent) == ("FY2025/26", Amount(Decimal(1)))
        assert before.budget.reason == "No budget for this fiscal year."
        assert before.variance is None
        assert (now.label, now.budget) == ("FY2026/27", Amount(Decimal(110)))
        assert (now.spent, now.committed) == (Amount(Decimal("4.50")), Amount(Decimal(4)))
        assert (now.forecast, now.variance) == (Amount(Decimal(120)), Decimal(10))

    @pytest.mark.parametrize(("spent", "variance"), [(80, -20), (None, 30)])
    def test_a_year_that_has_ended_is_judged_by_what_it_cost(self, project, spent, variance):
        BudgetLineFactory(project=project, fiscal_year=2026, amount=Decimal(100))
        forecast(project, 130, made_on=AS_OF - timedelta(days=300), fiscal_year=2026)
        if spent:
            CostEntryFactory(project=project, entry_date=date(2026, 6, 30), amount=Decimal(spent))

        (year,) = years_of(project, as_of=AS_OF)

        assert (year.has_ended, year.final, year.variance) == (True, spent, variance)

    def test_of_a_project_without_money_are_none(self, project):
        assert years_of(project, as_of=AS_OF) == []

    def test_lines_carry_what_was_booked_on_them(self, project):
        year = BudgetLineFactory(project=project, category="Build", fiscal_year=2027)
        whole = BudgetLineFactory(project=project, category="Staff")
        CostEntryFactory(project=project, line=whole, amount=Decimal(5))
        CostEntryFactory(project=project, line=whole, amount=Decimal(6))
        CostEntryFactory(project=project, line=whole, kind="commitment", amount=Decimal(7))
        CostEntryFactory(project=project, amount=Decimal(99))

        found = [
            (row.line, row.year_label, row.spent, row.committed)
            for row in lines_of(project, as_of=AS_OF)
        ]

        assert found == [(whole, "Whole life", 11, 7), (year, "FY2026/27", 0, 0)]

    def test_forecasts_are_listed_latest_first(self, project):
        forecast(project, 1, made_on=date(2026, 1, 1))
        forecast(project, 2, fiscal_year=2027)
        forecast(project, None, stated_reason="Exempt")

        found = forecasts_of(project, limit=2)

        assert [(made.label, made.amount, made.reason) for made in found] == [
            ("Whole life", None, "Exempt"),
            ("FY2026/27", Decimal(2), ""),
        ]

    def test_choices_reach_from_the_start_to_five_years_ahead(self):
        project = ProjectFactory(start_date=date(2025, 9, 1))
        BudgetLineFactory(project=project, fiscal_year=2024)

        found = year_choices(project, today=AS_OF)

        assert [year for year, _ in found] == list(range(2024, 2033))
        assert found[0] == (2024, "FY2023/24")
