"""Write what the systems say of a go-live on the days it is read."""

from typing import Any

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, add, all_or_nothing, change, only
from projects.communication.models import AdoptionReading
from projects.domain.kinds import MilestoneKind
from projects.models import Project

COUNTED = (
    "licensed",
    "active",
    "assigned",
    "passed",
    "tickets",
    "workarounds",
    "units_planned",
    "units_live",
)
READING_FIELDS = frozenset({"milestone", "day", "measured_on", "source", *COUNTED})
NOT_LIVE = "Only a go-live that is done has users to count."


@all_or_nothing
def record_adoption(*, project: Project, by: User | None, **fields: Any) -> AdoptionReading:
    """Keep one day's counts; raises RefusalError for a milestone that is no finished go-live."""
    reading = AdoptionReading(project=project, **only(fields, READING_FIELDS))
    _check_live(reading)
    return add(reading, by=by, action="adoption.recorded", scope=project)


@all_or_nothing
def change_adoption(
    *, reading: AdoptionReading, version: int | None, by: User | None, **fields: Any
) -> AdoptionReading:
    return change(
        reading,
        version=version,
        by=by,
        action="adoption.changed",
        scope=reading.project,
        **only(fields, READING_FIELDS - {"milestone", "day"}),
    )


def _check_live(reading: AdoptionReading) -> None:
    milestone = reading.milestone
    if milestone.kind != MilestoneKind.GO_LIVE or milestone.actual_date is None:
        raise RefusalError(NOT_LIVE)
