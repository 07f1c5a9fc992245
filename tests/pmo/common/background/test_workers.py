"""A worker without a pool makes room for a fresh one; what a container's health check reads is touched."""

import os
from types import SimpleNamespace

import pytest
from celery.concurrency.prefork import TaskPool as Children
from celery.concurrency.solo import TaskPool as Alone
from celery.exceptions import WorkerShutdown
from celery.worker import state

from pmo.common.background import workers


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    monkeypatch.setattr(workers._Worker, "left", None)
    monkeypatch.setattr(state, "should_stop", None)


def begin(pool):
    workers.begin(sender=SimpleNamespace(pool=pool.__new__(pool)))


def test_a_worker_of_one_process_ends_without_an_error_after_200_tasks(settings):
    begin(Alone)
    for _ in range(199):
        workers.after_task()
    before = state.should_stop
    workers.after_task()

    assert settings.CELERY_WORKER_MAX_TASKS_PER_CHILD == 200
    assert before is None
    with pytest.raises(WorkerShutdown) as ended:
        state.maybe_shutdown()
    assert ended.value.code == 0


def test_a_worker_with_a_pool_lets_the_pool_count():
    begin(Children)
    for _ in range(500):
        workers.after_task()

    assert state.should_stop is None


def test_the_file_of_a_worker_is_touched_when_it_begins_and_after_each_task(settings, tmp_path):
    settings.WORKER_ALIVE_FILE = str(tmp_path / "alive")
    begin(Children)
    begun = (tmp_path / "alive").exists()
    os.utime(tmp_path / "alive", (0, 0))
    workers.after_task()

    assert begun
    assert (tmp_path / "alive").stat().st_mtime > 0
