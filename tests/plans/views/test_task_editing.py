"""Adding and editing tasks: every field, what two people do at once, and what is refused."""

from __future__ import annotations

import pytest
from pytest_django.asserts import assertContains, assertRedirects

import planner_core as core
from tests.plans.views.stage import Stage, events, form_of, said, text_of


def open_form(stage: Stage) -> dict[str, str]:
    """The form of T003 as the person's browser holds it after opening the panel."""
    uid = stage.uid("T003")
    return form_of(stage.get("member", "task", uid, htmx=True), stage.url("edit_task", uid))


def test_every_field_is_written(stage: Stage) -> None:
    """What the form says is what the plan holds afterwards; the page says so."""
    stage.change(core.adding_track(stage.plan, uid="back", name="Back"))
    stage.change(core.adding_agent(stage.plan, uid="ada", name="Ada"))
    phase = stage.plan.phases[0]
    typed = open_form(stage) | {
        "key": "API-1",
        "title": "Schema of comments",
        "estimate": "1h 30m",
        "priority": "1",
        "description": "First line\r\nsecond line",
        "acceptance": "Short texts pass\r\n\r\n  Long ones do not  ",
        "phase": phase.uid,
        "track": "back",
        "layer": "api",
        "bounded_context": "comments",
        "parent": "",
        "agent": "ada",
        "skills": "python, sql,",
        "parallel_safe": "no",
        "decides": "soft delete",
    }
    uid, before = stage.uid("T003"), stage.task("T003")
    response = stage.post("member", "edit_task", uid, htmx=True, **typed)
    assert response.status_code == 200
    assert stage.task("T003") == core.Task(
        uid=uid,
        key="API-1",
        rank=before.rank,
        title="Schema of comments",
        description="First line\nsecond line",
        acceptance=("Short texts pass", "Long ones do not"),
        estimate=90,
        priority=1,
        layer=core.Layer.API,
        bounded_context="comments",
        track="back",
        phase=phase.uid,
        agent="ada",
        skills=("python", "sql"),
        parallel_safe=False,
        decides=("soft delete",),
        claims=before.claims,
    )
    again = form_of(response, stage.url("edit_task", uid))
    assert {name: again[name] for name in typed if name != "seen"} == {
        **{name: value for name, value in typed.items() if name != "seen"},
        "description": "First line\nsecond line",
        "acceptance": "Short texts pass\nLong ones do not",
        "skills": "python, sql",
    }


def test_a_form_left_alone_changes_nothing(stage: Stage) -> None:
    """Saving it makes no version, also where texts have lines that browsers end in their own way."""
    uid = stage.uid("T003")
    edits = core.editing_task(stage.plan, uid, {}, {"description": "one\ntwo", "acceptance": ("a", "b")})
    stage.change(edits)
    before = stage.state()
    typed = open_form(stage)
    typed["description"] = typed["description"].replace("\n", "\r\n")
    typed["acceptance"] = typed["acceptance"].replace("\n", "\r\n")
    assert stage.post("member", "edit_task", uid, htmx=True, **typed).status_code == 200
    assert stage.state() == before


def test_a_plain_form_leads_back_to_the_task(stage: Stage) -> None:
    """With a message that says what was changed."""
    uid = stage.uid("T003")
    response = stage.post("member", "edit_task", uid, **open_form(stage) | {"title": "Schema"})
    assert said(response) == ["Renamed T003 to “Schema”."]
    assertRedirects(response, stage.url("task", uid))


def test_two_people_change_different_fields(stage: Stage) -> None:
    """Both succeed, whoever opened the form first."""
    first, second = open_form(stage), open_form(stage)
    uid = stage.uid("T003")
    assert stage.post("lead", "edit_task", uid, **first | {"title": "Schema"}).status_code == 302
    assert stage.post("member", "edit_task", uid, **second | {"estimate": "1h"}).status_code == 302
    task = stage.task("T003")
    assert (task.title, task.estimate) == ("Schema", 60)


@pytest.mark.parametrize("htmx", [True, False])
def test_two_people_change_the_same_field(stage: Stage, htmx: bool) -> None:
    """The second gets 409: who was first, what it says now, what they typed, and nothing of it is written."""
    first, second = open_form(stage), open_form(stage)
    uid = stage.uid("T003")
    stage.post("lead", "edit_task", uid, **first | {"title": "Schema", "estimate": "10m"})
    after_first = stage.state()
    response = stage.post(
        "member", "edit_task", uid, htmx=htmx, **second | {"title": "My schema", "priority": "1"}
    )
    assert response.status_code == 409
    assert stage.state() == after_first
    text = text_of(response)
    assert "Lead was first" in text
    assert "Schema" in text
    assert "the title of T003 was not made" in text
    kept = form_of(response, stage.url("edit_task", uid))
    assert (kept["title"], kept["priority"]) == ("My schema", "1"), "what they typed is still there"
    assert kept["estimate"] == "10m", "what they left alone is as it is now"
    assert ("<html" in text) is not htmx
    if htmx:
        assert events(response)["planChanged"] == {"version": stage.version}


def test_saving_a_stale_form_again_is_the_way_on(stage: Stage) -> None:
    """The second save replaces the field in question, and nothing else of what the other did."""
    first, second = open_form(stage), open_form(stage)
    uid = stage.uid("T003")
    stage.post("lead", "edit_task", uid, **first | {"title": "Schema", "estimate": "10m"})
    refused = stage.post("member", "edit_task", uid, htmx=True, **second | {"title": "My schema"})
    again = form_of(refused, stage.url("edit_task", uid))
    assert stage.post("member", "edit_task", uid, htmx=True, **again).status_code == 200
    task = stage.task("T003")
    assert (task.title, task.estimate) == ("My schema", 10)


def test_the_same_change_by_two_people_is_a_conflict_too(stage: Stage) -> None:
    """Nobody is told that they did what another has done."""
    first, second = open_form(stage), open_form(stage)
    uid = stage.uid("T003")
    stage.post("lead", "edit_task", uid, **first | {"title": "Schema"})
    response = stage.post("member", "edit_task", uid, htmx=True, **second | {"title": "Schema"})
    assert response.status_code == 409


INVALID: dict[str, tuple[dict[str, str], str]] = {
    "no key": ({"key": " "}, "This field is required"),
    "a key that is taken": ({"key": "T001"}, "The key T001 is used twice"),
    "a key that is too long": ({"key": "K" * 81}, "at most 80 characters"),
    "no duration": ({"estimate": "soon"}, "soon"),
    "an endless duration": ({"estimate": "99999999h"}, "99999999h"),
    "a control character": ({"title": "a\x07b"}, "control character"),
    "a NUL character": ({"description": "a\x00b"}, "Null characters are not allowed"),
    "an unknown phase": ({"phase": "gone"}, "Select a valid choice"),
    "its own part as a parent": ({"parent": "$T002"}, "T002"),
    "a form without its past": ({"seen": ""}, "This field is required"),
    "a form with a wrong past": ({"seen": "{"}, "The form is incomplete"),
    "too long a text": ({"description": "x" * 20_001}, "longer than 20000 characters"),
    "too many criteria": ({"acceptance": "x\n" * 501}, "more than 500"),
}


@pytest.mark.parametrize(("typed", "why"), INVALID.values(), ids=INVALID)
def test_an_invalid_form_comes_back(stage: Stage, typed: dict[str, str], why: str) -> None:
    """With 422, the reason, and what was typed; nothing is written."""
    stage.change(core.editing_task(stage.plan, stage.uid("T002"), {}, {"parent": stage.uid("T003")}))
    uid, before = stage.uid("T003"), stage.state()
    values = {name: stage.uid(value[1:]) if value.startswith("$") else value for name, value in typed.items()}
    response = stage.post("member", "edit_task", uid, htmx=True, **open_form(stage) | values)
    assertContains(response, why, status_code=422)
    assert "HX-Reswap" not in response
    assert stage.state() == before
    if typed.keys() <= {"key", "estimate", "title", "acceptance"}:
        form = form_of(response, stage.url("edit_task", uid))
        assert {name: form[name].strip() for name in values} == {n: v.strip() for n, v in values.items()}


def test_a_new_task_needs_a_title(stage: Stage) -> None:
    """The panel comes back with what was typed and the reason; as a page for a plain form."""
    before = stage.state()
    for htmx in (True, False):
        response = stage.post("member", "add_task", htmx=htmx, title="", estimate="1d")
        assertContains(response, "This field is required", status_code=422)
        assert form_of(response, stage.url("add_task"))["estimate"] == "1d"
    response = stage.post("member", "add_task", htmx=True, title="Docs", estimate="never")
    assertContains(response, "never", status_code=422)
    assert form_of(response, stage.url("add_task"))["title"] == "Docs"
    assert stage.state() == before


def test_a_new_task_goes_to_the_end(stage: Stage) -> None:
    """With the next free key, and its panel opens."""
    response = stage.post("member", "add_task", htmx=True, title="Docs", estimate="1h")
    task = stage.plan.tasks[-1]
    assert (task.key, task.title, task.estimate) == ("T005", "Docs", 60)
    assertContains(response, f'data-uid="{task.uid}"')


def test_a_removed_task_takes_along_what_hangs_on_it(stage: Stage) -> None:
    """Dependencies, claims and handoffs that name it go; undo brings all of it back."""
    before = stage.plan
    stage.post("member", "remove_task", stage.uid("T002"), htmx=True)
    after = stage.plan
    assert [task.key for task in after.tasks] == ["T001", "T003", "T004"]
    assert len(after.dependencies) == 1
    assert after.handoffs == ()
    stage.post("member", "undo", htmx=True)
    assert stage.plan == before


def test_a_task_moves_below_another(stage: Stage) -> None:
    """In the plan's order, which the table follows."""
    stage.post("member", "move_task", stage.uid("T004"), htmx=True, after=stage.uid("T001"))
    assert [task.key for task in stage.plan.tasks] == ["T001", "T004", "T002", "T003"]
    stage.post("member", "move_task", stage.uid("T004"), htmx=True)
    assert [task.key for task in stage.plan.tasks] == ["T004", "T001", "T002", "T003"]
    text = text_of(stage.get("viewer", "tasks"))
    places = [text.index(f">{key}</a>") for key in ("T004", "T001", "T002", "T003")]
    assert places == sorted(places)
