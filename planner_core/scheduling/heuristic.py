"""Good schedules quickly and always the same: priority rules, forward-backward improvement, seeded restarts.

The search counts schedules made, not seconds, so that it finds the same on every machine. It ends at once
when a schedule is as short as the lower bound.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from planner_core.graph import critical_path_method, reachability, topological_order
from planner_core.scheduling.agents import assign_agents
from planner_core.scheduling.bounds import lower_bound
from planner_core.scheduling.generation import Arrays, feasible_order, parallel_pass, prepare, serial_pass
from planner_core.scheduling.problem import LAST_PRIORITY, Problem, members
from planner_core.scheduling.schedule import Schedule

# Schedules made when no number is given: what keeps 200 activities within some tens of milliseconds.
_FEWEST_SCHEDULES, _MOST_SCHEDULES, _ACTIVITIES_PLACED = 60, 300, 20_000

# How far, in mean durations, a restart moves activities about before it schedules them anew.
_SHAKES = (2.0, 8.0)

_Scheme = Callable[[Arrays, Sequence[int]], list[int]]


@dataclass(frozen=True)
class Progress:
    """How far a search has come: schedules made of those allowed; shortest makespan and bound in minutes."""

    iterations: int
    allowed: int
    makespan: int
    lower_bound: int


def solve(
    problem: Problem,
    *,
    iterations: int | None = None,
    seed: int = 0,
    should_stop: Callable[[], bool] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Schedule:
    """Return a short schedule that keeps dependencies, exclusions and the number of agents.

    It is the same for the same problem, iterations and seed. ``iterations`` is the number of schedules to
    make, at least 1; left out, it follows from the size. After each, ``on_progress`` is told and
    ``should_stop`` asked; neither changes what is found, except that stopping ends the search. An iteration
    takes O(n N + m) operations on bitsets of as many bits as the makespan has units. Raises ValueError when
    ``iterations`` is below 1.
    """
    allowed = usual_iterations(problem.n) if iterations is None else iterations
    if allowed < 1:
        raise ValueError(f"at least one iteration is needed, not {allowed}")
    bound = lower_bound(problem).value
    chance = random.Random(seed)  # noqa: S311  # chance for variety, not for secrets
    best: tuple[int, ...] = ()
    shortest = None
    for made, starts in enumerate(_schedules(problem, chance), start=1):
        makespan = _makespan(starts, problem.durations, problem.unit)
        if shortest is None or makespan < shortest:
            best, shortest = tuple(moment * problem.unit for moment in starts), makespan
        if on_progress:
            on_progress(Progress(made, allowed, shortest, bound))
        if shortest == bound or made == allowed or (should_stop and should_stop()):
            break
    finish = tuple(map(int.__add__, best, problem.durations))
    return Schedule(best, finish, assign_agents(problem, best), bound)


def usual_iterations(n: int) -> int:
    """Return how many schedules a search makes for n activities when it is not told."""
    return min(_MOST_SCHEDULES, max(_FEWEST_SCHEDULES, _ACTIVITIES_PLACED // max(1, n)))


def _schedules(problem: Problem, chance: random.Random) -> Iterator[list[int]]:
    """Yield starts, in the problem's unit, without end: each rule in each scheme, then restarts.

    Whatever a scheme makes is pushed to the right and to the left again for as long as that shortens it:
    forward-backward improvement (Tormos and Lova, "A competitive heuristic solution technique for
    resource-constrained project scheduling", 2001).
    """
    forward = prepare(problem)
    backward = forward.backward()
    shortest: int | None = None
    best: list[int] = []

    def improved(scheme: _Scheme, order: Sequence[int]) -> Iterator[list[int]]:
        nonlocal shortest, best
        before: int | None = None
        starts = scheme(forward, order)
        while True:
            makespan = _makespan(starts, forward.durations)
            # As short is good enough: restarts wander over a plateau instead of staying at its edge.
            if shortest is None or makespan <= shortest:
                shortest, best = makespan, starts
            yield starts
            if before is not None and makespan >= before:
                return
            before = makespan
            starts = _pushed_left(forward, _pushed_right(backward, starts))

    orders = [feasible_order(forward, keys) for keys in rule_keys(problem)]
    for scheme in (parallel_pass, serial_pass):
        for order in orders:
            yield from improved(scheme, order)
    mean = sum(forward.durations) / forward.n
    while True:
        shake = chance.choice(_SHAKES) * mean
        order = feasible_order(forward, [moment + shake * chance.random() for moment in best])
        yield from improved(chance.choice((parallel_pass, serial_pass)), order)


def _pushed_right(backward: Arrays, starts: Sequence[int]) -> list[int]:
    """Start everything as late as it fits, the last to finish first; return starts counted from the end."""
    finish = [start + duration for start, duration in zip(starts, backward.durations, strict=True)]
    order = sorted(range(backward.n), key=lambda a: (-finish[a], backward.position[a]))
    mirrored = serial_pass(backward, order)
    return [-start - duration for start, duration in zip(mirrored, backward.durations, strict=True)]


def pushed_left(problem: Problem, starts: Sequence[int]) -> list[int]:
    """Start everything as early as it fits, the first to start first; starts are in the problem's unit.

    Nothing starts later than before, when the starts broke no rule.
    """
    return _pushed_left(prepare(problem), starts)


def _pushed_left(forward: Arrays, starts: Sequence[int]) -> list[int]:
    """Start everything as early as it fits, the first to start first."""
    return serial_pass(forward, sorted(range(forward.n), key=lambda a: (starts[a], forward.position[a])))


def _makespan(starts: Sequence[int], durations: Sequence[int], unit: int = 1) -> int:
    return max(
        (start * unit + duration for start, duration in zip(starts, durations, strict=True)), default=0
    )


def rule_keys(problem: Problem) -> Iterator[list[int]]:
    """Yield the keys of each priority rule, smallest first; the activities' priorities break ties.

    In order: the longest tail, counting also the queues of exclusions and the work that waits; the latest
    start; the latest finish; the most work that waits.
    """
    cpm = critical_path_method(problem.graph, problem.durations)
    waiting_work = [
        sum(problem.durations[other] for other in members(descendants))
        for descendants in reachability(problem.graph)
    ]
    tails = [cpm.makespan - start for start in cpm.latest_start]
    for rule in (
        [-tail for tail in _queueing_tails(problem, tails, waiting_work)],
        cpm.latest_start,
        cpm.latest_finish,
        [-work - duration for work, duration in zip(waiting_work, problem.durations, strict=True)],
    ):
        scale = LAST_PRIORITY + 1
        yield [key * scale + urgent for key, urgent in zip(rule, problem.inherited_priorities, strict=True)]


def _queueing_tails(problem: Problem, tails: Sequence[int], waiting_work: Sequence[int]) -> list[int]:
    """Return for each activity how long the plan lasts after its start, by three estimates carried backwards.

    A member of an exclusion clique is followed, at best, by the members with shorter tails one after the
    other; the work that waits for an activity takes N agents its N-th part.
    """
    durations = problem.durations
    after_queue = [0] * problem.n
    for clique in problem.exclusions:
        queued = 0
        for activity in sorted(clique, key=lambda member: (tails[member], member)):
            queued = max(queued, tails[activity] - durations[activity]) + durations[activity]
            after_queue[activity] = max(after_queue[activity], queued)
    result = [0] * problem.n
    for activity in reversed(topological_order(problem.graph)):
        behind = max((result[successor] for successor in problem.graph.successors[activity]), default=0)
        shared = waiting_work[activity] // problem.capacity
        result[activity] = max(durations[activity] + max(behind, shared), after_queue[activity])
    return result
