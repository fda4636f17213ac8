"""Makes what files say fit for a plan: texts, lines and path patterns, each with what had to be changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner_core.item_checks import MAX_KEY, MAX_NAME, MAX_TEXT
from planner_core.paths import check_pattern

MAX_ALTERNATIVES = 50

_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_QUOTES = "`\"'"
# [id], [...slug] and [[...slug]] are names of routes: as character classes they would be of no use.
_ROUTE = re.compile(r"\[\[?(?:\.{3})?[A-Za-z_]\w+(?:-\w\w+){0,9}\]\]?")
_WINDOWS = re.compile(r"\\(?=[\w.])")
_MACHINE = re.compile(
    r"(?:[A-Za-z]:|~|//|/(?:users|home|root|etc|var|tmp|usr|opt|mnt|private|volumes|workspace)(?:/|$))", re.I
)
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Mended:
    """What is left of a text (nothing where it is of no use) and what was changed, or None."""

    text: str
    change: str | None = None
    lost: bool = False


def shown(text: str, longest: int = MAX_KEY) -> str:
    """A text as a message may quote it: short, on one line, without control characters."""
    line = _CONTROL.sub("\ufffd", _BREAKS.sub(" ", text)).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"


def one_line(text: str, longest: int = MAX_NAME) -> Mended:
    """A text on one line without control characters, surrounding spaces and what is too much."""
    line = _CONTROL.sub("\ufffd", _BREAKS.sub(" ", text.strip())).strip()
    change = None if line == text.strip() else "a line break or a control character was replaced"
    if len(line) > longest:
        return Mended(line[: longest - 1].rstrip() + "…", f"it was cut to {longest} characters", lost=True)
    return Mended(line, change)


def long_text(text: str) -> Mended:
    """A text of several lines without control characters and what is too much."""
    clean = _CONTROL_IN_TEXT.sub("\ufffd", text)
    change = None if clean == text else "control characters were replaced"
    if len(clean) > MAX_TEXT:
        cut = len(clean) - MAX_TEXT + 1
        return Mended(clean[: MAX_TEXT - 1] + "…", f"its last {cut} characters were cut off", lost=True)
    return Mended(clean, change)


def patterns(text: str) -> Iterator[Mended]:
    """The path patterns that a text stands for: alternatives in braces make several.

    Valid patterns stay as they are, but for folders in brackets, which become names, and backslashes between
    names, which become slashes. A pattern that cannot be mended is lost, with the reason.
    """
    given = text.strip().strip(_QUOTES).strip()
    alternatives = _alternatives(given)
    for each in alternatives:
        mended = _mended(each)
        if reason := check_pattern(mended):
            yield Mended("", f"“{shown(text)}”: {reason}", lost=True)
        else:
            change = None if mended == text.strip() else f"“{shown(text)}” was read as “{shown(mended)}”"
            yield Mended(mended, change)


def _mended(pattern: str) -> str:
    """The pattern with what is plainly meant; what it should not be is left to be refused."""
    pattern = _WINDOWS.sub("/", pattern) if not _MACHINE.match(pattern) else pattern
    while pattern.startswith("./"):
        pattern = pattern[2:].lstrip("/")
    pattern = re.sub(r"(?<!^)/{2,}", "/", pattern)
    if check_pattern(pattern) and pattern.startswith("/") and not _MACHINE.match(pattern):
        pattern = pattern.lstrip("/")
    if pattern.endswith("/.") and not pattern.endswith("\\/."):
        pattern = pattern[:-1]
    return "/".join(_escaped(name) if _ROUTE.fullmatch(name) else name for name in pattern.split("/"))


def _escaped(name: str) -> str:
    return name.replace("[", "\\[").replace("]", "\\]")


def _alternatives(pattern: str) -> list[str]:
    """The pattern once for each choice of alternatives in braces; unchanged where they are too many."""
    open_ones, done = [pattern], list[str]()
    while open_ones:
        first = open_ones.pop(0)
        found = _BRACES.search(first)
        if found is None:
            done.append(first)
            continue
        open_ones[:0] = [
            first[: found.start()] + choice.strip() + first[found.end() :] for choice in found[1].split(",")
        ]
        if len(open_ones) + len(done) > MAX_ALTERNATIVES:
            return [pattern]
    return done
