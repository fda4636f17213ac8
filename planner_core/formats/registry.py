"""The formats that plans are read from and written to: each a module of this package with a `FORMAT`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

import planner_core.formats
from planner_core.errors import InvalidPlan, PlannerError
from planner_core.formats.document import Document, NewUid, Written
from planner_core.formats.source import Source


class Reader(Protocol):
    """Reads a source: a document for each plan in it, in order, at least one.

    Raises InvalidPlan with every problem found, and nothing else.
    """

    def __call__(self, source: Source, *, new_uid: NewUid) -> list[Document]: ...


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `extensions` are lower case with their dot; a reader or a writer may be missing.

    `fits` says whether a source looks like this format, cheaply, and precisely enough that two formats rarely
    both fit. `separator` parts several plans written into one text; it is None where a text holds one plan.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    fits: Callable[[Source], bool]
    read: Reader | None = None
    write: Callable[[Document], Written] | None = None
    separator: str | None = None


class UnknownFormatError(PlannerError):
    """A name or a source that no format answers to."""


class AmbiguousFormatError(PlannerError):
    """A source that several formats fit equally; `formats` are these, by name."""

    def __init__(self, name: str, formats: Sequence[Format]) -> None:
        names = [each.name for each in formats]
        spelled = f"{', '.join(names[:-1])} or {names[-1]}"
        super().__init__(f"{name} may be {spelled}. Say which.")
        self.formats = tuple(formats)


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format, by name. A module of this package that has a `FORMAT` is one: there is no other list."""
    modules = (
        import_module(f"{planner_core.formats.__name__}.{found.name}")
        for found in iter_modules(planner_core.formats.__path__)
    )
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return tuple(sorted(found, key=lambda each: each.name))


@cache
def readable_extensions() -> frozenset[str]:
    """What the names of files end with that some format can read."""
    return frozenset(each for found in all_formats() if found.read for each in found.extensions)


def format_named(name: str) -> Format:
    """The format of that name. Raises UnknownFormatError, which lists the known ones."""
    for each in all_formats():
        if each.name == name.lower():
            return each
    known = ", ".join(each.name for each in all_formats())
    raise UnknownFormatError(f"There is no format “{name}”. The formats are: {known}.")


def fitting_formats(source: Source) -> Sequence[Format]:
    """The readable formats that a source may be in, by name.

    They are those that fit its content and its name, else its content, else its name.
    """
    readable = [each for each in all_formats() if each.read is not None]
    named = [each for each in readable if source.suffix in each.extensions]
    fitting = [each for each in readable if _fits(each, source)]
    return [each for each in fitting if each in named] or fitting or named


def detected_format(source: Source) -> Format:
    """The one format that a source is in; the plan document's where nothing tells a single file's format.

    Raises AmbiguousFormatError where several fit, UnknownFormatError where none does, and InvalidPlan where a
    single file is no text.
    """
    if not source.is_folder:
        source.text()
    found = fitting_formats(source)
    if len(found) == 1:
        return found[0]
    if found and any(_fits(each, source) for each in found):
        raise AmbiguousFormatError(source.name, found)
    document = format_named("yaml")
    if not source.is_folder and (document in found or not found):
        return document
    known = ", ".join(each.name for each in all_formats() if each.read is not None)
    raise UnknownFormatError(f"{source.name} fits no format. Those that can be read are: {known}.")


def _fits(candidate: Format, source: Source) -> bool:
    """Whether a format fits; a source with a text that cannot be decoded is none that it could read."""
    try:
        return candidate.fits(source)
    except InvalidPlan:
        return False
