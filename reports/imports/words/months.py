"""Forecasts by month in words."""

from collections.abc import Sequence
from datetime import date

MOST_NAMED = 3


NO_YEAR = "Leave these columns out"
ASKED = "Say of which year the months are."


def left_out_as_over(months: Sequence[date]) -> str:
    """Say which columns are not read, for their months are over."""
    listed = _listed([f"{month:%b %Y}" for month in months])
    return f"Left out as months that are over: {listed}. What they cost is recorded as actual cost."


def left_out_without_year(headers: Sequence[str]) -> str:
    """Say which columns are not read, for nobody said of which year they are."""
    return (
        f"Left out as months without a year: {_listed(headers)}. Say with which month they begin."
    )


def twelve_months(first: date, *, fiscal_start: int) -> str:
    """Name the twelve months from `first` on, and the year that they are where they are one."""
    last = date(first.year + (first.month > 1), (first.month - 2) % 12 + 1, 1)
    named = f"{first:%b %Y} to {last:%b %Y}"
    if first.month == fiscal_start:
        return f"{named} (fiscal year {last.year})"
    return f"{named} (calendar year)" if first.month == 1 else named


def months_asked(headers: Sequence[str]) -> str:
    return f"Columns without a year: {_listed(headers)}."


def _listed(names: Sequence[str]) -> str:
    named = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{named} and {more:,} more" if more > 0 else named
