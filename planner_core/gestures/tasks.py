"""Gestures on tasks, their claims, and the fields of the plan itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from planner_core.edits import (
    PLAN_FIELDS,
    TASK_FIELDS,
    ClaimEdit,
    DependencyEdit,
    Edit,
    HandoffEdit,
    PlanFieldEdit,
    TaskEdit,
    TaskFieldEdit,
    Value,
    VerdictEdit,
)
from planner_core.errors import PlannerError
from planner_core.gestures.order import known_task, place
from planner_core.items import Claim, Task, sorted_claims
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode

_NUMBERED = re.compile(r"(.*?)([0-9]+)")


def next_key(plan: Plan, after: str | None = None) -> str:
    """The next free key in the plan's own style: `T004` follows `T003`, `MT 1.2` follows `MT 1.1`.

    The style is that of the task `after` (a uid), else of the last task whose key ends in a number.
    """
    candidates = [] if after is None else [known_task(plan, after)]
    candidates += reversed(plan.tasks)
    model = next((match for task in candidates if (match := _NUMBERED.fullmatch(task.key))), None)
    if model is None:
        return _free(plan, "T", 1, width=3)
    prefix = model[1]
    numbers = [
        match[2] for task in plan.tasks if (match := _NUMBERED.fullmatch(task.key)) and match[1] == prefix
    ]
    return _free(plan, prefix, max(map(int, numbers)) + 1, width=min(map(len, numbers)))


def _free(plan: Plan, prefix: str, number: int, *, width: int) -> str:
    while (key := f"{prefix}{number:0{width}}") in plan.task_by_key:
        number += 1
    return key


def adding_task(
    plan: Plan,
    *,
    uid: str,
    key: str | None = None,
    title: str = "",
    after: str | None = None,
    **fields: Any,
) -> list[Edit]:
    """A new task below the task `after`, at the end where that is None.

    `fields` are those of `Task`, claims included; the key is the next free one where none is given.
    """
    if uid in plan.task_by_uid:
        raise PlannerError(f"There is a task with the uid {uid} already.")
    if wrong := sorted(set(fields) - {*TASK_FIELDS, "claims"} | fields.keys() & {"rank"}):
        raise PlannerError(f"A new task has no field “{wrong[0]}”.")
    position = len(plan.tasks) if after is None else plan.tasks.index(known_task(plan, after)) + 1
    ranks = place(plan.tasks, uid, position)
    tidy: dict[str, Any] = {name: _frozen(value) for name, value in fields.items()}
    task = Task(uid=uid, key=key or next_key(plan, after), title=title, rank=ranks.pop(uid), **tidy)
    return [TaskEdit(uid, None, task), *_ranking(plan, ranks)]


def moving_task(plan: Plan, uid: str, after: str | None) -> list[Edit]:
    """The task directly below another one in the plan's order, or at the top where `after` is None."""
    task = known_task(plan, uid)
    others = [other for other in plan.tasks if other.uid != uid]
    if after == uid:
        return []
    position = 0 if after is None else others.index(known_task(plan, after)) + 1
    if plan.tasks.index(task) == position:
        return []
    return _ranking(plan, place(others, uid, position), first=uid)


def _ranking(plan: Plan, ranks: Mapping[str, str], first: str | None = None) -> list[Edit]:
    uids = sorted(ranks, key=lambda uid: uid != first)
    return [TaskFieldEdit(uid, "rank", plan.task_by_uid[uid].rank, ranks[uid]) for uid in uids]


def removing_tasks(plan: Plan, uids: Collection[str]) -> list[Edit]:
    """Tasks taken out, with the dependencies and verdicts that name them.

    Handoffs lose them as sources or receivers, and go with the last one; the children of a removed summary
    task move up to the nearest one that stays.
    """
    gone = {uid: known_task(plan, uid) for uid in uids}
    edits: list[Edit] = [TaskEdit(task.uid, task, None) for task in plan.tasks if task.uid in gone]
    for task in plan.tasks:
        if task.uid not in gone and task.parent in gone:
            heir: str | None = task.parent
            while heir is not None and heir in gone:
                heir = gone[heir].parent
            edits.append(TaskFieldEdit(task.uid, "parent", task.parent, heir))
    for link in plan.dependencies:
        if link.predecessor in gone or link.successor in gone:
            edits.append(DependencyEdit(link.predecessor, link.successor, before=True, after=False))
    for verdict in plan.verdicts:
        if verdict.first in gone or verdict.second in gone:
            edits.append(VerdictEdit(verdict.first, verdict.second, verdict, None))
    for handoff in plan.handoffs:
        sources = tuple(uid for uid in handoff.sources if uid not in gone)
        receivers = tuple(uid for uid in handoff.receivers if uid not in gone)
        if (sources, receivers) != (handoff.sources, handoff.receivers):
            left = replace(handoff, sources=sources, receivers=receivers) if sources and receivers else None
            edits.append(HandoffEdit(handoff.uid, handoff, left))
    return edits


def editing_task(plan: Plan, uid: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Edit]:
    """The fields of a task in which `after` differs from `before`, the values that the person saw.

    A field missing in `before` was seen as it is in the plan. `claims` may be among the fields.
    """
    task = known_task(plan, uid)
    if unknown := sorted(after.keys() - {*TASK_FIELDS, "claims"}):
        raise PlannerError(f"“{unknown[0]}” is no field of a task.")
    edits: list[Edit] = [
        TaskFieldEdit(uid, name, old, new)
        for name, old, new in _differences(task, TASK_FIELDS, before, after)
    ]
    if "claims" in after:
        edits += setting_claims(plan, uid, after["claims"], before.get("claims"))
    return edits


def _differences(
    owner: object, names: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, Value, Value]]:
    found = []
    for name in names:
        if name in after:
            old, new = before.get(name, getattr(owner, name)), after[name]
            old, new = _frozen(old), _frozen(new)
            if old != new:
                found.append((name, old, new))
    return found


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def setting_claims(
    plan: Plan, uid: str, claims: Iterable[Claim], before: Iterable[Claim] | None = None
) -> list[Edit]:
    """Exactly these claims instead of `before`, the claims that the person saw (None: those in the plan)."""
    task = known_task(plan, uid)
    old = sorted_claims(task.claims if before is None else before)
    new = sorted_claims(claims)
    return [
        ClaimEdit(uid, claim.mode, claim.pattern, before=claim in old, after=claim in new)
        for claim in sorted_claims((*old, *new))
        if (claim in old) != (claim in new)
    ]


def adding_claim(plan: Plan, uid: str, mode: ClaimMode, pattern: str) -> list[Edit]:
    """One claim more for a task."""
    task = known_task(plan, uid)
    if Claim(mode, pattern) in task.claims:
        raise PlannerError(f"{task.key} already {mode.value} {pattern}.")
    return [ClaimEdit(uid, mode, pattern, before=False, after=True)]


def removing_claim(plan: Plan, uid: str, mode: ClaimMode, pattern: str) -> list[Edit]:
    """One claim less for a task."""
    known_task(plan, uid)
    return [ClaimEdit(uid, mode, pattern, before=True, after=False)]


def editing_plan(plan: Plan, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Edit]:
    """The plan's own fields in which `after` differs from `before`, the values that the person saw."""
    if unknown := sorted(after.keys() - set(PLAN_FIELDS)):
        raise PlannerError(f"“{unknown[0]}” is no field of a plan.")
    return [
        PlanFieldEdit(name, old, new) for name, old, new in _differences(plan, PLAN_FIELDS, before, after)
    ]


def setting_plan_field(plan: Plan, field: str, value: Value) -> list[Edit]:
    """One of the plan's own fields set to a value."""
    return editing_plan(plan, {}, {field: value})
