"""The streams of work into which an analysis parts a task: their files, hours, and what they wait for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from planner_core.formats.front_matter import Page, Section, sections

_TITLE = re.compile(r"\W*Stream\s+([A-Za-z0-9]{1,3})\b\s*[:.–—-]*\s*(.*)", re.IGNORECASE)
_FIELD = re.compile(r"(?:[-*][ \t]+)?\*\*([^*:]{1,40}):?\*\*:?[ \t]*(.*)")
_STREAM = re.compile(r"\bStreams?\s+([A-Z0-9]{1,2}\b(?:\s*(?:,|&|\+|and)\s*(?:Stream\s+)?[A-Z0-9]{1,2}\b)*)")
_LETTER = re.compile(r"\b[A-Z0-9]{1,2}\b")
_TICKED = re.compile(r"`([^`\n]+)`")
_BULLET = re.compile(r"[ \t]*[-*+][ \t]+(.*)")
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,2})?")
_WORD = re.compile(r"[^\s,;()]+")
_NEW = re.compile(r"\b(new|create[sd]?)\b", re.IGNORECASE)


@dataclass
class Stream:
    """One stream: its letter, name and line, and its fields by their names in small letters."""

    letter: str
    name: str
    line: int
    fields: dict[str, list[str]] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """The text of a field, empty where there is none."""
        return "\n".join(self.fields.get(name, [])).strip("\n")

    @property
    def hours(self) -> str:
        """What is said of its hours."""
        return self.text("estimated hours") or self.text("hours") or self.text("duration")

    @property
    def files(self) -> tuple[list[str], list[str]]:
        """The patterns that it modifies and those that it creates."""
        return paths_in(self.fields.get("files", []) or self.fields.get("files to modify", []))

    @property
    def waits_for(self) -> list[str]:
        """The letters of the streams that are named as its dependencies, or as what it starts after."""
        said = f"{self.text('dependencies')}\n{self.text('can start')}"
        return [each for each in letters_in(said) if each != self.letter]

    @property
    def description(self) -> str:
        """What it is about: everything that is no field of its own in a plan."""
        kept = [
            f"{name.capitalize()}: {text}"
            for name in self.fields
            if name not in ("files", "scope", "estimated hours", "hours", "dependencies")
            and (text := self.text(name))
        ]
        parts = [self.text("scope"), *kept, "\n".join(self.rest).strip("\n")]
        return "\n".join(part for part in parts if part)


def letters_in(text: str) -> list[str]:
    """The letters of all streams that a text names, each once: `Stream A`, `Streams A, B and C`."""
    found = (letter for names in _STREAM.finditer(text) for letter in _LETTER.findall(names[1]))
    return list(dict.fromkeys(found))


def streams_of(page: Page) -> tuple[list[Stream], list[Section]]:
    """The streams of an analysis, and the sections that belong to none but say something."""
    streams: list[Stream] = []
    others: list[Section] = []
    current: tuple[int, Stream] | None = None
    for section in sections(page.body, page.line):
        title = _TITLE.fullmatch(section.title) if section.level else None
        if title:
            stream = Stream(title[1].upper(), title[2].strip(" *"), section.line)
            _read_fields(stream, section.lines)
            streams.append(stream)
            current = (section.level, stream)
        elif current is not None and section.level > current[0]:
            current[1].rest.append(section.whole)
        else:
            current = None
            if section.text:
                others.append(section)
    return streams, others


def _read_fields(stream: Stream, lines: Sequence[str]) -> None:
    into = stream.rest
    for line in lines:
        if found := _FIELD.fullmatch(line.strip()):
            into = stream.fields.setdefault(found[1].strip().lower(), [])
            line = found[2]
        if line.strip():
            into.append(line.rstrip())


def paths_in(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The paths that lines name, in backticks or bare: those modified, and those said to be new."""
    modifies: list[str] = []
    creates: list[str] = []
    for line in lines:
        bullet = _BULLET.fullmatch(line)
        text = bullet[1] if bullet else line
        for path, after in _paths(text):
            (creates if _NEW.search(after) else modifies).append(path)
    return list(dict.fromkeys(modifies)), list(dict.fromkeys(creates))


def _paths(text: str) -> Iterator[tuple[str, str]]:
    """Each path of a line, with what is said after it: what stands in backticks, else what looks like one."""
    found = list(_TICKED.finditer(text)) or [word for word in _WORD.finditer(text) if _is_path(word[0])]
    for match, following in zip(found, [*found[1:], None], strict=False):
        path = match[1] if match.re is _TICKED else match[0].rstrip(".:")
        yield path, text[match.end() : following.start() if following else len(text)]


def _is_path(word: str) -> bool:
    name = word.rstrip(".:")
    return any(sign in name for sign in "/.*") and any(letter.isalpha() for letter in name)


def hours_in(text: str) -> tuple[int | None, str]:
    """The minutes of a text such as `6`, `6 hours` or `6-8`, of a range the longest; and what it was."""
    numbers = _NUMBER.findall(text.split("(")[0])
    if not numbers or len(numbers) > 2:
        return None, text
    factor = 8 * 60 if re.search(r"\bdays?\b|\d\s*d\b", text, re.IGNORECASE) else 60
    if re.search(r"\bmin", text, re.IGNORECASE):
        factor = 1
    return round(float(numbers[-1]) * factor), text.strip() if len(numbers) > 1 else ""
