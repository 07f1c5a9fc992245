"""Freeze now: once a day, by hand, beside the week's own freeze."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from pmo.common.models import AuditEvent, Job, JobState
from pmo.common.records.writing import RefusalError
from projects.models import Project
from reports.models import Freeze, FreezeKind, FrozenMilestone, Snapshot, Summary, scope_of
from reports.selectors.building import build_snapshots
from reports.selectors.documents import freezes_of
from reports.services import early, snapshots
from reports.services.summaries import (
    COMPILE,
    canonical_text,
    compile_summary,
    is_intact,
    issue_summary,
    request_due_summaries,
    request_summary,
    review_summary,
)
from reports.services.variance import make_variance, request_variance
from reports.words.reading import print_data, reading_of
from tests.factories import CostEntryFactory, MilestoneFactory, PortfolioFactory, ProjectFactory
from tests.reports.clock import Clock
from tests.reports.documents import member

pytestmark = pytest.mark.django_db
SUNDAY, MONDAY, WEDNESDAY = date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 2)
NEXT = date(2026, 12, 6)
EVENT = "snapshots.frozen"


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(monkeypatch)
    clock.set(SUNDAY, 14)
    return clock


@pytest.fixture
def portfolio(clock):
    """A portfolio that holds three projects since today."""
    portfolio = PortfolioFactory(name="Capital")
    for name in ("Archive", "Portal", "Wing"):
        project = ProjectFactory(name=name)
        MilestoneFactory(project=project, name="Go-live")
        member(portfolio, project, added=SUNDAY)
    return portfolio


def rows(day, *, is_early=False):
    return list(
        Snapshot.objects.at(day, is_early=is_early).order_by("name").values_list("name", flat=True)
    )


@pytest.mark.parametrize("day", [SUNDAY, MONDAY, WEDNESDAY], ids=lambda day: f"{day:%A}")
def test_todays_figures_are_kept_marked_and_in_the_trail(clock, portfolio, lead, day):
    clock.set(day, 14)

    made = early.request_freeze(by=lead)

    assert (made.date, made.kind, made.rows, made.by) == (day, FreezeKind.EARLY, 3, lead)
    assert made.frozen_at == clock.at
    assert rows(day, is_early=True) == ["Archive", "Portal", "Wing"]
    assert rows(day) == []
    kept = FrozenMilestone.objects.values_list("date", "is_early").distinct()
    assert list(kept) == [(day, True)]
    event = AuditEvent.objects.get(action=EVENT)
    assert event.by == lead


def test_rows_that_were_judged_on_another_day_are_judged_for_today(clock, portfolio, lead):
    project = Project.objects.get(name="Wing")
    clock.set(SUNDAY - timedelta(days=1))
    snapshots.refresh_all()
    CostEntryFactory(project=project, amount=Decimal(7), entry_date=SUNDAY)
    clock.set(SUNDAY, 14)

    early.request_freeze(by=lead)

    row = Snapshot.objects.at(SUNDAY, is_early=True).get(project=project)
    assert row.spent == 7
    assert Snapshot.objects.live().get(project=project).spent == 7


def test_a_second_time_that_day_is_told_when_and_by_whom(clock, portfolio, lead):
    early.request_freeze(by=lead)
    clock.set(SUNDAY, 16)

    with pytest.raises(RefusalError) as refused:
        early.request_freeze(by=lead)

    assert str(refused.value) == (
        f"Already frozen today at 14:00 by {lead}. Figures are frozen early once a day."
    )
    assert Freeze.objects.count() == AuditEvent.objects.filter(action=EVENT).count() == 1
    assert Snapshot.objects.at(SUNDAY, is_early=True).count() == 3


def test_the_next_day_may_be_frozen_too(clock, portfolio, lead):
    early.request_freeze(by=lead)
    clock.set(MONDAY)
    early.request_freeze(by=lead)

    assert list(Freeze.objects.order_by("date").values_list("date", "kind")) == [
        (SUNDAY, "early"),
        (MONDAY, "early"),
    ]


def test_without_an_active_project_there_is_nothing_to_freeze(clock, lead):
    ProjectFactory(stage="cancelled")

    with pytest.raises(RefusalError, match="No project is active yet"):
        early.request_freeze(by=lead)

    assert not Freeze.objects.exists()


def test_a_day_whose_week_is_frozen_already_is_not_frozen_early(clock, portfolio, lead):
    snapshots.freeze_week(SUNDAY)

    with pytest.raises(RefusalError, match="Today’s figures are frozen already"):
        early.request_freeze(by=lead)

    assert Freeze.objects.count() == 1


def test_a_project_that_ended_since_the_week_before_is_frozen_once_more(clock, portfolio, lead):
    clock.set(SUNDAY - timedelta(days=7))
    snapshots.refresh_all()
    snapshots.freeze_week(SUNDAY - timedelta(days=7))
    clock.set(SUNDAY, 14)
    Project.objects.filter(name="Wing").update(stage="cancelled")
    snapshots.refresh_all()

    early.request_freeze(by=lead)
    snapshots.freeze_week(SUNDAY)

    assert rows(SUNDAY, is_early=True) == rows(SUNDAY) == ["Archive", "Portal", "Wing"]


class TestTheSameDay:
    """The week's freeze of a day that was frozen early is taken that evening, with all that came."""

    def test_both_are_kept(self, clock, portfolio, lead):
        early.request_freeze(by=lead)
        Project.objects.filter(name="Wing").update(name="Wing, north")
        snapshots.refresh_all()
        clock.set(MONDAY, 0, 5)

        week = snapshots.freeze_week(SUNDAY)

        assert (week.kind, week.rows, week.by) == (FreezeKind.WEEK, 3, None)
        assert rows(SUNDAY, is_early=True) == ["Archive", "Portal", "Wing"]
        assert rows(SUNDAY) == ["Archive", "Portal", "Wing, north"]
        assert FrozenMilestone.objects.filter(date=SUNDAY).count() == 6
        assert [tuple(one) for one in freezes_of(scope_of(portfolio))] == [
            (SUNDAY, False),
            (SUNDAY, True),
        ]

    def test_each_has_its_own_summary_and_the_week_s_still_comes_by_itself(
        self, clock, portfolio, lead
    ):
        early.request_freeze(by=lead)
        by_hand = compile_summary(scope=scope_of(portfolio), day=SUNDAY, is_early=True, by=lead)
        clock.set(MONDAY, 6)
        snapshots.freeze_week(SUNDAY)

        (job,) = request_due_summaries(day=SUNDAY)
        assert clock.run(job)

        assert set(Summary.objects.values_list("date", "is_early", "compared_with")) == {
            (SUNDAY, True, None),
            (SUNDAY, False, None),
        }
        assert request_due_summaries(day=SUNDAY) == []
        again = compile_summary(scope=scope_of(portfolio), day=SUNDAY, is_early=True, by=lead)
        assert again == by_hand


class TestComparing:
    def test_a_week_is_compared_with_the_week_before_not_with_what_was_taken_early(
        self, clock, portfolio, lead
    ):
        clock.set(MONDAY)
        snapshots.freeze_week(SUNDAY)
        clock.set(WEDNESDAY)
        early.request_freeze(by=lead)
        clock.set(NEXT + timedelta(days=1))
        snapshots.freeze_week(NEXT)

        by_hand = compile_summary(scope=scope_of(portfolio), day=WEDNESDAY, is_early=True, by=None)
        week = compile_summary(scope=scope_of(portfolio), day=NEXT, by=None)

        assert by_hand.compared_with == week.compared_with == SUNDAY

    def test_where_there_is_nothing_else_it_is_compared_with_what_was_taken_early(
        self, clock, portfolio, lead
    ):
        clock.set(WEDNESDAY)
        early.request_freeze(by=lead)
        Project.objects.update(forecast_finish_date=date(2027, 5, 1))
        clock.set(NEXT + timedelta(days=1))
        snapshots.freeze_week(NEXT)

        week = compile_summary(scope=scope_of(portfolio), day=NEXT, by=None)

        assert week.compared_with == WEDNESDAY
        assert all("was_active" in line for line in week.content["lines"])

    @pytest.mark.parametrize(
        ("regular", "by_hand", "said"),
        [
            ([SUNDAY], [WEDNESDAY], (2, "green")),
            ([], [MONDAY, WEDNESDAY], (2, "amber")),
            ([], [], (1, "none")),
        ],
    )
    def test_the_trend_has_one_letter_a_week(self, clock, portfolio, regular, by_hand, said):
        project = Project.objects.get(name="Wing")
        for days, is_early, color in ((regular, False, "green"), (by_hand, True, "amber")):
            for day in days:
                kind = FreezeKind.EARLY if is_early else FreezeKind.WEEK
                Freeze.objects.create(date=day, kind=kind, frozen_at=clock.at, rows=1)
                (row,) = build_snapshots([project.pk], as_of=day, date_of_row=day)
                row.is_early, row.overall = is_early, color
                row.save()

        (now,) = build_snapshots([project.pk], as_of=NEXT)

        assert (len(now.trend), now.overall_before) == said


class TestDocuments:
    def test_a_first_summary_is_compiled_reviewed_and_issued_on_the_same_day(
        self, clock, portfolio, lead
    ):
        early.request_freeze(by=lead)
        job = request_summary(scope=scope_of(portfolio), day=SUNDAY, is_early=True, by=lead)
        assert clock.run(job)
        draft = Summary.objects.get()
        review_summary(summary=draft, version=1, by=lead, comments={})
        issued = issue_summary(summary=draft, version=None, by=lead)

        reading = reading_of(issued, lead)
        assert job.key == f"{portfolio.pk}:2026-11-29-early"
        assert len(issued.content["lines"]) == 3
        assert reading.title == "Summary: Capital"
        assert reading.subtitle == "Data as of Sunday 29 Nov 2026, taken early"
        assert "Data as of Sunday 29 Nov 2026, taken early." in print_data(reading)["freshness"]
        assert '"is_early":true' in issued.sealed_text
        assert is_intact(issued)

    def test_a_week_s_summary_is_sealed_as_ever(self, clock, portfolio, lead):
        snapshots.freeze_week(SUNDAY)
        week = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)

        assert "is_early" not in canonical_text(week)
        assert reading_of(week, lead).title == "Weekly summary: Capital"

    def test_it_is_compiled_once_however_often_asked(self, clock, portfolio, lead):
        early.request_freeze(by=lead)
        for _ in range(2):
            request_summary(scope=scope_of(portfolio), day=SUNDAY, is_early=True, by=lead)

        assert Job.objects.filter(kind=COMPILE).count() == 1

    def test_the_regular_one_of_an_early_day_is_not_there_yet(self, clock, portfolio, lead):
        early.request_freeze(by=lead)

        with pytest.raises(RefusalError, match="Nothing was frozen on that day"):
            request_summary(scope=scope_of(portfolio), day=SUNDAY, by=lead)

    def test_a_variance_report_is_made_of_either(self, clock, portfolio, lead):
        early.request_freeze(by=lead)
        clock.set(MONDAY)
        snapshots.freeze_week(SUNDAY)
        reports = []
        for is_early in (True, False):
            job = request_variance(
                scope=scope_of(portfolio),
                day=SUNDAY,
                compared_with=None,
                by=lead,
                is_early=is_early,
            )
            reports.append(
                make_variance(
                    job=job,
                    scope=scope_of(portfolio),
                    day=SUNDAY,
                    compared_with=None,
                    by=lead,
                    is_early=is_early,
                )
            )

        assert [(one.date, one.is_early) for one in reports] == [(SUNDAY, True), (SUNDAY, False)]


class TestJob:
    """Where there are many projects, a job does it."""

    @pytest.fixture(autouse=True)
    def _many(self, monkeypatch):
        monkeypatch.setattr(early, "IN_REQUEST", 2)

    def test_it_freezes_and_shows_how_far_it_is(self, clock, portfolio, lead):
        job = early.request_freeze(by=lead)
        assert not Freeze.objects.exists()

        assert clock.run(job)

        job.refresh_from_db()
        assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
        assert job.result == {"frozen": 3, "url": "/reports/", "label": "Open the reports"}
        assert Freeze.objects.get().by == lead

    def test_as_many_as_a_page_may_wait_for_are_no_job(self, clock, portfolio, lead, monkeypatch):
        monkeypatch.setattr(early, "IN_REQUEST", 3)

        assert early.request_freeze(by=lead) == Freeze.objects.get()

    def test_asked_twice_it_is_one_job(self, clock, portfolio, lead):
        assert early.request_freeze(by=lead) == early.request_freeze(by=lead)

    def test_a_job_that_was_taken_over_after_it_finished_is_done(self, clock, portfolio, lead):
        job = early.request_freeze(by=lead)
        early.freeze_early(day=SUNDAY, by=lead)

        assert clock.run(job)

        job.refresh_from_db()
        assert (job.state, job.result["frozen"]) == (JobState.DONE, 3)
        assert Freeze.objects.count() == 1

    def test_it_freezes_no_other_day_than_the_one_it_was_asked_for(self, clock, portfolio, lead):
        job = early.request_freeze(by=lead)
        clock.set(MONDAY, 0, 1)

        clock.run(job)

        job.refresh_from_db()
        assert (job.state, job.error) == (JobState.FAILED, early.ANOTHER_DAY)
        assert not Freeze.objects.exists()


@pytest.mark.parametrize("amount", [1, 3])
def test_it_asks_the_same_questions_however_many_projects(
    clock, lead, amount, django_assert_num_queries
):
    for _ in range(amount):
        ProjectFactory()
    snapshots.refresh_all()

    with django_assert_num_queries(23):
        early.request_freeze(by=lead)
