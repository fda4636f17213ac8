"""Importing into a plan: a preview, then one change that can be undone, or nothing at all."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

import planner_core as core
from tests.plans.views.stage import DOCUMENT, Stage, form_of, said, text_of

CHANGED = DOCUMENT.replace("title: Comment schema", "title: Schema") + "  T005: {title: Docs}\n"
EVIL = "<img src=x onerror=alert(1)>"
PROGRESS = "progress:\n  T001: {status: completed}\n"


def preview(stage: Stage, text: str = CHANGED) -> dict[str, str]:
    """The form that applies a previewed document, as a browser holds it."""
    page = stage.post("member", "preview_import", text=text)
    assert page.status_code == 200
    return form_of(page, stage.url("apply_import"))


def test_a_preview_changes_nothing(stage: Stage) -> None:
    """It says in words and figures what would change."""
    before = stage.state()
    page = stage.post("member", "preview_import", text=CHANGED)
    for text in ("renamed T003 to “Schema”", "added T005 “Docs”", "<dd>4 → 5</dd>", "<dd>1 → 1</dd>"):
        assertContains(page, text)
    assert stage.state() == before


def test_what_was_previewed_is_applied_and_undone(stage: Stage) -> None:
    """As one change; tasks keep their uids by their keys, and undo gives back exactly the plan before."""
    before = stage.plan
    response = stage.post("member", "apply_import", **preview(stage))
    assertRedirects(response, stage.row.get_absolute_url())
    assert said(response) == ["Imported."]
    assert [task.key for task in stage.plan.tasks] == ["T001", "T002", "T003", "T004", "T005"]
    assert stage.task("T003").title == "Schema"
    assertContains(stage.get("viewer", "history"), "imported a document: ")
    stage.post("member", "undo")
    assert stage.plan == before


def test_an_uploaded_file_is_the_same(stage: Stage) -> None:
    """A file weighs more than a pasted text."""
    upload = SimpleUploadedFile("plan.yaml", CHANGED.encode())
    page = stage.post("member", "preview_import", upload=upload, text="nonsense")
    assertContains(page, "added T005 “Docs”")


def test_progress_comes_along(stage: Stage) -> None:
    """Tasks that the document does not name keep theirs."""
    stage.post("member", "apply_import", **preview(stage, CHANGED + PROGRESS))
    assert {uid: each.status for uid, each in stage.progress.items()} == {
        stage.uid("T001"): core.Status.COMPLETED
    }


def test_a_document_that_holds_what_the_plan_holds(stage: Stage) -> None:
    """Changes nothing, and says so."""
    page = stage.post("member", "preview_import", text=text_of(stage.get("member", "export_yaml")))
    assertContains(page, "The document holds what the plan holds already.")
    before = stage.state()
    response = stage.post("member", "apply_import", **form_of(page, stage.url("apply_import")))
    assert said(response) == ["The document holds what the plan holds."]
    assert stage.state() == before


def test_a_preview_of_an_older_version_is_refused(stage: Stage) -> None:
    """409, naming who changed the plan since; nothing is changed, not even the progress."""
    form = preview(stage, CHANGED + PROGRESS)
    stage.change(core.editing_task(stage.plan, stage.uid("T004"), {}, {"title": "Theirs"}), "lead")
    before = stage.state()
    response = stage.post("member", "apply_import", **form)
    assertContains(response, "Lead was first", status_code=409)
    assertContains(response, "Back to the plan", status_code=409)
    assert stage.state() == before


def test_applying_twice_is_refused(stage: Stage) -> None:
    """The second click finds a newer plan."""
    form = preview(stage)
    assert stage.post("member", "apply_import", **form).status_code == 302
    before = stage.state()
    assert stage.post("member", "apply_import", **form).status_code == 409
    assert stage.state() == before


@pytest.mark.parametrize("spoil", ["", "x", "a:b:c", "cut", "flip"])
def test_a_preview_that_was_tampered_with_is_refused(stage: Stage, spoil: str) -> None:
    """422; the edits come back as the app wrote them, or not at all."""
    signed, before = preview(stage)["preview"], stage.state()
    spoilt = {"cut": signed[:-1], "flip": signed[:10] + "AAAA" + signed[14:]}.get(spoil, spoil)
    response = stage.post("member", "apply_import", preview=spoilt)
    assertContains(response, "This preview is broken or too old", status_code=422)
    assert stage.state() == before


def test_a_preview_of_another_plan_is_refused(stage: Stage) -> None:
    """Even by somebody who may edit both."""
    form, other = preview(stage), stage.post_to_project("member", "add_plan", title="Other")
    assert other.status_code == 302
    url = stage.url("apply_import").replace(f"/{stage.row.pk}/", f"/{stage.row.pk + 1}/")
    response = stage.client("member").post(url, form)
    assert response.status_code == 422
    assert "belongs to another plan" in response.content.decode()


BROKEN = """\
taskplanner: 1
plan: Broken
tasks:
  T001: {estimate: soon}
  T002: {depends_on: [T01]}
  T002: {title: twice}
  T003: {depends_on: [T004]}
  T004: {depends_on: [T003], modifies: ["src/["]}
"""


def test_all_errors_are_told_at_once(stage: Stage) -> None:
    """Each with its line and column, the text kept in the form; nothing is changed."""
    before = stage.state()
    page = stage.post("member", "preview_import", text=BROKEN)
    text = text_of(page)
    assert page.status_code == 422
    told = [tuple(map(int, found)) for found in re.findall(r"Line (\d+), column (\d+):", text)]
    assert told == sorted(told)
    assert {line for line, _ in told} >= {4, 5, 6}
    assert form_of(page, stage.url("preview_import"))["text"] == BROKEN
    assert stage.state() == before


def test_a_circle_in_a_document_is_spelled_out(stage: Stage) -> None:
    """Task by task."""
    text = "tasks:\n  A: {depends_on: [C]}\n  B: {depends_on: [A]}\n  C: {depends_on: [B]}\n"
    page = text_of(stage.post("member", "preview_import", text=text))
    assert "A → B → C → A" in page or "B → C → A → B" in page or "C → A → B → C" in page


@pytest.mark.parametrize("fields", [{}, {"text": "  \n "}, {"upload": ""}])
def test_nothing_given_is_refused(stage: Stage, fields: dict[str, str]) -> None:
    """422, with what to do."""
    page = stage.post("member", "preview_import", **fields)
    assertContains(page, "Choose a file or paste the text of a plan", status_code=422)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f'tasks: {{A: {{title: "{EVIL}"}}}}', 200),
        (f'tasks: {{A: {{"{EVIL}": 1, estimate: "{EVIL}"}}}}', 422),
    ],
)
def test_what_a_document_says_is_no_markup(stage: Stage, text: str, status: int) -> None:
    """Neither in a preview nor among errors."""
    page = stage.post("member", "preview_import", text=text)
    assertContains(page, "&lt;img src=x", status_code=status)
    assertNotContains(page, "<img src=x", status_code=status)
