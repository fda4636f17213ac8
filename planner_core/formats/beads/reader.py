"""Reads the issues of beads: blocking dependencies as the order, parents as summary tasks."""

from __future__ import annotations

from pathlib import PurePosixPath

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.beads.fields import make_task
from planner_core.formats.beads.links import add_link, id_of, links_of, settled_parents
from planner_core.formats.document import Document, NewUid
from planner_core.formats.draft import Draft
from planner_core.formats.leftovers import Leftovers
from planner_core.formats.located_json import Record, parse, text_of
from planner_core.formats.mending import shown
from planner_core.formats.source import Source

NAME = "beads"
_NAMES = ("issues.jsonl", "beads.jsonl")
_TELLING = frozenset(("status", "issue_type", "priority", "dependencies", "_type"))
_MOST_PROBLEMS = 100
_TOMBSTONE = "tombstone"


def fits(source: Source) -> bool:
    """Whether the first line with something in it is an issue: an object with an id, a title and more."""
    path = _path(source)
    if path is None:
        return False
    first = next((line for line in source.text(path).split("\n") if line.strip()), "")
    record = parse(first) if first.lstrip().startswith("{") else None
    if not isinstance(record, Record):
        return False
    is_issue = "id" in record and "title" in record and bool(_TELLING & record.keys())
    return is_issue or record.get("_type") == "memory"


def read(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The one plan that the issues make, in the order of the lines.

    Tombstones and rows that are no issues are left out, with a note each; so is a line that is no JSON.
    An empty file is a plan without tasks.
    Raises InvalidPlan where there are lines and none is an object.
    """
    path = _path(source)
    if path is None:
        raise InvalidPlan((Problem(f"There is no issues.jsonl in {source.name}."),))
    stem = source.name if source.is_folder else PurePosixPath(path).stem
    draft = Draft(NAME, title=stem, new_uid=new_uid)
    issues = _issues(draft, source.text(path))
    ids = {id_of(record) for record in issues}
    links = [link for record in issues for link in links_of(draft, record)]
    parents = settled_parents(draft, issues, links, ids)
    summaries = frozenset(parents.values())
    leftovers = Leftovers()
    for record in issues:
        key = id_of(record)
        make_task(draft, record, key, parents.get(key), leftovers)
        kind = text_of(record.get("issue_type")).strip()
        if kind not in ("", "task") and (kind != "epic" or key not in summaries):
            leftovers.add(f"issue_type: {kind}", record.line)
    leftovers.tell(draft, "of the issues")
    for link in links:
        add_link(draft, link, parents)
    return [draft.finish()]


def _path(source: Source) -> str | None:
    """The file to read: the only one, or a folder's issues, those of its top before others."""
    if not source.is_folder:
        return source.name
    found = [path for path in source.files if PurePosixPath(path).name in _NAMES]
    return min(found, key=lambda path: (path.count("/"), path), default=None)


def _issues(draft: Draft, text: str) -> list[Record]:
    """The rows that are issues; the others are noted."""
    found: list[Record] = []
    problems: list[Problem] = []
    rows = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = parse(line, line=number)
        except InvalidPlan as error:
            problems.extend(error.problems if len(problems) < _MOST_PROBLEMS else ())
            draft.lost(f"{error.problems[0].message} The line is left out.", line=number)
            continue
        rows += isinstance(row, Record)
        if not isinstance(row, Record) or ("_type" in row and row["_type"] != "issue"):
            draft.lost(f"A line that is no issue is left out: {shown(text_of(row))}", line=number)
        elif text_of(row.get("status")).strip().lower() == _TOMBSTONE:
            draft.lost("A deleted issue (a tombstone) is left out.", line=number, task=id_of(row))
        elif not id_of(row) and not text_of(row.get("title")).strip():
            draft.lost(f"A line without id and title is left out: {shown(text_of(row))}", line=number)
        else:
            found.append(row)
    if not rows and text.strip():
        raise InvalidPlan(tuple(problems) or (Problem("These are no issues: one object a line.", line=1),))
    return found
