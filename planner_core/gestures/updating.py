"""A document read again into the plan that it once made: what it says is taken over, the rest stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields, replace
from typing import Any, TypeVar

from planner_core.edits import Edit
from planner_core.gestures.order import spread
from planner_core.gestures.replacement import replacing_plan
from planner_core.items import Agent, Phase, Task, Track
from planner_core.plan import Plan

Row = TypeVar("Row", Phase, Track, Agent)

_KEPT = ("uid", "key", "rank", "claims")
_STATED = {f.name: f.default for f in fields(Task) if f.name not in _KEPT and f.default is not MISSING}


def updating_plan(before: Plan, matched: Plan) -> list[Edit]:
    """What a document says, on top of the plan; `matched` is the document's plan after `matched_by_key`.

    Of a task in both, the fields that the document states replace the plan's; claims, dependencies, verdicts
    and handoffs are added. New tasks come at the end, under another key where theirs is taken. Nothing is
    removed, and the plan's own fields stay. Raises InvalidPlan where both together break a rule.
    """
    known = before.task_by_uid
    tasks = [_updated(task, matched.task_by_uid.get(task.uid)) for task in before.tasks]
    new = [task for task in matched.tasks if task.uid not in known]
    ranks = spread(before.tasks[-1].rank if before.tasks else None, None, len(new))
    taken = set(before.task_by_key)
    for task, rank in zip(new, ranks, strict=True):
        tasks.append(replace(task, rank=rank, key=_free_key(task.key, taken)))
        taken.add(tasks[-1].key)
    verdicts = {(verdict.first, verdict.second): verdict for verdict in (*before.verdicts, *matched.verdicts)}
    handoffs = {handoff.uid: handoff for handoff in (*before.handoffs, *matched.handoffs)}
    after = replace(
        before,
        tasks=tuple(tasks),
        phases=_joined(before.phases, matched.phases),
        tracks=_joined(before.tracks, matched.tracks),
        agents=_joined(before.agents, matched.agents),
        dependencies=tuple({*before.dependencies, *matched.dependencies}),
        verdicts=tuple(verdicts.values()),
        handoffs=tuple(handoffs.values()),
    )
    return replacing_plan(before, after)


def _updated(task: Task, said: Task | None) -> Task:
    if said is None:
        return task
    stated: dict[str, Any] = {
        name: getattr(said, name) for name, default in _STATED.items() if getattr(said, name) != default
    }
    return replace(task, **stated, claims=(*task.claims, *said.claims))


def _free_key(key: str, taken: set[str]) -> str:
    candidate, number = key, 2
    while candidate in taken:
        candidate = f"{key}-{number}"
        number += 1
    return candidate


def _joined(before: Sequence[Row], said: Sequence[Row]) -> tuple[Row, ...]:
    joined: list[Row] = list(before)
    known = {row.uid for row in before}
    fresh: list[Row] = [row for row in said if row.uid not in known]
    places = spread(before[-1].rank if before else None, None, len(fresh))
    for row, rank in zip(fresh, places, strict=True):
        joined.append(replace(row, rank=rank))
    return tuple(joined)
