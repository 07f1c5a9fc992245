"""
The calendars of a plan, laid out day by day for the passes, and counted as spreadsheets do.

A week's pattern, and exceptions in both directions: holidays, and weekends that are worked. Of two
exceptions for one day the later in the list counts. What is worked, and how many days that makes, is
said by `projects.domain.workdays` alone; a table only saves the passes a call for each look.
`workday` and `networkdays` count as the spreadsheet functions of these names do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate, compress
from typing import TypeVar

from projects.domain.workdays import WEEK, Workdays, workdays

STEP = 512 * WEEK  # tables begin and end at such days, so that calls with near dates share them
TOO_FAR = (
    "The plan runs over centuries, or a calendar has no working days. Look for a duration, a lag"
    " or a date that is far too large."
)
LIMIT = 366_000  # days, a thousand years: whatever needs more is a slip of the finger
ORDINAL_OF_MONDAY = 1  # 1 January of year 1 was a Monday
T = TypeVar("T")


class ScheduleError(Exception):
    """The plan cannot be computed; the text is a sentence for the user."""


class OutOfSpanError(Exception):
    """A computed day lies outside the table; a longer one is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayException:
    """Days from `first` to `last` that are not as the week says."""

    first: date
    last: date
    is_working: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """`weekdays` is seven characters, Monday first; 1 is a working day."""

    weekdays: str = "1111100"
    exceptions: tuple[DayException, ...] = ()

    def is_working(self, day: date) -> bool:
        for exception in reversed(self.exceptions):
            if exception.first <= day <= exception.last:
                return exception.is_working
        return self.weekdays[day.weekday()] == "1"


MONDAY_TO_FRIDAY = Calendar()
EVERY_DAY = Calendar(weekdays="1111111")


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """
    A calendar over the days `base` … `base + length`, day 0 being `base`.

    `before[d]` counts the working days before day d; `days[k]` is the k-th working day.
    """

    before: list[int]
    days: list[int]


@lru_cache(maxsize=256)
def counter_of(calendar: Calendar) -> Workdays:
    """Return what counts a calendar's days; raises ScheduleError for a week without work."""
    if "1" not in calendar.weekdays:
        raise ScheduleError(TOO_FAR)
    exceptions = ((one.first, one.last, one.is_working) for one in calendar.exceptions)
    return workdays(calendar.weekdays, tuple(exceptions))


@lru_cache(maxsize=64)
def table_of(calendar: Calendar, base: int, length: int) -> CalendarTable:
    """Lay a calendar out from the ordinal `base`, which must be a Monday."""
    worked = counter_of(calendar).marks(base, length)
    return CalendarTable(
        before=[0, *accumulate(worked)],
        days=list(compress(range(length), worked)),
    )


def in_span(first: int, last: int, compute: Callable[[int, int], T]) -> T:
    """
    Call `compute(base, length)` with a span around two ordinals, widening it until it suffices.

    Raises ScheduleError when a thousand years do not.
    """
    room = 3_584
    while room < LIMIT:
        base = max(first - room, ORDINAL_OF_MONDAY)
        base -= (base - ORDINAL_OF_MONDAY) % STEP
        length = min(-(-(last + room - base) // STEP) * STEP, date.max.toordinal() - base)
        if length > LIMIT:
            break
        try:
            return compute(base, length)
        except (OutOfSpanError, IndexError):
            room *= 4
    raise ScheduleError(TOO_FAR)


def workday(calendar: Calendar, start: date, days: int) -> date:
    """Return the `days`-th working day after `start`, before it when negative; 0 is `start` itself."""
    if days == 0:
        return start
    number, counter = start.toordinal(), counter_of(calendar)
    count = counter.through(number) + days if days > 0 else counter.through(number - 1) + days + 1
    day = counter.at(count) if count > 0 else 0
    if not 0 < day <= date.max.toordinal() or abs(day - number) > LIMIT:
        raise ScheduleError(TOO_FAR)
    return date.fromordinal(day)


def networkdays(calendar: Calendar, start: date, end: date) -> int:
    """Count the working days from `start` to `end`, both included; negative when `end` is earlier."""
    if end < start:
        return -networkdays(calendar, end, start)
    return counter_of(calendar).between(start, end)


def finish_of(calendar: Calendar, start: date, duration: int) -> date:
    """Return the last day worked: WORKDAY(start − 1, duration); a milestone finishes on its start."""
    if duration == 0:
        return start
    return workday(calendar, date.fromordinal(start.toordinal() - 1), duration)
