from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AppendOnlyError, AuditEvent, Job
from portfolio.models import PortfolioProject
from projects.models import ForecastEntry, Project
from projects.services.money import make_forecast
from projects.services.projects import change_project
from projects.services.status import publish_update
from reports import wiring
from reports.models import Freeze, FrozenMilestone, Snapshot
from reports.models.snapshots import LIVE
from reports.selectors.building import build_snapshots
from reports.services import snapshots
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    IssueFactory,
    MemberFactory,
    MilestoneFactory,
    PortfolioFactory,
    ProjectFactory,
    RiskFactory,
    UnitFactory,
    UpdateFactory,
    person,
)
from tests.factories.reports import SnapshotFactory, freeze

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 11, 15)
NEXT = date(2026, 11, 22)


def at(day, hour=9):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def update(project, week, color, **fields):
    asks = {"help_needed": "Decide", "help_from": "COO", "help_due": week}
    return UpdateFactory(
        project=project,
        week=week,
        overall=color,
        published_at=at(week + timedelta(days=4)),
        **((asks if color == "red" else {}) | fields),
    )


def live(project):
    return Snapshot.objects.live().get(project=project)


def frozen(project, day):
    return Snapshot.objects.at(day).get(project=project)


def values(row):
    return {
        field.attname: getattr(row, field.attname)
        for field in Snapshot._meta.concrete_fields
        if field.name not in {"id", "date"}
    }


def build_at(project, day):
    """Put a live row there as if it had been built on `day`."""
    snapshots.refresh([project.pk], today=day)
    rows = Snapshot.objects.live().filter(project=project)
    QuerySet.update(rows, built_at=at(day))  # the model's own refuses


def full_project():
    """A project with one of everything, some of it dated after the day it is judged at."""
    unit = UnitFactory(name="Radiology")
    project = ProjectFactory(
        code="IT-1",
        name="Archive",
        unit=unit,
        category="ehr",
        start_date=date(2026, 1, 1),
        baseline_finish_date=date(2026, 12, 1),
        forecast_finish_date=date(2026, 12, 25),
        stated_reasons={"year_budget": "Exempt"},
    )
    MemberFactory(project=project, user=person(Role.STAFF, name="M. Okafor"))
    BudgetLineFactory(project=project, amount=Decimal(1000))
    CostEntryFactory(project=project, amount=Decimal(400), entry_date=SUNDAY)
    CostEntryFactory(project=project, amount=Decimal(9), entry_date=NEXT)
    ForecastEntry.objects.create(project=project, amount=Decimal(1200), made_on=SUNDAY)
    MilestoneFactory(
        project=project,
        name="Go-live",
        baseline_date=date(2026, 11, 1),
        forecast_date=date(2026, 11, 10),
    )
    RiskFactory(project=project, title="Strike", likelihood=5, impact=4)
    IssueFactory(project=project, due_date=date(2026, 11, 1))
    update(project, date(2026, 11, 9), "amber", schedule="red", help_needed="Decide")
    return project


class TestBuild:
    def test_a_row_repeats_what_the_project_says(self):
        project = full_project()

        (row,) = build_snapshots([project.pk], as_of=SUNDAY)

        expected = {
            "date": LIVE,
            "code": "IT-1",
            "name": "Archive",
            "category": "ehr",
            "unit_name": "Radiology",
            "manager_name": "M. Okafor",
            "overall": "amber",
            "overall_before": "none",
            "schedule": "red",
            "help_needed": "Decide",
            "is_stale": False,
            "update_due": False,
            "trend": "A",
            "measured": "red",
            "measured_cost": "red",
            "is_disputed": True,
            "approved_budget": Decimal(1000),
            "spent": Decimal(400),
            "forecast_cost": Decimal(1200),
            "cost_variance": Decimal(200),
            "money_at_risk": Decimal(200),
            "finish_slip_days": 24,
            "milestones": 1,
            "milestones_late": 1,
            "next_milestone": "Go-live",
            "next_milestone_slip_days": 9,
            "open_risks": 1,
            "high_risks": 1,
            "top_risk": "Strike",
            "top_risk_score": 20,
            "open_issues": 1,
            "overdue_actions": 1,
            "rank": 1,
        }
        assert {name: getattr(row, name) for name in expected} == expected
        assert row.reasons["year_budget"] == "Exempt"
        assert row.reasons["committed"] == "No commitment recorded."
        assert "forecast_cost" not in row.reasons

    def test_an_old_update_is_no_report_but_is_remembered(self):
        project = ProjectFactory()
        update(project, date(2026, 10, 12), "green", help_needed="Old")

        (row,) = build_snapshots([project.pk], as_of=SUNDAY)

        assert (row.overall, row.overall_said, row.is_stale) == ("none", "green", True)
        assert (row.schedule, row.help_needed, row.update_due) == ("none", "", True)

    def test_an_update_of_a_later_week_does_not_count(self):
        project = ProjectFactory()
        update(project, date(2026, 11, 9), "green")
        update(project, date(2026, 11, 16), "red")

        (row,) = build_snapshots([project.pk], as_of=SUNDAY)

        assert row.overall == "green"

    def test_a_row_looks_back_eight_weeks_and_at_the_freeze_before(self):
        project = ProjectFactory()
        monday = date(2026, 8, 31)
        colors = ["red"] * 4 + ["amber"] * 4 + ["green"] * 2
        for number, color in enumerate(colors):
            week = monday + timedelta(weeks=number)
            update(project, week, color)
            snapshots.freeze_week(week + timedelta(days=6)) if number else None
            snapshots.refresh([project.pk], today=week + timedelta(days=12))

        row = frozen(project, monday + timedelta(weeks=9, days=6))

        assert (row.trend, row.overall, row.overall_before) == ("RRAAAAGG", "green", "green")

    @pytest.mark.parametrize("amount", [1, 3])
    def test_many_rows_ask_the_same_questions(self, django_assert_num_queries, amount):
        projects = [ProjectFactory() for _ in range(amount)]
        for project in projects:
            update(project, date(2026, 11, 9), "green")
            RiskFactory(project=project)
            MilestoneFactory(project=project)

        with django_assert_num_queries(5):  # one of them because nothing is frozen yet
            build_snapshots([project.pk for project in projects], as_of=SUNDAY)


class TestRefresh:
    def test_a_committed_change_rebuilds_the_row(self, lead, django_capture_on_commit_callbacks):
        project = ProjectFactory(name="Old name")
        other = ProjectFactory()

        with django_capture_on_commit_callbacks(execute=True):
            change_project(project=project, version=None, by=lead, name="New name")

        assert live(project).name == "New name"
        assert not Snapshot.objects.filter(project=other).exists()

    def test_a_published_update_and_a_forecast_show_at_once(
        self, lead, django_capture_on_commit_callbacks
    ):
        project = ProjectFactory()
        BudgetLineFactory(project=project, amount=Decimal(100))

        with django_capture_on_commit_callbacks(execute=True):
            make_forecast(project=project, amount=Decimal(150), by=lead)
            publish_update(
                project=project,
                by=lead,
                overall="red",
                overall_note="Late.",
                help_needed="Decide",
                help_from="COO",
                help_due=timezone.localdate(),
            )

        row = live(project)
        assert (row.overall, row.cost_variance) == ("red", Decimal(50))

    def test_a_second_build_replaces_the_first(self):
        project = ProjectFactory(name="Old name")
        snapshots.refresh([project.pk])
        first = live(project)
        Project.objects.filter(pk=project.pk).update(name="New name")

        snapshots.refresh([project.pk])

        assert live(project).pk == first.pk
        assert live(project).name == "New name"

    def test_all_rows_are_rebuilt_with_progress(self, monkeypatch):
        monkeypatch.setattr(snapshots, "CHUNK", 2)
        for _ in range(3):
            ProjectFactory()
        seen = []

        done = snapshots.refresh_all(progress=lambda *step: seen.append(step))

        assert done == 3
        assert seen == [(2, 3), (3, 3)]
        assert Snapshot.objects.live().count() == 3


class TestFreezeWeek:
    def test_a_row_built_that_day_is_copied_as_it_is(self):
        project = ProjectFactory()
        MilestoneFactory(project=project, name="Go-live")
        build_at(project, SUNDAY)
        Project.objects.filter(pk=project.pk).update(name="Changed on Monday")

        freeze = snapshots.freeze_week(SUNDAY)

        assert freeze.rows == 1
        assert values(frozen(project, SUNDAY)) == values(live(project))
        assert frozen(project, SUNDAY).name == project.name
        assert FrozenMilestone.objects.get(project=project, date=SUNDAY).name == "Go-live"

    def test_a_row_built_on_another_day_is_judged_as_of_the_day(self):
        project = ProjectFactory()
        update(project, date(2026, 11, 9), "green")
        CostEntryFactory(project=project, amount=Decimal(7), entry_date=NEXT)
        build_at(project, date(2026, 11, 30))
        assert live(project).overall == "none"

        snapshots.freeze_week(SUNDAY)

        row = frozen(project, SUNDAY)
        assert (row.overall, row.update_due, row.spent) == ("green", False, None)

    def test_a_second_call_changes_nothing(self):
        project = ProjectFactory()
        build_at(project, SUNDAY)
        first = snapshots.freeze_week(SUNDAY)
        before = values(frozen(project, SUNDAY))
        ProjectFactory()
        Project.objects.filter(pk=project.pk).update(name="New name")
        snapshots.refresh_all()

        assert snapshots.freeze_week(SUNDAY) == first
        assert Freeze.objects.count() == 1
        assert Snapshot.objects.at(SUNDAY).count() == 1
        assert values(frozen(project, SUNDAY)) == before
        assert AuditEvent.objects.filter(action="snapshots.frozen").count() == 1

    def test_somebody_else_froze_it_in_the_same_moment(self, monkeypatch):
        build_at(ProjectFactory(), SUNDAY)
        first = snapshots.freeze_week(SUNDAY)
        answers = iter([None, first])
        monkeypatch.setattr(snapshots, "frozen_week", lambda _day: next(answers))

        assert snapshots.freeze_week(SUNDAY) == first
        assert Snapshot.objects.at(SUNDAY).count() == 1

    def test_an_ended_project_is_frozen_once_more_and_then_left_out(self):
        project, ended = ProjectFactory(), ProjectFactory(stage="cancelled")
        gone = ProjectFactory()
        for one in (project, ended, gone):
            build_at(one, SUNDAY)
        snapshots.freeze_week(SUNDAY)
        Project.objects.filter(pk=gone.pk).update(stage="cancelled")
        snapshots.refresh_all()

        snapshots.freeze_week(NEXT)
        snapshots.freeze_week(NEXT + timedelta(days=7))

        def ids(day):
            return set(Snapshot.objects.at(day).values_list("project_id", "is_active"))

        assert ids(SUNDAY) == {(project.pk, True), (gone.pk, True)}
        assert ids(NEXT) == {(project.pk, True), (gone.pk, False)}
        assert ids(NEXT + timedelta(days=7)) == {(project.pk, True)}

    @pytest.mark.parametrize("amount", [1, 3])
    def test_copying_asks_the_same_questions_however_many(self, django_assert_num_queries, amount):
        for _ in range(amount):
            build_at(ProjectFactory(), SUNDAY)

        with django_assert_num_queries(19):
            snapshots.freeze_week(SUNDAY)

    def test_frozen_rows_refuse_to_change_or_go(self):
        build_at(ProjectFactory(), SUNDAY)
        snapshots.freeze_week(SUNDAY)

        with pytest.raises(AppendOnlyError):
            Snapshot.objects.at(SUNDAY).update(name="x")
        with pytest.raises(AppendOnlyError):
            Snapshot.objects.at(SUNDAY).delete()


class TestFreezeImport:
    def test_a_past_day_of_one_portfolio_is_frozen_once(self):
        portfolio, project = PortfolioFactory(), ProjectFactory()
        ProjectFactory()
        PortfolioProject.objects.create(
            portfolio=portfolio, project=project, added_on=date(2014, 1, 1)
        )
        day = date(2015, 9, 30)

        first = snapshots.freeze_import(portfolio=portfolio, projects=[project.pk], day=day)
        Project.objects.filter(pk=project.pk).update(name="New name")
        again = snapshots.freeze_import(portfolio=portfolio, projects=[project.pk], day=day)

        assert again == first
        assert (first.portfolio, first.kind, first.rows) == (portfolio, "import", 1)
        assert [row.name for row in Snapshot.objects.at(day)] == [project.name]

    def test_imported_days_are_what_the_next_one_looks_back_at(self):
        portfolio, project = PortfolioFactory(), ProjectFactory()
        PortfolioProject.objects.create(
            portfolio=portfolio, project=project, added_on=date(2014, 1, 1)
        )
        for year, color in ((2014, "amber"), (2015, "red")):
            update(project, date(year, 9, 1), color)
            snapshots.freeze_import(
                portfolio=portfolio, projects=[project.pk], day=date(year, 9, 10)
            )

        row = frozen(project, date(2015, 9, 10))
        assert (row.overall, row.overall_before, row.trend) == ("red", "amber", "AR")

    def test_days_of_another_portfolio_take_no_week_from_the_others(self):
        portfolio, imported, ours = PortfolioFactory(), ProjectFactory(), ProjectFactory()
        PortfolioProject.objects.create(
            portfolio=portfolio, project=imported, added_on=date(2014, 1, 1)
        )
        sundays = [SUNDAY - timedelta(weeks=back) for back in reversed(range(1, 5))]
        for sunday in sundays:
            freeze(sunday)
            SnapshotFactory(project=ours, date=sunday, overall="red")
        for back in reversed(range(1, 11)):
            day = SUNDAY - timedelta(days=back)
            if day not in sundays:
                snapshots.freeze_import(portfolio=portfolio, projects=[imported.pk], day=day)

        alone, together = ([ours.pk], [ours.pk, imported.pk])
        built = [build_snapshots(ids, as_of=SUNDAY) for ids in (alone, together)]
        found = [row for rows in built for row in rows if row.project == ours]

        assert [row.trend for row in found] == ["RRRRN", "RRRRN"]

    def test_early_freeze_stands_alone_for_those_without_another(self):
        portfolio, imported, ours = PortfolioFactory(), ProjectFactory(), ProjectFactory()
        PortfolioProject.objects.create(
            portfolio=portfolio, project=imported, added_on=date(2014, 1, 1)
        )
        freeze(SUNDAY - timedelta(days=3), kind="early")
        SnapshotFactory(project=ours, date=SUNDAY - timedelta(days=3), is_early=True, overall="red")
        snapshots.freeze_import(
            portfolio=portfolio, projects=[imported.pk], day=SUNDAY - timedelta(days=30)
        )

        alone, together = ([ours.pk], [ours.pk, imported.pk])
        built = [build_snapshots(ids, as_of=SUNDAY) for ids in (alone, together)]
        found = [row for rows in built for row in rows if row.project == ours]

        assert [row.overall_before for row in found] == ["red", "red"]


class TestClock:
    def test_a_missed_monday_is_caught_up_once(self):
        project = ProjectFactory()
        Project.objects.filter(pk=project.pk).update(created_at=at(date(2026, 1, 1)))
        snapshots.refresh([project.pk])

        for hour in (9, 10):
            wiring.weekly(at(date(2026, 11, 18), hour))

        assert list(Freeze.objects.values_list("date", "rows")) == [(SUNDAY, 1)]
        assert [job.key for job in Job.objects.filter(kind="snapshots.daily")] == [
            "after 2026-11-15"
        ]

    def test_a_week_before_the_first_project_is_not_frozen(self):
        snapshots.refresh([ProjectFactory(created_at=at(date(2026, 11, 17))).pk])

        wiring.weekly(at(date(2026, 11, 18)))

        assert not Freeze.objects.exists()
