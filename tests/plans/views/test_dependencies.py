"""Drawing and removing dependencies: by drag and by form, through the same address."""

from __future__ import annotations

import pytest
from pytest_django.asserts import assertContains, assertNotContains

import planner_core as core
from tests.plans.views.stage import Stage, events, text_of


def pair(stage: Stage, first: str, second: str) -> dict[str, str]:
    """The fields of the form for two tasks, by key."""
    return {"predecessor": stage.uid(first), "successor": stage.uid(second)}


def test_a_drag_gets_the_new_graph(stage: Stage) -> None:
    """The graph's own form is answered with the drawing in which the arrow is, not with a panel."""
    response = stage.post("member", "add_dependency", htmx="graph", **pair(stage, "T003", "T004"))
    text = text_of(response)
    assert response.status_code == 200
    assert text.lstrip().startswith('<div class="drawing-frame" id="graph"')
    assert f"dep-{stage.uid('T003')}--{stage.uid('T004')}" in text
    assert 'id="side"' not in text
    assert events(response)["planChanged"] == {"version": stage.version}
    assert core.Dependency(stage.uid("T003"), stage.uid("T004")) in stage.plan.dependencies


def test_the_drawing_loses_what_is_removed(stage: Stage) -> None:
    """The same for removing: the arrow is gone from the answer."""
    response = stage.post("member", "remove_dependency", htmx="graph", **pair(stage, "T001", "T003"))
    assertNotContains(response, f"dep-{stage.uid('T001')}--{stage.uid('T003')}")
    assertContains(response, f"dep-{stage.uid('T001')}--{stage.uid('T002')}")


@pytest.mark.parametrize("htmx", ["graph", "side", False])
def test_a_circle_is_refused_and_spelled_out(stage: Stage, htmx: str | bool) -> None:
    """422, with the circle key by key; nothing is swapped, and nothing is written."""
    before = stage.state()
    response = stage.post("member", "add_dependency", htmx=htmx, **pair(stage, "T004", "T001"))
    assert response.status_code == 422
    text = events(response)["messageRaised"]["text"] if htmx else text_of(response)
    assert "T001 cannot wait for T004" in text
    assert "T004 → T001 → T002 → T004" in text
    assert stage.state() == before
    if htmx:
        assert response["HX-Reswap"] == "none"


def test_a_summary_task_and_its_part_cannot_wait_for_each_other(stage: Stage) -> None:
    """The message says who is a part of whom."""
    edits = core.editing_task(stage.plan, stage.uid("T003"), {}, {"parent": stage.uid("T004")})
    stage.change(edits)
    response = stage.post("member", "add_dependency", htmx=True, **pair(stage, "T004", "T003"))
    assert response.status_code == 422
    assert "T003 is a part of the summary task T004" in events(response)["messageRaised"]["text"]


def test_two_people_draw_opposing_arrows(stage: Stage) -> None:
    """Each would be fine alone: the second is refused, by the plan as it is now."""
    first = stage.post("lead", "add_dependency", htmx="graph", **pair(stage, "T003", "T004"))
    second = stage.post("member", "add_dependency", htmx="graph", **pair(stage, "T004", "T003"))
    assert (first.status_code, second.status_code) == (200, 422)


def test_a_dependency_that_somebody_removed(stage: Stage) -> None:
    """Removing it too answers 409, naming who was first."""
    stage.post("lead", "remove_dependency", htmx=True, **pair(stage, "T001", "T002"))
    response = stage.post("member", "remove_dependency", htmx=True, **pair(stage, "T001", "T002"))
    assert response.status_code == 409
    assert events(response)["messageRaised"]["text"].startswith("Lead was first")


def test_the_panel_of_a_dependency(stage: Stage) -> None:
    """Says what waits for what, and has the button that removes it for who may."""
    uids = stage.uid("T001"), stage.uid("T002")
    panel = stage.get("member", "dependency", *uids, htmx=True)
    assertContains(panel, "Comment repository</a> waits for")
    assertContains(panel, f'action="{stage.url("remove_dependency")}"')
    assertNotContains(stage.get("viewer", "dependency", *uids), stage.url("remove_dependency"))


def test_the_form_knows_where_it_was_opened(stage: Stage) -> None:
    """The task in focus comes first in the new dependency."""
    query = {"from": stage.uid("T002")}
    panel = stage.get("member", "dependency_form", htmx=True, **query)
    assertContains(panel, f'<option value="{stage.uid("T002")}" selected>T002 Comment repository</option>')
    assertContains(stage.get("viewer", "dependency_form"), "You may look at this plan, not change it")
