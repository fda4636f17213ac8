"""Backlog.md is read as it lies in folders, with whatever is wrong with it; nothing in it is run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count

import pytest

from planner_core.errors import InvalidPlan
from planner_core.formats import Document, Report, Source, detected_format, format_named
from planner_core.items import Claim
from planner_core.vocabulary import ClaimMode, Status

HARBOUR = """---
id: BOAT-2
title: 'Berths: a table'
status: In Progress
assignee: ['@mira', otto]
created_date: '2026-02-01 09:00'
updated_date: '2026-02-03 10:30'
labels:
  - harbour
milestone: Spring
dependencies:
  - boat-001
modified_files:
  - src/berths.py
references:
  - https://example.org/berths
  - docs/berths.md
priority: high
ordinal: 1000
onStatusChange: 'rm -rf /'
---

## Description

<!-- SECTION:DESCRIPTION:BEGIN -->
A table of berths.
<!-- SECTION:DESCRIPTION:END -->

## Acceptance Criteria
<!-- AC:BEGIN -->
- [x] #1 Shows free berths
- [ ] #2 Sorts by length
<!-- AC:END -->

## Implementation Plan

<!-- SECTION:PLAN:BEGIN -->
1. Draw it
<!-- SECTION:PLAN:END -->

## Weather

Windy.
"""


def task_text(head: str, body: str = "") -> str:
    """A task's file with this head."""
    return f"---\n{head.strip()}\n---\n\n{body}"


def read(files: Mapping[str, str]) -> Document:
    """The plan in a folder."""
    source = Source("backlog", {path: text.encode() for path, text in files.items()})
    chosen = detected_format(source)
    assert chosen.name == "backlog"
    assert chosen.read is not None
    numbers = count()
    (document,) = chosen.read(source, new_uid=lambda: f"u{next(numbers)}")
    return document


def report_of(document: Document) -> Report:
    """Its report."""
    assert document.report is not None
    return document.report


def test_a_folder_of_tasks_becomes_a_plan() -> None:
    """Fields, sections, criteria, files, people and dates each find their place; what has none is named."""
    document = read(
        {
            "config.yml": 'project_name: "Harbour"\ntask_prefix: "BOAT"\n',
            "tasks/boat-2 - Berths.md": HARBOUR,
            "completed/boat-1 - Quay.md": task_text(
                "id: BOAT-1\ntitle: Quay\nstatus: Done\nassignee: []\nupdated_date: '2026-02-02 08:00'"
            ),
        }
    )
    plan = document.plan
    assert plan.title == "Harbour"
    assert [task.key for task in plan.tasks] == ["BOAT-1", "BOAT-2"]
    first, second = plan.tasks
    assert second.title == "Berths: a table"
    assert second.acceptance == ("Shows free berths", "Sorts by length")
    assert second.priority == 2
    assert "A table of berths." in second.description
    assert "1. Draw it" in second.description
    assert "Windy." in second.description
    assert "harbour" in second.description
    assert set(second.claims) == {
        Claim(ClaimMode.MODIFIES, "src/berths.py"),
        Claim(ClaimMode.READS, "docs/berths.md"),
    }
    assert [task.key for task in plan.predecessors_of(second.uid)] == ["BOAT-1"]
    assert [phase.name for phase in plan.phases] == ["Spring"]
    assert [agent.name for agent in plan.agents] == ["mira"]
    assert document.progress[first.uid].status is Status.COMPLETED
    assert document.progress[first.uid].finished == datetime(2026, 2, 2, 8, tzinfo=UTC)
    assert document.progress[second.uid].status is Status.IN_PROGRESS
    lost = " ".join(note.message for note in report_of(document).lost)
    for word in (
        "otto",
        "ordinal",
        "created_date",
        "https://example.org/berths",
        "1 of its 2",
        "onStatusChange",
    ):
        assert word in lost


def test_a_command_is_named_and_not_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A shell command in the head leaves no trace but a note, with its line."""
    trace = tmp_path_factory.mktemp("run") / "trace"
    head = f"id: BOAT-1\ntitle: Quay\nstatus: To Do\nonStatusChange: 'touch {trace}'"
    document = read({"tasks/boat-1 - Quay.md": task_text(head)})
    assert not trace.exists()
    assert [(note.line, note.task) for note in report_of(document).lost] == [(5, "BOAT-1")]


def test_ids_are_found_in_other_case_with_other_zeros_and_prefixes() -> None:
    """A reference means the task with its figures, where there is just one; another prefix is a guess."""
    document = read(
        {
            "tasks/a-7 - Seven.md": task_text("id: A-007\ntitle: Seven\nstatus: To Do"),
            "tasks/a-8 - Eight.md": task_text("id: a-8\ntitle: Eight\nstatus: To Do\ndependencies: [A-7]"),
            "tasks/a-9 - Nine.md": task_text(
                "id: A-9\ntitle: Nine\nstatus: To Do\ndependencies:\n  - task-8\n  - 7\n  - A-99"
            ),
        }
    )
    by_key = document.plan.task_by_key
    before = [task.key for task in document.plan.predecessors_of(by_key["A-9"].uid)]
    assert before == ["A-007", "a-8"]
    assert [t.key for t in document.plan.predecessors_of(by_key["a-8"].uid)] == ["A-007"]
    assert any("task-8" in note.message for note in report_of(document).guessed)
    assert any("A-99" in note.message for note in report_of(document).lost)


def test_parents_become_summary_tasks() -> None:
    """By `parent_task_id`, else by the figures of the id; a parent that is not there is named."""
    document = read(
        {
            "tasks/x-1 - All.md": task_text("id: X-1\ntitle: All\nstatus: To Do"),
            "tasks/x-1.1 - Said.md": task_text("id: X-1.1\ntitle: Said\nstatus: To Do\nparent_task_id: x-01"),
            "tasks/x-1.2 - Dotted.md": task_text("id: X-1.2\ntitle: Dotted\nstatus: To Do"),
            "tasks/x-2 - Alone.md": task_text("id: X-2\ntitle: Alone\nstatus: To Do\nparent_task_id: X-5"),
        }
    )
    plan = document.plan
    summary = plan.task_by_key["X-1"]
    assert [task.key for task in plan.children[summary.uid]] == ["X-1.1", "X-1.2"]
    assert plan.task_by_key["X-2"].parent is None
    assert any("X-5" in note.message for note in report_of(document).lost)


def test_files_in_disorder_are_read_all_the_same() -> None:
    """No head, no id, a head that is no YAML, an id used twice, a closing line with text behind it."""
    document = read(
        {
            "tasks/z-1 - No-head-at-all.md": "Just text.\n",
            "tasks/z-2 - Colon.md": task_text(
                "id: Z-2\ntitle: One: two: three\nstatus: ◒ In Progress\nlabels: [a]"
            ),
            "tasks/z-3 - Twice.md": task_text("id: Z-3\ntitle: First\nstatus: To Do"),
            "completed/z-3 - Twice.md": task_text("id: Z-3\ntitle: Second\nstatus: To Do"),
            "tasks/z-4 - Glued.md": "---\nid: Z-4\ntitle: Glued\nstatus: To Do\n---## Description\n\nText.\n",
            "tasks/notes.md": "# Not a task\n",
            "tasks/z-5 - Binary.md": "a\0b",
            "drafts/draft-1 - Perhaps.md": task_text("id: DRAFT-1\ntitle: Perhaps\nstatus: Draft"),
        }
    )
    plan, report = document.plan, report_of(document)
    titles = {task.key: task.title for task in plan.tasks}
    assert titles == {
        "z-1": "No head at all",
        "Z-2": "One: two: three",
        "Z-3": "First",
        "Z-3~2": "Second",
        "Z-4": "Glued",
    }
    status = {key: document.progress.get(task.uid) for key, task in plan.task_by_key.items()}
    second, third = status["Z-2"], status["Z-3~2"]
    assert second is not None
    assert second.status is Status.IN_PROGRESS
    assert third is not None
    assert third.status is Status.COMPLETED
    assert "Text." in plan.task_by_key["Z-4"].description
    assert {note.task for note in report.repaired} >= {"z-1", "Z-2", "Z-3~2", "Z-4"}
    lost = " ".join(note.message for note in report.lost)
    for name in ("notes.md", "z-5 - Binary.md", "draft-1 - Perhaps.md"):
        assert name in lost


def test_statuses_of_the_configuration_are_guessed_by_their_place() -> None:
    """The last one means done, another one in progress."""
    config = "statuses: [Ashore, Afloat, Sunk]\n"
    files = {
        f"tasks/b-{n} - {status}.md": task_text(f"id: B-{n}\ntitle: {status}\nstatus: {status}")
        for n, status in enumerate(("Ashore", "Afloat", "Sunk", "Lost"), start=1)
    }
    document = read({"config.yml": config, **files})
    found = [document.progress.get(task.uid) for task in document.plan.tasks]
    assert [each.status if each else Status.PENDING for each in found] == [
        Status.PENDING,
        Status.IN_PROGRESS,
        Status.COMPLETED,
        Status.PENDING,
    ]


def test_a_single_task_file_is_a_plan() -> None:
    """A file alone is known by its head; what it waits for is named as missing."""
    source = Source.of("boat-2 - Berths.md", HARBOUR)
    assert detected_format(source).name == "backlog"
    reader = format_named("backlog").read
    assert reader is not None
    (document,) = reader(source, new_uid=lambda: "u1")
    assert [task.key for task in document.plan.tasks] == ["BOAT-2"]
    assert any("boat-001" in note.message for note in report_of(document).lost)


def test_a_folder_without_tasks_is_refused() -> None:
    """The message says what a task's file is called."""
    reader = format_named("backlog").read
    assert reader is not None
    with pytest.raises(InvalidPlan, match=r"task-1 - Title\.md"):
        reader(Source("empty", {"tasks/readme.md": b"# Nothing"}), new_uid=lambda: "u1")
