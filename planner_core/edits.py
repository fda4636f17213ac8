"""Edits: the only way a plan changes.

An edit is small, named and serializable, and carries the values before and after. Its inverse swaps them:
for every plan and edit that applies, edit then inverse gives back exactly the same plan. A change is a list
of edits applied together; only its result is validated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias, get_type_hints

from pydantic import TypeAdapter, ValidationError

from planner_core.errors import PlannerError, StaleEdit
from planner_core.items import Agent, Claim, Dependency, Handoff, Phase, Task, Track, Verdict
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode

EDIT_FORMAT = 1

Value: TypeAlias = bool | int | float | str | tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class TaskEdit:
    """Adds a task (before is None), or removes it (after is None), with its claims."""

    uid: str
    before: Task | None
    after: Task | None
    edit: Literal["task"] = "task"

    @property
    def target(self) -> str:
        return f"task:{self.uid}"


@dataclass(frozen=True, slots=True)
class TaskFieldEdit:
    """Sets one field of a task, other than its uid and its claims."""

    uid: str
    field: str
    before: Value
    after: Value
    edit: Literal["task_field"] = "task_field"

    @property
    def target(self) -> str:
        return f"task:{self.uid}:{self.field}"


@dataclass(frozen=True, slots=True)
class ClaimEdit:
    """Adds a claim to a task (before is False) or removes it (after is False)."""

    uid: str
    mode: ClaimMode
    pattern: str
    before: bool
    after: bool
    edit: Literal["claim"] = "claim"

    @property
    def target(self) -> str:
        return f"claim:{self.uid}:{self.mode.value}:{self.pattern}"


@dataclass(frozen=True, slots=True)
class DependencyEdit:
    """Adds a dependency (before is False) or removes it (after is False)."""

    predecessor: str
    successor: str
    before: bool
    after: bool
    edit: Literal["dependency"] = "dependency"

    @property
    def target(self) -> str:
        return f"dependency:{self.predecessor}:{self.successor}"


@dataclass(frozen=True, slots=True)
class VerdictEdit:
    """Sets, replaces or withdraws the verdict on a pair of tasks, named in order of uid."""

    first: str
    second: str
    before: Verdict | None
    after: Verdict | None
    edit: Literal["verdict"] = "verdict"

    @property
    def target(self) -> str:
        return f"verdict:{self.first}:{self.second}"


@dataclass(frozen=True, slots=True)
class PhaseEdit:
    """Adds, renames, moves or removes a phase."""

    uid: str
    before: Phase | None
    after: Phase | None
    edit: Literal["phase"] = "phase"

    @property
    def target(self) -> str:
        return f"phase:{self.uid}"


@dataclass(frozen=True, slots=True)
class TrackEdit:
    """Adds, renames, moves or removes a track."""

    uid: str
    before: Track | None
    after: Track | None
    edit: Literal["track"] = "track"

    @property
    def target(self) -> str:
        return f"track:{self.uid}"


@dataclass(frozen=True, slots=True)
class AgentEdit:
    """Adds, changes or removes a named agent."""

    uid: str
    before: Agent | None
    after: Agent | None
    edit: Literal["agent"] = "agent"

    @property
    def target(self) -> str:
        return f"agent:{self.uid}"


@dataclass(frozen=True, slots=True)
class HandoffEdit:
    """Adds, changes or removes a handoff."""

    uid: str
    before: Handoff | None
    after: Handoff | None
    edit: Literal["handoff"] = "handoff"

    @property
    def target(self) -> str:
        return f"handoff:{self.uid}"


@dataclass(frozen=True, slots=True)
class PlanFieldEdit:
    """Sets one field of the plan itself: its title, description, agent count or a setting."""

    field: str
    before: Value
    after: Value
    edit: Literal["plan_field"] = "plan_field"

    @property
    def target(self) -> str:
        return f"plan:{self.field}"


ItemEdit: TypeAlias = TaskEdit | PhaseEdit | TrackEdit | AgentEdit | HandoffEdit
Edit: TypeAlias = ItemEdit | TaskFieldEdit | ClaimEdit | DependencyEdit | VerdictEdit | PlanFieldEdit

TASK_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Task) if f.name not in ("uid", "claims"))
PLAN_FIELDS: tuple[str, ...] = (
    "title",
    "description",
    "agent_count",
    "keep_phases",
    "default_estimate",
    "threshold",
    "weights",
)
_TASK_TYPES = {name: TypeAdapter(get_type_hints(Task)[name]) for name in TASK_FIELDS}
_PLAN_TYPES = {name: TypeAdapter(get_type_hints(Plan)[name]) for name in PLAN_FIELDS}
_EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])


class UnreadableEdit(PlannerError):
    """A stored or received edit that this edit format does not know."""


def inverse(edit: Edit) -> Edit:
    """The edit that takes this one back."""
    return replace(edit, before=edit.after, after=edit.before)  # type: ignore[arg-type]  # the same class on both sides


def inverses(edits: Sequence[Edit]) -> list[Edit]:
    """The edits that take a whole change back: each one's inverse, last first."""
    return [inverse(edit) for edit in reversed(edits)]


def apply_edits(plan: Plan, edits: Iterable[Edit]) -> Plan:
    """The plan after a change.

    Raises StaleEdit where an edit's before-value does not hold, InvalidPlan where the result breaks a rule,
    UnreadableEdit where an edit names a field that does not exist or a value of the wrong type.
    """
    draft = _Draft(plan)
    for edit in edits:
        draft.apply(edit)
    return draft.finish()


def dump_edits(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    """The edits as JSON values, in order; `load_edits` reads them back."""
    dumped: list[dict[str, Any]] = _EDITS.dump_python(list(edits), mode="json")
    return dumped


def load_edits(data: object) -> list[Edit]:
    """Edits from JSON values. Raises UnreadableEdit where they are not edits of this format."""
    try:
        edits = _EDITS.validate_python(data)
        return [_typed(edit) for edit in edits]
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnreadableEdit(f"The edits cannot be read: {place}: {first['msg']}.") from error


def _typed(edit: Edit) -> Edit:
    if isinstance(edit, TaskFieldEdit):
        return replace(edit, before=_task_value(edit, edit.before), after=_task_value(edit, edit.after))
    if isinstance(edit, PlanFieldEdit):
        return replace(edit, before=_plan_value(edit, edit.before), after=_plan_value(edit, edit.after))
    return edit


def _task_value(edit: TaskFieldEdit, value: object) -> Any:
    return _value(_TASK_TYPES, "a task", edit.field, value)


def _plan_value(edit: PlanFieldEdit, value: object) -> Any:
    return _value(_PLAN_TYPES, "a plan", edit.field, value)


def _value(types: Mapping[str, TypeAdapter[Any]], owner: str, field: str, value: object) -> Any:
    if field not in types:
        raise UnreadableEdit(f"“{field}” is no field of {owner}.")
    try:
        return types[field].validate_python(value)
    except ValidationError as error:
        raise UnreadableEdit(f"The {field} of {owner} cannot be {value!r}.") from error


class _Draft:
    """A plan taken apart, so that a list of edits costs one copy."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.fields: dict[str, Any] = {}
        self.dependencies = {(link.predecessor, link.successor) for link in plan.dependencies}
        self.verdicts = {(verdict.first, verdict.second): verdict for verdict in plan.verdicts}
        self.items: dict[str, dict[str, Any]] = {
            "task": {item.uid: item for item in plan.tasks},
            "phase": {item.uid: item for item in plan.phases},
            "track": {item.uid: item for item in plan.tracks},
            "agent": {item.uid: item for item in plan.agents},
            "handoff": {item.uid: item for item in plan.handoffs},
        }

    def finish(self) -> Plan:
        before = {(link.predecessor, link.successor) for link in self.plan.dependencies}
        for uid in (uid for ends in sorted(self.dependencies - before) for uid in ends):
            if uid not in self.items["task"]:
                raise StaleEdit("A task that the dependency names is no longer in the plan.", f"task:{uid}")
        return replace(
            self.plan,
            **self.fields,
            tasks=tuple(self.items["task"].values()),
            phases=tuple(self.items["phase"].values()),
            tracks=tuple(self.items["track"].values()),
            agents=tuple(self.items["agent"].values()),
            handoffs=tuple(self.items["handoff"].values()),
            dependencies=tuple(Dependency(*ends) for ends in self.dependencies),
            verdicts=tuple(self.verdicts.values()),
        )

    def apply(self, edit: Edit) -> None:
        appliers: dict[str, Callable[[Any], None]] = {
            "task_field": self._task_field,
            "claim": self._claim,
            "dependency": self._dependency,
            "verdict": self._verdict,
            "plan_field": self._plan_field,
        }
        appliers.get(edit.edit, self._item)(edit)

    def _item(self, edit: ItemEdit) -> None:
        items = self.items[edit.edit]
        _expect(edit, items.get(edit.uid), edit.before)
        for side in (edit.before, edit.after):
            if side is not None and side.uid != edit.uid:
                raise UnreadableEdit(f"An edit of {edit.uid} cannot put {side.uid} in its place.")
        if edit.after is None:
            items.pop(edit.uid, None)
        else:
            items[edit.uid] = edit.after

    def _task_of(self, edit: TaskFieldEdit | ClaimEdit) -> Task:
        task: Task | None = self.items["task"].get(edit.uid)
        if task is None:
            raise StaleEdit("The task is no longer in the plan.", f"task:{edit.uid}")
        return task

    def _task_field(self, edit: TaskFieldEdit) -> None:
        before, after = _task_value(edit, edit.before), _task_value(edit, edit.after)
        task = self._task_of(edit)
        _expect(edit, getattr(task, edit.field), before)
        changed: dict[str, Any] = {edit.field: after}
        self.items["task"][edit.uid] = replace(task, **changed)

    def _claim(self, edit: ClaimEdit) -> None:
        task = self._task_of(edit)
        claim = Claim(ClaimMode(edit.mode), edit.pattern)
        _expect(edit, claim in task.claims, edit.before)
        others = tuple(other for other in task.claims if other != claim)
        self.items["task"][edit.uid] = replace(task, claims=(*others, claim) if edit.after else others)

    def _dependency(self, edit: DependencyEdit) -> None:
        ends = (edit.predecessor, edit.successor)
        _expect(edit, ends in self.dependencies, edit.before)
        if edit.after:
            self.dependencies.add(ends)
        else:
            self.dependencies.discard(ends)

    def _verdict(self, edit: VerdictEdit) -> None:
        pair = (edit.first, edit.second)
        _expect(edit, self.verdicts.get(pair), edit.before)
        if edit.after is None:
            self.verdicts.pop(pair, None)
        elif (edit.after.first, edit.after.second) != pair:
            raise UnreadableEdit("A verdict edit must name the same pair as its verdict.")
        else:
            self.verdicts[pair] = edit.after

    def _plan_field(self, edit: PlanFieldEdit) -> None:
        before, after = _plan_value(edit, edit.before), _plan_value(edit, edit.after)
        current = self.fields.get(edit.field, getattr(self.plan, edit.field))
        _expect(edit, current, before)
        self.fields[edit.field] = after


def _expect(edit: Edit, current: object, before: object) -> None:
    # bool and int compare equal in Python, but no target holds now one, now the other.
    if current != before:
        raise StaleEdit(_stale_message(edit, current), edit.target)


def _stale_message(edit: Edit, current: object) -> str:
    what = edit.field.replace("_", " ") if isinstance(edit, TaskFieldEdit | PlanFieldEdit) else edit.edit
    if current is None or current is False:
        return f"The {what} is gone or was never there."
    return f"The {what} has changed since you looked at it."
