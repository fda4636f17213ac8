"""Conflicts and rulings as the panels list them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

import planner_core as core

SHOWN_EVIDENCE = 3


@dataclass(frozen=True)
class EvidenceLine:
    """Two claims, and one path that both match."""

    first: str
    second: str
    path: str


@dataclass(frozen=True)
class ConflictRow:
    """A conflict as a list item; `url` opens the panel of the pair."""

    first_uid: str
    second_uid: str
    first: str
    second: str
    title: str
    why: str
    evidence: tuple[EvidenceLine, ...]
    url: str


@dataclass(frozen=True)
class RuledRow:
    """A pair that the lead ruled on."""

    first: str
    second: str
    ruling: str
    reason: str
    url: str


def present_conflicts(
    plan_id: int | None, plan: core.Plan, conflicts: Iterable[core.Conflict]
) -> tuple[ConflictRow, ...]:
    """The conflicts as rows, in their order; without addresses where the plan is not stored."""
    return tuple(_row(plan_id, plan, conflict) for conflict in conflicts)


def _row(plan_id: int | None, plan: core.Plan, conflict: core.Conflict) -> ConflictRow:
    lines = [
        EvidenceLine(
            f"{each.first.mode.value} {each.first.pattern}",
            f"{each.second.mode.value} {each.second.pattern}",
            each.path or "",
        )
        for each in conflict.evidence[:SHOWN_EVIDENCE]
        if each.first is not None and each.second is not None
    ]
    words = " ".join(each.text for each in conflict.evidence[:SHOWN_EVIDENCE] if each.first is None)
    title = conflict.kind.reason
    return ConflictRow(
        conflict.first,
        conflict.second,
        plan.task_by_uid[conflict.first].key,
        plan.task_by_uid[conflict.second].key,
        title,
        words or f"{title}.",
        tuple(lines),
        "" if plan_id is None else reverse("pair", args=[plan_id, conflict.first, conflict.second]),
    )


def present_rulings(plan_id: int, plan: core.Plan) -> tuple[RuledRow, ...]:
    """The verdicts of the plan as rows; pairs, and the tasks of each, in the order of the plan."""
    order = {task.uid: place for place, task in enumerate(plan.tasks)}
    pairs = [
        (sorted((verdict.first, verdict.second), key=order.__getitem__), verdict) for verdict in plan.verdicts
    ]
    pairs.sort(key=lambda pair: [order[uid] for uid in pair[0]])
    return tuple(
        RuledRow(
            plan.task_by_uid[first].key,
            plan.task_by_uid[second].key,
            "may run together" if verdict.together else "never run together",
            verdict.reason,
            reverse("pair", args=[plan_id, first, second]),
        )
        for (first, second), verdict in pairs
    )
