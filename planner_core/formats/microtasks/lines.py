"""The lines of micro-task Markdown: tasks, marks of groups, features, dependencies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from planner_core.durations import BadDuration, parse_duration
from planner_core.formats.task_fields import TaskFields
from planner_core.vocabulary import Layer, Status

KEY = r"MT[ -]?\d{1,4}(?:\.\d{1,4}){0,3}[a-z]?"

_TREE = re.compile(r"[ \t│├└─┬|+`]*(?:[├└]──?|[|+`]--)?[ \t]*")
_BOX = re.compile(
    r"(?:[-*+][ \t]+|\d{1,4}[.)][ \t]+)?(?:\[(?P<mark>[ xX~!\-/?]?)\][ \t]*)?(?P<sign>[✓✔✅→▶○◯●][ \t]*)?"
)
_NAMED = re.compile(r"\*\*(?P<key>[^*\n]{1,80})\*\*:(?:[ \t]+(?P<title>.*))?")
_TASK = re.compile(rf"[*_`]{{0,3}}(?P<key>{KEY})[*_`]{{0,3}}[ \t]*[:：–—-][*_`]{{0,3}}[ \t]+(?P<title>.*)")
_TIME = re.compile(
    r"(?<![ \t])[ \t]*[(\[]~?(?:\d{1,4}/)?"
    r"(?P<time>\d{1,4}(?:\.\d{1,2})?[ ]?(?:minutes?|mins?|m|hours?|hrs?|h|days?|"
    r"d)(?:[ ]?\d{1,2}[ ]?m(?:in)?)?)[)\]]",
    re.I,
)
_LAYER = re.compile(r"(?<![ \t])[ \t]*\((\w+)[ ]layer\)", re.I)
_LAYERS = {"db": Layer.DATABASE, "tests": Layer.TEST, "frontend": Layer.UI, "backend": Layer.CORE}
_MODE = re.compile(
    r"(?P<then>then[ ]+)?(?P<mode>parallel|sequential)"
    r"(?P<rest>(?:[ ]+(?:batch|group|wave|step|phase)\b[^:]*)?(?:[ ]*\([^()]*\))?)[ ]*:?",
    re.I,
)
_MODE_IN_BRACKETS = re.compile(r"\([^()]*\b(parallel|sequential)\b[^()]*\)", re.I)
_PHASE = re.compile(r"(?:phase|étape)[ ]+\d{1,3}[ ]*(?:[:.–—-][ ]*(?P<name>.*))?", re.I)
MARKS = {"x": Status.COMPLETED, "X": Status.COMPLETED, "~": Status.IN_PROGRESS, "/": Status.IN_PROGRESS}
MARKS |= {"!": Status.BLOCKED, "?": Status.REVIEW, "-": Status.DEFERRED}
_SIGNS = {"✓": Status.COMPLETED, "✔": Status.COMPLETED, "✅": Status.COMPLETED, "→": Status.IN_PROGRESS}
_SIGNS |= {"▶": Status.IN_PROGRESS, "○": Status.PENDING, "◯": Status.PENDING, "●": Status.IN_PROGRESS}


_LONGEST_MARK = 400


class Mode(Enum):
    """How the tasks of a group run."""

    PARALLEL = "parallel"
    SEQUENTIAL = "sequential"


@dataclass
class MicroTask:
    """A task as its line and the ones below it say; `waits` and `beside` are texts that name others."""

    key: str
    line: int
    title: str
    depth: int
    estimate: int | None = None
    layer: Layer | None = None
    status: Status | None = None
    signed: bool = False
    waits: list[tuple[int, str]] = field(default_factory=list)
    beside: list[tuple[int, str]] = field(default_factory=list)
    fields: TaskFields = field(default_factory=TaskFields)
    phase: str | None = None
    feature: str | None = None


def depth_of(text: str) -> int:
    """The column in which the text of a line starts, behind the lines of a tree."""
    found = _TREE.match(text)
    return found.end() if found else 0


def content_of(text: str) -> str:
    """A line without the lines of a tree."""
    return text[depth_of(text) :].strip()


def task_in(text: str, line: int) -> MicroTask | None:
    """The task that a line is, None for any other line."""
    depth = depth_of(text)
    rest = text[depth:]
    box = _BOX.match(rest)
    assert box is not None
    found = _TASK.match(rest, box.end())
    if found is None and box["mark"] is not None:
        found = _NAMED.match(rest, box.end())
    if found is None:
        return None
    task = MicroTask(found["key"].strip(), line, (found["title"] or "").strip(), depth)
    if box["mark"]:
        task.status = MARKS.get(box["mark"])
    if box["sign"]:
        task.status, task.signed = _SIGNS.get(box["sign"].strip()), True
    if layer := _LAYER.search(task.title):
        name = layer[1].lower()
        task.layer = _LAYERS.get(name) or next((each for each in Layer if each.value == name), None)
        if task.layer is not None:
            task.title = (task.title[: layer.start()] + task.title[layer.end() :]).strip()
    if time := _TIME.search(task.title):
        try:
            task.estimate = parse_duration(time["time"])
        except BadDuration:
            return task
        task.title = (task.title[: time.start()] + task.title[time.end() :]).strip()
    return task


def mode_of(text: str) -> tuple[Mode, bool] | None:
    """How a group runs, and whether it says that it comes after the one before, where a line opens one."""
    found = _MODE.fullmatch(text.strip("*_ ")) if len(text) <= _LONGEST_MARK else None
    if found is None:
        return None
    after = found["then"] is not None or bool(re.search(r"\bafter\b", found["rest"] or "", re.I))
    return Mode(found["mode"].lower()), after


def mode_in_brackets(text: str) -> Mode | None:
    """How a phase runs, where its heading says so: `(Parallel - 20 min)`."""
    found = _MODE_IN_BRACKETS.search(text)
    return Mode(found[1].lower()) if found else None


def phase_in(heading: str) -> str | None:
    """The name of the phase that a heading opens."""
    found = _PHASE.fullmatch(heading.strip())
    if found is None:
        return None
    return _MODE_IN_BRACKETS.sub("", found["name"] or "").strip() or heading.strip()
