"""Plans of GSD: `PLAN.md` files with what they need, change and must yield, and the `SUMMARY.md` of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.document import Document, NewUid
from planner_core.formats.draft import Draft
from planner_core.formats.front_matter import Page, read_page, sections
from planner_core.formats.leftovers import Leftovers
from planner_core.formats.registry import Format
from planner_core.formats.source import Source
from planner_core.formats.yaml_plan.tree import Scalar
from planner_core.formats.yaml_view import items_at, line_at, mappings_at, text_at, texts_at, value_at
from planner_core.items import Artefact
from planner_core.vocabulary import Status

_PLAN = re.compile(r"(?:(.+)-)?PLAN\.md", re.IGNORECASE)
_SUMMARY = re.compile(r"(?:(.+)-)?SUMMARY\.md", re.IGNORECASE)
_MARK = re.compile(r"\A\s*---\s*\n(?:.*\n){0,60}?(?:files_modified|must_haves|wave)[ \t]*:")
_KEPT = frozenset(
    {"phase", "plan", "wave", "depends_on", "files_modified", "requirements", "must_haves", "title", "name"}
)
_KEPT_OF_SUMMARY = frozenset({"phase", "plan", "completed", "metrics"})


@dataclass
class _Plan:
    """One PLAN.md: what refers to it, and what it yields."""

    path: str
    page: Page
    phase: str
    key: str
    names: set[str] = field(default_factory=set)
    artefacts: list[Artefact] = field(default_factory=list)

    @property
    def folder(self) -> str:
        return str(PurePosixPath(self.path).parent)


def _fits(source: Source) -> bool:
    if not source.is_folder:
        return source.suffix == ".md" and _MARK.match(source.text()[:8_000]) is not None
    return any(_MARK.match(source.text(path)[:8_000]) for path in _named(source, _PLAN)[:5])


def _named(source: Source, kind: re.Pattern[str]) -> list[str]:
    return sorted(path for path in source.files if kind.fullmatch(PurePosixPath(path).name))


def read_gsd(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The plans of a folder, or one alone, as the tasks of one plan; what has a summary is completed.

    Raises InvalidPlan where there is no PLAN.md, or where one cannot be decoded.
    """
    paths = _named(source, _PLAN) if source.is_folder else [source.name]
    if not paths:
        raise InvalidPlan((Problem(f"{source.name} has no PLAN.md in it."),))
    return [_Reading(source, paths, new_uid).document()]


class _Reading:
    """A folder on its way into a plan."""

    def __init__(self, source: Source, paths: list[str], new_uid: NewUid) -> None:
        self.source = source
        name = source.name if source.is_folder else PurePosixPath(source.name).stem
        self.draft = Draft("gsd", title=name, name=name, new_uid=new_uid)
        self.leftovers = Leftovers()
        self.plans = [self._plan(path) for path in paths]
        self.summaries = {
            str(PurePosixPath(path).with_name(f"{_stem(path, _SUMMARY)}")): path
            for path in _named(source, _SUMMARY)
            if source.is_folder
        }

    def _plan(self, path: str) -> _Plan:
        page = read_page(self.source.text(path))
        phase, number = text_at(page.head, "phase"), text_at(page.head, "plan")
        short = phase.split("-")[0]
        stem = _stem(path, _PLAN)
        key = stem or "-".join(part for part in (short, number) if part) or PurePosixPath(path).stem
        names = {key, f"{phase}-{number}", f"{short}-{number}", stem}
        folder = PurePosixPath(path).parent.name
        phase = phase if not phase.isdigit() or not folder else folder
        return _Plan(path, page, phase, key, {_plain(name) for name in names if name.strip("-")})

    def document(self) -> Document:
        for plan in self.plans:
            self._task(plan)
        receivers: dict[str, list[str]] = {}
        for plan in self.plans:
            for predecessor in self._order_of(plan):
                receivers.setdefault(predecessor, []).append(plan.key)
        for plan in self.plans:
            if plan.artefacts and plan.key in receivers:
                self.draft.handoff(
                    sources=[plan.key], receivers=receivers[plan.key], artefacts=plan.artefacts, line=1
                )
                message = "What it must yield is taken as handed to the plans that depend on it."
                self.draft.guessed(message, line=line_at(plan.page.head, "must_haves"), task=plan.key)
        self.leftovers.tell(self.draft, "plans")
        return self.draft.finish()

    def _task(self, plan: _Plan) -> None:
        page, head, draft = plan.page, plan.page.head, self.draft
        if not page.has_head:
            draft.repaired(f"{plan.path} has no front matter; its text is kept.", line=1, task=plan.key)
        for message, line in page.problems:
            draft.repaired(message, line=line, task=plan.key)
        for name, entry in head.entries.items():
            if name not in _KEPT:
                self.leftovers.add(name, entry.place.line)
        modifies = texts_at(head, "files_modified")
        creates: list[str] = []
        for artefact in mappings_at(head, "must_haves", "artifacts"):
            path, provides = text_at(artefact, "path"), text_at(artefact, "provides")
            if path:
                plan.artefacts.append(Artefact(path, use=provides))
                if path not in modifies:
                    creates.append(path)
                    message = f"It must yield {path}, which it does not list as modified: taken as created."
                    draft.guessed(message, line=artefact.place.line, task=plan.key)
        status, finished = self._done(plan)
        plan.key = draft.task(
            plan.key,
            line=1,
            title=text_at(head, "title") or text_at(head, "name") or _objective(page),
            description="\n\n".join(_told(page)),
            acceptance=_truths(page),
            phase=plan.phase or None,
            modifies=modifies,
            creates=creates,
            status=status,
            finished=finished,
        )

    def _order_of(self, plan: _Plan) -> Iterator[str]:
        """The keys of the plans that a plan waits for; each is also made a dependency."""
        line = line_at(plan.page.head, "depends_on")
        for name in texts_at(plan.page.head, "depends_on"):
            if name.lower() in ("[]", "none", "null"):
                continue
            found = self._named_by(name, plan)
            self.draft.depends(plan.key, found.key if found else name, line=line)
            if found:
                yield found.key
        wave = text_at(plan.page.head, "wave")
        if (
            value_at(plan.page.head, "depends_on") is None
            and line is None
            and wave.isdigit()
            and int(wave) > 1
        ):
            for other in self.plans:
                if other.phase == plan.phase and text_at(other.page.head, "wave") == str(int(wave) - 1):
                    message = f"It declares no dependency; being in wave {wave}, it waits for {other.key}."
                    self.draft.guessed(message, line=line_at(plan.page.head, "wave"), task=plan.key)
                    self.draft.depends(plan.key, other.key, line=line_at(plan.page.head, "wave"))
                    yield other.key

    def _named_by(self, name: str, plan: _Plan) -> _Plan | None:
        """The plan that a name means: by its own names, else by its number in the same phase."""
        wanted = _plain(PurePosixPath(name).name)
        everywhere = [other for other in self.plans if wanted in other.names]
        inside = [
            other
            for other in self.plans
            if other.folder == plan.folder
            and other is not plan
            and wanted == _plain(text_at(other.page.head, "plan"))
        ]
        near = [other for other in everywhere if other.folder == plan.folder]
        return next(iter([*near, *everywhere, *inside]), None)

    def _done(self, plan: _Plan) -> tuple[Status | None, datetime | None]:
        stem = str(PurePosixPath(plan.path).with_name(_stem(plan.path, _PLAN) or "SUMMARY"))
        path = self.summaries.get(stem)
        if path is None:
            return None, None
        head = read_page(self.source.text(path)).head
        names = [name for name in head.entries if name not in _KEPT_OF_SUMMARY]
        if names:
            message = f"Of its summary {path} is left out, which tells of finished work: {', '.join(names)}."
            self.draft.lost(message, line=head.place.line, task=plan.key)
        given = text_at(head, "completed") or text_at(head, "metrics", "completed")
        try:
            finished = datetime.fromisoformat(given) if given else None
        except ValueError:
            self.draft.lost(f"Its date of completion “{given}” is no date.", task=plan.key)
            finished = None
        if finished is not None and finished.tzinfo is None:
            finished = finished.replace(tzinfo=UTC)
        return Status.COMPLETED, finished


def _stem(path: str, kind: re.Pattern[str]) -> str:
    """What stands before `-PLAN.md` or `-SUMMARY.md` in a file's name; the bare name for a bare file."""
    found = kind.fullmatch(PurePosixPath(path).name)
    if found and found[1]:
        return found[1]
    return "SUMMARY" if kind is _SUMMARY else ""


def _plain(name: str) -> str:
    """A name as it is compared: without its ending and the zeros at the start of its numbers."""
    bare = re.sub(r"-?plan\Z|-?summary\Z", "", name.strip().lower().removesuffix(".md"))
    return "-".join(part.lstrip("0") or part for part in bare.split("-"))


def _objective(page: Page) -> str:
    """The first line of a plan's objective, else its first heading."""
    _, tag, after = page.body.partition("<objective>")
    if tag and (inside := after.partition("</objective>")[0].strip()):
        return inside.split("\n")[0].strip()
    parts = list(sections(page.body, page.line))
    for part in parts:
        if part.title.lower() == "objective" and part.text:
            return part.text.split("\n")[0].strip()
    return next((part.title for part in parts if part.level == 1), "")


def _truths(page: Page) -> list[str]:
    """What must be true in the end; where an item is a mapping, its `truth`."""
    items = items_at(page.head, "must_haves", "truths")
    return [(each.text or "") if isinstance(each, Scalar) else text_at(each, "truth") for each in items]


def _told(page: Page) -> Iterator[str]:
    if requirements := texts_at(page.head, "requirements"):
        yield f"Requirements: {', '.join(requirements)}"
    links = [
        f"- {text_at(link, 'from')} → {text_at(link, 'to')}: {text_at(link, 'via')}".rstrip(": ")
        for link in mappings_at(page.head, "must_haves", "key_links")
    ]
    if links:
        yield "\n".join(["Links that must hold:", *links])
    if page.body.strip():
        yield page.body.strip("\n")


FORMAT = Format(name="gsd", title="GSD plans", extensions=(".md",), fits=_fits, read=read_gsd)
