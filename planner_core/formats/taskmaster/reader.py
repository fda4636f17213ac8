"""Reads `tasks.json`: one plan a tag, subtasks as parts of summary tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import PurePosixPath

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.document import Document, NewUid
from planner_core.formats.draft import Draft
from planner_core.formats.leftovers import Leftovers
from planner_core.formats.located_json import Record, Value, parse, text_of, texts_of
from planner_core.formats.mending import shown
from planner_core.formats.source import Source
from planner_core.formats.taskmaster.fields import Fields
from planner_core.formats.taskmaster.ids import Entry, Ids, wanted_key

NAME = "task-master"
MAIN_TAG = "master"
_PLACES = ("tasks/tasks.json", "tasks.json")
_TELLING = frozenset(("dependencies", "subtasks", "testStrategy", "details"))
_KEPT_OF_METADATA = frozenset(("description", "projectName", "project"))
_NO_PARENT = frozenset(("", "undefined", "null", "none"))


@dataclass(frozen=True, slots=True)
class _Tag:
    """One list of tasks: its tag's name, nothing for a bare list, and what is said about it."""

    name: str
    rows: list[Value]
    metadata: Record


@dataclass(frozen=True, slots=True)
class _Row:
    """A task or subtask on its way into the plan; `text` where it is a text and no object."""

    record: Record
    entry: Entry
    text: str = ""


def fits(source: Source) -> bool:
    """Whether this is JSON with lists of tasks that have ids and what only task-master calls so."""
    path = _path(source)
    if path is None or not source.text(path).lstrip().startswith(("{", "[")):
        return False
    tags, _ = _tags(parse(source.text(path)))
    if any(_is_tasklike(row) for tag in tags for row in tag.rows):
        return True
    return bool(tags) and not any(tag.rows for tag in tags) and PurePosixPath(path).name == "tasks.json"


def read(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The plan of each tag, in the order of the file.

    A subtask gets the key `5.1`, or its own id where that is no number. Its dependency `4` means its sibling,
    or a task, as `Ids` says. Raises InvalidPlan where the file is no JSON or holds no list of tasks.
    """
    path = _path(source)
    if path is None:
        raise InvalidPlan((Problem(f"There is no tasks.json in {source.name}."),))
    tags, others = _tags(parse(source.text(path)))
    if not tags:
        raise InvalidPlan((Problem("This holds no list of tasks. One is expected under “tasks”.", line=1),))
    stem = source.name if source.is_folder else PurePosixPath(path).stem
    documents = []
    for number, tag in enumerate(tags):
        named = text_of(tag.metadata.get("projectName") or tag.metadata.get("project")).strip()
        title = named or (stem if tag.name in ("", MAIN_TAG) else tag.name)
        draft = Draft(
            NAME,
            title=title,
            new_uid=new_uid,
            name=tag.name,
            description=text_of(tag.metadata.get("description")),
        )
        for name in others if number == 0 else ():
            draft.lost(f"“{shown(name)}” beside the tasks is left out.", line=1)
        for name, value in tag.metadata.items():
            if name not in _KEPT_OF_METADATA:
                message = f"“metadata.{shown(name)}” is left out: {shown(text_of(value))}"
                draft.lost(message, line=tag.metadata.line)
        _fill(draft, tag)
        documents.append(draft.finish())
    return documents


def _path(source: Source) -> str | None:
    """The file to read: the only one, or a folder's `tasks.json`, that of its top before others."""
    if not source.is_folder:
        return source.name
    found = [path for path in source.files if any(f"/{path}".endswith(f"/{place}") for place in _PLACES)]
    return min(found, key=lambda path: (path.count("/"), path), default=None)


def _tags(value: Value) -> tuple[list[_Tag], list[str]]:
    """The lists of tasks of a file, and the names of what else stands beside them."""
    if isinstance(value, list):
        return ([_Tag("", value, Record())] if any(isinstance(row, Record) for row in value) else []), []
    if not isinstance(value, Record):
        return [], []
    found: dict[str, _Tag] = {}
    for name, inner in value.items():
        rows = inner.get("tasks") if isinstance(inner, Record) else inner
        if not isinstance(rows, list) or (isinstance(inner, list) and not _may_be_tasks(name, rows)):
            continue
        is_bare = inner is rows and name == "tasks"
        holder = value if is_bare else inner
        metadata = holder.get("metadata", holder.get("meta")) if isinstance(holder, Record) else None
        found[name] = _Tag(
            "" if is_bare else name, rows, metadata if isinstance(metadata, Record) else Record()
        )
    if not found:
        for inner in value.values():
            if isinstance(inner, Record) and (deeper := _tags(inner))[0]:
                return deeper
    used = {*found, "metadata", "meta"} if "tasks" in found else {*found}
    return list(found.values()), [name for name in value if name not in used]


def _may_be_tasks(name: str, rows: list[Value]) -> bool:
    return name == "tasks" or any(_is_tasklike(row) for row in rows)


def _is_tasklike(row: Value) -> bool:
    return isinstance(row, Record) and "id" in row and bool(_TELLING & row.keys())


def _fill(draft: Draft, tag: _Tag) -> None:
    rows = list(_rows(draft, tag.rows))
    times = Counter(row.entry.local for row in rows)
    outermost = {row.entry.local for row in rows if row.entry.parent is None}
    leftovers = Leftovers()
    for row in rows:
        entry = row.entry
        fields = Fields(row.record, wanted_key(entry, times), draft, leftovers)
        entry.key = fields.make(parent=_parent(draft, row, outermost), title=row.text)
    leftovers.tell(draft, "of the tasks")
    ids = Ids(row.entry for row in rows)
    for row in rows:
        _depend(draft, ids, row)


def _rows(draft: Draft, values: list[Value]) -> Iterator[_Row]:
    """Every task before its subtasks, and these before the next task."""
    waiting: list[tuple[Value, int, Entry | None, int]] = [
        (value, place, None, 1) for place, value in reversed(list(enumerate(values)))
    ]
    while waiting:
        value, place, parent, line = waiting.pop()
        record, text = (value, "") if isinstance(value, Record) else (Record(), "")
        if not isinstance(value, Record):
            record.line = line
            text = text_of(value).strip() if parent is not None and isinstance(value, str) else ""
        if not record and not text:
            draft.lost(f"An entry that is no task is left out: {shown(text_of(value))}", line=record.line)
            continue
        local = text_of(record.get("id")).strip()
        entry = Entry(local or str(place + 1), parent, place, Counter(_said(draft, record)))
        if not local:
            whose = "A task" if parent is None else f"A subtask of {parent.local}"
            message = f"{whose} has no id: its place, {entry.local}, was taken."
            draft.guessed(message, line=record.line, task=entry.local)
        yield _Row(record, entry, text)
        inside = record.get("subtasks")
        if isinstance(inside, list):
            waiting.extend(
                (each, number, entry, record.line) for number, each in reversed(list(enumerate(inside)))
            )
        elif text_of(inside).strip():
            message = f"Its subtasks are no list and left out: {shown(text_of(inside))}"
            draft.lost(message, line=record.line, task=entry.local)


def _said(draft: Draft, record: Record) -> Iterator[str]:
    """The ids that a task says it waits for, as they are spelled."""
    value = record.get("dependencies")
    for each in value if isinstance(value, list) else text_of(value).split(","):
        if isinstance(each, Record):
            named = texts_of(each.get("id") or each.get("taskId") or each.get("task_id"))
            if not named:
                draft.lost(f"A dependency names no task: {shown(text_of(each))}", line=record.line)
            yield from named
        else:
            yield from texts_of(each)


def _parent(draft: Draft, row: _Row, outermost: Set[str]) -> str | None:
    """The task that a task is a part of: that whose list it is in, else one that it names."""
    entry, named = row.entry, None
    for name in ("parentId", "parentTaskId"):
        said = text_of(row.record.get(name)).strip()
        above = entry.parent
        if said.lower() in _NO_PARENT or (above is not None and said in (above.local, above.key)):
            continue
        if above is None and named in (None, said) and said in outermost and said != entry.local:
            named = said
        else:
            message = f"“{name}” is left out: “{shown(said)}” is not the task that it is a part of."
            draft.lost(message, line=row.record.line, task=entry.local)
    return named if entry.parent is None else entry.parent.key


def _depend(draft: Draft, ids: Ids, row: _Row) -> None:
    entry, line = row.entry, row.record.line
    for said, times in entry.said.items():
        if times > 1:
            message = f"It says {times} times that it depends on {shown(said)}: once is enough."
            draft.repaired(message, line=line, task=entry.key)
        meaning = ids.meaning(entry, said)
        if meaning is None:
            draft.lost(
                f"It depends on {shown(said)}, which is no task here.",
                line=line,
                task=entry.key,
            )
            continue
        if meaning.guess:
            draft.guessed(f"The dependency {meaning.guess}", line=line, task=entry.key)
        if meaning.repair:
            draft.repaired(f"The dependency {meaning.repair}", line=line, task=entry.key)
        draft.depends(entry.key, meaning.entry.key, line=line)
