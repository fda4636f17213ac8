"""The forms of the project pages: projects, their file lists, and new plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

import planner_core as core
from taskplanner.plans.forms.fields import LineField, UploadField


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
    """A plan document: a file, or its text."""

    upload = UploadField(required=False, label="A YAML file")
    text = forms.CharField(
        required=False,
        strip=False,
        label="Or its text",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("upload") and not (data.get("text") or "").strip():
            raise forms.ValidationError("Choose a file or paste the text of a plan.")
        return data

    def document(self) -> bytes:
        """What was given, as bytes: the file where there is one."""
        upload = self.cleaned_data.get("upload")
        data: bytes = upload.read() if upload else self.cleaned_data["text"].encode(errors="replace")
        return data
