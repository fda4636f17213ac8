"""The plan graph: tasks as boxes from left to right, dependencies as arrows, conflicts as dashed lines."""

from __future__ import annotations

from itertools import islice, pairwise

from planner_core.graph import waves
from planner_core.items import Dependency, Task
from planner_core.plan import Plan
from planner_core.rendering.dot import DotWriter
from planner_core.rendering.layered import Point, layered_positions
from planner_core.rendering.task_box import HEIGHT, WIDTH, ConflictMark, PlanMarks, TaskBoxes
from planner_core.rendering.theme import BASE_FONT_SIZE, FONT, ThemeName

__all__ = ["ConflictMark", "PlanMarks", "plan_graph_dot"]

# What `dot` lays out within about 1.5 s: its time grows with the boxes, and with edges squared over boxes.
MOST_BOXES = 800
MOST_CROWDED = 5_000
MOST_CONFLICTS = 60  # more lines say nothing more, and each costs routing; the boxes are all red
_COLUMN, _ROW = WIDTH + 44, HEIGHT + 14
_ARROW = 7.0


def plan_graph_dot(
    plan: Plan,
    marks: PlanMarks | None = None,
    *,
    collapsed: frozenset[str] = frozenset(),
    link: str = "",
    theme: ThemeName = "light",
) -> str:
    """Draw a plan as DOT source, left to right.

    Each task is a rounded box of a fixed size with the id `task-<uid>`, each dependency an arrow with the id
    `dep-<predecessor>--<successor>`, each conflict a dashed line with the id `conflict-<first>--<second>`
    that moves no box (at most MOST_CONFLICTS lines). Summary tasks are boxes around their children;
    those in `collapsed` are drawn as one box, and arrows that stand for several dependencies have no id.
    Classes: `task` with `summary`, `crit`, `running`, `done`, `blocked`, `failed`, `off`, `conflict`; `dep`
    with `crit`; `conflict`.

    `link` is the address of a task's page with `{uid}` in it, or empty. Above MOST_BOXES boxes, or where
    edges crowd, positions come from `layered_positions` and are pinned; summary tasks that are not collapsed
    are then left out, and their dependencies drawn between the tasks they order.
    """
    return _PlanGraph(plan, marks or PlanMarks(), collapsed, link, theme).draw()


class _PlanGraph:
    """One drawing in the making."""

    def __init__(
        self, plan: Plan, marks: PlanMarks, collapsed: frozenset[str], link: str, theme: ThemeName
    ) -> None:
        self.plan = plan
        self.marks = marks
        self.link = link
        self.theme: ThemeName = theme
        self.boxes = TaskBoxes(plan, marks, theme)
        self.shown_as = self._representatives(collapsed)
        self.shown = [task for task in plan.tasks if self._is_box(task)]
        self.critical = self._critical_pairs()

    def _representatives(self, collapsed: frozenset[str]) -> dict[str, str]:
        """For each task the uid it is drawn as: its outermost collapsed ancestor, else itself."""
        found: dict[str, str] = {}

        def represent(task: Task) -> str:
            if task.uid not in found:
                above = represent(self.plan.task_by_uid[task.parent]) if task.parent is not None else None
                hidden = above is not None and (above != task.parent or above in collapsed)
                found[task.uid] = above if hidden and above is not None else task.uid
            return found[task.uid]

        for task in self.plan.tasks:
            represent(task)
        self.collapsed = collapsed & self.plan.children.keys()
        return found

    def _is_box(self, task: Task) -> bool:
        is_single = task.uid not in self.plan.children or task.uid in self.collapsed
        return is_single and self.shown_as[task.uid] == task.uid

    def _critical_pairs(self) -> set[tuple[str, str]]:
        """Whatever is drawn for, or around, two tasks that follow each other on the critical path."""
        pairs = set()
        for before, after in pairwise(self.marks.critical_path):
            if before in self.shown_as and after in self.shown_as:
                pairs |= {(p, s) for p in self._around(before) for s in self._around(after)}
        return pairs

    def _around(self, uid: str) -> list[str]:
        found = [self.shown_as[uid]]
        while (parent := self.plan.task_by_uid[found[-1]].parent) is not None:
            found.append(parent)
        return found

    def draw(self) -> str:
        edges = len(self.plan.dependencies) + len(self._conflicts())
        crowded = edges * edges > MOST_CROWDED * max(len(self.shown), 1)
        if len(self.shown) > MOST_BOXES or crowded:
            return self._draw_layered()
        return self._draw_by_dot()

    def _writer(self, **attributes: str) -> DotWriter:
        out = DotWriter(self.theme, fontsize=f"{BASE_FONT_SIZE:g}", **attributes)
        size = {"width": f"{WIDTH / 72:.4f}", "height": f"{HEIGHT / 72:.4f}", "fixedsize": "true"}
        out.defaults("node", shape="box", margin="0", fontname=FONT, fontsize=f"{BASE_FONT_SIZE:g}", **size)
        out.defaults("edge", arrowsize="0.7")
        return out

    def _box(self, out: DotWriter, task: Task, **attributes: str) -> None:
        out.node(
            task.uid,
            self.boxes.classes(task),
            id=f"task-{task.uid}",
            markup=self.boxes.markup(task),
            tooltip=self.boxes.tooltip(task),
            link=self.link.replace("{uid}", task.uid),
            **attributes,
        )

    def _draw_by_dot(self) -> str:
        out = self._writer(rankdir="LR", nodesep="0.2", ranksep="0.55", compound="true")
        top = tuple(task for task in self.plan.tasks if task.parent is None)
        self._nest(out, top)
        drawn: set[tuple[str, str]] = set()
        for link in self.plan.dependencies:
            ends = (self.shown_as[link.predecessor], self.shown_as[link.successor])
            if ends[0] != ends[1] and ends not in drawn:
                drawn.add(ends)
                self._dependency(out, ends, link)
        for mark, ends in self._conflicts():
            self._conflict(out, mark, ends)
        return out.source()

    def _nest(self, out: DotWriter, tasks: tuple[Task, ...]) -> None:
        for task in tasks:
            if self._is_box(task):
                self._box(out, task)
                continue
            classes = self.boxes.classes(task).replace("task ", "", 1)
            attributes = {"id": f"task-{task.uid}", "labeljust": "l", "margin": "10"}
            out.open_cluster(task.uid, classes, tooltip=self.boxes.tooltip(task), **attributes)
            self._nest(out, self.plan.children[task.uid])
            out.cluster_label(self.boxes.group_markup(task))
            out.close_cluster()

    def _dependency(self, out: DotWriter, ends: tuple[str, str], link: Dependency) -> None:
        attributes = _dependency_id(ends, link)
        first, last = self._leaves(ends)
        if first != ends[0]:
            attributes["ltail"] = f"cluster_{ends[0]}"
        if last != ends[1]:
            attributes["lhead"] = f"cluster_{ends[1]}"
        out.edge(first, last, "dep crit" if ends in self.critical else "dep", **attributes)

    def _leaves(self, ends: tuple[str, str]) -> tuple[str, str]:
        """The boxes that stand for two ends: the last one inside a predecessor, the first in a successor."""
        inside = [
            (uid,)
            if uid in self.collapsed
            else tuple(self.shown_as[leaf] for leaf in self.plan.leaves_below(uid))
            for uid in ends
        ]
        return inside[0][-1], inside[1][0]

    def _conflict(self, out: DotWriter, mark: ConflictMark, ends: tuple[str, str]) -> None:
        keys = " and ".join(self.plan.task_by_uid[uid].key for uid in (mark.first, mark.second))
        told = f"{keys}: {mark.reason}" if mark.reason else f"{keys} are in conflict"
        name = f"conflict-{mark.first}--{mark.second}"
        out.edge(*self._leaves(ends), "conflict", id=name, tooltip=told, constraint="false", dir="none")

    def _conflicts(self) -> list[tuple[ConflictMark, tuple[str, str]]]:
        """One conflict for each two boxes that have any, with the boxes; at most MOST_CONFLICTS."""
        found: dict[tuple[str, str], ConflictMark] = {}
        for mark in self.marks.conflicts:
            ends = (self.shown_as[mark.first], self.shown_as[mark.second])
            if ends[0] != ends[1]:
                found.setdefault(ends, mark)
        return [(mark, ends) for ends, mark in islice(found.items(), MOST_CONFLICTS)]

    def _draw_layered(self) -> str:
        index = {task.uid: position for position, task in enumerate(self.shown)}
        leaves = self.plan.leaves
        columns = [len(leaves)] * len(self.shown)
        for wave, members in enumerate(waves(self.plan.leaf_graph)):
            for leaf in members:
                box = index[self.shown_as[leaves[leaf].uid]]
                columns[box] = min(columns[box], wave)
        declared = {(link.predecessor, link.successor): link for link in self.plan.dependencies}
        joined: dict[tuple[str, str], Dependency | None] = {}
        for before, after in self.plan.leaf_graph.edges:
            pair = (leaves[before].uid, leaves[after].uid)
            ends = (self.shown_as[pair[0]], self.shown_as[pair[1]])
            if ends[0] != ends[1]:
                joined.setdefault(ends, declared.get(pair))
        pairs = [(index[p], index[s]) for p, s in joined]
        _start_late(columns, pairs)
        positions = layered_positions(columns, pairs, column_width=_COLUMN, row_height=_ROW)
        out = self._writer(layout="nop2", outputorder="edgesfirst")
        for task, (x, y) in zip(self.shown, positions, strict=True):
            self._box(out, task, pos=f"{x:.2f},{y:.2f}!")
        for ends, link in joined.items():
            where = _curve(positions[index[ends[0]]], positions[index[ends[1]]])
            attributes = _dependency_id(ends, link) if link else {}
            out.edge(*ends, "dep crit" if ends in self.critical else "dep", pos=where, **attributes)
        for mark, ends in self._conflicts():
            self._conflict(out, mark, ends)
        return out.source()


def _start_late(columns: list[int], pairs: list[tuple[int, int]]) -> None:
    """Move each box that waits for nothing next to the first one that waits for it: its arrows get short."""
    waiting = {successor for _, successor in pairs}
    first: dict[int, int] = {}
    for predecessor, successor in pairs:
        first[predecessor] = min(columns[successor], first.get(predecessor, columns[successor]))
    for box, column in first.items():
        if box not in waiting:
            columns[box] = max(column - 1, 0)


def _dependency_id(ends: tuple[str, str], link: Dependency) -> dict[str, str]:
    """The id of an arrow between a dependency's own two tasks; others may stand for several."""
    is_own = ends == (link.predecessor, link.successor)
    return {"id": f"dep-{link.predecessor}--{link.successor}"} if is_own else {}


def _curve(tail: Point, head: Point) -> str:
    """An S from the right side of one box to the left side of another, with the arrow's point last."""
    x1, y1 = tail[0] + WIDTH / 2, tail[1]
    x2, y2 = head[0] - WIDTH / 2, head[1]
    bend = max((x2 - _ARROW - x1) * 0.45, 12.0)
    points = ((x2, y2), (x1, y1), (x1 + bend, y1), (x2 - _ARROW - bend, y2), (x2 - _ARROW, y2))
    return "e," + " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
