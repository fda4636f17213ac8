"""Follows the lines of drawings in text: boxes' corners, branches and arrowheads between references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner_core.formats.speckit.sentences import Order
from planner_core.formats.speckit.tokens import REFERENCES, Token, Word, tokens_of

MOST_ROWS = 200
MOST_COLUMNS = 300

_UP, _DOWN, _LEFT, _RIGHT = (-1, 0), (1, 0), (0, -1), (0, 1)
_SIDES = {
    **dict.fromkeys("─━═╌┄-", (_LEFT, _RIGHT)),
    **dict.fromkeys("│┃║╎|", (_UP, _DOWN)),
    **dict.fromkeys("┌╭┏╔", (_DOWN, _RIGHT)),
    **dict.fromkeys("┐╮┓╗", (_DOWN, _LEFT)),
    **dict.fromkeys("└╰┗╚", (_UP, _RIGHT)),
    **dict.fromkeys("┘╯┛╝", (_UP, _LEFT)),
    **dict.fromkeys("├┣╠", (_UP, _DOWN, _RIGHT)),
    **dict.fromkeys("┤┫╣", (_UP, _DOWN, _LEFT)),
    **dict.fromkeys("┬┳╦", (_DOWN, _LEFT, _RIGHT)),
    **dict.fromkeys("┴┻╩", (_UP, _LEFT, _RIGHT)),
    **dict.fromkeys("┼╋╬", (_UP, _DOWN, _LEFT, _RIGHT)),
}
_HEADS = {
    **dict.fromkeys("►▶→➔", _RIGHT),
    **dict.fromkeys("◄◀←", _LEFT),
    **dict.fromkeys("▼↓", _DOWN),
    **dict.fromkeys("▲↑", _UP),
}
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Label:
    row: int
    start: int
    end: int
    tokens: tuple[Token, ...]


def orders_in_drawing(rows: Sequence[str]) -> Iterator[Order]:
    """What the lines between references state: along each one, from its plain ends to its arrowheads.

    A text in a row stands for the references in it; what a line touches within two columns it leads to. A
    line without an arrowhead, and one of which no end is plain, states nothing.
    """
    drawing = _Drawing([row[:MOST_COLUMNS] for row in rows[:MOST_ROWS]])
    for wire in drawing.wires():
        before, after = drawing.ends(wire)
        if before and after:
            yield Order(before, after)


class _Drawing:
    """The characters of a drawing, with the texts between its lines."""

    def __init__(self, rows: Sequence[str]) -> None:
        self.rows = rows
        self.lines = {
            (row, column): char
            for row, text in enumerate(rows)
            for column, char in enumerate(text)
            if char in _HEADS or (char in _SIDES and (char not in "-|" or _is_line(text, column)))
        }
        self.labels = [label for row in range(len(rows)) for label in self._labels(row)]

    def _labels(self, row: int) -> Iterator[_Label]:
        text = self.rows[row]
        start: int | None = None
        for column in range(len(text) + 1):
            inside = column < len(text) and (row, column) not in self.lines
            wide_gap = inside and text[column : column + 3] == "   "
            if inside and not wide_gap and start is None and text[column] != " ":
                start = column
            elif start is not None and (not inside or wide_gap):
                found = tuple(token for token in tokens_of(text[start:column]) if token.word in REFERENCES)
                if found:
                    end = start + len(text[start:column].rstrip())
                    yield _Label(row, start, end, _most_telling(found))
                start = None

    def wires(self) -> Iterator[set[_Place]]:
        """The connected lines, from the top."""
        seen: set[_Place] = set()
        for place in self.lines:
            if place in seen:
                continue
            wire, waiting = {place}, [place]
            while waiting:
                for other in self._joined(waiting.pop()):
                    if other not in wire:
                        wire.add(other)
                        waiting.append(other)
            seen |= wire
            yield wire

    def _sides(self, place: _Place) -> tuple[_Place, ...]:
        char = self.lines[place]
        if char in _HEADS:
            row, column = _HEADS[char]
            return ((-row, -column),)
        return _SIDES[char]

    def _joined(self, place: _Place) -> Iterator[_Place]:
        """The neighbours that a character's strokes lead to, and those whose strokes lead to it."""
        for side in (_UP, _DOWN, _LEFT, _RIGHT):
            other = (place[0] + side[0], place[1] + side[1])
            if other not in self.lines:
                continue
            towards = side in self._sides(place)
            back = (-side[0], -side[1]) in self._sides(other)
            if (
                (towards or back)
                and not self._points_away(place, other)
                and not self._points_away(other, place)
            ):
                yield other

    def _points_away(self, head: _Place, other: _Place) -> bool:
        """Whether one character is an arrowhead that the other one is not the shaft of."""
        char = self.lines[head]
        if char not in _HEADS:
            return False
        row, column = _HEADS[char]
        return (other[0] - head[0], other[1] - head[1]) != (-row, -column)

    def ends(self, wire: set[_Place]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
        """The references at the plain ends of a line, and those that its arrowheads point to."""
        before: dict[Token, None] = {}
        after: dict[Token, None] = {}
        for place in sorted(wire):
            char = self.lines[place]
            if char in _HEADS:
                after.update(dict.fromkeys(self._touched(place, _HEADS[char])))
                continue
            for side in _SIDES[char]:
                if (place[0] + side[0], place[1] + side[1]) not in self.lines:
                    before.update(dict.fromkeys(self._touched(place, side)))
        return tuple(token for token in before if token not in after), tuple(after)

    def _touched(self, place: _Place, side: _Place) -> tuple[Token, ...]:
        row, column = place
        for label in self.labels:
            if side in (_UP, _DOWN):
                below = label.row - row == side[0] or (
                    label.row - row == 2 * side[0] and not self._text(row + side[0], column)
                )
                if below and label.start - 1 <= column <= label.end:
                    return label.tokens
            elif label.row == row:
                gap = label.start - column - 1 if side == _RIGHT else column - label.end
                if 0 <= gap <= 2:
                    return label.tokens
        return ()

    def _text(self, row: int, column: int) -> str:
        return self.rows[row][column : column + 1].strip() if 0 <= row < len(self.rows) else ""


def _is_line(text: str, column: int) -> bool:
    """Whether a dash or a bar is part of a line, not of a word or a bullet."""
    around = text[max(0, column - 1) : column] + text[column + 1 : column + 2]
    return not any(char.isalnum() for char in around) and (
        text[column] == "|" or "-" in around or ">" in around
    )


def _most_telling(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """“Phase 3 (US1: Browse)” is one thing: its first figure."""
    return tuple(token for token in tokens if token.word is Word.TASKS) or tokens[:1]
