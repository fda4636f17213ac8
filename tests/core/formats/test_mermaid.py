"""Mermaid diagrams: every task a box or a bar, and nothing typed becomes syntax."""

from __future__ import annotations

import re

from hypothesis import given, settings

import planner_core as core
from planner_core.formats import mermaid, mermaid_gantt
from planner_core.formats.document import Document
from planner_core.formats.mermaid import MAX_LINES, escaped, write_flowchart
from planner_core.formats.mermaid_gantt import write_gantt
from planner_core.formats.registry import all_formats
from planner_core.items import TaskProgress
from planner_core.scheduling.comparison import compare
from planner_core.vocabulary import Status
from tests.core.short_plans import plan, task
from tests.core.strategies import lines, plans

BOX = re.compile(r' *t\d+\["[^"\[\]{}|<>`]*<br>[^"<>]*"\]')
GROUP = re.compile(r' *subgraph [pt]\d+\["[^"\[\]{}|<>`]*"\]')
REST = re.compile(
    r" *end|  t\d+ --> t\d+|  t\d+ -\. \"[a-z ,]+\" \.- t\d+|  classDef .*|  class t[t\d,]+ \w+"
)
BAR = re.compile(
    r"  [^:;\n]*(?:#\d+;[^:;\n]*)* :(?:(?:done|active|crit|milestone), )*"
    r"t\d+, 20\d\d-\d\d-\d\d \d\d:\d\d, \d+m"
)


@given(lines())
def test_escaped_texts_hold_no_syntax(text: str) -> None:
    """Of what people typed letters, digits and a few signs stay; the rest are numbers that say the same."""
    safe = escaped(text)
    assert re.sub(r"#(\d+);", lambda found: chr(int(found[1])), safe) == text
    assert not set(re.sub(r"#\d+;", "", safe)) & set('"`[]{}<>|:;#&*_%\\')


@given(plans())
@settings(max_examples=100, deadline=None)
def test_a_flowchart_has_known_lines_only(content: core.Plan) -> None:
    """Whatever a plan holds, each line is one of those that we write, with a box for each task."""
    head, rule, kind, *rest = write_flowchart(Document(content)).text.removeprefix("---\n").splitlines()
    assert head.startswith('title: "')
    assert (rule, kind) == ("---", "flowchart LR")
    assert all(BOX.fullmatch(line) or GROUP.fullmatch(line) or REST.fullmatch(line) for line in rest)
    assert sum(BOX.fullmatch(line) is not None for line in rest) == len(content.leaves)
    assert sum(" --> " in line for line in rest) == len(content.dependencies)
    groups = sum(GROUP.fullmatch(line) is not None for line in rest)
    assert groups == sum(line.strip() == "end" for line in rest)
    assert groups >= len(content.children)


@given(plans())
@settings(max_examples=60, deadline=None)
def test_a_gantt_chart_has_a_bar_for_each_task(content: core.Plan) -> None:
    """Bars are as long as their tasks and nothing typed ends a line or starts a command."""
    text = write_gantt(Document(content)).text
    bars = [line for line in text.split("\n") if BAR.fullmatch(line)]
    assert len(bars) == len(content.leaves)
    minutes = sum(int(line.rsplit(", ", 1)[1].removesuffix("m")) for line in bars)
    assert minutes == sum(content.duration_of(each) for each in content.leaves)


def test_phases_and_summary_tasks_are_boxes_around_their_tasks() -> None:
    """A task stands in its phase, a part in its summary task; conflicts are dotted lines with their kind."""
    content = plan(
        task("A", title="One", phase="p", modifies=["x"]),
        task("S"),
        task("B", parent="s", modifies=["x"], estimate=45),
        links=[],
        phases=(core.Phase("p", "First", "i"),),
    )
    assert write_flowchart(Document(content, {"a": TaskProgress(Status.COMPLETED)})).text.splitlines()[
        4:
    ] == [
        '  subgraph p1["First"]',
        '    t1["A#58; One<br>30m assumed"]',
        "  end",
        '  subgraph t2["S"]',
        '    t3["B<br>45m"]',
        "  end",
        '  t1 -. "file" .- t3',
        "  classDef done fill:#d7f0dd,stroke:#2e7d4f,color:#14351f",
        "  class t1 done",
    ]


def test_no_more_lines_are_drawn_than_mermaid_draws() -> None:
    """Where too many pairs collide, the rest is counted in a note."""
    content = plan(*(task(f"T{number}", modifies=["x"]) for number in range(40)))
    written = write_flowchart(Document(content))
    assert written.text.count(" .- ") == MAX_LINES
    assert any("280 more pairs" in note.message for note in written.lost)


def test_bars_stand_where_the_schedule_puts_them() -> None:
    """A bar starts at its task's start, in its agent's section, and critical ones and milestones say so."""
    content = plan(
        task("A", estimate=45), task("B", estimate=30), task("C", estimate=0), links=["A>C"], agent_count=2
    )
    text = write_gantt(Document(content, {"b": TaskProgress(Status.IN_PROGRESS)})).text
    assert "  A :crit, t1, 2000-01-01 00:00, 45m" in text
    assert "  B :active, t2, 2000-01-01 00:00, 30m" in text
    assert "milestone, t3, 2000-01-01 00:45, 0m" in text
    assert text.count("  section ") == 2
    assert compare(content).parallel.makespan == 45


def test_names_that_look_like_commands_are_names() -> None:
    """A task called like a command or starting with a date is still a bar."""
    content = plan(
        *(core.Task(f"u{i}", key, "i") for i, key in enumerate(("section 2", "Title", "2025-01-15")))
    )
    text = write_gantt(Document(content)).text
    assert "  #115;ection 2 :" in text
    assert "  #84;itle :" in text
    assert "  #50;025-01-15 :" in text


def test_long_plans_count_their_days() -> None:
    """Beyond a day the axis shows days; what the chart leaves out is named."""
    content = plan(task("A", estimate=2_000), task("S"), task("B", parent="s"), links=["A>S"])
    written = write_gantt(Document(content))
    assert "axisFormat day %j, %H:%M" in written.text
    messages = {(note.task, note.message) for note in written.lost}
    assert ("S", "It is a summary task, which has no bar.") in messages
    assert (None, "The dependencies are left out (1): bars show when, not why.") in messages


def test_both_are_in_the_registry_and_read_nothing() -> None:
    """The diagrams are formats to write, and no file is taken for one."""
    assert {mermaid.FORMAT, mermaid_gantt.FORMAT} <= set(all_formats())
    assert mermaid.FORMAT.read is None
    assert mermaid_gantt.FORMAT.read is None
