"""A project's file list: the paths that people paste or upload, or that `git ls-files` prints."""

from __future__ import annotations

import re

from django.db.models import F

import planner_core as core
from planner_core.paths import check_path
from taskplanner.plans.models import Project

MAX_FILES = 50_000

_SHOWN = 100
_ESCAPED = re.compile(rb'\\(?:([0-3][0-7]{2})|([abfnrtv"\\]))')
_LETTERS = dict(zip(b'abfnrtv"\\', b'\a\b\f\n\r\t\v"\\', strict=True))


class BadFileList(core.PlannerError):
    """A file list with lines that are no paths; its text names the first of them."""


class StaleFileList(core.PlannerError):
    """Somebody replaced the file list meanwhile."""


def set_files(*, project: Project, text: str, expected_revision: int) -> int:
    """Replace a project's file list by the paths in a text, one a line; return how many there are.

    A path in quotes is read as git writes those with special characters, by the rules of C:
    `"docs/\\303\\251.md"` is `docs/é.md`. Blank lines and a leading `./` are dropped, paths sorted, doubles
    stored once. Raises BadFileList with the first bad line, StaleFileList where the list is no longer at
    `expected_revision`.
    """
    found = {_path(number, line.strip()) for number, line in enumerate(text.split("\n"), start=1)}
    paths = sorted(found - {""})
    if len(paths) > MAX_FILES:
        raise BadFileList(f"A project's list holds at most {MAX_FILES} files; this one has {len(paths)}.")
    done = Project.objects.filter(pk=project.pk, files_revision=expected_revision).update(
        files="\n".join(paths), files_revision=F("files_revision") + 1
    )
    if not done:
        raise StaleFileList("Somebody replaced the file list meanwhile. Load the page again.")
    return len(paths)


def _path(number: int, line: str) -> str:
    quoted = len(line) > 1 and line[0] == line[-1] == '"'
    try:
        path = (_unquoted(line[1:-1]) if quoted else line).removeprefix("./")
    except ValueError as error:
        raise BadFileList(f"Line {number} is not quoted as git does: {line[:_SHOWN]}") from error
    if path and (refusal := check_path(path)):
        raise BadFileList(f"Line {number}, {line[:_SHOWN]!r}: {refusal}")
    return path


def _unquoted(text: str) -> str:
    """The path that git wrote in quotes. Raises ValueError where the text is no such thing."""
    data = text.encode()
    if re.search(rb'[\\"]', _ESCAPED.sub(b"", data)):
        raise ValueError("a backslash or a quote that nothing explains")
    return _ESCAPED.sub(_byte, data).decode()


def _byte(escaped: re.Match[bytes]) -> bytes:
    octal, letter = escaped.groups()
    return bytes([int(octal, 8) if octal else _LETTERS[letter[0]]])
