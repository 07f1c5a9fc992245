"""Who asks for a job waits for no broker."""

import socket
import threading
import time
from contextlib import contextmanager

import kombu.transport.redis  # noqa: F401 - read once by any process, and not what is timed here
import pytest
from celery import current_app
from kombu import pools

from pmo.common.background import jobs, publishing, tasks
from pmo.common.models import Job

LIMIT = 1.0  # seconds that a request may wait


@pytest.fixture(autouse=True)
def _own_connections(settings, monkeypatch):
    assert current_app.conf.task_always_eager, "Celery reads the settings once: now, as they are."
    groups = (pools.producers, pools.connections)
    assert current_app.pool, "Celery makes its own pools once, for all tests: now."
    assert current_app.producer_pool
    before = [set(group) for group in groups]
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setitem(current_app.conf.changes, "task_always_eager", False)
    monkeypatch.setattr(publishing._Broker, "spared_until", 0.0)
    yield
    for group, known in zip(groups, before, strict=True):
        for connection in set(group) - known:
            group.pop(connection).force_close_all()


@pytest.fixture
def redis_at(settings, monkeypatch):
    """Return a function that lets messages go to another address."""

    def point(address):
        settings.REDIS_URL = address
        monkeypatch.setitem(current_app.conf.changes, "broker_url", address)
        monkeypatch.setitem(current_app.conf.changes, "broker_write_url", address)
        monkeypatch.setitem(
            current_app.conf.changes,
            "broker_transport_options",
            {"socket_timeout": 10, "socket_connect_timeout": 5},
        )

    return point


@contextmanager
def black_hole():
    """Listen on a port, take every connection and never answer."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        taken = []

        def take():
            try:
                while True:
                    taken.append(server.accept()[0])
            except OSError:
                pass

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join()
    for one in taken:
        one.close()


def timed(action):
    began = time.monotonic()
    action()
    return time.monotonic() - began


@pytest.mark.slow
def test_a_redis_that_is_away_costs_less_than_a_second(redis_at, caplog):
    redis_at("redis://127.0.0.1:1/0")

    assert timed(lambda: jobs.publish(1)) < LIMIT
    assert "Job 1 waits: the broker does not answer (" in caplog.text


@pytest.mark.slow
def test_a_redis_that_never_answers_costs_less_than_a_second(redis_at, caplog):
    with black_hole() as port:
        redis_at(f"redis://127.0.0.1:{port}/0")

        assert timed(lambda: jobs.publish(1)) < LIMIT
    assert "Job 1 waits: the broker does not answer (" in caplog.text


@pytest.mark.slow
def test_ten_jobs_of_one_request_cost_no_more_than_one(redis_at):
    with black_hole() as port:
        redis_at(f"redis://127.0.0.1:{port}/0")

        assert timed(lambda: [jobs.publish(number) for number in range(10)]) < LIMIT


def test_a_broker_that_was_away_is_asked_again_after_five_seconds(redis_at, monkeypatch):
    asked, now = [], [100.0]
    monkeypatch.setattr(publishing, "monotonic", lambda: now[0])

    def away(*_args, **_options):
        asked.append(now[0])
        raise OSError("connection refused")

    monkeypatch.setattr(tasks.run_job, "apply_async", away)
    for now[0] in (100.0, 104.9, 105.0):
        jobs.publish(1)

    assert asked == [100.0, 105.0]


@pytest.mark.django_db
def test_a_request_is_answered_and_its_job_waits_for_the_sweep(
    redis_at, monkeypatch, django_capture_on_commit_callbacks, settings
):
    monkeypatch.setattr(jobs, "_handlers", {"count": lambda _run: {}})

    def ask():
        with django_capture_on_commit_callbacks(execute=True):
            jobs.enqueue(kind="count", key="k", params={}, by=None)

    with black_hole() as port:
        redis_at(f"redis://127.0.0.1:{port}/0")
        assert timed(ask) < LIMIT
    waiting = Job.objects.get()
    settings.CELERY_TASK_ALWAYS_EAGER = True  # it is back
    monkeypatch.setitem(current_app.conf.changes, "task_always_eager", True)
    swept = jobs.sweep()

    assert waiting.state == "queued"
    assert swept == 1
    assert Job.objects.get().state == "done"
