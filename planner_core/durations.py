"""Durations as people type and read them. Inside, everything is whole minutes."""

from __future__ import annotations

import re

from planner_core.errors import PlannerError

MINUTES_PER_HOUR = 60
HOURS_PER_DAY = 8
MINUTES_PER_DAY = HOURS_PER_DAY * MINUTES_PER_HOUR
LONGEST = 1_000 * MINUTES_PER_DAY

_PART = re.compile(r"(\d{1,7}(?:\.\d{1,4})?)\s*(days?|d|hours?|hrs?|h|minutes?|mins?|min|m)?", re.IGNORECASE)
_UNIT = {"d": MINUTES_PER_DAY, "h": MINUTES_PER_HOUR, "m": 1}


class BadDuration(PlannerError):
    """A text that is no duration."""


def parse_duration(text: str | int) -> int:
    """Read a duration such as `45m`, `1h 30m`, `2h`, `1.5h`, `1d` (8 hours) or a bare number of minutes.

    Returns whole minutes, from 0 to `LONGEST`. Raises BadDuration for anything else, and for a part
    that does not come out in whole minutes.
    """
    if isinstance(text, int):
        return _checked(text, str(text))
    rest = text.strip()
    if not rest:
        raise BadDuration("A duration is missing. Write one such as 45m, 1h 30m, 2h or 1d.")
    total = 0.0
    position = 0
    units_seen: list[int] = []
    while position < len(rest):
        match = _PART.match(rest, position)
        if match is None:
            raise _unreadable(text)
        number, unit = float(match[1]), (match[2] or "").lower()
        size = _UNIT[unit[0]] if unit else 1
        # `1h 30` means 30 minutes; a bare number anywhere else in a series means nothing.
        if (not unit and units_seen and units_seen[-1] != MINUTES_PER_HOUR) or size in units_seen:
            raise _unreadable(text)
        if units_seen and size > units_seen[-1]:
            raise _unreadable(text)
        units_seen.append(size)
        total += number * size
        position = match.end()
        while position < len(rest) and rest[position] in " \t,":
            position += 1
    if total != int(total):
        raise BadDuration(f"“{text}” is not a whole number of minutes. Round it to one.")
    return _checked(int(total), text)


def _unreadable(text: str) -> BadDuration:
    return BadDuration(f"“{text}” is no duration. Write one such as 45m, 1h 30m, 2h or 1d.")


def _checked(minutes: int, text: str) -> int:
    if not 0 <= minutes <= LONGEST:
        raise BadDuration(f"“{text}” is out of range: a duration has 0 to {LONGEST} minutes.")
    return minutes


def format_duration(minutes: int) -> str:
    """Write whole minutes the short way (`45m`, `1h 30m`, `12h 5m`); `parse_duration` reads it back."""
    if minutes < 0:
        return "-" + format_duration(-minutes)
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    if not hours:
        return f"{rest}m"
    return f"{hours}h {rest}m" if rest else f"{hours}h"
