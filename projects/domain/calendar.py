"""Reporting weeks and fiscal years. Dates in, dates out; the caller reads the clock."""

from datetime import date, timedelta

WORKDAYS = 5  # Monday to Friday


def week_of(day: date) -> date:
    """Return the Monday that names the reporting week of `day`."""
    return day - timedelta(days=day.weekday())


def fiscal_year(day: date, *, start_month: int) -> int:
    """Return the calendar year in which the fiscal year of `day` ends."""
    if start_month == 1:
        return day.year
    return day.year + (day.month >= start_month)


def fiscal_year_label(year: int, *, start_month: int) -> str:
    return f"FY{year}" if start_month == 1 else f"FY{year - 1}/{year % 100:02}"


def working_days(start: date, end: date) -> int:
    """
    Count Monday–Friday days after `start` up to and including `end`; negative when `end` is earlier.

    No holidays: the figure scales a slip, it schedules nothing.
    """
    if end < start:
        return -working_days(end, start)
    weeks, rest = divmod((end - start).days, 7)
    return weeks * WORKDAYS + sum((start.weekday() + 1 + i) % 7 < WORKDAYS for i in range(rest))
