"""Reads epics of ccpm: each numbered file is a task, and the streams of its analysis are its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.ccpm.streams import hours_in, paths_in, streams_of
from planner_core.formats.document import Document, NewUid
from planner_core.formats.draft import Draft
from planner_core.formats.front_matter import Page, Section, read_page, sections
from planner_core.formats.leftovers import Leftovers
from planner_core.formats.source import Source
from planner_core.formats.yaml_view import line_at, text_at, texts_at
from planner_core.vocabulary import Status

_TASK = re.compile(r"(\d{1,9})\.md")
_MARK = re.compile(r"\A\s*---\s*\n(?:.*\n){0,40}?(?:depends_on|conflicts_with|parallel)[ \t]*:")
_CHECK = re.compile(r"[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?(.*)")
_HOURS = re.compile(r"(?:[-*+][ \t]+)?\**(?:estimated )?hours\**[ \t]*:\**[ \t]*(.*)", re.IGNORECASE)
_FILES = re.compile(r"(?:[-*+][ \t]+)?\**files?\b[^:`]{0,40}:\**[ \t]*(.*)", re.IGNORECASE)
_KEPT = frozenset({"name", "title", "status", "depends_on", "parallel", "conflicts_with"})
_STATUS = {
    "open": Status.PENDING,
    "pending": Status.PENDING,
    "backlog": Status.PENDING,
    "in-progress": Status.IN_PROGRESS,
    "review": Status.REVIEW,
    "blocked": Status.BLOCKED,
    "closed": Status.COMPLETED,
    "completed": Status.COMPLETED,
    "complete": Status.COMPLETED,
    "done": Status.COMPLETED,
    "cancelled": Status.CANCELLED,
    "deferred": Status.DEFERRED,
}


def fits(source: Source) -> bool:
    """Whether a folder has numbered Markdown files with the fields of ccpm at their top."""
    numbered = [path for path in source.files if _TASK.fullmatch(PurePosixPath(path).name)]
    return source.is_folder and any(_MARK.match(source.text(path)[:8_000]) for path in sorted(numbered)[:5])


def read_ccpm(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The epics of a folder, one plan a folder with numbered files, in the order of their paths.

    Raises InvalidPlan where there is no numbered file, or where one cannot be decoded.
    """
    epics: dict[str, list[str]] = {}
    for path in sorted(source.files, key=_order):
        if _TASK.fullmatch(PurePosixPath(path).name):
            epics.setdefault(str(PurePosixPath(path).parent), []).append(path)
    if not epics:
        raise InvalidPlan((Problem(f"{source.name} has no numbered task such as 001.md in it."),))
    return [_Epic(source, folder, paths, new_uid).document() for folder, paths in sorted(epics.items())]


def _order(path: str) -> tuple[int, str]:
    number = _TASK.fullmatch(PurePosixPath(path).name)
    return int(number[1]) if number else 0, path


class _Epic:
    """One epic on its way into a plan."""

    def __init__(self, source: Source, folder: str, paths: list[str], new_uid: NewUid) -> None:
        self.source = source
        self.paths = paths
        self.prefix = "" if folder == "." else f"{folder}/"
        name = source.name if folder == "." else PurePosixPath(folder).name
        epic = self._page(f"{self.prefix}epic.md")
        title = text_at(epic.head, "name") if epic else ""
        self.draft = Draft(
            "ccpm",
            title=title or name,
            name=name,
            description=epic.body.strip("\n") if epic else "",
            new_uid=new_uid,
        )
        if epic and (names := [name for name in epic.head.entries if name != "name"]):
            self.draft.lost(f"Left out of epic.md: {', '.join(names)}.", line=epic.head.place.line)
        self.leftovers = Leftovers()
        self.read = {f"{self.prefix}epic.md", *paths}
        self.keys = {_number(PurePosixPath(path).stem): PurePosixPath(path).stem for path in paths}

    def _page(self, path: str) -> Page | None:
        return read_page(self.source.text(path)) if path in self.source.files else None

    def document(self) -> Document:
        for path in self.paths:
            page = read_page(self.source.text(path))
            self._task(PurePosixPath(path).stem, page)
        self.leftovers.tell(self.draft, "tasks")
        unread = [
            path for path in self.source.files if path.startswith(self.prefix) and path not in self.read
        ]
        if unread:
            self.draft.lost(f"{len(unread)} other files are not read, {sorted(unread)[0]} among them.")
        return self.draft.finish()

    def _task(self, key: str, page: Page) -> None:
        head, draft = page.head, self.draft
        for message, line in page.problems:
            draft.repaired(message, line=line, task=key)
        if not page.has_head:
            draft.repaired("It has no front matter; its headings are read.", line=1, task=key)
        for name, entry in head.entries.items():
            if name not in _KEPT:
                self.leftovers.add(name, entry.place.line)
        parts = list(sections(page.body, page.line))
        heading = next((part for part in parts if part.level == 1), None)
        titles = (text_at(head, "name"), text_at(head, "title"), _after_colon(heading))
        analysis = self._page(f"{self.prefix}{key}-analysis.md")
        self.read.add(f"{self.prefix}{key}-analysis.md")
        streams, prose = streams_of(analysis) if analysis else ([], [])
        modifies, creates = self._files(parts, key)
        status = self._status((head.entries and text_at(head, "status")) or "", line_at(head, "status"), key)
        alone = text_at(head, "parallel").lower()
        real = draft.task(
            key,
            line=1,
            title=next(filter(None, titles), ""),
            description="\n\n".join(_told(parts)),
            acceptance=list(_criteria(parts)),
            estimate=self._estimate(parts, key),
            parallel_safe={"true": True, "false": False}.get(alone),
            modifies=modifies,
            creates=creates,
            status=status,
        )
        self._order_of(page, real)
        if streams and alone == "false":
            draft.lost("“parallel: false” holds for tasks, not for streams side by side.", line=1, task=key)
        for section in prose:
            name = f"“{section.title}”" if section.title else "The start"
            message = f"{name} of its analysis is left out: only streams are read."
            draft.lost(message, line=section.line, task=key)
        letters = {stream.letter: f"{real}.{stream.letter}" for stream in streams}
        for stream in streams:
            modifies, creates = stream.files
            part = draft.task(
                letters[stream.letter],
                line=stream.line,
                title=stream.name,
                description=stream.description,
                estimate=self._minutes(stream.hours, stream.line, letters[stream.letter]),
                parent=real,
                modifies=modifies,
                creates=creates,
                status=status if status is Status.COMPLETED else None,
            )
            for letter in stream.waits_for:
                draft.depends(part, letters.get(letter, f"{real}.{letter}"), line=stream.line)
        if streams and status is Status.COMPLETED:
            draft.guessed("Its streams are taken to be completed, as it is.", line=1, task=key)

    def _order_of(self, page: Page, key: str) -> None:
        for name in ("depends_on", "conflicts_with"):
            line = line_at(page.head, name)
            given = [each for text in texts_at(page.head, name) for each in re.split(r"[,\s]+", text) if each]
            for text in given:
                if text.lower() in ("[]", "none", "null", "-"):
                    continue
                other = self.keys.get(_number(text), text)
                if name == "depends_on":
                    self.draft.depends(key, other, line=line)
                else:
                    self.draft.never(key, other, "conflicts_with", line=line)

    def _status(self, given: str, line: int | None, key: str) -> Status | None:
        status = _STATUS.get(given.lower().replace("_", "-").replace(" ", "-"))
        if given and status is None:
            self.draft.lost(f"Its status “{given}” is not known.", line=line, task=key)
        return status

    def _estimate(self, parts: list[Section], key: str) -> int | None:
        for part in parts:
            for number, line in enumerate(part.lines, part.line + 1):
                if "effort" in part.title.lower() and (found := _HOURS.fullmatch(line.strip())):
                    return self._minutes(found[1], number, key)
        return None

    def _minutes(self, text: str, line: int, key: str) -> int | None:
        if not text.strip():
            return None
        minutes, range_ = hours_in(text)
        if minutes is None:
            self.draft.lost(f"Its hours “{text.strip()}” are no number.", line=line, task=key)
        elif range_:
            self.draft.guessed(f"Of its hours “{range_}” the most are taken.", line=line, task=key)
        return minutes

    def _files(self, parts: list[Section], key: str) -> tuple[list[str], list[str]]:
        """The files that lines such as “Files affected: …” name: to be changed, and to be made."""
        lines: list[str] = []
        for part in parts:
            for number, line in enumerate(part.lines, part.line + 1):
                if (found := _FILES.fullmatch(line.strip())) and "`" in found[1]:
                    lines.append(found[1])
                    self.draft.guessed(
                        "The files named in its text are taken as its own.", line=number, task=key
                    )
        return paths_in(lines)


def _number(text: str) -> str:
    """What a reference to a task has in common with its file's name: `#7`, `007` and `007.md` are one."""
    name = text.strip().strip("\"'#[]").removesuffix(".md")
    return name.lstrip("0") or name


def _after_colon(heading: Section | None) -> str:
    return "" if heading is None else heading.title.removeprefix("Task:").strip()


def _criteria(parts: list[Section]) -> Iterator[str]:
    for part in parts:
        if part.title.lower().startswith("acceptance"):
            for line in part.lines:
                if (found := _CHECK.fullmatch(line)) and found[1].strip():
                    yield found[1].strip()


def _told(parts: list[Section]) -> Iterator[str]:
    """What is left to say of a task: all but its title and its acceptance criteria."""
    for part in parts:
        name = part.title.lower()
        if part.level == 1:
            text = part.text
        elif name.startswith("acceptance"):
            text = "\n".join(line for line in part.lines if line.strip() and not _CHECK.fullmatch(line))
        else:
            text = part.text if name == "description" else part.whole
        if text.strip():
            yield text.strip("\n")
