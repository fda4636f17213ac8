"""A draft takes whatever a file says and ends as a valid plan, with a report that accounts for the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats import Document, Note, Report
from planner_core.formats.draft import Draft
from planner_core.items import Artefact
from planner_core.paths import check_pattern
from planner_core.plan import MAX_AGENTS, MAX_NESTING, MAX_TASKS
from planner_core.vocabulary import Layer, Status
from tests.core.strategies import HOSTILE_LINES, HOSTILE_TEXTS, PATTERNS

WILD_PATTERNS = (
    "./a.py", "/src/a.py", "/etc/passwd", "C:\\x\\y", "~/x", "../x", "a//b", "src\\a.py", "app/[id]/p.tsx",
    "a/{b,c}/{d,e}", "{" * 30 + "a,b" + "}" * 30, "{a,b}" * 9, "!x", "#x", "[", "a/***/b", "", " ", "\0",
    "`q.py`", "x" * 500, "a/.", ".", "/", "\\", "[...slug]", "[[...slug]]", "\ud800", "a\nb",
)  # fmt: skip
KEYS = ("A", "B", "C", "D", "E", " A ", "A~2", "", "\n", "x" * 90, "x" * 91, "\ud800", "MT 1.1", "a\x00b")


def wild_texts() -> st.SearchStrategy[str]:
    """What files hold: any characters, lone surrogates among them, and far too much of them."""
    long = st.sampled_from(["y" * 301, "z\n" * 11_000, "\x00\x1b[31m", "\ud800"])
    return st.text(max_size=20) | st.sampled_from(HOSTILE_LINES + HOSTILE_TEXTS) | long


def wild_lists() -> st.SearchStrategy[list[str]]:
    return st.lists(wild_texts(), max_size=3) | st.just(["entry"] * 600)


def wild_patterns() -> st.SearchStrategy[list[str]]:
    one = st.sampled_from(PATTERNS + WILD_PATTERNS) | st.text("ab/\\*?[]{},!.~ ", max_size=12)
    return st.lists(one, max_size=3)


def wild_numbers() -> st.SearchStrategy[int]:
    return st.integers(-3, 9) | st.sampled_from([10**9, -(10**400), 10**400])


def wild_moments() -> st.SearchStrategy[datetime | None]:
    zones = st.none() | st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])
    return st.none() | st.datetimes(timezones=zones)


def keys() -> st.SearchStrategy[str]:
    return st.sampled_from(KEYS)


@st.composite
def _tasks(draw: st.DrawFn) -> dict[str, Any]:
    fields: dict[str, st.SearchStrategy[Any]] = {
        "title": wild_texts(),
        "description": wild_texts(),
        "acceptance": wild_lists(),
        "estimate": st.none() | wild_numbers(),
        "priority": wild_numbers(),
        "layer": st.none() | st.sampled_from(Layer),
        "bounded_context": wild_texts(),
        "track": st.none() | wild_texts(),
        "phase": st.none() | wild_texts(),
        "parent": st.none() | keys(),
        "agent": st.none() | wild_texts(),
        "skills": wild_lists(),
        "parallel_safe": st.none() | st.booleans(),
        "decides": wild_lists(),
        "modifies": wild_patterns(),
        "creates": wild_patterns(),
        "reads": wild_patterns(),
        "status": st.none() | st.sampled_from(Status),
        "started": wild_moments(),
        "finished": wild_moments(),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(fields)), max_size=4))
    return {name: draw(fields[name]) for name in sorted(chosen)}


def new_draft(**fields: Any) -> Draft:
    numbers = count()
    return Draft("wild", **{"title": "Wild", "new_uid": lambda: f"u{next(numbers)}", **fields})


def report_of(document: Document) -> Report:
    assert document.report is not None
    return document.report


def notes_of(document: Document) -> list[Note]:
    report = report_of(document)
    return [*report.repaired, *report.guessed, *report.lost]


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_thrown_in_a_valid_plan_comes_out(data: st.DataObject) -> None:
    """Tasks, dependencies, verdicts and handoffs of any kind end as a plan; the report has its counts."""
    draft = new_draft(
        title=data.draw(wild_texts()),
        description=data.draw(wild_texts()),
        agent_count=data.draw(wild_numbers()),
    )
    given_keys = data.draw(st.lists(keys(), max_size=8))
    real = [draft.task(key, line=line, **data.draw(_tasks())) for line, key in enumerate(given_keys, 1)]
    for _ in range(data.draw(st.integers(0, 4))):
        first, second = data.draw(keys()), data.draw(keys())
        data.draw(st.sampled_from([draft.together, draft.never]))(first, second, data.draw(wild_texts()))
    for _ in range(data.draw(st.integers(0, 2))):
        ends = st.lists(keys(), max_size=3)
        draft.handoff(
            sources=data.draw(ends),
            receivers=data.draw(ends),
            summary=data.draw(wild_texts()),
            decisions=data.draw(wild_lists()),
            artefacts=[Artefact(data.draw(wild_texts()), use=data.draw(wild_texts()))],
        )
    document = draft.finish()
    plan = document.plan
    assert [task.key for task in plan.tasks] == real
    assert len(set(real)) == len(real)
    report = report_of(document)
    assert (report.format, report.tasks, report.dependencies) == ("wild", len(real), 0)
    assert report.claims == sum(len(task.claims) for task in plan.tasks)
    assert document.progress.keys() <= plan.task_by_uid.keys()
    assert all(note.message.isprintable() or " " in note.message for note in notes_of(document))


@given(st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_dependency_is_kept_or_accounted_for(data: st.DataObject) -> None:
    """A stated dependency is in the plan, or a note in its line says why not; none is left out needlessly."""
    size = data.draw(st.integers(1, 9))
    names = [f"T{number}" for number in range(size)]
    draft = new_draft()
    for name in names:
        draft.task(name, parent=data.draw(st.sampled_from([None, None, *names])))
    end = st.sampled_from([*names, "nowhere"])
    stated = data.draw(st.lists(st.tuples(end, end), max_size=20))
    for line, (successor, predecessor) in enumerate(stated, 1):
        draft.depends(successor, predecessor, line=line)
    document = draft.finish()
    plan = document.plan
    uids = {task.key: task.uid for task in plan.tasks}
    kept = {
        (plan.task_by_uid[d.successor].key, plan.task_by_uid[d.predecessor].key) for d in plan.dependencies
    }
    noted = {note.line for note in notes_of(document) if note.line}
    seen: set[tuple[str, str]] = set()
    for line, ends in enumerate(stated, 1):
        assert (line in noted) != (ends in kept and ends not in seen)
        seen.add(ends)
    for note in report_of(document).lost:
        successor, predecessor = stated[note.line - 1] if note.line else ("nowhere", "nowhere")
        if "nowhere" not in (successor, predecessor) and successor != predecessor:
            more = core.Dependency(uids[predecessor], uids[successor])
            with pytest.raises(core.InvalidPlan):
                replace(plan, dependencies=(*plan.dependencies, more))


@given(st.lists(st.sampled_from(PATTERNS + WILD_PATTERNS), max_size=5))
def test_patterns_become_claims_or_notes(patterns: list[str]) -> None:
    """Every pattern is claimed as it is, or mended or lost with a note that names the task and the line."""
    draft = new_draft()
    draft.task("A", line=7, modifies=patterns)
    document = draft.finish()
    claimed = {claim.pattern for claim in document.plan.tasks[0].claims}
    assert all(check_pattern(pattern) is None for pattern in claimed)
    notes = notes_of(document)
    assert {(note.line, note.task) for note in notes} <= {(7, "A")}
    for pattern in {each.strip() for each in patterns} - {""}:
        assert pattern in claimed or notes


@pytest.mark.parametrize(
    ("given_pattern", "expected"),
    [
        ("src/a.py", ["src/a.py"]),
        ("./src/a.py", ["src/a.py"]),
        ("/src/a.py", ["src/a.py"]),
        ("/README.md", ["/README.md"]),
        ("src\\core\\a.py", ["src/core/a.py"]),
        ("`src//a.py`", ["src/a.py"]),
        ("app/[id]/[...rest]/page.tsx", ["app/\\[id\\]/\\[...rest\\]/page.tsx"]),
        ("src/[a-c]*.ts", ["src/[a-c]*.ts"]),
        ("src/{a,b}.ts", ["src/a.ts", "src/b.ts"]),
        ("../up.py", []),
        ("/etc/passwd", []),
        ("/home/me/project/a.py", []),
        ("C:\\project\\a.py", []),
        ("~/a.py", []),
    ],
)
def test_paths_are_mended_as_they_are_meant(given_pattern: str, expected: list[str]) -> None:
    """What is plainly meant is claimed; a place on somebody's machine is not."""
    draft = new_draft()
    draft.task("A", modifies=[given_pattern])
    document = draft.finish()
    assert [claim.pattern for claim in document.plan.tasks[0].claims] == expected
    assert bool(notes_of(document)) == (expected != [given_pattern])


def test_keys_that_clash_are_told_apart_visibly() -> None:
    """The second task of a key gets a suffix and a note; whoever names the key means the first."""
    draft = new_draft()
    assert [draft.task("A", line=line) for line in (3, 5, 8)] == ["A", "A~2", "A~3"]
    draft.task("B")
    draft.depends("B", "A")
    document = draft.finish()
    plan = document.plan
    assert [task.key for task in plan.predecessors_of(plan.task_by_key["B"].uid)] == ["A"]
    repaired = report_of(document).repaired
    assert [(note.line, note.task) for note in repaired] == [(5, "A~2"), (8, "A~3")]
    assert "first in line 3" in repaired[0].message


def test_a_circle_is_spelled_out_and_its_last_dependency_lost() -> None:
    """The first dependencies stay, in the order in which they are stated."""
    draft = new_draft()
    for key in ("A", "B", "C"):
        draft.task(key)
    for line, (successor, predecessor) in enumerate((("B", "A"), ("C", "B"), ("A", "C")), 1):
        draft.depends(successor, predecessor, line=line)
    document = draft.finish()
    assert len(document.plan.dependencies) == 2
    (note,) = report_of(document).lost
    assert (note.line, note.task) == (3, "A")
    assert "A → B → C → A" in note.message


def test_summary_tasks_in_a_circle_or_too_deep_are_taken_apart() -> None:
    """Of a circle the last link goes; what is too deep moves up, and says so."""
    draft = new_draft()
    draft.task("A", parent="B")
    draft.task("B", parent="A", line=2)
    deep = [draft.task(f"D{level}", parent=f"D{level - 1}" if level else None) for level in range(40)]
    document = draft.finish()
    plan = document.plan
    assert plan.task_by_key["A"].parent == plan.task_by_key["B"].uid
    assert plan.task_by_key["B"].parent is None
    report = report_of(document)
    assert [note.task for note in report.lost] == ["B"]
    assert [note.task for note in report.repaired] == deep[MAX_NESTING + 1 :]


def test_a_long_title_stands_whole_in_the_description() -> None:
    """Nothing of it is lost."""
    draft = new_draft()
    draft.task("A", title="word " * 80, description="More.")
    (task,) = draft.finish().plan.tasks
    assert task.title.endswith("…")
    assert task.description == ("word " * 80).strip() + "\n\nMore."


def test_what_is_too_much_for_a_plan_is_lost_with_a_note_each() -> None:
    """Tasks and agents beyond the most are left out, and named."""
    draft = new_draft()
    for number in range(MAX_TASKS + 2):
        draft.task(f"T{number}", line=number + 1, agent=f"agent {number}" if number <= MAX_AGENTS else None)
    document = draft.finish()
    assert len(document.plan.tasks) == MAX_TASKS
    assert len(document.plan.agents) == MAX_AGENTS
    assert [note.line for note in report_of(document).lost] == [MAX_AGENTS + 1, MAX_TASKS + 1, MAX_TASKS + 2]


def test_times_get_a_zone() -> None:
    """Times of any zone are kept as UTC; those without one are taken for it, which is noted once."""
    draft = new_draft()
    early, late = datetime(2024, 5, 1, 9), datetime(2024, 5, 1, 9, tzinfo=timezone(timedelta(hours=2)))
    draft.task("A", started=early, finished=early)
    draft.task("B", status=Status.COMPLETED, finished=late)
    document = draft.finish()
    first, second = (document.progress[task.uid] for task in document.plan.tasks)
    assert first.started == first.finished == early.replace(tzinfo=UTC)
    assert (second.status, second.finished) == (Status.COMPLETED, datetime(2024, 5, 1, 7, tzinfo=UTC))
    assert len(report_of(document).guessed) == 1
