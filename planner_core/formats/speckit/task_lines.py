"""One task of a `tasks.md`: its id, its labels, its status, its time, and what is left as its title."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from planner_core.durations import BadDuration, parse_duration
from planner_core.formats.speckit.outline import plain
from planner_core.formats.task_fields import TaskFields
from planner_core.vocabulary import Status

ID = (
    r"(?:T-?\d{2,5}(?:\.\d{1,3}){0,2}[A-Za-z]?(?:-\d{1,3})?|"
    r"[A-Z]{2,8}-?\d{2,5}[a-z]?|\d{1,3}(?:\.\d{1,3}){1,3}[a-z]?)"
)

_CHECKBOX = re.compile(
    r"(?P<indent>[ \t]*)(?:[-*+•]|\d{1,4}[.)])[ \t]+\[(?P<mark>[^\]\n]{0,3})\][ \t]*(?P<rest>.*)"
)
_BULLET = re.compile(r"(?P<indent>[ \t]*)(?:(?:[-*+•]|\d{1,4}[.)])[ \t]+)?(?P<rest>.*)")
_MARK = re.compile(r"[ xX\-~/!>?✓✔✅☑❌✗*o_.]?")
_OPENING = re.compile(
    r"(?P<strike>~~)?[*_`]{0,3}(?P<more>~~)?\[?(?P<id>"
    + ID
    + r")(?![\w.]*\w)\]?[*_`]{0,3}(?P<end>~~)?[*_`]{0,3}"
    r"(?!\s*(?:[-–—~]|to|through)\s*T-?\d)[ \t]*(?:[:.)–—|-](?=[ \t]|$|\*))?[*_`]{0,3}[ \t]*"
)
_LABEL = re.compile(r"\[([^\[\]\n]{1,120})\](?!\()[ \t]*")
_PARALLEL = re.compile(r"P(?:arallel)?[?*]?|∥|병렬|parallèle", re.I)
_STORY = re.compile(r"(?:US|Story|User Story|S)[ -]?(\d{1,3}[a-z]?)", re.I)
_EXECUTOR = re.compile(r"(?:executor|agent|assignee|owner|@)[: ]{1,3}(.{1,80})|@([\w./-]{1,60})", re.I)
_BLOCKED = re.compile(r"block(?:ed|er)\b.*", re.I)
_DEFERRED = re.compile(
    r"(?:deferred|skip(?:ped)?|postponed|later|on hold|보류|연기|reporté|différé)\b.*", re.I
)
_DONE = re.compile(r"(?:done|complete|completed|✅.*)", re.I)
_DURATION = (
    r"~?[ ]?(?P<low>\d{1,4}(?:\.\d{1,2})?)(?:[ ]?[-–—][ ]?(?P<high>\d{1,4}(?:\.\d{1,2})?))?"
    r"[ ]?(?P<unit>hours?|hrs?|h|minutes?|mins?|min|m|days?|d|heures?|jours?|시간|분|일)"
    r"(?:[ ]?(?P<more>\d{1,2})[ ]?(?:m|min|minutes?))?"
)
_TIME = re.compile(
    r"(?<![ \t])[ \t]*[(\[](?:est(?:imate|imated)?\.?|time|effort|duration|durée)?[ :]{0,3}"
    + _DURATION
    + r"[)\]]",
    re.I,
)
_UNITS = {"heure": "h", "heures": "h", "jour": "d", "jours": "d", "시간": "h", "분": "m", "일": "d"}
_DROPPED = re.compile(
    r"\b(?:removed|superseded|obsolete|cancell?ed|dropped|wontfix|won't do|descoped|n/a|merged into)\b|"
    r"삭제|취소",
    re.I,
)
_IN_PATH = re.compile(
    r"(?<![ \t])[ \t]+(?:in|into|to|at|for|→|dans)[ \t]+`[^`\n]{1,300}`(?:,[ \t]*`[^`\n]{1,300}`)*[ \t]*$"
)
LONGEST_TITLE = 200


@dataclass
class TaskLine:
    """What one line says of a task; `notes` are labels that a plan has no field for."""

    key: str
    line: int
    indent: int
    text: str
    title: str
    status: Status | None = None
    parallel: bool = False
    stories: list[str] = field(default_factory=list)
    agent: str | None = None
    estimate: int | None = None
    guesses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    below: list[tuple[int, str]] = field(default_factory=list)
    acceptance: list[str] = field(default_factory=list)
    fields: TaskFields = field(default_factory=TaskFields)
    ticked: int = 0

    @property
    def short_title(self) -> str:
        """The title as a line of a plan: without the files behind it, cut at a break where it is long."""
        title = plain(_IN_PATH.sub("", self.title)) or plain(self.title)
        if len(title) <= LONGEST_TITLE:
            return title
        cut = max(
            (title.rfind(mark, 40, LONGEST_TITLE) for mark in (". ", "; ", ": ", " — ", " - ", " (")),
            default=-1,
        )
        if cut < 0:
            cut = title.rfind(" ", 40, LONGEST_TITLE)
        return title[: cut if cut > 0 else LONGEST_TITLE].rstrip(" ,;:(-—")


def indent_of(text: str) -> int:
    """How far a line is indented, a tab being four spaces."""
    width = 0
    for char in text:
        if char not in " \t":
            break
        width += 4 if char == "\t" else 1
    return width


def checkbox(text: str) -> tuple[int, str, str] | None:
    """The indent, the mark and the rest of a line with a checkbox; None for any other line."""
    found = _CHECKBOX.match(text)
    if found is None or not _MARK.fullmatch(found["mark"].strip() or " "):
        return None
    return indent_of(found["indent"]), found["mark"].strip(), found["rest"]


def opening_id(rest: str) -> re.Match[str] | None:
    """The id that a text opens with, marked up or not."""
    return _OPENING.match(rest)


def bullet(text: str) -> tuple[int, str]:
    """The indent of a line and what is behind its bullet, if it has one."""
    found = _BULLET.match(text)
    assert found is not None
    return indent_of(found["indent"]), found["rest"]


def task_line(rest: str, *, line: int, indent: int, mark: str = "", key: str = "") -> TaskLine:
    """The task that stands behind a checkbox (with its mark) or a bullet; `key` where it has no id."""
    opening = None if key else opening_id(rest)
    struck = rest.lstrip().startswith("~~")
    if opening is not None:
        key = opening["id"]
        struck = struck or opening["more"] is not None
        rest = rest[opening.end() :]
    struck = struck or rest.lstrip("*_ ").startswith("~~")
    task = TaskLine(key, line, indent, rest, rest, _STATUS.get(mark))
    rest = _without_labels(task, rest)
    if struck or (rest.startswith("~~") and _DROPPED.search(rest)):
        task.status = Status.CANCELLED
        rest = rest.replace("~~", "")
    task.title = _without_time(task, rest).strip(" \t-–—:") or rest.strip()
    return task


_STATUS = {
    **dict.fromkeys(("x", "X", "✓", "✔", "✅", "☑"), Status.COMPLETED),
    **dict.fromkeys(("~", "/", ">", "o", "."), Status.IN_PROGRESS),
    **dict.fromkeys(("!", "?"), Status.BLOCKED),
    **dict.fromkeys(("❌", "✗"), Status.CANCELLED),
    **dict.fromkeys(("-", "_"), Status.DEFERRED),
}


def _without_labels(task: TaskLine, rest: str) -> str:
    """Takes the labels in front, and wherever they stand those that say something of the task."""
    rest = rest.lstrip("*_ \t")
    struck = "~~" if rest.startswith("~~") else ""
    rest = rest[len(struck) :]
    while (found := _LABEL.match(rest)) is not None and _take_label(task, found[1].strip("`* ")):
        rest = rest[found.end() :].lstrip("*_ \t")

    def taken(found: re.Match[str]) -> str:
        label = found[1].strip("`* ")
        is_label = (
            _STORY.fullmatch(label) or label == "P" or _BLOCKED.fullmatch(label) or _DEFERRED.fullmatch(label)
        )
        return " " if is_label and _take_label(task, label) else found[0]

    return struck + re.sub(r"(?<!\S)" + _LABEL.pattern, taken, rest).strip()


def _take_label(task: TaskLine, label: str) -> bool:
    """Whether the label was understood, and what it says put where it belongs."""
    open_still = task.status is None
    if _PARALLEL.fullmatch(label):
        task.parallel = True
    elif story := _STORY.fullmatch(label):
        task.stories.append(f"US{story[1]}")
    elif stories := re.fullmatch(r"(?:US ?\d{1,3}\s*[,+/&-]\s*)+(?:US ?)?\d{1,3}", label, re.I):
        task.stories += [f"US{number}" for number in re.findall(r"\d+", stories[0])]
    elif executor := _EXECUTOR.fullmatch(label):
        task.agent = (executor[1] or executor[2]).strip()
    elif _BLOCKED.fullmatch(label):
        task.status = Status.BLOCKED if open_still else task.status
        task.notes.append(f"[{label}]")
    elif _DEFERRED.fullmatch(label):
        task.status = Status.DEFERRED if open_still else task.status
        task.notes.append(f"[{label}]")
    elif _DONE.fullmatch(label):
        task.status = Status.COMPLETED if open_still else task.status
    elif re.fullmatch(r"SEQUENTIAL|(?:PARALLEL|GROUP|BATCH|WAVE)[\w -]{0,40}", label):
        task.notes.append(f"[{label}]")
    else:
        return False
    return True


def _without_time(task: TaskLine, rest: str) -> str:
    """Takes the time out of a text: `(2 hours)`, `[45m]`, `(1-2 h)`."""
    found = _TIME.search(rest)
    if found is None:
        return rest
    unit = _UNITS.get(found["unit"].lower(), found["unit"])
    try:
        task.estimate = parse_duration(f"{found['high'] or found['low']}{unit} {found['more'] or ''}".strip())
    except BadDuration:
        return rest
    if found["high"]:
        task.guesses.append(f"Of the time “{found[0].strip()}” the longer one was taken.")
    return rest[: found.start()] + rest[found.end() :]
