"""Gestures: what a person does to a plan, as edits that apply and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner_core import gestures
from planner_core.edits import ClaimEdit, Edit, TaskFieldEdit, apply_edits, inverses
from planner_core.errors import InvalidPlan, PlannerError, StaleEdit
from planner_core.items import Agent, Claim, Dependency, Handoff, Phase, Track, Verdict
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode
from tests.core.short_plans import plan, task
from tests.core.strategies import canonical, plans


def done(before: Plan, edits: Sequence[Edit]) -> Plan:
    """The plan after a gesture, which can be taken back."""
    after = apply_edits(before, edits)
    assert apply_edits(after, inverses(edits)) == before
    return after


def keys(found: Plan) -> list[str]:
    """The keys of the tasks in order."""
    return [one.key for one in found.tasks]


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ([], "T001"),
        (["T001", "T002", "T003"], "T004"),
        (["T1", "T9", "T10"], "T11"),
        (["MT 1.1"], "MT 1.2"),
        (["MT 1.1", "MT 1.2", "MT 2.1"], "MT 2.2"),
        (["frontend-impl", "backend-impl"], "T001"),
        (["T001", "deploy"], "T002"),
        (["T999"], "T1000"),
        (["task-3", "task-7"], "task-8"),
    ],
)
def test_the_next_key_follows_the_plans_own_style(there: list[str], expected: str) -> None:
    """A new task's key counts on from the last numbered one."""
    tasks = [replace(task(key), uid=f"u{n}") for n, key in enumerate(there)]
    assert gestures.next_key(plan(*tasks)) == expected


def test_the_next_key_follows_the_task_it_comes_after() -> None:
    """In a plan of several series a new task continues that of its neighbour."""
    drawn = plan(task("A1"), task("B1"), task("B2"))
    assert gestures.next_key(drawn, after="a1") == "A2"


def test_a_task_is_added_at_the_end_or_after_another() -> None:
    """The new task is in its place, with its fields."""
    drawn = plan(task("T1"), task("T2"))
    assert keys(done(drawn, gestures.adding_task(drawn, uid="new"))) == ["T1", "T2", "T3"]
    claim = Claim(ClaimMode.READS, "a.py")
    after = done(
        drawn,
        gestures.adding_task(
            drawn, uid="new", key="X", title="New", after="t1", skills=["python"], claims=(claim,)
        ),
    )
    assert keys(after) == ["T1", "X", "T2"]
    assert after.task_by_uid["new"].claims == (claim,)
    assert after.task_by_uid["new"].skills == ("python",)


def test_a_new_task_finds_room_between_equal_ranks() -> None:
    """Where two tasks have one rank, as after two people added one at once, all are ranked afresh."""
    twins = Plan(tasks=(task("A"), task("B")))
    after = done(twins, gestures.adding_task(twins, uid="new", key="N", after="a"))
    assert keys(after) == ["A", "N", "B"]


def test_ranks_stay_short_however_often_one_place_is_filled() -> None:
    """Hundreds of tasks fit between two others."""
    drawn = plan(task("A"), task("B"))
    for number in range(400):
        drawn = apply_edits(drawn, gestures.adding_task(drawn, uid=f"n{number}", after="a"))
    assert keys(drawn)[0] == "A"
    assert drawn.tasks[1].uid == "n399"
    assert max(len(one.rank) for one in drawn.tasks) <= 60


def test_a_task_needs_a_uid_and_fields_of_its_own() -> None:
    """A uid twice and an unknown field are refused; an unknown place is stale."""
    drawn = plan(task("A"))
    with pytest.raises(PlannerError, match="uid a already"):
        gestures.adding_task(drawn, uid="a")
    with pytest.raises(PlannerError, match="no field “colour”"):
        gestures.adding_task(drawn, uid="n", colour="red")
    with pytest.raises(StaleEdit):
        gestures.adding_task(drawn, uid="n", after="gone")


@pytest.mark.parametrize(("after", "expected"), [(None, "BAC"), ("a", "ABC"), ("c", "ACB"), ("b", "ABC")])
def test_a_task_is_moved_below_another_or_to_the_top(after: str | None, expected: str) -> None:
    """Moving changes the order and nothing else."""
    drawn = plan(task("A"), task("B"), task("C"))
    assert "".join(keys(done(drawn, gestures.moving_task(drawn, "b", after)))) == expected


def test_moving_a_task_to_where_it_is_changes_nothing() -> None:
    """There is no edit without an effect."""
    drawn = plan(task("A"), task("B"))
    assert gestures.moving_task(drawn, "b", "a") == []
    assert gestures.moving_task(drawn, "a", None) == []


def test_removing_tasks_takes_along_what_hangs_on_them() -> None:
    """Dependencies and verdicts go, handoffs lose a task or go, children move up."""
    tasks = [task("G"), task("S", parent="g"), task("A", parent="s"), task("B"), task("C")]
    drawn = plan(
        *tasks,
        links=["S>B", "B>C", "A>C"],
        verdicts=(Verdict("b", "s", True), Verdict("b", "c", True)),
        handoffs=(
            Handoff("h1", ("s",), ("b",)),
            Handoff("h2", ("a", "s"), ("b",)),
            Handoff("h3", ("a",), ("b",)),
        ),
    )
    after = done(drawn, gestures.removing_tasks(drawn, ["s"]))
    assert keys(after) == ["G", "A", "B", "C"]
    assert after.task_by_uid["a"].parent == "g"
    assert after.dependencies == (Dependency("a", "c"), Dependency("b", "c"))
    assert after.verdicts == (Verdict("b", "c", True),)
    assert [(each.uid, each.sources) for each in after.handoffs] == [("h2", ("a",)), ("h3", ("a",))]
    assert done(drawn, gestures.removing_tasks(drawn, ["s", "g"])).task_by_uid["a"].parent is None


def test_editing_a_task_carries_what_the_person_saw() -> None:
    """Only fields that the person changed become edits, from the values that the person saw."""
    drawn = plan(task("A", title="Now", estimate=30, reads=["a.py"]))
    edits = gestures.editing_task(
        drawn, "a", {"title": "Then", "estimate": 30}, {"title": "New", "estimate": 30}
    )
    assert edits == [TaskFieldEdit("a", "title", "Then", "New")]
    with pytest.raises(StaleEdit):
        apply_edits(drawn, edits)
    edits = gestures.editing_task(drawn, "a", {}, {"skills": ["x"], "claims": []})
    assert edits == [
        TaskFieldEdit("a", "skills", (), ("x",)),
        ClaimEdit("a", ClaimMode.READS, "a.py", before=True, after=False),
    ]
    done(drawn, edits)
    with pytest.raises(PlannerError, match="“uid” is no field"):
        gestures.editing_task(drawn, "a", {}, {"uid": "b"})


def test_claims_are_added_and_removed_one_by_one() -> None:
    """A claim twice is refused."""
    drawn = plan(task("A", reads=["a.py"]))
    after = done(drawn, gestures.adding_claim(drawn, "a", ClaimMode.MODIFIES, "b.py"))
    assert len(after.task_by_uid["a"].claims) == 2
    assert done(after, gestures.removing_claim(after, "a", ClaimMode.MODIFIES, "b.py")) == drawn
    with pytest.raises(PlannerError, match=r"A already reads a\.py"):
        gestures.adding_claim(drawn, "a", ClaimMode.READS, "a.py")


def test_connecting_makes_the_successor_wait() -> None:
    """A dependency is added, and taken away again."""
    drawn = plan(task("A"), task("B"))
    after = done(drawn, gestures.connecting(drawn, "a", "b"))
    assert after.dependencies == (Dependency("a", "b"),)
    assert done(after, gestures.disconnecting(after, "a", "b")) == drawn


def refusal(drawn: Plan, predecessor: str, successor: str) -> str:
    """Why a dependency is refused."""
    with pytest.raises(PlannerError) as refused:
        gestures.connecting(drawn, predecessor, successor)
    return str(refused.value)


def test_what_cannot_be_connected_is_refused_in_a_sentence() -> None:
    """A task and itself, a dependency twice, a task that is gone."""
    drawn = plan(task("A"), task("B"), links=["A>B"])
    assert refusal(drawn, "a", "a") == "A cannot wait for itself."
    assert refusal(drawn, "a", "b") == "B waits for A already."
    assert refusal(drawn, "a", "gone") == "That task is not in the plan, or no longer."


def test_a_circle_is_spelled_out_key_by_key() -> None:
    """The message follows the shortest circle from the predecessor back to it."""
    drawn = plan(task("A"), task("B"), task("C"), task("D"), links=["A>B", "B>C", "C>D", "A>D"])
    assert refusal(drawn, "c", "a") == (
        "A cannot wait for C, because that would close a circle: C → A → B → C."
    )
    assert refusal(drawn, "d", "a") == "A cannot wait for D, because that would close a circle: D → A → D."


def test_a_circle_through_a_summary_task_names_it() -> None:
    """Where a task waits because of the summary task around it, that one is named too."""
    tasks = [task("S"), task("A", parent="s"), task("B", parent="s"), task("C")]
    assert refusal(plan(*tasks, links=["A>B", "S>C"]), "c", "a") == (
        "A cannot wait for C, because that would close a circle: C → A → B (in S) → C."
    )
    assert refusal(plan(*tasks, links=["B>C"]), "c", "s") == (
        "S cannot wait for C, because that would close a circle: C → B (in S) → C."
    )


def test_a_summary_task_and_its_part_do_not_wait_for_each_other() -> None:
    """A dependency within the family is refused both ways, however deep."""
    drawn = plan(task("G"), task("S", parent="g"), task("A", parent="s"))
    message = "A is a part of the summary task G: they cannot wait for each other."
    assert refusal(drawn, "g", "a") == message
    assert refusal(drawn, "a", "g") == message


def test_the_lead_rules_on_a_pair_in_any_order() -> None:
    """A verdict is given, replaced and withdrawn."""
    drawn = plan(task("A"), task("B"))
    ruled = done(drawn, gestures.ruling(drawn, "b", "a", together=True, reason="fine"))
    assert ruled.verdicts == (Verdict("a", "b", True, "fine"),)
    assert gestures.ruling(ruled, "a", "b", together=True, reason="fine") == []
    other = done(ruled, gestures.ruling(ruled, "a", "b", together=False))
    assert other.verdicts == (Verdict("a", "b", False),)
    assert done(other, gestures.ruling(other, "a", "b", together=None)) == drawn
    with pytest.raises(PlannerError, match="no verdict on A and B"):
        gestures.ruling(drawn, "b", "a", together=None)
    with pytest.raises(PlannerError, match="about two tasks"):
        gestures.ruling(drawn, "a", "a", together=True)


@pytest.mark.parametrize("kind", ["phase", "track", "agent"])
def test_phases_tracks_and_agents_are_added_renamed_moved_and_removed(kind: str) -> None:
    """A task loses the phase, track or agent that is removed, and nothing else."""
    adding, renaming = getattr(gestures, f"adding_{kind}"), getattr(gestures, f"renaming_{kind}")
    moving, removing = getattr(gestures, f"moving_{kind}"), getattr(gestures, f"removing_{kind}")

    def names(found: Plan) -> list[str]:
        return [row.name for row in getattr(found, f"{kind}s")]

    drawn = plan(task("A"))
    drawn = done(drawn, adding(drawn, uid="x", name="One"))
    drawn = done(drawn, adding(drawn, uid="y", name="Three"))
    drawn = done(drawn, adding(drawn, uid="z", name="Two", after="x"))
    assert names(drawn) == ["One", "Two", "Three"]
    drawn = done(drawn, renaming(drawn, "y", "Last"))
    assert renaming(drawn, "y", "Last") == []
    drawn = done(drawn, moving(drawn, "y", None))
    assert names(drawn) == ["Last", "One", "Two"]
    assert moving(drawn, "y", None) == []
    used = done(drawn, gestures.editing_task(drawn, "a", {}, {kind: "y"}))
    assert done(used, removing(used, "y")) == done(drawn, removing(drawn, "y"))
    with pytest.raises(StaleEdit, match=f"That {kind} is not in the plan"):
        renaming(drawn, "gone", "x")
    with pytest.raises(PlannerError, match="already"):
        adding(drawn, uid="x", name="Again")


def test_an_agents_skills_are_set() -> None:
    """What an agent can do is replaced as a whole."""
    drawn = Plan(agents=(Agent("x", "Ada", "i", ("css",)),))
    assert done(drawn, gestures.setting_skills(drawn, "x", ["python"])).agents[0].skills == ("python",)


def test_the_plans_own_fields_are_edited() -> None:
    """Only what differs from what the person saw becomes an edit."""
    drawn = Plan(title="Comments")
    after = done(drawn, gestures.setting_plan_field(drawn, "agent_count", 5))
    assert after.agent_count == 5
    assert gestures.setting_plan_field(after, "agent_count", 5) == []
    with pytest.raises(StaleEdit):
        apply_edits(after, gestures.editing_plan(after, {"agent_count": 3}, {"agent_count": 4}))
    with pytest.raises(PlannerError, match="no field of a plan"):
        gestures.setting_plan_field(drawn, "tasks", ())


@given(plans(max_tasks=6), st.data())
def test_removing_any_tasks_leaves_a_valid_plan(drawn: Plan, data: st.DataObject) -> None:
    """Whatever is removed, nothing is left hanging."""
    uids = [one.uid for one in drawn.tasks]
    gone = data.draw(st.sets(st.sampled_from(uids))) if uids else set()
    after = done(drawn, gestures.removing_tasks(drawn, gone))
    assert [one.uid for one in after.tasks] == [uid for uid in uids if uid not in gone]


@given(plans(max_tasks=6), st.data())
def test_connecting_is_refused_exactly_where_the_plan_would_be_invalid(
    drawn: Plan, data: st.DataObject
) -> None:
    """The gesture refuses what validation refuses, and nothing else."""
    uids = [one.uid for one in drawn.tasks]
    if not uids:
        return
    first, second = data.draw(st.sampled_from(uids)), data.draw(st.sampled_from(uids))
    try:
        edits = gestures.connecting(drawn, first, second)
    except PlannerError:
        with pytest.raises(InvalidPlan):
            replace(drawn, dependencies=(*drawn.dependencies, Dependency(first, second)))
    else:
        done(drawn, edits)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(plans(max_tasks=6), plans(max_tasks=6))
def test_the_difference_of_two_plans_leads_from_one_to_the_other(before: Plan, after: Plan) -> None:
    """Replacing a plan gives exactly the other one, and can be taken back."""
    assert done(before, gestures.replacing_plan(before, after)) == after
    assert gestures.replacing_plan(before, before) == []


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(plans(max_tasks=6), plans(max_tasks=6))
def test_matching_changes_uids_and_ranks_only(before: Plan, after: Plan) -> None:
    """A matched plan says the same, with the uids of the tasks and rows that have the same names."""
    matched = gestures.matched_by_key(before, after)
    assert canonical(matched) == canonical(after)
    for kind, name in (("tasks", "key"), ("phases", "name"), ("tracks", "name"), ("agents", "name")):
        old = {getattr(item, name): item.uid for item in getattr(before, kind)}
        for item in getattr(matched, kind):
            expected = old.get(getattr(item, name))
            assert item.uid == expected if expected else item.uid not in old.values()
    done(before, gestures.replacing_plan(before, matched))


@given(plans(max_tasks=6))
def test_a_plan_with_other_uids_and_ranks_is_matched_to_itself(drawn: Plan) -> None:
    """What left a plan and comes back unchanged is no change."""
    assert gestures.matched_by_key(drawn, canonical(drawn)) == drawn


def test_a_new_item_does_not_get_the_uid_of_another() -> None:
    """An item without a match never takes over a uid of the plan, where other things may hang on it."""
    before = plan(task("A"), task("B"))
    after = plan(replace(task("C"), uid="a"), replace(task("A"), uid="c"))
    after = replace(after, dependencies=(Dependency("a", "c"),))
    matched = gestures.matched_by_key(before, after)
    assert [(one.key, one.uid) for one in matched.tasks] == [("C", "a_2"), ("A", "a")]
    assert matched.dependencies == (Dependency("a_2", "a"),)


def test_new_items_are_ranked_between_those_that_stay() -> None:
    """Items that keep their order keep their ranks."""
    before = plan(task("A"), task("B"), phases=(Phase("p", "P", "i"),), tracks=(Track("t", "T", "i"),))
    after = plan(task("X"), task("A"), task("Y"), task("Z"), task("B"), task("W"))
    matched = gestures.matched_by_key(before, after)
    assert keys(matched) == ["X", "A", "Y", "Z", "B", "W"]
    for uid in ("a", "b"):
        assert matched.task_by_uid[uid].rank == before.task_by_uid[uid].rank
