"""Brings the shapes that a plan document may have to one: a head, and under it the tasks by key."""

from __future__ import annotations

from planner_core.errors import Problem
from planner_core.formats.yaml_plan.schema import PlanDocument
from planner_core.formats.yaml_plan.tree import Entry, ListNode, MapNode, Place, Scalar, Tree, problem_at

HEAD = frozenset(PlanDocument.model_fields)
_KEY_NAMES = ("key", "id")


def shaped(tree: Tree) -> tuple[MapNode, list[Problem]]:
    """The document as a mapping whose `tasks` is a flat mapping by key, and what stood in the way."""
    problems: list[Problem] = []
    root = _with_head(tree, problems)
    tasks = root.entries.get("tasks")
    if tasks is not None and isinstance(tasks.value, MapNode | ListNode):
        flat = MapNode(tasks.value.place)
        _gather(tasks.value, None, flat, problems)
        root.entries["tasks"] = Entry(tasks.place, flat)
    return root, problems


def _with_head(tree: Tree, problems: list[Problem]) -> MapNode:
    if isinstance(tree, ListNode):
        return MapNode(tree.place, {"tasks": Entry(tree.place, tree)})
    if isinstance(tree, Scalar):
        what = "The file is empty." if tree.text is None else "This is only a text."
        problems.append(
            problem_at(tree.place, f"{what} A plan is expected: tasks by key, or a list of them.")
        )
        return MapNode(tree.place)
    if tree.entries.keys() & {"tasks", "taskplanner"}:
        return tree
    loose = {
        name: entry for name, entry in tree.entries.items() if name not in HEAD and _may_be_task(entry.value)
    }
    if not loose:
        return tree
    head = {name: entry for name, entry in tree.entries.items() if name not in loose}
    place = next(iter(loose.values())).place
    return MapNode(tree.place, {**head, "tasks": Entry(place, MapNode(place, loose))})


def _may_be_task(tree: Tree) -> bool:
    return isinstance(tree, MapNode) or (isinstance(tree, Scalar) and tree.text is None)


def _gather(tasks: Tree, parent: str | None, flat: MapNode, problems: list[Problem]) -> list[str]:
    """Adds tasks and the children written out inside them to `flat`, in order; returns the tasks' keys."""
    keys = []
    for key, place, value in _keyed(tasks, problems):
        if key in flat.entries:
            first = flat.entries[key].place.line
            message = f"The key {key[:80]} is used twice, first in line {first}. Rename one."
            problems.append(problem_at(place, message, task=key, field="key"))
            continue
        keys.append(key)
        flat.entries[key] = Entry(place, value)
        if isinstance(value, MapNode):
            if parent is not None and "parent" not in value.entries:
                value.entries["parent"] = Entry(place, Scalar(place, parent))
            children = value.entries.get("children")
            if children is not None and _holds_tasks(children.value):
                del value.entries["children"]
                _gather(children.value, key, flat, problems)
    return keys


def _holds_tasks(tree: Tree) -> bool:
    return isinstance(tree, MapNode) or (
        isinstance(tree, ListNode) and any(isinstance(item, MapNode) for item in tree.items)
    )


def _keyed(tasks: Tree, problems: list[Problem]) -> list[tuple[str, Place, Tree]]:
    if isinstance(tasks, MapNode):
        return [(key, entry.place, _task(entry.value)) for key, entry in tasks.entries.items()]
    found: list[tuple[str, Place, Tree]] = []
    for item in tasks.items if isinstance(tasks, ListNode) else ():
        if isinstance(item, Scalar) and item.text is not None:
            found.append((item.text, item.place, MapNode(item.place)))
            continue
        names = [name for name in _KEY_NAMES if isinstance(item, MapNode) and name in item.entries]
        entry = item.entries.pop(names[0]) if names and isinstance(item, MapNode) else None
        if entry is None or not isinstance(entry.value, Scalar) or entry.value.text is None:
            problems.append(problem_at(item.place, "This task has no key. Give it one.", field="key"))
        else:
            found.append((entry.value.text, entry.value.place, item))
    return found


def _task(tree: Tree) -> Tree:
    return MapNode(tree.place) if isinstance(tree, Scalar) and tree.text is None else tree
