"""Hook the reports to what lower apps announce, to the job table and to the clock."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from pmo.common.background import jobs, schedule
from pmo.common.background.events import listen
from pmo.organization.current import organization
from pmo.organization.services import STATUS_RULES
from projects.measures import finds_disputes
from projects.services.projects import SAID, TOPIC
from reports.models import Snapshot
from reports.selectors.live_day import ids_of_another_day
from reports.services import day_turn, snapshots
from reports.words import freezing as words


@listen(TOPIC)
@listen(SAID)
def refresh_changed(project_ids: set[int]) -> None:
    snapshots.refresh(project_ids)


@listen(STATUS_RULES)
def refresh_colors(_organizations: set[int]) -> None:
    """Judge all live rows by the rules as they are now; what is frozen keeps those of its day."""
    jobs.enqueue(
        kind="snapshots.daily",
        key=f"rules {organization().version}",
        params={"title": words.COLORS_BY_NEW_RULES},
        by=None,
    )


@finds_disputes
def disputed_projects() -> "QuerySet[Any, Any]":
    day_turn.live_day()
    return Snapshot.objects.live().filter(is_disputed=True).values("project_id")


@jobs.handles("snapshots.daily")
def run_all(run: jobs.Run) -> dict[str, int]:
    """Rebuild the live rows where what all of them rest on changed: the rules, or the freeze before."""
    return {"refreshed": snapshots.refresh_all(progress=run.progress)}


@jobs.handles(day_turn.TURN)
def run_turn(run: jobs.Run) -> dict[str, int]:
    today = timezone.localdate()
    if not ids_of_another_day(today, most=1):
        return {"refreshed": 0}  # of two jobs, the other was faster
    snapshots.freeze_due(today)
    return {"refreshed": day_turn.turn(today=today, progress=run.progress)}


@schedule.duty
def weekly(now: datetime) -> None:
    """Freeze the last week that is over; catches up by itself when the machine slept."""
    if frozen := snapshots.freeze_due(now.date()):
        # live rows compare themselves with the last freeze, which is another one now
        jobs.enqueue(
            kind="snapshots.daily",
            key=f"after {frozen.date}",
            params={"title": words.SNAPSHOTS_OF_THE_DAY},
            by=None,
        )


@schedule.duty
def daily(_now: datetime) -> None:
    """Judge the live rows for the day that began; after the freeze, which takes them as of yesterday."""
    day_turn.live_day()


# last, so that a tick freezes the week before its summaries are asked for
from reports import tasks  # noqa: E402, F401 - registers jobs and a duty
