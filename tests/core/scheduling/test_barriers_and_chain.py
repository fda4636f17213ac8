"""Barrier schedules, and the chain that a makespan hangs on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from planner_core.graph import waves
from planner_core.scheduling import Problem, barrier_schedule, critical_chain, solve, validate_schedule

from .problems import FEATURE, problems


def test_groups_wait_for_each_other() -> None:
    """Each group starts when the one before it has finished, and the makespans add up."""
    problem = Problem(durations=(10, 30, 10, 30), edges=((0, 2), (1, 3)), agents=2)
    barrier = barrier_schedule(problem, [[0, 1], [2, 3]])
    assert barrier.makespans == (30, 30)
    assert barrier.schedule.start == (0, 0, 30, 30)
    assert barrier.schedule.proved


def test_the_feature_plan_loses_nothing_by_its_waves() -> None:
    """Where each wave waits for all of the one before anyhow, barriers cost nothing."""
    barrier = barrier_schedule(FEATURE, waves(FEATURE.graph))
    assert barrier.makespans == (5, 60, 5, 15)
    assert barrier.schedule.makespan == 85


@given(problems())
def test_a_barrier_schedule_keeps_every_rule(problem: Problem) -> None:
    """Dependencies, exclusions and N hold, and no group starts before the ones before it are over."""
    groups = waves(problem.graph)
    barrier = barrier_schedule(problem, groups)
    schedule = barrier.schedule
    assert validate_schedule(problem, schedule) == []
    assert sum(barrier.makespans) == schedule.makespan
    for number, group in enumerate(groups):
        assert all(schedule.start[activity] >= sum(barrier.makespans[:number]) for activity in group)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([[0, 1], [1, 2]], "group 1 names activity 1"),
        ([[0, 1, 3]], "group 0 names activity 3"),
        ([[0, 1]], "no group names activity 2"),
        ([[0, 2], [1]], "activity 2 of group 0 waits for 1 of a later one"),
    ],
)
def test_groups_that_do_not_fit_are_refused(groups: list[list[int]], message: str) -> None:
    """Groups must name every activity once and never wait for a later group."""
    with pytest.raises(ValueError, match=message):
        barrier_schedule(Problem(durations=(1, 1, 1), edges=((1, 2),)), groups)


@given(problems())
def test_a_critical_chain_spans_the_schedule_without_a_gap(problem: Problem) -> None:
    """It runs from 0 to the makespan; what the one had to wait for joins every two neighbours."""
    schedule = solve(problem)
    chain = critical_chain(problem, schedule)
    assert schedule.start[chain[0]] == 0
    assert schedule.finish[chain[-1]] == schedule.makespan
    for before, after in pairwise(chain):
        assert schedule.finish[before] == schedule.start[after]
        assert (
            (before, after) in problem.edges
            or any({before, after} <= set(clique) for clique in problem.exclusions)
            or schedule.agent[before] == schedule.agent[after]
            or any(resource.demands[before] and resource.demands[after] for resource in problem.resources)
        )


def test_the_critical_chain_passes_through_agents_and_exclusions() -> None:
    """Activities without dependencies hang together by their only agent, or by the file they share."""
    alone = Problem(durations=(10, 20), agents=1)
    shared = Problem(durations=(10, 20), exclusions=((0, 1),), agents=2)
    for problem in (alone, shared):
        assert sorted(critical_chain(problem, solve(problem))) == [0, 1]


def test_nothing_has_no_critical_chain() -> None:
    """An empty problem has an empty chain."""
    empty = Problem(durations=())
    assert critical_chain(empty, solve(empty)) == []
