"""Forecasts by month in words."""

from collections.abc import Sequence
from datetime import date

MOST_NAMED = 3


def left_out_as_over(months: Sequence[date]) -> str:
    """Say which columns are not read, for their months are over."""
    named = ", ".join(f"{month:%b %Y}" for month in months[:MOST_NAMED])
    more = len(months) - MOST_NAMED
    listed = f"{named} and {more:,} more" if more > 0 else named
    return f"Left out as months that are over: {listed}. What they cost is recorded as actual cost."
