"""The ownership map: claimed patterns on the left, the tasks that claim them on the right."""

from __future__ import annotations

from dataclasses import dataclass

from planner_core.items import Task
from planner_core.ownership import WRITING, Ownership, places
from planner_core.plan import Plan
from planner_core.rendering.dot import DotWriter
from planner_core.rendering.layered import layered_positions
from planner_core.rendering.task_box import HEIGHT, WIDTH, PlanMarks, TaskBoxes
from planner_core.rendering.text import fit_path
from planner_core.rendering.theme import BASE_FONT_SIZE, FONT, ThemeName
from planner_core.vocabulary import ClaimMode

MOST_CLAIMS = 400
MOST_UNCLAIMING = 150
PATTERN_WIDTH, PATTERN_HEIGHT = 200.0, 28.0
_PATTERN_SIZE = 10.0
_COLUMN = (PATTERN_WIDTH + WIDTH) / 2 + 110
_ROW = HEIGHT + 10


@dataclass(frozen=True, slots=True)
class _Line:
    """A claim, as a line from the pattern with this number to a task."""

    number: int
    task: Task
    mode: ClaimMode
    contested: bool


def ownership_map_dot(plan: Plan, *, link: str = "", theme: ThemeName = "light") -> str:
    """Draw who claims what as DOT source: a tabbed box for each pattern, a line to each task that claims it.

    Patterns have the ids `path-<n>`, numbered from 0 in ascending order, tasks `owner-<uid>`, lines
    `claim-<n>--<uid>` with the mode as a class (`modifies` is solid, `creates` dashed, `reads` dotted). A
    claim to write is `contested` where a task that may run at the same time can write the same file, and so
    is its pattern; its task has the class `conflict`. Tasks without claims stand below the others, to be
    given some, unless there are more than MOST_UNCLAIMING of them.

    `link` is the address of a task's page with `{uid}` in it, or empty. Up to MOST_CLAIMS claims `dot` finds
    the order, above it `layered_positions`.
    """
    ownership = Ownership(plan)
    lines = _lines(ownership)
    patterns = list(ownership.claimants)
    claiming = {line.task.uid for line in lines}
    tasks = [task for task in plan.leaves if task.uid in claiming]
    idle = [task for task in plan.leaves if task.uid not in claiming]
    pins = _pins(len(patterns), tasks, lines) if len(lines) > MOST_CLAIMS else {}
    if not pins and len(idle) <= MOST_UNCLAIMING:
        tasks += idle
    if pins:
        out = DotWriter(theme, layout="nop2", outputorder="edgesfirst")
    else:
        out = DotWriter(theme, rankdir="LR", nodesep="0.14", ranksep="1.5")
    out.defaults(
        "node", shape="box", fixedsize="true", margin="0", fontname=FONT, fontsize=f"{BASE_FONT_SIZE:g}"
    )
    out.defaults("edge", dir="none", tailport="e", headport="w")
    _add_patterns(out, patterns, lines, pins)
    boxes = TaskBoxes(plan, PlanMarks(), theme)
    clashing = {line.task.uid for line in lines if line.contested}
    for task in tasks:
        name = f"owner-{task.uid}"
        out.node(
            name,
            "task conflict" if task.uid in clashing else "task",
            markup=boxes.markup(task),
            tooltip=boxes.tooltip(task),
            link=link.replace("{uid}", task.uid),
            **_shape(name, WIDTH, HEIGHT, pins),
        )
    _keep_in_column(out, [task for task in tasks if task.uid not in claiming])
    for line in lines:
        classes = f"claim {line.mode.value}" + (" contested" if line.contested else "")
        name = f"claim-{line.number}--{line.task.uid}"
        ends = (f"path-{line.number}", f"owner-{line.task.uid}")
        out.edge(
            *ends, classes, id=name, tooltip=f"{line.task.key} {line.mode.value} {patterns[line.number]}"
        )
    return out.source()


def _keep_in_column(out: DotWriter, tasks: list[Task]) -> None:
    """Tie tasks without claims to an unseen pattern, so that they stand among the other tasks."""
    if tasks:
        out.node("unclaimed", "", style="invis", width="0.1", height="0.1")
    for task in tasks:
        out.edge("unclaimed", f"owner-{task.uid}", "", style="invis")


def _lines(ownership: Ownership) -> list[_Line]:
    """All claims by pattern, then by mode, then in the order of the tasks."""
    writers = {
        pattern: modes[ClaimMode.MODIFIES] | modes[ClaimMode.CREATES]
        for pattern, modes in ownership.claimants.items()
    }
    leaves = ownership.plan.leaves
    lines = []
    for number, (pattern, modes) in enumerate(ownership.claimants.items()):
        others = 0
        for other in ownership.overlapping[pattern]:
            others |= writers[other]
        for mode, bitset in modes.items():
            for place in places(bitset):
                contested = mode in WRITING and bool(ownership.unordered[place] & others)
                lines.append(_Line(number, leaves[place], mode, contested))
    return lines


def _add_patterns(
    out: DotWriter, patterns: list[str], lines: list[_Line], pins: dict[str, dict[str, str]]
) -> None:
    contested = {line.number for line in lines if line.contested}
    for number, pattern in enumerate(patterns):
        name = f"path-{number}"
        out.node(
            name,
            "folder contested" if number in contested else "folder",
            label=fit_path(pattern, PATTERN_WIDTH - 14, _PATTERN_SIZE),
            tooltip=pattern + (" · contested" if number in contested else ""),
            shape="tab",
            fontsize=f"{_PATTERN_SIZE:g}",
            **_shape(name, PATTERN_WIDTH, PATTERN_HEIGHT, pins),
        )


def _pins(patterns: int, tasks: list[Task], lines: list[_Line]) -> dict[str, dict[str, str]]:
    """The positions of all boxes, by name, as attributes."""
    index = {task.uid: patterns + place for place, task in enumerate(tasks)}
    columns = [0] * patterns + [1] * len(tasks)
    pairs = [(line.number, index[line.task.uid]) for line in lines]
    positions = layered_positions(columns, pairs, column_width=_COLUMN, row_height=_ROW)
    names = [f"path-{number}" for number in range(patterns)] + [f"owner-{task.uid}" for task in tasks]
    return {name: {"pos": f"{x:.2f},{y:.2f}!"} for name, (x, y) in zip(names, positions, strict=True)}


def _shape(name: str, width: float, height: float, pins: dict[str, dict[str, str]]) -> dict[str, str]:
    return {"id": name, "width": f"{width / 72:.4f}", "height": f"{height / 72:.4f}"} | pins.get(name, {})
