"""How far tasks are: beside the plan, so that undoing a change never un-does finished work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

import planner_core as core
from taskplanner.plans.models import Plan, Task, TaskProgress


class BadProgress(core.PlannerError):
    """A status and times that cannot be true together, or of a task that is not in the plan."""


class StaleProgress(core.PlannerError):
    """Somebody else changed the progress of the task since its author looked."""


def set_progress(
    *, plan: Plan, task_uid: str, before: core.TaskProgress, after: core.TaskProgress, now: datetime
) -> core.TaskProgress:
    """Store how far a task is, and return what was stored.

    `before` is what the author saw. A task that goes into work gets its start, a finished one its finish,
    unless the author gives them. Raises BadProgress, and StaleProgress where `before` no longer holds.
    """
    after = _with_times(before, after, now)
    if after.started and after.finished and after.finished < after.started:
        raise BadProgress("A task cannot finish before it starts. Correct one of the times.")
    with transaction.atomic():
        if not Plan.objects.filter(pk=plan.pk).select_for_update().exists():
            raise BadProgress("This plan was deleted.")
        if not Task.objects.filter(plan=plan, uid=task_uid).exists():
            raise BadProgress("The task is no longer in the plan.")
        row = TaskProgress.objects.filter(plan=plan, task_uid=task_uid).first()
        current = core.TaskProgress() if row is None else _progress(row)
        if current != before:
            raise StaleProgress(f"Somebody set it to {current.status.value.replace('_', ' ')} meanwhile.")
        values = {"status": after.status, "started": after.started, "finished": after.finished}
        TaskProgress.objects.update_or_create(plan=plan, task_uid=task_uid, defaults=values)
    return after


def store_progress(*, plan: Plan, progress: Mapping[str, core.TaskProgress]) -> None:
    """Store the progress that came with an imported plan, by task uid; tasks it does not name keep theirs."""
    TaskProgress.objects.bulk_create(
        [
            TaskProgress(plan=plan, task_uid=uid, status=p.status, started=p.started, finished=p.finished)
            for uid, p in progress.items()
        ],
        update_conflicts=True,
        unique_fields=["plan", "task_uid"],
        update_fields=["status", "started", "finished"],
    )


def check_progress(*, plan: Plan, seen: Mapping[str, core.TaskProgress]) -> None:
    """Raise StaleProgress where a task's progress, by uid, is no longer what somebody saw."""
    rows = TaskProgress.objects.filter(plan=plan, task_uid__in=seen)
    current = {row.task_uid: _progress(row) for row in rows}
    for uid, before in seen.items():
        if current.get(uid, core.TaskProgress()) != before:
            raise StaleProgress("Somebody set the progress of these tasks meanwhile. Choose the file again.")


def _progress(row: TaskProgress) -> core.TaskProgress:
    return core.TaskProgress(core.Status(row.status), row.started, row.finished)


def _with_times(before: core.TaskProgress, after: core.TaskProgress, now: datetime) -> core.TaskProgress:
    started, finished = after.started, after.finished
    if after.status != before.status:
        if after.status in (core.Status.IN_PROGRESS, core.Status.COMPLETED) and started is None:
            started = now
        if after.status == core.Status.COMPLETED and finished is None:
            finished = now
        elif after.status != core.Status.COMPLETED and finished == before.finished:
            finished = None
    return core.TaskProgress(after.status, started, finished)
