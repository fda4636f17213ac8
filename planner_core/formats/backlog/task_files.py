"""One task's file of Backlog.md: its front matter, its sections, its acceptance criteria."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from planner_core.formats.front_matter import Page, read_page
from planner_core.formats.yaml_view import line_at, text_at, texts_at

_NAMED = re.compile(r"(?P<id>[A-Za-z][A-Za-z_]{0,30}-?\d{1,6}(?:\.\d{1,4}){0,5})[ ]+-[ ]+(?P<title>.+)")
_ID_ALONE = re.compile(r"[A-Za-z][A-Za-z_]{0,30}-\d{1,6}(?:\.\d{1,4}){0,5}")
_GLUED = re.compile(r"\A(---\n(?:(?!---)[^\n]*\n){1,400})---(?=[ \t]*[#<])")
_MARKER = re.compile(r"[ \t]*<!--[ \t]*(?:SECTION:)?([A-Z][A-Z_]{0,30}):(BEGIN|END)[ \t]*-->[ \t]*")
_HEADING = re.compile(r"##[ \t]+(.*?)[ \t#]*")
_CHECKBOX = re.compile(r"[ \t]*[-*+][ \t]+\[([ xX])\][ \t]+(?:#\d{1,4}[ \t]+)?(.*)")
_BY_HEADING = {
    "description": "DESCRIPTION",
    "acceptance criteria": "AC",
    "definition of done": "DOD",
    "implementation plan": "PLAN",
    "plan": "PLAN",
    "implementation notes": "NOTES",
    "notes": "NOTES",
    "final summary": "FINAL_SUMMARY",
    "comments": "COMMENTS",
}


@dataclass(frozen=True)
class Head:
    """The fields above a task's text."""

    page: Page

    @property
    def names(self) -> list[str]:
        """The names of the fields, in their order."""
        return list(self.page.head.entries)

    def one(self, name: str) -> str:
        """A field's text, without surrounding spaces; empty where there is none."""
        return text_at(self.page.head, name) or next(iter(self.many(name)), "")

    def many(self, name: str) -> list[str]:
        """A list's texts; a single text is a list of one."""
        return texts_at(self.page.head, name)

    def line(self, name: str) -> int | None:
        """The line in which a field stands."""
        return line_at(self.page.head, name)


@dataclass(frozen=True)
class TaskFile:
    """A file taken apart. `sections` have no heading and no markers; `rest` is what stands outside of them.

    `glued` says that text stood on the line that closes the head.
    """

    path: str
    head: Head
    glued: bool
    sections: dict[str, str]
    criteria: list[tuple[bool, str]]
    done: list[str]
    rest: str

    @property
    def named_id(self) -> str:
        """The id in the file's name."""
        stem = PurePosixPath(self.path).stem
        found = _NAMED.fullmatch(stem)
        return found["id"] if found else stem if _ID_ALONE.fullmatch(stem) else ""

    @property
    def named_title(self) -> str:
        """The title in the file's name, in which dashes stand for spaces."""
        found = _NAMED.fullmatch(PurePosixPath(self.path).stem)
        return found["title"].replace("-", " ").strip() if found else ""


def is_named_like_a_task(path: str) -> bool:
    """Whether a file's name is an id, a dash and a title."""
    return _NAMED.fullmatch(PurePosixPath(path).stem) is not None


def task_file(path: str, text: str) -> TaskFile:
    """A file of a task. Whatever is wrong with it, there is something to read."""
    whole = _GLUED.sub(r"\1---\n", text, count=1)
    page = read_page(whole)
    sections, rest = _sections(page.body.split("\n"))
    criteria, beside = _checklist(sections.pop("AC", ""))
    done, more = _checklist(sections.pop("DOD", ""))
    rest = "\n\n".join(part for part in (rest, beside, more) if part)
    return TaskFile(
        path=path,
        head=Head(page),
        glued=whole != text,
        sections=sections,
        criteria=criteria,
        done=[text for _, text in done],
        rest=rest,
    )


def _sections(lines: list[str]) -> tuple[dict[str, str], str]:
    """The sections by name, marked or under a heading that is known, and what stands outside of them."""
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    marked: str | None = None
    headed: str | None = None
    for line in lines:
        marker = _MARKER.fullmatch(line)
        if marker is not None and (marked is None or marker[2] == "END"):
            marked = marker[1] if marker[2] == "BEGIN" else None
            continue
        heading = _HEADING.fullmatch(line) if marked is None else None
        if heading is not None:
            headed = _BY_HEADING.get(heading[1].strip().lower())
            if headed is None:
                rest.append(line)
            continue
        name = marked or headed
        (rest if name is None else found.setdefault(name, [])).append(line)
    return {name: "\n".join(text).strip() for name, text in found.items()}, "\n".join(rest).strip()


def _checklist(text: str) -> tuple[list[tuple[bool, str]], str]:
    """The items of a checklist, ticked or not, and the lines that are none."""
    items: list[tuple[bool, str]] = []
    rest = []
    for line in text.split("\n"):
        if match := _CHECKBOX.fullmatch(line):
            items.append((match[1] != " ", match[2].strip()))
        elif line.strip():
            rest.append(line)
    return items, "\n".join(rest)
