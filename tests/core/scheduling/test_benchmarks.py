"""What the benchmarks schedule is what they say."""

from __future__ import annotations

from statistics import fmean

import pytest

from planner_core.scheduling import Problem, Resource, Schedule, best_schedule, validate_schedule
from planner_core.scheduling.from_plan import problem_of
from tests.benchmarks import plans, psplib

INSTANCE = """\
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           4
   4        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     3       2    0
  3      1     4       1    5
  4      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  R 2
    2    6
************************************************************************
"""


def test_an_instance_is_read_with_all_its_resources() -> None:
    """Jobs are numbered from 0, and each resource has its demands."""
    assert psplib.problem_of(INSTANCE) == Problem(
        durations=(0, 3, 4, 0),
        edges=((0, 1), (0, 2), (1, 3), (2, 3)),
        resources=(Resource(2, (0, 2, 1, 0)), Resource(6, (0, 0, 5, 0))),
    )


def test_a_schedule_that_breaks_a_rule_fails_the_benchmark() -> None:
    """No figure is printed for an invalid schedule."""
    problem = psplib.problem_of(INSTANCE)
    outcome = psplib.ours(psplib.Instance("tiny", "one", problem, 7), 5, 1, 0, with_solver=False)
    assert (outcome.makespan, outcome.gap_percent, outcome.own_gap_percent) == (7, 0, 0)
    both = Schedule((0, 0), (1, 1), (0, 1), 0)
    with pytest.raises(AssertionError, match="resource 0"):
        psplib.checked(Problem((1, 1), resources=(Resource(1, (1, 1)),)), both)


def test_generated_plans_have_the_stated_shape() -> None:
    """Estimates, dependencies, the busiest area and the exclusive category are as announced."""
    tasks = 1000
    plan = plans.generated(tasks, 6, seed=1)
    assert plan == plans.generated(tasks, 6, seed=1)
    places = [(int(edge.predecessor[1:]), int(edge.successor[1:])) for edge in plan.dependencies]
    assert all(0 < after - before <= plans.REACH for before, after in places)
    assert len(places) / tasks == pytest.approx(1.3, abs=0.1)
    assert {task.estimate for task in plan.tasks} == set(plans.ESTIMATES)
    work = sum(task.estimate or 0 for task in plan.tasks)
    busiest = sum(
        task.estimate or 0 for task in plan.tasks if any("area0/" in claim.pattern for claim in task.claims)
    )
    assert busiest / work == pytest.approx(plans.BUSIEST_SHARE, abs=0.03)
    assert fmean(len(task.claims) - 1 for task in plan.tasks) == pytest.approx(plans.SCHEMA_SHARE, abs=0.02)


def test_a_generated_plan_is_scheduled_within_its_rules() -> None:
    """A small one is found, proved or not, and valid."""
    problem = problem_of(plans.generated(50, 4, seed=1))
    schedule = best_schedule(problem, seconds=1, workers=1)
    assert validate_schedule(problem, schedule) == []
