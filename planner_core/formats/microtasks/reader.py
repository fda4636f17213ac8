"""Reads micro-task Markdown: batches, trees, matrices and the notation `MT 1.1: title`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.document import Document, NewUid
from planner_core.formats.draft import Draft
from planner_core.formats.microtasks.lines import KEY, MicroTask, Mode
from planner_core.formats.microtasks.matrix import is_header, names_in
from planner_core.formats.microtasks.outline import Block, Group, block_of, keys_in
from planner_core.formats.source import Source
from planner_core.formats.task_fields import DEPENDS, PART_OF
from planner_core.formats.task_fields import KEY as KEY_FIELD

NAME = "micro-tasks"
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_HEADING = re.compile(r"#{1,6}[ \t]+(.*?)[ \t#]*")
_TASK = re.compile(rf"^[ \t│├└─|*+\[\]xX~✓→○-]*[*_`]{{0,3}}{KEY}[*_`]{{0,3}}[ \t]*[:：]", re.M)
_BATCH = re.compile(r"^#{1,6}[ \t]+(?:parallel|sequential)[ \t]+batch\b", re.M | re.I)
_MOST_PAIRS = 20_000


# Keys of our own YAML, in which a task may be called `MT 1.1`.
_PLAN_DOCUMENT = re.compile(r"^(?:taskplanner|tasks|plan)[ \t]*:", re.M)


def fits(source: Source) -> bool:
    """Whether a text has micro-tasks (`MT 1.1: …`), batches of them, or a dependency matrix."""
    if source.is_folder or source.suffix not in (".md", ".markdown", ".txt", ""):
        return False
    text = source.text()
    if _PLAN_DOCUMENT.search(text):
        return False
    return bool(_TASK.search(text) or _BATCH.search(text)) or any(map(is_header, _fenced(text)))


def read(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The plans in a text: what stands outside of blocks of code is one, and each such block with tasks too.

    A block whose tasks are all known outside only adds to them. Where nothing says what a task depends on,
    the groups give the order: one after another, the tasks of a sequential one likewise. Totals of time are
    computed here, and those in the text left out. Raises InvalidPlan where there is no task.
    """
    blocks = [block for block in _blocks(source.text()) if block.tasks or block.rows]
    if not blocks:
        message = "No tasks were found: a task is a line such as “- [ ] MT 1.1: Do it (15 min)”."
        raise InvalidPlan((Problem(message, line=1),))
    names: dict[str, int] = {}
    documents = []
    for block in blocks:
        title = block.title or block.name or PurePosixPath(source.name).stem
        names[title] = names.get(title, 0) + 1
        name = title if names[title] == 1 else f"{title} {names[title]}"
        documents.append(_Reading(block, title, name if len(blocks) > 1 else "", new_uid).document())
    return documents


def _fenced(text: str) -> Sequence[str]:
    return [line for line in text.split("\n") if "|" in line]


def _blocks(text: str) -> list[Block]:
    outside: list[tuple[int, str]] = []
    inside: list[tuple[str, list[tuple[int, str]]]] = []
    fence: str | None = None
    heading = ""
    for number, line in enumerate(text.split("\n"), start=1):
        mark = _FENCE.match(line)
        if fence is not None:
            if mark is not None and mark[1].startswith(fence) and not line.strip().strip(mark[1][0]):
                fence = None
            else:
                inside[-1][1].append((number, line))
        elif mark is not None:
            fence = mark[1]
            inside.append((heading, []))
        else:
            if found := _HEADING.fullmatch(line):
                heading = found[1].strip("*_ ")
            outside.append((number, line))
    main = block_of(outside, "")
    known = {task.key for task in main.tasks}
    found_blocks = [main]
    for name, lines in inside:
        block = block_of(lines, name)
        if known and block.tasks and known.issuperset(task.key for task in block.tasks):
            main = block_of(sorted([*outside, *_statuses(lines)]), "")
            found_blocks[0] = main
        else:
            found_blocks.append(block)
    return found_blocks


def _statuses(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those lines of a block of code that say how far a task is."""
    return [(number, line) for number, line in lines if re.search(r"[✓✔✅→▶○◯●]", line)]


class _Reading:
    """One block on its way into a plan."""

    def __init__(self, block: Block, title: str, name: str, new_uid: NewUid) -> None:
        self.block = block
        self.draft = Draft(NAME, title=title, new_uid=new_uid, name=name)
        self.keys: dict[int, str] = {}
        self.by_figures: dict[str, str] = {}

    def document(self) -> Document:
        block, draft = self.block, self.draft
        features: dict[str, str] = {}
        for task in block.tasks:
            if task.feature is not None and task.feature not in features:
                features[task.feature] = draft.task(task.feature, line=task.line, phase=task.phase)
            parent = features.get(task.feature) if task.feature is not None else None
            self._task(task, parent)
        for row in block.rows:
            if row.name not in self._names():
                draft.task(row.name, line=row.line, title=row.name)
                self.by_figures.setdefault(row.name.lower(), row.name)
        for line, said in block.totals:
            draft.lost(f"“{said[:80]}” is left out: such sums are computed from the plan.", line=line)
        if block.other:
            count = len(block.other)
            draft.lost(
                f"{count} lines of text that hold no task are left out, the first here.", line=block.other[0]
            )
        self._order()
        return draft.finish()

    def _names(self) -> list[str]:
        return [
            *self.keys.values(),
            *(row.name for row in self.block.rows if row.name.lower() in self.by_figures),
        ]

    def _task(self, task: MicroTask, parent: str | None) -> None:
        said: dict[str, Any] = {
            "title": task.title,
            "estimate": task.estimate,
            "layer": task.layer,
            "status": task.status,
            "phase": task.phase,
        }
        spelled, misread = task.fields.arguments()
        said |= spelled
        key = task.fields.one(KEY_FIELD) or task.key
        above = task.fields.one(PART_OF)
        real = self.draft.task(key, line=task.line, parent=above or parent, **said)
        for each in misread:
            self.draft.lost(f"“{each}” is not understood and left out.", line=task.line, task=real)
        self.keys[task.line] = real
        self.by_figures.setdefault(task.key.lower(), real)
        self.by_figures.setdefault(re.sub(r"^mt[ -]?", "", task.key.lower()), real)

    def _meant(self, said: str) -> str:
        lower = said.lower()
        return self.by_figures.get(lower) or self.by_figures.get(re.sub(r"^mt[ -]?", "", lower)) or said

    # --- order --------------------------------------------------------------------------------------------

    def _order(self) -> None:
        beside: dict[frozenset[str], int] = {}
        for task in self.block.tasks:
            key = self.keys[task.line]
            for line, said in task.waits:
                for other in keys_in(said):
                    self.draft.depends(key, self._meant(other), line=line)
                self._unread(said, line, key)
            for other in task.fields.values.get(DEPENDS, ()):
                self.draft.depends(key, other, line=task.line)
            for line, said in task.beside:
                for other in keys_in(said):
                    beside.setdefault(frozenset((key, self._meant(other))), line)
        self._matrix(beside)
        for pair, line in beside.items():
            if len(pair) == 2:
                first, second = sorted(pair)
                self.draft.together(first, second, "The file says that they can run in parallel", line=line)
        if not self.block.explicit:
            self._by_groups()

    def _unread(self, said: str, line: int, key: str) -> None:
        if not keys_in(said) and said.strip().lower() not in ("", "none", "-", "n/a", "nothing"):
            self.draft.lost(f"“{said[:80]}” names no task.", line=line, task=key)

    def _matrix(self, beside: dict[frozenset[str], int]) -> None:
        names = self._names()
        for row in self.block.rows:
            own = self._meant(row.name)
            before, unknown = names_in(row.waits, names)
            for name in before:
                if name != own:
                    self.draft.depends(own, name, line=row.line)
            others, strange = names_in(row.beside, names)
            for name in others:
                beside.setdefault(frozenset((own, name)), row.line)
            for text in (*unknown, *strange):
                self.draft.lost(f"“{text[:80]}” is none of the tasks.", line=row.line, task=own)

    def _by_groups(self) -> None:
        """Where no task says what it depends on: group after group."""
        groups = [group for group in self.block.groups if group.mode is not None]
        links = [link for group in groups for link in self._inside(group)]
        for before, after in pairwise(groups):
            firsts, lasts = self._ends(after)[0], self._ends(before)[1]
            if len(links) + len(firsts) * len(lasts) > _MOST_PAIRS:
                self.draft.lost("So large a group cannot be ordered: use dependencies.", line=after.line)
                continue
            links += [(last, first) for last in lasts for first in firsts]
        for before_key, after_key in links:
            self.draft.depends(after_key, before_key)
        if links:
            message = "The groups give the order: no task says what it depends on."
            self.draft.guessed(message, line=groups[0].line)

    def _inside(self, group: Group) -> list[tuple[str, str]]:
        keys = [self.keys[task.line] for task in group.tasks]
        return list(pairwise(keys)) if group.mode is Mode.SEQUENTIAL else []

    def _ends(self, group: Group) -> tuple[list[str], list[str]]:
        keys = [self.keys[task.line] for task in group.tasks]
        return (keys[:1], keys[-1:]) if group.mode is Mode.SEQUENTIAL else (keys, keys)
