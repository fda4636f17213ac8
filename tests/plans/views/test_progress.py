"""Progress: set beside the plan, with actual times, and never over somebody else's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

import planner_core as core
from taskplanner.plans.services import set_progress
from tests.plans.views.stage import Stage, events, form_of, said, text_of


def open_form(stage: Stage) -> dict[str, str]:
    """The progress form of T003 as a browser holds it."""
    uid = stage.uid("T003")
    return form_of(stage.get("member", "task", uid, htmx=True), stage.url("set_progress", uid))


def elsewhere(stage: Stage, status: core.Status) -> None:
    """Somebody else sets the progress of T003."""
    set_progress(
        plan=stage.row,
        task_uid=stage.uid("T003"),
        before=stage.progress.get(stage.uid("T003"), core.TaskProgress()),
        after=core.TaskProgress(status),
        now=timezone.now(),
    )


def test_a_task_that_goes_into_work_gets_its_start(stage: Stage) -> None:
    """The plan itself stays as it is; panel and drawing show the new status."""
    before, uid = stage.plan, stage.uid("T003")
    response = stage.post(
        "member", "set_progress", uid, htmx=True, **open_form(stage) | {"status": "in_progress"}
    )
    progress = stage.progress[uid]
    assert progress.status is core.Status.IN_PROGRESS
    assert progress.started is not None
    assert progress.finished is None
    assert stage.plan == before
    assert 'class="badge in_progress"' in text_of(response)
    assert events(response) == {"planChanged": {"version": stage.version}, "drawingOutdated": {}}
    assertContains(stage.get("viewer", "tasks"), "in progress")


def test_times_may_be_given(stage: Stage) -> None:
    """They are read as UTC, and shown as they were typed."""
    uid = stage.uid("T003")
    times = {"started": "2026-01-31T14:30", "finished": "2026-01-31T15:00"}
    response = stage.post(
        "member", "set_progress", uid, htmx=True, **open_form(stage) | {"status": "completed"} | times
    )
    assert stage.progress[uid] == core.TaskProgress(
        core.Status.COMPLETED,
        datetime(2026, 1, 31, 14, 30, tzinfo=UTC),
        datetime(2026, 1, 31, 15, 0, tzinfo=UTC),
    )
    form = form_of(response, stage.url("set_progress", uid))
    assert (form["started"], form["finished"]) == (times["started"], times["finished"])


def test_a_plain_form_leads_back_to_the_task(stage: Stage) -> None:
    """With a message."""
    uid = stage.uid("T003")
    response = stage.post("member", "set_progress", uid, **open_form(stage) | {"status": "review"})
    assert said(response) == ["T003 is now review."]
    assertRedirects(response, stage.url("task", uid))


def test_setting_it_twice_is_harmless(stage: Stage) -> None:
    """The form that comes back, sent again, changes nothing; the times keep their seconds."""
    uid = stage.uid("T003")
    url = stage.url("set_progress", uid)
    response = stage.post(
        "member", "set_progress", uid, htmx=True, **open_form(stage) | {"status": "in_progress"}
    )
    once = stage.progress[uid]
    assert stage.post("member", "set_progress", uid, htmx=True, **form_of(response, url)).status_code == 200
    assert stage.progress[uid] == once


@pytest.mark.parametrize("htmx", [True, False])
def test_somebody_was_first(stage: Stage, htmx: bool) -> None:
    """409 with what it is now and what was typed; sending the form again is the way on."""
    uid, opened = stage.uid("T003"), open_form(stage)
    elsewhere(stage, core.Status.BLOCKED)
    response = stage.post("member", "set_progress", uid, htmx=htmx, **opened | {"status": "in_progress"})
    assertContains(response, "set it to blocked meanwhile", status_code=409)
    assert stage.progress[uid].status is core.Status.BLOCKED
    form = form_of(response, stage.url("set_progress", uid))
    assert form["status"] == "in_progress"
    assert stage.post("member", "set_progress", uid, htmx=True, **form).status_code == 200
    assert stage.progress[uid].status is core.Status.IN_PROGRESS


INVALID: dict[str, tuple[dict[str, str], str]] = {
    "an unknown status": ({"status": "lost"}, "Select a valid choice"),
    "no time": ({"status": "in_progress", "started": "yesterday"}, "Enter a valid date/time"),
    "an end before the start": (
        {"status": "completed", "started": "2026-01-31T14:30", "finished": "2026-01-30T14:30"},
        "cannot finish before it starts",
    ),
    "a form without its past": ({"seen_status": ""}, "This field is required"),
}


@pytest.mark.parametrize(("typed", "why"), INVALID.values(), ids=INVALID)
def test_an_invalid_form_comes_back(stage: Stage, typed: dict[str, str], why: str) -> None:
    """With 422 and the reason, unfolded; nothing is written."""
    response = stage.post("member", "set_progress", stage.uid("T003"), htmx=True, **open_form(stage) | typed)
    assertContains(response, why, status_code=422)
    assertContains(response, "<details open><summary>Set status", status_code=422)
    assert stage.progress == {}


def test_undo_never_undoes_finished_work(stage: Stage) -> None:
    """Removing a task and bringing it back keeps its progress."""
    uid = stage.uid("T003")
    elsewhere(stage, core.Status.COMPLETED)
    done = dict(stage.progress)
    stage.post("member", "remove_task", uid, htmx=True)
    stage.post("member", "undo", htmx=True)
    assert stage.progress == done
    assertContains(stage.get("viewer", "task", uid), "completed")


def test_a_time_that_no_database_can_hold_is_refused(stage: Stage) -> None:
    """A time whose UTC lies before the first year is a mistake in the form, not in the server."""
    answer = stage.post(
        "member",
        "set_progress",
        stage.uid("T001"),
        status="completed",
        seen_status="pending",
        started="0001-01-01T00:00:00+10:00",
    )
    assert answer.status_code == 422
