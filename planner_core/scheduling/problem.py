"""What is to be scheduled: activities, their order, what must not overlap, and who or what they share.

Activities are numbered 0 .. n-1; who numbers them knows their names. Times are whole minutes from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd

from planner_core.graph import Edge, Graph, find_cycle, reachability, topological_order

FIRST_PRIORITY, USUAL_PRIORITY, LAST_PRIORITY = 1, 3, 5


@dataclass(frozen=True)
class Resource:
    """Something of which there is only so much at any moment and which comes back when it is let go.

    ``demands`` are what each activity keeps of it for as long as it runs, by activity, 0 to ``capacity``.
    """

    capacity: int
    demands: tuple[int, ...]


@dataclass(frozen=True)
class Problem:
    """Activities to be scheduled on N identical agents, each of which does one activity at a time.

    ``durations`` are whole minutes, one an activity; an activity of zero minutes is a milestone, which keeps
    no agent and overlaps nothing. ``edges`` are pairs (predecessor, successor): the successor starts when the
    predecessor has finished. ``exclusions`` are cliques: no two members of one overlap in time, in whatever
    order. ``agents`` is N, None for as many as are of use. ``priorities`` run from 1 (first) to 5 and break
    ties; left out, all are 3. ``resources`` are shared besides the agents; plans have none, the problems that
    solvers are measured by have several.

    Raises ValueError, naming the index, for whatever breaks these rules, and for edges that close a cycle.
    """

    durations: tuple[int, ...]
    edges: tuple[Edge, ...] = ()
    exclusions: tuple[tuple[int, ...], ...] = ()
    agents: int | None = None
    priorities: tuple[int, ...] = ()
    resources: tuple[Resource, ...] = ()

    def __post_init__(self) -> None:
        if not self.priorities:
            object.__setattr__(self, "priorities", (USUAL_PRIORITY,) * self.n)
        self._check_activities()
        self._check_exclusions()
        self._check_resources()
        if self.agents is not None and self.agents < 1:
            raise ValueError(f"at least one agent is needed, not {self.agents}")
        cycle = find_cycle(self.graph)
        if cycle is not None:
            raise ValueError("activities wait for each other: " + " -> ".join(map(str, [*cycle, cycle[0]])))

    def _check_activities(self) -> None:
        if len(self.priorities) != self.n:
            raise ValueError(f"{self.n} activities need as many priorities, not {len(self.priorities)}")
        for activity, duration in enumerate(self.durations):
            if duration < 0:
                raise ValueError(f"the duration of activity {activity} is negative: {duration}")
        for activity, priority in enumerate(self.priorities):
            if not FIRST_PRIORITY <= priority <= LAST_PRIORITY:
                raise ValueError(f"the priority of activity {activity} is not from 1 to 5: {priority}")

    def _check_exclusions(self) -> None:
        for number, clique in enumerate(self.exclusions):
            if len(set(clique)) != len(clique):
                raise ValueError(f"exclusion {number} names an activity twice: {clique}")
            for activity in clique:
                if not 0 <= activity < self.n:
                    raise ValueError(f"exclusion {number} names activity {activity}, which there is not")

    def _check_resources(self) -> None:
        for number, resource in enumerate(self.resources):
            if len(resource.demands) != self.n:
                raise ValueError(
                    f"resource {number} needs a demand for each of {self.n} activities, "
                    f"not {len(resource.demands)}"
                )
            for activity, demand in enumerate(resource.demands):
                if not 0 <= demand <= resource.capacity:
                    raise ValueError(
                        f"the demand of activity {activity} for resource {number} "
                        f"is not from 0 to {resource.capacity}: {demand}"
                    )

    @property
    def n(self) -> int:
        """The number of activities."""
        return len(self.durations)

    @property
    def work(self) -> int:
        """The sum of all durations: what one agent needs."""
        return sum(self.durations)

    @cached_property
    def capacity(self) -> int:
        """The number of agents that can be busy at once: N, but never more than there are activities."""
        return max(1, self.n if self.agents is None else min(self.agents, self.n))

    @cached_property
    def unit(self) -> int:
        """The greatest common divisor of the durations in minutes, 1 when all are zero."""
        return gcd(*self.durations) or 1

    @cached_property
    def graph(self) -> Graph:
        """The dependencies as a graph."""
        return Graph.from_edges(self.n, self.edges)

    @cached_property
    def inherited_priorities(self) -> tuple[int, ...]:
        """Each activity's priority, or a more urgent one of something that waits for it."""
        urgent = list(self.priorities)
        for activity in reversed(topological_order(self.graph)):
            for successor in self.graph.successors[activity]:
                urgent[activity] = min(urgent[activity], urgent[successor])
        return tuple(urgent)

    def part(self, activities: Sequence[int]) -> Problem:
        """Return the problem of some activities alone, numbered in the order in which they are given."""
        index = {activity: place for place, activity in enumerate(activities)}
        cliques = (tuple(index[a] for a in clique if a in index) for clique in self.exclusions)
        return Problem(
            durations=tuple(self.durations[activity] for activity in activities),
            edges=tuple((index[a], index[b]) for a, b in self.edges if a in index and b in index),
            exclusions=tuple(clique for clique in cliques if len(clique) > 1),
            agents=self.agents,
            priorities=tuple(self.priorities[activity] for activity in activities),
            resources=tuple(
                Resource(resource.capacity, tuple(resource.demands[activity] for activity in activities))
                for resource in self.resources
            ),
        )


def cliques_of_pairs(
    n: int, pairs: Iterable[Edge], edges: Iterable[Edge] = ()
) -> tuple[tuple[int, ...], ...]:
    """Cover exclusion pairs by few large cliques: every pair lies in one, and no other pair is excluded.

    Two activities that ``edges`` order, directly or not, never overlap anyhow; a clique may hold them
    together, so that tasks on one file stay one clique even where some of them are in order already. Each
    clique is ascending and the cliques are in the order of their first uncovered pair, pairs ascending.
    Raises ValueError when a pair is no pair of different activities. Greedy, O(p n) for p pairs.
    """
    wanted = sorted({(min(pair), max(pair)) for pair in pairs})
    apart = [0] * n
    for first, second in wanted:
        if not 0 <= first < second < n:
            raise ValueError(f"{(first, second)} is no pair of different activities of 0 to {n - 1}")
        apart[first] |= 1 << second
        apart[second] |= 1 << first
    uncovered = list(apart)
    never_together = list(apart)
    for activity, descendants in enumerate(reachability(Graph.from_edges(n, edges))):
        never_together[activity] |= descendants
        for other in members(descendants):
            never_together[other] |= 1 << activity
    cliques = []
    for pair in wanted:
        if uncovered[pair[0]] >> pair[1] & 1:
            clique = _grow(pair, apart, never_together)
            inside = sum(1 << activity for activity in clique)
            for activity in clique:
                uncovered[activity] &= ~inside
            cliques.append(tuple(sorted(clique)))
    return tuple(cliques)


def _grow(pair: Edge, apart: list[int], never_together: list[int]) -> list[int]:
    """Extend a pair to a maximal clique, preferring whoever leaves the most candidates for later."""
    clique = list(pair)
    touching = apart[pair[0]] | apart[pair[1]]
    candidates = never_together[pair[0]] & never_together[pair[1]] & touching
    while candidates:
        best = max(members(candidates), key=lambda a: ((never_together[a] & candidates).bit_count(), -a))
        clique.append(best)
        candidates &= never_together[best]
    return clique


def members(bitset: int) -> list[int]:
    """Return the positions of the bits that are set, ascending."""
    result = []
    while bitset:
        lowest = bitset & -bitset
        result.append(lowest.bit_length() - 1)
        bitset ^= lowest
    return result
