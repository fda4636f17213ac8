"""From what Graphviz writes to SVG that may be shown: an allowlist parser, and stand-alone files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from xml.parsers import expat

from planner_core.rendering.pool import DrawingFailed
from planner_core.rendering.theme import BASE_FONT_SIZE, BOLD_FONT, MUTED_COLOURS, ThemeName, drawing_css

_GEOMETRY = {
    "path": ("d",),
    "polygon": ("points",),
    "polyline": ("points",),
    "ellipse": ("cx", "cy", "rx", "ry"),
    "rect": ("x", "y", "width", "height", "rx", "ry"),
}
_COORDINATES = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE+\-.,\s]*")
_TRANSFORM = re.compile(r"(?:(?:translate|scale|rotate)\([0-9.,\- ]*\) ?)+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_CLASSES = re.compile(r"[A-Za-z0-9_\- ]+")
_IDENTIFIER = re.compile(r"(?!(?:graph|node|edge|clust|a_)\d)[A-Za-z][A-Za-z0-9_\-]*")
_SAFE_LINK = re.compile(r"(?:#|/(?![/\\]))[A-Za-z0-9_\-./?=&%#:+~,@!;]*")
_HIT_PATHS = re.compile(r'<path class="hit" d="[^"]*"/>')
_ROOT = re.compile(r'<svg [^>]*viewBox="(-?[0-9.]+) (-?[0-9.]+) ([0-9.]+) ([0-9.]+)"[^>]*>')
_BASE_SIZE = f"{BASE_FONT_SIZE:.2f}"


def clean_svg(raw: str) -> str:
    """Reduce Graphviz's SVG to what may be shown inside a page under a strict content security policy.

    Kept: shapes with their coordinates, text, groups with generated ids and classes, links within this
    site. Everything else goes: comments, titles, colours and fonts (they come from CSS classes), scripts,
    styles, images, event handlers, other attributes, other elements with all they hold.

    A tooltip becomes the `aria-label` of its link, or else of its group, which then has the role `img`; a
    blank one is none.
    Bold text has the class `b`, text in the palette's muted colour the class `muted`; runs on one line
    become one text, so that a wider font on the reader's machine does not overlap. Each edge has a copy of
    its path with the class `hit`, for the pointer. Width and height go, the viewBox stays. Linear in the
    length of `raw`.

    Raises DrawingFailed where `raw` is no well-formed XML or declares entities.
    """
    cleaner = _Cleaner()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = cleaner.start
    parser.EndElementHandler = cleaner.end
    parser.CharacterDataHandler = cleaner.characters
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(raw.encode(), True)
    except (expat.ExpatError, UnicodeEncodeError) as error:
        raise DrawingFailed(f"Graphviz wrote a drawing that cannot be read: {error}.") from error
    return "".join(cleaner.parts)


def standalone_svg(clean: str, *, theme: ThemeName = "light") -> str:
    """Make a file of its own from a cleaned drawing: size, style sheet and background embedded.

    Raises DrawingFailed where `clean` is not what `clean_svg` returns.
    """
    root = _ROOT.match(clean)
    if root is None:
        raise DrawingFailed("Only a cleaned drawing can be exported.")
    x, y, width, height = root.groups()
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" font-size="{BASE_FONT_SIZE:g}"'
        f' width="{width}" height="{height}" viewBox="{x} {y} {width} {height}">'
        f"<style>{drawing_css(theme)}</style>"
        f'<rect class="paper" x="{x}" y="{y}" width="{width}" height="{height}"/>'
    )
    return head + _HIT_PATHS.sub("", clean[root.end() :])


def _refuse_entity(name: str, *_: object) -> None:
    raise DrawingFailed(f"Graphviz wrote a drawing that declares the entity {name!r}: it is not shown.")


@dataclass(slots=True)
class _Run:
    """A piece of text with one look."""

    x: str
    y: str
    anchor: str
    size: str
    look: str
    content: str = ""


@dataclass(slots=True)
class _Group:
    """An open group: what it is, and where its start tag lies in the parts."""

    kind: str
    at: int


class _Cleaner:
    """Receives the parser's events and collects the parts of the clean drawing."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._closing: list[str] = []  # what each open element writes at its end
        self._groups: list[_Group] = []
        self._runs: list[_Run] = []
        self._run: _Run | None = None
        self._skipped = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped or self._run is not None:
            self._skipped += 1
            return
        if name == "text":
            self._run = _Run(
                attributes.get("x", "0"),
                attributes.get("y", "0"),
                attributes.get("text-anchor", "start"),
                attributes.get("font-size", _BASE_SIZE),
                _look(attributes),
            )
            return
        self._flush_text()
        if name in _GEOMETRY:
            self._shape(name, attributes)
            self._closing.append("")
        elif name == "g":
            self._open_group(attributes)
        elif name == "a" and self._groups:
            self._open_link(attributes)
        elif name == "svg" and not self._closing:
            self._open_root(attributes)
        else:
            self._skipped = 1

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        if name == "text":
            if self._run is not None:
                self._runs.append(self._run)
                self._run = None
            return
        self._flush_text()
        closing = self._closing.pop()
        if closing == "</g>":
            self._groups.pop()
        self.parts.append(closing)

    def characters(self, data: str) -> None:
        if self._run is not None and not self._skipped:
            self._run.content += data

    def _open_root(self, attributes: dict[str, str]) -> None:
        view = attributes.get("viewBox", "")
        box = f' viewBox="{view}"' if _COORDINATES.fullmatch(view) else ""
        self.parts.append(
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" font-size="{BASE_FONT_SIZE:g}"{box}>'
        )
        self._closing.append("</svg>")

    def _open_group(self, attributes: dict[str, str]) -> None:
        identifier = attributes.get("id", "")
        if identifier.startswith("a_"):  # the wrapper that Graphviz puts around a link
            self._closing.append("")
            return
        classes = attributes.get("class", "")
        tag = "<g"
        if _IDENTIFIER.fullmatch(identifier):
            tag += f' id="{identifier}"'
        if _CLASSES.fullmatch(classes):
            tag += f' class="{classes}"'
        transform = attributes.get("transform", "")
        if transform and _TRANSFORM.fullmatch(transform):
            tag += f' transform="{transform}"'
        self._groups.append(_Group(classes.partition(" ")[0], len(self.parts)))
        self.parts += (tag, ">")
        self._closing.append("</g>")

    def _open_link(self, attributes: dict[str, str]) -> None:
        label = attributes.get("xlink:title", "").strip()
        named = f' aria-label="{escape(label)}"' if label else ""
        link = attributes.get("xlink:href", attributes.get("href", ""))
        if link and _SAFE_LINK.fullmatch(link):
            self.parts.append(f'<a href="{escape(link)}"{named}>')
            self._closing.append("</a>")
            return
        if named:
            self.parts[self._groups[-1].at] += f' role="img"{named}'
        self._closing.append("")

    def _shape(self, name: str, attributes: dict[str, str]) -> None:
        kind = self._groups[-1].kind if self._groups else ""
        if kind == "graph" and name == "polygon":  # the background
            return
        kept = [
            f' {key}="{attributes[key]}"'
            for key in _GEOMETRY[name]
            if key in attributes and _COORDINATES.fullmatch(attributes[key])
        ]
        tail = "".join(kept) + "/>"
        if kind == "edge" and name == "path":
            self.parts.append(f'<path class="hit"{tail}')
        self.parts.append(f"<{name}{tail}")

    def _flush_text(self) -> None:
        runs = self._runs
        if not runs:
            return
        self._runs = []
        line: list[_Run] = []
        for run in runs:
            if line and not (run.y == line[0].y and run.anchor == line[0].anchor == "start"):
                self._write_line(line)
                line = []
            line.append(run)
        self._write_line(line)

    def _write_line(self, line: list[_Run]) -> None:
        first = line[0]
        if not (_NUMBER.fullmatch(first.x) and _NUMBER.fullmatch(first.y)):
            return
        tag = f'<text x="{first.x}" y="{first.y}"'
        if first.anchor in ("middle", "end"):
            tag += f' text-anchor="{first.anchor}"'
        if len(line) == 1:
            self.parts.append(f"{tag}{_appearance(first)}>{escape(first.content, quote=False)}</text>")
            return
        spans = (f"<tspan{_appearance(run)}>{escape(run.content, quote=False)}</tspan>" for run in line)
        self.parts.append(f"{tag}>{''.join(spans)}</text>")


def _look(attributes: dict[str, str]) -> str:
    look = []
    if attributes.get("font-weight") == "bold" or attributes.get("font-family") == BOLD_FONT:
        look.append("b")
    if attributes.get("fill", "") in MUTED_COLOURS:
        look.append("muted")
    return " ".join(look)


def _appearance(run: _Run) -> str:
    look = f' class="{run.look}"' if run.look else ""
    if run.size != _BASE_SIZE and _NUMBER.fullmatch(run.size):
        return f'{look} font-size="{float(run.size):g}"'
    return look
