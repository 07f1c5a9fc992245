"""Liveness and readiness are two answers; what stands against readiness is named."""

import logging
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from pmo.common.background import jobs, readiness, restarts
from pmo.common.background.healthcheck import LIVE, READY
from pmo.common.models import Heartbeat, Job, JobState
from pmo.common.records import turns

MIB = 1024 * 1024


@pytest.fixture
def long_up(monkeypatch):
    """Let this process have run for an hour."""
    monkeypatch.setattr(readiness, "STARTED", readiness.monotonic() - 3600)


@pytest.fixture
def mails(monkeypatch):
    monkeypatch.setattr(jobs, "_mail_kinds", {"mail"})


def ticked(**ago):
    Heartbeat.objects.update_or_create(
        pk=1, defaults={"at": timezone.now() - timedelta(**ago), "doubted": None}
    )


def reasons(client):
    answer = client.get(READY)
    assert (answer.status_code == 503) is bool(answer.json()["reasons"])
    assert answer.json()["ready"] is (answer.status_code == 200)
    return answer.json()["reasons"]


@pytest.mark.django_db
def test_all_is_well(client, long_up):
    ticked(seconds=10)

    answer = client.get(READY)

    assert answer.status_code == 200
    body = answer.json()
    assert 10 <= body.pop("seconds_since_tick") < 60
    assert body == {
        "ready": True,
        "reasons": {},
        "clock": "on time",
        "is_working": False,
        "background_restarted_at": None,
        "example": "demo",
    }


@pytest.mark.django_db
def test_an_answer_that_is_asked_for_twice_a_minute_fills_no_log(client, long_up, caplog):
    assert client.get(READY).status_code == 503

    assert caplog.records == []


@pytest.mark.django_db
def test_the_address_from_before_says_the_same(client, long_up):
    ticked(minutes=10)

    assert client.get("/health/").json()["reasons"] == client.get(READY).json()["reasons"] != {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ago", "said"),
    [
        ({"seconds": 170}, {}),
        (
            {"minutes": 4},
            {
                "clock": "The scheduler’s clock has not ticked for 4 minutes: scheduler or workers"
                " stand still."
            },
        ),
    ],
)
def test_a_clock_that_has_not_ticked_for_three_minutes(client, long_up, ago, said):
    ticked(**ago)

    assert reasons(client) == said


@pytest.mark.django_db
def test_a_clock_that_never_ticked(client, long_up):
    assert reasons(client) == {
        "clock": "The scheduler’s clock has never ticked: scheduler or workers do not run."
    }
    assert client.get(READY).json()["clock"] == "not yet"


@pytest.mark.django_db
def test_a_start_is_given_three_minutes_for_the_first_tick(client, monkeypatch):
    monkeypatch.setattr(readiness, "STARTED", readiness.monotonic())
    first = reasons(client)
    ticked(hours=8)

    assert (first, reasons(client)) == ({}, {})


@pytest.mark.django_db
def test_a_clock_in_doubt_ticks(client, long_up):
    ticked(days=9)
    Heartbeat.objects.update(doubted=timezone.now())

    assert reasons(client) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(("free", "said"), [(5, {}), (4, {"disk": readiness.FULL})])
def test_a_disk_that_is_nearly_full(client, long_up, monkeypatch, free, said):
    ticked(seconds=1)
    disk = SimpleNamespace(total=100 * MIB, free=free * MIB)
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda _path: disk)

    assert reasons(client) == said


@pytest.mark.django_db
def test_a_database_that_cannot_be_written(client, long_up):
    ticked(seconds=1)

    def read_only(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            raise OperationalError("attempt to write a readonly database at /secret/path")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(read_only):
        answer = client.get(READY)

    assert answer.json()["reasons"] == {"database": readiness.READ_ONLY}
    assert "secret" not in answer.content.decode()
    assert reasons(client) == {"database": readiness.READ_ONLY}, (
        "It tries again after half a minute."
    )
    cache.clear()
    assert reasons(client) == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="on PostgreSQL nobody waits")
def test_a_database_that_another_one_writes_can_be_written(monkeypatch):
    monkeypatch.setattr(readiness, "BUSY_SECONDS", 0.05)
    hold_it, is_held = threading.Event(), threading.Event()

    def write_long():
        try:
            with transaction.atomic():
                is_held.set()
                hold_it.wait(10)
        finally:
            connection.close()

    writer = threading.Thread(target=write_long)
    writer.start()
    is_held.wait(10)
    found = readiness._can_write()
    hold_it.set()
    writer.join()

    assert found
    assert turns._turn_of(connection).seconds == 20, "It waits for others as long as before."


@pytest.mark.django_db
def test_a_database_that_does_not_answer(client, long_up, caplog):
    caplog.set_level(logging.CRITICAL)

    def away(*_args):
        raise DatabaseError("no route to host 10.1.2.3, password secret")

    with connection.execute_wrapper(away):
        answer, alive = client.get(READY), client.get(LIVE)

    assert answer.status_code == 503
    assert answer.json()["reasons"] == {"database": "The database does not answer."}
    assert "secret" not in answer.content.decode()
    assert (alive.status_code, alive.json()) == (200, {"live": True})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, {}),
        ({"due_at": timedelta(minutes=61)}, {"mails": readiness.MAILS}),
        ({"created_at": timedelta(minutes=61), "attempts": 4}, {"mails": readiness.MAILS}),
        ({"created_at": timedelta(minutes=61), "attempts": 1}, {}),
        ({"due_at": timedelta(minutes=61), "state": JobState.FAILED}, {}),
        ({"due_at": timedelta(minutes=61), "kind": "other"}, {}),
    ],
    ids=["new", "nobody sends it", "refused", "asked for again", "failed", "no mail"],
)
def test_mail_that_waits_for_more_than_an_hour(client, long_up, mails, fields, said):
    ticked(seconds=1)
    now = timezone.now()
    times = {name: now - ago for name, ago in fields.items() if isinstance(ago, timedelta)}
    Job.objects.create(**{"kind": "mail", "key": "1"} | fields | times)

    assert reasons(client) == said


def test_every_kind_of_job_that_mails_is_known():
    assert jobs.mail_kinds() == {
        "person.invitation",
        "person.password",
        "status.reminder",
        "summary.deliver",
    }


@pytest.mark.django_db
def test_several_reasons_stand_side_by_side(client, long_up, monkeypatch):
    disk = SimpleNamespace(total=100 * MIB, free=0)
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda _path: disk)

    assert list(reasons(client)) == ["disk", "clock"]


@pytest.mark.django_db
def test_it_says_whether_a_worker_holds_a_job_and_when_the_background_was_started_again(
    client, long_up, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    restarts.note()
    ticked(seconds=1)
    now = timezone.now()
    job = Job.objects.create(
        kind="count", key="1", state=JobState.RUNNING, lease_until=now + timedelta(seconds=9)
    )

    held = client.get(READY).json()
    Job.objects.filter(pk=job.pk).update(lease_until=now - timedelta(seconds=1))
    left = client.get(READY).json()

    assert (held["is_working"], left["is_working"]) == (True, False)
    assert held["background_restarted_at"] == restarts.last().isoformat()


def test_a_note_that_cannot_be_read_says_nothing(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / restarts.NAME).write_text("yester")

    assert restarts.last() is None


@pytest.mark.django_db
def test_liveness_costs_no_query_and_readiness_three(client, long_up, django_assert_num_queries):
    ticked(seconds=1)
    client.get(READY)

    with django_assert_num_queries(0):
        client.get(LIVE)
    with django_assert_num_queries(3):  # the last tick, mails that wait, and jobs that are held
        client.get(READY)
