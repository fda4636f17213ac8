"""The outline of a `tasks.md`: its headings, its sections, and each line with what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})(.*)")
_NUMBER = r"(\d{1,3}(?:\.\d{1,3})?[A-Za-z]?)(?!\w)"
_PHASE = re.compile(
    r"(?:phase|étape|etape|fase|фаза|этап|페이즈|단계|フェーズ|阶段)[ \t]*[:#№-]?[ \t]*" + _NUMBER, re.I
)
_COUNTED_PHASE = re.compile(r"(?:第[ \t]*)?(\d{1,3})[ \t]*(?:단계|阶段|フェーズ)")
_MARKS = re.compile(r"[*_~]{2}|[*_]{3}|`")
_PRIORITY = re.compile(r"\((?:priorit\w{1,3}|우선순위|приоритет)?[ \t:]{0,3}P([1-5])\b", re.I)
_COUNT_OF_TASKS = re.compile(r"(?<![ \t])[ \t]+[-–—][ \t]+\d{1,4}[ \t]+tasks?$", re.I)


class Kind(Enum):
    """What a line is."""

    TEXT = "text"
    HEADING = "heading"
    FENCED = "fenced"
    COMMENT = "comment"
    FRONT = "front matter"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number, counted from 1."""

    number: int
    text: str
    kind: Kind


@dataclass(eq=False)
class Section:
    """A heading and the lines below it, up to the next heading; `above` is the section it lies in.

    `phase` is the number in the heading of a phase, as it is written there, else None. `keys` are the tasks
    that it holds, with those of the sections in it, in the order of the file.
    """

    title: str
    level: int
    line: int
    above: Section | None = None
    phase: str | None = None
    lines: list[Line] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def chain(self) -> Iterator[Section]:
        """The section and those it lies in, the innermost first."""
        section: Section | None = self
        while section is not None:
            yield section
            section = section.above

    @property
    def priority(self) -> int | None:
        """The priority that the heading states, from 1 to 5."""
        found = _PRIORITY.search(self.title)
        return int(found[1]) if found else None


def lines_of(text: str) -> list[Line]:
    """The lines, each with what it is. A fence or a comment that is never closed is text."""
    rows = text.split("\n")
    kinds = [Kind.TEXT] * len(rows)
    start = 0
    if rows and rows[0].strip() == "---" and (end := _find(rows, 1, "---")) is not None:
        kinds[: end + 1] = [Kind.FRONT] * (end + 1)
        start = end + 1
    closings = _closing_fences(rows)
    whole = _whole_document_fence(rows, closings)
    row = start
    while row < len(rows):
        if row in whole:
            kinds[row] = Kind.COMMENT
        elif row in closings:
            kinds[row : closings[row] + 1] = [Kind.FENCED] * (closings[row] + 1 - row)
            row = closings[row]
        elif rows[row].lstrip().startswith("<!--") and (end := _find(rows, row, "-->")) is not None:
            if rows[row].rstrip().endswith("-->") or end > row:
                kinds[row : end + 1] = [Kind.COMMENT] * (end + 1 - row)
                row = end
        elif _HEADING.match(rows[row]):
            kinds[row] = Kind.HEADING
        row += 1
    return [Line(row + 1, text, kind) for row, (text, kind) in enumerate(zip(rows, kinds, strict=True))]


def _find(rows: list[str], start: int, what: str) -> int | None:
    """The next row that is (or for a comment holds) the mark."""
    for row in range(start, len(rows)):
        if rows[row].strip() == what or (what == "-->" and what in rows[row]):
            return row
    return None


def _closing_fences(rows: list[str]) -> dict[int, int]:
    """For each row that opens a fence the row that closes it."""
    found: dict[int, int] = {}
    opened: tuple[int, str] | None = None
    for row, text in enumerate(rows):
        match = _FENCE.match(text)
        if match is None:
            continue
        if opened is None:
            opened = (row, match[1])
        elif match[1].startswith(opened[1]) and not match[2].strip():
            found[opened[0]] = row
            opened = None
    return found


def _whole_document_fence(rows: list[str], closings: dict[int, int]) -> set[int]:
    """The rows of a fence around the whole document, which hides nothing."""
    filled = [row for row, text in enumerate(rows) if text.strip()]
    if filled and closings.get(filled[0]) == filled[-1]:
        return {filled[0], filled[-1]}
    return set()


def sections_of(lines: list[Line]) -> list[Section]:
    """The sections in the order of the file; what stands before the first heading is one without a title."""
    current = Section("", 0, 1)
    found = [current]
    for line in lines:
        match = _HEADING.match(line.text) if line.kind is Kind.HEADING else None
        if match is None:
            current.lines.append(line)
            continue
        level, title = len(match[1]), plain(match[2]).rstrip("# \t")
        above: Section | None = current
        while above is not None and above.level >= level:
            above = above.above
        current = Section(title, level, line.number, above, phase_number(title))
        found.append(current)
    return found


def phase_number(title: str) -> str | None:
    """The number of the phase that a heading opens, as it is written; None for any other heading."""
    start = title.lstrip("✅🎯🚀⚠️🔴🟢🟡📋🧱⭐ \t")
    found = _PHASE.match(start) or _COUNTED_PHASE.match(start)
    return found[1] if found else None


def phase_name(title: str) -> str:
    """What a phase is called, without the word phase, its number and a count of its tasks."""
    start = title.lstrip("✅🎯🚀⚠️🔴🟢🟡📋🧱⭐ \t")
    found = _PHASE.match(start) or _COUNTED_PHASE.match(start)
    name = start[found.end() :].lstrip(" \t:.–—-") if found else title
    return _COUNT_OF_TASKS.sub("", name).strip() or title.strip()


def plain(text: str) -> str:
    """A text without the marks of emphasis and code."""
    return _MARKS.sub("", text).strip()
