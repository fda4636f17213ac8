"""Writing DOT source: statements with quoted values, and looks as attributes."""

from __future__ import annotations

from planner_core.rendering.text import escape_label, escape_tooltip
from planner_core.rendering.theme import FIXED_FONT, FONT, ThemeName, colour, look_of

_NO_COLOUR = "#00000000"


class DotWriter:
    """Collects the statements of one directed graph, in the order in which they are painted.

    Names, classes and other attributes are the program's own. `label` and `tooltip` are what people typed:
    they are escaped here. A label made of markup comes ready (see `text.escape_markup`).
    """

    def __init__(self, theme: ThemeName, **attributes: str) -> None:
        self._theme = theme
        shared = {"bgcolor": colour("paper", theme), "fontname": FONT, "pad": "0.1", "tooltip": " "}
        self._lines = ["digraph {", f"  graph [{_listed(shared | attributes)}];"]

    def defaults(self, kind: str, **attributes: str) -> None:
        """Set attributes that all later nodes or edges have."""
        self._lines.append(f"  {kind} [{_listed(attributes)}];")

    def node(
        self,
        name: str,
        classes: str,
        *,
        label: str = "",
        ending: str = "",
        markup: str = "",
        tooltip: str = "",
        link: str = "",
        **attributes: str,
    ) -> None:
        r"""Add a node with the looks of its classes; `\l` as the label's ending aligns it to the left."""
        text = f"<{markup}>" if markup else f'"{escape_label(label)}{ending}"'
        listed = _listed({"class": classes} | self._node_look(classes) | attributes)
        self._lines.append(f'  "{name}" [label={text},{listed}{_told(tooltip, link)}];')

    def edge(self, tail: str, head: str, classes: str, *, tooltip: str = "", **attributes: str) -> None:
        """Add an edge with the looks of its classes."""
        look = look_of(f"edge {classes}")
        shown = {"class": classes, "color": self._colour(look.line), "penwidth": f"{look.width or 1:g}"}
        if look.style:
            shown["style"] = look.style
        self._lines.append(f'  "{tail}" -> "{head}" [{_listed(shown | attributes)}{_told(tooltip)}];')

    def open_cluster(self, name: str, classes: str, *, tooltip: str = "", **attributes: str) -> None:
        """Start a box around the nodes added until `close_cluster`; its label is set by `cluster_label`."""
        look = look_of(f"cluster {classes}")
        shown = {
            "class": classes,
            "style": "rounded,filled",
            "fillcolor": self._colour(look.fill),
            "color": self._colour(look.line),
            "fontcolor": self._colour(look.ink),
        }
        self._lines.append(f'  subgraph "cluster_{name}" {{')
        self._lines.append(f"  graph [{_listed(shown | attributes)}{_told(tooltip)}];")

    def cluster_label(self, markup: str) -> None:
        """Set the label of the innermost box."""
        self._lines.append(f"  graph [label=<{markup}>];")

    def close_cluster(self) -> None:
        """End the innermost box."""
        self._lines.append("  }")

    def source(self) -> str:
        """The whole source."""
        return "\n".join([*self._lines, "}", ""])

    def _node_look(self, classes: str) -> dict[str, str]:
        look = look_of(f"node {classes}")
        filled = look.fill not in (None, "none")
        if not filled and look.line in (None, "none"):
            return {"shape": "plaintext", "style": "", "fontcolor": self._colour(look.ink)}
        styles = (["filled"] if filled else []) + ([look.style] if look.style else [])
        shown = {"fillcolor": self._colour(look.fill), "color": self._colour(look.line)}
        if look.width:
            shown["penwidth"] = f"{look.width:g}"
        if look.ink:
            shown["fontcolor"] = self._colour(look.ink)
        if look.fixed:
            shown["fontname"] = FIXED_FONT
        return shown | {"style": ",".join(["rounded", *styles] if look.width and not look.fixed else styles)}

    def _colour(self, name: str | None) -> str:
        return _NO_COLOUR if name in (None, "none") else colour(name or "ink", self._theme)


def _listed(attributes: dict[str, str]) -> str:
    return ",".join(f'{name}="{value}"' for name, value in attributes.items())


def _told(tooltip: str, link: str = "") -> str:
    """The tooltip and the link, where there are any. An ampersand in a link is written as in XML."""
    told = f',tooltip="{escape_tooltip(tooltip)}"' if tooltip else ""
    return f'{told},URL="{escape_label(link)}"' if link else told
