"""Work packages of spec-kitty: a `wps.yaml`, by itself or in the folder of its mission."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.document import Document, NewUid
from planner_core.formats.draft import Draft
from planner_core.formats.front_matter import read_page
from planner_core.formats.leftovers import Leftovers
from planner_core.formats.registry import Format
from planner_core.formats.source import Source
from planner_core.formats.yaml_plan.tree import Entry, ListNode, MapNode, Scalar, Tree, read_trees
from planner_core.formats.yaml_view import items_at, line_at, text_at, texts_at, value_at
from planner_core.vocabulary import Status

_FILE = "wps.yaml"
_MARK = re.compile(r"^work_packages[ \t]*:", re.M)
_KEPT = frozenset(
    {
        "id", "title", "dependencies", "owned_files", "create_intent", "requirement_refs", "subtasks",
        "prompt_file", "phase", "lane", "status", "description",
    }
)  # fmt: skip
_LANES = {
    "planned": Status.PENDING,
    "todo": Status.PENDING,
    "claimed": Status.IN_PROGRESS,
    "doing": Status.IN_PROGRESS,
    "in_progress": Status.IN_PROGRESS,
    "for_review": Status.REVIEW,
    "in_review": Status.REVIEW,
    "approved": Status.REVIEW,
    "blocked": Status.BLOCKED,
    "done": Status.COMPLETED,
    "canceled": Status.CANCELLED,
    "cancelled": Status.CANCELLED,
}


def _paths(source: Source) -> list[str]:
    if not source.is_folder:
        return [source.name]
    return sorted(path for path in source.files if PurePosixPath(path).name == _FILE)


def _fits(source: Source) -> bool:
    return any(_MARK.search(source.text(path)) for path in _paths(source)[:5])


def read_work_packages(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The work packages of each `wps.yaml` as a plan. A package is a task: one agent does all of it.

    Its subtasks are steps of this agent's work and stand in the description, as does its prompt file where
    the folder has it. Raises InvalidPlan where there is no such file or one is no YAML.
    """
    found = [
        _Reading(source, path, tree, new_uid).document([(p.message, p.line) for p in problems])
        for path in _paths(source)
        for tree, problems in read_trees(source.text(path))
        if value_at(tree, "work_packages") is not None
    ]
    if not found:
        raise InvalidPlan((Problem(f"{source.name} has no work_packages in it.", line=1, column=1),))
    return found


class _Reading:
    """One file on its way into a plan."""

    def __init__(self, source: Source, path: str, tree: Tree, new_uid: NewUid) -> None:
        self.source = source
        self.tree = tree
        self.folder = PurePosixPath(path).parent if source.is_folder else None
        mission = self.folder.name if self.folder and self.folder.name else PurePosixPath(source.name).stem
        titles = (text_at(tree, "title"), text_at(tree, "mission"), text_at(tree, "feature"), mission)
        title = next(filter(None, titles))
        self.draft = Draft("spec-kitty", title=title, name=mission, new_uid=new_uid)
        self.leftovers = Leftovers()

    def document(self, problems: list[tuple[str, int | None]]) -> Document:
        for message, line in problems:
            self.draft.lost(message, line=line)
        known = {"work_packages", "title", "mission", "feature"}
        entries = self.tree.entries if isinstance(self.tree, MapNode) else {}
        if names := [name for name in entries if name not in known]:
            message = f"Left out beside the work packages: {', '.join(names)}."
            self.draft.lost(message, line=self.tree.place.line)
        for number, package in enumerate(self._packages(), 1):
            self._package(package, number)
        self.leftovers.tell(self.draft, "work packages")
        return self.draft.finish()

    def _packages(self) -> Iterator[MapNode]:
        """The work packages; in a mapping each is under its id."""
        node = value_at(self.tree, "work_packages")
        if isinstance(node, MapNode):
            for name, entry in node.entries.items():
                if isinstance(entry.value, MapNode):
                    entry.value.entries.setdefault("id", Entry(entry.place, Scalar(entry.place, name)))
            items: list[Tree] = [entry.value for entry in node.entries.values()]
        else:
            items = items_at(node)
        for item in items:
            if isinstance(item, MapNode):
                yield item
            else:
                self.draft.lost("This entry is no work package.", line=item.place.line)

    def _package(self, package: MapNode, number: int) -> None:
        line = package.place.line
        key = text_at(package, "id")
        if not key:
            key = f"WP{number:02}"
            self.draft.repaired(f"A work package has no id; {key} was taken.", line=line)
        for name, entry in package.entries.items():
            if name not in _KEPT:
                self.leftovers.add(name, entry.place.line)
        creates = texts_at(package, "create_intent")
        lane = text_at(package, "lane") or text_at(package, "status")
        status = _LANES.get(lane.lower().replace("-", "_").replace(" ", "_"))
        if lane and status is None:
            self.draft.lost(f"Its lane “{lane}” is not known.", line=line, task=key)
        real = self.draft.task(
            key,
            line=line,
            title=text_at(package, "title"),
            description="\n\n".join(self._told(package)),
            phase=text_at(package, "phase") or None,
            modifies=[path for path in texts_at(package, "owned_files") if path not in creates],
            creates=creates,
            status=status,
        )
        for predecessor in texts_at(package, "dependencies"):
            self.draft.depends(real, predecessor, line=line_at(package, "dependencies"))

    def _told(self, package: MapNode) -> Iterator[str]:
        if description := text_at(package, "description"):
            yield description
        if requirements := texts_at(package, "requirement_refs"):
            yield f"Requirements: {', '.join(requirements)}"
        if subtasks := [_subtask(each) for each in items_at(package, "subtasks")]:
            yield "\n".join(["Subtasks:", *(f"- {each}" for each in subtasks if each)])
        if prompt := text_at(package, "prompt_file"):
            path = None if self.folder is None else str(self.folder / prompt)
            yield f"Prompt file: {prompt}"
            if path in self.source.files:
                yield read_page(self.source.text(path)).body.strip("\n")


def _subtask(item: Tree) -> str:
    if isinstance(item, Scalar):
        return (item.text or "").strip()
    if isinstance(item, ListNode):
        return ", ".join(texts_at(item))
    said = text_at(item, "title") or text_at(item, "description")
    return " ".join(filter(None, (text_at(item, "id"), said)))


FORMAT = Format(
    name="spec-kitty",
    title="spec-kitty work packages",
    extensions=(".yaml", ".yml", ".md"),
    fits=_fits,
    read=read_work_packages,
)
