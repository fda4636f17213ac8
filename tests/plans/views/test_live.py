"""Other people's changes: the poll of an open page."""

from __future__ import annotations

import pytest
from django.urls import reverse

import planner_core as core
from tests.cast import Part
from tests.plans.views.stage import Stage, events


def retitle(stage: Stage, title: str, part: Part = "member") -> None:
    """Somebody gives T003 another title."""
    stage.change(core.editing_task(stage.plan, stage.uid("T003"), {}, {"title": title}), part)


def test_nothing_new_costs_nothing(stage: Stage) -> None:
    """204, without a body and without events."""
    response = stage.get("viewer", "changes", htmx=True, after=str(stage.version))
    assert (response.status_code, response.content, events(response)) == (204, b"", {})
    assert stage.get("viewer", "changes", htmx=True, after="99999").status_code == 204


def test_others_changes_are_told(stage: Stage) -> None:
    """Who did what, the version to go on from, and that drawings are old."""
    seen = stage.version
    retitle(stage, "Schema")
    response = stage.get("lead", "changes", htmx=True, after=str(seen))
    assert response.status_code == 200
    assert events(response) == {
        "messageRaised": {"text": "Member renamed T003 to “Schema”.", "level": "info"},
        "planChanged": {"version": seen + 1},
        "drawingOutdated": {},
    }
    after = str(events(response)["planChanged"]["version"])
    assert stage.get("lead", "changes", htmx=True, after=after).status_code == 204


def test_own_changes_in_another_window_are_not_told(stage: Stage) -> None:
    """The page still looks anew."""
    seen = stage.version
    retitle(stage, "Schema")
    response = stage.get("member", "changes", htmx=True, after=str(seen))
    assert events(response) == {"planChanged": {"version": seen + 1}, "drawingOutdated": {}}


def test_of_many_changes_the_last_three_are_told(stage: Stage) -> None:
    """Own ones in between are left out."""
    seen = stage.version
    for number in range(5):
        retitle(stage, f"Title {number}")
        retitle(stage, f"Own {number}", "lead")
    told = events(stage.get("lead", "changes", htmx=True, after=str(seen)))["messageRaised"]["text"]
    assert [f"Title {number}" in told for number in range(5)] == [False, False, True, True, True]
    assert "Own" not in told


def test_a_page_that_slept_catches_up(stage: Stage) -> None:
    """More changes than a page of the history come in several answers."""
    seen = stage.version
    for number in range(70):
        retitle(stage, f"Title {number}")
    versions = []
    while (response := stage.get("lead", "changes", htmx=True, after=str(seen))).status_code == 200:
        seen = events(response)["planChanged"]["version"]
        versions.append(seen)
    assert versions[-1] == stage.version
    assert len(versions) == 2


def test_what_the_app_did_by_itself_is_told_too(stage: Stage) -> None:
    """By its name."""
    seen = stage.version
    retitle(stage, "Schema", "signed_out")
    told = events(stage.get("viewer", "changes", htmx=True, after=str(seen)))["messageRaised"]["text"]
    assert told == "The app renamed T003 to “Schema”."


@pytest.mark.parametrize("after", ["", "x", "-1", "²", "9" * 30])
def test_a_senseless_version_tells_everything(stage: Stage, after: str) -> None:
    """As if nothing had been seen."""
    response = stage.get("viewer", "changes", htmx=True, after=after)
    assert events(response)["planChanged"] == {"version": stage.version}


def test_the_page_asks_from_the_version_it_shows(stage: Stage) -> None:
    """Its first poll brings what came after it was made."""
    page = stage.get("viewer", "plan").content.decode()
    assert f'name="after" value="{stage.version}"' in page
    assert f'hx-get="{reverse("changes", args=[stage.row.pk])}"' in page
