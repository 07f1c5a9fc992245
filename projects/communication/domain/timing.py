"""
When a message is due: once or again and again, on a date or so many days from a milestone.

All offsets are calendar days from the milestone's date (T-30 is -30). Lateness is counted in working
days, Monday to Friday, from the day after the due date on.
"""

from calendar import monthrange
from datetime import date, timedelta

from projects.domain.calendar import moved
from projects.domain.labels import Labeled
from projects.domain.workdays import MONDAY_TO_FRIDAY

# GOVERN 11c: due and not sent for so many working days stands in the report
LATE_FROM = 5


class Cadence(Labeled):
    ONCE = "once"
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every two weeks"
    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every three months"


DAYS = {Cadence.DAILY: 1, Cadence.WEEKLY: 7, Cadence.FORTNIGHTLY: 14}
MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}


def shifted(day: date | None, offset: int) -> date | None:
    """Return the day so many calendar days from another; None without one, or past all calendars."""
    if day is None:
        return None
    try:
        return day + timedelta(days=offset)
    except OverflowError:
        return None


def after_months(first: date, months: int) -> date:
    """Return the same day so many months later, or the last of a month that is too short; at most the last day."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def occurrence_after(first: date, cadence: Cadence, day: date | None) -> date:
    """
    Return the first occurrence later than `day`; the very first one where `day` is None or earlier.

    Past the end of all dates it is the last one.
    """
    if day is None or day < first:
        return first
    if cadence in DAYS:
        step = DAYS[cadence]
        return moved(first, ((day - first).days // step + 1) * step)
    step = MONTHS[cadence]
    passed = (day.year - first.year) * 12 + day.month - first.month
    number = passed // step
    found = after_months(first, number * step)
    return found if found > day else after_months(first, (number + 1) * step)


def next_due(
    *, first: date | None, cadence: Cadence, until: date | None, done_through: date | None
) -> date | None:
    """
    Return the day on which the message is due next; None when nothing more is due.

    `first` is the first due day (None: no date is known), `until` the last day of a repeated message (None:
    it goes on), `done_through` the later of the last sending and of the due day it answered.
    """
    if first is None:
        return None
    if cadence is Cadence.ONCE:
        return first if done_through is None else None
    due = occurrence_after(first, cadence, done_through)
    is_over = (until is not None and due > until) or (
        done_through is not None and due <= done_through
    )
    return None if is_over else due


def working_days_late(due: date, today: date) -> int:
    """Count the working days from the day after `due` through `today`; 0 when it is not past."""
    return MONDAY_TO_FRIDAY.between(moved(due, 1), today)


def is_late(due: date | None, today: date) -> bool:
    """Say whether what was due on a day stands in the report by today."""
    return due is not None and working_days_late(due, today) >= LATE_FROM


def late_through(today: date) -> date:
    """Return the last due day that is late by today: everything due on it or before is."""
    counted = MONDAY_TO_FRIDAY.through(today.toordinal())
    return date.fromordinal(MONDAY_TO_FRIDAY.at(counted - LATE_FROM + 1) - 1)
