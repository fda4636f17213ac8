"""What is written as issues of beads is read back, but for what the writer names."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats import Document
from planner_core.ranks import ranks
from planner_core.vocabulary import Status
from tests.core.formats.round_trip import assert_named_exactly, round_trip
from tests.core.strategies import plans, progress_of

DAY = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


@given(st.data(), plans())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_notes_name_exactly_what_is_missing(data: st.DataObject, plan: core.Plan) -> None:
    """Import of export gives the plan and its progress, without what the notes say of just these tasks."""
    document = Document(plan, data.draw(progress_of(plan)))
    assert_named_exactly(round_trip("beads", document, "issues.jsonl"), may_invent={"parent"})


def test_everything_that_the_format_holds_comes_back_with_a_note_on_the_title_only() -> None:
    """Texts, labels, criteria, estimates, priorities, agents, ends, parents and the order: all are there."""
    first, second, third, fourth = ranks(4)
    text = "What\n\nDesign:\nHow\n\nNotes:\nHm\n\nLabels:\nui, api"
    plan = core.Plan(
        tasks=(
            core.Task("e", "bd-1", first, title="Release"),
            core.Task(
                "a", "bd-1.1", second, description=text, acceptance=("x", "y"), estimate=50, parent="e"
            ),
            core.Task("b", "bd-1.2", third, priority=1, parent="e", agent="n"),
            core.Task("c", "bd-2", fourth, priority=5),
        ),
        dependencies=(core.Dependency("a", "b"), core.Dependency("e", "c")),
        agents=(core.Agent("n", "Noor", "i"),),
    )
    progress = {
        "a": core.TaskProgress(Status.COMPLETED, finished=DAY),
        "b": core.TaskProgress(Status.IN_PROGRESS),
        "c": core.TaskProgress(Status.DEFERRED),
    }
    trip = round_trip("beads", Document(plan, progress), "issues.jsonl")
    assert [note.message for note in trip.written.lost] == ["The title is left out: Untitled plan."]
    assert {fact.aspect for fact in trip.missing} == {"plan_title"}
    rows = [json.loads(line) for line in trip.written.text.splitlines()]
    assert [row["issue_type"] for row in rows] == ["epic", "task", "task", "task"]
    assert rows[1] == {
        "id": "bd-1.1",
        "title": "",
        "description": "What",
        "design": "How",
        "notes": "Hm",
        "acceptance_criteria": "- x\n- y",
        "status": "closed",
        "priority": 2,
        "issue_type": "task",
        "estimated_minutes": 50,
        "closed_at": "2026-03-04T05:06:00+00:00",
        "labels": ["ui", "api"],
        "dependencies": [{"issue_id": "bd-1.1", "depends_on_id": "bd-1", "type": "parent-child"}],
    }


def test_what_beads_has_no_word_for_is_named() -> None:
    """Reviews, failures, cancellations, starts, and a key that looks like a part of another."""
    keys = ("bd-1", "bd-1.1", "bd-2", "bd-3")
    tasks = tuple(
        core.Task(f"u{i}", key, rank) for i, (key, rank) in enumerate(zip(keys, ranks(4), strict=True))
    )
    progress = {
        "u0": core.TaskProgress(Status.REVIEW, started=DAY),
        "u2": core.TaskProgress(Status.FAILED, finished=DAY),
        "u3": core.TaskProgress(Status.CANCELLED),
    }
    trip = round_trip("beads", Document(core.Plan(title="x", tasks=tasks), progress))
    assert [(note.task, note.message) for note in trip.written.lost[1:]] == [
        ("bd-1", f"Its started is left out: {DAY.isoformat()}."),
        ("bd-1", "Its status review becomes in progress."),
        ("bd-1.1", "Its key says to beads that it is a part of bd-1."),
        ("bd-2", "Its status failed becomes blocked."),
        ("bd-2", f"Its finish is left out: {DAY.isoformat()}. Only what is closed has one."),
        ("bd-3", "Its status cancelled becomes closed."),
    ]
