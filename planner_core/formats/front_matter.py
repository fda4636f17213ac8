"""Markdown with YAML front matter, read under the limits of our own YAML, and what stands below headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from planner_core.errors import InvalidPlan
from planner_core.formats.yaml_plan.tree import Entry, ListNode, MapNode, Place, Scalar, Tree, read_trees

_FENCE = re.compile(r" {0,3}(```|~~~)")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_FIELD = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")


@dataclass(frozen=True)
class Page:
    """A Markdown text: its front matter, and the text below, which starts in `line`.

    `problems` has what was wrong with the front matter, each with its line. A text without front matter has
    an empty one.
    """

    head: MapNode
    body: str
    line: int
    problems: tuple[tuple[str, int], ...] = ()
    has_head: bool = True


@dataclass
class Section:
    """What stands below a heading, up to the next one; `level` is 0 above the first heading.

    `line` is the heading's, or the first one's of the text. Nothing in a block of code is a heading.
    """

    level: int
    title: str
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text below the heading without empty lines around it."""
        return "\n".join(self.lines).strip("\n")

    @property
    def whole(self) -> str:
        """The heading, where there is one, and the text below."""
        heading = f"{'#' * self.level} {self.title}" if self.level else ""
        return "\n".join(part for part in (heading, self.text) if part.strip())


def read_page(text: str) -> Page:
    """A text as a page. Front matter that is no YAML is read line by line, and that is a problem of it."""
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    ends = (n for n in range(start + 1, len(lines)) if lines[n].rstrip() in ("---", "..."))
    end = next(ends, None)
    if lines[start].rstrip() != "---" or end is None:
        return Page(MapNode(Place(1, 1)), text, 1, has_head=False)
    body, line = "\n".join(lines[end + 1 :]), end + 2
    # The empty lines above keep the places in the tree those of the file.
    inside = "\n" * (start + 1) + "\n".join(lines[start + 1 : end])
    try:
        trees = read_trees(inside)
    except InvalidPlan as error:
        first = error.problems[0]
        message = f"The front matter was read line by line: {first.message}"
        head = _by_lines(lines, start + 1, end)
        return Page(head, body, line, ((message, first.line or start + 1),))
    tree, problems = trees[0]
    found = tuple((problem.message, problem.line or start + 1) for problem in problems)
    return Page(tree if isinstance(tree, MapNode) else MapNode(Place(start + 1, 1)), body, line, found)


def _by_lines(lines: list[str], start: int, end: int) -> MapNode:
    """Front matter of plain fields and lists; whatever else there is in it is not there."""
    head = MapNode(Place(start, 1))
    last: Entry | None = None
    for number in range(start, end):
        place = Place(number + 1, 1)
        if found := _FIELD.fullmatch(lines[number].rstrip()):
            last = Entry(place, _value((found[2] or "").strip(), place))
            head.entries.setdefault(found[1], last)
        elif last is not None and (item := _ITEM.fullmatch(lines[number].rstrip())):
            if not isinstance(last.value, ListNode):
                last.value = ListNode(last.value.place)
            last.value.items.append(Scalar(place, _unquoted(item[1])))
    return head


def _value(text: str, place: Place) -> Tree:
    if text.startswith("[") and text.endswith("]"):
        items = (item.strip() for item in text[1:-1].split(","))
        return ListNode(place, [Scalar(place, _unquoted(item)) for item in items if item])
    return Scalar(place, _unquoted(text) or None)


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def sections(body: str, line: int = 1) -> Iterator[Section]:
    """The parts of a text that starts in `line`: first what stands above all headings, then each of those."""
    section = Section(0, "", line)
    fence = ""
    for number, text in enumerate(body.split("\n"), line):
        if mark := _FENCE.match(text):
            fence = "" if fence == mark[1] else fence or mark[1]
        heading = None if fence else _HEADING.fullmatch(text.rstrip())
        if heading:
            yield section
            section = Section(len(heading[1]), heading[2].rstrip("#").strip(), number)
        else:
            section.lines.append(text)
    yield section
