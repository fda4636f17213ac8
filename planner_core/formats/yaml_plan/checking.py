"""Checks a document's tree against its shape; every fault is told in plain words and with its place."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from planner_core.errors import Problem
from planner_core.formats.yaml_plan.schema import (
    VERSION,
    AgentDocument,
    ArtefactDocument,
    GroupDocument,
    HandoffDocument,
    PairDocument,
    PlanDocument,
    ProgressDocument,
    SettingsDocument,
    TaskDocument,
)
from planner_core.formats.yaml_plan.tree import MapNode, place_of, plain, problem_at

Path = tuple[str | int, ...]

# Looking for the nearest name is quadratic work: a file full of wrong names gets this many hints.
_MAX_HINTS = 20
_CLOSE_ENOUGH = 0.5
_SECTIONS: dict[str, type[BaseModel]] = {
    "settings": SettingsDocument,
    "pairs": PairDocument,
    "agents": AgentDocument,
    "progress": ProgressDocument,
    "handoffs": HandoffDocument,
    "execution_groups": GroupDocument,
}
_WHAT_IS_EXPECTED = {
    "string_type": "a text is expected",
    "list_type": "a list is expected",
    "dict_type": "a mapping is expected",
    "model_type": "a mapping is expected",
    "model_attributes_type": "a mapping is expected",
    "int_type": "a whole number is expected",
    "int_parsing": "a whole number is expected",
    "int_from_float": "a whole number is expected",
    "int_parsing_size": "this number is too large",
    "float_type": "a number is expected",
    "float_parsing": "a number is expected",
    "finite_number": "a number is expected",
    "bool_type": "true or false is expected",
    "bool_parsing": "true or false is expected",
    "datetime_type": "a time is expected",
    "missing": "this is missing",
}


class Hints:
    """Suggests the nearest known name for an unknown one, a limited number of times."""

    def __init__(self) -> None:
        self._left = _MAX_HINTS

    def nearest(self, name: str, known: Iterable[str]) -> str:
        """` Did you mean …?`, or nothing."""
        if self._left == 0:
            return ""
        self._left -= 1
        by_folded = {each.casefold(): each for each in known}
        close = get_close_matches(name[:80].casefold(), list(by_folded), 1, _CLOSE_ENOUGH)
        return f" Did you mean {by_folded[close[0]]}?" if close else ""


def checked(root: MapNode, hints: Hints) -> tuple[PlanDocument, list[Problem]]:
    """The document and what is wrong with it; what is wrong is left out, so that the rest can be checked."""
    data = plain(root)
    problems: list[Problem] = []
    while True:
        try:
            return PlanDocument.model_validate(data), problems
        except ValidationError as error:
            details = error.errors(include_url=False)
            # What a later round finds only follows from what was left out before.
            problems = problems or [_problem(root, detail, hints) for detail in details]
            # Later entries of a list first, so that the places of the earlier ones hold.
            for path in sorted((_known_path(data, d["loc"]) for d in details), key=_order, reverse=True):
                _remove(data, path)


def field_of(path: Path) -> tuple[str | None, str | None]:
    """The key of the task that a path leads into, and the field it names there or in the head."""
    if path and path[0] == "tasks":
        key = str(path[1]) if len(path) > 1 else None
        return key, str(path[2]) if len(path) > 2 else None
    return None, str(path[0]) if path else None


def _problem(root: MapNode, detail: ErrorDetails, hints: Hints) -> Problem:
    path = detail["loc"]
    kind = detail["type"]
    task, field = field_of(path)
    place = place_of(root, path, key=kind == "extra_forbidden")
    if kind == "extra_forbidden":
        name = str(path[-1])
        known = _names(_model_at(path))
        message = f"“{name[:80]}” is not known here.{hints.nearest(name, known)}"
    else:
        message = f"{_subject(path)}: {_said(detail)}."
    return problem_at(place, message, task=task, field=field)


def _subject(path: Path) -> str:
    names = [step for step in path if isinstance(step, str)]
    return (names[-1] if names else "plan")[:80]


def _said(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"]).rstrip(".")
    if kind == "enum":
        return f"one of {context['expected'].replace(' or ', ', ')} is expected".replace("'", "")
    if kind in ("too_short", "too_long"):
        return f"exactly {context.get('min_length', context.get('max_length'))} are expected"
    if detail["loc"][:1] == ("taskplanner",):
        return f"this program reads version {VERSION} of the document"
    if kind in _WHAT_IS_EXPECTED:
        return _WHAT_IS_EXPECTED[kind]
    message = detail["msg"]
    return message[:1].lower() + message[1:]


def _model_at(path: Path) -> type[BaseModel]:
    if "artefacts" in path[:-1]:
        return ArtefactDocument
    if path[0] == "tasks":
        return HandoffDocument if len(path) > 3 else TaskDocument
    return _SECTIONS.get(str(path[0]), PlanDocument) if len(path) > 1 else PlanDocument


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _known_path(data: Any, path: Path) -> Path:
    """The path as far as the data goes; steps that only name an alternative of the shape are skipped."""
    known: list[str | int] = []
    for step in path:
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if in_list or (isinstance(data, dict) and step in data):
            data = data[step]
            known.append(step)
    return tuple(known)


def _order(path: Path) -> list[tuple[bool, int, str]]:
    return [(isinstance(step, int), step, "") if isinstance(step, int) else (False, 0, step) for step in path]


def _remove(data: Any, path: Path) -> None:
    """Takes out what stands at a path, which may be gone already with what held it."""
    for step in path[:-1]:
        if isinstance(data, dict) and step not in data:
            return
        data = data[step]
    if isinstance(data, dict):
        data.pop(path[-1], None)
    elif path and isinstance(path[-1], int) and path[-1] < len(data):
        del data[path[-1]]
