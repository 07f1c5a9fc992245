"""A lease is held for as long as its handler lives, and no longer."""

import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from pmo.common.background import jobs, leases
from pmo.common.background.leases import LEASE, Hold, last_alive
from pmo.common.models import Job, JobState
from pmo.common.records.turns import waiting_at_most

QUICK = 0.05  # seconds between two renewals


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(leases, "RENEWED_EVERY", QUICK)
    monkeypatch.setattr(leases, "TRIED_AGAIN_AFTER", QUICK)


def queued():
    return Job.objects.create(kind="count", key="k")


def running(**fields):
    fields = {"lease_until": timezone.now() + timedelta(seconds=1), "attempts": 1} | fields
    return Job.objects.create(kind="count", key="k", state=JobState.RUNNING, **fields)


def wait_until(true, seconds=10):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(QUICK / 5)
    return true()


def lease_of(job):
    return Job.objects.values_list("lease_until", flat=True).get(pk=job.pk)


def test_a_killed_worker_is_followed_within_75_seconds(settings):
    beat = settings.CELERY_BEAT_SCHEDULE["take over"]
    polling = 1.0  # seconds until a worker sees a message

    assert beat["task"] == "common.take_over"
    assert LEASE.total_seconds() + beat["schedule"] + polling < 75
    assert LEASE.total_seconds() > leases.RENEWED_EVERY * 3, "One renewal may be missed."


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_handler_works(quick, monkeypatch):
    job = queued()
    seen = []

    def slow(_run):
        first = lease_of(job)
        seen.append(wait_until(lambda: lease_of(job) > first))
        return {}

    monkeypatch.setattr(jobs, "_handlers", {"count": slow})
    jobs.run(job.pk)

    job.refresh_from_db()
    assert seen == [True]
    assert (job.state, job.lease_until) == ("done", None)


@pytest.mark.django_db(transaction=True)
def test_nothing_renews_a_lease_after_the_handler(quick, monkeypatch):
    job = queued()
    monkeypatch.setattr(jobs, "_handlers", {"count": lambda _run: {}})

    jobs.run(job.pk)

    names = [thread.name for thread in threading.enumerate()]
    assert f"lease of job {job.pk}" not in names


@pytest.mark.django_db(transaction=True)
def test_a_handler_hears_at_its_next_sign_that_another_worker_has_the_job(quick, monkeypatch):
    job = queued()
    seen = []

    def slow(run):
        Job.objects.filter(pk=job.pk).update(attempts=2)
        seen.append(wait_until(lambda: run._hold.is_lost))
        Job.objects.filter(pk=job.pk).update(attempts=1)  # even if the row says otherwise by then
        run.progress(1, 1)
        return {"late": True}

    monkeypatch.setattr(jobs, "_handlers", {"count": slow})
    jobs.run(job.pk)

    job.refresh_from_db()
    assert seen == [True]
    assert (job.state, job.result) == ("running", {})


@pytest.mark.django_db(transaction=True)
def test_a_handler_past_its_deadline_is_let_go(quick, monkeypatch, caplog):
    job = queued()
    seen = []

    def stuck(_run):
        seen.append(wait_until(lambda: "past its deadline" in caplog.text))
        before = lease_of(job)
        time.sleep(QUICK * 4)
        seen.append(lease_of(job) == before)
        return {}

    monkeypatch.setattr(jobs, "_handlers", {"count": stuck})
    monkeypatch.setattr(jobs, "_deadlines", {"count": timedelta(seconds=QUICK * 3)})
    jobs.run(job.pk)

    assert seen == [True, True]


@pytest.mark.django_db(transaction=True)
def test_a_kind_has_ten_minutes_unless_it_says_otherwise(monkeypatch):
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_deadlines", {})
    jobs.handles("short")(lambda _run: {})
    jobs.handles("long", deadline=timedelta(hours=1))(lambda _run: {})

    assert jobs._deadlines == {"short": timedelta(minutes=10), "long": timedelta(hours=1)}


def written_by_another(job):
    """Let another writer begin to write the job's row; return what lets it end."""
    hold_it, is_held = threading.Event(), threading.Event()

    def write_long():
        try:
            with transaction.atomic():
                Job.objects.filter(pk=job.pk).update(message="busy")
                is_held.set()
                hold_it.wait(10)
        finally:
            connection.close()

    writer = threading.Thread(target=write_long)
    writer.start()
    is_held.wait(10)

    def let_go():
        hold_it.set()
        writer.join()

    return let_go


@pytest.mark.django_db(transaction=True)
def test_a_database_that_another_writer_holds_is_waited_for(quick, monkeypatch):
    """On SQLite one writer keeps out all others, on PostgreSQL whoever wants the same row."""
    job = running()
    let_go = written_by_another(job)
    before = lease_of(job)
    with Hold(job) as hold:
        time.sleep(QUICK * 6)
        during = lease_of(job)
        let_go()
        renewed = wait_until(lambda: lease_of(job) > before)

    assert during == before
    assert renewed
    assert not hold.is_lost


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite gives up waiting")
def test_a_locked_database_is_tried_again_and_loses_nothing(quick, caplog):
    caplog.set_level("INFO", "pmo.common.background.leases")
    job = running()
    let_go = written_by_another(job)
    hold = Hold(job)
    with waiting_at_most(0.05):
        pause = hold.renew()
    let_go()

    assert (pause, hold.is_lost) == (QUICK, False)
    assert "waits for the database" in caplog.text
    assert hold.renew() == QUICK
    assert lease_of(job) > timezone.now() + LEASE / 2


STUCK = """
import datetime, re
from pmo.common.background import leases
leases.LAST_WORDS = 0.2
with leases.process_ends_after(datetime.timedelta(seconds=0.3)):
    re.match("(a+)+$", "a" * 60 + "b")  # lets no other thread of Python run
"""


@pytest.mark.slow
def test_a_process_that_is_stuck_ends_and_says_where():
    command = f"import django; django.setup()\n{STUCK}"

    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 1
    assert "Timeout" in done.stderr
    assert "in match" in done.stderr


def test_a_process_that_comes_to_its_end_goes_on():
    with leases.process_ends_after(timedelta(seconds=-leases.LAST_WORDS + 0.2)):
        pass
    time.sleep(0.3)


@pytest.mark.parametrize(
    ("state", "left", "said"),
    [
        (JobState.RUNNING, timedelta(seconds=50), "Its worker was last alive 10 seconds ago."),
        (JobState.RUNNING, timedelta(seconds=60), "Its worker was last alive 0 seconds ago."),
        (
            JobState.RUNNING,
            timedelta(seconds=-5),
            "Its worker has been silent for 65 seconds. Another worker takes over.",
        ),
        (
            JobState.RUNNING,
            timedelta(minutes=-3),
            "Its worker has been silent for 4 minutes. Another worker takes over.",
        ),
        (JobState.QUEUED, timedelta(seconds=50), ""),
    ],
)
def test_the_page_says_when_the_worker_was_last_alive(state, left, said, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(leases.timezone, "now", lambda: now)

    assert last_alive(Job(state=state, lease_until=now + left)) == said
    assert last_alive(Job(state=state, lease_until=None)) == ""
