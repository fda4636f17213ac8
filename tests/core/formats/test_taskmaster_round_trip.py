"""What is written as `tasks.json` is read back, but for what the writer names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats import Document, Source, format_named
from planner_core.formats.taskmaster.ids import NUMBER
from planner_core.items import Claim
from planner_core.ranks import ranks
from planner_core.vocabulary import ClaimMode, Status
from tests.core.formats.round_trip import assert_named_exactly, round_trip
from tests.core.strategies import plans, progress_of

DAY = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def plan_of(tasks: Mapping[str, str], waits: Mapping[str, str]) -> core.Plan:
    """A plan of keys, each with the key of its parent (or nothing), and of successors with predecessors."""
    uids = {key: f"u{number}" for number, key in enumerate(tasks)}
    return core.Plan(
        tasks=tuple(
            core.Task(uids[key], key, rank, title=f"Do {key}", parent=uids.get(parent))
            for (key, parent), rank in zip(tasks.items(), ranks(len(tasks)), strict=True)
        ),
        dependencies=tuple(core.Dependency(uids[before], uids[after]) for after, before in waits.items()),
    )


@given(st.data(), plans())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_notes_name_exactly_what_is_missing(data: st.DataObject, plan: core.Plan) -> None:
    """Import of export gives the plan and its progress, without what the notes say of just these tasks."""
    assume(not any(task.parent and NUMBER.fullmatch(task.key) for task in plan.tasks))
    document = Document(plan, data.draw(progress_of(plan)))
    assert_named_exactly(round_trip("task-master", document, "tasks.json"))


def test_everything_that_the_format_holds_comes_back_without_a_note() -> None:
    """Texts, criteria, files, skills, agents, estimates, dates, subtasks of subtasks: nothing is lost."""
    plan = plan_of(
        {"1": "", "2": "", "2.1": "2", "2.2": "2", "deep": "2.2", "2.2.7": "2.2"},
        {"2": "1", "2.2": "2.1", "2.2.7": "deep"},
    )
    first, *rest = plan.tasks
    full = replace(
        first,
        description="What\n\nDetails:\nHow\n\nTags:\n- a",
        acceptance=("It works", "- and is listed"),
        estimate=90,
        priority=1,
        agent="mira",
        skills=("python",),
        claims=(
            Claim(ClaimMode.MODIFIES, "src/a.py"),
            Claim(ClaimMode.CREATES, "b/*"),
            Claim(ClaimMode.READS, "c/"),
        ),
    )
    plan = replace(plan, title="Release", tasks=(full, *rest), agents=(core.Agent("mira", "Mira", "i"),))
    progress = {
        "u0": core.TaskProgress(Status.COMPLETED, finished=DAY),
        "u2": core.TaskProgress(Status.REVIEW),
        "u3": core.TaskProgress(Status.IN_PROGRESS),
    }
    trip = round_trip("task-master", Document(plan, progress, name="spring"))
    assert (trip.written.lost, trip.missing, trip.invented) == ((), frozenset(), frozenset())
    assert trip.back.name == "spring"
    (task, outer) = json.loads(trip.written.text)["spring"]["tasks"]
    assert (task["id"], task["details"], task["testStrategy"]) == (
        *(1, "How\n\nTags:\n- a"),
        "- It works\n- - and is listed",
    )
    assert [part["id"] for part in outer["subtasks"]] == [1, 2]
    assert outer["subtasks"][1]["dependencies"] == [1]


def test_a_subtask_whose_key_is_a_number_is_renamed_visibly() -> None:
    """Numbers of subtasks are their task's own: a free one is taken, and the note says which."""
    plan = plan_of({"A": "", "7": "A", "A.7": "A", "B": ""}, {"B": "7"})
    trip = round_trip("task-master", Document(plan))
    assert [task.key for task in trip.back.plan.tasks] == ["A", "A.8", "A.7", "B"]
    assert [(note.task, "A.8" in note.message) for note in trip.written.lost] == [("7", True)]
    last = trip.back.plan.tasks[3]
    assert [task.key for task in trip.back.plan.predecessors_of(last.uid)] == ["A.8"]


def test_a_renamed_key_is_never_too_long() -> None:
    """Where a task's key leaves no room for its subtask's number, the subtask gets a short name."""
    trip = round_trip("task-master", Document(plan_of({"A" * 80: "", "7": "A" * 80, "#1": ""}, {"#1": "7"})))
    assert [task.key for task in trip.back.plan.tasks] == ["A" * 80, "#2", "#1"]
    assert trip.back.report is not None
    assert (trip.back.report.repaired, len(trip.back.plan.dependencies)) == ((), 1)


def test_a_number_that_means_a_sibling_cannot_mean_a_task() -> None:
    """A subtask with a sibling 1 before it cannot say that it waits for task 1: the note says so."""
    trip = round_trip(
        "task-master", Document(plan_of({"1": "", "2": "", "2.1": "2", "2.2": "2"}, {"2.2": "1"}))
    )
    assert [(note.task, note.message[:21]) for note in trip.written.lost] == [
        ("2.2", "That it waits for 1 i")
    ]
    assert not trip.back.plan.dependencies


@pytest.mark.parametrize(
    ("status", "started", "finished", "notes"),
    [
        (Status.FAILED, None, None, ["That it failed"]),
        (Status.IN_PROGRESS, DAY, None, ["Its started"]),
        (Status.CANCELLED, None, DAY, ["Its finish"]),
    ],
)
def test_progress_that_has_no_place_is_named(
    status: Status, started: datetime | None, finished: datetime | None, notes: list[str]
) -> None:
    """Failures, starts, and the end of what is not done are in the notes."""
    plan = plan_of({"1": ""}, {})
    trip = round_trip("task-master", Document(plan, {"u0": core.TaskProgress(status, started, finished)}))
    assert [note.message.partition(" is left")[0] for note in trip.written.lost] == notes


def test_reading_and_writing_again_changes_nothing() -> None:
    """A file that was read is written so that reading it again gives the same document."""
    text = json.dumps(
        {
            "tasks": [
                {
                    "id": 3,
                    "title": "x",
                    "details": "y",
                    "subtasks": [{"id": "a"}, {"id": 1, "dependencies": ["a"]}],
                }
            ]
        }
    )
    chosen = format_named("task-master")
    assert chosen.read is not None
    numbers = count()
    (document,) = chosen.read(Source.of("tasks.json", text), new_uid=lambda: f"u{next(numbers)}")
    trip = round_trip("task-master", document, "tasks.json")
    assert (trip.missing, trip.invented, trip.written.lost) == (frozenset(), frozenset(), ())
