"""Names that Argo Workflows takes: lower case letters, digits and dashes, starting with a letter, unique."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60

_OTHER = re.compile(r"[^a-z0-9]+")


def slug(text: str, fallback: str, longest: int = LONGEST) -> str:
    """What of a text is a legal name; the fallback where nothing is, and before what starts with a digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = _OTHER.sub("-", plain).strip("-")
    if not name[:1].isalpha():
        name = f"{fallback}-{name}" if name else fallback
    return name[:longest].rstrip("-")


class Names:
    """Gives each thing of one kind a name of its own; a name that is taken gets a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def new(self, text: str, fallback: str) -> str:
        """A name made of a text, at most `LONGEST` characters."""
        base = name = slug(text, fallback)
        number = self._last.get(base, 1)
        while name in self._taken:
            number += 1
            name = f"{base[: LONGEST - len(str(number)) - 1].rstrip('-')}-{number}"
        self._last[base] = number
        self._taken.add(name)
        return name
