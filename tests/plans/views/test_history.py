"""History, undo and redo: everybody's changes are listed, everybody takes back their own."""

from __future__ import annotations

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

import planner_core as core
from tests.plans.views.stage import Stage, events, said, text_of


def retitle(stage: Stage, title: str, part: str = "member") -> None:
    """Somebody gives T003 another title."""
    edits = core.editing_task(stage.plan, stage.uid("T003"), {}, {"title": title})
    stage.change(edits, part)  # type: ignore[arg-type]  # a part


def test_undo_and_redo(stage: Stage) -> None:
    """Each gives back exactly the plan from before it; the answer holds the buttons and a message."""
    before = stage.plan
    retitle(stage, "Schema")
    after = stage.plan
    for _ in range(2):
        undone = stage.post("member", "undo", htmx="undo")
        assert stage.plan == before
        assert text_of(undone).lstrip().startswith('<div class="bar-group" id="undo"')
        assert events(undone) == {
            "planChanged": {"version": stage.version},
            "messageRaised": {"text": "Undid: renamed T003 to “Schema”.", "level": "success"},
            "drawingOutdated": {},
        }
        redone = stage.post("member", "redo", htmx="undo")
        assert stage.plan == after
        assert events(redone)["messageRaised"]["text"].startswith("Redid: renamed T003")


def test_a_plain_form_leads_back_to_the_plan(stage: Stage) -> None:
    """With the message on the page."""
    retitle(stage, "Schema")
    for route, word in (("undo", "Undid"), ("redo", "Redid")):
        response = stage.post("member", route)
        assert [text.startswith(word) for text in said(response)] == [True]
        assertRedirects(response, stage.row.get_absolute_url())


def test_one_undoes_ones_own_changes_only(stage: Stage) -> None:
    """What others did in between stays."""
    retitle(stage, "Mine")
    edits = core.editing_task(stage.plan, stage.uid("T004"), {}, {"title": "Theirs"})
    stage.change(edits, "lead")
    stage.post("member", "undo", htmx=True)
    assert stage.task("T003").title == "Comment schema"
    assert stage.task("T004").title == "Theirs"
    assert stage.post("member", "undo", htmx=True).status_code == 422, "the lead's change is not theirs"


def test_an_undo_that_would_overwrite_another_is_refused(stage: Stage) -> None:
    """409, naming who changed the same field since; nothing is written."""
    retitle(stage, "Mine")
    retitle(stage, "Theirs", "lead")
    before = stage.state()
    response = stage.post("member", "undo", htmx=True)
    assert response.status_code == 409
    assert events(response)["messageRaised"]["text"].startswith("Lead was first")
    assert stage.state() == before


def test_a_new_change_ends_the_redoing(stage: Stage) -> None:
    """After it there is nothing to bring back."""
    retitle(stage, "One")
    stage.post("member", "undo", htmx=True)
    retitle(stage, "Two")
    assert stage.post("member", "redo", htmx=True).status_code == 422
    assert stage.task("T003").title == "Two"


def test_the_buttons_say_what_they_do(stage: Stage) -> None:
    """And are disabled where they would do nothing; who only looks has none."""
    nothing = stage.get("member", "undo_buttons", htmx=True)
    assertContains(nothing, "Nothing of yours to undo")
    assertContains(nothing, "Nothing of yours to redo")
    retitle(stage, "Schema")
    assertContains(stage.get("member", "undo_buttons", htmx=True), "Undo: renamed T003 to “Schema”")
    stage.post("member", "undo", htmx=True)
    assertNotContains(stage.get("member", "undo_buttons", htmx=True), "Nothing of yours to redo")
    viewers = stage.get("viewer", "undo_buttons", htmx=True)
    assertNotContains(viewers, "<form")
    assertContains(viewers, "view only")


def test_the_history_lists_changes_newest_first(stage: Stage) -> None:
    """With who made them; as a page and as the part that refreshes itself."""
    retitle(stage, "One", "lead")
    retitle(stage, "Two", "member")
    page = text_of(stage.get("viewer", "history"))
    places = [
        page.index(text)
        for text in (
            "<strong>Member</strong> renamed T003 to “Two”",
            "<strong>Lead</strong> renamed T003 to “One”",
            "<strong>Owner</strong> created the plan with 4 tasks",
        )
    ]
    assert places == sorted(places)
    part = text_of(stage.get("viewer", "history", htmx=True))
    assert part.lstrip().startswith('<div id="history"')


def test_a_long_history_has_pages(stage: Stage) -> None:
    """50 changes a page, each leading to older ones and back to the newest."""
    for number in range(60):
        retitle(stage, f"Title {number}")
    first = stage.get("viewer", "history")
    assertContains(first, "version 61")
    assertContains(first, "?before=12")
    assertNotContains(first, "Newest changes")
    second = stage.get("viewer", "history", before="12")
    assertContains(second, "created the plan")
    assertContains(second, "version 11<")
    assertNotContains(second, "version 12<")
    assertNotContains(second, "Older changes")
    assertContains(second, "Newest changes")


@pytest.mark.parametrize("before", ["", "x", "-3", "1e3", "٣", "9" * 40])
def test_a_senseless_place_in_the_history_is_the_newest(stage: Stage, before: str) -> None:
    """Whatever stands in the address."""
    assertContains(stage.get("viewer", "history", before=before), "created the plan")


def test_what_people_typed_is_no_markup_in_the_history(stage: Stage) -> None:
    """It is shown as they typed it."""
    retitle(stage, "<script>alert(1)</script>")
    assertNotContains(stage.get("viewer", "history"), "<script>alert(1)")
