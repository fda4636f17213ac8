"""Schedules to compare with: one after the other, group by group, and with as many agents as are of use."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from planner_core.scheduling.agents import assign_agents
from planner_core.scheduling.heuristic import solve
from planner_core.scheduling.problem import Problem
from planner_core.scheduling.schedule import Schedule


@dataclass(frozen=True)
class BarrierSchedule:
    """A schedule in groups, each of which starts when all of the group before it has finished.

    ``makespans`` are the groups' own, in minutes, in order; they add up to the schedule's. Its lower bound is
    what no schedule with these barriers beats, not what no schedule at all does.
    """

    schedule: Schedule
    makespans: tuple[int, ...]


def sequential(problem: Problem) -> Schedule:
    """Return the schedule of one agent who does everything in a row: the makespan is all the work.

    Of what could come next, the most urgent comes first, counting what waits for it, then the lowest number.
    O((n + m) log n).
    """
    graph = problem.graph
    waits_for = [len(predecessors) for predecessors in graph.predecessors]
    ready = [(problem.inherited_priorities[a], a) for a in range(problem.n) if not waits_for[a]]
    heapq.heapify(ready)
    start = [0] * problem.n
    now = 0
    while ready:
        activity = heapq.heappop(ready)[1]
        start[activity] = now
        now += problem.durations[activity]
        for successor in graph.successors[activity]:
            waits_for[successor] -= 1
            if not waits_for[successor]:
                heapq.heappush(ready, (problem.inherited_priorities[successor], successor))
    finish = tuple(map(int.__add__, start, problem.durations))
    return Schedule(tuple(start), finish, (0,) * problem.n, problem.work)


def unlimited(problem: Problem, *, iterations: int | None = None) -> Schedule:
    """Return a schedule with as many agents as are of use; dependencies and exclusions hold.

    Without exclusions it is as long as the critical path.
    """
    return solve(replace(problem, agents=None), iterations=iterations)


def barrier_schedule(
    problem: Problem,
    groups: Sequence[Sequence[int]],
    *,
    iterations: int | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> BarrierSchedule:
    """Schedule group after group with the same agents, as work in waves or phases is done.

    ``groups`` name every activity once; an empty group takes no time. Raises ValueError when they do not, or
    when an activity depends on one in a later group.
    """
    group_of: dict[int, int] = {}
    for number, group in enumerate(groups):
        for activity in group:
            if activity in group_of or not 0 <= activity < problem.n:
                raise ValueError(f"group {number} names activity {activity}: twice, or there is no such one")
            group_of[activity] = number
    missing = sorted(set(range(problem.n)) - group_of.keys())
    if missing:
        raise ValueError(f"no group names activity {missing[0]}")
    for before, after in problem.edges:
        if group_of[before] > group_of[after]:
            raise ValueError(f"activity {after} of group {group_of[after]} waits for {before} of a later one")
    start = [0] * problem.n
    makespans = []
    begin = bound = 0
    for group in groups:
        part = solve(problem.part(group), iterations=iterations, should_stop=should_stop)
        for index, activity in enumerate(group):
            start[activity] = begin + part.start[index]
        makespans.append(part.makespan)
        begin += part.makespan
        bound += part.lower_bound
    finish = tuple(map(int.__add__, start, problem.durations))
    schedule = Schedule(tuple(start), finish, assign_agents(problem, start), bound)
    return BarrierSchedule(schedule, tuple(makespans))
