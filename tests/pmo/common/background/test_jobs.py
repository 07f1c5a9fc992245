"""A job is done once, whatever dies meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pmo.common.background import jobs
from pmo.common.models import AuditEvent, Job, JobState
from pmo.common.records.writing import RefusalError

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(monkeypatch):
    """Handlers for this test: what ran, and ways to go wrong."""
    seen = []

    def count(run):
        seen.append(run.params)
        run.progress(1, 2, "Half way")
        return {"url": "/x/"}

    def refuse(_run):
        raise RefusalError("There is nothing to report yet.")

    def crash(run):
        seen.append(run.params)
        raise ValueError("secret detail")

    monkeypatch.setattr(jobs, "_handlers", {"count": count, "refuse": refuse, "crash": crash})
    return seen


def queued(kind="count", **fields):
    return Job.objects.create(kind=kind, key=fields.pop("key", "k"), **fields)


def test_enqueue_writes_one_row_per_key_and_runs_it_after_commit(
    calls, lead, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = jobs.enqueue(kind="count", key="w1", params={"n": 1}, by=lead)
        second = jobs.enqueue(kind="count", key="w1", params={"n": 2}, by=lead)

    assert first == second
    assert calls == [{"n": 1}]
    first.refresh_from_db()
    assert (first.state, first.result, first.requested_by) == ("done", {"url": "/x/"}, lead)
    assert (first.done, first.total, first.message) == (1, 2, "Half way")


def test_a_finished_job_does_not_run_again(calls):
    job = queued()

    assert jobs.run(job.pk) is True
    assert jobs.run(job.pk) is False
    assert calls == [{}]


def test_a_job_held_by_a_living_worker_is_left_alone(calls):
    lease = timezone.now() + timedelta(seconds=30)
    job = queued(state=JobState.RUNNING, lease_until=lease, attempts=1)

    assert jobs.run(job.pk) is False
    assert jobs.sweep() == 0
    assert calls == []


def test_a_job_of_a_killed_worker_is_taken_over_by_the_sweep(calls):
    lease = timezone.now() - timedelta(seconds=1)
    job = queued(state=JobState.RUNNING, lease_until=lease, attempts=1)

    assert jobs.sweep() == 1

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert calls == [{}]


def test_a_job_whose_message_was_lost_is_published_again(calls):
    queued()

    assert jobs.sweep() == 1
    assert calls == [{}]


def test_a_job_not_yet_due_waits(calls):
    queued(due_at=timezone.now() + timedelta(minutes=1))

    assert jobs.sweep() == 0
    assert calls == []


def test_a_worker_that_lost_its_lease_does_not_write_its_result(calls, monkeypatch):
    job = queued()

    def taken_over(run):
        Job.objects.filter(pk=job.pk).update(attempts=2)
        run.progress(1, 1)
        return {"late": True}

    monkeypatch.setitem(jobs._handlers, "count", taken_over)
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.result) == ("running", {})


def test_a_refusal_fails_at_once_with_its_sentence(calls):
    job = queued(kind="refuse")

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "There is nothing to report yet.")


def test_a_crash_is_tried_again_later_and_keeps_its_detail_out_of_sight(calls, caplog):
    job = queued(kind="crash")

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == ("queued", "")
    assert job.due_at > timezone.now()
    assert "secret detail" in caplog.text


def test_a_poison_job_stops_after_five_attempts(calls):
    job = queued(kind="crash")

    for _ in range(10):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
        jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, len(calls)) == ("failed", 5, 5)
    assert job.error == "Something went wrong inside Rounds. It is logged."


def test_a_job_that_always_kills_its_worker_stops_too(calls):
    past = timezone.now() - timedelta(minutes=1)
    job = queued(state=JobState.RUNNING, lease_until=past, attempts=5)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, calls) == ("failed", [])


def test_a_failed_job_starts_over_when_asked_again(calls, lead, django_capture_on_commit_callbacks):
    job = queued(state=JobState.FAILED, attempts=5, error="Broken")

    with django_capture_on_commit_callbacks(execute=True):
        jobs.retry(job=job, by=lead)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("done", 1, "")
    assert AuditEvent.objects.get().action == "job.retried"


def test_a_job_whose_worker_fell_silent_is_taken_over_between_two_ticks(calls):
    past, future = timezone.now() - timedelta(seconds=1), timezone.now() + timedelta(seconds=9)
    silent = queued(key="silent", state=JobState.RUNNING, lease_until=past, attempts=1)
    queued(key="held", state=JobState.RUNNING, lease_until=future, attempts=1)
    queued(key="waiting")

    assert jobs.take_over() == 1

    silent.refresh_from_db()
    assert (silent.state, silent.attempts, calls) == ("done", 2, [{}])


def test_what_an_attempt_notes_is_there_for_the_next_one_and_gone_when_somebody_starts_over(
    calls, lead, monkeypatch, django_capture_on_commit_callbacks
):
    seen = []

    def note_and_die(run):
        seen.append(run.noted)
        run.note(step=len(seen))
        raise ValueError

    monkeypatch.setitem(jobs._handlers, "count", note_and_die)
    job = queued(params={"n": 1})
    for _ in range(2):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
        jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)
    job.refresh_from_db()
    noted = job.params
    with django_capture_on_commit_callbacks(execute=True):
        jobs.retry(job=job, by=lead)

    assert noted == {"n": 1, "noted": {"step": 2}}
    assert seen == [{}, {"step": 1}, {}]
