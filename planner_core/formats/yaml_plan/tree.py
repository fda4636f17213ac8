"""YAML read safely: a tree of texts with their places, built from parser events under strict limits.

Every scalar stays the text it is spelled with, so that a task key `1.10` remains one, and neither dates nor
numbers are ever constructed by the YAML library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from planner_core.errors import InvalidPlan, Problem

MAX_BYTES = 5_000_000
MAX_NODES = 300_000
MAX_DEPTH = 32

_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_OTHER_ENCODINGS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a text; both count from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Scalar:
    """A text as it is spelled, or None for an empty one, `~` or `null`."""

    place: Place
    text: str | None


@dataclass(slots=True)
class ListNode:
    """A sequence."""

    place: Place
    items: list[Tree] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A value under its key, and where the key stands."""

    place: Place
    value: Tree


@dataclass(slots=True)
class MapNode:
    """A mapping with text keys, in the order of the text."""

    place: Place
    entries: dict[str, Entry] = field(default_factory=dict)


Tree: TypeAlias = Scalar | ListNode | MapNode


def problem_at(place: Place, message: str, task: str | None = None, field: str | None = None) -> Problem:
    """A problem with a place in the text."""
    return Problem(message, line=place.line, column=place.column, task=task, field=field)


def read_trees(source: str | bytes) -> list[tuple[Tree, list[Problem]]]:
    """For each document of a YAML (or JSON) text its tree, and what is wrong but lets it be read on.

    Anchors, aliases, tags, doubled and unnamed keys are such problems; each is left out of the tree. A text
    without a document has one, which is empty; of several, empty ones are skipped.
    Raises InvalidPlan where the text cannot be read on: too large, not UTF-8, nested too deeply, or no YAML.
    """
    text = _decoded(source)
    builders: list[_Builder] = []
    nodes = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                builders.append(_Builder())
            if builders:
                builders[-1].take(event)
            nodes += isinstance(event, yaml.NodeEvent)
            if nodes > MAX_NODES:
                message = f"The file holds more than {MAX_NODES:,} values. Split the plan."
                raise InvalidPlan((problem_at(_place(event), message),))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        what = ", ".join(part for part in (error.context, error.problem) if part)
        before = [problem for builder in builders for problem in builder.problems]
        unreadable = problem_at(place, f"This is not readable as YAML: {what}.")
        raise InvalidPlan((*before, unreadable)) from error
    filled = [each for each in builders if not each.is_empty] or builders[:1] or [_Builder()]
    return [(each.root or Scalar(Place(1, 1), None), each.problems) for each in filled]


def _decoded(source: str | bytes) -> str:
    size = len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise InvalidPlan((Problem(f"The file is larger than {MAX_BYTES:,} bytes. Split the plan."),))
    text = (_from_utf8(source) if isinstance(source, bytes) else source).removeprefix("\ufeff")
    if found := _UNREADABLE.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise InvalidPlan(
            (problem_at(_end_of(text[: found.start()]), f"The character {code} is not allowed. Remove it."),)
        )
    return text


def _from_utf8(source: bytes) -> str:
    for mark, name in _OTHER_ENCODINGS.items():
        if source.startswith(mark):
            raise InvalidPlan((problem_at(Place(1, 1), f"The file is {name}. Save it as UTF-8."),))
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _end_of(source[: error.start].decode("utf-8"))
        raise InvalidPlan((problem_at(place, "The file is not UTF-8. Save it as UTF-8."),)) from error


def _end_of(text: str) -> Place:
    return Place(text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1)


class _Builder:
    """Takes parser events one by one and grows the tree."""

    def __init__(self) -> None:
        self.root: Tree | None = None
        self.problems: list[Problem] = []
        self._open: list[ListNode | MapNode] = []
        # For each open mapping: its waiting key, or None where a key comes next.
        self._keys: list[tuple[str | None, Place] | None] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in the document, not even something wrong."""
        return not self.problems and (
            self.root is None or (isinstance(self.root, Scalar) and self.root.text is None)
        )

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._check(event)
            self._add(event)

    def _check(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"Aliases (*{event.anchor}) are not allowed. Write the value out.")
        elif event.anchor is not None:
            self._refuse(event, f"Anchors (&{event.anchor}) are not allowed. Remove it.")
        if getattr(event, "tag", None) is not None:
            self._refuse(event, "Tags (starting with !) are not allowed. Remove it.")

    def _refuse(self, event: yaml.Event, message: str) -> None:
        self.problems.append(problem_at(_place(event), message))

    def _add(self, event: yaml.NodeEvent) -> None:
        place = _place(event)
        node: Tree
        if isinstance(event, yaml.SequenceStartEvent):
            node = ListNode(place)
        elif isinstance(event, yaml.MappingStartEvent):
            node = MapNode(place)
        elif isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.style == ""
            node = Scalar(place, None if plain and event.value in _NULLS else event.value)
        else:
            node = Scalar(place, None)
        self._attach(node)
        if not isinstance(node, Scalar):
            if len(self._open) == MAX_DEPTH:
                message = f"This is nested more than {MAX_DEPTH} levels deep."
                raise InvalidPlan((*self.problems, problem_at(place, message)))
            self._open.append(node)
            self._keys.append(None)

    def _attach(self, node: Tree) -> None:
        if not self._open:
            self.root = node
            return
        holder = self._open[-1]
        if isinstance(holder, ListNode):
            holder.items.append(node)
            return
        waiting = self._keys[-1]
        if waiting is None:
            self._keys[-1] = (self._key(node, holder), node.place)
            return
        self._keys[-1] = None
        key, place = waiting
        if key is not None:
            holder.entries[key] = Entry(place, node)

    def _key(self, node: Tree, holder: MapNode) -> str | None:
        if not isinstance(node, Scalar) or not node.text:
            self.problems.append(problem_at(node.place, "A name is expected here, before the colon."))
            return None
        if node.text in holder.entries:
            first = holder.entries[node.text].place.line
            message = f"“{node.text[:80]}” stands here twice, first in line {first}. Rename or remove one."
            self.problems.append(problem_at(node.place, message))
            return None
        return node.text


def _place(event: yaml.Event) -> Place:
    mark: Any = event.start_mark
    return Place(mark.line + 1, mark.column + 1)


def plain(tree: Tree) -> Any:
    """The tree as plain values: mappings without their empty entries, lists, texts, None."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, ListNode):
        return [plain(item) for item in tree.items]
    values = {key: plain(entry.value) for key, entry in tree.entries.items()}
    return {key: value for key, value in values.items() if value is not None}


def place_of(tree: Tree, path: tuple[str | int, ...], *, key: bool = False) -> Place:
    """Where the value at a path stands, or its key; as near as the tree goes.

    Steps that the tree does not know are skipped: a path from a validator names alternatives, too.
    """
    place = tree.place
    for step in path:
        if isinstance(tree, MapNode) and isinstance(step, str) and step in tree.entries:
            entry = tree.entries[step]
            tree, place = entry.value, entry.place if key else entry.value.place
        elif isinstance(tree, ListNode) and isinstance(step, int) and step < len(tree.items):
            tree = tree.items[step]
            place = tree.place
    return place
