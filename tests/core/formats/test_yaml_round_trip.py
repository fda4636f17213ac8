"""Export then import gives the same plan, and export again the same bytes."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats.document import Document
from planner_core.formats.yaml_plan import read_plan, write_plan
from planner_core.items import Claim
from planner_core.vocabulary import ClaimMode
from tests.core.strategies import HOSTILE_LINES, HOSTILE_TEXTS, canonical, plans, progress_of


def read(text: str | bytes) -> Document:
    numbers = count()
    return read_plan(text, new_uid=lambda: f"r{next(numbers)}")


@given(st.data(), plans())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_import_of_export_is_the_identity(data: st.DataObject, plan: core.Plan) -> None:
    """Import of export gives the same plan and progress up to uids, and the same bytes again."""
    progress = data.draw(progress_of(plan))
    text = write_plan(plan, progress)
    back = read(text)
    assert canonical(back.plan) == canonical(plan)
    by_key = {plan.task_by_uid[uid].key: how_far for uid, how_far in progress.items()}
    for task in back.plan.tasks:
        assert back.progress.get(task.uid, core.TaskProgress()) == by_key.get(task.key, core.TaskProgress())
    assert write_plan(back.plan, back.progress) == text


@pytest.mark.parametrize("text", [*HOSTILE_LINES, *HOSTILE_TEXTS])
def test_hostile_texts_survive(text: str) -> None:
    """What looks like YAML syntax, a number, a date or a boolean comes back as the text it was."""
    line = " ".join(text.split())[:80].strip() or "x"
    task = core.Task("a", line, "i", title=line, description=text, acceptance=(line,), decides=(line,))
    plan = core.Plan(title=line, description=text, tasks=(task,))
    assert canonical(read(write_plan(plan)).plan) == canonical(plan)


def test_tasks_that_exclude_each_other_without_a_dependency_stay_unordered() -> None:
    """Groups written for excluded tasks are not read back as dependencies between them."""
    claims = (Claim(ClaimMode.MODIFIES, "src/a.py"),)
    tasks = tuple(core.Task(uid, uid, rank, claims=claims) for uid, rank in (("A", "i"), ("B", "j")))
    text = write_plan(core.Plan(tasks=tasks))
    assert "- sequential: [A, B]" in text
    assert read(text).plan.dependencies == ()


def test_the_same_plan_with_other_uids_is_written_as_the_same_bytes() -> None:
    """Uids and ranks leave no trace in the document."""
    text = "tasks: {A: {}, B: {depends_on: [A], handoffs: [{from: A}, {from: A, summary: s}]}, C: {}}"
    forward, backward = count(), count(10_000, -1)
    first = read_plan(text, new_uid=lambda: f"u{next(forward):05}").plan
    second = read_plan(text, new_uid=lambda: f"u{next(backward):05}").plan
    assert write_plan(first) == write_plan(second)
