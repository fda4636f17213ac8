"""Cleaning: what is kept, what goes, and stand-alone files."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from planner_core.rendering import graphviz
from planner_core.rendering.pool import DrawingFailed
from planner_core.rendering.svg import clean_svg, standalone_svg
from planner_core.rendering.theme import ThemeName

SVG = "{http://www.w3.org/2000/svg}"
LABEL = (
    '<table border="0" cellborder="0" cellspacing="0"><tr><td align="left"><b>T1</b>  Comment model</td></tr>'
    '<tr><td align="left"><font point-size="9" color="#516074">src/** · 20m</font></td></tr></table>'
)
SOURCE = f"""digraph {{ graph [tooltip="all"];
  a [id="task-1", class="task crit", label=<{LABEL}>, tooltip="T1 waits for nothing", shape=box];
  b [id="task-2", class="task", URL="/plans/1/?task=2&amp;x=1", tooltip="T2"];
  a -> b [id="dep-1--2", class="dep"] }}"""


def drawn(source: str = SOURCE) -> ElementTree.Element:
    return ElementTree.fromstring(clean_svg(graphviz.render_svg(source)))


def by_id(root: ElementTree.Element, identifier: str) -> ElementTree.Element:
    found = root.find(f".//*[@id='{identifier}']")
    assert found is not None
    return found


def wrapped(inside: str) -> str:
    return f'<svg viewBox="0 0 9 9"><g id="graph0" class="graph">{inside}</g></svg>'


def test_keeps_ids_and_classes(engine: str) -> None:
    """Generated ids come out unescaped, with their classes; Graphviz's own ids go."""
    root = drawn()
    assert {e.get("id"): e.get("class") for e in root.iter() if e.get("id")} == {
        "task-1": "node task crit",
        "task-2": "node task",
        "dep-1--2": "edge dep",
    }


def test_drops_what_css_decides(engine: str) -> None:
    """No colour, font, size or title of Graphviz is left, and neither is the background."""
    text = clean_svg(graphviz.render_svg(SOURCE))
    decided = ("fill=", "stroke", "font-family", "font-weight", "width=", "height=")
    for gone in (*decided, "<title", "<!--", "xlink"):
        assert gone not in text
    graph = drawn().find(f"{SVG}g")
    assert graph is not None
    assert graph.findall(f"{SVG}polygon") == []


def test_keeps_the_view_box(engine: str) -> None:
    """The viewBox stays: it is the client's camera."""
    box = [float(number) for number in drawn().get("viewBox", "").split()]
    assert len(box) == 4
    assert min(box[2:]) > 50


def test_tooltips_become_names(engine: str) -> None:
    """A tooltip names the group, or the link where there is one."""
    root = drawn()
    first = by_id(root, "task-1")
    assert (first.get("role"), first.get("aria-label")) == ("img", "T1 waits for nothing")
    link = by_id(root, "task-2").find(f"{SVG}a")
    assert link is not None
    assert (link.get("href"), link.get("aria-label")) == ("/plans/1/?task=2&x=1", "T2")


def test_a_blank_tooltip_is_none(engine: str) -> None:
    """The drawing as a whole has no name: a named image must hold no links, and the page names its frame."""
    graph = drawn(SOURCE.replace('tooltip="all"', 'tooltip=" "')).find(f"{SVG}g")
    assert graph is not None
    assert (graph.get("role"), graph.get("aria-label")) == (None, None)


def test_runs_on_one_line_become_one_text(engine: str) -> None:
    """The bold key and the title are one text element, the smaller line below another."""
    texts = by_id(drawn(), "task-1").findall(f"{SVG}text")
    assert [[(span.get("class"), (span.text or "").strip()) for span in text] for text in texts] == [
        [("b", "T1"), (None, "Comment model")],
        [],
    ]
    assert (texts[1].get("class"), texts[1].text) == ("muted", "src/** · 20m")


def test_edges_get_a_hit_area(engine: str) -> None:
    """Each edge's path is there twice, first with the class for the pointer."""
    edge = by_id(drawn(), "dep-1--2")
    paths = edge.findall(f"{SVG}path")
    assert [path.get("class") for path in paths] == ["hit", None]
    assert paths[0].get("d") == paths[1].get("d")


@pytest.mark.parametrize(
    "active",
    [
        "<script>alert(1)</script>",
        "<style>*{display:none}</style>",
        "<foreignObject><body/></foreignObject>",
        '<image href="file:///etc/passwd"/>',
        '<use href="http://evil.example/#x"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<g onclick="alert(1)" style="background:url(//evil.example)"/>',
        '<path d="M0,0" onload="alert(1)" fill="url(//evil.example)"/>',
        '<path d="M0,0 url(evil)"/>',
        '<a xlink:href="javascript:alert(1)"><path d="M0,0"/></a>',
        '<a href="//evil.example/"><path d="M0,0"/></a>',
        '<a href="https://evil.example/"><path d="M0,0"/></a>',
        '<a href="/\\evil.example/"><path d="M0,0"/></a>',
        '<text x="0" y="0">a<script>alert(1)</script></text>',
        "<!-- evil --><?evil evil?><title>evil</title>",
        '<g id="x y" class="a&quot;evil" transform="evil(1)"/>',
    ],
)
def test_active_content_goes(active: str) -> None:
    """Nothing that could run, load or lead elsewhere passes."""
    text = clean_svg(wrapped(active))
    ElementTree.fromstring(text)
    for trace in ("alert", "evil", "script", "style", "href", "passwd", "url(", " on"):
        assert trace not in text.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "<svg>",
        "<svg><g></svg>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        "<svg>\x00</svg>",
        "\ud800",
    ],
)
def test_refuses_what_is_not_well_formed(broken: str) -> None:
    """Broken XML and declared entities raise DrawingFailed."""
    with pytest.raises(DrawingFailed):
        clean_svg(broken)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_standalone_file(engine: str, theme: ThemeName) -> None:
    """An exported file has its size, its colours and a background, and no hit areas."""
    text = standalone_svg(clean_svg(graphviz.render_svg(SOURCE)), theme=theme)
    root = ElementTree.fromstring(text)
    assert f"{root.get('width')} {root.get('height')}" == " ".join((root.get("viewBox") or "").split()[2:])
    assert ("#0b1020" in text) == (theme == "dark")
    assert "light-dark" not in text
    assert 'class="hit"' not in text


def test_standalone_takes_clean_drawings_only() -> None:
    """What did not come from the cleaner is refused."""
    with pytest.raises(DrawingFailed):
        standalone_svg("<p>no drawing</p>")
