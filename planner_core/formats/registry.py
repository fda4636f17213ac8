"""The formats that plans are read from and written to: each a module of this package with a `FORMAT`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import PurePath
from pkgutil import iter_modules
from typing import Protocol

import planner_core.formats
from planner_core.errors import PlannerError
from planner_core.formats.document import Document, NewUid


class Reader(Protocol):
    """Reads a file's content. Raises InvalidPlan with every problem found, and nothing else."""

    def __call__(self, source: str | bytes, *, new_uid: NewUid) -> Document: ...


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `extensions` are lower case with their dot; a reader or a writer may be missing.

    `fits` says whether a text looks like this format; a file is taken for it where either its name or its
    text fits.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    fits: Callable[[str], bool]
    read: Reader | None = None
    write: Callable[[Document], str] | None = None


class UnknownFormatError(PlannerError):
    """A name or a file that no format answers to."""


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format, by name. A module of this package that has a `FORMAT` is one: there is no other list."""
    modules = (
        import_module(f"{planner_core.formats.__name__}.{found.name}")
        for found in iter_modules(planner_core.formats.__path__)
    )
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return tuple(sorted(found, key=lambda each: each.name))


def format_named(name: str) -> Format:
    """The format of that name. Raises UnknownFormatError, which lists the known ones."""
    for each in all_formats():
        if each.name == name.lower():
            return each
    known = ", ".join(each.name for each in all_formats())
    raise UnknownFormatError(f"There is no format “{name}”. The formats are: {known}.")


def fitting_formats(file_name: str, text: str) -> Sequence[Format]:
    """The readable formats that a file may be in: those its name and text fit, else either, by name."""
    readable = [each for each in all_formats() if each.read is not None]
    suffix = PurePath(file_name).suffix.lower()
    named = [each for each in readable if suffix in each.extensions]
    both = [each for each in named if each.fits(text)]
    return both or named or [each for each in readable if each.fits(text)]
