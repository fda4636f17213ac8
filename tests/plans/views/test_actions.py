"""What all actions on a plan have in common: how they answer htmx, how a plain form, and whom they refuse."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.http import HttpResponse
from django.utils.html import escape
from pytest_django.asserts import assertContains

import planner_core as core
from taskplanner.plans.models import Change
from taskplanner.plans.views.answers import sentence_case
from tests.cast import Part
from tests.plans.views.stage import Stage, events, said, text_of
from tests.routes import PLAN_SEEN


@dataclass(frozen=True)
class Action:
    """A change that a member makes: the route, what it is about, the form, and the panel that follows.

    What starts with a $ names a task by its key, or a phase by its name.
    """

    route: str
    about: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    panel: str | None = None
    leads_to: str = ""
    says: str = ""


TASK, OVERVIEW, SETTINGS = "task", "overview", "settings"
ACTIONS: dict[str, Action] = {
    "add a task": Action("add_task", (), {"title": "Docs"}, TASK, "/tasks/", "Added T005 “Docs”"),
    "remove a task": Action("remove_task", ("$T003",), {}, OVERVIEW, "", "Removed T003 “Comment schema”"),
    "move a task": Action("move_task", ("$T004",), {"after": "$T001"}, TASK, "/tasks/$T004/", "T004"),
    "move a task to the top": Action("move_task", ("$T004",), {}, TASK, "/tasks/$T004/", "T004"),
    "claim a file": Action(
        "add_claim",
        (),
        {"task": "$T004", "mode": "modifies", "pattern": "docs/**"},
        TASK,
        "/tasks/$T004/",
        "T004",
    ),
    "take a claim": Action(
        "remove_claim",
        (),
        {"task": "$T002", "mode": "modifies", "pattern": "src/api/**"},
        TASK,
        "/tasks/$T002/",
        "src/api/**",
    ),
    "draw a dependency": Action(
        "add_dependency", (), {"predecessor": "$T003", "successor": "$T004"}, OVERVIEW, "", "T004"
    ),
    "remove a dependency": Action(
        "remove_dependency", (), {"predecessor": "$T001", "successor": "$T002"}, OVERVIEW, "", "T002"
    ),
    "rule on a pair": Action(
        "rule",
        ("$T002", "$T003"),
        {"ruling": "never", "reason": "both rewrite it"},
        "pair",
        "/pairs/$T002/$T003/",
        "T002",
    ),
    "edit the plan": Action(
        "edit_plan",
        (),
        {
            "title": "Comments, rebuilt",
            "description": "",
            "default_estimate": "30m",
            "seen": PLAN_SEEN,
        },
        SETTINGS,
        "/settings/",
        "Comments, rebuilt",
    ),
    "add a phase": Action("add_row", ("phase",), {"name": "Release"}, SETTINGS, "/settings/", "Release"),
    "rename a phase": Action(
        "rename_row", ("phase", "$Work"), {"name": "API"}, SETTINGS, "/settings/", "API"
    ),
    "move a phase": Action("move_row", ("phase", "$Work"), {"after": ""}, SETTINGS, "/settings/", "Work"),
    "remove a phase": Action("remove_row", ("phase", "$Work"), {}, SETTINGS, "/settings/", "Work"),
    "set the agents": Action("set_agents", (), {"agents": "4"}, None, "", "4"),
}


def resolve(stage: Stage, text: str) -> str:
    """The text with uids in place of the keys and names that start with a $."""
    for phase in stage.plan.phases:
        text = text.replace(f"${phase.name}", phase.uid)
    for task in stage.plan.tasks:
        text = text.replace(f"${task.key}", task.uid)
    return text


def perform(stage: Stage, action: Action, *, htmx: bool, part: Part = "lead") -> HttpResponse:
    """Do it as this person."""
    about = [resolve(stage, each) for each in action.about]
    fields = {name: resolve(stage, value) for name, value in action.fields.items()}
    return stage.post(part, action.route, *about, htmx=htmx, **fields)


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_htmx_gets_a_panel_and_events(stage: Stage, action: Action) -> None:
    """The panel that follows, alone; the page hears the plan's new version and that its drawing is old."""
    version = stage.version
    response = perform(stage, action, htmx=True)
    assert stage.version == version + 1
    assert events(response) == {"planChanged": {"version": version + 1}, "drawingOutdated": {}}
    if action.panel is None:
        assert (response.status_code, response.content) == (204, b"")
    else:
        assert response.status_code == 200
        assert f'data-panel="{action.panel}"' in text_of(response)
        assert "<html" not in text_of(response)


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_a_plain_form_leads_to_a_page(stage: Stage, action: Action) -> None:
    """The same, without a script: a redirect to where the change is seen, with a message that says it."""
    version, base = stage.version, stage.row.get_absolute_url()
    target = resolve(stage, action.leads_to)
    response = perform(stage, action, htmx=False)
    assert response.status_code == 302
    assert stage.version == version + 1
    assert response["Location"].startswith(base + target.removeprefix("/"))
    assert [action.says in message for message in said(response)] == [True]
    page = stage.client("lead").get(response["Location"])
    assertContains(page, "<html")
    assertContains(page, escape(said(response)[0]))


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_the_history_says_who_did_it(stage: Stage, action: Action) -> None:
    """One change, by the person, whose inverse gives the plan back as it was."""
    before = stage.plan
    perform(stage, action, htmx=True)
    change = Change.objects.latest("version")
    assert (change.actor, change.kind) == (stage.cast.lead, Change.Kind.EDIT)
    assert action.says.lower() in sentence_case(change.sentence).lower()
    assert core.apply_edits(stage.plan, core.inverses(core.load_edits(change.edits))) == before
    assertContains(stage.get("viewer", "history"), escape(change.sentence))


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_doing_it_twice_breaks_nothing(stage: Stage, action: Action) -> None:
    """A second click adds what may be there twice, changes nothing, or is refused with a reason."""
    about = [resolve(stage, each) for each in action.about]
    fields = {name: resolve(stage, value) for name, value in action.fields.items()}
    stage.post("lead", action.route, *about, htmx=True, **fields)
    once = stage.state()
    response = stage.post("lead", action.route, *about, htmx=True, **fields)
    if action.route == "add_task":
        assert [task.key for task in stage.plan.tasks][-2:] == ["T005", "T006"]
        return
    assert stage.state() == once
    if response.status_code in (409, 422):
        toast = events(response).get("messageRaised", {"text": ""})["text"]
        assert toast.endswith(".") or 'role="alert"' in text_of(response)
    else:
        assert response.status_code in (200, 204, 404)


REFUSED: dict[str, tuple[str, tuple[str, ...], dict[str, str], str]] = {
    "an unknown mode": (
        "add_claim",
        (),
        {"task": "$T004", "mode": "owns", "pattern": "a"},
        "Choose a task and a mode",
    ),
    "no pattern": ("add_claim", (), {"task": "$T004", "mode": "reads"}, "write a pattern"),
    "a broken pattern": (
        "add_claim",
        (),
        {"task": "$T004", "mode": "reads", "pattern": "src/[a"},
        "src/[a",
    ),
    "a claim it has": (
        "add_claim",
        (),
        {"task": "$T002", "mode": "modifies", "pattern": "src/api/**"},
        "already modifies src/api/**",
    ),
    "one end only": ("add_dependency", (), {"predecessor": "$T001"}, "Choose the task"),
    "a task on itself": (
        "add_dependency",
        (),
        {"predecessor": "$T001", "successor": "$T001"},
        "cannot wait for itself",
    ),
    "a dependency it has": (
        "add_dependency",
        (),
        {"predecessor": "$T001", "successor": "$T002"},
        "T002 waits for T001 already",
    ),
    "no agent": ("set_agents", (), {"agents": "0"}, "from 1 to 999"),
    "half an agent": ("set_agents", (), {"agents": "1.5"}, "from 1 to 999"),
    "too many agents": ("set_agents", (), {"agents": "1000"}, "from 1 to 999"),
    "a phase without name": ("add_row", ("phase",), {"name": "  "}, "A name has 1 to 300 characters"),
    "a phase of that name": ("add_row", ("phase",), {"name": "Work"}, "The phase Work is used twice"),
    "another phase's name": (
        "rename_row",
        ("phase", "$Work"),
        {"name": "Foundation"},
        "The phase Foundation is used twice",
    ),
    "a name of two lines": ("add_row", ("track",), {"name": "one\ntwo"}, "A name has 1 to 300 characters"),
    "nothing to redo": ("redo", (), {}, "There is nothing of yours to redo"),
    "nothing to undo": ("undo", (), {}, "There is nothing of yours to undo"),
}


@pytest.mark.parametrize(("route", "about", "fields", "why"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_says_why(
    stage: Stage, route: str, about: tuple[str, ...], fields: dict[str, str], why: str
) -> None:
    """With 422: htmx swaps nothing and shows the reason, a plain form gets a page with it and a way back."""
    args = [resolve(stage, each) for each in about]
    values = {name: resolve(stage, value) for name, value in fields.items()}
    before = stage.state()
    toast = stage.post("member", route, *args, htmx=True, **values)
    assert (toast.status_code, toast["HX-Reswap"]) == (422, "none")
    assert list(events(toast)) == ["messageRaised"]
    assert why in events(toast)["messageRaised"]["text"]
    page = stage.post("member", route, *args, **values)
    assertContains(page, escape(why), status_code=422)
    assertContains(page, f'href="{stage.row.get_absolute_url()}"', status_code=422)
    assert stage.state() == before


STALE: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "a claim that is gone": (
        "remove_claim",
        (),
        {"task": "$T004", "mode": "reads", "pattern": "docs/**"},
    ),
    "a dependency that is gone": (
        "remove_dependency",
        (),
        {"predecessor": "$T001", "successor": "$T004"},
    ),
    "a place below a task that is gone": ("move_task", ("$T004",), {"after": "gone"}),
    "a phase that is gone": ("rename_row", ("phase", "gone"), {"name": "Release"}),
    "an agent that is gone": ("remove_row", ("agent", "gone"), {}),
    "a track that is gone": ("move_row", ("track", "gone"), {"after": ""}),
}


@pytest.mark.parametrize(("route", "about", "fields"), STALE.values(), ids=STALE)
def test_what_is_gone_answers_409(
    stage: Stage, route: str, about: tuple[str, ...], fields: dict[str, str]
) -> None:
    """And the page is told the plan's version, so that it looks anew."""
    args = [resolve(stage, each) for each in about]
    values = {name: resolve(stage, value) for name, value in fields.items()}
    before = stage.state()
    response = stage.post("member", route, *args, htmx=True, **values)
    assert (response.status_code, response["HX-Reswap"]) == (409, "none")
    assert events(response)["planChanged"] == {"version": stage.version}
    assert events(response)["messageRaised"]["level"] == "error"
    assert stage.post("member", route, *args, **values).status_code == 409
    assert stage.state() == before


GONE: dict[str, tuple[str, tuple[str, ...]]] = {
    "a task": ("task", ("gone",)),
    "a dependency": ("dependency", ("$T001", "$T004")),
    "a dependency of itself": ("dependency", ("$T001", "$T001")),
    "a pair": ("pair", ("$T001", "gone")),
    "a pair of one": ("pair", ("$T001", "$T001")),
}


@pytest.mark.parametrize(("route", "about"), GONE.values(), ids=GONE)
def test_a_panel_of_what_is_gone_answers_404(stage: Stage, route: str, about: tuple[str, ...]) -> None:
    """As a panel and as a page."""
    args = [resolve(stage, each) for each in about]
    for htmx in (True, False):
        assert stage.get("owner", route, *args, htmx=htmx).status_code == 404


@pytest.mark.parametrize("route", ["edit_task", "remove_task", "move_task", "set_progress"])
def test_a_task_that_is_gone_answers_404(stage: Stage, route: str) -> None:
    """Whatever is to be done to it."""
    assert stage.post("owner", route, "gone", htmx=True).status_code == 404


@pytest.mark.parametrize("route", ["add_row", "rename_row", "move_row", "remove_row"])
def test_an_unknown_kind_of_row_answers_404(stage: Stage, route: str) -> None:
    """There are phases, tracks and agents."""
    args = ("colour",) if route == "add_row" else ("colour", "u1")
    assert stage.post("owner", route, *args, name="Red").status_code == 404
