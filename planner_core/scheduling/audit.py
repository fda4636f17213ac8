"""Are claimed durations right? What somebody states of a plan or a group, against what can be proved.

A statement is a figure about some work: how long it takes in a row or at best, what working side by side
saves. The truth is computed from the durations of the activities; where the shortest makespan is not proved,
it is a range, and a statement inside the range stays open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from planner_core.scheduling.heuristic import solve
from planner_core.scheduling.problem import Problem
from planner_core.scheduling.schedule import Schedule

# Minutes are stated exactly, ratios rounded; a percentage or a speedup this near to the truth is right.
_PERCENT_TOLERANCE, _SPEEDUP_TOLERANCE = 0.5, 0.05


class Quantity(StrEnum):
    """What a statement is about: minutes, except for the last two."""

    SEQUENTIAL = "sequential"
    MAKESPAN = "makespan"
    SAVED = "saved"
    SAVED_PERCENT = "saved percent"
    SPEEDUP = "speedup"


class Assessment(StrEnum):
    """How a statement compares with the truth."""

    RIGHT = "right"
    TOO_LOW = "too low"
    TOO_HIGH = "too high"
    OPEN = "open"


@dataclass(frozen=True)
class Group:
    """Activities between two barriers and the number of agents for them, None for as many as the plan has."""

    activities: tuple[int, ...]
    agents: int | None = None


@dataclass(frozen=True)
class Statement:
    """A figure that somebody claims: of a group, by its place, or of the whole plan where ``group`` is None.

    Of the whole plan it says what comes of doing group after group, or, with ``barriers`` false, of going on
    whenever something can.
    """

    quantity: Quantity
    value: float
    group: int | None = None
    barriers: bool = True


@dataclass(frozen=True)
class Audited:
    """A statement beside the truth, which lies from ``lowest`` to ``highest``; once it is known they are one.

    Minutes are whole; percentages and ratios are as they are, not rounded.
    """

    statement: Statement
    lowest: float
    highest: float
    assessment: Assessment


@dataclass(frozen=True)
class _Truth:
    """How long some work takes in a row, the shortest makespan found, and what none beats; minutes."""

    sequential: int
    makespan: int
    lower_bound: int


def audit_statements(
    problem: Problem,
    groups: Sequence[Group],
    statements: Sequence[Statement],
    *,
    find: Callable[[Problem], Schedule] = solve,
) -> tuple[Audited, ...]:
    """Compare statements about a plan and its groups with the truth; the results are in their order.

    ``find`` makes the schedules, once for each group and once for the whole: the heuristic, or whatever
    proves more. Raises ValueError when a statement names a group that there is not, or a group an activity.
    """
    for statement in statements:
        if statement.group is not None and not 0 <= statement.group < len(groups):
            raise ValueError(f"a statement is about group {statement.group} of {len(groups)}")
    for number, group in enumerate(groups):
        for activity in group.activities:
            if not 0 <= activity < problem.n:
                raise ValueError(f"group {number} names activity {activity}, which there is not")
    parts = [_truth_of_group(problem, group, find) for group in groups]
    phased = _Truth(
        problem.work, sum(part.makespan for part in parts), sum(part.lower_bound for part in parts)
    )
    free = None
    results = []
    for statement in statements:
        if statement.group is not None:
            truth = parts[statement.group]
        elif statement.barriers:
            truth = phased
        else:
            free = free or _truth_of(problem, find)
            truth = free
        results.append(_compared(statement, truth))
    return tuple(results)


def _truth_of_group(problem: Problem, group: Group, find: Callable[[Problem], Schedule]) -> _Truth:
    part = problem.part(group.activities)
    return _truth_of(part if group.agents is None else replace(part, agents=group.agents), find)


def _truth_of(problem: Problem, find: Callable[[Problem], Schedule]) -> _Truth:
    schedule = find(problem)
    return _Truth(problem.work, schedule.makespan, schedule.lower_bound)


def _compared(statement: Statement, truth: _Truth) -> Audited:
    tolerance = 0.0
    if statement.quantity is Quantity.SEQUENTIAL:
        ends = [float(truth.sequential)]
    else:
        of_makespan, tolerance = _MEASURES[statement.quantity]
        ends = [of_makespan(truth.sequential, makespan) for makespan in (truth.lower_bound, truth.makespan)]
    lowest, highest = min(ends), max(ends)
    if statement.value < lowest - tolerance:
        assessment = Assessment.TOO_LOW
    elif statement.value > highest + tolerance:
        assessment = Assessment.TOO_HIGH
    else:
        assessment = Assessment.RIGHT if lowest == highest else Assessment.OPEN
    return Audited(statement, lowest, highest, assessment)


# How each quantity follows from the minutes in a row and the makespan, and how near to it is right.
_MEASURES: dict[Quantity, tuple[Callable[[int, int], float], float]] = {
    Quantity.MAKESPAN: (lambda sequential, makespan: makespan, 0),
    Quantity.SAVED: (lambda sequential, makespan: sequential - makespan, 0),
    Quantity.SAVED_PERCENT: (
        lambda sequential, makespan: 100 * (sequential - makespan) / sequential if sequential else 0,
        _PERCENT_TOLERANCE,
    ),
    Quantity.SPEEDUP: (
        lambda sequential, makespan: sequential / makespan if makespan else 1,
        _SPEEDUP_TOLERANCE,
    ),
}
