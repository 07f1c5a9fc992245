"""
Let a worker stand still at a point of a job that was named before, so that it can be killed there.

An order is a file named by the job, with a phase for each attempt. The worker that comes to it writes
down who it is and waits for its end. The product knows nothing of this: its functions are wrapped.
"""

import json
import os
import re
import time
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from pmo.common.background import jobs, leases, mailing

# what is written inside a handler's transaction, but for how far its job is
WRITES = re.compile(r'^(INSERT INTO|DELETE FROM|UPDATE "(?!common_job"))', re.IGNORECASE)
FOREVER = 600.0  # seconds; the harness kills long before
_at_work: ContextVar[Any] = ContextVar("at_work", default=None)


class StandingStill(NamedTuple):
    """Who stood still, in which attempt at the job."""

    pid: int
    attempt: int
    phase: str


def order(job_id: int, phases: list[str]) -> None:
    """Say where the attempts at a job are to stand still, the first of them at the first phase."""
    (settings.FAULTS_FOLDER / f"order-{job_id}").write_text(json.dumps(phases), encoding="utf-8")


def standing(job_id: int, attempt: int) -> StandingStill | None:
    """Return who stands still in this attempt; None as long as nobody does."""
    path = settings.FAULTS_FOLDER / f"stands-{job_id}-{attempt}"
    return StandingStill(*json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def install() -> None:
    """Wrap what every job comes through, and shorten the lease where that is asked for."""
    if settings.FAULTS_LEASE:
        lease = timedelta(seconds=settings.FAULTS_LEASE)
        leases.LEASE = jobs.LEASE = lease
        leases.RENEWED_EVERY = settings.FAULTS_LEASE / 4
    _around_handlers()
    _after(jobs.Run, "progress", "progress")
    _after(mailing, "hand_over", "handed")


def _around_handlers() -> None:
    handled = jobs._handled

    def watched(job: Any, handler: Any, hold: Any) -> Any:
        token = _at_work.set(job)
        try:
            _stand("claimed")
            with connection.execute_wrapper(_after_a_write):
                result = handled(job, handler, hold)
            _stand("written")
            return result
        finally:
            _at_work.reset(token)

    jobs._handled = watched


def _after(owner: Any, name: str, phase: str) -> None:
    original = getattr(owner, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        _stand(phase)
        return result

    setattr(owner, name, watched)


def _after_a_write(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - as Django calls it
    result = execute(sql, params, many, context)
    if connection.in_atomic_block and WRITES.match(sql):
        _stand("inside")
    return result


def _stand(phase: str) -> None:
    job = _at_work.get()
    path = job and settings.FAULTS_FOLDER / f"order-{job.pk}"
    if not path or not path.exists():
        return
    phases = json.loads(path.read_text(encoding="utf-8"))
    if job.attempts > len(phases) or phases[job.attempts - 1] != phase:
        return
    answer = settings.FAULTS_FOLDER / f"stands-{job.pk}-{job.attempts}"
    draft = answer.with_suffix(".part")
    draft.write_text(json.dumps(StandingStill(os.getpid(), job.attempts, phase)), encoding="utf-8")
    draft.rename(answer)
    time.sleep(FOREVER)
