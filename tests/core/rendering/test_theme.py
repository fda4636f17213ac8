"""The palette is readable in both themes, and one set of rules makes every style sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import planner_core.rendering.theme
from planner_core.rendering.theme import (
    PALETTE,
    RULES,
    ThemeName,
    colour,
    drawing_css,
    look_of,
    screen_css,
)

THEMES: tuple[ThemeName, ...] = ("light", "dark")
# Everything that is written on, with what it is written with.
TEXTS = [
    *((look.ink or "ink", look.fill or "paper") for look in RULES.values() if look.fill and look.ink),
    *(
        ("ink", fill)
        for fill in ("done-fill", "running-fill", "crit-fill", "conflict-fill", "lane-odd", "phase")
    ),
    *(("muted", fill) for fill in ("surface", "paper", "lane", "lane-odd", "phase", "group", "crit-fill")),
    *(("muted", fill) for fill in ("done-fill", "running-fill", "conflict-fill")),
    ("saved-ink", "saved-fill"),
]
LINES = [
    *(
        (line, "paper")
        for line in ("line", "accent", "crit-line", "conflict-line", "bar-crit-line", "bar-line")
    ),
    ("line", "surface"),
    ("line", "group"),
    ("done-line", "paper"),
    ("running-line", "paper"),
    ("saved-line", "paper"),
]


def luminance(hexadecimal: str) -> float:
    """Relative luminance, as the Web Content Accessibility Guidelines 2.2 define it."""
    channels = [int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme: ThemeName) -> None:
    """Text has a contrast of at least 4.5 on what lies under it."""
    pairs = [(ink, "paper" if fill == "none" else fill) for ink, fill in TEXTS]
    poor = [(*p, contrast(colour(p[0], theme), colour(p[1], theme))) for p in pairs]
    assert [pair for pair in poor if pair[2] < 4.5] == []


@pytest.mark.parametrize("theme", THEMES)
def test_lines_can_be_seen(theme: ThemeName) -> None:
    """Lines that mean something have a contrast of at least 3 on what lies under them."""
    poor = [(*p, contrast(colour(p[0], theme), colour(p[1], theme))) for p in LINES]
    assert [pair for pair in poor if pair[2] < 3] == []


def test_rules_name_known_colours() -> None:
    """Every colour that a rule uses is in the palette."""
    used = {name for look in RULES.values() for name in (look.fill, look.line, look.ink) if name}
    assert used - {"none"} <= PALETTE.keys()


def test_rules_with_more_classes_come_later() -> None:
    """So the order of the rules and the cascade of a style sheet agree on which one wins."""
    for kind in ("edge", "node"):
        sizes = [len(name.split()) for name in RULES if name.startswith("edge") == (kind == "edge")]
        assert sizes == sorted(sizes)


def test_a_later_rule_wins() -> None:
    """A critical task keeps the ink of a task and takes the line of what is critical."""
    look = look_of("node task crit")
    assert (look.fill, look.line, look.ink) == ("crit-fill", "crit-line", "ink")
    assert look_of("node task crit conflict").line == "conflict-line"


@pytest.mark.parametrize("theme", THEMES)
def test_exported_style_sheet_is_plain(theme: ThemeName) -> None:
    """The style sheet of files has no custom property and no selector that simple readers do not know."""
    css = drawing_css(theme)
    assert not re.search(r"var\(|light-dark|:is|:not|<", css)
    assert css.count("{") == css.count("}") == len(css.splitlines())


def test_screen_style_sheet_follows_the_page() -> None:
    """The style sheet of pages has both themes' colours, as custom properties."""
    css = screen_css()
    for name, (light, dark) in PALETTE.items():
        assert f"--drawing-{name}: light-dark({light}, {dark});" in css
    assert set(re.findall(r"var\(--drawing-([a-z-]+)\)", css)) <= PALETTE.keys()


def test_the_pages_style_sheet_is_the_generated_one() -> None:
    """What pages load is `screen_css()`, word for word: after a change of the palette, write it again."""
    root = Path(planner_core.rendering.theme.__file__).resolve().parents[2]
    assert (root / "static" / "css" / "drawing.css").read_text(encoding="utf-8") == screen_css()
