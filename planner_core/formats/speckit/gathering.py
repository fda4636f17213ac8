"""Gathers the tasks of a `tasks.md` with the section each stands in, and the lines that are no tasks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from planner_core.formats.speckit.outline import Kind, Line, Section, lines_of, phase_number, sections_of
from planner_core.formats.speckit.task_lines import (
    TaskLine,
    bullet,
    checkbox,
    opening_id,
    task_line,
)

_TASK_ID = re.compile(r"T-?\d{2,5}")
_OTHER_ID = re.compile(r"[*~`_]{0,4}[A-Z]{1,4}-?\d{2,4}\b")
_CHECKLIST = re.compile(
    r"checklist|validation|criteria|definition of done|sign-?off|acceptance|review|gate|success|milestone|"
    r"vérification|검증|체크리스트|완료 조건",
    re.I,
)
_STATEMENTS = re.compile(
    r"depend|dépend|execution order|ordre d|parallel|parallèle|critical path|strategy|stratégie|notes?\b|"
    r"summary|"
    r"résumé|format|convention|의존|순서|병렬|전략|요약|milestone|legend",
    re.I,
)
_STRUCK = re.compile(r"[*_]{0,2}~~")


@dataclass
class Gathered:
    """The tasks of a file, each with its section; sections; prose lines; and what was left out, by line."""

    sections: list[Section]
    tasks: list[TaskLine] = field(default_factory=list)
    homes: list[Section] = field(default_factory=list)
    prose: list[tuple[Section, list[Line]]] = field(default_factory=list)
    guessed: list[tuple[int, str]] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)


def gather(text: str) -> Gathered:
    """The tasks of a file in its order.

    A task is a checkbox behind whose mark an id stands; without an id, one that stands in a phase and in no
    checklist. A checkbox indented below a task is one of its criteria of acceptance, any other indented line
    is part of its description. In files without a checkbox, headings and bullets that open with `T001` are
    the tasks; a bullet that strikes such an id out is one in any file. Nothing between fences, or in
    comments, is a task.
    """
    lines = lines_of(text)
    sections = sections_of(lines)
    found = Gathered(sections)
    ids = _checkbox_ids(lines)
    for section in sections:
        _Walk(found, section, ids).run()
    _number_nameless(found, ids)
    for task, home in zip(found.tasks, found.homes, strict=True):
        for each in home.chain:
            each.keys.append(task.key)
    for line in lines:
        if line.kind in (Kind.COMMENT, Kind.FENCED) and (box := checkbox(line.text)) and opening_id(box[2]):
            where = "a comment" if line.kind is Kind.COMMENT else "a block of code"
            found.lost.append((line.number, f"What looks like a task in {where} is left out."))
    return found


def _checkbox_ids(lines: list[Line]) -> set[str]:
    found = set()
    for line in lines:
        if line.kind is Kind.TEXT and (box := checkbox(line.text)) and (opening := opening_id(box[2])):
            found.add(opening["id"])
    return found


def _number_nameless(found: Gathered, ids: set[str]) -> None:
    """Gives the tasks without an id one that is free."""
    numbers = [int(digits[1]) for key in ids if (digits := re.fullmatch(r"T-?(\d{1,5})\w?", key))]
    number = max(numbers, default=0)
    for task in found.tasks:
        if not task.key:
            number += 1
            task.key = f"T{number:03d}"
            found.guessed.append((task.line, f"A task without an id is called {task.key}."))


class _Walk:
    """Walks through the lines of one section."""

    def __init__(self, found: Gathered, section: Section, ids: set[str]) -> None:
        self.found = found
        self.section = section
        self.ids = ids
        self.task: TaskLine | None = None
        self.prose: list[Line] = []
        titles = [each.title for each in section.chain]
        self.in_phase = any(each.phase is not None for each in section.chain)
        self.in_checklist = any(_CHECKLIST.search(title) for title in titles if phase_number(title) is None)
        self.of_statements = any(_STATEMENTS.search(title) for title in titles if phase_number(title) is None)

    def run(self) -> None:
        if not self.ids and not self.of_statements and (opening := opening_id(self.section.title)):
            if _TASK_ID.match(opening["id"]):
                self._add(task_line(self.section.title, line=self.section.line, indent=-1))
                self.found.guessed.append((self.section.line, "A heading with an id was taken for a task."))
        elif self.in_phase and _OTHER_ID.match(self.section.title) and not phase_number(self.section.title):
            self.found.lost.append(
                (self.section.line, "A heading with an id, but without a checkbox, is no task.")
            )
        for line in self.section.lines:
            if line.kind is not Kind.TEXT:
                if line.kind is Kind.FENCED:
                    self.prose.append(line)
                continue
            if not self._line(line):
                self.prose.append(line)
        self.found.prose.append((self.section, self.prose))

    def _add(self, task: TaskLine) -> None:
        self.task = task
        self.found.tasks.append(task)
        self.found.homes.append(self.section)

    def _line(self, line: Line) -> bool:
        """Whether the line is (part of) a task."""
        box = checkbox(line.text)
        if box is not None:
            return self._checkbox(line, *box)
        if not line.text.strip():
            return False
        indent, rest = bullet(line.text)
        opening = opening_id(rest)
        is_bullet = rest != line.text.strip()
        if opening and self._is_bare_task(opening["id"], rest, is_bullet=is_bullet, indent=indent):
            self._add(task_line(rest, line=line.number, indent=indent))
            self.found.guessed.append(
                (line.number, f"{opening['id']} has no checkbox and was taken for a task.")
            )
            return True
        if self.task is not None and (indent > self.task.indent or self.task.indent < 0):
            if self.task.fields.take(line.text):
                return True
            self.task.below.append((line.number, line.text.strip()))
            return True
        if is_bullet or indent == 0:
            self.task = None
        return False

    def _is_bare_task(self, key: str, rest: str, *, is_bullet: bool, indent: int) -> bool:
        if key in self.ids or not _TASK_ID.match(key) or self.of_statements or self.in_checklist:
            return False
        if self.task is not None and indent > max(self.task.indent, 0):
            return False
        return self.in_phase and bool(_STRUCK.match(rest)) if self.ids else is_bullet or self.in_phase

    def _checkbox(self, line: Line, indent: int, mark: str, rest: str) -> bool:
        opening = opening_id(rest)
        if opening is not None:
            self._add(task_line(rest, line=line.number, indent=indent, mark=mark))
            return True
        if self.task is not None and (indent > self.task.indent or self.task.indent < 0):
            self.task.acceptance.append(rest)
            self.task.ticked += mark in ("x", "X")
            return True
        if not rest.strip() or self.in_checklist or self.of_statements or not (self.in_phase or not self.ids):
            if rest.strip():
                self.found.lost.append((line.number, "An item of a checklist is no task and left out."))
            return True
        nameless = task_line(rest, line=line.number, indent=indent, mark=mark, key="?")
        nameless.key = ""
        self._add(nameless)
        return True
