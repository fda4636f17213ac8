"""The search for the shortest schedule: with the solver, without it, stopped, and watched."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings

from planner_core.scheduling import (
    BestSoFar,
    Problem,
    Resource,
    Stage,
    best_schedule,
    critical_chain,
    improved,
    lower_bound,
    optimal,
    solve,
    solver_available,
    validate_schedule,
)

from .problems import FEATURE, generated, problems

needs_solver = pytest.mark.skipif(not solver_available(), reason="OR-Tools is not installed")

# Two agents and five activities that no simple bound proves: 20 minutes of work are 10 for each, but the
# activities do not divide into two sets of 10.
PUZZLE = Problem(durations=(6, 6, 6, 1, 1), agents=2)


# Too hard to be proved in any time that a test has.
HARD = Problem(
    durations=tuple(2 + 7 * a % 11 for a in range(120)),
    edges=tuple((a, a + 7 + a % 5) for a in range(100)),
    resources=tuple(Resource(12, tuple((3 * a + k) % 7 for a in range(120))) for k in range(4)),
)


def test_a_schedule_as_short_as_its_bound_ends_the_search_at_once() -> None:
    """Where the heuristic reaches the bound, no solver is started."""
    told: list[BestSoFar] = []
    schedule = best_schedule(FEATURE, seconds=60, on_progress=told.append)
    assert (schedule.makespan, schedule.proved) == (85, True)
    assert all(step.stage is Stage.HEURISTIC for step in told)


@needs_solver
def test_the_solver_proves_what_no_simple_bound_does() -> None:
    """A makespan above the simple lower bound is proved the shortest, and the bound is raised to it."""
    assert lower_bound(PUZZLE).value == 10
    schedule = best_schedule(PUZZLE, seconds=60, workers=1)
    assert (schedule.makespan, schedule.lower_bound) == (12, 12)
    assert validate_schedule(PUZZLE, schedule) == []


@needs_solver
@settings(max_examples=25, deadline=None)
@given(problems())
def test_what_the_solver_finds_keeps_every_rule(problem: Problem) -> None:
    """The solver's schedules are valid, proved, never longer than the heuristic's, and hang together."""
    first = solve(problem, iterations=1)
    schedule = improved(problem, first, seconds=60, workers=1)
    assert validate_schedule(problem, schedule) == []
    assert schedule.proved
    assert schedule.lower_bound >= first.lower_bound
    assert schedule.makespan <= solve(problem).makespan
    chain = critical_chain(problem, schedule)
    assert schedule.start[chain[0]] == 0


@needs_solver
def test_progress_is_told_by_the_calling_thread() -> None:
    """Makespans only fall and bounds only rise, and the last ones told are the result's."""
    problem = generated(60, 3, seed=4)
    told: list[BestSoFar] = []
    threads = set()

    def listen(step: BestSoFar) -> None:
        told.append(step)
        threads.add(threading.current_thread())

    schedule = improved(problem, solve(problem, iterations=1), seconds=20, workers=1, on_progress=listen)
    assert threads == {threading.current_thread()}
    assert {step.stage for step in told} == {Stage.SOLVER}
    makespans, bounds = [step.makespan for step in told], [step.lower_bound for step in told]
    assert (makespans, bounds) == (sorted(makespans, reverse=True), sorted(bounds))
    assert (makespans[-1], bounds[-1]) == (schedule.makespan, schedule.lower_bound)


@needs_solver
def test_a_search_stops_when_asked() -> None:
    """Asked to stop, heuristic and solver end long before their time, each with a valid schedule."""
    problem = generated(60, 3, seed=4)
    told: list[BestSoFar] = []
    stopped = best_schedule(problem, seconds=600, should_stop=lambda: True, on_progress=told.append)
    assert validate_schedule(problem, stopped) == []
    assert len(told) == 1
    first = solve(HARD, iterations=1)
    found = improved(HARD, first, seconds=600, workers=1, should_stop=lambda: True)
    assert validate_schedule(HARD, found) == []


@needs_solver
def test_what_a_listener_raises_ends_the_search() -> None:
    """An error of whoever listens is passed on, and leaves no solver at work."""

    def fail(step: BestSoFar) -> None:
        raise LookupError(step.stage)

    first = solve(HARD, iterations=1)
    with pytest.raises(LookupError, match="heuristic"):
        best_schedule(HARD, seconds=600, on_progress=fail)
    with pytest.raises(LookupError, match="solver"):
        improved(HARD, first, seconds=600, workers=1, on_progress=fail)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ThreadPoolExecutor")]


def test_without_the_solver_the_heuristic_does_its_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where OR-Tools is missing, or is not wanted, the result is valid and its bound an honest one."""
    monkeypatch.setattr(optimal, "solver_available", lambda: False)
    schedule = best_schedule(PUZZLE, seconds=0.05)
    assert (schedule.makespan, schedule.lower_bound, schedule.proved) == (12, 10, False)
    monkeypatch.undo()
    assert best_schedule(PUZZLE, seconds=0.05, with_solver=False) == schedule


@pytest.mark.parametrize(("seconds", "workers"), [(0, 1), (-1, None), (1, 0)])
def test_no_time_and_no_workers_are_refused(seconds: float, workers: int | None) -> None:
    """A search needs time and somebody to do it."""
    with pytest.raises(ValueError, match="at least one worker"):
        best_schedule(PUZZLE, seconds=seconds, workers=workers)
