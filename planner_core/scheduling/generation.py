"""Schedule generation schemes: from an order of the activities to start times, in one pass.

Both schemes (Kolisch and Hartmann, "Heuristic algorithms for the resource-constrained project scheduling
problem", 1999) keep the dependencies, the number of agents, the exclusions and the other resources.
The serial one takes the activities in the given order and starts each as early as it fits; the parallel one
goes through time and starts, of what could start now, whatever comes first in the order. Times are counted in
the problem's unit, which keeps the bitsets short.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

from planner_core.graph import topological_order
from planner_core.scheduling.problem import Problem, Resource


@dataclass(frozen=True)
class Arrays:
    """A problem prepared for many passes, in one direction of time; all tuples are indexed by activity.

    ``cliques`` are the exclusion cliques an activity belongs to; milestones belong to none. ``position`` is
    the place in a topological order.

    What activities share is packed into one number: a field of bits for each clique, each resource and, where
    there are resources, the agents. ``needs`` are what each activity adds while it runs to ``idle``, which is
    the number when nothing does; the bits of ``full`` show what is used beyond its capacity.
    """

    durations: tuple[int, ...]
    predecessors: tuple[tuple[int, ...], ...]
    successors: tuple[tuple[int, ...], ...]
    cliques: tuple[tuple[int, ...], ...]
    position: tuple[int, ...]
    capacity: int
    needs: tuple[int, ...]
    idle: int
    full: int
    has_resources: bool

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
            tuple(last - place for place in self.position),
            self.capacity,
            self.needs,
            self.idle,
            self.full,
            self.has_resources,
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
    needs, idle, full = _packed(problem, cliques)
    return Arrays(
        tuple(duration // problem.unit for duration in problem.durations),
        problem.graph.predecessors,
        problem.graph.successors,
        tuple(map(tuple, cliques)),
        tuple(position),
        problem.capacity,
        needs,
        idle,
        full,
        bool(problem.resources),
    )


def _packed(problem: Problem, cliques: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], int, int]:
    """Return needs, idle use and the bits that show overuse; see :class:`Arrays`.

    A field has one bit more than its capacity takes. It starts at what is missing from its capacity to all
    ones below that bit, so that the bit is set by the first unit too many.
    """
    # A clique is a resource of one; two bits for each, from the lowest on.
    needs = [sum(1 << 2 * number for number in numbers) for numbers in cliques]
    full = sum(2 << 2 * number for number in range(len(problem.exclusions)))
    idle, place = 0, 2 * len(problem.exclusions)
    resources = list(problem.resources)
    if resources and problem.agents is not None:
        resources.append(Resource(problem.agents, (1,) * problem.n))
    for resource in resources:
        bits = resource.capacity.bit_length()
        for activity, demand in enumerate(resource.demands):
            if problem.durations[activity]:
                needs[activity] += demand << place
        idle += ((1 << bits) - 1 - resource.capacity) << place
        full += 1 << bits + place
        place += bits + 1
    return tuple(needs), idle, full


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

    Without resources time is a bitset: ``levels[k]`` has the moments at which more than k agents are busy,
    ``queues[c]`` those at which a member of clique c runs. A window of d free moments is found by d-fold
    widening of what is blocked, in O(log d) operations.
    """
    if arrays.has_resources:
        return _serial_pass_by_moments(arrays, order)
    durations, predecessors, cliques = arrays.durations, arrays.predecessors, arrays.cliques
    starts = [0] * arrays.n
    finishes = [0] * arrays.n
    levels = [0] * arrays.capacity
    queues = [0] * max((numbers[-1] + 1 for numbers in cliques if numbers), default=0)
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


def _serial_pass_by_moments(arrays: Arrays, order: Sequence[int]) -> list[int]:
    """Do what :func:`serial_pass` does with whatever is shared, moment by moment, all resources at once."""
    durations, predecessors, needs, full = arrays.durations, arrays.predecessors, arrays.needs, arrays.full
    used = [arrays.idle] * sum(durations)
    starts = [0] * arrays.n
    finishes = [0] * arrays.n
    for activity in order:
        start = 0
        for predecessor in predecessors[activity]:
            if finishes[predecessor] > start:
                start = finishes[predecessor]
        duration, need = durations[activity], needs[activity]
        if need:
            moment, finish = start, start + duration
            while moment < finish:
                if used[moment] + need & full:
                    finish = moment + 1 + duration
                moment += 1
            start = finish - duration
            for moment in range(start, finish):
                used[moment] += need
        starts[activity] = start
        finishes[activity] = start + duration
    return starts


def parallel_pass(arrays: Arrays, order: Sequence[int]) -> list[int]:
    """Go from event to event and start what can start while an agent is free; return the starts.

    Of what can start, the first in the order does. It need not be feasible: an activity becomes ready when
    its predecessors have finished.
    """
    durations, successors, needs, full = arrays.durations, arrays.successors, arrays.needs, arrays.full
    rank = [0] * arrays.n
    for place, activity in enumerate(order):
        rank[activity] = place
    waits_for = [len(predecessors) for predecessors in arrays.predecessors]
    starts = [0] * arrays.n
    ready: list[int] = []  # ranks, ascending
    running: list[tuple[int, int]] = []  # (finish, activity)
    free = arrays.capacity
    used, now = arrays.idle, 0
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
            if used + needs[activity] & full:
                passed_over.append(activity_rank)
                continue
            starts[activity] = now
            heapq.heappush(running, (now + durations[activity], activity))
            used += needs[activity]
            free -= 1
        ready = passed_over
        if not running:
            return starts
        now = running[0][0]
        while running and running[0][0] == now:
            activity = heapq.heappop(running)[1]
            free += 1
            used -= needs[activity]
            for successor in successors[activity]:
                waits_for[successor] -= 1
                if not waits_for[successor]:
                    released.append(successor)
