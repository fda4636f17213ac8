"""Writes a plan as the issues of beads, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from planner_core.formats.beads.fields import BETWEEN_LABELS, LABELS, SECTIONS
from planner_core.formats.beads.links import PARENT, parent_by_id
from planner_core.formats.document import Document, Note, Written
from planner_core.formats.sections import criteria_text, parted
from planner_core.formats.unheld import unheld
from planner_core.items import Task, TaskProgress
from planner_core.vocabulary import Status

_HELD = frozenset(("description", "acceptance", "estimate", "agent", "parent", "finished"))
_STATUSES = {
    Status.PENDING: "open",
    Status.IN_PROGRESS: "in_progress",
    Status.REVIEW: "in_progress",
    Status.BLOCKED: "blocked",
    Status.COMPLETED: "closed",
    Status.FAILED: "blocked",
    Status.DEFERRED: "deferred",
    Status.CANCELLED: "closed",
}
_INEXACT = frozenset((Status.REVIEW, Status.FAILED, Status.CANCELLED))


def write(document: Document) -> Written:
    """A line for each task in the plan's order; summary tasks are epics, their parts children of them."""
    plan = document.plan
    lines = [json.dumps(_issue(document, task), ensure_ascii=False) + "\n" for task in plan.tasks]
    lost = [*unheld(document, _HELD)]
    ordered = {
        (plan.task_by_uid[one].key, plan.task_by_uid[other].key)
        for link in plan.dependencies
        for one, other in ((link.predecessor, link.successor), (link.successor, link.predecessor))
    }
    for task in plan.tasks:
        lost.extend(_lost(task, document.progress.get(task.uid, TaskProgress())))
        above = parent_by_id(task.key, plan.task_by_key.keys(), ordered)
        if above is not None and task.parent is None:
            lost.append(Note(f"Its key says to beads that it is a part of {above}.", task=task.key))
    return Written("".join(lines), tuple(lost))


def _issue(document: Document, task: Task) -> dict[str, Any]:
    plan = document.plan
    progress = document.progress.get(task.uid, TaskProgress())
    description, sections = parted(task.description, (*SECTIONS.values(), LABELS))
    status = _STATUSES[progress.status]
    values: dict[str, Any] = {"id": task.key, "title": task.title, "description": description}
    values |= {name: sections[heading] for name, heading in SECTIONS.items() if heading in sections}
    if task.acceptance:
        values["acceptance_criteria"] = criteria_text(task.acceptance)
    values |= {"status": status, "priority": task.priority - 1}
    values["issue_type"] = "epic" if task.uid in plan.children else "task"
    if task.agent is not None:
        values["assignee"] = next(agent.name for agent in plan.agents if agent.uid == task.agent)
    if task.estimate is not None:
        values["estimated_minutes"] = task.estimate
    if progress.finished is not None and status == "closed":
        values["closed_at"] = progress.finished.isoformat()
    if LABELS in sections:
        values["labels"] = sections[LABELS].split(BETWEEN_LABELS)
    links = [(before.key, "blocks") for before in plan.predecessors_of(task.uid)]
    if task.parent is not None:
        links.append((plan.task_by_uid[task.parent].key, PARENT))
    if links:
        values["dependencies"] = [
            {"issue_id": task.key, "depends_on_id": key, "type": kind} for key, kind in links
        ]
    return values


def _lost(task: Task, progress: TaskProgress) -> Iterator[Note]:
    status = _STATUSES[progress.status]
    if progress.status in _INEXACT:
        said = progress.status.value.replace("_", " ")
        yield Note(f"Its status {said} becomes {status.replace('_', ' ')}.", task=task.key)
    if progress.finished is not None and status != "closed":
        message = f"Its finish is left out: {progress.finished.isoformat()}. Only what is closed has one."
        yield Note(message, task=task.key)
