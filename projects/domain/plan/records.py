"""What a plan is made of, what scheduling it gives back, and how it can fail."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from projects.domain.kinds import Constraint, LinkKind
from projects.domain.plan.calendars import MONDAY_TO_FRIDAY, Calendar, ScheduleError

Key = Hashable


def rank(key: Key) -> tuple[int, int, str]:
    """Return what sorts keys the same way every time: numbers first and 9 before 10, then words."""
    text = str(key)
    return (0, len(text), text) if text.isdigit() else (1, 0, text)


class CycleError(ScheduleError):
    """Tasks wait for each other in a loop; `keys` names them in order, the first one again at the end."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(" → ".join(str(key) for key in keys))
        self.keys = tuple(keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """
    One row of the plan. A row that is another's `parent` is a summary: its own figures are not read.

    `duration` is whole working days of the calendar, 0 for a milestone; `calendar` None is the plan's.
    A milestone is done once it has started; an `actual_finish` counts only beside an actual start.
    """

    key: Key
    duration: int = 1
    parent: Key | None = None
    calendar: Key | None = None
    constraint: Constraint = Constraint.NONE
    constraint_date: date | None = None
    actual_start: date | None = None
    actual_finish: date | None = None
    percent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """`lag` is working days of the predecessor's calendar, or calendar days when it is elapsed."""

    predecessor: Key
    successor: Key
    kind: LinkKind = LinkKind.FINISH_START
    lag: int = 0
    is_elapsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    Everything that scheduling reads.

    With a `data_date`, work that has not started starts on it or later. An `imposed_finish` replaces
    the computed finish for the late dates, and may make floats negative. Tasks with a total float
    up to `critical_float` working days are critical.
    """

    start: date
    activities: Sequence[Activity]
    links: Sequence[Dependency] = ()
    calendars: Mapping[Key, Calendar] = field(default_factory=dict)
    calendar: Calendar = MONDAY_TO_FRIDAY
    data_date: date | None = None
    imposed_finish: date | None = None
    critical_float: int = 0


class Timing(NamedTuple):
    """
    The dates of one row; a finish is the last day worked, and a milestone's start is its finish.

    Floats are working days of the task's calendar and None once the task is finished.
    """

    start: date
    finish: date
    late_start: date
    late_finish: date
    total_float: int | None
    free_float: int | None
    is_critical: bool
    on_longest_path: bool
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A timing for each row, and the plan's last day; None for a plan without rows."""

    finish: date | None
    timings: Mapping[Key, Timing]
