"""CSV: tables as people keep them are read, and what is written is read back."""

from __future__ import annotations

import csv
import io
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats import Document, Source, detected_format, format_named
from planner_core.formats.csv_tasks.columns import guarded, joined_list, split_list, unguarded
from planner_core.items import Claim
from planner_core.vocabulary import ClaimMode, Layer, Status
from tests.core.formats.round_trip import assert_named_exactly, round_trip
from tests.core.strategies import lines, plans, progress_of

SPREADSHEET = """\
ID;Task;Duration;Predecessors;Files;Assignee;State;Prio;Colour
MT 1;"Parse the
header";1h 30m;;src/parse.py, src/{lex,scan}.py;Mira;Done;high;red
MT 2;Print;soon;MT 1, MT 3;./src/print.py;;doing;7;

MT 3;Check;45;MT 9;;;odd;;;late
"""


def read(text: str, name: str = "plan.csv") -> Document:
    numbers = count()
    reader = format_named("csv").read
    assert reader is not None
    (document,) = reader(Source.of(name, text), new_uid=lambda: f"u{next(numbers)}")
    return document


def test_a_spreadsheet_is_read_as_people_keep_it() -> None:
    """Another delimiter, other headings, lists in cells, words for statuses and priorities."""
    document = read(SPREADSHEET, "spring_release.csv")
    plan = document.plan
    assert (plan.title, document.name) == ("spring release", "spring release")
    first, second, third = plan.tasks
    assert (first.key, first.title, first.estimate, first.priority) == ("MT 1", "Parse the header", 90, 2)
    assert [claim.pattern for claim in first.claims] == ["src/lex.py", "src/parse.py", "src/scan.py"]
    assert [agent.name for agent in plan.agents] == ["Mira"]
    assert [document.progress[task.uid].status for task in (first, second)] == [
        Status.COMPLETED,
        Status.IN_PROGRESS,
    ]
    assert plan.predecessors_of(second.uid) == (first, third)
    assert second.claims == (Claim(ClaimMode.MODIFIES, "src/print.py"),)
    assert (third.estimate, third.priority) == (45, 3)


def test_what_a_table_says_and_a_plan_does_not_hold_is_noted_with_its_line() -> None:
    """Unknown columns, cells that mean nothing, dangling keys: each with the line that its row starts in."""
    report = read(SPREADSHEET).report
    assert report is not None
    assert (report.tasks, report.dependencies, report.claims) == (3, 2, 4)
    lost = [(note.line, note.task, note.message) for note in report.lost]
    assert [(line, task) for line, task, _ in lost] == [
        (1, None),
        (4, "MT 2"),
        (6, "MT 3"),
        (6, "MT 3"),
        (6, "MT 3"),
    ]
    for said, (_, _, message) in zip(("Colour", "soon", "odd", "late", "MT 9"), lost, strict=True):
        assert said in message
    assert [note.line for note in report.repaired] == [2, 2, 2, 4, 4]


def test_tasks_without_keys_are_numbered() -> None:
    """A table with titles only is a plan, and the keys are reported as guessed."""
    document = read("title,hours\nSow,1.5\nReap,2\n")
    assert [(task.key, task.title, task.estimate) for task in document.plan.tasks] == [
        ("T001", "Sow", 90),
        ("T002", "Reap", 120),
    ]
    assert document.report is not None
    assert "numbered" in document.report.guessed[0].message


def test_keys_apart_by_spaces_are_told_apart_where_all_are_known() -> None:
    """A cell that is no key, but whose words are keys, names several tasks."""
    document = read("key,after\nA,\nB,\nC,A B\nD,A X\n")
    plan = document.plan
    assert [task.key for task in plan.predecessors_of(plan.task_by_key["C"].uid)] == ["A", "B"]
    assert document.report is not None
    assert [(note.line, note.task) for note in document.report.lost] == [(5, "D")]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "no column"),
        ("colour,shape\nred,round\n", 1, "no column"),
        ('key,title\nA,"never closed\nB,b\n', 2, "not readable"),
    ],
)
def test_what_is_no_table_of_tasks_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    """The message says what is expected, and where."""
    with pytest.raises(core.InvalidPlan) as refusal:
        read(text)
    (problem,) = refusal.value.problems
    assert problem.line == line
    assert said in problem.message


@pytest.mark.parametrize(
    "text",
    ["sep=;\nkey;title\nA;a\n", "key\ttitle\nA\ta\n", '\ufeff"Key","Title"\r\nA,a\r\n', "id|name\nA|a"],
)
def test_a_table_is_detected_whatever_its_delimiter(text: str) -> None:
    """Its header tells: keys or titles and one column more."""
    source = Source.of("plan", text)
    assert detected_format(source).name == "csv"
    assert [(task.key, task.title) for task in read(text).plan.tasks] == [("A", "a")]


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_written_table_is_read_back_but_for_what_was_named(data: st.DataObject) -> None:
    """Import of export keeps all that columns hold; the notes name exactly the rest."""
    plan = data.draw(plans())
    trip = round_trip("csv", Document(plan, data.draw(progress_of(plan))))
    assert_named_exactly(trip)
    assert trip.back.report is not None
    assert trip.back.report.lost == trip.back.report.repaired == ()
    assert {fact.aspect for fact in trip.missing if fact.task} == set()


def test_what_is_written_follows_the_standard_and_runs_nothing() -> None:
    """Lines end with CR LF, every row is as wide as the header, and no cell starts a formula."""
    task = core.Task("a", "=A", "m", title="+1", description='say "hi"\n-x', layer=Layer.API)
    write = format_named("csv").write
    assert write is not None
    text = write(Document(core.Plan(tasks=(task,)))).text
    assert text.endswith("\r\n")
    header, row = csv.reader(io.StringIO(text, newline=""))
    assert len(row) == len(header)
    assert (row[0], row[1], row[-1]) == ("'=A", "'+1", 'say "hi"\n-x')


@given(st.lists(lines() | st.text('a;,"{}\n ', min_size=1).map(str.strip).filter(bool)))
def test_lists_in_cells_come_apart_as_they_were_joined(entries: list[str]) -> None:
    """Whatever entries hold, and whichever separators are looked for."""
    for separators in (";\n", ",;\n"):
        assert split_list(joined_list(entries), separators) == entries


@given(st.text("'=+-@a"))
def test_guarding_a_cell_is_undone_exactly(cell: str) -> None:
    """An apostrophe that was there stays; one that was added goes."""
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(tuple("=+-@"))
