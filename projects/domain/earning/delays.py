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


def delays_of(ways: Iterable[tuple[str, bridge.BridgeSum | None]]) -> Delays | None:
    """Sort the bridges of the finish, each with its project's name, by cause; None where there are none."""
    rows = list(ways)
    found = [(name, one) for name, one in rows if one is not None]
    if not found:
        return None
    by_cause: dict[str, list[MovedFinish]] = defaultdict(list)
    for name, one in found:
        for code, amount in one.parts:
            if amount:
                by_cause[code].append(MovedFinish(name, amount))
    whole = [MovedFinish(name, one.difference) for name, one in found]
    return Delays(
        whole=_delay(ALL, "All projects", whole),
        causes=tuple(
            _delay(code, label, by_cause[code])
            for code, label in bridge.LABELS.items()
            if code in by_cause
        ),
        later=sum(one.days > 0 for one in whole),
        left_out=len(rows) - len(found),
    )


def _delay(code: str, label: str, moved: list[MovedFinish]) -> Delay:
    return Delay(
        code=code,
        label=label,
        projects=len(moved),
        middle=Decimal(median([one.days for one in moved])),
        furthest=max(moved, key=lambda one: (abs(one.days), one.days, one.name)),
    )
