"""
The week's rhythm: when updates are due, people are reminded, the week is frozen, summaries compiled.

A week is named by its Monday and frozen once, as it stands at the end of its freeze day. All in the
organization's time zone, which the caller passes where a moment is meant.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from projects.domain.calendar import week_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Weekdays count from Monday, 0; times are the organization's own."""

    due_weekday: int = 4
    due_time: time = time(17, 0)
    remind_time: time = time(12, 0)  # on the day updates are due
    freeze_weekday: int = 6
    compile_weekday: int = 0
    compile_time: time = time(6, 0)

    @property
    def freeze_day(self) -> str:
        """The name of the day at whose end the week is frozen: "Sunday"."""
        return WEEKDAYS[self.freeze_weekday]

    @property
    def compile_day(self) -> str:
        return WEEKDAYS[self.compile_weekday]


def due_at(week: date, rhythm: Rhythm, *, zone: tzinfo) -> datetime:
    """Return when the updates of a week are due."""
    day = week + timedelta(days=rhythm.due_weekday)
    return datetime.combine(day, rhythm.due_time, tzinfo=zone)


def remind_at(week: date, rhythm: Rhythm, *, zone: tzinfo) -> datetime:
    """Return from when on those are reminded whose update of the week is missing."""
    day = week + timedelta(days=rhythm.due_weekday)
    return datetime.combine(day, rhythm.remind_time, tzinfo=zone)


def freeze_day(week: date, rhythm: Rhythm) -> date:
    """Return the day at whose end the week is frozen."""
    return week + timedelta(days=rhythm.freeze_weekday)


def week_to_freeze(today: date, rhythm: Rhythm) -> date:
    """Return the last freeze day that is over: the freeze that should exist by now."""
    day = freeze_day(week_of(today), rhythm)
    return day if day < today else day - WEEK


def compile_at(frozen: date, rhythm: Rhythm, *, zone: tzinfo) -> datetime:
    """Return when the summaries of a freeze are compiled: on the first such weekday after its day."""
    days = (rhythm.compile_weekday - frozen.weekday() - 1) % WEEK.days + 1
    return datetime.combine(frozen + timedelta(days=days), rhythm.compile_time, tzinfo=zone)


def is_week_before(before: date, day: date) -> bool:
    """True when one day is in the reporting week before another's, whichever days these are."""
    return week_of(day) - week_of(before) == WEEK
