"""
Say whether Rounds can do its work now, and what stands against it: one sentence for each reason.

Whether the process lives is another question: a process that answers is not made better by ending it.
"""

import logging
import shutil
from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, Error, transaction
from django.db.models import Q
from django.utils import timezone

from pmo.common.background import jobs
from pmo.common.background.schedule import last_sign
from pmo.common.background.standing import known_standing
from pmo.common.models import Heartbeat, Job, JobState
from pmo.common.records.turns import waiting_at_most
from pmo.common.records.writing import met_another

QUIET_FOR = timedelta(minutes=3)  # a tick comes each minute
LEAST_FREE = 0.05  # of the disk
MAILS_WAIT = timedelta(hours=1)
TRIED = 4  # by then a mail has been refused for half an hour
WRITABLE_FOR_SECONDS = 30
BUSY_SECONDS = 1.0
STARTED = monotonic()

NO_ANSWER = "The database does not answer."
READ_ONLY = "The database cannot be written: its disk is full, or it is read-only."
LATE = (
    "The scheduler’s clock has not ticked for {minutes} minutes: scheduler or workers stand still."
)
NEVER = "The scheduler’s clock has never ticked: scheduler or workers do not run."
FULL = "The disk of the data folder has less than 5% free."
MAILS = "Mail has been waiting for more than an hour to be sent; see Background work."

log = logging.getLogger(__name__)


class Readiness(NamedTuple):
    """`reasons` by name, empty when all is well; `ticked` is None where the clock never did."""

    reasons: dict[str, str]
    ticked: datetime | None = None
    is_working: bool = False


def readiness() -> Readiness:
    """Look at what the work needs; answers quickly, whatever is wrong."""
    reasons = {"disk": FULL} if _is_full() else {}
    try:
        if tables := known_standing().sentence:
            return Readiness(reasons | {"tables": tables})
        if not _is_writable():
            reasons["database"] = READ_ONLY
        ticked, now = last_sign(), timezone.now()
        if late := _lateness(ticked, now):
            reasons["clock"] = late
        if _mails_wait(now):
            reasons["mails"] = MAILS
        at_work = Job.objects.filter(state=JobState.RUNNING, lease_until__gt=now)
        return Readiness(reasons, ticked, at_work.exists())
    except Error:
        log.exception(NO_ANSWER)
        return Readiness(reasons | {"database": NO_ANSWER})


def _is_full() -> bool:
    disk = shutil.disk_usage(settings.DATA_DIR)
    return disk.free < disk.total * LEAST_FREE


def _is_writable() -> bool:
    """Try a write and take it back, at most twice a minute."""
    found = cache.get("writable")
    if found is None:
        found = _can_write()
        cache.set("writable", found, WRITABLE_FOR_SECONDS)
    return bool(found)


def _can_write() -> bool:
    try:
        with waiting_at_most(BUSY_SECONDS), transaction.atomic():
            Heartbeat.objects.filter(pk=0).update(
                doubted=None
            )  # there is none: nothing to take back
    except DatabaseError as error:
        # whoever waits for another writer knows that it can be written
        return met_another(error)
    return True


def _lateness(ticked: datetime | None, now: datetime) -> str:
    """Say since when nothing ticks; a process that began a moment ago gives the others time to begin."""
    quiet = timedelta(seconds=monotonic() - STARTED)
    if ticked is not None:
        quiet = min(quiet, now - ticked)
    if quiet <= QUIET_FOR:
        return ""
    return (
        NEVER if ticked is None else LATE.format(minutes=round((now - ticked).total_seconds() / 60))
    )


def _mails_wait(now: datetime) -> bool:
    before = now - MAILS_WAIT
    late = Q(due_at__lt=before) | Q(attempts__gte=TRIED, created_at__lt=before)
    return Job.objects.open().filter(late, kind__in=jobs.mail_kinds()).exists()
