"""The plan graph: boxes, arrows, marks, groups, and large plans."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner_core.items import Agent, Claim, Dependency, Task
from planner_core.plan import Plan
from planner_core.ranks import ranks
from planner_core.rendering.layered import layered_positions
from planner_core.rendering.plan_graph import MOST_BOXES, ConflictMark, PlanMarks, plan_graph_dot
from planner_core.vocabulary import ClaimMode, Status
from tests.core.rendering.drawings import SVG, by_id, classes_by_id, draw, lines_of, name_of

RANKS = ranks(6)
WEB, MODEL = Claim(ClaimMode.MODIFIES, "web/**"), Claim(ClaimMode.READS, "model.py")
PLAN = Plan(
    tasks=(
        Task(
            "a", "T1", RANKS[0], "Comment model", estimate=45, claims=(Claim(ClaimMode.MODIFIES, "model.py"),)
        ),
        Task("b", "T2", RANKS[1], "Comment page", estimate=90, agent="ada", claims=(WEB, MODEL)),
        Task("c", "T3", RANKS[2], "Comment form", claims=(WEB,)),
        Task("d", "T4", RANKS[3], "Documentation", estimate=15),
    ),
    dependencies=(Dependency("a", "b"), Dependency("a", "c"), Dependency("b", "d"), Dependency("a", "d")),
    agents=(Agent("ada", "Ada", RANKS[0]),),
)
MARKS = PlanMarks(
    critical_path=("a", "b", "d"),
    conflicts=(ConflictMark("b", "c", "both modify web/**"), ConflictMark("b", "c", "both decide")),
    statuses={"a": Status.COMPLETED, "d": Status.CANCELLED},
)
# The same plan with its page and its form below a summary task that the documentation waits for.
GROUPED = replace(
    PLAN,
    tasks=(
        *(replace(task, parent="g") if task.uid in "bc" else task for task in PLAN.tasks),
        Task("g", "S1", RANKS[4], "Pages"),
    ),
    dependencies=(Dependency("a", "g"), Dependency("b", "c"), Dependency("g", "d")),
)


def large(count: int, step: int) -> Plan:
    """Tasks in rows: each waits for the one `step` before it."""
    places = ranks(count)
    tasks = tuple(Task(f"t{n}", f"T{n}", places[n], "Some work") for n in range(count))
    return Plan(
        tasks=tasks, dependencies=tuple(Dependency(f"t{n}", f"t{n + step}") for n in range(count - step))
    )


def horizontal(group: ElementTree.Element) -> list[float]:
    """The x of every point of the first path in a group."""
    return [float(x) for x in re.findall(r"(-?[\d.]+),", next(group.iter(f"{SVG}path")).get("d", ""))]


def test_every_task_dependency_and_conflict_is_there(engine: str) -> None:
    """Each has an element with its id, and classes that say what is marked."""
    assert classes_by_id(draw(plan_graph_dot(PLAN, MARKS))) == {
        "task-a": {"node", "task", "crit", "done"},
        "task-b": {"node", "task", "crit", "conflict"},
        "task-c": {"node", "task", "conflict"},
        "task-d": {"node", "task", "crit", "off"},
        "dep-a--b": {"edge", "dep", "crit"},
        "dep-a--c": {"edge", "dep"},
        "dep-a--d": {"edge", "dep"},
        "dep-b--d": {"edge", "dep", "crit"},
        "conflict-b--c": {"edge", "conflict"},
    }


def test_boxes_say_what_matters(engine: str) -> None:
    """Key and title on one line; below it status, strongest claim, duration and agent."""
    root = draw(plan_graph_dot(PLAN, MARKS))
    assert [lines_of(by_id(root, f"task-{uid}")) for uid in "abcd"] == [
        ["T1 Comment model", "completed · model.py · 45m"],
        ["T2 Comment page", "web/** +1 · 1h 30m · Ada"],
        ["T3 Comment form", "web/** · 30m assumed"],
        ["T4 Documentation", "cancelled · 15m"],
    ]


def test_boxes_have_names_for_those_who_cannot_see_them(engine: str) -> None:
    """The accessible name says all that the drawing shows by place and colour."""
    root = draw(plan_graph_dot(PLAN, MARKS, link="/plans/1/tasks/{uid}/"))
    box = by_id(root, "task-b")
    assert name_of(box) == (
        "T2 Comment page · 1h 30m · Ada · critical path · waits for T1 · conflicts with T3"
    )
    assert [e.get("href") for e in box.iter() if e.get("href")] == ["/plans/1/tasks/b/"]
    assert name_of(by_id(root, "conflict-b--c")) == "T2 and T3: both modify web/**"


def test_left_to_right(engine: str) -> None:
    """A successor lies to the right of its predecessor."""
    root = draw(plan_graph_dot(PLAN))
    left = {uid: float(next(by_id(root, f"task-{uid}").iter(f"{SVG}text")).get("x", "")) for uid in "abcd"}
    assert left["a"] < left["b"] == left["c"] < left["d"]


def test_long_titles_are_cut(engine: str) -> None:
    """Boxes keep their size whatever their titles are."""
    plan = replace(PLAN, tasks=tuple(replace(task, title=task.title * 12) for task in PLAN.tasks))
    root = draw(plan_graph_dot(plan))
    assert root.get("viewBox") == draw(plan_graph_dot(PLAN)).get("viewBox")
    assert lines_of(by_id(root, "task-a"))[0].endswith("…")


def test_summary_tasks_are_boxes_around_their_children(engine: str) -> None:
    """A summary task has the id of a task; its dependencies end at its box and keep their ids."""
    classes = classes_by_id(draw(plan_graph_dot(GROUPED, MARKS)))
    assert classes["task-g"] == {"cluster", "summary", "crit", "conflict"}
    assert {name for name in classes if name.startswith("dep-")} == {"dep-a--g", "dep-b--c", "dep-g--d"}
    assert "crit" in classes["dep-a--g"]
    assert "crit" in classes["dep-g--d"]


def test_a_summary_tasks_arrow_leaves_its_box(engine: str) -> None:
    """The arrow of a summary task starts at its border, not at one of its children."""
    root = draw(plan_graph_dot(GROUPED))
    right = max(horizontal(by_id(root, "task-g")))
    assert horizontal(by_id(root, "dep-g--d"))[0] == pytest.approx(right, abs=1)


def test_collapsed_groups_are_one_box(engine: str) -> None:
    """What is inside disappears, and what ended inside ends at the group."""
    inner = replace(GROUPED, dependencies=(Dependency("a", "b"), Dependency("a", "c"), Dependency("g", "d")))
    root = draw(plan_graph_dot(inner, MARKS, collapsed=frozenset({"g"})))
    classes = classes_by_id(root)
    assert classes.keys() == {"task-a", "task-d", "task-g", "dep-g--d"}
    assert lines_of(by_id(root, "task-g")) == ["S1 Pages", "2 tasks, 2h"]
    assert len(root.findall(".//*[@class='edge dep crit']")) == 2


def test_an_empty_plan_is_drawn(engine: str) -> None:
    """A plan without tasks gives a drawing without boxes."""
    assert classes_by_id(draw(plan_graph_dot(Plan()))) == {}


def test_large_plans_are_pinned(engine: str) -> None:
    """Above the limit every task and dependency is still there, with pinned positions."""
    source = plan_graph_dot(large(MOST_BOXES + 10, 20))
    assert 'layout="nop2"' in source
    names = classes_by_id(draw(source)).keys()
    assert sum(name.startswith("task-") for name in names) == MOST_BOXES + 10
    assert sum(name.startswith("dep-") for name in names) == MOST_BOXES - 10


def test_crowded_plans_are_pinned(engine: str) -> None:
    """A graph made to be slow for `dot` is laid out by the quick layout instead."""
    plan = large(120, 1)
    crowd = tuple(Dependency(f"t{a}", f"t{b}") for a in range(120) for b in range(a + 1, min(a + 16, 120)))
    source = plan_graph_dot(replace(plan, dependencies=crowd))
    assert 'layout="nop2"' in source
    assert len(classes_by_id(draw(source))) == 120 + len(crowd)


def test_pinned_groups_keep_their_order(engine: str) -> None:
    """Where positions are pinned, a summary task's dependencies join the tasks that they order."""
    plan = large(MOST_BOXES + 10, 20)
    tasks = (
        *(replace(task, parent="g") if task.uid in ("t0", "t1") else task for task in plan.tasks),
        Task("g", "S1", ranks(2)[1], "Group"),
    )
    grouped = replace(plan, tasks=tasks, dependencies=(*plan.dependencies, Dependency("g", "t5")))
    root = draw(plan_graph_dot(grouped))
    assert "task-g" not in classes_by_id(root)
    assert len(root.findall(".//*[@class='edge dep']")) == len(plan.dependencies) + 2


def test_source_is_the_same_every_time() -> None:
    """The same plan and marks give the same source."""
    assert plan_graph_dot(PLAN, MARKS) == plan_graph_dot(PLAN, MARKS)


@given(st.lists(st.integers(0, 6), max_size=40), st.data())
def test_layered_layout_never_overlaps(columns: list[int], data: st.DataObject) -> None:
    """Every node lies in its column, and the nodes of a column lie a row apart."""
    node = st.integers(0, max(len(columns) - 1, 0))
    edges = data.draw(st.lists(st.tuples(node, node), max_size=60)) if columns else []
    places = layered_positions(columns, edges, column_width=100, row_height=10)
    assert [x for x, _ in places] == [column * 100 for column in columns]
    for column in set(columns):
        ys = sorted(y for x, y in places if x == column * 100)
        assert [after - before for before, after in pairwise(ys)] == pytest.approx([10.0] * (len(ys) - 1))


def test_layered_layout_follows_the_edges() -> None:
    """Nodes that are joined lie side by side: edges do not cross where they need not."""
    places = layered_positions([0, 0, 0, 1, 1, 1], [(0, 5), (1, 4), (2, 3)], column_width=1, row_height=1)
    assert [places[n][1] for n in (0, 1, 2)] == [places[n][1] for n in (5, 4, 3)]
