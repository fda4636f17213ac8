"""Fields of the forms: lines, lists and durations, as people type them."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.conf import settings

import planner_core as core


class LineField(forms.CharField):
    """A name or title: one line, without control characters."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in text):
            raise forms.ValidationError("Write it in one line, without control characters.")
        return text


class UploadField(forms.FileField):
    """A file as large as a pasted text may be."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload and upload.size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
            raise forms.ValidationError(f"This file is larger than {limit} MB.")
        return upload


class DurationField(forms.CharField):
    """Minutes, typed as `45m`, `1h 30m`, `2h` or `1d`; empty is None."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return core.parse_duration(text)
        except core.BadDuration as error:
            raise forms.ValidationError(str(error)) from error


class LinesField(forms.CharField):
    """Entries, one a line; blank lines are dropped."""

    def __init__(self, *, rows: int = 2, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def clean(self, value: Any) -> Any:
        return tuple(line.strip() for line in super().clean(value).splitlines() if line.strip())


class WordsField(forms.CharField):
    """Entries, separated by commas."""

    def clean(self, value: Any) -> Any:
        return tuple(word.strip() for word in super().clean(value).split(",") if word.strip())
