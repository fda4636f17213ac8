"""Edits: they change a plan, say where they are stale, and can be taken back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner_core.edits import (
    ClaimEdit,
    DependencyEdit,
    Edit,
    PhaseEdit,
    PlanFieldEdit,
    TaskEdit,
    TaskFieldEdit,
    UnreadableEdit,
    VerdictEdit,
    apply_edits,
    dump_edits,
    inverse,
    inverses,
    load_edits,
)
from planner_core.errors import PlannerError, StaleEdit
from planner_core.items import Claim, Dependency, Phase, Verdict
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode, Layer
from tests.core.short_plans import plan, task
from tests.core.strategies import edits_for, plans


def pair() -> Plan:
    """Two tasks without a dependency."""
    return plan(task("A", title="First", estimate=30), task("B", modifies=["b.py"]))


@pytest.mark.parametrize(
    "edit",
    [
        TaskFieldEdit("a", "title", "First", "Renamed"),
        TaskFieldEdit("a", "estimate", 30, None),
        TaskFieldEdit("a", "layer", None, Layer.API),
        TaskFieldEdit("a", "decides", (), ("soft delete",)),
        ClaimEdit("a", ClaimMode.READS, "b.py", before=False, after=True),
        ClaimEdit("b", ClaimMode.MODIFIES, "b.py", before=True, after=False),
        DependencyEdit("a", "b", before=False, after=True),
        VerdictEdit("a", "b", None, Verdict("a", "b", True, "fine")),
        PhaseEdit("p", None, Phase("p", "API", "i")),
        PlanFieldEdit("agent_count", 3, 5),
        PlanFieldEdit("weights", None, (("api", 0.3), ("file", 0.4))),
        TaskEdit("c", None, replace(task("C", reads=["c.py"]), rank="z")),
    ],
    ids=lambda edit: f"{edit.edit}-{getattr(edit, 'field', '')}",
)
def test_each_edit_changes_the_plan_and_is_taken_back(edit: Edit) -> None:
    """An edit makes another plan, travels as JSON, and its inverse gives the plan back."""
    changed = apply_edits(pair(), [edit])
    assert changed != pair()
    (travelled,) = load_edits(json.loads(json.dumps(dump_edits([edit]))))
    assert travelled == edit
    assert type(travelled) is type(edit)
    assert apply_edits(pair(), [travelled]) == changed
    assert apply_edits(changed, [inverse(edit)]) == pair()


def test_only_the_result_of_a_change_is_validated() -> None:
    """A dependency may be added before the task it names."""
    edits: list[Edit] = [
        DependencyEdit("a", "c", before=False, after=True),
        TaskEdit("c", None, replace(task("C"), rank="z")),
    ]
    assert apply_edits(pair(), edits).dependencies == (Dependency("a", "c"),)
    with pytest.raises(StaleEdit, match="no longer in the plan"):
        apply_edits(pair(), edits[:1])


@pytest.mark.parametrize(
    ("edit", "target"),
    [
        (TaskFieldEdit("a", "title", "Second", "Third"), "task:a:title"),
        (TaskFieldEdit("x", "title", "", "Third"), "task:x"),
        (TaskEdit("a", None, replace(task("A"), rank="z")), "task:a"),
        (ClaimEdit("b", ClaimMode.MODIFIES, "b.py", before=False, after=True), "claim:b:modifies:b.py"),
        (ClaimEdit("x", ClaimMode.MODIFIES, "b.py", before=False, after=True), "task:x"),
        (DependencyEdit("a", "b", before=True, after=False), "dependency:a:b"),
        (VerdictEdit("a", "b", Verdict("a", "b", True), None), "verdict:a:b"),
        (PlanFieldEdit("agent_count", 2, 4), "plan:agent_count"),
        (PhaseEdit("p", Phase("p", "API", "i"), None), "phase:p"),
    ],
)
def test_an_edit_whose_before_value_does_not_hold_is_stale(edit: Edit, target: str) -> None:
    """It is refused, and the refusal names the target."""
    with pytest.raises(StaleEdit) as refused:
        apply_edits(pair(), [edit])
    assert refused.value.target == target


def test_another_change_of_the_plan_makes_no_edit_stale() -> None:
    """Two edits of different fields both succeed, in either order."""
    one, two = TaskFieldEdit("a", "title", "First", "x"), TaskFieldEdit("a", "estimate", 30, 45)
    assert apply_edits(pair(), [one, two]) == apply_edits(pair(), [two, one])


@pytest.mark.parametrize(
    "edit",
    [
        TaskFieldEdit("a", "uid", "a", "z"),
        TaskFieldEdit("a", "claims", (), ()),
        TaskFieldEdit("a", "estimate", 30, "soon"),
        PlanFieldEdit("tasks", (), ()),
        TaskEdit("a", None, task("B")),
        VerdictEdit("a", "b", None, Verdict("a", "c", True)),
    ],
)
def test_an_edit_that_names_no_field_or_value_is_unreadable(edit: Edit) -> None:
    """Fields that are not edited this way, and values of the wrong type, are refused."""
    with pytest.raises(PlannerError):
        apply_edits(pair(), [edit])


@pytest.mark.parametrize(
    "data",
    [None, "edits", [{}], [{"edit": "rename", "uid": "a"}], [{"edit": "task_field", "uid": "a"}], [3]],
)
def test_data_that_is_no_list_of_edits_is_unreadable(data: object) -> None:
    """Stored or received data of another shape is refused."""
    with pytest.raises(UnreadableEdit):
        load_edits(data)


def test_claims_stay_sorted_however_they_were_added() -> None:
    """The order of edits leaves no trace."""
    first = ClaimEdit("b", ClaimMode.READS, "a.py", before=False, after=True)
    second = ClaimEdit("b", ClaimMode.MODIFIES, "z.py", before=False, after=True)
    changed = apply_edits(pair(), [first, second])
    assert changed == apply_edits(pair(), [second, first])
    assert changed.task_by_uid["b"].claims == (
        Claim(ClaimMode.MODIFIES, "b.py"),
        Claim(ClaimMode.MODIFIES, "z.py"),
        Claim(ClaimMode.READS, "a.py"),
    )


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), plans(max_tasks=5))
def test_any_sequence_of_edits_leaves_a_valid_plan_or_is_refused(data: st.DataObject, before: Plan) -> None:
    """What applies can be taken back exactly, one by one and all at once, also after a journey as JSON."""
    after = before
    applied: list[Edit] = []
    for _ in range(data.draw(st.integers(1, 4))):
        edit = data.draw(edits_for(after))
        try:
            changed = apply_edits(after, [edit])
        except PlannerError:
            continue
        assert apply_edits(changed, [inverse(edit)]) == after
        after = changed
        applied.append(edit)
    assert apply_edits(before, load_edits(json.loads(json.dumps(dump_edits(applied))))) == after
    assert apply_edits(after, inverses(applied)) == before
