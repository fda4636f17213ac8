"""Changes in words, for the history and for messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner_core import gestures
from planner_core.edits import DependencyEdit, Edit, HandoffEdit, PlanFieldEdit, TaskFieldEdit, inverses
from planner_core.items import Handoff, Phase, Verdict
from planner_core.plan import Plan
from planner_core.sentences import describe, describe_each, describe_target
from planner_core.vocabulary import ClaimMode
from tests.core.short_plans import plan, task
from tests.core.strategies import edits_for, plans


def small() -> Plan:
    """Three tasks in a row, one of them in a phase."""
    tasks = [
        task("T001", title="Comment model", estimate=30, phase="p"),
        task("T002", title="Comment repository", modifies=["src/repo.py"]),
        task("T003"),
    ]
    return plan(
        *tasks,
        links=["T001>T002", "T002>T003"],
        phases=(Phase("p", "Foundation", "b"), Phase("q", "API", "c")),
        verdicts=(Verdict("t001", "t003", True),),
        handoffs=(Handoff("h", ("t001",), ("t002", "t003")),),
    )


CASES: list[tuple[Callable[[Plan], list[Edit]], str]] = [
    (lambda p: gestures.adding_task(p, uid="n", title="Comment API"), "added T004 “Comment API”"),
    (lambda p: gestures.adding_task(p, uid="n", key="X"), "added X"),
    (lambda p: gestures.removing_tasks(p, ["t002"]), "removed T002 “Comment repository”"),
    (lambda p: gestures.removing_tasks(p, ["t001", "t002", "t003"]), "removed T001, T002 and T003"),
    (lambda p: gestures.moving_task(p, "t003", None), "moved T003"),
    (lambda p: gestures.editing_task(p, "t001", {}, {"title": "Model"}), "renamed T001 to “Model”"),
    (
        lambda p: gestures.editing_task(p, "t001", {}, {"key": "M1"}),
        "changed the key of T001 from T001 to M1",
    ),
    (
        lambda p: gestures.editing_task(p, "t001", {}, {"estimate": 45}),
        "changed the estimate of T001 from 30m to 45m",
    ),
    (lambda p: gestures.editing_task(p, "t001", {}, {"estimate": None}), "cleared the estimate of T001"),
    (lambda p: gestures.editing_task(p, "t003", {}, {"estimate": 90}), "set the estimate of T003 to 1h 30m"),
    (lambda p: gestures.editing_task(p, "t002", {}, {"phase": "q"}), "set the phase of T002 to “API”"),
    (lambda p: gestures.editing_task(p, "t003", {}, {"parent": "t001"}), "set the parent of T003 to T001"),
    (
        lambda p: gestures.editing_task(p, "t003", {}, {"description": "a\nb"}),
        "changed the description of T003",
    ),
    (
        lambda p: gestures.editing_task(p, "t003", {}, {"parallel_safe": False}),
        "set the word on running in parallel of T003 to no",
    ),
    (
        lambda p: gestures.editing_task(p, "t003", {}, {"title": "x", "estimate": 5, "priority": 1}),
        "changed the title, estimate and priority of T003",
    ),
    (lambda p: gestures.adding_claim(p, "t003", ClaimMode.MODIFIES, "a.py"), "let T003 modify a.py"),
    (
        lambda p: gestures.removing_claim(p, "t002", ClaimMode.MODIFIES, "src/repo.py"),
        "no longer let T002 modify src/repo.py",
    ),
    (lambda p: gestures.connecting(p, "t001", "t003"), "made T003 wait for T001"),
    (lambda p: gestures.disconnecting(p, "t001", "t002"), "freed T002 from waiting for T001"),
    (
        lambda p: gestures.ruling(p, "t002", "t001", together=False),
        "ruled that T001 and T002 must not run together",
    ),
    (
        lambda p: gestures.ruling(p, "t002", "t001", together=True),
        "ruled that T001 and T002 may run together",
    ),
    (lambda p: gestures.ruling(p, "t003", "t001", together=None), "withdrew the verdict on T001 and T003"),
    (lambda p: gestures.adding_phase(p, uid="n", name="UI"), "added the phase “UI”"),
    (lambda p: gestures.renaming_phase(p, "q", "REST"), "renamed the phase “API” to “REST”"),
    (lambda p: gestures.moving_phase(p, "q", None), "moved the phase “API”"),
    (lambda p: gestures.removing_phase(p, "p"), "removed the phase “Foundation”"),
    (lambda p: gestures.setting_plan_field(p, "title", "New"), "renamed the plan to “New”"),
    (
        lambda p: gestures.setting_plan_field(p, "agent_count", 5),
        "changed the plan's number of agents from 3 to 5",
    ),
    (
        lambda p: gestures.setting_plan_field(p, "keep_phases", True),
        "made each phase wait for the one before it",
    ),
    (lambda p: [HandoffEdit("h", p.handoffs[0], None)], "removed the handoff from T001 to T002 and T003"),
    (lambda p: [], "changed nothing"),
    (
        lambda p: [
            *gestures.connecting(p, "t001", "t003"),
            *gestures.editing_task(p, "t001", {}, {"estimate": 5, "priority": 1}),
            *gestures.adding_phase(p, uid="n", name="UI"),
        ],
        "made T003 wait for T001 and 3 more edits",
    ),
]


@pytest.mark.parametrize(("gesture", "sentence"), CASES, ids=[sentence for _, sentence in CASES])
def test_a_gesture_is_told_in_one_sentence(gesture: Callable[[Plan], list[Edit]], sentence: str) -> None:
    """The sentence names what people know the things by, and says what was done."""
    assert describe(small(), gesture(small())) == sentence


def test_long_names_are_cut() -> None:
    """A sentence stays short."""
    edits = gestures.adding_task(Plan(), uid="n", title="word " * 50 + "end")
    assert len(describe(Plan(), edits)) < 90


def test_each_part_of_a_change_can_be_told() -> None:
    """A preview lists all that would happen, in order."""
    edits = gestures.replacing_plan(Plan(), small())
    told = describe_each(Plan(), edits)
    assert told[0] == "added the phase “Foundation”"
    assert "added T001, T002 and T003" in told
    assert told[-1] == "added the handoff from T001 to T002 and T003"


@pytest.mark.parametrize(
    ("edit", "target"),
    [
        (TaskFieldEdit("t003", "title", "", "x"), "the title of T003"),
        (TaskFieldEdit("t003", "rank", "a", "b"), "the place of T003"),
        (TaskFieldEdit("gone", "title", "", "x"), "the title of a task that is gone"),
        (DependencyEdit("t001", "t002", before=True, after=False), "the dependency of T002 on T001"),
        (PlanFieldEdit("agent_count", 2, 3), "the plan's number of agents"),
    ],
)
def test_the_target_of_an_edit_has_a_name(edit: Edit, target: str) -> None:
    """A message about a stale edit says what changed."""
    assert describe_target(small(), edit) == target


@given(plans(max_tasks=5), st.data())
def test_every_edit_can_be_told(drawn: Plan, data: st.DataObject) -> None:
    """There is a sentence, on one line, for every edit, for its inverse and for its target."""
    edit = data.draw(edits_for(drawn))
    for text in (
        describe(drawn, [edit]),
        describe(drawn, inverses([edit])),
        describe_target(drawn, edit),
        *describe_each(drawn, [edit]),
    ):
        assert text
        assert len(text) < 700
