"""Writes a plan as a table of tasks, and names what a table has no place for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from planner_core.durations import format_duration
from planner_core.formats.csv_tasks.columns import COLUMNS, guarded, joined_list
from planner_core.formats.document import Document, Note, Written
from planner_core.formats.unheld import unheld
from planner_core.items import Phase, Task, TaskProgress, Track
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode, Status

_HELD = frozenset(COLUMNS) | {"claims"}


def write(document: Document) -> Written:
    """The tasks of a plan, a row each, in their order, with a header; lines end as RFC 4180 wants them."""
    plan = document.plan
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    names = {item.uid: item.name for items in (plan.phases, plan.tracks, plan.agents) for item in items}
    for task in plan.tasks:
        progress = document.progress.get(task.uid, TaskProgress())
        cells = _cells(plan, task, progress, names)
        writer.writerow([guarded(cells.get(column, "")) for column in COLUMNS])
    return Written(out.getvalue(), (*unheld(document, _HELD), *_unused(plan)))


def _cells(plan: Plan, task: Task, progress: TaskProgress, names: dict[str, str]) -> dict[str, str]:
    cells = {
        mode.value: joined_list(claim.pattern for claim in task.claims if claim.mode is mode)
        for mode in ClaimMode
    }
    for column, uid in (("phase", task.phase), ("track", task.track), ("agent", task.agent)):
        cells[column] = names[uid] if uid else ""
    status = progress.status
    return cells | {
        "key": task.key,
        "title": task.title,
        "estimate": "" if task.estimate is None else format_duration(task.estimate),
        "depends_on": joined_list(each.key for each in plan.predecessors_of(task.uid)),
        "status": status.value if status is not Status.PENDING else "",
        "started": progress.started.isoformat() if progress.started else "",
        "finished": progress.finished.isoformat() if progress.finished else "",
        "priority": str(task.priority),
        "parent": plan.task_by_uid[task.parent].key if task.parent else "",
        "layer": task.layer.value if task.layer else "",
        "bounded_context": task.bounded_context,
        "skills": joined_list(task.skills),
        "parallel_safe": "" if task.parallel_safe is None else "yes" if task.parallel_safe else "no",
        "decides": joined_list(task.decides),
        "acceptance": joined_list(task.acceptance),
        "description": task.description,
    }


def _unused(plan: Plan) -> Iterator[Note]:
    """What is lost because a table knows phases and tracks only by its tasks."""
    kinds: tuple[tuple[str, Sequence[Phase | Track]], ...] = (("phase", plan.phases), ("track", plan.tracks))
    for what, items in kinds:
        named = dict.fromkeys(getattr(task, what) for task in plan.tasks if getattr(task, what))
        for item in items:
            if item.uid not in named:
                yield Note(f"The {what} {item.name} is left out: no task names it.")
        if list(named) != [item.uid for item in items if item.uid in named]:
            yield Note(f"The order of the {what}s is left out: they follow their first tasks.")
