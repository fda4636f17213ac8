"""How far tasks are: beside the plan, with its own check of what the author saw."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

import planner_core as core
from taskplanner.plans.models import Plan, TaskProgress
from taskplanner.plans.selectors import progress_of
from taskplanner.plans.services import (
    BadProgress,
    StaleProgress,
    change_plan,
    delete_plan,
    redo_change,
    set_progress,
    store_progress,
    undo_change,
)
from tests.cast import Cast
from tests.core.short_plans import plan as short_plan
from tests.core.short_plans import task as short_task
from tests.plans.stored import store, stored

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=50)
PENDING = core.TaskProgress()


@pytest.fixture
def row(cast: Cast) -> Plan:
    """A stored plan of two tasks."""
    return store(cast, short_plan(*map(short_task, "AB")))


def at(
    status: core.Status, started: datetime | None = None, finished: datetime | None = None
) -> core.TaskProgress:
    """How far a task is."""
    return core.TaskProgress(status, started, finished)


def test_times_are_set_as_the_status_changes(cast: Cast, row: Plan) -> None:
    """A task that goes into work gets its start, a completed one its finish; the start stays."""
    working = set_progress(plan=row, task_uid="a", before=PENDING, after=at(core.Status.IN_PROGRESS), now=NOW)
    assert working == at(core.Status.IN_PROGRESS, NOW)
    done = set_progress(
        plan=row, task_uid="a", before=working, after=at(core.Status.COMPLETED, NOW), now=LATER
    )
    assert done == at(core.Status.COMPLETED, NOW, LATER)
    assert progress_of(row) == {"a": done}


def test_a_task_completed_at_once_has_both_times(cast: Cast, row: Plan) -> None:
    """Whoever ticks a task off without having started it gets a task that took no time."""
    done = set_progress(plan=row, task_uid="a", before=PENDING, after=at(core.Status.COMPLETED), now=NOW)
    assert done == at(core.Status.COMPLETED, NOW, NOW)


def test_times_that_the_author_gives_stand(cast: Cast, row: Plan) -> None:
    """Nothing is set where somebody says it better."""
    given = at(core.Status.COMPLETED, NOW - timedelta(days=2), NOW - timedelta(days=1))
    assert set_progress(plan=row, task_uid="a", before=PENDING, after=given, now=NOW) == given
    corrected = at(core.Status.COMPLETED, given.started, None)
    assert set_progress(plan=row, task_uid="a", before=given, after=corrected, now=NOW) == corrected


def test_a_task_taken_up_again_has_no_finish(cast: Cast, row: Plan) -> None:
    """The finish of a task that is no longer completed goes, its start stays."""
    done = set_progress(plan=row, task_uid="a", before=PENDING, after=at(core.Status.COMPLETED), now=NOW)
    again = at(core.Status.IN_PROGRESS, done.started, done.finished)
    got = set_progress(plan=row, task_uid="a", before=done, after=again, now=LATER)
    assert got == at(core.Status.IN_PROGRESS, NOW)


def test_a_finish_before_the_start_is_refused(cast: Cast, row: Plan) -> None:
    """Nothing is stored, and the author is asked to correct a time."""
    backwards = at(core.Status.COMPLETED, LATER, NOW)
    with pytest.raises(BadProgress, match="before it starts"):
        set_progress(plan=row, task_uid="a", before=PENDING, after=backwards, now=NOW)
    assert progress_of(row) == {}


def test_stale_progress_is_refused(cast: Cast, row: Plan) -> None:
    """Two people who saw the same status do not overwrite each other: the second one is told the new one."""
    set_progress(plan=row, task_uid="a", before=PENDING, after=at(core.Status.IN_PROGRESS), now=NOW)
    with pytest.raises(StaleProgress, match="in progress"):
        set_progress(plan=row, task_uid="a", before=PENDING, after=at(core.Status.BLOCKED), now=LATER)
    assert progress_of(row) == {"a": at(core.Status.IN_PROGRESS, NOW)}


def test_tasks_have_progress_of_their_own(cast: Cast, row: Plan) -> None:
    """What happens to one task makes nobody's view of another one stale."""
    set_progress(plan=row, task_uid="a", before=PENDING, after=at(core.Status.IN_PROGRESS), now=NOW)
    set_progress(plan=row, task_uid="b", before=PENDING, after=at(core.Status.BLOCKED), now=NOW)
    assert progress_of(row) == {"a": at(core.Status.IN_PROGRESS, NOW), "b": at(core.Status.BLOCKED)}


def test_a_task_or_plan_that_is_gone_has_no_progress(cast: Cast, row: Plan) -> None:
    """Whoever still has its page open is told so."""
    started = at(core.Status.IN_PROGRESS)
    change_plan(plan=row, edits=core.removing_tasks(stored(row), ["a"]), actor=cast.member)
    with pytest.raises(BadProgress, match="no longer in the plan"):
        set_progress(plan=row, task_uid="a", before=PENDING, after=started, now=NOW)
    delete_plan(plan=Plan.objects.get(pk=row.pk))
    with pytest.raises(BadProgress, match="deleted"):
        set_progress(plan=row, task_uid="b", before=PENDING, after=started, now=NOW)
    assert not TaskProgress.objects.exists()


def test_progress_is_no_version_of_the_plan(cast: Cast, row: Plan) -> None:
    """It neither counts as a change nor is taken back by an undo or a redo."""
    change_plan(
        plan=row, edits=core.editing_task(stored(row), "a", {}, {"title": "Model"}), actor=cast.member
    )
    done = set_progress(plan=row, task_uid="a", before=PENDING, after=at(core.Status.COMPLETED), now=NOW)
    assert Plan.objects.get(pk=row.pk).version == 2
    for revert in (undo_change, redo_change, undo_change):
        revert(plan=row, actor=cast.member)
        assert progress_of(row) == {"a": done}


def test_finished_work_survives_the_undo_of_its_task(cast: Cast, row: Plan) -> None:
    """A task that an undo takes out and a redo brings back is as far as it was."""
    change_plan(plan=row, edits=core.adding_task(stored(row), uid="new", key="NEW"), actor=cast.member)
    done = set_progress(plan=row, task_uid="new", before=PENDING, after=at(core.Status.COMPLETED), now=NOW)
    undo_change(plan=row, actor=cast.member)
    assert "new" not in stored(row).task_by_uid
    redo_change(plan=row, actor=cast.member)
    assert "new" in stored(row).task_by_uid
    assert progress_of(row) == {"new": done}


def test_imported_progress_is_stored_at_once(cast: Cast, row: Plan) -> None:
    """Tasks that the import names get its progress instead of their own; the others keep theirs."""
    old = {"a": at(core.Status.BLOCKED), "b": at(core.Status.IN_PROGRESS, NOW)}
    store_progress(plan=row, progress=old)
    assert progress_of(row) == old
    new = {"a": at(core.Status.COMPLETED, NOW, LATER)}
    store_progress(plan=row, progress=new)
    assert progress_of(row) == {**old, **new}
    store_progress(plan=row, progress={})
    assert progress_of(row) == {**old, **new}


def test_the_database_keeps_one_progress_a_task(cast: Cast, row: Plan) -> None:
    """A deleted plan takes its progress along."""
    store_progress(plan=row, progress={"a": at(core.Status.BLOCKED)})
    delete_plan(plan=row)
    connection.check_constraints()
    assert not TaskProgress.objects.exists()
