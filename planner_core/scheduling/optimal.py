"""The shortest schedule that can be found in some seconds, and a proof where there is one.

The heuristic comes first: where it reaches the lower bound, nothing is left to do. Otherwise CP-SAT, the
constraint solver of OR-Tools, goes on from its schedule, between its makespan and the lower bound. OR-Tools
is an extra: without it the heuristic has all the time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.util import find_spec
from math import ceil
from typing import TYPE_CHECKING

from planner_core.graph import critical_path_method
from planner_core.scheduling.agents import assign_agents
from planner_core.scheduling.bounds import heavy_queues
from planner_core.scheduling.heuristic import Progress, pushed_left, solve, usual_iterations
from planner_core.scheduling.problem import Problem
from planner_core.scheduling.schedule import Schedule

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

# What part of the time the heuristic may take when the solver comes after it. Plans are soon proved by the
# solver; problems with several resources seldom are, and the heuristic does as much for their makespan.
_SHARE, _SHARE_WITH_RESOURCES = 0.2, 0.5

# And it makes at most so many times the schedules that it makes usually.
_HEURISTIC_TIMES = 10

# How often, in seconds, a running solver is asked how far it is and whether it should stop.
_POLL = 0.05

# More schedules than any time allows.
_NO_LIMIT = 10**12

# The solver's bounds are floating-point numbers; what they miss to a whole number by less than this is noise.
_TOLERANCE = 1e-6


class Stage(StrEnum):
    """Who is at work on a schedule."""

    HEURISTIC = "heuristic"
    SOLVER = "solver"


@dataclass(frozen=True)
class BestSoFar:
    """How far a search has come: who is at work, the best makespan and lower bound so far, in minutes."""

    stage: Stage
    makespan: int
    lower_bound: int


ShouldStop = Callable[[], bool]
OnProgress = Callable[[BestSoFar], None]


def solver_available() -> bool:
    """Say whether OR-Tools is installed."""
    return find_spec("ortools") is not None


def best_schedule(
    problem: Problem,
    *,
    seconds: float,
    workers: int | None = None,
    seed: int = 0,
    with_solver: bool = True,
    should_stop: ShouldStop | None = None,
    on_progress: OnProgress | None = None,
) -> Schedule:
    """Return the shortest schedule found within ``seconds``, with the highest lower bound found.

    It ends at once when the two meet. ``workers`` are the threads of the solver, as many as there are
    processors where none are given; ``with_solver`` false leaves it to the heuristic, as does a missing
    OR-Tools. ``on_progress`` is told and ``should_stop`` asked several times a second, by the calling thread;
    what either raises ends the search. A search that the time limit ends may find something else the next
    time, whatever the seed. Raises ValueError when ``seconds`` or ``workers`` is not above 0.
    """
    _check(seconds, workers)
    begun = time.monotonic()
    with_solver = with_solver and solver_available()
    share, iterations = seconds, _NO_LIMIT
    if with_solver:
        share = seconds * (_SHARE_WITH_RESOURCES if problem.resources else _SHARE)
        iterations = usual_iterations(problem.n) * _HEURISTIC_TIMES
    next_poll = begun
    stop_asked = False

    def told(progress: Progress) -> None:
        nonlocal next_poll, stop_asked
        now = time.monotonic()
        if now < next_poll:
            return
        next_poll = now + _POLL
        if on_progress:
            on_progress(BestSoFar(Stage.HEURISTIC, progress.makespan, progress.lower_bound))
        stop_asked = should_stop is not None and should_stop()

    found = solve(
        problem,
        iterations=iterations,
        seed=seed,
        on_progress=told,
        should_stop=lambda: stop_asked or time.monotonic() - begun >= share,
    )
    left = seconds - (time.monotonic() - begun)
    if found.proved or stop_asked or not with_solver or left <= 0:
        return found
    return improved(
        problem,
        found,
        seconds=left,
        workers=workers,
        seed=seed,
        should_stop=should_stop,
        on_progress=on_progress,
    )


def improved(
    problem: Problem,
    first: Schedule,
    *,
    seconds: float,
    workers: int | None = None,
    seed: int = 0,
    should_stop: ShouldStop | None = None,
    on_progress: OnProgress | None = None,
) -> Schedule:
    """Return what CP-SAT makes of a first schedule of the problem: a shorter one, or a higher lower bound.

    The arguments are those of :func:`best_schedule`. Raises ValueError as it does, and ImportError where
    OR-Tools is not installed.
    """
    from ortools.sat.python import cp_model

    _check(seconds, workers)
    unit = problem.unit
    best, bound = first.makespan, first.lower_bound
    model = cp_model.CpModel()
    starts = _state(model, problem, first)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers or os.cpu_count() or 1
    solver.parameters.random_seed = seed
    # Measured on the standard instances: looking for symmetries costs more than it saves, and exclusions are
    # worth all the propagation there is.
    solver.parameters.symmetry_level = 0
    solver.parameters.use_strong_propagation_in_disjunctive = True

    class Solutions(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            nonlocal best
            best = min(best, round(self.objective_value) * unit)

    def raise_bound(value: float) -> None:
        nonlocal bound
        bound = max(bound, ceil(max(value, 0) - _TOLERANCE) * unit)

    def told_to_stop() -> bool:
        if on_progress:
            on_progress(BestSoFar(Stage.SOLVER, best, bound))
        return should_stop is not None and should_stop()

    solver.best_bound_callback = raise_bound
    # The solver has a thread of its own, so that the caller's functions are called by the caller's thread.
    with ThreadPoolExecutor(1) as executor:
        running = executor.submit(solver.solve, model, Solutions())
        try:
            while wait([running], _POLL).not_done:
                if told_to_stop():
                    break
        finally:
            # Asked again and again, because a solver that has not begun yet does not hear it.
            while not running.done():
                solver.stop_search()
                wait([running], _POLL)
    status = running.result()
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
        raise RuntimeError(f"the solver says {solver.status_name(status)}: {model.validate()}")
    raise_bound(solver.best_objective_bound)
    schedule = first
    if status != cp_model.UNKNOWN and round(solver.objective_value) * unit < first.makespan:
        start = _as_early_as_possible(problem, [solver.value(start) for start in starts])
        finish = tuple(map(int.__add__, start, problem.durations))
        schedule = Schedule(start, finish, assign_agents(problem, start), bound)
    if on_progress:
        on_progress(BestSoFar(Stage.SOLVER, schedule.makespan, bound))
    return replace(schedule, lower_bound=bound)


def _check(seconds: float, workers: int | None) -> None:
    if seconds <= 0 or (workers is not None and workers < 1):
        raise ValueError(f"some time and at least one worker are needed, not {seconds} s and {workers}")


def _as_early_as_possible(problem: Problem, starts: Sequence[int]) -> tuple[int, ...]:
    """Return starts in minutes, for starts in the problem's unit, such that nothing waits for nothing."""
    return tuple(moment * problem.unit for moment in pushed_left(problem, starts))


def _state(model: cp_model.CpModel, problem: Problem, first: Schedule) -> list[cp_model.IntVar]:
    """State a problem in a model, with a first schedule as hint and upper bound; return the starts.

    Activities start within the windows that the critical path method leaves below the upper bound. Each
    exclusion is one constraint on all its members, never a pair at a time; what else must run one at a time
    is stated too, where it is heavy. A milestone excludes nothing.
    """
    unit = problem.unit
    upper, lower = first.makespan // unit, first.lower_bound // unit
    durations = [duration // unit for duration in problem.durations]
    cpm = critical_path_method(problem.graph, durations)
    slack = upper - cpm.makespan
    makespan = model.new_int_var(lower, upper, "makespan")
    starts = [
        model.new_int_var(earliest, latest + slack, f"start {activity}")
        for activity, (earliest, latest) in enumerate(zip(cpm.earliest_start, cpm.latest_start, strict=True))
    ]
    for before, after in problem.edges:
        model.add(starts[after] >= starts[before] + durations[before])
    for activity, successors in enumerate(problem.graph.successors):
        if not successors:
            model.add(makespan >= starts[activity] + durations[activity])
    lasting = [activity for activity in range(problem.n) if durations[activity]]
    intervals = {
        activity: model.new_fixed_size_interval_var(starts[activity], durations[activity], f"run {activity}")
        for activity in lasting
    }
    queues = {tuple(a for a in clique if durations[a]) for clique in problem.exclusions}
    for queue in sorted(queues.union(heavy_queues(problem))):
        if len(queue) > 1:
            model.add_no_overlap([intervals[activity] for activity in queue])
            model.add(makespan >= sum(durations[activity] for activity in queue))
    if problem.capacity < len(lasting):
        model.add_cumulative(intervals.values(), [1] * len(lasting), problem.capacity)
    for resource in problem.resources:
        users = [activity for activity in lasting if resource.demands[activity]]
        model.add_cumulative(
            [intervals[activity] for activity in users],
            [resource.demands[activity] for activity in users],
            resource.capacity,
        )
    model.minimize(makespan)
    model.add_hint(makespan, upper)
    for activity, start in enumerate(starts):
        model.add_hint(start, first.start[activity] // unit)
    return starts
