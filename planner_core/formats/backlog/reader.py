"""Reads the tasks of Backlog.md: a folder of Markdown files, or one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.backlog.task_files import (
    TaskFile,
    is_named_like_a_task,
    task_file,
)
from planner_core.formats.document import Document, NewUid
from planner_core.formats.draft import Draft
from planner_core.formats.leftovers import Leftovers
from planner_core.formats.mending import shown
from planner_core.formats.sections import joined
from planner_core.formats.source import Source
from planner_core.formats.yaml_plan.tree import Tree, read_trees
from planner_core.formats.yaml_view import text_at, texts_at
from planner_core.items import DEFAULT_PRIORITY
from planner_core.vocabulary import Status

NAME = "backlog"
_FOLDERS = frozenset(("tasks", "completed"))
_OTHER_FOLDERS = frozenset(("drafts", "archive"))
_ID = re.compile(r"(?:([A-Za-z_]+)[-_ ]?)?(\d{1,6}(?:\.\d{1,4})*)")
_STATUSES = {
    **dict.fromkeys(("to do", "todo", "open", "backlog", "new", "pending", "ready", "draft"), Status.PENDING),
    **dict.fromkeys(("in progress", "doing", "started", "active", "wip"), Status.IN_PROGRESS),
    **dict.fromkeys(("review", "in review", "testing", "qa", "verifying"), Status.REVIEW),
    **dict.fromkeys(("blocked", "on hold", "waiting"), Status.BLOCKED),
    **dict.fromkeys(("done", "complete", "completed", "closed", "finished", "merged"), Status.COMPLETED),
    **dict.fromkeys(("cancelled", "canceled", "wont do", "won't do", "rejected"), Status.CANCELLED),
    **dict.fromkeys(("deferred", "postponed", "someday"), Status.DEFERRED),
    "failed": Status.FAILED,
}
_PRIORITIES = {"critical": 1, "urgent": 1, "high": 2, "medium": 3, "low": 4}
_TAKEN = frozenset(
    (
        *("id", "title", "status", "assignee", "labels", "milestone", "dependencies", "references"),
        *("documentation", "modified_files", "parent_task_id", "priority", "updated_date", "description"),
        *("onstatuschange", "on_status_change", "parent", "subtasks", "reporter"),
    )
)
_COMMANDS = ("onStatusChange", "on_status_change")
_SECTIONS = (
    ("PLAN", "Implementation plan"),
    ("NOTES", "Implementation notes"),
    ("FINAL_SUMMARY", "Final summary"),
    ("COMMENTS", "Comments"),
)


def fits(source: Source) -> bool:
    """Whether a folder holds files named `<id> - <title>.md` among its tasks, or a file has a task's head."""
    if source.is_folder:
        return any(is_named_like_a_task(path) and _is_in(path, _FOLDERS) for path in source.files) or (
            any(is_named_like_a_task(path) and _has_head(source, path) for path in list(source.files)[:200])
        )
    return source.suffix == ".md" and _has_head(source, source.name)


def read(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The one plan that the task files make, by the figures in their ids.

    Parents become summary tasks, milestones phases, assignees agents, `modified_files` claims to modify and
    references claims to read. A command in the front matter (`onStatusChange`) is never run. Drafts and
    archived tasks are left out. Raises InvalidPlan where there is no task.
    """
    return [_Reading(source, new_uid).document()]


def _has_head(source: Source, path: str) -> bool:
    try:
        names = set(task_file(path, source.text(path)).head.names)
    except InvalidPlan:
        return False
    return {"id", "status"} <= names and bool({"title", "assignee", "labels", "dependencies"} & names)


def _is_in(path: str, folders: frozenset[str]) -> bool:
    return not folders.isdisjoint(PurePosixPath(path).parts[:-1])


@dataclass(frozen=True, slots=True)
class _Entry:
    """A task's file with the id that it says, and the one that the draft gave it."""

    file: TaskFile
    id: str


class _Reading:
    """One backlog on its way into a plan."""

    def __init__(self, source: Source, new_uid: NewUid) -> None:
        self.source = source
        config = self._config()
        self.statuses = [status.lower() for status in texts_at(config, "statuses")]
        title = text_at(config, "project_name") or PurePosixPath(source.name).stem
        self.draft = Draft(NAME, title=title, new_uid=new_uid)
        self.leftovers = Leftovers()
        self.by_id: dict[str, str] = {}
        self.by_figures: dict[str, list[str]] = {}

    def document(self) -> Document:
        entries = sorted(self._entries(), key=lambda entry: _order(entry.id, entry.file.path))
        if not entries:
            message = f"No tasks were found in {self.source.name}: files such as “tasks/task-1 - Title.md”."
            raise InvalidPlan((Problem(message),))
        for entry in entries:
            prefix, figures = _normal(entry.id)
            self.by_id.setdefault(f"{prefix}-{figures}", entry.id)
            same = self.by_figures.setdefault(figures, [])
            if entry.id not in same:
                same.append(entry.id)
        keys = [self._task(entry) for entry in entries]
        self.leftovers.tell(self.draft, "of the tasks")
        for entry, key in zip(entries, keys, strict=True):
            line = entry.file.head.line("dependencies")
            for said in entry.file.head.many("dependencies"):
                self.draft.depends(key, self._meant(said, key, line), line=line)
        return self.draft.finish()

    def _config(self) -> Tree | None:
        for path in sorted(self.source.files, key=lambda path: path.count("/")):
            if PurePosixPath(path).name in ("config.yml", "config.yaml", "backlog.config.yml"):
                try:
                    return read_trees(self.source.text(path))[0][0]
                except InvalidPlan:
                    # What it says is of use, but nothing depends on it.
                    return None
        return None

    def _entries(self) -> Iterator[_Entry]:
        paths = [path for path in self.source.files if PurePosixPath(path).suffix.lower() == ".md"]
        inside = [path for path in paths if _is_in(path, _FOLDERS) and not _is_in(path, _OTHER_FOLDERS)]
        for path in inside or [path for path in paths if not _is_in(path, _OTHER_FOLDERS)]:
            if not inside and self.source.is_folder and not is_named_like_a_task(path):
                continue
            try:
                file = task_file(path, self.source.text(path))
            except InvalidPlan as error:
                self.draft.lost(f"{path} cannot be read: {error.problems[0].message}")
                continue
            if found := self._id(file):
                yield _Entry(file, found)
        for path in paths:
            if _is_in(path, _OTHER_FOLDERS) and is_named_like_a_task(path):
                self.draft.lost(f"{path} is a draft or archived, and left out.")

    def _id(self, file: TaskFile) -> str:
        said = file.head.one("id")
        if said:
            return said
        named = file.named_id
        if named:
            why = "has no id in its head" if file.head.page.has_head else "has no head"
            self.draft.repaired(f"{file.path} {why}: {named} was taken from its name.", task=named)
        else:
            self.draft.lost(f"{file.path} is no task: neither its head nor its name has an id.")
        return named

    # --- tasks --------------------------------------------------------------------------------------------

    def _task(self, entry: _Entry) -> str:
        file, head, key = entry.file, entry.file.head, entry.id
        for message, line in head.page.problems:
            self.draft.repaired(message, line=line, task=key)
        if file.glued:
            self.draft.repaired("The line that closes its head goes on with text.", task=key)
        status = self._status(file, key)
        finished = self._finished(file, status)
        ticks = sum(ticked for ticked, _ in file.criteria)
        assignees = [name.lstrip("@") for name in head.many("assignee")]
        real = self.draft.task(
            key,
            line=head.line("id") or 1,
            title=head.one("title") or file.named_title,
            description=self._description(file),
            acceptance=[text for _, text in file.criteria],
            priority=self._priority(file, key),
            phase=head.one("milestone") or None,
            parent=self._parent(file, key),
            agent=assignees[0] if assignees else None,
            modifies=self._paths(file, "modified_files", key),
            reads=[*self._paths(file, "references", key), *self._paths(file, "documentation", key)],
            status=status,
            finished=finished,
        )
        for name in assignees[1:]:
            message = f"It is assigned to {shown(name)} as well: a task has one agent."
            self.draft.lost(message, line=head.line("assignee"), task=real)
        if ticks and not (status is Status.COMPLETED and ticks == len(file.criteria)):
            count = f"{ticks} of its {len(file.criteria)}"
            self.draft.lost(f"{count} criteria of acceptance are ticked: a plan keeps no ticks.", task=real)
        for name in _COMMANDS:
            if head.one(name):
                message = f"{name} is a command, “{shown(head.one(name))}”: it is left out and was not run."
                self.draft.lost(message, line=head.line(name), task=real)
        for name in head.names:
            spare = name.lower() not in _TAKEN or (name == "updated_date" and finished is None)
            if spare and head.one(name):
                self.leftovers.add(name, head.line(name) or 1)
        return real

    def _description(self, file: TaskFile) -> str:
        text = file.sections.get("DESCRIPTION") or file.head.one("description")
        more = [(title, file.sections.get(name, "")) for name, title in _SECTIONS]
        known = {"DESCRIPTION", *(name for name, _ in _SECTIONS)}
        others = [
            (name.replace("_", " ").capitalize(), each)
            for name, each in file.sections.items()
            if name not in known
        ]
        done = "\n".join(f"- {each}" for each in file.done)
        labels = ", ".join(file.head.many("labels"))
        return joined(
            text, [*more, *others, ("Definition of done", done), ("More", file.rest), ("Labels", labels)]
        )

    def _status(self, file: TaskFile, key: str) -> Status:
        said = file.head.one("status")
        folded = re.sub(r"[^\w' ]", "", said.replace("-", " ")).strip().lower()
        status = _STATUSES.get(folded)
        line = file.head.line("status")
        if status is None and said:
            status = Status.PENDING
            if said.lower() in self.statuses[1:]:
                last = said.lower() == self.statuses[-1]
                status = Status.COMPLETED if last else Status.IN_PROGRESS
            message = f"The status “{shown(said)}” was taken for {status.value.replace('_', ' ')}."
            self.draft.guessed(message, line=line, task=key)
        if status in (None, Status.PENDING) and _is_in(file.path, frozenset(("completed",))):
            self.draft.guessed(
                "It lies among the completed tasks, and was taken for one.", line=line, task=key
            )
            return Status.COMPLETED
        return status or Status.PENDING

    def _finished(self, file: TaskFile, status: Status) -> datetime | None:
        said = file.head.one("updated_date")
        if status is not Status.COMPLETED or not said:
            return None
        try:
            return datetime.fromisoformat(said)
        except ValueError:
            return None

    def _priority(self, file: TaskFile, key: str) -> int:
        said = file.head.one("priority")
        priority = _PRIORITIES.get(said.lower())
        if said and priority is None:
            message = f"The priority “{shown(said)}” is unknown: medium was taken."
            self.draft.guessed(message, line=file.head.line("priority"), task=key)
        return priority or DEFAULT_PRIORITY

    def _paths(self, file: TaskFile, name: str, key: str) -> Iterator[str]:
        for said in file.head.many(name):
            if "://" in said or " " in said:
                message = f"Of its {name}, “{shown(said)}” is no path of the project."
                self.draft.lost(message, line=file.head.line(name), task=key)
            else:
                yield re.sub(r"(?<=\w):\d+(?:-\d+)?$", "", said)

    # --- ids ----------------------------------------------------------------------------------------------

    def _parent(self, file: TaskFile, key: str) -> str | None:
        said = file.head.one("parent_task_id") or file.head.one("parent")
        line = file.head.line("parent_task_id")
        if said:
            found = self._meant(said, key, line)
            if found in self.by_figures.get(_normal(found)[1], ()):
                return found
            self.draft.lost(f"Its parent {shown(said)} is not among the tasks.", line=line, task=key)
            return None
        prefix, figures = _normal(key)
        above = self.by_id.get(f"{prefix}-{figures.rpartition('.')[0]}") if "." in figures else None
        if above is not None:
            self.draft.guessed(f"By its id it is part of {above}.", task=key)
        return above

    def _meant(self, said: str, task: str, line: int | None) -> str:
        """The id that a reference means: in other case, with other zeros, or (where clear) another prefix."""
        prefix, figures = _normal(said)
        exact = self.by_id.get(f"{prefix}-{figures}")
        if exact is not None:
            return exact
        same = self.by_figures.get(figures, [])
        if len(same) != 1:
            return said
        self.draft.guessed(f"“{shown(said)}” was taken for {same[0]}.", line=line, task=task)
        return same[0]


def _normal(said: str) -> tuple[str, str]:
    """An id's prefix in lower case and its figures without leading zeros; another text is all prefix."""
    found = _ID.fullmatch(said.strip())
    if found is None:
        return said.strip().lower(), ""
    return (found[1] or "").lower(), ".".join(str(int(number)) for number in found[2].split("."))


def _order(said: str, path: str) -> tuple[str, list[int], bool, str]:
    prefix, figures = _normal(said)
    numbers = [int(number) for number in figures.split(".")] if figures else []
    return prefix, numbers, _is_in(path, frozenset(("completed",))), path
