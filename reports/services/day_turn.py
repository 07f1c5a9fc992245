"""
Judge the live rows again as the organization's day turns: none is shown on another day than its own.

Whoever meets rows of another day first sees to it: the clock at midnight, or a reader when the worker
is down. Few are judged while the page waits. Many are a job, which prepares them aside and replaces
all at once; until then pages show the day before, wholly, and say so.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from django.utils import timezone

from pmo.common.background import jobs
from pmo.common.models import Job
from pmo.common.page import formats
from pmo.common.records.writing import ClashError, all_or_nothing
from projects.models import Project
from reports.models import Snapshot
from reports.models.snapshots import LIVE
from reports.selectors.building import build_snapshots
from reports.selectors.live_day import (
    FrozenRecord,
    LiveDay,
    freezes_and_live_day,
    ids_of_another_day,
    live_day_found,
)
from reports.services.snapshots import IN_REQUEST, chunks, copy_rows, freeze_due, prepare, write

TURN = "snapshots.turn"
Progress = Callable[[int, int], None]


def live_day(known: LiveDay | None = None) -> LiveDay:
    """
    Return the day that the live rows are of, after judging them for today where that is quick.

    `known` is what a page read of it with something else.
    """
    today = timezone.localdate()
    found = known or live_day_found(today)
    if not found.is_behind:
        return found
    if len(ids_of_another_day(today, most=IN_REQUEST + 1)) > IN_REQUEST:
        request_turn(today)
        return live_day_found(today)
    # somebody may write for longer than a page can wait: then what is known is of the day it says
    with suppress(ClashError):
        freeze_due(today)
        judge_again(ids_of_another_day(today), today)
    return live_day_found(today)


def freezes_and_day() -> tuple[list[FrozenRecord], LiveDay]:
    """Return all freezes and the day of the live rows, judged for today where that is quick."""
    freezes, known = freezes_and_live_day(timezone.localdate())
    live = live_day(known)
    if known and known.is_behind:
        # the turn of the day may have frozen a week
        freezes, _ = freezes_and_live_day(live.day)
    return freezes, live


@all_or_nothing
def judge_again(ids: list[int], today: date) -> int:
    """Judge the rows among these that are still of another day; return how many."""
    held = Project.objects.filter(pk__in=ids).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk", flat=True))
    # read again once the projects are held: of two readers who met, one finds nothing left to do
    still = Snapshot.objects.of_another_day(today).filter(project__in=ids)
    left = list(still.values_list("project_id", flat=True))
    return len(write(build_snapshots(left, as_of=today, lock=True)))


def request_turn(today: date) -> Job | None:
    """Queue the job that judges all rows for today; None while one is under way."""
    if Job.objects.open().filter(kind=TURN).exists():
        return None
    key = f"{today} {timezone.localtime():%Y-%m-%d %H:%M}"
    title = f"Figures of {formats.day(today)}"
    return jobs.enqueue(kind=TURN, key=key, params={"title": title}, by=None)


def turn(*, today: date, progress: Progress | None = None) -> int:
    """
    Judge every live row for today, aside, and then replace all at once; return how many.

    A job that was killed goes on where it stopped: rows prepared for today are not built twice.
    """
    ids = list(Project.objects.order_by("pk").values_list("pk", flat=True))
    ready = Snapshot.objects.coming().filter(judged_for=today)
    known = set(ready.values_list("project_id", flat=True))
    left = [pk for pk in ids if pk not in known]
    done = len(ids) - len(left)
    for chunk in chunks(left):
        _prepare(chunk, today)
        done += len(chunk)
        if progress:
            progress(done, len(ids))
    return _replace(today)


@all_or_nothing
def _prepare(ids: list[int], today: date) -> None:
    prepare(ids, today)


@all_or_nothing
def _replace(today: date) -> int:
    """Let what was prepared for today be the live rows."""
    rows = copy_rows(Snapshot.objects.coming().filter(judged_for=today), LIVE, replacing=True)
    Snapshot.objects.drop_coming()
    return rows
