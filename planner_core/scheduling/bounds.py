"""Lower bounds: makespans that no schedule can beat.

Three things can hold a plan up: its longest chain of dependencies, the work that N agents or another
resource share, and activities that exclude each other and so queue as if for one machine. Each bound counts
what must come before and after as well, which costs little and keeps it exact.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner_core.graph import critical_path_method, reachability
from planner_core.scheduling.problem import Problem, Resource, members

# How many of the heaviest exclusion cliques are extended and queued; the heaviest few decide.
_CLIQUES_TRIED = 12


class Binding(StrEnum):
    """What a lower bound rests on."""

    CRITICAL_PATH = "critical path"
    WORK = "work"
    EXCLUSIONS = "exclusions"


@dataclass(frozen=True)
class LowerBound:
    """A makespan in minutes that no schedule beats, and why.

    ``critical_path``, ``work`` and ``exclusions`` are the three bounds and ``value`` the highest; ``binding``
    says which one it is, the first of them on a tie. ``queue`` lists, ascending, the activities whose
    queueing gave the third.
    """

    value: int
    binding: Binding
    critical_path: int
    work: int
    exclusions: int
    queue: tuple[int, ...]


def lower_bound(problem: Problem) -> LowerBound:
    """Return the highest of three bounds: the critical path, the shared work, the heaviest queue.

    Each is valid by itself for every schedule that keeps the dependencies, N, the exclusions and the other
    resources. O(m) n-bit operations and O(n log n) for each of a dozen queues; with resources O(n^2 log n)
    for each of them.
    """
    cpm = critical_path_method(problem.graph, problem.durations)
    heads = cpm.earliest_start
    tails = tuple(cpm.makespan - finish for finish in cpm.latest_finish)
    everything = range(problem.n)
    agents = Resource(problem.capacity, (1,) * problem.n)
    work = max(
        _shared_work(problem, agents, heads, tails, everything),
        _shared_work(problem, agents, tails, heads, everything),
    )
    for resource in problem.resources:
        for shortest_tail in set(tails):
            late = [activity for activity in everything if tails[activity] >= shortest_tail]
            work = max(work, _shared_work(problem, resource, heads, tails, late))
    exclusions = 0
    queue: tuple[int, ...] = ()
    for clique in heavy_queues(problem):
        length = _queue_length(problem.durations, heads, tails, clique)
        if length > exclusions:
            exclusions, queue = length, clique
    value = max(cpm.makespan, work, exclusions)
    bounds = (cpm.makespan, work, exclusions)
    return LowerBound(value, tuple(Binding)[bounds.index(value)], cpm.makespan, work, exclusions, queue)


def _shared_work(
    problem: Problem, resource: Resource, heads: Sequence[int], tails: Sequence[int], chosen: Iterable[int]
) -> int:
    """Bound each set "those chosen that start at h or later": h, work divided by capacity, shortest tail.

    A shortest schedule exists in which everything starts at 0 or when something finishes, so that all its
    times are multiples of the durations' common divisor; the quotient is rounded up to one.
    """
    share = resource.capacity * problem.unit
    best = work = 0
    shortest_tail = max(tails, default=0)
    for activity in sorted(chosen, key=heads.__getitem__, reverse=True):
        if problem.durations[activity] and resource.demands[activity]:
            work += problem.durations[activity] * resource.demands[activity]
            shortest_tail = min(shortest_tail, tails[activity])
            best = max(best, heads[activity] - (-work // share) * problem.unit + shortest_tail)
    return best


def heavy_queues(problem: Problem) -> list[tuple[int, ...]]:
    """Return sets of activities that run one at a time, each ascending, none twice, the heaviest first.

    They are the heaviest exclusions and, where there are resources, what cannot run beside each activity;
    each extended by what can run beside none of its members.
    """
    durations = problem.durations

    def weight(activities: Iterable[int]) -> int:
        return sum(durations[activity] for activity in activities)

    exclusions = sorted(problem.exclusions, key=lambda clique: (-weight(clique), clique))[:_CLIQUES_TRIED]
    seeds = [[activity for activity in clique if durations[activity]] for clique in exclusions]
    heaviest_first = sorted(
        (activity for activity in range(problem.n) if durations[activity]), key=lambda a: (-durations[a], a)
    )
    if problem.resources:
        seeds += [[activity] for activity in heaviest_first]
    if not seeds:
        return []
    never_together = _never_together(problem)
    queues = set()
    for queue in seeds:
        candidates = -1
        for activity in queue:
            candidates &= never_together[activity]
        for activity in heaviest_first:
            if candidates >> activity & 1:
                queue.append(activity)
                candidates &= never_together[activity]
        queues.add(tuple(sorted(queue)))
    return sorted(queues, key=lambda queue: (-weight(queue), queue))


def _never_together(problem: Problem) -> list[int]:
    """Return for each activity, as a bitset, those that overlap it in no schedule."""
    apart = reachability(problem.graph)
    for activity, descendants in enumerate(list(apart)):
        for other in members(descendants):
            apart[other] |= 1 << activity
    for clique in problem.exclusions:
        inside = sum(1 << activity for activity in clique)
        for activity in clique:
            apart[activity] |= inside ^ 1 << activity
    for resource in problem.resources:
        for activity, demand in enumerate(resource.demands):
            for other in range(activity):
                if demand + resource.demands[other] > resource.capacity:
                    apart[activity] |= 1 << other
                    apart[other] |= 1 << activity
    return apart


def _queue_length(
    durations: Sequence[int], heads: Sequence[int], tails: Sequence[int], clique: Iterable[int]
) -> int:
    """Return the makespan of a queue in which the longest tail goes first and may interrupt.

    No schedule of one machine with these heads and tails is shorter (Jackson's preemptive schedule; Carlier,
    "The one-machine sequencing problem", 1982).
    """
    arriving = sorted(clique, key=heads.__getitem__, reverse=True)
    waiting: list[tuple[int, int, int]] = []  # (-tail, activity, minutes left)
    now = longest = 0
    while arriving or waiting:
        if not waiting:
            now = max(now, heads[arriving[-1]])
        while arriving and heads[arriving[-1]] <= now:
            activity = arriving.pop()
            heapq.heappush(waiting, (-tails[activity], activity, durations[activity]))
        minus_tail, activity, left = heapq.heappop(waiting)
        served = left if not arriving else min(left, heads[arriving[-1]] - now)
        now += served
        if served < left:
            heapq.heappush(waiting, (minus_tail, activity, left - served))
        else:
            longest = max(longest, now - minus_tail)
    return longest
