"""Words that fit two sequences with stars: which prefixes of the two can one word use up together?

Names are sequences of characters and `*`, whole path patterns sequences of names and `**`; the same functions
serve both. State (i, j) says that one word can use up the first i items of the left and the first j items of
the right sequence. The states of one i are the bits of an integer, so a step is a handful of integer
operations, whatever the number of stars, and nothing ever backtracks. This is the product construction for
the intersection of regular languages (Rabin and Scott, 1959), simplified by there being no loops but stars.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Left = TypeVar("Left")
Right = TypeVar("Right")
Step = tuple[Left | None, Right | None]
"""What one item of a shared word comes from. A star is None; two of them are room for anything."""


def reachable(
    left: Sequence[Left | None], right: Sequence[object | None], meeting: Callable[[Left, int], int]
) -> list[int]:
    """Which prefixes of two sequences one word can use up together.

    None in a sequence is a star: any run of items, also none. Stars must not follow each other on the
    right. `meeting(item, bits)` gives those of the bits j whose `right[j]` shares something with the item;
    it is never asked about stars. Row i of the result has bit j set when the first i and the first j items
    can be used up by the same word. The list is shorter than `len(left) + 1` when nothing gets further. One
    step per left item.
    """
    stars = sum(1 << j for j, item in enumerate(right) if item is None)
    inside = (1 << len(right)) - 1
    rows = []
    row = 1
    for item in left:
        if item is None:
            # From the first place reached, the star takes in whatever the right side asks for.
            row = -(row & -row) & (inside * 2 + 1)
            rows.append(row)
            continue
        row |= (row & stars) << 1
        rows.append(row)
        row = (meeting(item, row & inside & ~stars) << 1) | (row & stars)
        if not row:
            return rows
    rows.append(row | (row & stars) << 1)
    return rows


def reached(rows: Sequence[int], i: int, j: int) -> bool:
    """Whether state (i, j) is among the rows that `reachable` gave."""
    return 0 <= i < len(rows) and j >= 0 and bool(rows[i] >> j & 1)


def trace(
    left: Sequence[Left | None],
    right: Sequence[Right | None],
    rows: Sequence[int],
    meeting: Callable[[Left, int], int],
    end: tuple[int, int],
) -> list[Step[Left, Right]]:
    """One shared word that leads to the reached state `end`, as the items it comes from, first to last.

    A step (None, None) marks a place where both sides stand at a star, so that anything may be put in.
    """
    steps: list[Step[Left, Right]] = []
    i, j = end
    while i or j:
        before_left, before_right = left[i - 1] if i else None, right[j - 1] if j else None
        if (
            before_left is not None
            and before_right is not None
            and reached(rows, i - 1, j - 1)
            and meeting(before_left, 1 << (j - 1))
        ):
            steps.append((before_left, before_right))
            i, j = i - 1, j - 1
        elif i and before_left is None and reached(rows, i - 1, j):
            i -= 1
        elif j and before_right is None and reached(rows, i, j - 1):
            j -= 1
        elif before_right is not None and i < len(left) and left[i] is None and reached(rows, i, j - 1):
            steps.append((None, before_right))
            j -= 1
        else:
            steps.append((before_left, None))
            i -= 1
        if i < len(left) and j < len(right) and left[i] is None and right[j] is None:
            steps.append((None, None))
    return steps[::-1]
