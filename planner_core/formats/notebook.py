"""Notes what had to be done to what a file says, and mends values on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from planner_core.durations import LONGEST
from planner_core.formats.document import Note
from planner_core.formats.mending import long_text, one_line, patterns, shown
from planner_core.item_checks import MAX_LIST, MAX_NAME
from planner_core.items import Artefact, Claim, sorted_claims
from planner_core.vocabulary import ClaimMode

MAX_MESSAGE = 2_000


class Notebook:
    """The notes on one plan. Every method that mends a value returns one that a plan accepts."""

    def __init__(self) -> None:
        self._repaired: list[Note] = []
        self._guessed: list[Note] = []
        self._lost: list[Note] = []
        self._zone_is_guessed = False

    def repaired(self, message: str, line: int | None = None, task: str | None = None) -> None:
        """Something was wrong and is right now."""
        self._repaired.append(_note(message, line, task))

    def guessed(self, message: str, line: int | None = None, task: str | None = None) -> None:
        """Something was not said and is assumed."""
        self._guessed.append(_note(message, line, task))

    def lost(self, message: str, line: int | None = None, task: str | None = None) -> None:
        """Something was said and is left out."""
        self._lost.append(_note(message, line, task))

    def notes(self) -> tuple[tuple[Note, ...], tuple[Note, ...], tuple[Note, ...]]:
        """What was repaired, guessed and lost, each in the order of the lines; without a line first."""
        repaired, guessed, lost = (
            tuple(sorted(notes, key=lambda note: note.line or 0))
            for notes in (self._repaired, self._guessed, self._lost)
        )
        return repaired, guessed, lost

    def one_line(
        self, what: str, text: str, line: int | None, task: str | None, longest: int = MAX_NAME
    ) -> str:
        """A text on one line, as long as it may be."""
        mended = one_line(text, longest)
        if mended.change:
            note = self.lost if mended.lost else self.repaired
            note(f"{what}, “{shown(text)}”: {mended.change}.", line, task)
        return mended.text

    def long_text(self, what: str, text: str, line: int | None, task: str | None) -> str:
        """A text of several lines, as long as it may be."""
        mended = long_text(text)
        if mended.change:
            note = self.lost if mended.lost else self.repaired
            note(f"{what}: {mended.change}.", line, task)
        return mended.text

    def lines(
        self, what: str, texts: Iterable[str], line: int | None, task: str | None, longest: int = MAX_NAME
    ) -> tuple[str, ...]:
        """The texts that are not empty, each on one line, as many as there may be."""
        found = [self.one_line(f"A {what}", text, line, task, longest) for text in texts if text.strip()]
        for left_out in found[MAX_LIST:]:
            message = (
                f"There may be at most {MAX_LIST} of a kind: the {what} “{shown(left_out)}” is left out."
            )
            self.lost(message, line, task)
        return tuple(found[:MAX_LIST])

    def claims(
        self, given: Mapping[ClaimMode, Iterable[str]], line: int | None, task: str
    ) -> tuple[Claim, ...]:
        """The claims on the patterns that the texts stand for."""
        found: dict[Claim, None] = {}
        for mode, texts in given.items():
            for text in texts:
                for mended in patterns(text) if text.strip() else ():
                    if mended.change:
                        note = self.lost if mended.lost else self.repaired
                        note(f"Of what it {mode.value}: {mended.change}".rstrip(".") + ".", line, task)
                    if mended.text:
                        found[Claim(mode, mended.text)] = None
        claims = sorted_claims(found)
        for claim in claims[MAX_LIST:]:
            message = f"A task has at most {MAX_LIST} claims: “{shown(claim.pattern)}” is left out."
            self.lost(message, line, task)
        return claims[:MAX_LIST]

    def estimate(self, minutes: int | None, line: int | None, task: str) -> int | None:
        """Minutes that a task may take, or None."""
        if minutes is None or 0 <= minutes <= LONGEST:
            return minutes
        self.lost(f"Its estimate is not between 0 and {LONGEST} minutes: it is left out.", line, task)
        return None

    def priority(self, given: int, line: int | None, task: str) -> int:
        """A priority from 1 to 5."""
        if 1 <= given <= 5:
            return given
        taken = min(max(given, 1), 5)
        self.repaired(f"Its priority is not between 1 and 5: {taken} was taken.", line, task)
        return taken

    def moment(self, given: datetime | None, line: int | None, task: str) -> datetime | None:
        """A moment with a time zone; UTC where it has none."""
        if given is None:
            return None
        if given.tzinfo is None:
            if not self._zone_is_guessed:
                self.guessed("Times without a zone are taken for UTC.", line)
            self._zone_is_guessed = True
            return given.replace(tzinfo=UTC)
        try:
            return given.astimezone(UTC)
        except OverflowError:
            self.lost(f"The time {given.isoformat()} lies outside the calendar.", line, task)
            return None

    def artefact(self, given: Artefact, line: int | None) -> Artefact:
        """An artefact whose texts are fit for a plan."""
        what = "A text of a handoff"
        path, symbol, signature, use, avoid, check = (
            self.long_text(what, text, line, None)
            for text in (given.path, given.symbol, given.signature, given.use, given.avoid, given.check)
        )
        return Artefact(path, symbol, signature, use, avoid, check)


def _note(message: str, line: int | None, task: str | None) -> Note:
    return Note(shown(message, MAX_MESSAGE), line, None if task is None else shown(task))
