"""Freeze now: keep today's figures by hand, once a day, so that a first summary needs no freeze day."""

from datetime import date

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background import jobs
from pmo.common.models import Job
from pmo.common.page import formats
from pmo.common.records.writing import ClashError, RefusalError
from projects.models import Project
from reports.models import Freeze, FreezeKind, Snapshot
from reports.selectors.freezing import early_of
from reports.services.day_turn import turn
from reports.services.snapshots import IN_REQUEST, write_freeze
from reports.words.freezing import taken

FREEZE_EARLY = "snapshots.early"
NOTHING = "No project is active yet, so there is nothing to freeze. Add or import projects first."
ANOTHER_DAY = "The day that was to be frozen is over. Freeze again, as of today."


def request_freeze(*, by: User) -> Freeze | Job:
    """
    Freeze today's figures now, or queue the job that does it where that takes longer than a page may.

    Raises RefusalError when today is frozen already or no project is active.
    """
    day = timezone.localdate()
    if check(day) <= IN_REQUEST:
        return freeze_early(day=day, by=by)
    title = f"Freeze of {formats.day(day)}, taken early"
    params = {"day": day.isoformat(), "title": title}
    return jobs.enqueue(kind=FREEZE_EARLY, key=day.isoformat(), params=params, by=by)


def check(day: date) -> int:
    """Return how many projects would be frozen; raises RefusalError when none can be, or may be."""
    if known := Freeze.objects.regular().filter(date=day, portfolio=None).first():
        raise RefusalError(f"Today’s figures are frozen already: {taken(known)}.")
    if known := early_of(day):
        raise RefusalError(f"Already {taken(known)}. Figures are frozen early once a day.")
    projects = Project.objects.active().count()
    if not projects:
        raise RefusalError(NOTHING)
    return projects


def freeze_early(*, day: date, by: User | None, run: jobs.Run | None = None) -> Freeze:
    """
    Freeze every active project as it stands now; raises RefusalError when somebody was faster.

    Live rows of another day are judged for this one first, aside, so that nobody who saves a project
    waits for all of them. The week's freeze comes all the same.
    """
    check(day)
    judged = Snapshot.objects.live().filter(judged_for=day).values("project_id")
    if Project.objects.active().exclude(pk__in=judged).exists():
        turn(today=day, progress=run.progress if run else None)
    try:
        return write_freeze(day=day, kind=FreezeKind.EARLY, by=by)
    except ClashError:
        check(day)  # says who pressed in this moment
        raise


def run_freeze_early(*, run: jobs.Run, by: User | None) -> dict[str, int]:
    """Do what was asked for, if its day is not over."""
    day = date.fromisoformat(run.params["day"])
    if known := early_of(day):
        return {"frozen": known.rows}  # by a worker whose job was taken over when it had finished
    if day != timezone.localdate():
        raise RefusalError(ANOTHER_DAY)
    return {"frozen": freeze_early(day=day, by=by, run=run).rows}
