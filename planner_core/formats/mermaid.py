"""A plan as a Mermaid flowchart: tasks in their phases or summary tasks, dependencies, and what collides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from planner_core.conflicts import Conflict, find_conflicts
from planner_core.durations import format_duration
from planner_core.formats.document import Document, Note, Written
from planner_core.formats.registry import Format
from planner_core.formats.unheld import unheld
from planner_core.items import Task, TaskProgress
from planner_core.vocabulary import Status

# Mermaid draws no more lines than this, nor longer texts, unless a page is set up to.
MAX_LINES = 500
MAX_CHARACTERS = 50_000

_HELD = frozenset({"plan_title", "default_estimate", "estimate", "phase", "parent"})
_CLASSES = {
    Status.COMPLETED: "done",
    Status.CANCELLED: "done",
    Status.IN_PROGRESS: "active",
    Status.REVIEW: "active",
    Status.BLOCKED: "stuck",
    Status.FAILED: "stuck",
}
_STYLES = (
    "classDef done fill:#d7f0dd,stroke:#2e7d4f,color:#14351f",
    "classDef active fill:#dbe9ff,stroke:#2f5fb3,color:#12274d",
    "classDef stuck fill:#fde0dc,stroke:#b3372f,color:#4d1612",
)
_KEPT = frozenset(" ,/()")
_INSIDE_WORDS = frozenset(".-")


def escaped(text: str) -> str:
    """A text in which Mermaid finds neither syntax nor Markdown: what may be either is a number in `#…;`."""
    return "".join(
        letter if _may_stand(text, place) else f"#{ord(letter)};" for place, letter in enumerate(text)
    )


def _may_stand(text: str, place: int) -> bool:
    letter = text[place]
    if letter == ")":
        return not text[:place].isdigit()
    if letter in _INSIDE_WORDS:
        return text[place - 1 : place].isalnum() and text[place + 1 : place + 2].isalnum()
    return letter.isalnum() or letter in _KEPT


def write_flowchart(document: Document) -> Written:
    """The plan as a flowchart. Conflicts are dotted lines, as many as Mermaid draws in all."""
    drawing = _Drawing(document)
    text = "\n".join(drawing.lines()) + "\n"
    lost = [*unheld(document, _HELD), *drawing.lost]
    if len(text) > MAX_CHARACTERS:
        lost.append(Note(f"Mermaid draws texts of up to {MAX_CHARACTERS:,} characters unless it is told to."))
    return Written(text, tuple(lost))


class _Drawing:
    """One plan on its way into a flowchart; boxes are named by number, never by what people typed."""

    def __init__(self, document: Document) -> None:
        self.plan = document.plan
        self.progress = document.progress
        self.box = {task.uid: f"t{number}" for number, task in enumerate(self.plan.tasks, 1)}
        self.lost: list[Note] = []

    def lines(self) -> Iterator[str]:
        plan = self.plan
        yield "---"
        yield f"title: {json.dumps(plan.title, ensure_ascii=False)}"
        yield "---"
        yield "flowchart LR"
        top = [task for task in plan.tasks if task.parent is None]
        for number, phase in enumerate(plan.phases, 1):
            inside = [task for task in top if task.phase == phase.uid]
            if inside:
                yield f'  subgraph p{number}["{escaped(phase.name)}"]'
                yield from self._boxes(inside, "    ")
                yield "  end"
        yield from self._boxes([task for task in top if task.phase is None], "  ")
        self._note_inner_phases()
        links = [
            f"  {self.box[link.predecessor]} --> {self.box[link.successor]}" for link in plan.dependencies
        ]
        yield from links
        if len(links) > MAX_LINES:
            self.lost.append(Note(f"Mermaid draws up to {MAX_LINES} lines unless it is told to draw more."))
        yield from self._conflicts(max(0, MAX_LINES - len(links)))
        yield from self._classes()

    def _boxes(self, tasks: Sequence[Task], indent: str) -> Iterator[str]:
        open_boxes: list[tuple[str, Iterator[Task]]] = [(indent, iter(tasks))]
        while open_boxes:
            indent, rest = open_boxes[-1]
            task = next(rest, None)
            if task is None:
                open_boxes.pop()
                if open_boxes:
                    yield f"{open_boxes[-1][0]}end"
            elif task.uid in self.plan.children:
                yield f'{indent}subgraph {self.box[task.uid]}["{escaped(_label(task))}"]'
                open_boxes.append((indent + "  ", iter(self.plan.children[task.uid])))
            else:
                duration = format_duration(self.plan.duration_of(task))
                assumed = " assumed" if task.estimate is None else ""
                yield f'{indent}{self.box[task.uid]}["{escaped(_label(task))}<br>{duration}{assumed}"]'

    def _note_inner_phases(self) -> None:
        names = {phase.uid: phase.name for phase in self.plan.phases}
        for task in self.plan.tasks:
            if task.parent is not None and task.phase is not None:
                message = f"Its phase {names[task.phase]} is left out: it is drawn in its summary task."
                self.lost.append(Note(message, task=task.key))

    def _conflicts(self, room: int) -> Iterator[str]:
        findings = find_conflicts(self.plan)
        pairs: dict[tuple[str, str], list[Conflict]] = {}
        for conflict in findings.conflicts:
            pairs.setdefault((conflict.first, conflict.second), []).append(conflict)
        for (first, second), found in islice(pairs.items(), room):
            reasons = ", ".join(conflict.kind.value.replace("_", " ") for conflict in found)
            yield f'  {self.box[first]} -. "{reasons}" .- {self.box[second]}'
        if len(pairs) > room or findings.unlisted:
            more = len(findings.exclusion_places) - min(room, len(pairs))
            message = f"{more} more pairs that collide are not drawn: Mermaid draws {MAX_LINES} lines."
            self.lost.append(Note(message))

    def _classes(self) -> Iterator[str]:
        marked: dict[str, list[str]] = {}
        for task in self.plan.leaves:
            status = self.progress.get(task.uid, TaskProgress()).status
            if status in _CLASSES:
                marked.setdefault(_CLASSES[status], []).append(self.box[task.uid])
        for style in _STYLES:
            name = style.split()[1]
            if name in marked:
                yield f"  {style}"
                yield f"  class {','.join(marked[name])} {name}"


def _label(task: Task) -> str:
    return f"{task.key}: {task.title}" if task.title else task.key


FORMAT = Format(
    name="mermaid",
    title="Mermaid flowchart",
    extensions=(".mmd", ".mermaid"),
    fits=lambda source: False,
    write=write_flowchart,
)
