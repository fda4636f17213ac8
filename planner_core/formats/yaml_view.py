"""Ways to look into the YAML of a foreign file: what is not of the expected kind is not there."""

from __future__ import annotations

from collections.abc import Iterator

from planner_core.formats.yaml_plan.tree import Entry, ListNode, MapNode, Scalar, Tree


def entry_at(tree: Tree | None, *names: str) -> Entry | None:
    """The entry at a path of names, None where there is none."""
    found: Entry | None = None
    for name in names:
        if not isinstance(tree, MapNode) or name not in tree.entries:
            return None
        found = tree.entries[name]
        tree = found.value
    return found


def value_at(tree: Tree | None, *names: str) -> Tree | None:
    """The value at a path of names, None where there is none."""
    found = entry_at(tree, *names)
    return None if found is None else found.value


def text_at(tree: Tree | None, *names: str) -> str:
    """The text at a path of names, without surrounding spaces; empty where there is none."""
    found = value_at(tree, *names)
    return (found.text or "").strip() if isinstance(found, Scalar) else ""


def line_at(tree: Tree | None, *names: str) -> int | None:
    """The line in which the entry at a path of names stands."""
    found = entry_at(tree, *names)
    return None if found is None else found.place.line


def items_at(tree: Tree | None, *names: str) -> list[Tree]:
    """The items of the list at a path of names; none where there is no list."""
    found = value_at(tree, *names) if names else tree
    return found.items if isinstance(found, ListNode) else []


def mappings_at(tree: Tree | None, *names: str) -> Iterator[MapNode]:
    """Those items of the list at a path of names that are mappings."""
    return (item for item in items_at(tree, *names) if isinstance(item, MapNode))


def texts_at(tree: Tree | None, *names: str) -> list[str]:
    """The texts of the list at a path of names, without empty ones; a single text is a list of one."""
    found = value_at(tree, *names)
    scalars = found.items if isinstance(found, ListNode) else [found]
    texts = ((each.text or "").strip() for each in scalars if isinstance(each, Scalar))
    return [text for text in texts if text]
