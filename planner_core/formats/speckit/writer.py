"""Writes a plan as spec-kit's `tasks.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from planner_core.conflicts import find_conflicts
from planner_core.durations import MINUTES_PER_HOUR
from planner_core.formats.document import Document, Written
from planner_core.formats.readback import SPELLED_OUT, written_and_read
from planner_core.formats.speckit.reader import read
from planner_core.formats.task_fields import (
    DEPENDS,
    KEY,
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
from planner_core.items import Phase, Task, TaskProgress
from planner_core.ownership import Ownership
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode, Status

_ID = re.compile(r"T\d{3,5}[a-z]?")
_STORY = re.compile(r"US\d{1,3}")
_PHASE_KEY = re.compile(r"Phase (\d{1,3})")
_PLAIN_PATH = re.compile(r"[\w./-]+")
_BOXES = {
    Status.PENDING: " ",
    Status.COMPLETED: "x",
    Status.IN_PROGRESS: "~",
    Status.BLOCKED: "!",
    Status.DEFERRED: "-",
}


def write(document: Document) -> Written:
    """Phases with their tasks, `[P]` where a task collides with none of its phase that it may run beside.

    Tasks name their files and what they depend on in their own line where both read naturally, else in fields
    below. A summary task that holds just the tasks of a phase (as the reader makes them) is that phase;
    dependencies on it are stated below the tasks.
    """
    return written_and_read(document, _render, read, "tasks.md")


def _render(document: Document, care: Mapping[str, int]) -> str:
    return "\n".join(_Rendering(document, care).lines()) + "\n"


class _Rendering:
    """One text in the making."""

    def __init__(self, document: Document, care: Mapping[str, int]) -> None:
        self.document, self.plan, self.care = document, document.plan, care
        self.phases = {phase.uid: phase.name for phase in self.plan.phases}
        self.tracks = {track.uid: track.name for track in self.plan.tracks}
        self.whole = self._whole_phases()
        self.numbers = self._phase_numbers()
        self.free = _free_beside_others(self.plan)
        self.ids = self._ids()

    def lines(self) -> Iterator[str]:
        plan = self.plan
        yield f"# Tasks: {plan.title}"
        inside: dict[str | None, list[Task]] = {}
        for task in plan.tasks:
            if task.uid not in self.whole:
                inside.setdefault(task.phase, []).append(task)
        for phase in (None, *plan.phases):
            shown = inside.get(phase.uid if phase is not None else None, [])
            if phase is not None and shown:
                yield f"\n## Phase {self.numbers[phase.uid]}: {phase.name}"
            if shown:
                yield ""
            for task in shown:
                yield from self._task(task)
        if plan.phases:
            yield "\n## Dependencies & Execution Order\n"
            for phase in plan.phases:
                yield from self._statement(phase)

    def _whole_phases(self) -> dict[str, str]:
        """The summary tasks that stand for phases, each with its phase: they hold all that is in it."""
        plan, found = self.plan, dict[str, str]()
        members: dict[str | None, list[str]] = {}
        for each in plan.tasks:
            members.setdefault(each.phase, []).append(each.uid)
        for uid, parts in plan.children.items():
            task = plan.task_by_uid[uid]
            inside = members[task.phase]
            inside = [each for each in inside if each != uid] if len(inside) == len(parts) + 1 else []
            plain = not task.claims and task.phase is not None and task.parent is None
            if plain and _PHASE_KEY.fullmatch(task.key) and [part.uid for part in parts] == inside:
                found[uid] = task.phase or ""
        return found

    def _phase_numbers(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for uid, phase in self.whole.items():
            key = _PHASE_KEY.fullmatch(self.plan.task_by_uid[uid].key)
            assert key is not None
            found[phase] = int(key[1])
        number = 0
        for each in self.plan.phases:
            if each.uid not in found:
                number += 1
                while number in found.values():
                    number += 1
                found[each.uid] = number
        return found

    def _ids(self) -> dict[str, str]:
        """What each task is called in the text: its key, where that is an id, else one that is free."""
        taken = {task.key for task in self.plan.tasks}
        found: dict[str, str] = {}
        number = 0
        for task in self.plan.tasks:
            if _ID.fullmatch(task.key):
                found[task.uid] = task.key
                continue
            number += 1
            while f"T{number:03d}" in taken:
                number += 1
            found[task.uid] = f"T{number:03d}"
        return found

    def _task(self, task: Task) -> Iterator[str]:
        progress = self.document.progress.get(task.uid, TaskProgress())
        spelled_out = self.care[task.uid] == SPELLED_OUT
        name = self.ids[task.uid]
        before = [each.key for each in self.plan.predecessors_of(task.uid)]
        inline = not spelled_out and all(map(_ID.fullmatch, before))
        modified = [claim.pattern for claim in task.claims if claim.mode is ClaimMode.MODIFIES]
        in_line = (
            not spelled_out
            and len(modified) == len(task.claims)
            and all(map(_PLAIN_PATH.fullmatch, modified))
        )
        labels = "[P] " if task.uid in self.free else ""
        track = self.tracks[task.track] if task.track is not None else ""
        story = bool(_STORY.fullmatch(track)) and not spelled_out
        labels += f"[{track}] " if story else ""
        title = _harmless(task.title) if spelled_out else task.title
        paths = " in " + ", ".join(f"`{path}`" for path in modified) if modified and in_line else ""
        time = f" ({_time(task.estimate)})" if task.estimate is not None and not spelled_out else ""
        waits = f" (depends on {', '.join(before)})" if before and inline else ""
        yield f"- [{_BOXES.get(progress.status, ' ')}] {name} {labels}{title}{paths}{time}{waits}".rstrip()
        if name != task.key:
            yield spelled(KEY, task.key)
        if spelled_out:
            yield spelled(TITLE, task.title)
            yield spelled_estimate(task)
            yield spelled(PHASE, self.phases[task.phase] if task.phase else NOTHING)
        if spelled_out or progress.status not in _BOXES:
            yield spelled("Status", progress.status.value)
        if not inline:
            yield from (spelled(DEPENDS, key) for key in before or (NOTHING,))
        if task.parent is not None and task.parent not in self.whole:
            yield spelled(PART_OF, self.plan.task_by_uid[task.parent].key)
        if spelled_out or (track and not story):
            yield spelled(TRACK, track or NOTHING)
        if not in_line:
            yield from spelled_claims(task)
        yield from spelled_details(self.plan, task, progress)

    def _statement(self, phase: Phase) -> Iterator[str]:
        """What a phase waits for, so that no reader has to guess."""
        name = f"Phase {self.numbers[phase.uid]}"
        whole = next((uid for uid, each in self.whole.items() if each == phase.uid), None)
        before = self.plan.predecessors_of(whole) if whole is not None else ()
        if before:
            yield f"- **{name}**: depends on {', '.join(each.key for each in before)}"
        else:
            yield f"- **{name}**: no dependencies"


def _free_beside_others(plan: Plan) -> set[str]:
    """The tasks that may run beside another one of their phase, and collide with none of those."""
    unordered, apart = Ownership(plan).unordered, find_conflicts(plan).apart
    inside: dict[str | None, int] = {}
    for place, task in enumerate(plan.leaves):
        inside[task.phase] = inside.get(task.phase, 0) | 1 << place
    return {
        task.uid
        for place, task in enumerate(plan.leaves)
        if (peers := unordered[place] & inside[task.phase]) and not peers & apart[place]
    }


def _time(minutes: int) -> str:
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    if not rest and hours:
        return "1 hour" if hours == 1 else f"{hours} hours"
    return f"{minutes} min"


def _harmless(title: str) -> str:
    """A title's words alone, which no reader can take for anything else."""
    return " ".join(re.findall(r"[^\W\d_]+", title))
