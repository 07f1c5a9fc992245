from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from pmo.common.background import jobs, schedule
from pmo.common.models import Job, JobState
from reports import tasks
from reports.models import Summary, VarianceReport, scope_of
from reports.services.summaries import COMPILE, request_summary
from reports.services.variance import request_variance
from tests.factories import PortfolioFactory
from tests.fakes import WorkerKilled
from tests.reports.documents import BEFORE, SUNDAY, two_weeks

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


@pytest.fixture
def portfolio():
    portfolio = PortfolioFactory()
    portfolio.projects = two_weeks(portfolio)
    return portfolio


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def compile_jobs():
    return list(Job.objects.filter(kind=COMPILE))


@pytest.mark.usefixtures("portfolio")
def test_nothing_is_compiled_before_six_on_monday():
    tasks.weekly_summaries(at(MONDAY, 5, 59))

    assert compile_jobs() == []


def test_every_portfolio_with_projects_is_compiled_on_monday_morning(portfolio):
    PortfolioFactory(name="Empty")

    tasks.weekly_summaries(at(MONDAY, 6))

    assert [job.key for job in compile_jobs()] == [f"{portfolio.pk}:{SUNDAY.isoformat()}"]


@pytest.mark.usefixtures("portfolio")
def test_a_missed_monday_is_caught_up_at_the_first_tick_after_it():
    tasks.weekly_summaries(at(MONDAY + timedelta(days=3), 15))

    assert len(compile_jobs()) == 1
    assert jobs.run(compile_jobs()[0].pk)
    assert Summary.objects.get().date == SUNDAY


@pytest.mark.usefixtures("portfolio")
def test_two_clocks_and_many_ticks_compile_once():
    for minute in (0, 0, 1, 2):
        tasks.weekly_summaries(at(MONDAY, 6, minute))
    (job,) = compile_jobs()
    ran = [jobs.run(job.pk) for _ in range(2)]
    tasks.weekly_summaries(at(MONDAY, 6, 3))

    assert ran == [True, False]
    assert len(compile_jobs()) == Summary.objects.count() == 1


@pytest.mark.usefixtures("portfolio")
def test_a_failed_compilation_waits_for_a_person_instead_of_failing_each_minute():
    tasks.weekly_summaries(at(MONDAY, 6))
    Job.objects.update(state=JobState.FAILED)

    tasks.weekly_summaries(at(MONDAY, 6, 1))

    assert [job.state for job in compile_jobs()] == [JobState.FAILED]


@pytest.mark.usefixtures("portfolio")
def test_a_week_that_was_not_frozen_is_not_compiled():
    tasks.weekly_summaries(at(MONDAY + timedelta(days=7), 9))

    assert compile_jobs() == []


def test_the_week_is_frozen_before_its_summaries_are_asked_for():
    from reports import wiring  # noqa: PLC0415 - its import registers the duties

    names = [duty.__name__ for duty in schedule._duties]

    assert names.index(wiring.weekly.__name__) < names.index("weekly_summaries")


@pytest.mark.parametrize("work", ["summary", "variance"])
def test_a_killed_worker_is_taken_over_and_the_document_is_made_once(
    portfolio, lead, work, monkeypatch
):
    if work == "summary":
        job = request_summary(scope=scope_of(portfolio), day=SUNDAY, by=lead)
    else:
        job = request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=BEFORE, by=lead)
    documents = Summary if work == "summary" else VarianceReport

    def die(*_args):
        raise WorkerKilled

    with monkeypatch.context() as patch:
        patch.setattr(jobs.Run, "progress", die)
        with pytest.raises(WorkerKilled):
            jobs.run(job.pk)
    assert not jobs.run(job.pk), "its lease still runs"
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert documents.objects.count() == 1


def test_a_slow_worker_that_was_overtaken_finds_the_document_made(portfolio, lead):
    job = request_summary(scope=scope_of(portfolio), day=SUNDAY, by=lead)
    Job.objects.update(state=JobState.RUNNING, attempts=1)
    job.refresh_from_db()
    slow = jobs.Run(job)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert jobs.run(job.pk)
    result = tasks.run_compile(slow)

    assert result["url"] == Summary.objects.get().get_absolute_url()
