"""Schedule generation schemes: from an order of the activities to start times, in one pass.

Both schemes (Kolisch and Hartmann, "Heuristic algorithms for the resource-constrained project scheduling
problem", 1999) keep the dependencies, the number of agents and the exclusions. The serial one takes the
activities in the given order and starts each as early as it fits; the parallel one goes through time and
starts, of what could start now, whatever comes first in the order. Times are counted in the problem's unit,
which keeps the bitsets short.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

from planner_core.graph import topological_order
from planner_core.scheduling.problem import Problem


@dataclass(frozen=True)
class Arrays:
    """A problem prepared for many passes, in one direction of time; all tuples are indexed by activity.

    ``cliques`` are the exclusion cliques an activity belongs to and ``clique_bits`` the same as a bitset;
    milestones belong to none. ``position`` is the place in a topological order.
    """

    durations: tuple[int, ...]
    predecessors: tuple[tuple[int, ...], ...]
    successors: tuple[tuple[int, ...], ...]
    cliques: tuple[tuple[int, ...], ...]
    clique_bits: tuple[int, ...]
    position: tuple[int, ...]
    capacity: int

    @property
    def n(self) -> int:
        """The number of activities."""
        return len(self.durations)

    def backward(self) -> Arrays:
        """Return the same problem with time running the other way."""
        last = self.n - 1
        return Arrays(
            self.durations,
            self.successors,
            self.predecessors,
            self.cliques,
            self.clique_bits,
            tuple(last - place for place in self.position),
            self.capacity,
        )


def prepare(problem: Problem) -> Arrays:
    """Return the arrays of a problem, durations divided by its unit, in time linear in its size."""
    position = [0] * problem.n
    for place, activity in enumerate(topological_order(problem.graph)):
        position[activity] = place
    cliques: list[list[int]] = [[] for _ in range(problem.n)]
    for number, clique in enumerate(problem.exclusions):
        for activity in clique:
            if problem.durations[activity]:
                cliques[activity].append(number)
    return Arrays(
        tuple(duration // problem.unit for duration in problem.durations),
        problem.graph.predecessors,
        problem.graph.successors,
        tuple(map(tuple, cliques)),
        tuple(sum(1 << number for number in numbers) for numbers in cliques),
        tuple(position),
        problem.capacity,
    )


def feasible_order(arrays: Arrays, keys: Sequence[float]) -> list[int]:
    """Order the activities by key, smallest first, each after its predecessors; ties by topological order."""
    raised = list(keys)
    order = sorted(range(arrays.n), key=arrays.position.__getitem__)
    for activity in order:
        for predecessor in arrays.predecessors[activity]:
            if raised[predecessor] > raised[activity]:
                raised[activity] = raised[predecessor]
    order.sort(key=raised.__getitem__)
    return order


def serial_pass(arrays: Arrays, order: Sequence[int]) -> list[int]:
    """Start each activity of a feasible order as early as it fits among those before it; return the starts.

    Time is a bitset: ``levels[k]`` has the moments at which more than k agents are busy, ``queues[c]`` those
    at which a member of clique c runs. A window of d free moments is found by d-fold widening of what is
    blocked, in O(log d) operations.
    """
    durations, predecessors, cliques = arrays.durations, arrays.predecessors, arrays.cliques
    starts = [0] * arrays.n
    finishes = [0] * arrays.n
    levels = [0] * arrays.capacity
    queues = [0] * max((bits.bit_length() for bits in arrays.clique_bits), default=0)
    for activity in order:
        start = 0
        for predecessor in predecessors[activity]:
            if finishes[predecessor] > start:
                start = finishes[predecessor]
        duration = durations[activity]
        if duration:
            blocked = levels[-1]
            for clique in cliques[activity]:
                blocked |= queues[clique]
            blocked >>= start
            window = (1 << duration) - 1
            if blocked & window:
                width = 1
                while width < duration:
                    step = min(width, duration - width)
                    blocked |= blocked >> step
                    width += step
                start += (~blocked & (blocked + 1)).bit_length() - 1
            carried = window << start
            for clique in cliques[activity]:
                queues[clique] |= carried
            for level, busy in enumerate(levels):
                levels[level] = busy | carried
                carried &= busy
                if not carried:
                    break
        starts[activity] = start
        finishes[activity] = start + duration
    return starts


def parallel_pass(arrays: Arrays, order: Sequence[int]) -> list[int]:
    """Go from event to event and start what can start while an agent is free; return the starts.

    Of what can start, the first in the order does. It need not be feasible: an activity becomes ready when
    its predecessors have finished.
    """
    durations, successors, clique_bits = arrays.durations, arrays.successors, arrays.clique_bits
    rank = [0] * arrays.n
    for place, activity in enumerate(order):
        rank[activity] = place
    waits_for = [len(predecessors) for predecessors in arrays.predecessors]
    starts = [0] * arrays.n
    ready: list[int] = []  # ranks, ascending
    running: list[tuple[int, int]] = []  # (finish, activity)
    free = arrays.capacity
    excluded = now = 0
    released = [activity for activity in order if not waits_for[activity]]
    while True:
        while released:
            activity = released.pop()
            if durations[activity]:
                insort(ready, rank[activity])
                continue
            starts[activity] = now
            for successor in successors[activity]:
                waits_for[successor] -= 1
                if not waits_for[successor]:
                    released.append(successor)
        passed_over = []
        for place, activity_rank in enumerate(ready):
            if not free:
                passed_over += ready[place:]
                break
            activity = order[activity_rank]
            if clique_bits[activity] & excluded:
                passed_over.append(activity_rank)
                continue
            starts[activity] = now
            heapq.heappush(running, (now + durations[activity], activity))
            excluded |= clique_bits[activity]
            free -= 1
        ready = passed_over
        if not running:
            return starts
        now = running[0][0]
        while running and running[0][0] == now:
            activity = heapq.heappop(running)[1]
            free += 1
            excluded ^= clique_bits[activity]
            for successor in successors[activity]:
                waits_for[successor] -= 1
                if not waits_for[successor]:
                    released.append(successor)
