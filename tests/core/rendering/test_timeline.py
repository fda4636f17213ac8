"""The timeline: what is where, on one axis."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner_core.rendering import graphviz
from planner_core.rendering.svg import clean_svg
from planner_core.rendering.text import text_width
from planner_core.rendering.timeline import (
    WIDEST,
    Band,
    Bar,
    HandOver,
    Lane,
    TimelineInput,
    axis_step,
    bar_label,
    timeline_dot,
)

A = Bar("a", "T1", "Comment model", 0, 45, critical=True)
B = Bar("b", "T2", "Comment repository", 45, 105, assumed=True)
C = Bar("c", "T3", "Comment page", 45, 165, critical=True)
TIMELINE = TimelineInput(
    sequential=(A, B, replace(C, start=105, finish=225)),
    lanes=(Lane("Ada", (A, B), 64), Lane("Grace", (C,), 73)),
    sequential_makespan=225,
    parallel_makespan=165,
    saved=60,
    speedup=225 / 165,
    hand_overs=(HandOver("a", "c"), HandOver("a", "b")),
    bands=(Band("Foundation", 0, 45), Band("API", 45, 165)),
    link="/plans/7/tasks/{uid}/",
)


def drawn(timeline: TimelineInput, width: float = 960) -> ElementTree.Element:
    return ElementTree.fromstring(clean_svg(graphviz.render_svg(timeline_dot(timeline, width=width))))


def spans(root: ElementTree.Element, prefix: str) -> dict[str, tuple[float, float]]:
    """The left and right edge of each bar whose id starts so."""
    found = {}
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        if group.get("id", "").startswith(prefix):
            path = group.find(".//{http://www.w3.org/2000/svg}path")
            assert path is not None
            xs = [float(pair.split(",")[0]) for pair in re.findall(r"-?[\d.]+,-?[\d.]+", path.get("d", ""))]
            found[group.get("id", "")] = (min(xs), max(xs))
    return found


def test_bars_lie_on_one_axis(engine: str) -> None:
    """A minute is equally long everywhere: bars in both rows start and end in proportion."""
    root = drawn(TIMELINE)
    lanes, sequential = spans(root, "bar-"), spans(root, "seq-")
    assert lanes.keys() == {"bar-a", "bar-b", "bar-c"}
    left, right = sequential["seq-a"][0], sequential["seq-c"][1]
    scale = (right - left) / 225
    for name, start, finish in (("bar-a", 0, 45), ("bar-b", 45, 105), ("bar-c", 45, 165)):
        assert lanes[name] == pytest.approx((left + start * scale, left + finish * scale), abs=0.5)


def test_bars_have_classes_links_and_names(engine: str) -> None:
    """Critical and assumed bars say so, in their class and in words; each leads to its task."""
    root = drawn(TIMELINE)
    critical, assumed = root.find(".//*[@id='bar-a']"), root.find(".//*[@id='bar-b']")
    assert critical is not None
    assert assumed is not None
    assert (critical.get("class"), assumed.get("class")) == ("node bar crit", "node bar assumed")
    assert [(link.get("href"), link.get("aria-label")) for link in (critical[0], assumed[0])] == [
        ("/plans/7/tasks/a/", "T1 Comment model · 0m to 45m · 45m · Ada · critical path"),
        ("/plans/7/tasks/b/", "T2 Comment repository · 45m to 1h 45m · 1h (assumed) · Ada"),
    ]


def test_says_the_figures(engine: str) -> None:
    """Makespans, the time saved, the speedup, how busy each agent is and the phases' names can be read."""
    texts = {"".join(text.itertext()) for text in drawn(TIMELINE).iter("{http://www.w3.org/2000/svg}text")}
    assert texts >= {
        "Sequential",
        "1 agent · 3h 45m",
        "Parallel · 2 agents · 2h 45m",
        "1h saved",
        "1.4× faster than one agent",
        "Ada",
        "busy 73%",
        "Foundation",
        "1h",
    }


def test_narrow_drawings_say_the_saving_in_the_heading() -> None:
    """Where the saved area is too small for its figures they follow the heading."""
    source = timeline_dot(TIMELINE, width=320)
    assert '"Parallel · 2 agents · 2h 45m · 1h saved' in source
    assert 'class="gain"' not in source


def test_hand_overs_join_lanes_only() -> None:
    """An arrow is drawn between lanes; within one lane the bars already follow each other."""
    source = timeline_dot(TIMELINE)
    assert 'id="hand-a--c"' in source
    assert 'id="hand-a--b"' not in source


def test_no_saving_no_area() -> None:
    """A plan that one agent does as quickly shows no saved time."""
    source = timeline_dot(replace(TIMELINE, parallel_makespan=225, saved=0, speedup=1.0))
    assert 'class="saved"' not in source
    assert "saved" not in source


def test_an_empty_plan_is_drawn(engine: str) -> None:
    """Without tasks there is an axis and nothing breaks."""
    empty = TimelineInput((), (Lane("Agent 1"),), 0, 0, 0, 1.0)
    assert spans(drawn(empty), "bar-") == {}


def test_long_plans_get_wider() -> None:
    """A long plan outgrows the width asked for, so that most bars stay readable, but not without bound."""
    bars = tuple(Bar(f"t{n}", f"T{n}", "", n * 30, n * 30 + 30) for n in range(200))
    long = TimelineInput(bars, (Lane("Agent 1", bars),), 6000, 6000, 0, 1.0)
    width = float(drawn(long).get("viewBox", "").split()[2])
    assert 200 * 24 <= width <= WIDEST


@pytest.mark.parametrize(("scale", "step"), [(10, 15), (1, 60), (0.5, 120), (0.1, 960), (0.00001, 240000)])
def test_ticks_have_room(scale: float, step: int) -> None:
    """Ticks lie an even time apart, with room for their labels."""
    assert axis_step(60, scale) == step


@given(st.text(min_size=1, max_size=12), st.text(max_size=40), st.floats(0, 200), st.booleans())
def test_a_bars_label_fits(key: str, title: str, width: float, critical: bool) -> None:
    """A label is never wider than its bar."""
    label, size = bar_label(Bar("u", key, title, 0, 30, critical), width)
    assert text_width(label, size) <= width + 1e-6


def test_source_is_the_same_every_time() -> None:
    """The same timeline gives the same source: drawings are cached by it."""
    assert timeline_dot(TIMELINE) == timeline_dot(TIMELINE)
    assert timeline_dot(TIMELINE) != timeline_dot(TIMELINE, theme="dark")
