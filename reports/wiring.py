"""Hook the reports to what lower apps announce, to the job table and to the clock."""

from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet

from pmo.common.background import jobs, schedule
from pmo.common.background.events import listen
from pmo.organization.current import organization
from pmo.organization.services import STATUS_RULES
from projects.domain.rhythm import week_to_freeze
from projects.measures import finds_disputes
from projects.selectors.rhythm import rhythm_now
from projects.services.projects import TOPIC
from reports.models import Snapshot
from reports.services import snapshots

REFRESH_AT = time(4, 0)


@listen(TOPIC)
def refresh_changed(project_ids: set[int]) -> None:
    snapshots.refresh(project_ids)


@listen(STATUS_RULES)
def refresh_colors(_organizations: set[int]) -> None:
    """Judge all live rows by the rules as they are now; what is frozen keeps those of its day."""
    jobs.enqueue(
        kind="snapshots.daily",
        key=f"rules {organization().version}",
        params={"title": "Colors by the new rules"},
        by=None,
    )


@finds_disputes
def disputed_projects() -> "QuerySet[Any, Any]":
    return Snapshot.objects.live().filter(is_disputed=True).values("project_id")


@jobs.handles("snapshots.daily")
def run_daily(run: jobs.Run) -> dict[str, int]:
    """Rebuild the live rows: days pass even where nobody changes anything."""
    done = snapshots.refresh_all(progress=run.progress)
    return {"refreshed": done}


@schedule.duty
def daily(now: datetime) -> None:
    if now.time() >= REFRESH_AT:
        jobs.enqueue(
            kind="snapshots.daily",
            key=now.date().isoformat(),
            params={"title": "Snapshots of the day"},
            by=None,
        )


@schedule.duty
def weekly(now: datetime) -> None:
    """Freeze the last week that is over; catches up by itself when the machine slept."""
    day = week_to_freeze(now.date(), rhythm_now())
    if snapshots.is_due(day):
        snapshots.freeze_week(day)
        # live rows compare themselves with the last freeze, which is another one now
        jobs.enqueue(
            kind="snapshots.daily",
            key=f"after {day}",
            params={"title": "Snapshots of the day"},
            by=None,
        )


# last, so that a tick freezes the week before its summaries are asked for
from reports import tasks  # noqa: E402, F401 - registers jobs and a duty
