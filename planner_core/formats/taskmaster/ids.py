"""Which task an id means: ids of subtasks are local to their task, and dependencies name them either way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

NUMBER = re.compile(r"[0-9]+")
_DOTTED = re.compile(r"[0-9]+(?:\.[0-9]+)+")
_DRESSED = re.compile(r"(?:sub)?(?:task|t)?[-_ #]*+0*+([0-9]++(?:\.[0-9]++)*+)")


@dataclass(eq=False, slots=True)
class Entry:
    """A task or subtask by the id that its list gives it, and by the key it has in the plan.

    `said` are its dependencies as they are spelled, with how often; `place` its position among its siblings.
    """

    local: str
    parent: Entry | None = None
    place: int = 0
    said: Counter[str] = field(default_factory=Counter)
    key: str = ""
    parts: dict[str, Entry] = field(default_factory=dict)

    def ancestors(self) -> Iterator[Entry]:
        """The tasks it is a part of, from the inside out."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a dependency means: the task, and how that was guessed or repaired where it was."""

    entry: Entry
    guess: str = ""
    repair: str = ""


def wanted_key(entry: Entry, times: Counter[str]) -> str:
    """The key that an entry gets: `5.1` for subtask 1 of task 5, else the id itself.

    An id that is no number gets its task's key before it only where `times` says that it occurs more often.
    """
    if entry.parent is None:
        return entry.local
    if NUMBER.fullmatch(entry.local):
        return f"{entry.parent.key}.{entry.local}"
    if _DOTTED.fullmatch(entry.local) or times[entry.local] == 1:
        return entry.local
    return f"{entry.parent.key}.{entry.local}"


class Ids:
    """The ids of one list, once each entry has its key. Of several entries with one id the first counts."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_key: dict[str, Entry] = {}
        self._undressed: dict[str, Entry] = {}
        for entry in entries:
            self._by_key.setdefault(entry.key, entry)
            if entry.parent is None:
                self._by_key.setdefault(entry.local, entry)
            else:
                entry.parent.parts.setdefault(entry.local, entry)
                self._by_key.setdefault(f"{entry.parent.key}.{entry.local}", entry)
        for key, entry in self._by_key.items():
            self._undressed.setdefault(_undressed(key), entry)

    def meaning(self, entry: Entry, said: str) -> Meaning | None:
        """The task that an entry means by an id, None where there is none.

        A number among a task's subtasks means the sibling before that has it; else the task of that number
        that the whole waits for. Where neither is there it is a guess: a task outside, or a later sibling.
        """
        siblings = entry.parent.parts if entry.parent is not None else {}
        sibling = siblings.get(said)
        if sibling is not None and sibling.place < entry.place:
            return Meaning(sibling)
        found = self._by_key.get(said)
        if entry.parent is not None and NUMBER.fullmatch(said):
            return self._outside(entry, said, found, sibling)
        if found is not None or sibling is not None:
            return Meaning(found or sibling or entry)
        plain = self._undressed.get(_undressed(said))
        return None if plain is None else Meaning(plain, repair=f"“{said}” was read as {plain.key}.")

    def _outside(self, entry: Entry, said: str, found: Entry | None, sibling: Entry | None) -> Meaning | None:
        above = list(entry.ancestors())
        if found is not None and found not in above:
            if any(said in each.said for each in above):
                return Meaning(found)
            return Meaning(found, guess=f"“{said}” is taken for the task {found.key} outside of its own.")
        if sibling is not None and sibling is not entry:
            return Meaning(sibling, guess=f"“{said}” is taken for the later subtask {sibling.key}.")
        return None if found is None and sibling is None else Meaning(found or sibling or entry)


def _undressed(text: str) -> str:
    folded = text.casefold()
    match = _DRESSED.fullmatch(folded)
    return match[1] if match else folded
