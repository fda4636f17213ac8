"""Ranks: strings that order items by comparison, with room between any two of them."""

from __future__ import annotations

import re

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_HEAD = 4

RANK = re.compile(r"[0-9a-z]{0,99}[1-9a-z]")


def rank_between(before: str | None, after: str | None) -> str:
    """A rank strictly between two ranks; None stands for the start or the end of the order.

    Ranks are fractions in base 36 without a trailing zero, so there is always one in between. At an open
    end a rank counts on in its first four digits, so that many insertions there keep it short.
    Raises ValueError where `before` is not below `after`.
    """
    if before is not None and after is not None:
        if before >= after:
            raise ValueError(f"no rank lies between {before!r} and {after!r}")
    elif before is not None or after is not None:
        step = 1 if after is None else -1
        head = int((before or after or "")[:_HEAD].ljust(_HEAD, "0"), _BASE) + step
        if 0 < head < _BASE**_HEAD:
            return _encode(head, _HEAD)
    return _middle(before or "", after)


def _middle(low: str, high: str | None) -> str:
    rank = ""
    position = 0
    while True:
        floor = _DIGITS.index(low[position]) if position < len(low) else 0
        ceiling = _DIGITS.index(high[position]) if high is not None and position < len(high) else _BASE
        if ceiling - floor > 1:
            return rank + _DIGITS[(floor + ceiling) // 2]
        rank += _DIGITS[floor]
        if ceiling > floor:
            high = None
        position += 1


def ranks(count: int) -> list[str]:
    """`count` ranks in ascending order, short and evenly spread."""
    width = 1
    while _BASE**width <= (count + 1) * 2:
        width += 1
    step = _BASE**width // (count + 1)
    return [_encode((position + 1) * step, width) for position in range(count)]


def _encode(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, _BASE)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits)).rstrip("0")
