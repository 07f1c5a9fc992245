"""Reporting weeks, months and fiscal years. Dates in, dates out; the caller reads the clock."""

from calendar import monthrange
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


def month_of(day: date) -> date:
    """Return the first day of the month, which names it."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def moved(day: date, days: int) -> date:
    """
    Return the day so many days later, negative for earlier; at the ends of all dates, the last one.

    A date that somebody mistyped, and that an earlier release took, must not stop a page.
    """
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def months_from(first: date, count: int) -> list[date]:
    """Return this many months, the one of `first` among them; fewer where dates end."""
    return _months(first.year * 12 + first.month - 1, count)


def _months(start: int, count: int) -> list[date]:
    """Return the months by number, January of year 0 being 0; years that no date has are left out."""
    begin, end = max(start, 12), min(start + count, (date.max.year + 1) * 12)
    return [date(number // 12, number % 12 + 1, 1) for number in range(begin, end)]


def fiscal_months(year: int, *, start_month: int) -> list[date]:
    """Return the twelve months of the fiscal year that ends in `year`; fewer where dates end."""
    return _months((year if start_month == 1 else year - 1) * 12 + start_month - 1, 12)


def working_days(start: date, end: date) -> int:
    """
    Count Monday–Friday days after `start` up to and including `end`; negative when `end` is earlier.

    No holidays: the figure scales a slip, it schedules nothing.
    """
    if end < start:
        return -working_days(end, start)
    weeks, rest = divmod((end - start).days, 7)
    return weeks * WORKDAYS + sum((start.weekday() + 1 + i) % 7 < WORKDAYS for i in range(rest))
