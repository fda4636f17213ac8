"""The project's files as a tree, one folder at a time, with who owns what."""

from __future__ import annotations

from dataclasses import dataclass

import planner_core as core
from taskplanner.plans.presenters.workspace import Workspace

SHOWN_OWNERS = 3


@dataclass(frozen=True)
class Node:
    """A folder or a file as the tree shows it; `pattern` is what dragging it claims."""

    name: str
    path: str
    pattern: str
    is_folder: bool
    contested: bool
    owned: int = 0
    total: int = 0
    owners: str = ""
    title: str = ""


@dataclass(frozen=True)
class Files:
    """The top of the tree, and how much of it is claimed."""

    roots: tuple[Node, ...]
    total: int
    owned: int
    contested: int


def present_files(workspace: Workspace) -> Files:
    """The top level of the project's tree."""
    root = workspace.file_tree
    owned = root.coverage.owned + root.coverage.only_read
    return Files(_nodes(root), root.coverage.total, owned, root.coverage.contested)


def present_folder(workspace: Workspace, path: str) -> tuple[Node, ...] | None:
    """What lies directly in a folder; None where the list has no such folder."""
    folder: core.FolderNode | None = workspace.file_tree
    for name in path.split("/") if path else ():
        assert folder is not None
        folder = next((each for each in folder.folders if each.name == name), None)
        if folder is None:
            return None
    assert folder is not None
    return _nodes(folder)


def _nodes(folder: core.FolderNode) -> tuple[Node, ...]:
    folders = [
        Node(
            each.name,
            each.path,
            _pattern_below(each.path),
            is_folder=True,
            contested=each.coverage.contested > 0,
            owned=each.coverage.owned + each.coverage.only_read,
            total=each.coverage.total,
        )
        for each in folder.folders
    ]
    return tuple(folders + [_file(each) for each in folder.files])


def _pattern_below(folder: str) -> str:
    return core.pattern_for(f"{folder}/x").removesuffix("x") + "**"


def _file(node: core.FileNode) -> Node:
    keys = list(dict.fromkeys(owner.task.key for owner in node.owners))
    more = f" +{len(keys) - SHOWN_OWNERS}" if len(keys) > SHOWN_OWNERS else ""
    said = "; ".join(f"{owner.task.key} {owner.claim.mode.value} it" for owner in node.owners[:20])
    return Node(
        node.name,
        node.path,
        core.pattern_for(node.path),
        is_folder=False,
        contested=node.contested,
        owners=", ".join(keys[:SHOWN_OWNERS]) + more,
        title=f"{node.path}: {said or 'nobody claims it'}",
    )
