"""
When does each task of a plan run, and which of them decide when it ends?

The critical path method with four kinds of links, lags, several calendars, constraints and progress.
An N-day task that starts on working day D finishes on D + (N−1) working days. Total float is the
working days by which a task may slip without moving the end, free float without moving what follows;
critical are floats up to the threshold, and the longest path is kept beside that.
Conventions: decision 16 (docs/adr); the method is Kelley and Walker's of 1959.
"""

from datetime import date
from functools import lru_cache
from operator import attrgetter

from projects.domain.collecting import uncollected
from projects.domain.plan.calendars import (
    MONDAY_TO_FRIDAY,
    Calendar,
    ScheduleError,
    in_span,
    table_of,
)
from projects.domain.plan.graph import Graph, graph_of
from projects.domain.plan.longest import longest_path
from projects.domain.plan.outline import rolled_up
from projects.domain.plan.passes import NONE, Times, backward, forward, remaining
from projects.domain.plan.records import Key, Plan, Schedule, Timing

__all__ = ["MONDAY_TO_FRIDAY", "ScheduleError", "schedule"]
FINISH = attrgetter("finish")


def schedule(plan: Plan) -> Schedule:
    """Compute a plan; raises CycleError, and ScheduleError with a sentence for other bad input."""
    with uncollected():
        return _scheduled(plan)


def _scheduled(plan: Plan) -> Schedule:
    graph = graph_of(plan.activities, plan.links)
    if not graph.leaves:
        return Schedule(finish=None, timings={})
    known = [plan.start, plan.data_date, plan.imposed_finish]
    for activity in graph.leaves:
        if activity.constraint_date or activity.actual_start or activity.actual_finish:
            known += (activity.constraint_date, activity.actual_start, activity.actual_finish)
    ordinals = [day.toordinal() for day in known if day]

    def compute(base: int, length: int) -> dict[Key, Timing]:
        times = _times(plan, graph, base, length)
        forward(times)
        path = longest_path(times)
        if plan.imposed_finish:
            times.end = plan.imposed_finish.toordinal() - base + 1
        backward(times)
        return _timings(plan, times, path, _dates(base, length))

    timings = in_span(min(ordinals), max(ordinals), compute)
    finish = max(map(FINISH, timings.values()))
    return Schedule(finish=finish, timings=rolled_up(plan.activities, timings))


def _times(plan: Plan, graph: Graph, base: int, length: int) -> Times:
    calendars: dict[Key, Calendar] = {**plan.calendars, None: plan.calendar}
    floor = max(plan.start, plan.data_date or plan.start).toordinal() - base
    laid = {}
    for key, calendar in calendars.items():
        if "1" not in calendar.weekdays:
            raise ScheduleError("A calendar has no working day in its week.")
        table = table_of(calendar, base, length)
        laid[key] = table, table.days[table.before[floor]]
    try:
        chosen = [laid[activity.calendar] for activity in graph.leaves]
    except KeyError as error:
        raise ScheduleError(f"A task names a calendar that is not there: {error}.") from None
    gates = len(graph.names) - len(graph.leaves)
    special = [
        node
        for node, activity in enumerate(graph.leaves)
        if activity.constraint is not NONE or activity.actual_start is not None
    ]
    work = [activity.duration for activity in graph.leaves]
    for node in special:
        work[node] = remaining(graph.leaves[node])
    return Times(
        graph=graph,
        tables=[table for table, _ in chosen] + [laid[None][0]] * gates,
        floors=[first for _, first in chosen] + [0] * gates,
        base=base,
        data_day=floor if plan.data_date else 0,
        work=work + [0] * gates,
        special=special,
    )


@lru_cache(maxsize=8)
def _dates(base: int, length: int) -> list[date]:
    return [date.fromordinal(number) for number in range(base, base + length)]


def _timings(plan: Plan, times: Times, path: list[bool], dates: list[date]) -> dict[Key, Timing]:
    threshold, make = plan.critical_float, tuple.__new__  # a third of a named tuple's own time
    rows = zip(
        times.graph.leaves,
        times.start,
        times.finish,
        times.late_start,
        times.late_finish,
        times.total,
        times.free,
        path,
        strict=False,  # gates have times and no row
    )
    timings: dict[Key, Timing] = {
        activity.key: make(
            Timing,
            (
                dates[start],
                dates[finish - 1],
                dates[late_start],
                dates[late_finish - 1],
                total,
                free,
                total <= threshold,
                on_path,
                activity.percent,
            ),
        )
        for activity, start, finish, late_start, late_finish, total, free, on_path in rows
    }
    for node, activity in enumerate(times.graph.leaves):
        if not activity.duration or activity.actual_start:
            timings[activity.key] = _other(times, node, path[node], threshold, dates)
    return timings


def _other(
    times: Times,
    node: int,
    on_path: bool,  # noqa: FBT001 - a part of the node's result
    threshold: int,
    dates: list[date],
) -> Timing:
    """Return the timing of a milestone or of a task that has started."""
    activity = times.graph.leaves[node]
    began = activity.actual_start
    if began and (activity.actual_finish or not activity.duration):
        ended = activity.actual_finish or began
        return Timing(began, ended, began, ended, None, None, False, False, 100)
    total, free = times.total[node], times.free[node]
    is_critical = total <= threshold
    if activity.actual_start:
        first, last = activity.actual_start, dates[times.finish[node] - 1]
        late = dates[times.late_finish[node] - 1]
        return Timing(first, last, first, late, total, free, is_critical, on_path, activity.percent)
    day, late_day = _milestone_days(times, node)
    at, late = dates[day], dates[late_day]
    return Timing(at, at, late, late, total, free, is_critical, on_path, activity.percent)


def _milestone_days(times: Times, node: int) -> tuple[int, int]:
    """Return the day of a milestone, and the day to which its float reaches."""
    at_end = node in times.at_end
    instant, late, table = times.start[node], times.late_start[node], times.tables[node]
    day = instant - at_end
    if times.total[node] == 0:
        return day, day
    if at_end or late == times.end:
        return day, table.days[table.before[late] - 1]
    return day, table.days[table.before[late]]
