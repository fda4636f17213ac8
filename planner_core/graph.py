"""Directed graphs on plain arrays: cycles, waves, reachability, critical path method, transitive reduction.

Nodes are the integers 0 .. n-1 and an edge is a pair ``(predecessor, successor)``. Nothing here knows of
plans: whoever has tasks numbers them first. Every result has a stated order and depends on its input alone.
Sets of nodes are plain ints, bit *i* standing for node *i*, because Python unites thousand-bit ints faster
than it does anything with small sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

Edge = tuple[int, int]

# How many nodes of a found cycle are asked for a shorter one; each costs one breadth-first search.
_SHORTER_CYCLE_ATTEMPTS = 32


class CyclicGraphError(ValueError):
    """Raised where only an acyclic graph makes sense; ``cycle`` lists its nodes in order."""

    def __init__(self, cycle: list[int]) -> None:
        self.cycle = cycle
        super().__init__("the graph has a cycle: " + " -> ".join(str(node) for node in [*cycle, cycle[0]]))


@dataclass(frozen=True)
class Graph:
    """A directed graph as adjacency arrays.

    ``successors[v]`` and ``predecessors[v]`` are ascending and without duplicates. Make one with
    :meth:`from_edges`.
    """

    n: int
    successors: tuple[tuple[int, ...], ...]
    predecessors: tuple[tuple[int, ...], ...]

    @classmethod
    def from_edges(cls, n: int, edges: Iterable[Edge]) -> Graph:
        """Build the graph with ``n`` nodes and these edges.

        Duplicates count once; a loop ``(v, v)`` is a cycle of one. Raises ValueError, naming the edge, when
        an end lies outside 0 .. n-1. O(n + m log m).
        """
        successors: list[list[int]] = [[] for _ in range(n)]
        predecessors: list[list[int]] = [[] for _ in range(n)]
        for edge in sorted(set(edges)):
            predecessor, successor = edge
            if not (0 <= predecessor < n and 0 <= successor < n):
                raise ValueError(f"edge {edge} leaves the nodes 0 to {n - 1}")
            successors[predecessor].append(successor)
            predecessors[successor].append(predecessor)
        return cls(n, tuple(map(tuple, successors)), tuple(map(tuple, predecessors)))

    @property
    def edges(self) -> list[Edge]:
        """All edges, ascending."""
        return [(node, successor) for node in range(self.n) for successor in self.successors[node]]

    # The graph never changes, so the work that most functions start with is done once for each graph.
    @cached_property
    def _waves(self) -> tuple[tuple[int, ...], ...]:
        open_predecessors = [len(nodes) for nodes in self.predecessors]
        wave = [node for node in range(self.n) if not open_predecessors[node]]
        waves = []
        while wave:
            waves.append(tuple(wave))
            following = []
            for node in wave:
                for successor in self.successors[node]:
                    open_predecessors[successor] -= 1
                    if not open_predecessors[successor]:
                        following.append(successor)
            following.sort()
            wave = following
        left = {node for node in range(self.n) if open_predecessors[node]}
        if left:
            raise CyclicGraphError(_some_cycle(self, left))
        return tuple(waves)

    @cached_property
    def _order(self) -> tuple[int, ...]:
        return tuple(node for wave in self._waves for node in wave)

    @cached_property
    def _wave_of(self) -> tuple[int, ...]:
        wave_of = [0] * self.n
        for number, wave in enumerate(self._waves):
            for node in wave:
                wave_of[node] = number
        return tuple(wave_of)


@dataclass(frozen=True)
class Cpm:
    """What the critical path method says of each node, in the unit of the durations.

    All tuples are indexed by node. ``slack`` (total float) is how far a node can slip without moving the end,
    ``free_slack`` how far without moving any successor; ``critical_path`` is one longest chain, first node
    first.
    """

    earliest_start: tuple[int, ...]
    earliest_finish: tuple[int, ...]
    latest_start: tuple[int, ...]
    latest_finish: tuple[int, ...]
    slack: tuple[int, ...]
    free_slack: tuple[int, ...]
    makespan: int
    critical_path: tuple[int, ...]


def find_cycle(graph: Graph) -> list[int] | None:
    """Return the nodes of a short cycle in order, the smallest first, or None when there is no cycle.

    The last node has an edge to the first. It is the shortest cycle through any of the first nodes of the
    cycle that a walk against the edges runs into: short enough to read, though not always the shortest of
    all. O(n + m).
    """
    try:
        topological_order(graph)
    except CyclicGraphError as error:
        return error.cycle
    return None


def closing_path(graph: Graph, successor: int, predecessor: int) -> list[int] | None:
    """Return the path that a new edge predecessor -> successor would close into a cycle, or None.

    The path is a shortest one, runs from ``successor`` to ``predecessor`` along the edges, and is ``[v]``
    when both are the same node. Only nodes in waves before the predecessor's can lie on it, so most questions
    are answered without a search. Raises CyclicGraphError when the graph has a cycle already. O(n + m) for
    the first call, then at most the edges between.
    """
    wave_of = graph._wave_of
    if successor == predecessor:
        return [successor]
    limit = wave_of[predecessor]
    if wave_of[successor] >= limit:
        return None
    came_from = {successor: successor}
    frontier = [successor]
    while frontier:
        following = []
        for node in frontier:
            for reached in graph.successors[node]:
                if reached == predecessor:
                    return [*_walk_back(came_from, node), predecessor]
                if wave_of[reached] < limit and reached not in came_from:
                    came_from[reached] = node
                    following.append(reached)
        frontier = following
    return None


def topological_order(graph: Graph) -> list[int]:
    """Return all nodes, each after its predecessors: wave by wave, ascending within a wave.

    Raises CyclicGraphError. O(n + m) for the first call on a graph (Kahn, "Topological sorting of large
    networks", 1962).
    """
    return list(graph._order)


def waves(graph: Graph) -> list[list[int]]:
    """Return the generations: each node in the wave after the last of its predecessors', ascending.

    Raises CyclicGraphError. O(n + m).
    """
    return [list(wave) for wave in graph._waves]


def reachability(graph: Graph) -> list[int]:
    """Return for each node the bitset of its descendants, itself not among them.

    Two nodes a < b are unordered when neither ``result[a] >> b & 1`` nor ``result[b] >> a & 1``. Raises
    CyclicGraphError. O(m) unions of n-bit ints.
    """
    descendants = [0] * graph.n
    for node in reversed(graph._order):
        reached = 0
        for successor in graph.successors[node]:
            reached |= descendants[successor] | 1 << successor
        descendants[node] = reached
    return descendants


def critical_path_method(graph: Graph, durations: Sequence[int]) -> Cpm:
    """Compute earliest and latest times, slack and one critical path for finish-to-start edges.

    Durations are non-negative, one a node, in any unit. Of several critical paths the one is taken that, read
    from its end, has the smallest node at each step; it runs from a node without predecessors to one without
    successors. Raises ValueError when the durations do not fit the nodes, CyclicGraphError when there is a
    cycle. O(n + m) (Kelley and Walker, "Critical-path planning and scheduling", 1959).
    """
    _check_durations(graph, durations)
    order = graph._order
    predecessors, successors = graph.predecessors, graph.successors
    earliest_start = [0] * graph.n
    earliest_finish = [0] * graph.n
    for node in order:
        start = 0
        for predecessor in predecessors[node]:
            if earliest_finish[predecessor] > start:
                start = earliest_finish[predecessor]
        earliest_start[node] = start
        earliest_finish[node] = start + durations[node]
    makespan = max(earliest_finish, default=0)
    latest_start = [0] * graph.n
    latest_finish = [0] * graph.n
    free_slack = [0] * graph.n
    for node in reversed(order):
        latest = first = makespan
        for successor in successors[node]:
            if latest_start[successor] < latest:
                latest = latest_start[successor]
            if earliest_start[successor] < first:
                first = earliest_start[successor]
        latest_finish[node] = latest
        latest_start[node] = latest - durations[node]
        free_slack[node] = first - earliest_finish[node]
    return Cpm(
        tuple(earliest_start),
        tuple(earliest_finish),
        tuple(latest_start),
        tuple(latest_finish),
        tuple(map(int.__sub__, latest_start, earliest_start)),
        tuple(free_slack),
        makespan,
        tuple(_critical_path(graph, earliest_start, earliest_finish, makespan)),
    )


def transitive_reduction(graph: Graph) -> list[Edge]:
    """Return the redundant edges, ascending: those whose ends a longer path joins as well.

    Without them reachability is the same, and no smaller set of edges has it (Aho, Garey and Ullman, "The
    transitive reduction of a directed graph", 1972). Raises CyclicGraphError. O(m) unions of n-bit ints.
    """
    order = graph._order
    # Numbered from the end of the order, a node's descendants have the low bits: the ints are half as long.
    number = [0] * graph.n
    for position, node in enumerate(reversed(order)):
        number[node] = position
    reached_from = [0] * graph.n
    redundant = []
    for node in reversed(order):
        reached = 0
        # Only a node earlier in the order can lead to a later one, so one pass over the successors decides
        # all of them.
        for successor in sorted(graph.successors[node], key=number.__getitem__, reverse=True):
            if reached >> number[successor] & 1:
                redundant.append((node, successor))
            else:
                reached |= reached_from[successor]
        reached_from[node] = reached | 1 << number[node]
    return sorted(redundant)


def _check_durations(graph: Graph, durations: Sequence[int]) -> None:
    if len(durations) != graph.n:
        raise ValueError(f"{graph.n} nodes need as many durations, not {len(durations)}")
    if durations and min(durations) < 0:
        node = next(node for node, duration in enumerate(durations) if duration < 0)
        raise ValueError(f"the duration of node {node} is negative: {durations[node]}")


def _critical_path(graph: Graph, start: Sequence[int], finish: Sequence[int], makespan: int) -> list[int]:
    """Walk back from the first critical end, each time to the smallest predecessor it waited for."""
    node = next((v for v in range(graph.n) if finish[v] == makespan and not graph.successors[v]), None)
    path: list[int] = []
    while node is not None:
        path.append(node)
        earliest = start[node]
        node = next((p for p in graph.predecessors[node] if finish[p] == earliest), None)
    return path[::-1]


def _some_cycle(graph: Graph, left: set[int]) -> list[int]:
    """Find a short cycle among ``left``: nodes of which each has a predecessor among them.

    By networkx: only a refusal comes here, and that may take its time.
    """
    inside = [(p, s) for p in sorted(left) for s in graph.successors[p] if s in left]
    tangle: nx.DiGraph[int] = nx.DiGraph(inside)
    best = [node for node, _ in nx.find_cycle(tangle)]
    for candidate in sorted(best)[:_SHORTER_CYCLE_ATTEMPTS]:
        paths = nx.single_source_shortest_path(tangle, candidate)
        back = [paths[last] for last in tangle.predecessors(candidate) if last in paths]
        best = min([best, *back], key=len)
    first = best.index(min(best))
    return best[first:] + best[:first]


def _walk_back(came_from: dict[int, int], node: int) -> list[int]:
    """Return the path from the root of a search to ``node``."""
    path = [node]
    while came_from[node] != node:
        node = came_from[node]
        path.append(node)
    return path[::-1]
