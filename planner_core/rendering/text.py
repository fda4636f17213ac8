"""Text inside drawings: how wide it is, where to cut it, how it reaches Graphviz unharmed."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"

# Advance widths of Helvetica and Helvetica Bold, U+0020 to U+007E, in thousandths of the font size.
_REGULAR = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)  # fmt: skip
_BEYOND_ASCII = {"…": 1000, "·": 278, "×": 584, "–": 556, "—": 1000, "→": 1000, "\u00a0": 278}
_COURIER = 600
_WIDE = 1000
_UNKNOWN_UPPER = 800
_UNKNOWN = 600

# Bidirectional overrides and isolates, and invisible spaces: they can make a label read as another one.
_DECEPTIVE = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def clean_text(text: str) -> str:
    """Make one line of printable text: runs of white space and control characters become one space.

    Characters that XML cannot hold, and those that reorder or hide their neighbours, disappear.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept: list[str] = []
    for char in text:
        category = unicodedata.category(char)
        if category in ("Cc", "Zl", "Zp") or char.isspace():
            kept.append(" ")
        elif category not in ("Cs", "Cn", "Co") and char not in _DECEPTIVE:
            kept.append(char)
    return " ".join("".join(kept).split())


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide `text` is in points at `size` points in Helvetica; an estimate beyond Latin letters."""
    table = _BOLD if bold else _REGULAR
    return sum(_advance(char, table) for char in text) * size / 1000


def _advance(char: str, table: tuple[int, ...]) -> int:
    code = ord(char)
    if 32 <= code <= 126:
        return table[code - 32]
    if char in _BEYOND_ASCII:
        return _BEYOND_ASCII[char]
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return _WIDE
    base = ord(unicodedata.normalize("NFD", char)[0])
    if 32 <= base <= 126:
        return table[base - 32]
    return _UNKNOWN_UPPER if char.isupper() else _UNKNOWN


def fit_label(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Cut `text` to at most `width` points in Helvetica at `size` points, with an ellipsis where it was cut.

    The text is cleaned first (`clean_text`). Where not even one letter and the ellipsis have room, the
    answer is empty. Linear in the letters that fit.
    """
    text = clean_text(text)
    table = _BOLD if bold else _REGULAR
    room = width * 1000 / size
    with_ellipsis = room - _BEYOND_ASCII[ELLIPSIS]
    used = 0
    cut = 0
    for position, char in enumerate(text):
        used += _advance(char, table)
        if used <= with_ellipsis:
            cut = position + 1
        if used > room:
            kept = text[:cut].rstrip(" .,;:·-")
            return kept + ELLIPSIS if kept else ""
    return text


def fit_path(path: str, width: float, size: float) -> str:
    """Cut a path to `width` points in Courier at `size` points: the end says most, so it is kept."""
    path = clean_text(path)
    most = int(width / (size * _COURIER / 1000))
    if len(path) <= most:
        return path
    return ELLIPSIS + path[len(path) - most + 1 :] if most > 1 else ""


def escape_label(text: str) -> str:
    r"""Write `text` as the inside of a quoted DOT label that shows exactly it, on one line.

    Graphviz reads `\N` as the node's name, `&lt;` as a character and `"` as the end: all are taken from
    what people typed. In quotes, a text that starts with `<` is no HTML.
    """
    escaped = clean_text(text).replace("&", "&amp;")
    return escaped.replace("\\", "\\\\").replace('"', '\\"')


def escape_tooltip(text: str) -> str:
    """Write `text` as the inside of a quoted DOT tooltip: Graphviz reads the backslashes there twice."""
    escaped = clean_text(text).replace("&", "&amp;")
    return escaped.replace("\\", "\\\\\\\\").replace('"', '\\"')


def escape_markup(text: str) -> str:
    """Write `text` as characters inside a DOT label in angle brackets: no tag, no entity, no escape."""
    escaped = clean_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', "&quot;").replace("\\", "\\\\")
