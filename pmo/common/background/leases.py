"""
Hold a job for as long as its handler lives, and no longer.

A thread with a connection of its own renews the lease while the handler works, so that a lease can be
short: a worker that was killed is followed by another one within 75 seconds. A handler that is still
there after its deadline is not believed any more; its lease runs out, and its process is ended.
"""

import faulthandler
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic
from types import TracebackType

from django.db import Error, connection
from django.utils import timezone

from pmo.common.background.workers import say_alive
from pmo.common.models import Job, JobState
from pmo.common.page.formats import count

LEASE = timedelta(seconds=60)
RENEWED_EVERY = 15.0  # seconds
# where the database did not take it: another writer may hold SQLite for longer than one waits
TRIED_AGAIN_AFTER = 2.0
DEADLINE = timedelta(minutes=10)
# seconds after the deadline: before the last lease is over, so that two never work at once
LAST_WORDS = 30.0

STDERR = 2  # what a worker calls sys.stderr is its log, which needs Python code to run

log = logging.getLogger(__name__)


class Hold:
    """One attempt's hold on a job; `is_lost` once another worker has it."""

    def __init__(self, job: Job, *, deadline: timedelta = DEADLINE) -> None:
        self.job_id, self.attempts = job.pk, job.attempts
        self._until = monotonic() + deadline.total_seconds()
        self._lost, self._over = Event(), Event()
        self._thread = Thread(target=self._keep, name=f"lease of job {job.pk}", daemon=True)

    def __enter__(self) -> "Hold":
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        # one that waits for a writer ends by itself: by then the job is nobody's, and it changes nothing
        self._thread.join(timeout=1)

    @property
    def is_lost(self) -> bool:
        return self._lost.is_set()

    def renew(self) -> float:
        """Hold on for another lease; return after how many seconds to come again."""
        held = Job.objects.filter(pk=self.job_id, state=JobState.RUNNING, attempts=self.attempts)
        try:
            if not held.update(lease_until=timezone.now() + LEASE):
                self._lost.set()
        except Error:
            log.info("The lease of job %s waits for the database.", self.job_id, exc_info=True)
            connection.close()
            return TRIED_AGAIN_AFTER
        say_alive()
        return RENEWED_EVERY

    def _keep(self) -> None:
        pause = RENEWED_EVERY
        try:
            while not self._over.wait(pause) and not self.is_lost:
                if monotonic() > self._until:
                    log.error("Job %s is past its deadline: it is let go.", self.job_id)
                    return
                pause = self.renew()
        finally:
            connection.close()


@contextmanager
def process_ends_after(deadline: timedelta) -> Iterator[None]:
    """
    End this process, saying where it stood, when what is done here outlasts its deadline by half a minute.

    Works where no Python code can run any more; who started the process starts another one.
    """
    seconds = deadline.total_seconds() + LAST_WORDS
    faulthandler.dump_traceback_later(seconds, exit=True, file=STDERR)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def last_alive(job: Job) -> str:
    """Say when the worker of a running job was last alive; "" for one that does not run."""
    if job.state != JobState.RUNNING or job.lease_until is None:
        return ""
    silent = timezone.now() - (job.lease_until - LEASE)
    seconds = max(round(silent.total_seconds()), 0)
    long = count(seconds, "second") if silent < 2 * LEASE else count(seconds // 60, "minute")
    if silent > LEASE:
        return f"Its worker has been silent for {long}. Another worker takes over."
    return f"Its worker was last alive {long} ago."
