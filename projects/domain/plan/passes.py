"""
The two passes of the critical path method, over several calendars.

Times are instants: the start of a day, counted from the first day of the calendars' tables. A
finish is the start of the day after the last day worked, so a task that follows starts at the same
instant or on its next working day. Forward, for a tie with lag L and a task of duration d:
FS: ES ≥ EF+L; SS: ES ≥ ES+L; FF: EF ≥ EF+L; SF: EF ≥ ES+L. Backward the same ties bound LF and LS,
and nothing is later than the end. What has started keeps its actual start, and what remains of it
runs from the data date; ties can then only hold back its finish.
"""

from dataclasses import dataclass, field
from math import ceil

from projects.domain.kinds import Constraint
from projects.domain.plan.calendars import CalendarTable, OutOfSpanError
from projects.domain.plan.graph import Graph, Tie
from projects.domain.plan.records import Activity

NONE = Constraint.NONE
STARTS_FROM = frozenset({Constraint.START_NOT_BEFORE, Constraint.MUST_START})
FINISHES_FROM = frozenset({Constraint.FINISH_NOT_BEFORE, Constraint.MUST_FINISH})
STARTS_BY = frozenset({Constraint.START_NOT_AFTER, Constraint.MUST_START})
FINISHES_BY = frozenset({Constraint.FINISH_NOT_AFTER, Constraint.MUST_FINISH})


@dataclass(slots=True)
class Times:
    """
    The instants of each node. `work` is what is left to do, in working days; `special` are the nodes
    with a constraint or an actual date.

    `at_end` marks milestones reached at the end of a day: their date is the day before the instant.
    """

    graph: Graph
    tables: list[CalendarTable]
    floors: list[int]  # before this instant nothing starts
    base: int
    data_day: int
    work: list[int]
    special: list[int]
    end: int = 0
    reached: list[int] = field(default_factory=list)  # by plain ties, and at least the floor
    start: list[int] = field(default_factory=list)
    finish: list[int] = field(default_factory=list)
    at_end: set[int] = field(default_factory=set)
    late_start: list[int] = field(default_factory=list)
    late_finish: list[int] = field(default_factory=list)
    near_start: list[int] = field(default_factory=list)
    near_finish: list[int] = field(default_factory=list)
    total: list[int] = field(default_factory=list)
    free: list[int] = field(default_factory=list)


def _at(instant: int) -> int:
    """Return an instant or index that lies within the table."""
    if instant < 0:
        raise OutOfSpanError
    return instant


def _day(times: Times, activity: Activity) -> int:
    assert activity.constraint_date is not None  # noqa: S101 - every constraint has a date
    return activity.constraint_date.toordinal() - times.base


def _slow(times: Times, ties: dict[int, list[Tie]]) -> list[bool]:
    """Mark the nodes for which the short way does not do."""
    slow = [False] * len(times.work)
    for node in ties:
        slow[node] = True
    for node in times.special:
        slow[node] = True
    return slow


def forward(times: Times) -> None:
    """Fill in the early dates and the end."""
    graph, work, tables, floors = times.graph, times.work, times.tables, times.floors
    times.start = start = [0] * len(work)
    times.finish = finish = [0] * len(work)
    times.reached = reached = floors[:]
    plain, slow = graph.plain, _slow(times, graph.ties_in)
    for node in graph.order:
        if slow[node]:
            _forward_slowly(times, node)
            end = finish[node]
        else:
            begin, days = reached[node], work[node]
            if days:
                table = tables[node]
                index = table.before[begin]
                start[node] = table.days[index]
                finish[node] = end = table.days[index + days - 1] + 1
            else:
                start[node] = finish[node] = end = begin
                if begin > floors[node]:
                    times.at_end.add(node)
        for s in plain[node]:
            if reached[s] < end:  # noqa: PLR1730 - the call of max() takes longer than all the rest
                reached[s] = end
    times.end = max(finish[: len(graph.leaves)])


def _forward_slowly(times: Times, node: int) -> None:
    leaves = times.graph.leaves
    activity = leaves[node] if node < len(leaves) else None
    if activity and activity.actual_start:
        _place_started(times, node, activity)
    elif times.work[node]:
        _place_work(times, node, activity)
    else:
        _place_milestone(times, node, activity)


def arrival(times: Times, tie: Tie) -> int:
    """Return the instant from which a tie lets its successor start or finish."""
    node, from_finish, _, lag, is_elapsed = tie
    instant = times.finish[node] if from_finish else times.start[node]
    if not lag:
        return instant
    if is_elapsed:
        return max(instant + lag, 0)
    table = times.tables[node]
    index = table.before[instant] + lag
    return table.days[_at(index - 1)] + 1 if from_finish else table.days[_at(index)]


def finish_index(times: Times, node: int, tie: Tie) -> int:
    """Return how many working days must lie before the finish, as a tie to a finish asks."""
    instant, before = arrival(times, tie), times.tables[node].before
    return before[max(instant - 1, 0)] + 1 if tie.from_finish else before[instant]


def _place_started(times: Times, node: int, activity: Activity) -> None:
    assert activity.actual_start is not None  # noqa: S101 - the caller looked
    start = _at(activity.actual_start.toordinal() - times.base)
    times.start[node] = start
    if activity.actual_finish or not activity.duration:
        last = activity.actual_finish or activity.actual_start
        times.finish[node] = last.toordinal() - times.base + 1
        if not activity.duration:
            times.start[node] = times.finish[node]
            times.at_end.add(node)
        return
    table = times.tables[node]
    index = table.before[max(times.data_day, start)] + times.work[node]
    for tie in times.graph.ties_in.get(node, ()):
        index = max(index, finish_index(times, node, tie))
    times.finish[node] = max(table.days[_at(index - 1)] + 1, start + 1)


def _place_work(times: Times, node: int, activity: Activity | None) -> None:
    table, work = times.tables[node], times.work[node]
    begin, index = times.reached[node], 0
    for tie in times.graph.ties_in.get(node, ()):
        if tie.to_start:
            begin = max(begin, arrival(times, tie))
        else:
            index = max(index, finish_index(times, node, tie))
    if activity and activity.constraint in STARTS_FROM:
        begin = max(begin, _day(times, activity))
    elif activity and activity.constraint in FINISHES_FROM:
        day = _day(times, activity)
        strictly = activity.constraint is Constraint.FINISH_NOT_BEFORE
        index = max(index, table.before[day] + 1 if strictly else table.before[day + 1])
    first = max(table.before[begin], index - work)
    times.start[node] = table.days[first]
    times.finish[node] = table.days[first + work - 1] + 1


def _place_milestone(times: Times, node: int, activity: Activity | None) -> None:
    by_start, by_finish = times.floors[node], times.reached[node]
    for tie in times.graph.ties_in.get(node, ()):
        if tie.from_finish:
            by_finish = max(by_finish, arrival(times, tie))
        else:
            by_start = max(by_start, arrival(times, tie))
    if activity and activity.constraint in STARTS_FROM:
        by_start = max(by_start, _day(times, activity))
    elif activity and activity.constraint in FINISHES_FROM:
        by_finish = max(by_finish, _day(times, activity) + 1)
    times.start[node] = times.finish[node] = max(by_start, by_finish)
    if by_finish > by_start:
        times.at_end.add(node)


def backward(times: Times) -> None:
    """Fill in the late dates and the floats; needs the early ones."""
    graph, work, tables, end = times.graph, times.work, times.tables, times.end
    size, leaves = len(work), len(graph.leaves)
    times.late_start = late_start = [0] * size
    times.late_finish = late_finish = [0] * size
    times.total, times.free = [0] * size, [0] * size
    total, free, plain, finish = times.total, times.free, graph.plain, times.finish
    # where a task's free float ends: a successor's early dates, seen through gates
    times.near_start, times.near_finish = times.start[:], finish[:]
    near_start, slow = times.near_start, _slow(times, graph.ties_out)
    for node in reversed(graph.order):
        late = near = end
        for s in plain[node]:
            if late_start[s] < late:  # noqa: PLR1730 - as in the forward pass
                late = late_start[s]
            if near_start[s] < near:  # noqa: PLR1730 - the same
                near = near_start[s]
        if slow[node]:
            late, near = _held(times, node, late, near)
        table, days = tables[node], work[node]
        before = table.before
        index, early = before[late], before[finish[node]]
        total[node] = index - early
        free[node] = before[near] - early
        if days:
            if index < days:
                raise OutOfSpanError
            late_start[node] = table.days[index - days]
            late_finish[node] = table.days[index - 1] + 1
        else:
            late_start[node] = late_finish[node] = late
        if node >= leaves:
            times.near_start[node] = times.near_finish[node] = near


def _held(times: Times, node: int, late: int, near: int) -> tuple[int, int]:
    """Lower the latest and the nearest finish of a node to what its other ties and dates allow."""
    leaves = times.graph.leaves
    activity = leaves[node] if node < len(leaves) else None
    has_started = activity is not None and activity.actual_start is not None
    for tie in times.graph.ties_out.get(node, ()):
        if has_started and not tie.from_finish:
            continue
        back = _back_from_finish if tie.from_finish else _back_from_start
        if tie.to_start:
            late = min(late, back(times, node, tie, times.late_start[tie.node]))
            near = min(near, back(times, node, tie, times.near_start[tie.node]))
        else:
            late = min(late, back(times, node, tie, times.late_finish[tie.node]))
            near = min(near, back(times, node, tie, times.near_finish[tie.node]))
    if activity and activity.constraint is not NONE and not has_started:
        late = min(late, _imposed(times, node, activity))
    return late, near


def _back_from_finish(times: Times, node: int, tie: Tie, bound: int) -> int:
    """Return the latest finish of `node` from which a lag still ends by `bound`."""
    if not tie.lag:
        return bound
    if tie.is_elapsed:
        return _at(bound - tie.lag)
    table = times.tables[node]
    index = table.before[bound] - tie.lag
    return table.days[_at(index - 1)] + 1 if times.work[node] else table.days[_at(index)]


def _back_from_start(times: Times, node: int, tie: Tie, bound: int) -> int:
    """Return the latest finish of `node` whose start, after the lag, is not later than `bound`."""
    table, days = times.tables[node], times.work[node]
    if not tie.to_start and times.work[tie.node]:
        # a finish allows, in working time, a start at the successor's next working day
        other = times.tables[tie.node]
        bound = other.days[other.before[bound]]
    if tie.is_elapsed:
        bound = _at(bound - tie.lag)
    if not days and (tie.is_elapsed or not tie.lag):
        return bound
    index = table.before[bound + 1] - 1 - (0 if tie.is_elapsed else tie.lag)
    return table.days[_at(index + days - 1)] + 1 if days else table.days[_at(index)]


def _imposed(times: Times, node: int, activity: Activity) -> int:
    """Return the latest finish that the task's own constraint allows."""
    table, days = times.tables[node], times.work[node]
    if activity.constraint in FINISHES_BY:
        last = _at(_day(times, activity)) + 1
        return last if not days else table.days[_at(table.before[last] - 1)] + 1
    if activity.constraint not in STARTS_BY:
        return times.end
    day = _at(_day(times, activity))
    if not days:
        return day + (node in times.at_end)
    must = activity.constraint is Constraint.MUST_START
    index = table.before[day] if must else table.before[day + 1] - 1
    return table.days[_at(index + days - 1)] + 1


def remaining(activity: Activity) -> int:
    """Return the working days left of a task: all of it before it starts, none once it is done."""
    if activity.actual_start is None:
        return activity.duration
    if activity.actual_finish or not activity.duration:
        return 0
    return ceil(activity.duration * (100 - activity.percent) / 100)
