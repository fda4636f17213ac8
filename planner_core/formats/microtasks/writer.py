"""Writes a plan as Markdown batches with checkboxes and times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from planner_core.conflicts import find_conflicts
from planner_core.durations import format_duration
from planner_core.formats.document import Document, Written
from planner_core.formats.microtasks.lines import KEY, MARKS
from planner_core.formats.microtasks.reader import read
from planner_core.formats.readback import SPELLED_OUT, written_and_read
from planner_core.formats.task_fields import (
    DEPENDS,
    NOTHING,
    PART_OF,
    PHASE,
    TITLE,
    TRACK,
    spelled,
    spelled_claims,
    spelled_details,
    spelled_estimate,
)
from planner_core.formats.task_fields import KEY as KEY_FIELD
from planner_core.formats.yaml_plan.groups import execution_groups
from planner_core.items import Task, TaskProgress
from planner_core.plan import Plan
from planner_core.vocabulary import Status

_MICRO_KEY = re.compile(KEY)
_PLAIN_KEY = re.compile(r"[^*\n]{1,80}")
_BOXES = {status: mark for mark, status in reversed(MARKS.items())} | {Status.PENDING: " "}


def write(document: Document) -> Written:
    """Batches of tasks, each batch after the one before it, in no batch two tasks that must not overlap.

    Phases are headings, with their batches below. Each task has its time and says what it depends on; what
    else there is to say stands below it, a field a line.
    """
    return written_and_read(document, _render, read, "tasks.md")


def _render(document: Document, care: Mapping[str, int]) -> str:
    return "\n".join(_Rendering(document, care).lines()) + "\n"


class _Rendering:
    """One text in the making."""

    def __init__(self, document: Document, care: Mapping[str, int]) -> None:
        self.document, self.plan, self.care = document, document.plan, care
        self.phases = {phase.uid: phase.name for phase in self.plan.phases}
        self.places = {task.uid: place for place, task in enumerate(self.plan.tasks, start=1)}
        self.tracks = {track.uid: track.name for track in self.plan.tracks}

    def lines(self) -> Iterator[str]:
        plan = self.plan
        yield f"# {plan.title}"
        current: str | None = None
        for number, (parallel, tasks) in enumerate(_steps(plan), start=1):
            phase = tasks[0].phase
            if plan.phases and (phase != current or number == 1):
                current = phase
                place = next((at for at, each in enumerate(plan.phases, 1) if each.uid == phase), None)
                yield (
                    f"\n## Phase {place}: {self.phases[phase]}" if phase and place else "\n## Without a phase"
                )
            level = "###" if plan.phases else "##"
            mode = "Parallel" if parallel else "Sequential"
            when = f"After Batch {number - 1} completes" if number > 1 else "Start here"
            if parallel and number == 1:
                when = "Start all simultaneously"
            yield f"\n{level} {mode} Batch {number} ({when})"
            for task in tasks:
                yield from self._task(task)
        if plan.children:
            yield "\n## Summary tasks"
            for task in plan.tasks:
                if task.uid in plan.children:
                    yield from self._task(task)

    def _task(self, task: Task) -> Iterator[str]:
        plan = self.plan
        progress = self.document.progress.get(task.uid, TaskProgress())
        spelled_out = self.care[task.uid] == SPELLED_OUT
        key = task.key
        if not _PLAIN_KEY.fullmatch(key) or key != key.strip():
            key = f"task-{self.places[task.uid]}"
        shown_key = key if _MICRO_KEY.fullmatch(key) else f"**{key}**"
        title = _harmless(task.title) if spelled_out else task.title
        time = f" ({format_duration(task.estimate)})" if task.estimate is not None and not spelled_out else ""
        yield f"- [{_BOXES.get(progress.status, ' ')}] {shown_key}: {title}{time}"
        if key != task.key:
            yield spelled(KEY_FIELD, task.key)
        if spelled_out:
            yield spelled(TITLE, task.title)
            yield spelled_estimate(task)
            yield spelled(PHASE, self.phases[task.phase] if task.phase else NOTHING)
            yield spelled("Status", progress.status.value)
        elif task.uid in plan.children and task.phase is not None:
            yield spelled(PHASE, self.phases[task.phase])
        if progress.status not in _BOXES and not spelled_out:
            yield spelled("Status", progress.status.value)
        yield from self._order(task, spelled_out=spelled_out)
        if task.parent is not None:
            yield spelled(PART_OF, plan.task_by_uid[task.parent].key)
        if task.track is not None:
            yield spelled(TRACK, self.tracks[task.track])
        if task.claims:
            yield from spelled_claims(task)
        yield from spelled_details(plan, task, progress)

    def _order(self, task: Task, *, spelled_out: bool) -> Iterator[str]:
        before = [each.key for each in self.plan.predecessors_of(task.uid)]
        if spelled_out or not all(map(_MICRO_KEY.fullmatch, before)):
            yield from (spelled(DEPENDS, key) for key in before or (NOTHING,))
        else:
            yield f"  - Dependencies: {', '.join(before) or 'None'}"


def _steps(plan: Plan) -> Iterator[tuple[bool, list[Task]]]:
    """The execution groups, those of single tasks parted where the phase changes."""
    for mode, keys in execution_groups(plan, find_conflicts(plan).apart):
        tasks = [plan.task_by_key[key] for key in keys]
        for _, part in groupby(tasks, key=lambda task: task.phase):
            yield mode == "parallel", list(part)


def _harmless(title: str) -> str:
    """A title's words alone, which no reader can take for anything else."""
    return " ".join(re.findall(r"[^\W\d_]+", title))
