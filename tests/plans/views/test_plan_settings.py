"""A plan's settings: its own fields, the number of agents, and its phases, tracks and named agents."""

from __future__ import annotations

import pytest
from pytest_django.asserts import assertContains, assertNotContains

import planner_core as core
from tests.cast import Part
from tests.plans.views.stage import Stage, events, form_of, text_of

KINDS = ("phase", "track", "agent")


def open_form(stage: Stage) -> dict[str, str]:
    """The form of the plan's own fields as a browser holds it."""
    return form_of(stage.get("lead", "plan_settings", htmx=True), stage.url("edit_plan"))


def rows(stage: Stage, kind: str) -> dict[str, str]:
    """The uids of the phases, tracks or agents of the plan by name, in order."""
    plan = stage.plan
    found: dict[str, tuple[core.Phase | core.Track | core.Agent, ...]] = {
        "phase": plan.phases,
        "track": plan.tracks,
        "agent": plan.agents,
    }
    return {row.name: row.uid for row in found[kind]}


def names(stage: Stage, kind: str) -> list[str]:
    """The names of the phases, tracks or agents of the plan, in order."""
    return list(rows(stage, kind))


def uid_of(stage: Stage, kind: str, name: str) -> str:
    """The uid of the row of that name."""
    return rows(stage, kind)[name]


def test_the_plans_own_fields(stage: Stage) -> None:
    """Are written as typed; saving the form again changes nothing."""
    typed = open_form(stage) | {
        "title": "Comments, rebuilt",
        "description": "Why\r\nand how",
        "default_estimate": "1h",
        "keep_phases": "on",
    }
    response = stage.post("lead", "edit_plan", htmx=True, **typed)
    plan = stage.plan
    assert (plan.title, plan.description, plan.default_estimate, plan.keep_phases) == (
        "Comments, rebuilt",
        "Why\nand how",
        60,
        True,
    )
    version = stage.version
    stage.post("lead", "edit_plan", htmx=True, **form_of(response, stage.url("edit_plan")))
    assert stage.version == version


INVALID: dict[str, tuple[dict[str, str], str]] = {
    "no title": ({"title": ""}, "This field is required"),
    "a title that is too long": ({"title": "x" * 301}, "at most 300 characters"),
    "a control character": ({"title": "a\x1bb"}, "control character"),
    "no duration": ({"default_estimate": "a while"}, "a while"),
    "no default": ({"default_estimate": ""}, "This field is required"),
    "a form without its past": ({"seen": "7"}, "The form is incomplete"),
}


@pytest.mark.parametrize(("typed", "why"), INVALID.values(), ids=INVALID)
def test_an_invalid_form_comes_back(stage: Stage, typed: dict[str, str], why: str) -> None:
    """With 422 and the reason; nothing is written."""
    before = stage.state()
    for htmx in (True, False):
        response = stage.post("lead", "edit_plan", htmx=htmx, **open_form(stage) | typed)
        assertContains(response, why, status_code=422)
    assert stage.state() == before


def test_two_leads_change_the_same_field(stage: Stage) -> None:
    """The second gets 409 with what they typed; what they left alone is as it is now; saving again wins."""
    first, second = open_form(stage), open_form(stage)
    stage.post("owner", "edit_plan", **first | {"title": "Theirs", "default_estimate": "1h"})
    refused = stage.post("lead", "edit_plan", htmx=True, **second | {"title": "Mine"})
    assertContains(refused, "Owner was first", status_code=409)
    assert stage.plan.title == "Theirs"
    assert events(refused)["planChanged"] == {"version": stage.version}
    kept = form_of(refused, stage.url("edit_plan"))
    assert (kept["title"], kept["default_estimate"]) == ("Mine", "1h")
    assert stage.post("lead", "edit_plan", htmx=True, **kept).status_code == 200
    assert (stage.plan.title, stage.plan.default_estimate) == ("Mine", 60)


def test_two_leads_change_different_fields(stage: Stage) -> None:
    """Both succeed."""
    first, second = open_form(stage), open_form(stage)
    stage.post("owner", "edit_plan", **first | {"title": "Theirs"})
    stage.post("lead", "edit_plan", **second | {"keep_phases": "on"})
    assert (stage.plan.title, stage.plan.keep_phases) == ("Theirs", True)


@pytest.mark.parametrize("part", ["viewer", "member"])
def test_who_does_not_lead_cannot_type_in_the_plans_fields(stage: Stage, part: Part) -> None:
    """They read them; the form cannot be sent."""
    panel = stage.get(part, "plan_settings", htmx=True)
    assertContains(panel, "<fieldset")
    assertContains(panel, " disabled>")
    assertContains(panel, "Comments feature")


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_added_renamed_moved_and_removed(stage: Stage, kind: str) -> None:
    """The panel shows them in order after each step, and undo takes each step back."""
    start = names(stage, kind)
    states = [stage.plan]

    def step(route: str, *args: str, **fields: str) -> None:
        response = stage.post("member", route, kind, *args, htmx=True, **fields)
        assert response.status_code == 200
        text = text_of(response)
        places = [text.index(f'value="{name}"') for name in names(stage, kind)]
        assert places == sorted(places)
        states.append(stage.plan)

    for name in ("One", "Two", "Three"):
        step("add_row", name=name)
    assert names(stage, kind) == [*start, "One", "Two", "Three"]
    step("rename_row", uid_of(stage, kind, "Two"), name="Zwei")
    step("move_row", uid_of(stage, kind, "Three"), after=uid_of(stage, kind, "One"))
    assert names(stage, kind) == [*start, "One", "Three", "Zwei"]
    step("move_row", uid_of(stage, kind, "Zwei"), after="")
    assert names(stage, kind) == ["Zwei", *start, "One", "Three"]
    step("remove_row", uid_of(stage, kind, "One"))
    assert names(stage, kind) == ["Zwei", *start, "Three"]
    for state in reversed(states[:-1]):
        assert stage.post("member", "undo", htmx=True).status_code == 200
        assert stage.plan == state


def test_tasks_lose_a_phase_that_is_removed(stage: Stage) -> None:
    """And stay in the plan."""
    stage.post("member", "remove_row", "phase", uid_of(stage, "phase", "Work"))
    assert [task.phase is None for task in stage.plan.tasks] == [False, True, True, True]


def test_two_people_rename_a_phase(stage: Stage) -> None:
    """The second writes over nothing that they did not see: they rename what it is called now."""
    uid = uid_of(stage, "phase", "Work")
    stage.post("lead", "rename_row", "phase", uid, name="Theirs")
    stage.post("member", "rename_row", "phase", uid, name="Mine")
    assert names(stage, "phase") == ["Foundation", "Mine"]
    assertContains(stage.get("viewer", "history"), "Theirs")


def test_the_number_of_agents_redraws_the_timeline(stage: Stage) -> None:
    """The drawing that the page asks for anew has as many lanes, and the figures follow."""
    stage.post("member", "set_agents", htmx=True, agents="1")
    one = stage.get("viewer", "timeline", htmx=True)
    stage.post("member", "set_agents", htmx=True, agents="3")
    three = stage.get("viewer", "timeline", htmx=True)
    assertContains(one, "<dt>1 agent</dt>")
    assertContains(three, "<dt>3 agents</dt>")
    assert one.content != three.content
    version = stage.version
    stage.post("member", "set_agents", htmx=True, agents="3")
    assert stage.version == version, "the same number again changes nothing"


def test_named_agents_are_all_there_are(stage: Stage) -> None:
    """The timeline then has no number to set, but leads to their names."""
    stage.post("member", "add_row", "agent", name="Ada")
    timeline = stage.get("member", "timeline", htmx=True)
    assertContains(timeline, "1 named agent")
    assertNotContains(timeline, 'id="agent-count"')
