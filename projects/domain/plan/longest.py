"""The longest path: back from what finishes last, along the ties that hold each start or finish."""

from projects.domain.plan.graph import Tie
from projects.domain.plan.passes import Times, arrival, finish_index


def longest_path(times: Times) -> list[bool]:
    """Mark the unfinished nodes that decide the end; none when finished work ends last."""
    graph, start, finish, tables = times.graph, times.start, times.finish, times.tables
    plain, ties_out = graph.plain, graph.ties_out
    leaves, end = len(graph.leaves), times.end
    path = [False] * len(times.work)
    done = {node for node in times.special if graph.leaves[node].actual_finish is not None}
    for node in reversed(graph.order):
        if node in done:
            continue
        if finish[node] == end and node < leaves:
            path[node] = True
            continue
        for s in plain[node]:
            if path[s]:
                before = tables[s].before
                if before[finish[node]] == before[start[s]]:
                    path[node] = True
        if node in ties_out:
            for tie in ties_out[node]:
                if path[tie.node] and _drives(times, tie.node, tie._replace(node=node)):
                    path[node] = True
    return path


def _drives(times: Times, node: int, tie: Tie) -> bool:
    """Say whether this tie alone would place the node where it is."""
    before = times.tables[node].before
    if tie.to_start or not times.work[node]:
        return before[arrival(times, tie)] == before[times.start[node]]
    return finish_index(times, node, tie) == before[times.finish[node]]
