"""The forms of the project pages: projects, their file lists, and new plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

import planner_core as core
from taskplanner.plans.forms.fields import LineField, UploadField

LARGE = 1_000_000  # bytes of a document that is not read while somebody waits


class NameForm(forms.Form):
    """A name: of a project, a phase, a track or an agent."""

    name = LineField(max_length=300)


class NewPlanForm(forms.Form):
    """A plan to begin: from a starter, else empty with a title."""

    title = LineField(max_length=300, required=False)
    starter = forms.ChoiceField(
        required=False, choices=[(starter.name, starter.title) for starter in core.STARTERS]
    )

    def content(self, new_uid: Callable[[], str]) -> core.Plan:
        """The plan that a valid form asks for."""
        for starter in core.STARTERS:
            if starter.name == self.cleaned_data["starter"]:
                return starter.build(new_uid)
        return core.Plan(title=self.cleaned_data["title"] or "Untitled plan")


class ProjectForm(forms.Form):
    """A new project in one of the person's teams."""

    team = forms.ChoiceField()
    name = LineField(max_length=300, widget=forms.TextInput(attrs={"placeholder": "Name of the code base"}))

    def __init__(self, teams: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, auto_id="project-%s")
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = teams


class FilesForm(forms.Form):
    """A project's file list: pasted, or uploaded as a text file."""

    paths = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "code"}),
        help_text="One path a line, as git ls-files prints them",
    )
    upload = UploadField(required=False, label="Or a file that holds the list")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def text(self) -> str:
        """The list that was given: the uploaded file where there is one."""
        upload = self.cleaned_data.get("upload")
        given: str = upload.read().decode(errors="replace") if upload else self.cleaned_data["paths"]
        return given


class DocumentForm(forms.Form):
    """A plan document: a file, a ZIP of a folder, or a text; in a format that is named, or else detected."""

    upload = UploadField(required=False, label="A file, or a ZIP of a folder")
    text = forms.CharField(
        required=False,
        strip=False,
        label="Or its text",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
    )
    format = forms.ChoiceField(
        required=False,
        choices=lambda: [
            ("", "detect it"),
            *((each.name, each.title) for each in core.all_formats() if each.read is not None),
        ],
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("upload") and not (data.get("text") or "").strip():
            raise forms.ValidationError("Choose a file or paste the text of a plan.")
        return data

    def given(self) -> tuple[str, bytes]:
        """The name and the content of what was given: of the file where there is one."""
        upload = self.cleaned_data.get("upload")
        if upload:
            upload.seek(0)
            return upload.name, upload.read()
        return "pasted text", self.cleaned_data["text"].encode(errors="replace")

    def is_large(self) -> bool:
        """Whether reading what was given may take long; a ZIP may hold many times its size."""
        _, content = self.given()
        return len(content) > (LARGE // 10 if content.startswith(b"PK") else LARGE)

    def documents(self, new_uid: core.NewUid) -> list[core.Document]:
        """The plans in what was given. Raises as `core.documents_of` does."""
        name, content = self.given()
        return core.documents_of(name, content, format_name=self.cleaned_data["format"], new_uid=new_uid)


class ImportForm(DocumentForm):
    """A document for a plan that there is: whether it replaces or updates it, and how tasks are matched."""

    mode = forms.ChoiceField(
        choices=[
            ("replace", "the plan becomes what the document holds"),
            ("update", "what the document says is taken over, the rest stays"),
        ],
        initial="replace",
        required=False,
    )
    match = forms.ChoiceField(
        label="Tasks are the same where they have the same",
        choices=[("key", "key"), ("title", "title")],
        initial="key",
        required=False,
    )
    name = LineField(max_length=300, required=False, label="Which plan, if there are several")

    def clean_mode(self) -> str:
        """Replacing, where nothing else is said."""
        return self.cleaned_data["mode"] or "replace"

    def clean_match(self) -> str:
        """By key, where nothing else is said."""
        return self.cleaned_data["match"] or "key"

    def document(self, new_uid: core.NewUid) -> core.Document:
        """The one plan that is asked for. Raises as `documents` does, and where it is not clear which."""
        found = self.documents(new_uid)
        named = (
            [each for each in found if each.name == self.cleaned_data["name"]] if len(found) > 1 else found
        )
        if len(named) != 1:
            names = ", ".join(each.name or each.plan.title for each in found)
            raise core.PlannerError(f"The document holds several plans: {names}. Say which one.")
        return named[0]


class ExportForm(forms.Form):
    """A format that plans are written in."""

    format = forms.ChoiceField(
        required=False,
        choices=lambda: [(each.name, each.title) for each in core.all_formats() if each.write is not None],
    )

    def chosen(self) -> core.Format:
        """The format that was asked for, else the plan document's."""
        named = self.cleaned_data.get("format") if self.is_valid() else None
        return core.format_named(named or "yaml")
