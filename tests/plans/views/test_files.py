"""A project's file list: pasted or uploaded, and never over somebody else's."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from taskplanner.plans.models import Project
from taskplanner.plans.services import set_files
from tests.cast import Part
from tests.plans.views.stage import Stage, answer, form_of, said


def page_of(stage: Stage, part: Part = "member") -> HttpResponse:
    """The page of the file list."""
    return answer(stage.client(part).get(reverse("files", args=[stage.project.pk])))


def form_on(stage: Stage, page: HttpResponse) -> dict[str, str]:
    """What a browser would send for the form on the page, left as it is."""
    form = form_of(page, reverse("set_files", args=[stage.project.pk]))
    form.pop("upload")
    return form


def files(stage: Stage) -> list[str]:
    """The project's list as it is stored."""
    return Project.objects.get(pk=stage.project.pk).files.split("\n")


def test_a_list_is_pasted(stage: Stage) -> None:
    """As `git ls-files` prints it: sorted, without doubles; a message counts the files."""
    form = form_on(stage, page_of(stage))
    assert form["paths"].split("\n") == files(stage)
    response = stage.post_to_project(
        "member", "set_files", **form | {"paths": "b.py\r\n./a.py\r\n\r\nb.py\r\n"}
    )
    assertRedirects(response, reverse("files", args=[stage.project.pk]))
    assert said(response) == ["The project now lists 2 files."]
    assert files(stage) == ["a.py", "b.py"]


def test_a_list_is_uploaded(stage: Stage) -> None:
    """A file weighs more than what stands in the form."""
    form = form_on(stage, page_of(stage))
    upload = SimpleUploadedFile("files.txt", b"src/only.py\n")
    response = stage.post_to_project("member", "set_files", **form, upload=upload)
    assert said(response) == ["The project now lists 1 file."]
    assert files(stage) == ["src/only.py"]


def test_a_list_is_emptied(stage: Stage) -> None:
    """Then the plans have no tree, and say where it comes from."""
    form = form_on(stage, page_of(stage))
    stage.post_to_project("member", "set_files", **form | {"paths": ""})
    assertContains(stage.get("viewer", "ownership"), "The project has no file list yet")


@pytest.mark.parametrize("part", ["viewer", "member"])
def test_who_only_looks_cannot_type(stage: Stage, part: Part) -> None:
    """The list is there, its form disabled."""
    page = page_of(stage, part)
    assertContains(page, "src/models/comment.py")
    (assertContains if part == "viewer" else assertNotContains)(
        page, '<fieldset class="stack bare" disabled>'
    )


BAD = {
    "absolute": "/etc/passwd",
    "outside": "../x",
    "above": "src/../../x",
    "control": "a\x07b",
    "delete": "a\x7fb",
    "long": "x" * 5_000,
}


@pytest.mark.parametrize("path", BAD.values(), ids=BAD)
def test_what_is_no_path_is_refused(stage: Stage, path: str) -> None:
    """422 with the line's number; what was typed is kept, and the stored list too."""
    before = files(stage)
    form = form_on(stage, page_of(stage))
    page = stage.post_to_project("member", "set_files", **form | {"paths": f"good.py\n{path}\n"})
    assertContains(page, "Line 2", status_code=422)
    assert "good.py" in form_on(stage, page)["paths"]
    assert files(stage) == before


def test_an_upload_of_other_things_is_refused(stage: Stage) -> None:
    """A picture is no list of files."""
    before = files(stage)
    form = form_on(stage, page_of(stage))
    upload = SimpleUploadedFile("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00")
    assert stage.post_to_project("member", "set_files", **form, upload=upload).status_code == 422
    assert files(stage) == before


def test_too_many_files_are_refused(stage: Stage) -> None:
    """With the limit in the message."""
    form = form_on(stage, page_of(stage))
    paths = "\n".join(f"f{number}" for number in range(50_001))
    page = stage.post_to_project("member", "set_files", **form | {"paths": paths})
    assertContains(page, "at most 50000 files", status_code=422)


def test_somebody_replaced_the_list_meanwhile(stage: Stage) -> None:
    """409, with what was typed; saving again is the way on."""
    form = form_on(stage, page_of(stage))
    set_files(project=stage.project, text="theirs.py", expected_revision=stage.project.files_revision)
    page = stage.post_to_project("member", "set_files", **form | {"paths": "mine.py"})
    assertContains(page, "Somebody replaced the file list meanwhile", status_code=409)
    assert files(stage) == ["theirs.py"]
    again = form_on(stage, page)
    assert again["paths"] == "mine.py"
    assert stage.post_to_project("member", "set_files", **again).status_code == 302
    assert files(stage) == ["mine.py"]


def test_saving_twice_is_refused_politely(stage: Stage) -> None:
    """The second click of the same form is stale; the list is what it said anyway."""
    form = form_on(stage, page_of(stage)) | {"paths": "a.py"}
    statuses = [stage.post_to_project("member", "set_files", **form).status_code for _ in range(2)]
    assert statuses == [302, 409]
    assert files(stage) == ["a.py"]


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40])
def test_a_revision_that_never_was(stage: Stage, revision: str) -> None:
    """Is refused; nothing is written."""
    before = files(stage)
    response = stage.post_to_project("member", "set_files", paths="a.py", revision=revision)
    assert response.status_code in (409, 422)
    assert files(stage) == before
