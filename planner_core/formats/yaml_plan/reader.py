"""Reads a plan document: YAML or JSON text to a plan and its progress, or every problem at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.document import Document, NewUid
from planner_core.formats.source import Source
from planner_core.formats.yaml_plan.build import Build
from planner_core.formats.yaml_plan.checking import Hints, checked
from planner_core.formats.yaml_plan.shape import shaped
from planner_core.formats.yaml_plan.tree import MapNode, Tree, problem_at, read_trees
from planner_core.plan import MAX_TASKS

MAX_PROBLEMS = 500
MAX_MESSAGE = 2_000


def read_plan(source: str | bytes, *, new_uid: NewUid) -> Document:
    """The one plan that a YAML or JSON text describes, with its progress and a report.

    Every uid is made by `new_uid`. Tasks, phases, tracks and agents keep the order of the text. Raises
    InvalidPlan with every problem found, in the order of their places, and nothing else; a text of several
    plans is refused as well.
    """
    return _read(source, new_uid, several=False)[0]


def read_plans(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The plans of a YAML stream, one a document, each named by its title; else as `read_plan`."""
    return _read(source.text(), new_uid, several=True)


def _read(source: str | bytes, new_uid: NewUid, *, several: bool) -> list[Document]:
    try:
        trees = read_trees(source)
        if len(trees) > 1 and not several:
            message = "The file holds several documents. Keep one plan in a file."
            raise InvalidPlan((problem_at(trees[1][0].place, message),))
        read = [_document(tree, problems, new_uid) for tree, problems in trees]
    except InvalidPlan as error:
        raise InvalidPlan(_in_order(error.problems)) from error
    if problems := [problem for _, found in read for problem in found]:
        raise InvalidPlan(_in_order(problems))
    return [document for document, _ in read if document is not None]


def _document(tree: Tree, problems: list[Problem], new_uid: NewUid) -> tuple[Document | None, list[Problem]]:
    """The document that a tree describes, and what is wrong with it; None only where something is."""
    root, more = shaped(tree)
    given = root.entries["tasks"].value if "tasks" in root.entries else None
    if isinstance(given, MapNode) and len(given.entries) > MAX_TASKS:
        too_many = f"A plan holds at most {MAX_TASKS} tasks; this one has {len(given.entries)}. Split it."
        raise InvalidPlan((problem_at(given.place, too_many),))
    hints = Hints()
    document, faults = checked(root, hints)
    build = Build(root, document, new_uid, hints)
    found = build.document()
    return found, [*problems, *more, *faults, *build.problems]


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    unique = dict.fromkeys(
        problem if len(problem.message) <= MAX_MESSAGE else replace(problem, message=_cut(problem.message))
        for problem in problems
    )
    ordered = sorted(unique, key=lambda p: (p.line or 0, p.column or 0, p.message))
    if len(ordered) > MAX_PROBLEMS:
        rest = Problem(f"There are {len(ordered) - MAX_PROBLEMS} more problems after these.")
        return (*ordered[:MAX_PROBLEMS], rest)
    return tuple(ordered)


def _cut(message: str) -> str:
    return message[: MAX_MESSAGE // 2] + " […] " + message[-MAX_MESSAGE // 2 :]
