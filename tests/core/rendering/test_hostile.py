"""Whatever people type into labels, drawings stay drawings: and this test would notice if they did not."""

from __future__ import annotations

import random
import re
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner_core.items import Task
from planner_core.plan import Plan
from planner_core.ranks import ranks
from planner_core.rendering import dot, graphviz, task_box
from planner_core.rendering.plan_graph import plan_graph_dot
from planner_core.rendering.pool import DrawingFailed
from planner_core.rendering.svg import clean_svg
from planner_core.rendering.text import clean_text
from planner_core.rendering.timeline import Bar, Lane, TimelineInput, bar_label, timeline_dot
from tests.core.rendering.drawings import SVG, by_id, lines_of

MINUTES = 4000
ATTACKS = (
    'x", URL="javascript:alert(1)',
    'x", image="/etc/passwd',
    'x"]; evil [label="y',
    'x\\"]; evil [label=\\"y',
    "x\\",
    "\\N \\G \\E \\L",
    "<b>bold</b>",
    "<<b>bold</b>>",
    '<table><tr><td href="javascript:alert(1)">x</td></tr></table>',
    '<img src="/etc/passwd"/>',
    "</td></tr></table>> , URL=<javascript:alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#0; &#xFFFE; &bogus; &amp;amp;",
    "<script>alert(1)</script>",
    "]]><!--",
    'font" onclick="alert(1)',
    "x\", fontname=\"a' onclick='alert(1)",
    'x", stylesheet="https://evil.example/x.css',
    "*/ } graph { // # \n evil -> evil2;",
    "\u202egnp.exe\u2066\u2069",
    "\ud800\udfff\ufffe\uffff",
    "a\x00b\x08c\x1bd\x7fe\x85f\u2028g",
    "%s %(x)s {0} ${x} `id`",
)
HOSTILE = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(max_size=30),
    st.lists(st.one_of(st.sampled_from(ATTACKS), st.text(max_size=5)), max_size=3).map("".join),
    st.text(alphabet='\\"<>&;[]{}=/*#\n\tNGl', max_size=20),
)
ELEMENTS = {f"{SVG}{name}" for name in ("svg", "g", "a", "path", "polygon", "polyline", "text", "tspan")}
ATTRIBUTES = {
    *("xmlns", "class", "id", "viewBox", "font-size", "transform", "d", "points", "x", "y", "text-anchor"),
    *("role", "aria-label", "href"),
}


def timeline(labels: list[str]) -> TimelineInput:
    """One lane with one wide bar for each label, which is also its agent's name."""
    bars = tuple(Bar(f"u{n}", label, label, n * MINUTES, (n + 1) * MINUTES) for n, label in enumerate(labels))
    end = len(bars) * MINUTES
    lanes = (Lane("".join(labels)[:30], bars),)
    return TimelineInput((), lanes, end, end, 0, 1.0, link="/tasks/{uid}/")


def problems(raw: str, labels: list[str]) -> list[str]:
    """What is wrong with a drawn timeline of these labels: none, one hopes."""
    found = []
    clean = clean_svg(raw)
    root = ElementTree.fromstring(clean)
    for element in root.iter():
        if element.tag not in ELEMENTS or not element.attrib.keys() <= ATTRIBUTES:
            found.append(f"active content: {element.tag} {sorted(element.attrib)}")
        if not re.fullmatch(r"/tasks/u\d+/", element.get("href", "/tasks/u0/")):
            found.append(f"strange link: {element.get('href')}")
    for link in re.findall(r'xlink:href="([^"]*)"', raw):
        if not re.fullmatch(r"/tasks/u\d+/", link):
            found.append(f"Graphviz was made to link to {link}")
    if "<image" in raw or "<?xml-stylesheet" in raw:
        found.append("Graphviz was made to load a file")
    found += [f"strange bar: {name}" for name in bar_ids(root) ^ {f"bar-u{n}" for n in range(len(labels))}]
    found += wrong_labels(root, labels)
    return found


def bar_ids(root: ElementTree.Element) -> set[str]:
    return {g.get("id", "") for g in root.iter(f"{SVG}g") if "bar" in g.get("class", "").split()}


def wrong_labels(root: ElementTree.Element, labels: list[str]) -> list[str]:
    """The labels that do not show exactly what was typed."""
    scale = None
    wrong = []
    for number, label in enumerate(labels):
        group = root.find(f".//*[@id='bar-u{number}']")
        if group is None:
            continue
        xs = [float(x) for x in re.findall(r"(-?[\d.]+),", next(group.iter(f"{SVG}path")).get("d", ""))]
        scale = scale or (max(xs) - min(xs))
        expected, _ = bar_label(Bar("u", label, label, 0, MINUTES), scale - 5)
        shown = "".join(lines_of(group))
        if shown != expected and not (shown.endswith("…") or expected.endswith("…")):
            wrong.append(f"{label!r} is shown as {shown!r}")
    return wrong


@given(st.lists(HOSTILE, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_label_is_only_text(engine: str, labels: list[str]) -> None:
    """Labels are shown as typed; they add no bar, no link, no file, no element, no attribute."""
    assert problems(graphviz.render_svg(timeline_dot(timeline(labels))), labels) == []


def test_five_thousand_hostile_labels(engine: str) -> None:
    """So do five thousand mixtures of known attacks."""
    rnd = random.Random(5)
    for _ in range(20):
        labels = [
            "".join(rnd.choices(ATTACKS, k=rnd.randint(1, 2)))[: rnd.randint(1, 60)] for _ in range(250)
        ]
        assert problems(graphviz.render_svg(timeline_dot(timeline(labels))), labels) == []


@pytest.mark.parametrize("attack", ATTACKS[:6])
def test_the_check_fails_without_escaping(engine: str, attack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With escaping taken out the check finds every attack on DOT: it is a real one."""
    monkeypatch.setattr(dot, "escape_label", lambda text: text)
    source = timeline_dot(timeline([attack]))
    try:
        found = problems(graphviz.render_svg(source), [attack])
    except DrawingFailed:
        found = ["no drawing at all"]
    assert found


def boxes(titles: list[str]) -> Plan:
    """A plan with these titles, as far as a plan takes them."""
    places = ranks(len(titles))
    return Plan(tasks=tuple(Task(f"u{n}", f"T{n}", places[n], title) for n, title in enumerate(titles)))


def plan_problems(titles: list[str]) -> list[str]:
    """What is wrong with the plan graph of these titles."""
    try:
        raw = graphviz.render_svg(plan_graph_dot(boxes(titles)))
    except DrawingFailed as error:
        return [str(error)]
    root = ElementTree.fromstring(clean_svg(raw))
    names = {g.get("id") for g in root.iter(f"{SVG}g") if "node" in g.get("class", "")}
    found = [f"strange box: {name}" for name in names ^ {f"task-u{n}" for n in range(len(titles))}]
    for number, title in enumerate(titles):
        lines = lines_of(by_id(root, f"task-u{number}"))
        expected = [f"T{number} {clean_text(title)}", "30m assumed"]
        is_cut = lines[1:] == expected[1:] and lines[0].endswith("…")
        if lines != expected and not is_cut:
            found.append(f"{title!r} is shown as {lines!r}")
    if "<image" in raw or "javascript:" in "".join(re.findall(r'href="[^"]*"', raw)):
        found.append("active content")
    return found


TYPED = [attack for attack in ATTACKS if attack.isprintable()]


def test_titles_in_markup_are_only_text(engine: str) -> None:
    """Boxes are made of markup; titles in them stay text."""
    assert plan_problems(TYPED) == []


def test_the_check_of_markup_fails_without_escaping(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With escaping taken out the check finds the attacks on markup."""
    monkeypatch.setattr(task_box, "escape_markup", lambda text: text)
    for attack in ("<b>bold</b>", '<img src="/etc/passwd"/>', "&lt;i&gt;", "\\N", "a < b"):
        assert plan_problems([attack]) != [], attack
