"""Forms that carry the values they showed, so that only what the person changed is written."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Protocol

from django import forms


class SeenForm(Protocol):
    """A bound form with a hidden field `seen`."""

    data: Mapping[str, Any]
    cleaned_data: dict[str, Any]

    def values(self) -> dict[str, Any]: ...


def read_seen(text: str, fields: Collection[str]) -> dict[str, Any]:
    """The values that a form carries of what it showed, by field. Raises ValidationError."""
    try:
        seen = json.loads(text)
        if not isinstance(seen, dict) or seen.keys() - set(fields):
            raise ValueError
    except (ValueError, RecursionError) as error:  # too deep a nesting is no form of ours either
        raise forms.ValidationError("The form is incomplete. Load the page again.") from error
    return seen


def rebased(form: SeenForm, fresh: forms.Form, fields: Collection[str]) -> dict[str, Any]:
    """What was typed in the fields that the person changed, and what a fresh form shows in the others."""
    data = {name: form.data.get(name) for name in form.data}
    seen, values = form.cleaned_data["seen"], form.values()
    for name in fields:
        if name in seen and values[name] == seen[name]:
            data[name] = fresh.initial[name]
    data["seen"] = fresh.initial["seen"]
    return data
