"""The panel of a task: what stands around the fields that its form holds."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

import planner_core as core
from taskplanner.plans.presenters.conflict_rows import ConflictRow, present_conflicts
from taskplanner.plans.presenters.workspace import Workspace


@dataclass(frozen=True)
class LinkedTask:
    """A task that waits or is waited for; `url` opens the panel of the dependency."""

    key: str
    title: str
    url: str


@dataclass(frozen=True)
class PanelHandoff:
    """A handoff that leads from or to the task."""

    from_to: str
    summary: str
    artefacts: tuple[core.Artefact, ...]


@dataclass(frozen=True)
class TaskPanel:
    """A task with its neighbours, its place in the schedule, its conflicts and handoffs."""

    uid: str
    key: str
    title: str
    claims: tuple[core.Claim, ...]
    predecessors: tuple[LinkedTask, ...]
    successors: tuple[LinkedTask, ...]
    children: tuple[core.Task, ...]
    is_summary: bool
    span: str
    slack: str
    critical: bool
    status: str
    status_text: str
    conflicts: tuple[ConflictRow, ...]
    handoffs: tuple[PanelHandoff, ...]


def present_task(workspace: Workspace, task: core.Task) -> TaskPanel:
    """What the panel of a task shows."""
    plan = workspace.plan
    children = plan.children.get(task.uid, ())
    time = workspace.times.get(task.uid)
    status = workspace.progress.get(task.uid, core.TaskProgress()).status.value
    conflicts = [c for c in workspace.findings.conflicts if task.uid in (c.first, c.second)]
    return TaskPanel(
        uid=task.uid,
        key=task.key,
        title=task.title,
        claims=task.claims,
        predecessors=tuple(_linked(workspace, p, p.uid, task.uid) for p in plan.predecessors_of(task.uid)),
        successors=tuple(_linked(workspace, s, task.uid, s.uid) for s in plan.successors_of(task.uid)),
        children=children,
        is_summary=bool(children),
        span=_span(workspace, task),
        slack="" if time is None or not time.slack else core.format_duration(time.slack),
        critical=task.uid in workspace.comparison.critical_path_uids,
        status=status,
        status_text=status.replace("_", " "),
        conflicts=present_conflicts(workspace.row.pk, plan, conflicts),
        handoffs=tuple(
            _handoff(plan, handoff)
            for handoff in plan.handoffs
            if task.uid in (*handoff.sources, *handoff.receivers)
        ),
    )


def _linked(workspace: Workspace, other: core.Task, predecessor: str, successor: str) -> LinkedTask:
    url = reverse("dependency", args=[workspace.row.pk, predecessor, successor])
    return LinkedTask(other.key, other.title, url)


def _span(workspace: Workspace, task: core.Task) -> str:
    """From when to when the task runs, and who does it; a summary task spans what it consists of."""
    times = [workspace.times[uid] for uid in workspace.plan.leaves_below(task.uid)]
    start, finish = min(time.start for time in times), max(time.finish for time in times)
    said = f"{core.format_duration(start)} to {core.format_duration(finish)}"
    agents = {time.agent_name for time in times}
    return f"{said}, {agents.pop()}" if len(agents) == 1 else said


def _handoff(plan: core.Plan, handoff: core.Handoff) -> PanelHandoff:
    sources, receivers = (
        ", ".join(plan.task_by_uid[uid].key for uid in uids) for uids in (handoff.sources, handoff.receivers)
    )
    return PanelHandoff(f"{sources} → {receivers}", handoff.summary, handoff.artefacts)
