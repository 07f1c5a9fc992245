"""
What made the finishes of many projects move since they were first approved?

Days of different projects add up to no date. The average project has a bridge, whose bars add up; an
average hides who is late, so for all projects, and for each cause, the middle project (the median) and
the one that moved furthest are given too, and how many projects the cause touched.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from projects.domain.earning import bridge

ALL = "all"


class MovedFinish(NamedTuple):
    """One project and by how many days something moved its finish; positive is later."""

    name: str
    days: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """The projects that one cause moved: how many, the middle of them, and the furthest."""

    code: str
    label: str
    projects: int
    middle: Decimal
    furthest: MovedFinish


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Of all projects that can be compared, and by cause; `left_out` is how many lack a date."""

    whole: Delay
    causes: tuple[Delay, ...]
    later: int
    left_out: int = 0


class _Moved:
    """The days that something moved projects by, and which of them it moved furthest."""

    def __init__(self) -> None:
        self.days: list[Decimal] = []
        self._furthest = (Decimal(-1), Decimal(), "")

    def add(self, name: str, days: Decimal) -> None:
        self.days.append(days)
        size = abs(days)
        if size >= self._furthest[0]:
            self._furthest = max(self._furthest, (size, days, name))

    def delay(self, code: str, label: str) -> Delay:
        _size, days, name = self._furthest
        return Delay(
            code=code,
            label=label,
            projects=len(self.days),
            middle=Decimal(median(self.days)),
            furthest=MovedFinish(name, days),
        )


class DelayTotal:
    """Sorts bridges of the finish by cause, without keeping them: a portfolio has thousands."""

    def __init__(self) -> None:
        self._whole, self._left_out = _Moved(), 0
        self._causes: dict[str, _Moved] = defaultdict(_Moved)

    def add(self, name: str, days: Decimal, parts: Iterable[tuple[str, Decimal]]) -> None:
        """Count a project that moved by `days` in all, and by its parts."""
        self._whole.add(name, days)
        for code, amount in parts:
            if amount:
                self._causes[code].add(name, amount)

    def leave_out(self) -> None:
        self._left_out += 1

    def delays(self) -> Delays | None:
        """Return what moved the finishes; None where no project could be compared."""
        if not self._whole.days:
            return None
        return Delays(
            whole=self._whole.delay(ALL, "All projects"),
            causes=tuple(
                self._causes[code].delay(code, label)
                for code, label in bridge.LABELS.items()
                if code in self._causes
            ),
            later=sum(days > 0 for days in self._whole.days),
            left_out=self._left_out,
        )
