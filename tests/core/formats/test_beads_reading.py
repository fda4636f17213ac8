"""The issues of beads as they are found: kinds of dependencies, parents, tombstones, broken lines."""

from __future__ import annotations

import json
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats import Document, Report, Source, format_named
from planner_core.formats.registry import detected_format
from planner_core.vocabulary import Status


def link(own: str, other: str, kind: str = "blocks") -> dict[str, str]:
    """A dependency as beads writes it."""
    return {"issue_id": own, "depends_on_id": other, "type": kind, "created_by": "noor"}


def issue(key: str, *links: object, **more: object) -> dict[str, object]:
    """An issue with dependencies and more fields."""
    shape = {"id": key, "title": f"Do {key}", "status": "open", "priority": 2, "issue_type": "task"}
    return {**shape, **({"dependencies": list(links)} if links else {}), **more}


def read(*rows: object) -> Document:
    reader = format_named("beads").read
    assert reader is not None
    numbers = count()
    text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    (document,) = reader(Source.of("issues.jsonl", text), new_uid=lambda: f"u{next(numbers)}")
    return document


def report_of(document: Document) -> Report:
    assert document.report is not None
    return document.report


def waits(document: Document) -> dict[str, list[str]]:
    """The keys that each task waits for, of those that wait."""
    plan = document.plan
    found = {task.key: [before.key for before in plan.predecessors_of(task.uid)] for task in plan.tasks}
    return {key: keys for key, keys in found.items() if keys}


def parents(document: Document) -> dict[str, str]:
    """The key of each part's summary task."""
    plan = document.plan
    return {task.key: plan.task_by_uid[task.parent].key for task in plan.tasks if task.parent is not None}


def test_an_issue_becomes_a_task_with_all_that_a_plan_holds() -> None:
    """Texts, criteria, labels, priorities, minutes, assignees, statuses and ends go where a plan has them."""
    document = read(
        issue(
            "bd-1",
            description="What",
            design="How",
            notes="Hm",
            acceptance_criteria="- Fast\n- Right",
            labels=["ui", "api"],
            status="closed",
            priority=0,
            estimated_minutes=90,
            assignee="Noor",
            external_ref="gh-9",
            close_reason="Shipped",
            closed_at="2026-01-18T13:38:24.132067504+08:00",
            created_at="2026-01-17T00:00:00Z",
        ),
        issue("bd-2", status="hooked", created_at="2026-01-17T00:00:00Z"),
    )
    task, second = document.plan.tasks
    assert (task.key, task.title, task.estimate, task.priority) == ("bd-1", "Do bd-1", 90, 1)
    assert task.acceptance == ("Fast", "Right")
    assert task.description == (
        "What\n\nExternal reference:\ngh-9\n\nClose reason:\nShipped"
        "\n\nDesign:\nHow\n\nNotes:\nHm\n\nLabels:\nui, api"
    )
    assert [agent.name for agent in document.plan.agents] == ["Noor"]
    progress = document.progress[task.uid]
    assert (progress.status, progress.finished is not None) == (Status.COMPLETED, True)
    assert document.progress[second.uid].status is Status.IN_PROGRESS
    report = report_of(document)
    assert [(note.line, note.task) for note in report.guessed] == [(2, "bd-2")]
    assert [note.message for note in report.lost] == [
        "“created_at” is left out, here and in 1 more of the issues."
    ]


@pytest.mark.parametrize("kind", ["blocks", "conditional-blocks", "waits-for", "waits_for"])
def test_what_blocks_orders(kind: str) -> None:
    """Blocking dependencies of each kind are dependencies of the plan, forward and backward in the file."""
    document = read(issue("bd-1", link("bd-1", "bd-2", kind)), issue("bd-2"))
    assert waits(document) == {"bd-1": ["bd-2"]}


def test_what_only_informs_is_told_and_orders_nothing() -> None:
    """Related, discovered-from and unknown kinds are lost, each with its line and task."""
    document = read(
        issue("bd-1"), issue("bd-2", *(link("bd-2", "bd-1", kind) for kind in ("related", "tracks", "odd")))
    )
    assert waits(document) == {}
    assert [(note.line, note.task) for note in report_of(document).lost] == [(2, "bd-2")] * 3


def test_parents_become_summary_tasks() -> None:
    """The first parent holds, the others are told; an id with a point shows one where none is named."""
    document = read(
        issue("bd-e", issue_type="epic"),
        issue("bd-f", issue_type="epic"),
        issue("bd-1", link("bd-1", "bd-e", "parent-child"), link("bd-1", "bd-f", "parent-child")),
        issue("bd-f.3"),
        issue("bd-f.3.1.9"),
        issue("bd-2", parent="bd-e"),
        issue("bd-3", link("bd-3", "bd-f")),
    )
    assert parents(document) == {"bd-1": "bd-e", "bd-2": "bd-e", "bd-f.3": "bd-f", "bd-f.3.1.9": "bd-f.3"}
    assert waits(document) == {"bd-3": ["bd-f"]}
    report = report_of(document)
    assert [note.task for note in report.repaired] == ["bd-1", "bd-2"]
    assert [note.task for note in report.guessed] == ["bd-f.3", "bd-f.3.1.9"]
    assert [note.task for note in report.lost] == ["bd-1"]


def test_an_id_makes_no_part_of_what_it_is_ordered_with() -> None:
    """What an issue says outright, that it waits for another, outranks what its id looks like."""
    document = read(issue("bd-1"), issue("bd-1.1", link("bd-1.1", "bd-1")))
    assert (parents(document), waits(document)) == ({}, {"bd-1.1": ["bd-1"]})


@pytest.mark.parametrize(
    "said",
    [
        {"blocked_by": ["bd-1"]},
        {"depends_on": "bd-1"},
        {"dependencies": ["bd-1"]},
        {"dependencies": [{"id": "bd-1", "dependency_type": "blocks"}]},
        {"dependencies": [{"issue_id": "bd-1", "depends_on_id": "", "type": "blocks"}]},
        {"dependencies": [{"depends_on_id": "bd-1"}]},
    ],
)
def test_other_spellings_of_a_dependency_are_understood(said: dict[str, object]) -> None:
    """Lists of ids, other names, and a dependency that names only what it waits for."""
    document = read(issue("bd-1"), issue("bd-2", **said))
    assert waits(document) == {"bd-2": ["bd-1"]}


def test_what_leads_nowhere_is_told() -> None:
    """Dangling and empty dependencies, circles, tombstones, memories, broken lines: each has a note."""
    document = read(
        issue("bd-1", link("bd-1", "bd-9"), {"issue_id": "bd-1", "depends_on_id": "", "type": "blocks"}),
        issue("bd-8", status="tombstone"),
        {"_type": "memory", "text": "remember"},
        "<<<<<<< ours",
        "",
        issue("bd-2", link("bd-2", "bd-1")),
        issue("bd-3", link("bd-1", "bd-2")),
        '["no issue"]',
    )
    assert [task.key for task in document.plan.tasks] == ["bd-1", "bd-2", "bd-3"]
    assert waits(document) == {"bd-2": ["bd-1"]}
    assert [note.line for note in report_of(document).lost] == [1, 1, 2, 3, 4, 7, 8]


@pytest.mark.parametrize(
    ("field", "value", "guessed", "lost"),
    [
        ("status", "waiting for tea", 1, 0),
        ("priority", 7, 1, 0),
        ("priority", "P1", 0, 0),
        ("estimated_minutes", "soon", 0, 1),
        ("closed_at", "yesterday", 0, 1),
        ("closed_at", "0001-01-01T00:00:00Z", 0, 0),
        ("comments", [{"text": "hi"}], 0, 1),
        ("acceptance_criteria", "```\nmake\n```", 0, 0),
    ],
)
def test_values_that_mean_nothing_are_told(field: str, value: object, guessed: int, lost: int) -> None:
    """Unknown statuses and priorities are guessed, times and minutes that are none are lost."""
    report = report_of(read(issue("bd-1", **{field: value})))
    assert (len(report.guessed), len(report.lost)) == (guessed, lost)


def test_ids_keep_their_spelling_and_clash_visibly() -> None:
    """Several prefixes live in one file; the second issue with an id gets another key."""
    document = read(issue("bd-1"), issue("Web-a1b2"), issue("bd-1"))
    assert [task.key for task in document.plan.tasks] == ["bd-1", "Web-a1b2", "bd-1~2"]
    assert [note.line for note in report_of(document).repaired] == [3]


def test_issues_are_detected() -> None:
    """A file of issues is beads by its name or by its first line alone; other lines of JSON are not."""
    text = json.dumps(issue("bd-1")) + "\n"
    assert detected_format(Source.of("issues.jsonl", text)).name == "beads"
    assert detected_format(Source.of("pasted", text)).name == "beads"
    assert detected_format(Source("shop", {".beads/issues.jsonl": text.encode()})).name == "beads"
    assert not format_named("beads").fits(Source.of("pasted", '{"event": 3}\n'))


@pytest.mark.parametrize("rows", [("[1]",), ("{",), ("nonsense", "{]")])
def test_a_file_without_issues_is_refused_with_a_line(rows: tuple[str, ...]) -> None:
    """Where no line is an object, every line that is no JSON is a problem with its number."""
    with pytest.raises(core.InvalidPlan) as refused:
        read(*rows)
    assert refused.value.problems[0].line == 1


def test_an_empty_file_is_an_empty_plan() -> None:
    """A project without issues yet is a plan without tasks."""
    assert read("", " ").plan.tasks == ()


NAMES = (
    *("id", "title", "status", "priority", "dependencies", "parent", "labels", "estimated_minutes"),
    *("issue_id", "depends_on_id", "type", "closed_at", "blocked_by", "acceptance_criteria", "\ud800"),
)
ATOMS = (
    None,
    True,
    0,
    2.5,
    "",
    "bd-1",
    "bd-1.1",
    "x\x00\ud800",
    "blocks",
    "parent-child",
    10**400,
    float("nan"),
)
JUNK = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=15,
)


@given(st.lists(JUNK, max_size=4))
@settings(max_examples=150, deadline=None)
def test_no_json_makes_the_reader_fail(rows: list[object]) -> None:
    """Whatever stands where: a valid plan with a report, or InvalidPlan."""
    try:
        document = read(issue("bd-1"), *rows)
    except core.InvalidPlan:
        return
    assert report_of(document).tasks == len(document.plan.tasks)
