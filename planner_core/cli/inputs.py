"""Finds the plans that a name on the command line stands for: in a file, a folder, a ZIP, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from planner_core.cli.outputs import fail, refuse
from planner_core.errors import InvalidPlan, PlannerError, Problem
from planner_core.formats import (
    AmbiguousFormatError,
    Document,
    Format,
    Source,
    detected_format,
    format_named,
    source_of,
)
from planner_core.formats.archive import JUNK_FOLDERS, MAX_FILES, MAX_FOLDER_BYTES, is_read

STANDARD = "-"


class UnknownPlanError(PlannerError):
    """A name that no plan of a source has, or more than one."""


def read_documents(name: str, format_name: str | None, plan_name: str | None) -> list[Document]:
    """The plans in a source, or the one of them that is named.

    Raises InvalidPlan where the source cannot be read, PlannerError where its format or plan is not clear.
    """
    source = _source(name)
    chosen = _format(source, format_name)
    if chosen.read is None:
        raise InvalidPlan((Problem(f"{chosen.title} can only be written."),))
    numbers = count(1)
    documents = chosen.read(source, new_uid=lambda: f"u{next(numbers)}")
    if plan_name is None:
        return documents
    named = [document for document in documents if document.name == plan_name]
    if len(named) == 1:
        return named
    what = f"There is no plan “{plan_name}”" if not named else f"Several plans are called “{plan_name}”"
    raise UnknownPlanError(f"{what}. The plans are: {_names(documents)}.")


def open_documents(name: str, format_name: str | None, plan_name: str | None) -> list[Document]:
    """The same as `read_documents`; where it is refused, says why and ends the command."""
    try:
        return read_documents(name, format_name, plan_name)
    except InvalidPlan as error:
        refuse(name, error.problems)
    except PlannerError as error:
        fail(str(error))


def open_document(name: str, format_name: str | None, plan_name: str | None) -> Document:
    """The one plan in a source; where there are several or none, says so and ends the command."""
    return only(open_documents(name, format_name, plan_name), name)


def only(documents: list[Document], name: str) -> Document:
    """The one plan of a source; where there are several, names them and ends the command."""
    if len(documents) > 1:
        fail(f"{name} holds several plans. Choose one with --plan: {_names(documents)}.")
    return documents[0]


def _names(documents: list[Document]) -> str:
    return ", ".join(document.name or "(without a name)" for document in documents)


def _format(source: Source, name: str | None) -> Format:
    if name is not None:
        return format_named(name)
    try:
        return detected_format(source)
    except AmbiguousFormatError as error:
        names = " or ".join(f"--from {each.name}" for each in error.formats)
        raise PlannerError(f"{error} Write {names}.") from error


def _source(name: str) -> Source:
    if name == STANDARD:
        return source_of(name, sys.stdin.buffer.read())
    path = Path(name)
    try:
        if path.is_dir():
            return Source(path.resolve().name or "folder", dict(_files(path)))
        return source_of(path.name, path.read_bytes())
    except OSError as error:
        message = f"The file cannot be read: {error.strerror or error}."
        raise InvalidPlan((Problem(message),)) from error


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files below a folder that a reader may want, by path; links are not followed."""
    total = 0
    for number, path in enumerate(sorted(_walk(folder))):
        if number == MAX_FILES:
            raise InvalidPlan((Problem(f"{folder} holds more than {MAX_FILES:,} files to read."),))
        content = (folder / path).read_bytes()
        total += len(content)
        if total > MAX_FOLDER_BYTES:
            raise InvalidPlan((Problem(f"{folder} holds more than {MAX_FOLDER_BYTES:,} bytes to read."),))
        yield path, content


def _walk(folder: Path) -> Iterator[str]:
    for above, folders, names in os.walk(folder):
        here = Path(above).relative_to(folder)
        folders[:] = [each for each in folders if each not in JUNK_FOLDERS]
        for name in names:
            path = (here / name).as_posix()
            if is_read(path) and (folder / path).is_file() and not (folder / path).is_symlink():
                yield path
