"""The box of a task in drawings: what it says, which classes it has, how it is named aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from planner_core.durations import format_duration
from planner_core.items import Task
from planner_core.plan import Plan
from planner_core.rendering.text import escape_markup, fit_label, text_width
from planner_core.rendering.theme import BASE_FONT_SIZE, ThemeName, colour
from planner_core.vocabulary import Status

WIDTH, HEIGHT = 172.0, 40.0
_INSET = 11.0
_SMALL = 8.5
_GAP = "\u00a0 "
_NAMED = 5
# Text is laid in a table that reaches far beyond the box on both sides: where the machine's font is wider
# than Helvetica, Graphviz would else move the text to the left.
_TABLE = 400.0

_CLASSES = {
    Status.PENDING: "",
    Status.IN_PROGRESS: " running",
    Status.REVIEW: " running",
    Status.BLOCKED: " blocked",
    Status.COMPLETED: " done",
    Status.FAILED: " failed",
    Status.DEFERRED: " off",
    Status.CANCELLED: " off",
}


@dataclass(frozen=True, slots=True)
class ConflictMark:
    """Two tasks, by uid, that should not run at once, and why, in a few words."""

    first: str
    second: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlanMarks:
    """What is marked in the drawing of a plan; tasks are named by uid.

    `critical_path` is in order, first task first. Of several conflicts of one pair the first is shown.
    """

    critical_path: tuple[str, ...] = ()
    conflicts: tuple[ConflictMark, ...] = ()
    statuses: Mapping[str, Status] = field(default_factory=dict)


class TaskBoxes:
    """What the boxes of a plan's tasks say, with these marks."""

    def __init__(self, plan: Plan, marks: PlanMarks, theme: ThemeName) -> None:
        self._plan = plan
        self._marks = marks
        self._muted = colour("muted", theme)
        self._critical = frozenset(marks.critical_path)
        self._agents = {agent.uid: agent.name for agent in plan.agents}
        self._clashes: dict[str, list[str]] = {}
        for conflict in marks.conflicts:
            for uid, other in ((conflict.first, conflict.second), (conflict.second, conflict.first)):
                self._clashes.setdefault(uid, []).append(plan.task_by_uid[other].key)

    def classes(self, task: Task) -> str:
        """The classes of a task's box; a summary task is critical, or in conflict, where one below it is."""
        below = self._plan.leaves_below(task.uid)
        found = "task summary" if task.uid in self._plan.children else "task"
        if not self._critical.isdisjoint(below):
            found += " crit"
        found += _CLASSES[self._marks.statuses.get(task.uid, Status.PENDING)]
        return found + (" conflict" if any(uid in self._clashes for uid in (task.uid, *below)) else "")

    def markup(self, task: Task) -> str:
        """The label: the key in bold and the title, and below them claims, duration and agent in small."""
        room = WIDTH - 2 * _INSET
        key = fit_label(task.key, room, BASE_FONT_SIZE, bold=True)
        left = room - text_width(key, BASE_FONT_SIZE, bold=True) - text_width(_GAP, BASE_FONT_SIZE)
        title = fit_label(task.title, left, BASE_FONT_SIZE)
        head = f"<b>{escape_markup(key)}</b>" + (f"&#160; {escape_markup(title)}" if title else "")
        small = escape_markup(self._small_print(task, room))
        spacer = (_TABLE - WIDTH) / 2 + _INSET
        cell = f'align="left" width="{_TABLE - spacer:g}"'
        table = (
            f'border="0" cellborder="0" cellspacing="0" cellpadding="0" fixedsize="true" width="{_TABLE:g}"'
        )
        sub = f'<font point-size="{_SMALL:g}" color="{self._muted}">{small}</font>'
        return (
            f'<table {table} height="{HEIGHT - 10:g}">'
            f'<tr><td width="{spacer:g}"></td><td {cell} height="16">{head}</td></tr>'
            f'<tr><td></td><td {cell} height="14" valign="top">{sub}</td></tr></table>'
        )

    def group_markup(self, task: Task) -> str:
        """The label of the box around a summary task's children."""
        rest = escape_markup(f"{task.title} · {self.duration(task)}" if task.title else self.duration(task))
        return f"<b>{escape_markup(task.key)}</b>&#160; {rest}"

    def duration(self, task: Task) -> str:
        """How long a task takes, or how much work is below a summary task."""
        if task.uid not in self._plan.children:
            assumed = " assumed" if task.estimate is None else ""
            return format_duration(self._plan.duration_of(task)) + assumed
        below = [self._plan.task_by_uid[uid] for uid in self._plan.leaves_below(task.uid)]
        count = f"{len(below)} task{'' if len(below) == 1 else 's'}"
        return f"{count}, {format_duration(sum(self._plan.duration_of(leaf) for leaf in below))}"

    def tooltip(self, task: Task) -> str:
        """The box in words, for whoever hovers or cannot see it."""
        status = self._marks.statuses.get(task.uid, Status.PENDING)
        waits = [other.key for other in self._plan.predecessors_of(task.uid)]
        parts = [f"{task.key} {task.title}".strip(), self.duration(task)]
        if status is not Status.PENDING:
            parts.append(_said(status))
        if task.agent in self._agents:
            parts.append(self._agents[task.agent])
        if not self._critical.isdisjoint(self._plan.leaves_below(task.uid)):
            parts.append("critical path")
        if waits:
            parts.append(f"waits for {_listed(waits)}")
        if task.uid in self._clashes:
            parts.append(f"conflicts with {_listed(list(dict.fromkeys(self._clashes[task.uid])))}")
        return " · ".join(parts)

    def _small_print(self, task: Task, room: float) -> str:
        status = self._marks.statuses.get(task.uid, Status.PENDING)
        before = [] if status is Status.PENDING else [_said(status)]
        after = [self.duration(task)]
        agent = self._agents.get(task.agent or "", "")
        claimed = claim_summary(task)
        if text_width(_joined(*before, claimed, *after, agent), _SMALL) > room:
            agent = fit_label(agent, room / 4, _SMALL)
            claimed = fit_label(
                claimed, room - text_width(_joined(*before, " ", *after, agent), _SMALL), _SMALL
            )
        return _joined(*before, claimed, *after, agent)


def claim_summary(task: Task) -> str:
    """A task's strongest claim, and how many more it has."""
    if not task.claims:
        return ""
    more = f" +{len(task.claims) - 1}" if len(task.claims) > 1 else ""
    return task.claims[0].pattern + more


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _said(status: Status) -> str:
    return status.value.replace("_", " ")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
