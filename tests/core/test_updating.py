"""Reading a document again into the plan it once made: what it says is taken over, the rest stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from planner_core.edits import apply_edits
from planner_core.errors import InvalidPlan
from planner_core.gestures import matched_by_key, matched_by_title, updating_plan
from planner_core.items import Claim, Dependency, Task
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode
from tests.core.short_plans import plan, task
from tests.core.strategies import plans

HERE = Claim(ClaimMode.MODIFIES, "src/here.py")
THERE = Claim(ClaimMode.MODIFIES, "src/there.py")


def updated(before: Plan, said: Plan) -> Plan:
    """The plan after the document was read into it, tasks matched by key."""
    return apply_edits(before, updating_plan(before, matched_by_key(before, said)))


def test_what_the_document_states_replaces_and_what_it_leaves_out_stays() -> None:
    """A new title and estimate come in; a description and a layer that only the plan has stay."""
    before = Plan(tasks=(replace(task("A"), title="Old", description="Kept", estimate=10),))
    said = Plan(tasks=(replace(task("A"), uid="other", title="New", estimate=45),))
    (after,) = updated(before, said).tasks
    assert (after.uid, after.title, after.description, after.estimate) == ("a", "New", "Kept", 45)


def test_claims_and_dependencies_are_added() -> None:
    """Nothing that was added here goes: both sides' claims and dependencies hold."""
    before = plan(replace(task("A"), claims=(HERE,)), task("B"), links=["A>B"])
    said = plan(replace(task("A"), claims=(THERE,)), task("B"), task("C"), links=["B>C"])
    after = updated(before, said)
    assert after.task_by_key["A"].claims == (HERE, THERE)
    assert [t.key for t in after.tasks] == ["A", "B", "C"]
    assert {(d.predecessor, d.successor) for d in after.dependencies} == {("a", "b"), ("b", "c")}


def test_tasks_that_only_the_plan_has_stay() -> None:
    """A task added here outlives a document that does not know it."""
    before = plan(task("A"), task("MINE"))
    assert [t.key for t in updated(before, plan(task("A"))).tasks] == ["A", "MINE"]


def test_a_new_task_with_a_taken_key_gets_another() -> None:
    """Matched by title, the document's T1 is another task than the plan's: it becomes T1-2."""
    before = Plan(tasks=(Task("x", "T1", "i", "Model"),))
    said = Plan(tasks=(Task("y", "T1", "i", "View"),))
    after = apply_edits(before, updating_plan(before, matched_by_title(before, said)))
    assert [(t.key, t.title) for t in after.tasks] == [("T1", "Model"), ("T1-2", "View")]


def test_titles_match_across_other_keys() -> None:
    """A task whose key changed is the same one by its title, and keeps the plan's key in an update."""
    before = Plan(tasks=(Task("x", "T1", "i", "Model"),))
    said = Plan(tasks=(Task("y", "5", "i", "Model", estimate=20),))
    (after,) = apply_edits(before, updating_plan(before, matched_by_title(before, said))).tasks
    assert (after.uid, after.key, after.estimate) == ("x", "T1", 20)


def test_a_circle_of_both_together_is_refused() -> None:
    """Where the plan orders two tasks one way and the document the other way, the update says so."""
    before = plan(task("A"), task("B"), links=["A>B"])
    said = plan(task("A"), task("B"), links=["B>A"])
    with pytest.raises(InvalidPlan, match="circle"):
        updating_plan(before, matched_by_key(before, said))


@given(plans(max_tasks=6))
def test_reading_the_same_document_again_changes_nothing(content: Plan) -> None:
    """An update by what the plan holds already has no edits."""
    assert updating_plan(content, matched_by_key(content, content)) == []


@given(plans(max_tasks=5), plans(max_tasks=5))
def test_nothing_is_removed(before: Plan, said: Plan) -> None:
    """Whatever the document says: tasks, claims and dependencies of the plan are all there afterwards."""
    try:
        after = updated(before, said)
    except InvalidPlan:
        return
    assert {t.uid for t in before.tasks} <= {t.uid for t in after.tasks}
    assert set(before.dependencies) <= set(after.dependencies)
    for old in before.tasks:
        assert set(old.claims) <= set(after.task_by_uid[old.uid].claims)


def test_dependencies_name_both_plans_tasks() -> None:
    """A dependency of the document between an old and a new task joins the plan's own task."""
    before = Plan(tasks=(Task("x", "A", "i"),))
    said = Plan(tasks=(Task("p", "A", "i"), Task("q", "B", "k")), dependencies=(Dependency("p", "q"),))
    assert updated(before, said).dependencies == (Dependency("x", "q"),)
