"""
Which frozen day does a page show, and with which does it compare?

A page shows the last freeze on or before the day that was asked for, or now. What it compares with
is the regular freeze before; one that was taken early is that only where there is no other. On a day
that was frozen early and at its end, the end counts.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from projects.domain.calendar import week_of
from projects.domain.rhythm import is_week_before

RECENT = 13  # days: what is compared with now is called "last week" no longer than that
EARLY = "early"


class FrozenDay(NamedTuple):
    """One freeze: its day, and whether somebody took it before the week's."""

    date: date
    is_early: bool = False

    @property
    def key(self) -> str:
        """Name it in forms and jobs: "2026-11-25-early"."""
        return f"{self.date.isoformat()}-{EARLY}" if self.is_early else self.date.isoformat()

    @classmethod
    def of(cls, key: str) -> "FrozenDay":
        """Return the freeze of that name; raises ValueError for any other text."""
        day = key.removesuffix(f"-{EARLY}")
        return cls(date.fromisoformat(day), day != key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The freeze shown (None = now), what it is compared with, and its neighbors (None = there is none)."""

    asked: date | None = None
    shown: date | None = None
    is_early: bool = False  # what is shown was taken early
    before: date | None = None
    before_is_early: bool = False
    earlier: date | None = None
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
        if self.shown:
            return is_week_before(self.before, self.shown)
        return week_of(self.before) != week_of(today) and (today - self.before).days <= RECENT


def freeze_before(freezes: Iterable[FrozenDay], day: date) -> FrozenDay | None:
    """Return what a freeze of `day` is compared with: the last regular one, else the last early one."""
    earlier = [one for one in freezes if one.date < day]
    return max(earlier, key=lambda one: (not one.is_early, one.date), default=None)


def freeze_on_or_before(freezes: Iterable[FrozenDay], day: date) -> FrozenDay | None:
    """Return the last freeze that is not after a day; None when nothing was frozen by then."""
    known = shown_freezes(freezes)
    place = bisect_right(known, day, key=lambda one: one.date)
    return known[place - 1] if place else None


def period_of(freezes: Iterable[FrozenDay], *, asked: date | None, today: date) -> Period:
    """Choose among the freezes; asking for today, a later day or None shows now."""
    known = shown_freezes(freezes)
    days = [one.date for one in known]
    first = days[0] if days else None
    if asked is not None and asked < today:
        place = bisect_right(days, asked)
        if place == 0:
            return Period(asked=asked, first=first, is_too_early=True)
        shown, until = known[place - 1], days[place - 1]
    else:
        place, shown, until = bisect_left(days, today) + 1, None, today
    before = freeze_before(known, until)
    return Period(
        asked=asked,
        shown=shown.date if shown else None,
        is_early=shown is not None and shown.is_early,
        before=before.date if before else None,
        before_is_early=before is not None and before.is_early,
        earlier=days[place - 2] if place > 1 else None,
        after=days[place] if shown and place < len(days) else None,
        first=first,
    )


def shown_freezes(freezes: Iterable[FrozenDay]) -> list[FrozenDay]:
    """Return one freeze of each day, oldest first: the day's end where it was frozen twice."""
    known: dict[date, FrozenDay] = {}
    for one in sorted(set(freezes), reverse=True):
        known[one.date] = one  # the regular one sorts first, so it comes last and stays
    return sorted(known.values())
