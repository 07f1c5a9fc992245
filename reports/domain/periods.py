"""
Which frozen day does a page show, and with which does it compare?

A page shows the last freeze on or before the day that was asked for, or now. What it compares with
is the freeze before.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The freeze shown (None = now), the one before and the one after it (None = there is none)."""

    asked: date | None = None
    shown: date | None = None
    before: date | None = None
    after: date | None = None
    first: date | None = None
    is_too_early: bool = False  # asked for a day before the first freeze; nothing can be shown

    @property
    def is_now(self) -> bool:
        return self.shown is None and not self.is_too_early

    @property
    def is_exact(self) -> bool:
        """True unless the day asked for was not frozen itself."""
        return self.asked is None or self.asked == self.shown

    def is_weekly(self, today: date) -> bool:
        """True when what came before is about a week older: then it is called "last week"."""
        if self.before is None:
            return False
        shown = self.shown or today
        return (shown - self.before).days <= (WEEK if self.shown else 2 * WEEK - 1)


def period_of(freezes: Iterable[date], *, asked: date | None, today: date) -> Period:
    """Choose among the frozen days; asking for today, a later day or None shows now."""
    days = sorted(set(freezes))
    first = days[0] if days else None
    if asked is None or asked >= today:
        return Period(asked=asked, before=days[-1] if days else None, first=first)
    place = bisect_right(days, asked)
    if place == 0:
        return Period(asked=asked, first=first, is_too_early=True)
    return Period(
        asked=asked,
        shown=days[place - 1],
        before=days[place - 2] if place > 1 else None,
        after=days[place] if place < len(days) else None,
        first=first,
    )
