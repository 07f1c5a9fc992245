"""
Count working days: the one place that knows which days a calendar works.

A week's pattern, and exceptions in both directions. The days are counted from the first day of the
year 1, a Monday, so that any two counts can be subtracted. Between exceptions every week is alike, so
nothing is laid out day by day and an exception may be as long as it likes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

WEEK = 7


class Workdays:
    """Exceptions are (first, last, is worked); where two overlap, the later one of the list holds."""

    def __init__(self, weekdays: str, exceptions: Iterable[tuple[date, date, bool]] = ()) -> None:
        worked = [day == "1" for day in weekdays]
        if len(worked) != WEEK or not any(worked):
            raise ValueError("A week has seven days, at least one of them worked.")
        self._worked = worked
        self._before = [sum(worked[:days]) for days in range(WEEK)]
        self._week = sum(worked)
        self._nth = [number for number, is_worked in enumerate(worked, start=1) if is_worked]
        spans = [
            (first.toordinal(), last.toordinal() + 1, does) for first, last, does in exceptions
        ]
        # stretches of days with one rule: all worked, none, or None for the pattern of the week
        self._starts = sorted({end for first, after, _ in spans for end in (first, after)})
        self._rules = _painted(self._starts, spans)
        self._counts, self._offsets = [0], [0]  # what is worked before each stretch
        for start, (rule, following) in zip(self._starts, pairwise(self._rules), strict=True):
            count = self._offsets[-1] + self._alone(start - 1, rule)
            self._counts.append(count)
            self._offsets.append(count - self._alone(start - 1, following))

    def _alone(self, day: int, rule: bool | None) -> int:  # noqa: FBT001 - a value of three
        """Count the days up to and including a day as if one rule held for all of them."""
        if rule is None:
            weeks, rest = divmod(day, WEEK)
            return weeks * self._week + self._before[rest]
        return day if rule else 0

    def through(self, day: int) -> int:
        """Count the days worked up to and including a day, given as an ordinal."""
        weeks, rest = divmod(day, WEEK)
        count = weeks * self._week + self._before[rest]
        if not self._starts:
            return count
        place = bisect_right(self._starts, day)
        rule = self._rules[place]
        return self._offsets[place] + (count if rule is None else day if rule else 0)

    def at(self, count: int) -> int:
        """Return the ordinal of the day on which a count is reached; the other way of `through`."""
        place = bisect_left(self._counts, count) - 1 if self._starts else 0
        count -= self._offsets[place]
        if self._rules[place]:
            return count
        weeks, rest = divmod(count - 1, self._week)
        return weeks * WEEK + self._nth[rest]

    def between(self, first: date, last: date) -> int:
        """Count the days worked from `first` to `last`, both included; 0 when they are reversed."""
        return max(self.through(last.toordinal()) - self.through(first.toordinal() - 1), 0)

    def nth(self, number: int, *, since: date) -> date:
        """
        Return the day on which the `number`th working day since `since` falls; 1 is the first.

        The last of all days where there are not so many.
        """
        day = self.at(self.through(since.toordinal() - 1) + number)
        return date.fromordinal(min(day, date.max.toordinal()))

    def marks(self, base: int, length: int) -> bytearray:
        """Lay so many days out from the ordinal `base`, a Monday: 1 where work is done."""
        marks = bytearray(self._worked) * (length // WEEK + 1)
        del marks[length:]
        ends = [*self._starts[1:], base + length]
        for start, end, rule in zip(self._starts, ends, self._rules[1:], strict=False):
            first, after = max(start - base, 0), min(end - base, length)
            if rule is not None and first < after:
                marks[first:after] = bytes([rule]) * (after - first)
        return marks


def _painted(starts: Sequence[int], spans: Iterable[tuple[int, int, bool]]) -> list[bool | None]:
    """Return the rule of each stretch, the first one being what lies before any start."""
    rules: list[bool | None] = [None] * (len(starts) + 1)
    for first, after, does in spans:
        if first < after:
            begin, end = bisect_right(starts, first), bisect_right(starts, after)
            rules[begin:end] = [does] * (end - begin)
    return rules


@lru_cache(maxsize=1024)
def workdays(weekdays: str, exceptions: tuple[tuple[date, date, bool], ...] = ()) -> Workdays:
    """Return the counter of a calendar; most baselines share a few."""
    return Workdays(weekdays, exceptions)


MONDAY_TO_FRIDAY = workdays("1111100")
