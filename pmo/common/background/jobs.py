"""
Background work as rows.

`enqueue` writes the row in the caller's transaction; `run` claims it by lease and runs its handler;
`take_over` publishes again what a killed worker left, `sweep` all that was lost: an emptied broker, a
crash between commit and publish. Handlers are idempotent: a worker may be killed after its last write.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from pmo.common.background.leases import DEADLINE, LEASE, Hold, process_ends_after
from pmo.common.background.publishing import publish
from pmo.common.local import local_time
from pmo.common.models import Job, JobState
from pmo.common.records import audit, doubts
from pmo.common.records.writing import ClashError, RefusalError, all_or_nothing

BACK_OFF = timedelta(seconds=20)
MAX_ATTEMPTS = 5
NOTED = "noted"  # among the parameters: what attempts leave to those after them

Handler = Callable[["Run"], dict[str, Any]]
_handlers: dict[str, Handler] = {}
_deadlines: dict[str, timedelta] = {}
_mail_kinds: set[str] = set()
log = logging.getLogger(__name__)


class LeaseLostError(Exception):
    """Another worker took the job over; this one stops without writing its result."""


class LaterError(Exception):
    """
    It may go well later; the text is a sentence for the user, said when the last attempt failed.

    `after` is how long the next attempt waits; None waits a little, and twice as long each time.
    """

    def __init__(self, sentence: str, *, after: timedelta | None = None) -> None:
        super().__init__(sentence)
        self.after = after


class Run:
    """One attempt at a job, as its handler sees it; outside of a worker it has no `hold`."""

    def __init__(self, job: Job, hold: Hold | None = None) -> None:
        self.job, self._hold = job, hold
        self.params: dict[str, Any] = job.params

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Show how far it is; raises LeaseLostError when another worker has the job."""
        self._write(done=done, total=total, message=message[:200])

    @property
    def noted(self) -> dict[str, Any]:
        """Return what this attempt, or one before it, kept for whoever takes the job over."""
        return dict(self.params.get(NOTED, {}))

    def note(self, **kept: Any) -> None:
        """Keep this in place of what was noted; a job that starts over for somebody has nothing noted."""
        self.params = self.params | {NOTED: kept}
        self._write(params=self.params)

    def _write(self, **values: Any) -> None:
        if self._hold is not None and self._hold.is_lost:
            raise LeaseLostError
        held = Job.objects.filter(
            pk=self.job.pk, state=JobState.RUNNING, attempts=self.job.attempts
        ).update(**values)
        if not held:
            raise LeaseLostError


def handles(
    kind: str, *, deadline: timedelta = DEADLINE, mails: bool = False
) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job, and whether it sends mail; import it from `ready()`."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        _deadlines[kind] = deadline
        if mails:
            _mail_kinds.add(kind)
        return handler

    return register


def mail_kinds() -> frozenset[str]:
    """Return the kinds of jobs that send mail."""
    return frozenset(_mail_kinds)


@all_or_nothing
def enqueue(*, kind: str, key: str, params: dict[str, Any], by: AbstractBaseUser | None) -> Job:
    """
    Write the job's row once per (kind, key) and hand it to a worker after commit.

    One that failed starts over for whoever asks now: the one before may have lost the right to it.
    """
    if reason := doubts.said().reason:
        params = params | {doubts.FIELD: reason}
    job, created = Job.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={"params": params, "requested_by_id": by.pk if by else None},
    )
    if not created and job.state == JobState.FAILED:
        _start_over(job, params=params, requested_by_id=by.pk if by else None)
    if not job.is_finished:
        transaction.on_commit(lambda: publish(job.pk), robust=True)
    return job


@all_or_nothing
def retry(*, job: Job, by: AbstractBaseUser) -> None:
    """Queue a failed job again."""
    _start_over(job)
    audit.record(action="job.retried", target=job, by=by)
    transaction.on_commit(lambda: publish(job.pk), robust=True)


def _start_over(job: Job, **asked: Any) -> None:
    params = {name: value for name, value in job.params.items() if name != NOTED}
    Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED,
        attempts=0,
        error="",
        due_at=timezone.now(),
        lease_until=None,
        **{"params": params, **asked},
    )
    job.refresh_from_db()


def run(job_id: int, *, ends_process: bool = False) -> bool:
    """
    Run the job if it is ready and nobody holds it; True when this call ran it.

    `ends_process`: a handler that outlasts its deadline takes this process with it.
    """
    now = timezone.now()
    claimed = (
        Job.objects.ready(now=now)
        .filter(pk=job_id)
        .update(state=JobState.RUNNING, lease_until=now + LEASE, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    job = Job.objects.get(pk=job_id)
    if job.attempts > MAX_ATTEMPTS:
        _finish(job, JobState.FAILED, error=f"It stopped {MAX_ATTEMPTS} times without finishing.")
        return True
    handler, deadline = _handlers[job.kind], _deadlines.get(job.kind, DEADLINE)
    guard = process_ends_after(deadline) if ends_process else nullcontext()
    try:
        with guard, Hold(job, deadline=deadline) as hold:
            result = _handled(job, handler, hold)
    except LeaseLostError:
        log.warning("Job %s was taken over by another worker.", job_id)
    except (ClashError, LaterError) as wait:
        _put_back(job, error=str(wait), after=getattr(wait, "after", None))
    except RefusalError as refusal:
        _finish(job, JobState.FAILED, error=str(refusal))
    except ValidationError as refusal:
        _finish(job, JobState.FAILED, error=" ".join(refusal.messages))
    except Exception:
        log.exception("Job %s (%s) failed at attempt %s.", job_id, job.kind, job.attempts)
        _put_back(job, error="Something went wrong inside Rounds. It is logged.")
    else:
        _finish(job, JobState.DONE, result=result)
    return True


def _handled(job: Job, handler: Handler, hold: Hold) -> dict[str, Any]:
    with local_time.in_local_time(), doubts.answered(job.params.get(doubts.FIELD, "")):
        return handler(Run(job, hold))


def _finish(job: Job, state: JobState, *, error: str = "", result: Any = None) -> None:
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        state=state,
        error=error,
        result=result or {},
        lease_until=None,
        finished_at=timezone.now(),
    )


def _put_back(job: Job, *, error: str, after: timedelta | None = None) -> None:
    """Let it be tried again later; after the last attempt it has failed, for the reason given."""
    if job.attempts >= MAX_ATTEMPTS:
        _finish(job, JobState.FAILED, error=error)
        return
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        state=JobState.QUEUED,
        lease_until=None,
        due_at=timezone.now() + (after or BACK_OFF * 2**job.attempts),
    )


def sweep() -> int:
    """Publish again every job that is ready; return how many."""
    return _publish_again(Job.objects.ready(now=timezone.now()))


def take_over() -> int:
    """Publish again the jobs whose worker fell silent; return how many. Asked often, as it costs little."""
    return _publish_again(
        Job.objects.filter(state=JobState.RUNNING, lease_until__lt=timezone.now())
    )


def _publish_again(lost: QuerySet[Job]) -> int:
    ids = list(lost.order_by("due_at", "pk").values_list("pk", flat=True)[:500])
    for job_id in ids:
        publish(job_id)
    return len(ids)
