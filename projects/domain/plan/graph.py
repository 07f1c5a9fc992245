"""
Lay a plan out as numbered nodes: leaves of the outline first, then the gates of linked summaries.

A link to or from a summary applies to every leaf below it. Its gates, nodes without duration, keep
that from needing one tie for each pair of leaves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from projects.domain.kinds import LinkKind
from projects.domain.plan.calendars import ScheduleError
from projects.domain.plan.records import Activity, CycleError, Dependency, Key, rank

FS, SS = LinkKind.FINISH_START, LinkKind.START_START
FF, SF = LinkKind.FINISH_FINISH, LinkKind.START_FINISH


class Tie(NamedTuple):
    """A link seen from one of its ends; `node` is the other."""

    node: int
    from_finish: bool
    to_start: bool
    lag: int
    is_elapsed: bool


@dataclass(slots=True)
class Graph:
    """
    `plain` holds, for each node, its successors by ties finish to start without a lag, which most
    are; the other ties are under their nodes in `ties_in` and `ties_out`.

    Ties that can no longer matter are left out: a start that happened waits for nothing. `order`
    goes from predecessors to successors, over all ties.
    """

    leaves: list[Activity]
    names: list[Key]
    plain: list[list[int]]
    ties_in: dict[int, list[Tie]] = field(default_factory=dict)
    ties_out: dict[int, list[Tie]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)


def graph_of(activities: Sequence[Activity], links: Sequence[Dependency]) -> Graph:
    """Number the plan; raises CycleError, and ScheduleError for links to rows that are not there."""
    summaries = {a.parent for a in activities if a.parent is not None}
    leaves = [a for a in activities if a.key not in summaries] if summaries else list(activities)
    nodes = {a.key: i for i, a in enumerate(leaves)}
    graph = Graph(
        leaves=leaves,
        names=list(nodes),
        plain=[[] for _ in leaves],
    )
    if summaries:
        links = _Gates(graph, nodes, _below(activities, summaries)).led(links)
    _tie(graph, nodes, links)
    graph.order = _order(graph)
    _forget_started(graph)
    return graph


def _tie(graph: Graph, nodes: Mapping[Key, int], links: Sequence[Dependency]) -> None:
    plain, make = graph.plain, tuple.__new__  # a third of a named tuple's own time
    ties_in, ties_out = graph.ties_in, graph.ties_out
    try:
        for link in links:
            if link.kind is FS and not link.lag:
                plain[nodes[link.predecessor]].append(nodes[link.successor])
                continue
            p, s, kind, lag = nodes[link.predecessor], nodes[link.successor], link.kind, link.lag
            from_finish, to_start = kind is FS or kind is FF, kind is FS or kind is SS
            elapsed = link.is_elapsed
            ties_out.setdefault(p, []).append(make(Tie, (s, from_finish, to_start, lag, elapsed)))
            ties_in.setdefault(s, []).append(make(Tie, (p, from_finish, to_start, lag, elapsed)))
    except KeyError as error:
        raise ScheduleError(f"A link names a row that is not in the plan: {error}.") from None


def _below(
    activities: Sequence[Activity], summaries: set[Key | None]
) -> Callable[[Key], list[Key]]:
    """Return a function that gives the leaves below a summary."""
    children: dict[Key, list[Key]] = {}
    for activity in activities:
        if activity.parent is not None:
            children.setdefault(activity.parent, []).append(activity.key)

    def below(summary: Key) -> list[Key]:
        found: list[Key] = []
        waiting = [summary]
        while waiting:
            for key in children[waiting.pop()]:
                (waiting if key in summaries else found).append(key)
        return found

    return below


class _Gates:
    """Leads links at summaries through gates: one for each end of a summary that a link touches."""

    def __init__(
        self, graph: Graph, nodes: dict[Key, int], below: Callable[[Key], list[Key]]
    ) -> None:
        self.graph, self.nodes, self.below = graph, nodes, below
        self.made: list[Dependency] = []

    def led(self, links: Sequence[Dependency]) -> list[Dependency]:
        passed = [
            link
            if link.predecessor in self.nodes and link.successor in self.nodes
            else Dependency(
                predecessor=self._end(link.predecessor, "from", link.kind in {FS, FF}),
                successor=self._end(link.successor, "to", link.kind in {FS, SS}),
                kind=link.kind,
                lag=link.lag,
                is_elapsed=link.is_elapsed,
            )
            for link in links
        ]
        return passed + self.made

    def _end(self, key: Key, side: str, is_usual: bool) -> Key:  # noqa: FBT001 - one of two ends
        if key in self.nodes:
            return key
        gate = (key, side, is_usual)
        if gate not in self.nodes:
            self._make(gate, key, side, is_usual)
        return gate

    def _make(self, gate: Key, summary: Key, side: str, is_usual: bool) -> None:  # noqa: FBT001 - the same
        try:
            leaves = self.below(summary)
        except KeyError:
            raise ScheduleError(f"A link names a row that is not in the plan: {summary}.") from None
        graph = self.graph
        self.nodes[gate] = len(graph.names)
        graph.names.append(summary)
        graph.plain.append([])
        for leaf in leaves:
            if side == "from":
                kind = FS if is_usual else SS
                self.made.append(Dependency(predecessor=leaf, successor=gate, kind=kind))
            else:
                kind = FS if is_usual else FF
                self.made.append(Dependency(predecessor=gate, successor=leaf, kind=kind))


def _order(graph: Graph) -> list[int]:
    """Sort the nodes so that predecessors come first; raises CycleError."""
    plain, ties_out = graph.plain, graph.ties_out
    waiting = [0] * len(plain)
    for successors in plain:
        for s in successors:
            waiting[s] += 1
    for node, ties in graph.ties_in.items():
        waiting[node] += len(ties)
    order = [node for node, count in enumerate(waiting) if not count]
    for node in order:
        for s in plain[node]:
            waiting[s] = left = waiting[s] - 1
            if not left:
                order.append(s)
        for tie in ties_out.get(node, ()):
            waiting[tie.node] -= 1
            if not waiting[tie.node]:
                order.append(tie.node)
    if len(order) < len(waiting):
        raise CycleError(_ring(graph, {node for node, count in enumerate(waiting) if count}))
    return order


def _ring(graph: Graph, stuck: set[int]) -> list[Key]:
    """Walk back among nodes that all wait for another until one comes again."""
    before: dict[int, list[int]] = {node: [] for node in stuck}
    for p in stuck:
        for s in [*graph.plain[p], *(tie.node for tie in graph.ties_out.get(p, ()))]:
            if s in stuck:
                before[s].append(p)

    def first(nodes: Iterable[int]) -> int:
        return min(nodes, key=lambda node: rank(graph.names[node]))

    node = first(stuck)
    seen: dict[int, int] = {}
    walk: list[int] = []
    while node not in seen:
        seen[node] = len(walk)
        walk.append(node)
        node = first(before[node])
    keys = [graph.names[one] for one in reversed(walk[seen[node] :])]
    ring = [key for i, key in enumerate(keys) if key != keys[i - 1]] or keys[:1]
    lowest = min(range(len(ring)), key=lambda i: rank(ring[i]))
    ring = ring[lowest:] + ring[:lowest]
    return [*ring, ring[0]]


def _forget_started(graph: Graph) -> None:
    """Drop the ties that an actual date has settled."""
    started = {
        node: activity
        for node, activity in enumerate(graph.leaves)
        if activity.actual_start is not None
    }
    if not started:
        return
    graph.plain = [[s for s in successors if s not in started] for successors in graph.plain]
    for s, activity in started.items():
        for tie in graph.ties_in.pop(s, []):
            if activity.actual_finish is None and not tie.to_start:
                graph.ties_in.setdefault(s, []).append(tie)
                continue
            mirrored = tie._replace(node=s)
            graph.ties_out[tie.node] = [t for t in graph.ties_out[tie.node] if t != mirrored]
