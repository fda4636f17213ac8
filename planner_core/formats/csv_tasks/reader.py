"""Reads a table of tasks: any delimiter, any order of columns, names as people give them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from planner_core.durations import BadDuration, parse_duration
from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.csv_tasks.columns import (
    COLUMNS,
    priority_of,
    recognized,
    split_list,
    status_of,
    truth_of,
    unguarded,
)
from planner_core.formats.document import Document, NewUid
from planner_core.formats.draft import Draft
from planner_core.formats.mending import shown
from planner_core.formats.source import Source
from planner_core.items import DEFAULT_PRIORITY
from planner_core.vocabulary import Layer, Status

_DELIMITERS = ",;\t|"
_LONGEST_CELL = 1_000_000
_OF_PATHS = ",;\n"
_OF_SENTENCES = ";\n"


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it, each with the line it starts in."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    line: int = 1


def table(text: str) -> Table:
    """The rows of a CSV text, whose delimiter is the one that makes the most known columns.

    Empty rows are left out. Raises InvalidPlan where the text breaks off inside quotes.
    """
    first, rest = text.split("\n", 1) if "\n" in text else (text, "")
    start = 1
    delimiter = None
    if first.lower().startswith("sep=") and len(first) == 5:
        delimiter, text, start = first[4], rest, 2
    if delimiter is None or delimiter in '"\n\r':
        head = text.lstrip("\n").split("\n", 1)[0]
        delimiter = max(_DELIMITERS, key=lambda each: len(recognized(head.replace('"', "").split(each))))
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    line = start
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, [unguarded(cell) for cell in row]))
            line = start + reader.line_num
    except csv.Error as error:
        raise InvalidPlan((Problem(f"This is not readable as CSV: {error}.", line=line),)) from error
    if not rows:
        return Table([], [])
    (line, header), *others = rows
    return Table(header, others, line)


def read(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The plan in a table of tasks; it is named after the file. Raises InvalidPlan, and nothing else."""
    found = table(source.text())
    places = recognized(found.header)
    if not {"key", "title"} & places.keys():
        expected = ", ".join(COLUMNS)
        message = f"The first row names no column with keys or titles of tasks. Known are: {expected}."
        raise InvalidPlan((Problem(message, line=found.line),))
    title = PurePath(source.name).stem.replace("_", " ")
    draft = Draft("csv", title=title, new_uid=new_uid, name=title)
    for place, heading in enumerate(found.header):
        filled = sum(place < len(cells) and bool(cells[place].strip()) for _, cells in found.rows)
        if filled and place not in places.values():
            message = f"The column “{shown(heading)}” is not known: its {filled} cells are left out."
            draft.lost(message, line=found.line)
    if "key" not in places:
        draft.guessed("There is no column of keys: the tasks are numbered.", line=found.line)
    rows = [_Row(draft, places, line, cells, len(found.header)) for line, cells in found.rows]
    for number, row in enumerate(rows, 1):
        row.add(f"T{number:03}" if "key" not in places else "")
    known = {row.given_key for row in rows}
    for row in rows:
        row.link(known)
    return [draft.finish()]


class _Row:
    """One task of the table on its way into the draft."""

    def __init__(
        self, draft: Draft, places: Mapping[str, int], line: int, cells: Sequence[str], width: int
    ) -> None:
        self._draft, self._line = draft, line
        self._cells = {name: cells[place] for name, place in places.items() if place < len(cells)}
        self._surplus = [cell for cell in cells[width:] if cell.strip()]
        self.given_key = self._cells.get("key", "").strip()
        self._key = ""

    def add(self, made_key: str) -> None:
        """Adds the task; where the table has no keys, under the given one."""
        cells, draft, line = self._cells, self._draft, self._line
        self._key = self.given_key or made_key
        moments = {name: self._moment(name) for name in ("started", "finished")}
        self._key = draft.task(
            self._key,
            line=line,
            title=cells.get("title", ""),
            description=cells.get("description", ""),
            acceptance=split_list(cells.get("acceptance", ""), _OF_SENTENCES),
            estimate=self._estimate(),
            priority=self._priority(),
            layer=self._layer(),
            bounded_context=cells.get("bounded_context", ""),
            track=cells.get("track"),
            phase=cells.get("phase"),
            parent=cells.get("parent", "").strip() or None,
            agent=cells.get("agent"),
            skills=split_list(cells.get("skills", ""), _OF_PATHS),
            parallel_safe=self._parallel_safe(),
            decides=split_list(cells.get("decides", ""), _OF_SENTENCES),
            modifies=split_list(cells.get("modifies", ""), _OF_PATHS),
            creates=split_list(cells.get("creates", ""), _OF_PATHS),
            reads=split_list(cells.get("reads", ""), _OF_PATHS),
            status=self._status(),
            started=moments["started"],
            finished=moments["finished"],
        )
        for cell in self._surplus:
            draft.lost(f"“{shown(cell)}” stands behind the last column.", line=line, task=self._key)

    def link(self, known: set[str]) -> None:
        """Adds what the task waits for, and what waits for it; keys apart by spaces only are told apart."""
        for name in ("depends_on", "blocks"):
            for entry in split_list(self._cells.get(name, ""), _OF_PATHS):
                words = entry.split()
                apart = entry not in known and len(words) > 1 and known.issuperset(words)
                for key in words if apart else [entry]:
                    ends = (self._key, key) if name == "depends_on" else (key, self._key)
                    self._draft.depends(*ends, line=self._line)

    def _not_understood(self, name: str, cell: str) -> None:
        message = f"Its {name.replace('_', ' ')} “{shown(cell)}” is not understood: it is left out."
        self._draft.lost(message, line=self._line, task=self._key)

    def _estimate(self) -> int | None:
        for name, unit in (("estimate", ""), ("hours", "h"), ("days", "d")):
            cell = self._cells.get(name, "").strip()
            if not cell:
                continue
            try:
                return parse_duration(cell + unit if cell[-1].isdigit() else cell)
            except BadDuration:
                self._not_understood("estimate", cell)
        return None

    def _priority(self) -> int:
        cell = self._cells.get("priority", "")
        found = priority_of(cell)
        if found is None and cell.strip():
            self._not_understood("priority", cell)
        return DEFAULT_PRIORITY if found is None else found

    def _layer(self) -> Layer | None:
        cell = self._cells.get("layer", "").strip()
        if cell.lower() in list(Layer):
            return Layer(cell.lower())
        if cell:
            self._not_understood("layer", cell)
        return None

    def _parallel_safe(self) -> bool | None:
        cell = self._cells.get("parallel_safe", "")
        found = truth_of(cell)
        if found is None and cell.strip():
            self._not_understood("parallel_safe", cell)
        return found

    def _status(self) -> Status | None:
        cell = self._cells.get("status", "")
        found = status_of(cell)
        if found is None and cell.strip():
            self._not_understood("status", cell)
        return found

    def _moment(self, name: str) -> datetime | None:
        cell = self._cells.get(name, "").strip()
        if not cell:
            return None
        try:
            return datetime.fromisoformat(cell)
        except ValueError:
            self._not_understood(name, cell)
            return None
