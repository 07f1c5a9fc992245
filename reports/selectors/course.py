"""One project's live figures, and how its forecasts moved over the frozen days."""

from datetime import date

from projects.models import Project
from reports.domain.bars import CoursePoint
from reports.models import Snapshot
from reports.models.snapshots import LIVE

POINTS = 104  # two years of weeks


def live_row(project: Project) -> Snapshot | None:
    """Return the live row; None in the moment before it is built for the first time."""
    return Snapshot.objects.live().filter(project=project).first()


def course_of(project: Project, *, today: date) -> list[CoursePoint]:
    """Return the last frozen days and now, oldest first, in one query."""
    rows = (
        Snapshot.objects.filter(project=project)
        .regular()
        .order_by("-date")
        .values_list(
            "date", "overall", "measured", "approved_budget", "forecast_cost", "forecast_finish"
        )
    )
    return [
        CoursePoint(
            day=today if day == LIVE else day,
            declared=declared,
            measured=measured,
            approved=approved,
            forecast_cost=cost,
            forecast_finish=finish,
        )
        for day, declared, measured, approved, cost, finish in reversed(rows[: POINTS + 1])
    ]
