"""Keeps several texts of a task in one description, under headings, and takes them apart again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_BULLET = re.compile(r"[-*•]\s+")
_FENCE = "```"


def joined(text: str, sections: Iterable[tuple[str, str]]) -> str:
    """A text and below it each section that is not blank, under its heading, parted by empty lines."""
    parts = [text] if text else []
    parts += [f"{heading}:\n{body}" for heading, body in sections if body.strip()]
    return "\n\n".join(parts)


def parted(text: str, headings: Sequence[str]) -> tuple[str, Mapping[str, str]]:
    """What `joined` would make this text of: what stands before the sections, and the sections.

    Only sections in the order of `headings` are taken. Where joining them again would not give exactly the
    same text, it is left whole.
    """
    names = "|".join(re.escape(heading) for heading in headings)
    head, bodies = text, dict[str, str]()
    start, heading = 0, ""
    for match in re.finditer(rf"(?:\A|\n\n)({names}):\n", text):
        after = headings.index(heading) + 1 if heading else 0
        if match[1] not in headings[after:]:
            continue
        before = text[start : match.start()]
        if heading:
            bodies[heading] = before
        else:
            head = before
        start, heading = match.end(), match[1]
    if heading:
        bodies[heading] = text[start:]
    return (head, bodies) if joined(head, bodies.items()) == text else (text, {})


def criteria_in(text: str) -> tuple[str, ...] | None:
    """The lines of a text about how to check a task, without bullets; None where it holds blocks of code."""
    lines = [line.strip() for line in text.split("\n")]
    if any(line.startswith(_FENCE) for line in lines):
        return None
    return tuple(_BULLET.sub("", line, count=1) if _BULLET.match(line) else line for line in lines if line)


def criteria_text(criteria: Sequence[str]) -> str:
    """Acceptance criteria as a text that `criteria_in` reads back: a line, or a bulleted list."""
    if len(criteria) == 1 and not _BULLET.match(criteria[0]) and not criteria[0].startswith(_FENCE):
        return criteria[0]
    return "\n".join(f"- {each}" for each in criteria)
