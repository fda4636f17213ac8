"""Changes in words: one short sentence, in the past tense, for the history and for messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from planner_core.durations import format_duration
from planner_core.edits import (
    AgentEdit,
    ClaimEdit,
    DependencyEdit,
    Edit,
    HandoffEdit,
    PhaseEdit,
    PlanFieldEdit,
    TaskEdit,
    TaskFieldEdit,
    TrackEdit,
    VerdictEdit,
)
from planner_core.items import Agent, Phase, Track
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode

_LONGEST = 60
_MANY = 3
_IN_FULL = frozenset({"key", "estimate", "priority", "layer", "bounded_context", "default_estimate"}) | {
    "track",
    "phase",
    "parent",
    "agent",
    "parallel_safe",
    "agent_count",
    "threshold",
}
_VERBS = {ClaimMode.MODIFIES: "modify", ClaimMode.CREATES: "create", ClaimMode.READS: "read"}
_WORDS = {
    "acceptance": "acceptance criteria",
    "agent_count": "number of agents",
    "decides": "decisions",
    "rank": "place",
    "parallel_safe": "word on running in parallel",
    "keep_phases": "barriers between phases",
}


def describe(plan_before: Plan, edits: Sequence[Edit]) -> str:
    """What a change did, without a full stop: the first thing in words, the rest as a number.

    Edits that only follow from others (the dependencies of a removed task, the ranks that make room) do not
    count.
    """
    groups = _groups(_notable(edits))
    if not groups:
        return "changed nothing"
    first = _sentence(_Names(plan_before, edits), groups[0])
    more = sum(len(group) for group in groups[1:])
    return first if not more else f"{first} and {more} more edit{'s' if more > 1 else ''}"


def describe_each(plan_before: Plan, edits: Sequence[Edit]) -> list[str]:
    """All that a change did, a sentence for what can be told together, in the order of the edits."""
    names = _Names(plan_before, edits)
    return [_sentence(names, group) for group in _groups(_notable(edits))]


def describe_target(plan: Plan, edit: Edit) -> str:
    """What an edit is about: “the title of T003”."""
    names = _Names(plan, [edit])
    match edit:
        case TaskEdit():
            return names.task(edit.uid)
        case TaskFieldEdit():
            return f"the {_field(edit.field)} of {names.task(edit.uid)}"
        case ClaimEdit():
            return f"whether {names.task(edit.uid)} {edit.mode.value} {edit.pattern}"
        case DependencyEdit():
            return f"the dependency of {names.task(edit.successor)} on {names.task(edit.predecessor)}"
        case VerdictEdit():
            return f"the verdict on {names.task(edit.first)} and {names.task(edit.second)}"
        case HandoffEdit():
            return f"the handoff {names.ends(edit)}"
        case PhaseEdit() | TrackEdit() | AgentEdit():
            return f"the {edit.edit} {names.row(edit.uid)}"
        case PlanFieldEdit():
            return f"the plan's {_field(edit.field)}"


class _Names:
    """What uids are called: by the plan before the change, else by the change itself."""

    def __init__(self, plan: Plan, edits: Iterable[Edit]) -> None:
        self.tasks = {task.uid: task.key for task in plan.tasks}
        self.titles = {task.uid: task.title for task in plan.tasks}
        rows: tuple[Phase | Track | Agent, ...] = (*plan.phases, *plan.tracks, *plan.agents)
        self.rows = {row.uid: row.name for row in rows}
        for edit in edits:
            match edit:
                case TaskEdit(uid, before, after) if (task := before or after) is not None:
                    self.tasks.setdefault(uid, task.key)
                    self.titles.setdefault(uid, task.title)
                case PhaseEdit() | TrackEdit() | AgentEdit() if row := edit.before or edit.after:
                    self.rows.setdefault(edit.uid, row.name)

    def task(self, uid: str) -> str:
        return self.tasks.get(uid, "a task that is gone")

    def titled(self, uid: str) -> str:
        title = self.titles.get(uid)
        return f"{self.task(uid)} {_quoted(title)}" if title else self.task(uid)

    def row(self, uid: str) -> str:
        return _quoted(self.rows.get(uid, "?"))

    def ends(self, edit: HandoffEdit) -> str:
        handoff = edit.before or edit.after
        if handoff is None:
            return "that is gone"
        return f"from {self.some(handoff.sources)} to {self.some(handoff.receivers)}"

    def some(self, uids: Sequence[str]) -> str:
        return _listed([self.task(uid) for uid in uids])

    def value(self, field: str, value: Any) -> str:
        if field in ("estimate", "default_estimate"):
            return format_duration(value)
        if field in ("track", "phase", "agent"):
            return self.row(value)
        if field == "parent":
            return self.task(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return _short(str(value))


def _notable(edits: Sequence[Edit]) -> list[Edit]:
    """The edits without those that only follow from others among them."""
    gone = {edit.uid for edit in edits if isinstance(edit, TaskEdit) and edit.after is None}
    rows = (PhaseEdit, TrackEdit, AgentEdit)
    gone_rows = {edit.uid for edit in edits if isinstance(edit, rows) and edit.after is None}

    def follows(edit: Edit) -> bool:
        match edit:
            case DependencyEdit(predecessor, successor, after=False):
                return predecessor in gone or successor in gone
            case VerdictEdit(first, second, after=None):
                return first in gone or second in gone
            case HandoffEdit(before=before) if before is not None:
                return not gone.isdisjoint({*before.sources, *before.receivers})
            case TaskFieldEdit(field="parent", before=before):
                return before in gone
            case TaskFieldEdit(field="phase" | "track" | "agent", before=before, after=None):
                return before in gone_rows
        return False

    notable = [edit for edit in edits if not follows(edit)]
    if notable and all(_moves(edit) for edit in notable):
        return notable[:1]
    return [edit for edit in notable if not _moves(edit)]


def _moves(edit: Edit) -> bool:
    match edit:
        case TaskFieldEdit(field="rank"):
            return True
        case PhaseEdit(before=before, after=after) | TrackEdit(before=before, after=after):
            return before is not None and after is not None and before.name == after.name
        case AgentEdit(before=old, after=new) if old is not None and new is not None:
            return (old.name, old.skills) == (new.name, new.skills)
    return False


def _groups(edits: Iterable[Edit]) -> list[list[Edit]]:
    """The edits that one phrase can tell together, in the order of the first of each."""
    groups: dict[object, list[Edit]] = {}
    for edit in edits:
        key: object = edit.target
        match edit:
            case TaskEdit(before=before):
                key = ("task", before is None)
            case TaskFieldEdit(uid):
                key = ("field", uid)
            case ClaimEdit(uid):
                key = ("claim", uid)
        groups.setdefault(key, []).append(edit)
    return list(groups.values())


def _sentence(names: _Names, group: Sequence[Edit]) -> str:
    edit = group[0]
    match edit:
        case TaskEdit():
            return _tasks(names, [one.uid for one in group if isinstance(one, TaskEdit)], edit)
        case TaskFieldEdit() if len(group) > 1:
            fields = [_field(one.field) for one in group if isinstance(one, TaskFieldEdit)]
            return f"changed the {_listed(fields)} of {names.task(edit.uid)}"
        case TaskFieldEdit():
            return _task_field(names, edit)
        case ClaimEdit() if len(group) > 1:
            return f"changed {len(group)} claims of {names.task(edit.uid)}"
        case ClaimEdit():
            verb = _VERBS[edit.mode]
            path = _short(edit.pattern)
            task = names.task(edit.uid)
            return f"let {task} {verb} {path}" if edit.after else f"no longer let {task} {verb} {path}"
        case DependencyEdit():
            waiting, awaited = names.task(edit.successor), names.task(edit.predecessor)
            verb = "made {} wait for {}" if edit.after else "freed {} from waiting for {}"
            return verb.format(waiting, awaited)
        case VerdictEdit():
            pair = f"{names.task(edit.first)} and {names.task(edit.second)}"
            if edit.after is None:
                return f"withdrew the verdict on {pair}"
            return f"ruled that {pair} {'may' if edit.after.together else 'must not'} run together"
        case HandoffEdit():
            verb = "added" if edit.before is None else "removed" if edit.after is None else "changed"
            return f"{verb} the handoff {names.ends(edit)}"
        case PlanFieldEdit():
            return _plan_field(names, edit)
        case PhaseEdit() | TrackEdit() | AgentEdit():
            return _row(edit)


def _tasks(names: _Names, uids: Sequence[str], edit: TaskEdit) -> str:
    verb = "added" if edit.before is None else "removed"
    if len(uids) == 1:
        return f"{verb} {names.titled(uids[0])}"
    return f"{verb} {names.some(uids)}" if len(uids) <= _MANY else f"{verb} {len(uids)} tasks"


def _task_field(names: _Names, edit: TaskFieldEdit) -> str:
    task = names.task(edit.uid)
    if edit.field == "rank":
        return f"moved {task}"
    if edit.field == "title" and edit.after:
        return f"renamed {task} to {_quoted(str(edit.after))}"
    return _changed(names, edit, f"the {_field(edit.field)} of {task}")


def _plan_field(names: _Names, edit: PlanFieldEdit) -> str:
    if edit.field == "title":
        return f"renamed the plan to {_quoted(str(edit.after))}"
    if edit.field == "keep_phases":
        return "made each phase wait for the one before it" if edit.after else "let phases overlap"
    return _changed(names, edit, f"the plan's {_field(edit.field)}")


def _changed(names: _Names, edit: TaskFieldEdit | PlanFieldEdit, what: str) -> str:
    before, after = (None if value in ("", ()) else value for value in (edit.before, edit.after))
    if after is None:
        return f"cleared {what}"
    if edit.field not in _IN_FULL:
        return f"changed {what}"
    new = names.value(edit.field, after)
    if before is None:
        return f"set {what} to {new}"
    return f"changed {what} from {names.value(edit.field, before)} to {new}"


def _row(edit: PhaseEdit | TrackEdit | AgentEdit) -> str:
    match edit.before, edit.after:
        case None, row if row is not None:
            return f"added the {edit.edit} {_quoted(row.name)}"
        case row, None if row is not None:
            return f"removed the {edit.edit} {_quoted(row.name)}"
        case old, new if old is not None and new is not None and old.name != new.name:
            return f"renamed the {edit.edit} {_quoted(old.name)} to {_quoted(new.name)}"
        case row, _:
            verb = "moved" if _moves(edit) else "changed"
            return f"{verb} the {edit.edit} {_quoted(row.name if row else edit.uid)}"


def _field(name: str) -> str:
    return _WORDS.get(name, name.replace("_", " "))


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _quoted(text: str) -> str:
    return f"“{_short(text)}”"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
