"""Gathers what a block of micro-task Markdown holds: its tasks and the groups they stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from planner_core.formats.microtasks.lines import (
    KEY,
    MicroTask,
    Mode,
    content_of,
    depth_of,
    mode_in_brackets,
    mode_of,
    phase_in,
    task_in,
)
from planner_core.formats.microtasks.matrix import Row, is_header, rows_of

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t#]*")
_WAITS = re.compile(
    r"[-*+ \t]*(?:dependenc(?:y|ies)|depends on|after|requires|blocked by)[ \t]*:[ \t]*(.*)", re.I
)
_BESIDE = re.compile(
    r"[-*+ \t]*(?:parallel with|can run (?:with|beside)|parallelize with)[ \t]*:[ \t]*(.*)", re.I
)
_TOTAL = re.compile(
    r"[*_]*(?:estimated|total time|sequential time|parallel time|savings|time savings)\b.*:.*", re.I
)
_FEATURE = re.compile(r"(?P<name>[^\s#>|].{0,100}?):")
_STATE = re.compile(r"(?:completed|done|in progress|queued|pending|blocked)\b.*:", re.I)


@dataclass
class Group:
    """Tasks that run side by side or one after another; `feature` names the part of the work they are."""

    mode: Mode | None
    line: int
    said_after: bool = False
    tasks: list[MicroTask] = field(default_factory=list)


@dataclass
class Block:
    """A part of a file that makes one plan; `name` is the heading above it."""

    name: str
    title: str = ""
    groups: list[Group] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    totals: list[tuple[int, str]] = field(default_factory=list)
    other: list[int] = field(default_factory=list)
    explicit: bool = False

    @property
    def tasks(self) -> list[MicroTask]:
        """The tasks in the order of the file."""
        return [task for group in self.groups for task in group.tasks]


def block_of(lines: Sequence[tuple[int, str]], name: str) -> Block:
    """What some lines, each with its number, hold."""
    walk = _Walk(Block(name))
    place = 0
    while place < len(lines):
        number, text = lines[place]
        if is_header(text) and (rows := rows_of(lines[place:])):
            walk.block.rows += rows
            walk.block.explicit = True
            place += 1
            while place < len(lines) and "|" in lines[place][1]:
                place += 1
            continue
        walk.line(number, text)
        place += 1
    walk.block.groups = [group for group in walk.block.groups if group.tasks]
    return walk.block


class _Walk:
    """Walks through the lines of a block."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.phase: tuple[int, str | None] = (9, None)
        self.task: MicroTask | None = None
        self.feature: tuple[int, str] | None = None
        self._open(None, 1)

    def _open(self, mode: Mode | None, line: int, *, after: bool = False) -> None:
        self.block.groups.append(Group(mode, line, after))
        self.task = self.feature = None

    def line(self, number: int, text: str) -> None:
        content = content_of(text)
        if not content or set(content) <= set("-=*_"):
            return
        if heading := _HEADING.fullmatch(text):
            self._heading(number, len(heading[1]), heading[2].strip("*_ "))
        elif found := task_in(text, number):
            self._task(found)
        elif self.task is not None and self._detail(number, text, content):
            return
        elif mode := mode_of(content):
            self._open(mode[0], number, after=mode[1])
        elif _TOTAL.fullmatch(content):
            self.block.totals.append((number, content))
        elif _STATE.fullmatch(content):
            return
        elif (feature := _FEATURE.fullmatch(content)) and depth_of(text) > 0:
            self.feature = (depth_of(text), feature["name"].strip("*_ "))
            self.task = None
        else:
            self.block.other.append(number)

    def _heading(self, number: int, level: int, title: str) -> None:
        mode = mode_of(title)
        if level == 1 and mode is None and not self.block.title:
            self.block.title = title
        if mode is not None:
            self._open(mode[0], number, after=mode[1])
        else:
            self._open(mode_in_brackets(title), number)
        phase = phase_in(title)
        if phase is not None:
            self.phase = (level, phase)
        elif level <= self.phase[0]:
            self.phase = (9, None)

    def _task(self, task: MicroTask) -> None:
        known = (
            next((each for each in self.block.tasks if each.key == task.key), None) if task.signed else None
        )
        if known is not None:
            # A list of what is done and what is not: it says how far a task is that stands above.
            known.status = task.status
            return
        if self.feature is not None and task.depth <= self.feature[0]:
            self.feature = None
        task.phase = self.phase[1]
        task.feature = self.feature[1] if self.feature else None
        self.block.groups[-1].tasks.append(task)
        self.task = task

    def _detail(self, number: int, text: str, content: str) -> bool:
        """Whether the line belongs to the task above."""
        assert self.task is not None
        if self.task.fields.take(text):
            self.block.explicit = self.block.explicit or "Depends on" in self.task.fields.values
        elif found := _WAITS.fullmatch(content):
            self.task.waits.append((number, found[1]))
            self.block.explicit = True
        elif found := _BESIDE.fullmatch(content):
            self.task.beside.append((number, found[1]))
        else:
            return False
        return True


def keys_in(said: str) -> list[str]:
    """The ids in a list of them, with or without the letters in front; what is in brackets is left out."""
    said = re.sub(r"\([^()]*\)", "", said)
    return re.findall(
        rf"(?<![\w.]){KEY}(?![\w.])|(?<![\w.])\d{{1,4}}(?:\.\d{{1,4}}){{0,3}}[a-z]?(?![\w.])", said
    )
