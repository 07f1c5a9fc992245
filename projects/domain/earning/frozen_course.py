"""
What should have been done by each past day, as it was said then.

A later baseline says nothing of the days before it: what was planned of them was frozen week by week,
and where a new baseline took over, the line steps. Only what lies ahead is the current baseline's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

Points = list[tuple[date, Decimal]]


class FrozenPoint(NamedTuple):
    """Planned value at a frozen day, and the number of the baseline that said so."""

    day: date
    baseline: int | None
    planned: Decimal | None


class Took(NamedTuple):
    """The first known day of a later baseline."""

    day: date
    baseline: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCourse:
    """The line of planned value; two points of one day are the step of a new baseline."""

    points: Sequence[tuple[date, Decimal]]
    took: Sequence[Took] = ()


def planned_course(
    frozen: Iterable[FrozenPoint],
    *,
    today: FrozenPoint,
    curve: Sequence[tuple[date, Decimal]],
    since: date | None,
) -> PlannedCourse:
    """
    Join what was frozen before today, what is planned by today, and the current baseline ahead.

    `curve` is the current baseline's own, and `since` the day from which it held (None: always, as the
    first one's). Before the first frozen day the current one speaks only where it held already.
    """
    past = [one for one in frozen if one.planned is not None and one.day < today.day]
    if today.planned is not None:
        past.append(today)
    if not past:
        return PlannedCourse(points=list(curve))
    first = past[0]
    points: Points = []
    if first.baseline == today.baseline:
        points = [p for p in curve if p[0] < first.day and (since is None or p[0] >= since)]
    took = []
    for before, one in zip([None, *past[:-1]], past, strict=True):
        if one.planned is None:
            continue
        if before and before.planned is not None and before.baseline != one.baseline:
            points.append((one.day, before.planned))
            if one.baseline is not None:
                took.append(Took(one.day, one.baseline))
        points.append((one.day, one.planned))
    if today.planned is not None:
        points += [point for point in curve if point[0] > today.day]
    return PlannedCourse(points=points, took=took)
