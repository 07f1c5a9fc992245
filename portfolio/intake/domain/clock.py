"""
The clock of triage: so many working days to an answer, standing still while a question is asked.

Day 0 is the day on which the clock starts. Source: rules 1g and "an answer in ten working days" of the
intake rules; the number of days is a setting.
"""

from datetime import date

from projects.domain.calendar import moved
from projects.domain.workdays import Workdays

SOON = 5  # working days within which an answer is said to be due soon


def days_between(since: date, today: date, calendar: Workdays) -> int:
    """Count the working days after `since` up to and including `today`; 0 before it."""
    return calendar.between(moved(since, 1), today)


def due_on(since: date, *, used: int, days: int, calendar: Workdays) -> date:
    """Return the day by which the answer is due, when `used` of the `days` had gone before `since`."""
    left = max(days - used, 0)
    return calendar.nth(left, since=moved(since, 1)) if left else since


def soon_until(today: date, calendar: Workdays) -> date:
    """Return the last day that counts as soon."""
    return calendar.nth(SOON, since=moved(today, 1))
