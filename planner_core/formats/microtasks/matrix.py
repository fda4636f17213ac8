"""A dependency matrix: a table whose rows say what a task depends on and what it may run beside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_RULE = re.compile(r"[\s|:+-]*-[\s|:+-]*")
_NAME = re.compile(r"tasks?|name|item|micro-?tasks?|tâche|작업", re.I)
_WAITS = re.compile(r"depend|requires|after|prereq|dépend|의존", re.I)
_BESIDE = re.compile(r"parallel", re.I)
_NOTHING = frozenset(("", "none", "-", "–", "—", "n/a", "nothing", "aucune", "없음"))


@dataclass(frozen=True, slots=True)
class Row:
    """A task by its name, with the texts of what it waits for and of what it may run beside."""

    line: int
    name: str
    waits: str
    beside: str


def rows_of(lines: Sequence[tuple[int, str]]) -> list[Row]:
    """The rows of a table that starts with the first of these lines; none where it is no such table."""
    header = _cells(lines[0][1])
    places = {
        what: next((place for place, cell in enumerate(header) if pattern.search(cell)), None)
        for what, pattern in (("name", _NAME), ("waits", _WAITS), ("beside", _BESIDE))
    }
    if places["name"] != 0 or places["waits"] is None:
        return []
    found = []
    for number, text in lines[1:]:
        if "|" not in text:
            break
        if _RULE.fullmatch(text):
            continue
        cells = _cells(text)

        def cell(what: str, cells: list[str] = cells) -> str:
            place = places[what]
            said = cells[place] if place is not None and place < len(cells) else ""
            return "" if said.lower() in _NOTHING else said

        if name := cell("name"):
            found.append(Row(number, name, cell("waits"), cell("beside")))
    return found


def is_header(text: str) -> bool:
    """Whether a line is the header of such a table."""
    return "|" in text and bool(_WAITS.search(text)) and bool(_NAME.match(_cells(text)[0]))


def names_in(said: str, known: Sequence[str]) -> tuple[list[str], list[str]]:
    """The known names that a cell lists, and the texts in it that are none.

    “All API” and “API *” are all names that start with “API”; case does not matter.
    """
    by_lower = {name.lower(): name for name in known}
    found: dict[str, None] = {}
    unknown = []
    everything = False
    for part in re.split(r"[,;+&]|\band\b", said):
        text = re.sub(r"\([^()]*\)", "", part).strip().lower()
        if text in _NOTHING:
            continue
        everything = everything or text.startswith("all ")
        start = text.removeprefix("all ").strip(" *")
        if text in by_lower:
            found[by_lower[text]] = None
            continue
        matching = [name for name in known if name.lower().startswith(start)] if everything else []
        found.update(dict.fromkeys(matching))
        if not matching:
            unknown.append(part.strip())
    return list(found), unknown


def _cells(text: str) -> list[str]:
    return [cell.strip(" *`") for cell in text.strip().strip("|").split("|")]
