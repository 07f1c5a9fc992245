"""The outline: summaries take their dates from the rows below, rows their numbers from their place."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from projects.domain.plan.calendars import ScheduleError
from projects.domain.plan.records import Activity, Key, Timing


class OutlinePlace(NamedTuple):
    """Where a row stands: its number such as 2.1.3, its depth, and whether rows lie below it."""

    outline: str
    depth: int
    is_summary: bool


def places_of(rows: Sequence[tuple[Key, Key | None]]) -> dict[Key, OutlinePlace]:
    """Number rows, given in the order of the plan as (key, parent); a parent comes before its rows."""
    parents = {parent for _, parent in rows}
    counts: dict[Key | None, int] = {}
    places: dict[Key, OutlinePlace] = {}
    for key, parent in rows:
        counts[parent] = counts.get(parent, 0) + 1
        number = str(counts[parent])
        if parent is None:
            places[key] = OutlinePlace(number, 0, key in parents)
        else:
            above = places[parent]
            places[key] = OutlinePlace(f"{above.outline}.{number}", above.depth + 1, key in parents)
    return places


def rolled_up(activities: Sequence[Activity], timings: dict[Key, Timing]) -> dict[Key, Timing]:
    """
    Add the summaries' timings: first start, last finish, least float, critical when a row below is.

    Percent complete is weighted by duration; equally when nothing below has one.
    """
    above = {a.key: a.parent for a in activities if a.parent is not None}
    if not above:
        return timings
    below: dict[Key, list[Key]] = {}
    for key, parent in above.items():
        below.setdefault(parent, []).append(key)
    durations = {a.key: a.duration for a in activities}
    for summary in _deepest_first(below, above):
        parts = [timings[key] for key in below[summary]]
        weights = [durations[key] for key in below[summary]]
        durations[summary] = sum(weights)
        timings[summary] = _summed(parts, weights)
    return timings


def _deepest_first(below: Mapping[Key, list[Key]], above: Mapping[Key, Key]) -> list[Key]:
    """Order the summaries so that each comes after those below it."""
    found = [summary for summary in below if summary not in above]
    for summary in found:
        found += [key for key in below[summary] if key in below]
    if len(found) < len(below):
        raise ScheduleError("A row of the plan lies inside itself.")
    return found[::-1]


def _summed(parts: Sequence[Timing], weights: Sequence[int]) -> Timing:
    total = sum(weights)
    shares = weights if total else [1] * len(parts)
    done = sum(part.percent * share for part, share in zip(parts, shares, strict=True))
    return Timing(
        min(part.start for part in parts),
        max(part.finish for part in parts),
        min(part.late_start for part in parts),
        max(part.late_finish for part in parts),
        min((part.total_float for part in parts if part.total_float is not None), default=None),
        min((part.free_float for part in parts if part.free_float is not None), default=None),
        any(part.is_critical for part in parts),
        any(part.on_longest_path for part in parts),
        done // (total or len(parts)),
    )
