"""Claimed durations against what can be proved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from planner_core.scheduling import Problem, barrier_schedule, best_schedule, solve
from planner_core.scheduling.audit import Assessment, Group, Quantity, Statement, audit_statements

from .problems import problems

RIGHT, TOO_LOW, TOO_HIGH, OPEN = Assessment

# Four phases of create, read, update and delete: four activities side by side, twice four for two agents,
# then three in a row.
PHASES = Problem(durations=(15, 10, 10, 15, 20, 15, 20, 15, 20, 20, 15, 10, 15, 10, 15), agents=2)
GROUPS = (
    Group((0, 1, 2, 3), agents=4),
    Group((4, 5, 6, 7)),
    Group((8, 9, 10, 11)),
    Group((12, 13, 14), agents=1),
)

# A design, three implementations side by side, the merge of what they leave, the verification.
FEATURE = Problem(
    durations=(5, 45, 60, 50, 5, 15),
    edges=((0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4), (4, 5)),
    agents=3,
)
STAGES = (Group((0,)), Group((1, 2, 3)), Group((4,)), Group((5,)))


@pytest.mark.parametrize(
    ("statement", "truth", "assessment"),
    [
        (Statement(Quantity.MAKESPAN, 20, group=0), 15, TOO_HIGH),
        (Statement(Quantity.MAKESPAN, 25, group=1), 35, TOO_LOW),
        (Statement(Quantity.MAKESPAN, 20, group=2), 35, TOO_LOW),
        (Statement(Quantity.MAKESPAN, 30, group=3), 40, TOO_LOW),
        (Statement(Quantity.MAKESPAN, 40, group=3), 40, RIGHT),
        (Statement(Quantity.SEQUENTIAL, 175), 225, TOO_LOW),
        (Statement(Quantity.MAKESPAN, 105), 125, TOO_LOW),
        (Statement(Quantity.SAVED_PERCENT, 40), pytest.approx(44.4, abs=0.1), TOO_LOW),
        (Statement(Quantity.SAVED_PERCENT, 44), pytest.approx(44.4, abs=0.1), RIGHT),
    ],
)
def test_phases_that_were_added_up_wrongly(
    statement: Statement, truth: float, assessment: Assessment
) -> None:
    """Each group and the total are held against their own optimum, with the group's number of agents."""
    (result,) = audit_statements(PHASES, GROUPS, [statement])
    assert result.lowest == result.highest == truth
    assert result.assessment is assessment


@pytest.mark.parametrize(
    ("statement", "truth", "assessment"),
    [
        (Statement(Quantity.SEQUENTIAL, 160, group=1), 155, TOO_HIGH),
        (Statement(Quantity.MAKESPAN, 60, group=1), 60, RIGHT),
        (Statement(Quantity.SPEEDUP, 2.7, group=1), pytest.approx(2.58, abs=0.01), TOO_HIGH),
        (Statement(Quantity.SEQUENTIAL, 180), 180, RIGHT),
        (Statement(Quantity.MAKESPAN, 80), 85, TOO_LOW),
        (Statement(Quantity.MAKESPAN, 80, barriers=False), 85, TOO_LOW),
        (Statement(Quantity.SPEEDUP, 2.25), pytest.approx(2.12, abs=0.01), TOO_HIGH),
        (Statement(Quantity.SAVED, 100), 95, TOO_HIGH),
    ],
)
def test_a_merge_that_was_counted_in_one_column_only(
    statement: Statement, truth: float, assessment: Assessment
) -> None:
    """Work that is missing from a parallel total shows as a makespan that no schedule reaches."""
    (result,) = audit_statements(FEATURE, STAGES, [statement])
    assert result.lowest == result.highest == truth
    assert result.assessment is assessment


def test_what_is_not_proved_stays_open() -> None:
    """Between the lower bound and the best schedule nobody is called wrong; a proof settles it."""
    puzzle = Problem(durations=(6, 6, 6, 1, 1), agents=2)
    statements = [Statement(Quantity.MAKESPAN, value, barriers=False) for value in (9, 10, 12, 13)]
    found = audit_statements(
        puzzle, (), statements, find=lambda part: best_schedule(part, seconds=1, with_solver=False)
    )
    assert [result.assessment for result in found] == [TOO_LOW, OPEN, OPEN, TOO_HIGH]
    assert (found[0].lowest, found[0].highest) == (10, 12)
    proved = audit_statements(puzzle, (), statements, find=lambda part: replace(solve(part), lower_bound=12))
    assert [result.assessment for result in proved] == [TOO_LOW, TOO_LOW, RIGHT, TOO_HIGH]


@given(problems())
def test_the_truth_is_never_called_wrong(problem: Problem) -> None:
    """What the schedules say themselves is right, or open where it is not proved."""
    barriers = barrier_schedule(Problem(problem.durations, agents=2), [range(problem.n)]).schedule
    best = solve(problem)
    results = audit_statements(
        replace(problem, edges=(), exclusions=(), resources=(), agents=2),
        [Group(tuple(range(problem.n)))],
        [
            Statement(Quantity.SEQUENTIAL, problem.work),
            Statement(Quantity.MAKESPAN, barriers.makespan),
            Statement(Quantity.SAVED, problem.work - barriers.makespan, group=0),
        ],
    )
    assert {result.assessment for result in results} <= {RIGHT, RIGHT if barriers.proved else OPEN}
    (free,) = audit_statements(problem, (), [Statement(Quantity.MAKESPAN, best.makespan, barriers=False)])
    assert free.assessment is (RIGHT if best.proved else OPEN)


def test_groups_and_activities_that_there_are_not_are_refused() -> None:
    """A statement about group 4 of 4 is an error, as is a group with an unknown activity."""
    with pytest.raises(ValueError, match="group 4 of 4"):
        audit_statements(PHASES, GROUPS, [Statement(Quantity.MAKESPAN, 1, group=4)])
    with pytest.raises(ValueError, match="group 0 names activity 9"):
        audit_statements(FEATURE, [Group((9,))], [])
