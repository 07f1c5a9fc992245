"""
What a worker of its own process does beside tasks: says that it lives, and makes room for a fresh one.

A worker with `--pool solo` is one process: its death is seen by whoever started it. Celery renews
the children of a pool, but not such a worker; this one ends after as many tasks, and is started again.
"""

from pathlib import Path
from typing import Any

from celery.signals import task_postrun, worker_ready
from celery.worker import state
from django.conf import settings

SOLO = "celery.concurrency.solo"


class _Worker:
    """How many tasks this process may still do; None where a pool counts them."""

    left: int | None = None


@worker_ready.connect  # type: ignore[untyped-decorator]  # celery has no types
def begin(sender: Any = None, **_options: Any) -> None:
    """Count the tasks of a worker without a pool."""
    if type(sender.pool).__module__ == SOLO:
        _Worker.left = settings.CELERY_WORKER_MAX_TASKS_PER_CHILD
    say_alive()


@task_postrun.connect  # type: ignore[untyped-decorator]  # the same
def after_task(**_options: Any) -> None:
    say_alive()
    if _Worker.left is None:
        return
    _Worker.left -= 1
    if _Worker.left <= 0:
        # as on SIGTERM: the worker's loop ends after this task, with exit code 0
        state.should_stop = 0


def say_alive() -> None:
    """Touch the file by which a container is known to work, where there is one."""
    if settings.WORKER_ALIVE_FILE:
        Path(settings.WORKER_ALIVE_FILE).touch()
