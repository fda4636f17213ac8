"""The colours of drawings: one palette, light and dark, and the style sheet made from it.

What a class looks like is said once, in RULES. The style sheets for pages and for exported files are written
from it, and so are the attributes in DOT source, so that a PDF which Graphviz draws itself looks like the
page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["light", "dark"]

BASE_FONT_SIZE = 11.0
# Arial has the widths of Helvetica, and more machines know it, or Liberation Sans in its place.
FONT = "Arial"
BOLD_FONT = "Arial Bold"
FIXED_FONT = "Courier New"

# Name: light, dark. Text has a contrast of at least 4.5 on every fill it is used on, lines of at least 3.
PALETTE: dict[str, tuple[str, str]] = {
    "paper": ("#f8fafc", "#0b1020"),
    "surface": ("#ffffff", "#1e293b"),
    "ink": ("#0f172a", "#e2e8f0"),
    "muted": ("#516074", "#a3b1c6"),
    "line": ("#7b8aa1", "#70819b"),
    "grid": ("#cbd5e1", "#334155"),
    "group": ("#f1f5f9", "#131b2e"),
    "lane": ("#f1f5f9", "#131b2e"),
    "lane-odd": ("#f8fafc", "#0f1729"),
    "phase": ("#e0e7ff", "#1e2248"),
    "accent": ("#4f46e5", "#818cf8"),
    "crit-line": ("#d9480f", "#fb923c"),
    "crit-fill": ("#fff4ea", "#3b1d0c"),
    "conflict-line": ("#dc2626", "#f87171"),
    "conflict-fill": ("#fee2e2", "#48121a"),
    "done-line": ("#15803d", "#4ade80"),
    "done-fill": ("#ecfdf3", "#0f2a1c"),
    "running-line": ("#2563eb", "#60a5fa"),
    "running-fill": ("#eaf2ff", "#15264d"),
    "bar-line": ("#6366f1", "#7c7ff5"),
    "bar-fill": ("#c7d2fe", "#312e81"),
    "bar-ink": ("#1e1b4b", "#e0e7ff"),
    "bar-crit-line": ("#b93c0a", "#fb923c"),
    "bar-crit-fill": ("#f97316", "#9a3412"),
    "bar-crit-ink": ("#2b0d02", "#ffedd5"),
    "saved-line": ("#16a34a", "#22c55e"),
    "saved-fill": ("#dcfce7", "#10291d"),
    "saved-ink": ("#166534", "#86efac"),
    "folder": ("#f1f5f9", "#182235"),
}
MUTED_COLOURS = frozenset(PALETTE["muted"])


@dataclass(frozen=True, slots=True)
class Look:
    """How the things with certain classes are drawn: colour names, a line width in points, a line style.

    None leaves it to the rules before; a fill or line of `none` draws none.
    """

    fill: str | None = None
    line: str | None = None
    ink: str | None = None
    width: float | None = None
    style: Literal["dashed", "dotted"] | None = None
    fixed: bool = False


# A thing has the looks of every rule whose classes it has; a later rule wins over an earlier one, as it does
# in a style sheet: so rules with more classes come later.
RULES: dict[str, Look] = {
    "cluster": Look(fill="group", line="grid", ink="ink", width=1),
    "task": Look(fill="surface", line="line", ink="ink", width=1),
    "folder": Look(fill="folder", line="line", ink="ink", width=1, fixed=True),
    "lane": Look(fill="lane", line="none", ink="ink"),
    "phase": Look(fill="phase", line="none", ink="ink"),
    "grid": Look(fill="grid", line="none"),
    "axis": Look(fill="none", line="none", ink="muted"),
    "label": Look(fill="none", line="none", ink="ink"),
    "saved": Look(fill="saved-fill", line="none"),
    "finish": Look(fill="saved-line", line="none"),
    "gain": Look(fill="none", line="none", ink="saved-ink"),
    "bar": Look(fill="bar-fill", line="bar-line", ink="bar-ink", width=0.8),
    "lane odd": Look(fill="lane-odd"),
    "bar crit": Look(fill="bar-crit-fill", line="bar-crit-line", ink="bar-crit-ink"),
    "bar assumed": Look(style="dashed"),
    "task crit": Look(fill="crit-fill", line="crit-line", width=1.6),
    "task running": Look(fill="running-fill", line="running-line", width=1.6),
    "task done": Look(fill="done-fill", line="done-line"),
    "task blocked": Look(style="dotted", width=1.6),
    "task failed": Look(line="conflict-line", style="dotted", width=1.6),
    "task off": Look(style="dashed", ink="muted"),
    "task conflict": Look(fill="conflict-fill", line="conflict-line", width=1.6),
    "folder contested": Look(fill="conflict-fill", line="conflict-line", width=1.6),
    "cluster crit": Look(line="crit-line"),
    "cluster conflict": Look(line="conflict-line"),
    "edge dep": Look(line="line", width=1),
    "edge hand": Look(line="bar-crit-line", width=1.2),
    "edge claim": Look(line="line", width=1.4),
    "edge conflict": Look(line="conflict-line", width=1.6, style="dashed"),
    "edge dep crit": Look(line="crit-line", width=1.8),
    "edge claim creates": Look(style="dashed"),
    "edge claim reads": Look(style="dotted"),
    "edge claim contested": Look(line="conflict-line", width=1.8),
}
_DASHES = {"dashed": "5 3", "dotted": "1.5 2.5"}


def colour(name: str, theme: ThemeName) -> str:
    """The colour of that name, as #rrggbb."""
    return PALETTE[name][0 if theme == "light" else 1]


def look_of(classes: str) -> Look:
    """What a thing with these classes looks like, all rules taken together."""
    has = set(classes.split())
    seen = Look()
    for name, look in RULES.items():
        if has.issuperset(name.split()):
            seen = Look(
                look.fill or seen.fill,
                look.line or seen.line,
                look.ink or seen.ink,
                look.width if look.width is not None else seen.width,
                look.style or seen.style,
                look.fixed or seen.fixed,
            )
    return seen


def drawing_css(theme: ThemeName) -> str:
    """The style sheet of exported files: plain colours and plain selectors, which every SVG reader knows."""
    return _rules({name: colour(name, theme) for name in PALETTE})


def screen_css() -> str:
    """The style sheet of drawings in pages: custom properties that follow the page's `color-scheme`.

    `--drawing-<name>` holds each colour of the palette, for the rest of a page to use.
    """
    names = "\n".join(
        f"  --drawing-{name}: light-dark({light}, {dark});" for name, (light, dark) in PALETTE.items()
    )
    rules = _rules({name: f"var(--drawing-{name})" for name in PALETTE})
    return f":root {{\n{names}\n}}\n{rules}{_GESTURES}"


def _rules(colours: dict[str, str]) -> str:
    lines = [
        ".drawing text { font-family: Helvetica, Arial, 'Liberation Sans', sans-serif; }",
        f".drawing .paper {{ fill: {colours['paper']}; }}",
    ]
    for name, look in RULES.items():
        lines += _rule(name, look, {**colours, "none": "none"})
    lines += [
        ".drawing .edge .hit { fill: none; stroke: none; }",
        f".drawing text.muted, .drawing tspan.muted {{ fill: {colours['muted']}; }}",
        ".drawing .b { font-weight: bold; }",
    ]
    return "\n".join(lines) + "\n"


def _rule(name: str, look: Look, colours: dict[str, str]) -> list[str]:
    """The lines for one rule; arrowheads are polygons, filled with the colour of their line."""
    selector = ".drawing ." + ".".join(name.split())
    is_edge = name.startswith("edge")
    line = [f"stroke: {colours[look.line]}"] if look.line else []
    stroke = list(line)
    if look.width:
        stroke.append(f"stroke-width: {look.width:g}")
    if look.style:
        stroke.append(f"stroke-dasharray: {_DASHES[look.style]}")
    lines = []
    if is_edge:
        lines.append(f"{selector} path {{ {'; '.join(['fill: none', *stroke])}; }}")
        if look.line:
            lines.append(f"{selector} polygon {{ fill: {colours[look.line]}; {line[0]}; }}")
    elif shape := ([f"fill: {colours[look.fill]}"] if look.fill else []) + stroke:
        shapes = ", ".join(f"{selector} {shape}" for shape in ("path", "polygon", "polyline"))
        lines.append(f"{shapes} {{ {'; '.join(shape)}; }}")
    if look.ink:
        lines.append(f"{selector} text {{ fill: {colours[look.ink]}; }}")
    if look.fixed:
        lines.append(f"{selector} text {{ font-family: 'Liberation Mono', Courier, monospace; }}")
    return lines


# The hit area outranks the line of its edge, and what is selected outranks every other look.
_GESTURES = """\
.drawing .edge .hit.hit.hit {
  fill: none; stroke: transparent; stroke-width: 14px; stroke-dasharray: none; pointer-events: stroke;
}
.drawing .selected.selected.selected :is(path, polygon):not(.hit) {
  stroke: var(--drawing-accent); stroke-width: 3;
}
.drawing a { text-decoration: none; }
"""
