"""The panels of a dependency and of a pair of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

import planner_core as core
from taskplanner.plans.presenters.conflict_rows import ConflictRow, present_conflicts
from taskplanner.plans.presenters.workspace import Workspace


@dataclass(frozen=True)
class OrderChoice:
    """A dependency that would settle a conflict."""

    predecessor: str
    successor: str
    label: str
    suggested: bool


@dataclass(frozen=True)
class Pair:
    """Two tasks and what stands between them. `order` says which dependencies order them, if any do."""

    first_uid: str
    second_uid: str
    first: str
    second: str
    first_title: str
    second_title: str
    first_url: str
    second_url: str
    order: str
    orders: tuple[OrderChoice, ...]
    conflicts: tuple[ConflictRow, ...]
    ruling: Mapping[str, str]
    verdict: str


def present_pair(workspace: Workspace, first_uid: str, second_uid: str) -> Pair:
    """What the panels of a dependency or a pair show."""
    plan = workspace.plan
    first, second = plan.task_by_uid[first_uid], plan.task_by_uid[second_uid]
    uids = {first_uid, second_uid}
    found = [c for c in workspace.findings.conflicts if {c.first, c.second} == uids]
    ruled = [r.conflict for r in workspace.findings.ruled if {r.conflict.first, r.conflict.second} == uids]
    suggestion = next((c.suggestion for c in found if c.suggestion), None)
    verdict = next((v for v in plan.verdicts if {v.first, v.second} == uids), None)
    ruling = {"ruling": "none" if verdict is None else "together" if verdict.together else "never"}
    return Pair(
        first_uid,
        second_uid,
        first.key,
        second.key,
        first.title,
        second.title,
        reverse("task", args=[workspace.row.pk, first_uid]),
        reverse("task", args=[workspace.row.pk, second_uid]),
        _order(plan, first, second),
        tuple(
            OrderChoice(a.uid, b.uid, f"{a.key} first", suggestion == (a.uid, b.uid))
            for a, b in ((first, second), (second, first))
        ),
        present_conflicts(workspace.row.pk, plan, [*found, *ruled]),
        ruling | {"reason": verdict.reason if verdict else ""},
        _verdict(verdict),
    )


def _order(plan: core.Plan, first: core.Task, second: core.Task) -> str:
    for before, after in ((first, second), (second, first)):
        if plan.comes_before(before.uid, after.uid):
            return f"{after.key} waits for {before.key}, so they never run at once."
    return ""


def _verdict(verdict: core.Verdict | None) -> str:
    if verdict is None:
        return ""
    said = "They may run together" if verdict.together else "They never run together"
    return f"{said}: {verdict.reason}" if verdict.reason else f"{said}."
