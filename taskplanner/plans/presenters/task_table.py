"""The plan as a table: what the drawings show, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import planner_core as core
from taskplanner.plans.presenters.workspace import Workspace


@dataclass(frozen=True)
class TaskRow:
    """A task as a row of the table. Times are counted from the start of the plan."""

    uid: str
    key: str
    title: str
    duration: str
    assumed: bool
    waits_for: str
    unlocks: str
    claims: tuple[core.Claim, ...]
    phase: str
    start: str
    finish: str
    slack: str
    agent: str
    status: str
    status_text: str
    critical: bool
    conflicts: int


def present_tasks(workspace: Workspace) -> tuple[TaskRow, ...]:
    """All tasks, in the order of the plan."""
    plan = workspace.plan
    conflicts = Counter(
        uid for conflict in workspace.findings.conflicts for uid in (conflict.first, conflict.second)
    )
    phases = {phase.uid: phase.name for phase in plan.phases}
    critical = set(workspace.comparison.critical_path_uids)
    times = workspace.times
    rows = []
    for task in plan.tasks:
        status = workspace.progress.get(task.uid, core.TaskProgress()).status
        time = times.get(task.uid)
        rows.append(
            TaskRow(
                uid=task.uid,
                key=task.key,
                title=task.title,
                duration="" if time is None else core.format_duration(plan.duration_of(task)),
                assumed=time is not None and task.estimate is None,
                waits_for=", ".join(other.key for other in plan.predecessors_of(task.uid)),
                unlocks=", ".join(other.key for other in plan.successors_of(task.uid)),
                claims=task.claims,
                phase=phases.get(task.phase or "", ""),
                start="" if time is None else core.format_duration(time.start),
                finish="" if time is None else core.format_duration(time.finish),
                slack="" if time is None else core.format_duration(time.slack),
                agent="" if time is None else time.agent_name,
                status=status.value,
                status_text=status.value.replace("_", " "),
                critical=task.uid in critical,
                conflicts=conflicts[task.uid],
            )
        )
    return tuple(rows)
