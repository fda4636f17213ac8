"""The plan: what it refuses, all at once, and what it says of its tasks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner_core.errors import InvalidPlan, Problem
from planner_core.graph import reachability
from planner_core.items import (
    Agent,
    Artefact,
    Claim,
    Dependency,
    Handoff,
    Phase,
    Task,
    Track,
    Verdict,
)
from planner_core.plan import MAX_DEPENDENCIES, MAX_NESTING, MAX_TASKS, Plan
from planner_core.vocabulary import ClaimMode
from tests.core.short_plans import plan, task
from tests.core.strategies import plans


def problems(**fields: Any) -> tuple[Problem, ...]:
    """Everything that a plan with these fields is refused for."""
    with pytest.raises(InvalidPlan) as refused:
        Plan(**fields)
    return refused.value.problems


def of_task(**fields: Any) -> tuple[Problem, ...]:
    """Everything that a plan with one such task is refused for."""
    return problems(tasks=(replace(task("A"), **fields),))


@pytest.mark.parametrize(
    ("fields", "field", "part"),
    [
        ({"key": ""}, "key", "is empty"),
        ({"key": "x" * 81}, "key", "longer than 80"),
        ({"key": " A"}, "key", "starts or ends with a space"),
        ({"key": "A\nB"}, "key", "line break"),
        ({"title": "a\tb"}, "title", "control character"),
        ({"title": "x" * 301}, "title", "longer than 300"),
        ({"title": "\ud800"}, "title", "control character"),
        ({"description": "\x00"}, "description", "control character"),
        ({"description": "x" * 20_001}, "description", "longer than 20000"),
        ({"acceptance": ("",)}, "acceptance", "is empty"),
        ({"skills": ("a", "b\n")}, "skills", "line break"),
        ({"decides": ("x",) * 501}, "decides", "more than 500"),
        ({"estimate": -1}, "estimate", "0 to 8000h"),
        ({"estimate": 480_001}, "estimate", "0 to 8000h"),
        ({"priority": 0}, "priority", "1 (first) to 5"),
        ({"priority": 6}, "priority", "1 (first) to 5"),
        ({"claims": (Claim(ClaimMode.READS, "/etc/passwd"),)}, "reads", "/etc/passwd"),
        ({"claims": (Claim(ClaimMode.CREATES, "../x"),)}, "creates", "../x"),
        ({"phase": "p"}, "phase", "Its phase is not in the plan"),
        ({"track": "t"}, "track", "Its track is not in the plan"),
        ({"agent": "x"}, "agent", "Its agent is not in the plan"),
        ({"parent": "p"}, "parent", "Its parent is not in the plan"),
        ({"uid": "a b"}, None, "is no uid"),
        ({"rank": "a0"}, None, "is no rank"),
    ],
)
def test_a_wrong_field_of_a_task_is_named(fields: dict[str, Any], field: str | None, part: str) -> None:
    """There is one problem, in words, with the field it is about."""
    (problem,) = of_task(**fields)
    assert problem.field == field
    assert part in problem.message


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"title": ""}, "title is empty"),
        ({"title": "a\u2028b"}, "control character"),
        ({"description": "\x07"}, "description holds a control character"),
        ({"agent_count": 0}, "1 to 999 agents"),
        ({"agent_count": 1000}, "1 to 999 agents"),
        ({"default_estimate": -1}, "default estimate"),
        ({"threshold": -0.1}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"weights": (("file", -1.0),)}, "weight of file"),
        ({"phases": (Phase("p", "One", "b"), Phase("q", "One", "c"))}, "phase One is used twice"),
        ({"tracks": (Track("p", "", "b"),)}, "is empty"),
        ({"agents": (Agent("p", "Ada", "b", ("",)),)}, "skill of Ada is empty"),
        ({"dependencies": (Dependency("a", "x"),)}, "not in the plan (x)"),
        ({"dependencies": (Dependency("a", "a"),)}, "cannot wait for itself"),
        ({"dependencies": (Dependency("a", "b"), Dependency("a", "b"))}, "waits for A twice"),
        ({"verdicts": (Verdict("a", "x", True),)}, "not in the plan"),
        ({"verdicts": (Verdict("b", "a", True),)}, "named in order"),
        ({"verdicts": (Verdict("a", "b", True), Verdict("a", "b", False))}, "two verdicts on A and B"),
        ({"handoffs": (Handoff("h", (), ("a",)),)}, "at least one task"),
        ({"handoffs": (Handoff("h", ("x",), ("a",)),)}, "not in the plan"),
        ({"handoffs": (Handoff("h", ("a",), ("a",)),)}, "names this task twice"),
        ({"handoffs": (Handoff("h", ("a",), ("b",), artefacts=(Artefact(""),)),)}, "its path"),
        ({"handoffs": (Handoff("h", ("a",), ("b",), criteria=("",)),)}, "is empty"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(fields: dict[str, Any], part: str) -> None:
    """There is one problem, in words."""
    (problem,) = problems(tasks=(task("A"), task("B")), **fields)
    assert part in problem.message


def test_names_and_uids_are_unique() -> None:
    """A key twice and a uid twice are both reported."""
    found = problems(tasks=(task("A"), task("A")))
    assert [problem.message for problem in found] == [
        "The uid a is used twice.",
        "The key A is used twice. Rename one.",
    ]


def test_all_problems_are_reported_at_once() -> None:
    """One wrong thing does not hide another."""
    found = problems(
        title="",
        tasks=(replace(task("A"), priority=9, estimate=-1), task("B", phase="p")),
        dependencies=(Dependency("a", "x"),),
    )
    assert len(found) == 5
    assert [problem.task for problem in found if problem.field == "priority"] == ["A"]


def test_a_circle_is_spelled_out() -> None:
    """Dependencies that run in a circle are named task by task."""
    with pytest.raises(InvalidPlan, match="A → B → C → A") as refused:
        plan(task("A"), task("B"), task("C"), links=["A>B", "B>C", "C>A"])
    assert refused.value.problems[0].task == "A"


def test_a_circle_through_a_summary_task_is_one() -> None:
    """A child waits for what its summary task waits for, so that must not wait for the child."""
    with pytest.raises(InvalidPlan, match="run in a circle"):
        plan(task("S"), task("A", parent="s"), task("B"), links=["S>B", "B>A"])


def test_summary_tasks_do_not_contain_each_other() -> None:
    """Parents form no circle."""
    with pytest.raises(InvalidPlan, match="contain each other: A in B in A"):
        plan(task("A", parent="b"), task("B", parent="a"))


@pytest.mark.parametrize("link", ["S>A", "A>S", "G>A"])
def test_a_summary_task_and_its_part_do_not_wait_for_each_other(link: str) -> None:
    """A dependency within a family is refused, however deep."""
    with pytest.raises(InvalidPlan, match="cannot wait for each other"):
        plan(task("G"), task("S", parent="g"), task("A", parent="s"), links=[link])


def test_a_plan_has_limits() -> None:
    """Too many tasks or dependencies are refused with a message, not with a crash."""
    tasks = tuple(Task(f"u{n}", f"T{n}", "i") for n in range(MAX_TASKS + 1))
    assert problems(tasks=tasks)[0].message.startswith("A plan holds at most 10000 tasks")
    links = tuple(Dependency(f"u{a}", f"u{b}") for a in range(350) for b in range(a + 1, 350))
    assert len(links) > MAX_DEPENDENCIES
    assert "60000 dependencies" in problems(tasks=tasks[:350], dependencies=links)[0].message


def test_families_may_be_deep() -> None:
    """A dependency on the outermost task orders the innermost; deeper than the limit is refused."""
    depth = MAX_NESTING + 1
    tasks = [Task(f"u{n}", f"T{n}", "i", parent=f"u{n - 1}" if n else None) for n in range(depth)]
    deep = Plan(tasks=(*tasks, task("A")), dependencies=(Dependency("u0", "a"),))
    assert deep.leaves_below("u0") == (f"u{depth - 1}",)
    assert deep.leaf_graph.edges == [(deep.leaf_index[f"u{depth - 1}"], deep.leaf_index["a"])]
    with pytest.raises(InvalidPlan, match="nested more than 30 levels deep"):
        replace(deep, tasks=(*deep.tasks, Task("more", "M", "i", parent=f"u{depth - 1}")))


def test_summary_tasks_order_a_limited_number_of_pairs() -> None:
    """A dependency between two summary tasks with very many parts is refused before it costs memory."""
    half = 750
    parts = [Task(f"{side}{n}", f"{side}{n}", "i", parent=side) for side in "xy" for n in range(half)]
    outer = (Task("x", "X", "i"), Task("y", "Y", "i"))
    with pytest.raises(InvalidPlan, match=f"order {half * half} pairs"):
        Plan(tasks=(*outer, *parts), dependencies=(Dependency("x", "y"),))


def test_items_are_kept_in_order() -> None:
    """Whatever order they are given in, ranked items are sorted by rank and the rest by uid."""
    shuffled = Plan(
        tasks=(replace(task("B"), rank="c"), replace(task("A"), rank="b"), replace(task("C"), rank="b")),
        dependencies=(Dependency("b", "c"), Dependency("a", "c")),
        weights=(("file", 0.4), ("api", 0.3)),
    )
    assert [one.key for one in shuffled.tasks] == ["A", "C", "B"]
    assert shuffled.dependencies == (Dependency("a", "c"), Dependency("b", "c"))
    assert shuffled.weights == (("api", 0.3), ("file", 0.4))


def test_claims_are_sorted_and_without_doubles() -> None:
    """The strongest mode comes first, then the pattern."""
    reads, modifies = Claim(ClaimMode.READS, "a.py"), Claim(ClaimMode.MODIFIES, "b.py")
    assert replace(task("A"), claims=(reads, modifies, reads)).claims == (modifies, reads)


def test_a_plan_knows_its_tasks() -> None:
    """Tasks are found by uid and key, with their neighbours, children and durations."""
    drawn = plan(
        task("S"),
        task("A", parent="s", estimate=45),
        task("B", parent="s"),
        task("C"),
        links=["A>B", "A>C", "S>C"],
        default_estimate=20,
    )
    a = drawn.task_by_key["A"]
    assert drawn.task_by_uid["a"] is a
    assert [one.key for one in drawn.leaves] == ["A", "B", "C"]
    assert [one.key for one in drawn.children["s"]] == ["A", "B"]
    assert [one.key for one in drawn.predecessors_of("c")] == ["S", "A"]
    assert [one.key for one in drawn.successors_of("a")] == ["B", "C"]
    assert (drawn.duration_of(a), drawn.duration_of(drawn.task_by_key["B"])) == (45, 20)
    assert [one.key for one in drawn.assumed] == ["B", "C"]
    assert drawn.leaf_graph.edges == [(0, 1), (0, 2), (1, 2)]


def test_named_agents_count_instead_of_the_number() -> None:
    """The number of agents holds where none is named."""
    assert Plan(agent_count=7).agent_total == 7
    assert Plan(agent_count=7, agents=(Agent("x", "Ada", "b"),)).agent_total == 1


@given(plans())
def test_a_dependency_on_a_summary_task_orders_all_below_it(drawn: Plan) -> None:
    """Each leaf below the predecessor is before each leaf below the successor."""
    after = reachability(drawn.leaf_graph)
    for link in drawn.dependencies:
        for first in drawn.leaves_below(link.predecessor):
            for second in drawn.leaves_below(link.successor):
                assert after[drawn.leaf_index[first]] >> drawn.leaf_index[second] & 1


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_in_which_items_are_given_does_not_matter(drawn: Plan, chance: Any) -> None:
    """Two plans of the same items are equal."""
    shuffled: dict[str, Any] = {}
    for name in ("tasks", "phases", "tracks", "agents", "dependencies", "verdicts", "handoffs"):
        items = list(getattr(drawn, name))
        chance.shuffle(items)
        shuffled[name] = tuple(items)
    assert replace(drawn, **shuffled) == drawn
