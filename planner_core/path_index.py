"""Many path patterns at once: which of them overlap, and which match this file?

The patterns are kept in a tree whose edges are their segments, so that patterns with the same beginning share
it. A literal name is found by a dictionary; names with a wildcard are grouped by the extension they end in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from planner_core.path_globs import Glob, extension_of, meets
from planner_core.paths import CompiledPattern, compile_pattern


class Overlap(NamedTuple):
    """Two claims of different owners that some path satisfies both; `first` is the lower owner."""

    first: int
    first_pattern: str
    second: int
    second_pattern: str


class Claimed(NamedTuple):
    """One claim that matches a path."""

    owner: int
    pattern: str


def overlapping_pairs(claims: Iterable[tuple[int, str]]) -> list[Overlap]:
    """All pairs of overlapping patterns of different owners, each once, in ascending order.

    Claims are (owner, pattern). The same pairs as `paths.patterns_overlap` finds one by one, without
    comparing all of them. Raises PlannerError for a refused pattern.
    """
    owners: dict[str, set[int]] = {}
    for owner, pattern in claims:
        owners.setdefault(pattern, set()).add(owner)
    compiled = {pattern: compile_pattern(pattern) for pattern in owners}
    tree = _Tree()
    found: list[Overlap] = []
    # Each pattern is looked up among the wilder ones only: a literal path finds `**/*.py` in a few steps; the
    # other way round all of the tree would have to be walked.
    for pattern in sorted(compiled, key=lambda text: _tameness(compiled[text])):
        tree.insert(compiled[pattern], pattern)
        for other in tree.overlapping(compiled[pattern]):
            for one, two in _pairs_of(owners[pattern], owners[other], same=pattern == other):
                if one < two:
                    found.append(Overlap(one, pattern, two, other))
                else:
                    found.append(Overlap(two, other, one, pattern))
    return sorted(found)


class PatternIndex:
    """Claims, given as (owner, pattern), to look up who claims a file.

    Raises PlannerError for a refused pattern.
    """

    def __init__(self, claims: Iterable[tuple[int, str]]) -> None:
        self._owners: dict[str, set[int]] = {}
        self._tree = _Tree()
        for owner, pattern in claims:
            if pattern not in self._owners:
                self._owners[pattern] = set()
                self._tree.insert(compile_pattern(pattern), pattern)
            self._owners[pattern].add(owner)

    def owners_of(self, path: str) -> list[Claimed]:
        """The claims that match the file's path, as `paths.pattern_matches` says, in ascending order.

        What was found for a folder is kept for the next file in it. The path is one `check_path` accepts.
        """
        matching = self._tree.matching(path)
        return sorted(Claimed(owner, pattern) for pattern in matching for owner in self._owners[pattern])


class _Node:
    """A place in the tree, where a beginning of some patterns leads.

    `edge` is the segment that led here, None at the root and at a deep place, which stands for a `**`: a
    path may stay there for any number of folders. `names` and `globs` are the children by extension,
    `literals` and `known` the same by name and by glob. `onward` are those that a folder can lead through:
    all but the ones that name a file and lead no further.
    """

    __slots__ = ("deep", "edge", "globs", "is_deep", "known", "literals", "names", "onward", "patterns")

    def __init__(self, edge: Glob | None, *, is_deep: bool) -> None:
        self.edge = edge
        self.is_deep = is_deep
        self.deep: _Node | None = None
        self.literals: dict[str, _Node] = {}
        self.known: dict[Glob, _Node] = {}
        self.names: dict[str | None, list[_Node]] = {}
        self.globs: dict[str | None, list[_Node]] = {}
        self.onward: dict[_Node, None] = {}
        self.patterns: list[str] = []

    @property
    def names_a_file(self) -> bool:
        return self.edge is not None and self.edge.names_a_file

    @property
    def is_leaf(self) -> bool:
        return self.deep is None and not self.names and not self.globs

    def children(self) -> Iterator[_Node]:
        for group in (*self.names.values(), *self.globs.values()):
            yield from group

    def child(self, glob: Glob) -> _Node:
        """The child that the segment leads to, made if there is none yet."""
        node = self.known.get(glob) if glob.literal is None else self.literals.get(glob.literal)
        if node is None:
            node = _Node(glob, is_deep=False)
            if glob.literal is None:
                self.known[glob] = node
                self.globs.setdefault(glob.extension, []).append(node)
            else:
                self.literals[glob.literal] = node
                self.names.setdefault(glob.extension, []).append(node)
        return node

    def children_meeting(self, glob: Glob) -> Iterator[_Node]:
        """The children whose segment shares a name with the glob."""
        extension = glob.extension
        if glob.literal is not None:
            if glob.literal in self.literals:
                yield self.literals[glob.literal]
            candidates = [*self.globs.get(extension, ()), *self.globs.get(None, ())]
        elif extension is None:
            candidates = list(self.children())
        else:
            candidates = [
                *self.names.get(extension, ()),
                *self.globs.get(extension, ()),
                *self.globs.get(None, ()),
            ]
        for node in candidates:
            if node.edge is not None and meets(glob, node.edge):
                yield node


class _Tree:
    """Patterns by their segments; see the module's text."""

    def __init__(self) -> None:
        self._root = _Node(None, is_deep=False)
        self._folders: dict[str, tuple[list[_Node], frozenset[str]]] = {}

    def insert(self, compiled: CompiledPattern, pattern: str) -> None:
        """Add a pattern."""
        self._folders.clear()
        node = self._root
        way = [node]
        for segment in compiled.segments:
            if segment is not None:
                node = node.child(segment)
            elif node.deep is None:
                node.deep = node = _Node(None, is_deep=True)
            else:
                node = node.deep
            way.append(node)
        node.patterns.append(pattern)
        for parent, child in pairwise(way):
            if child.edge is not None and not (child.is_leaf and child.names_a_file):
                parent.onward[child] = None

    def overlapping(self, compiled: CompiledPattern) -> set[str]:
        """The patterns in the tree that overlap with the given one.

        A state is a place in the tree and the number of the pattern's segments that a path there has used up.
        """
        segments, size = compiled.segments, len(compiled.segments)
        found: set[str] = set()
        states = [(self._root, 0)]
        seen: set[tuple[int, int]] = set()
        while states:
            node, used = states.pop()
            if (id(node), used) in seen:
                continue
            seen.add((id(node), used))
            if used == size:
                found.update(node.patterns if compiled.names_a_file else _patterns_from(node))
                continue
            if not node.names_a_file:
                found.update(node.patterns)
            if node.deep is not None:
                states.append((node.deep, used))
            segment = segments[used]
            if segment is None:
                states.append((node, used + 1))
                states.extend((child, used) for child in node.onward)
                continue
            if node.is_deep:
                states.append((node, used + 1))
            for child in node.children_meeting(segment):
                states.append((child, used + 1))
                # A name that reads as a file's is a folder where one of the two puts a slash after it.
                if used + 1 < size and segment.names_a_file:
                    found.update(child.patterns)
                elif used + 1 == size and compiled.names_a_file and child.names_a_file:
                    found.update(_patterns_from(child))
        return found

    def matching(self, path: str) -> frozenset[str]:
        """The patterns that match the path or a folder it lies in."""
        return self._at(path)[1]

    def _at(self, path: str) -> tuple[list[_Node], frozenset[str]]:
        """The places in the tree that the path leads to, and the patterns it met on the way."""
        if not path:
            deep = self._root.deep
            return [self._root, *([deep] if deep else [])], frozenset()
        if path in self._folders:
            return self._folders[path]
        folder, _, name = path.rpartition("/")
        before, matched = self._at(folder)
        if folder:
            self._folders[folder] = (before, matched)
        places: list[_Node] = []
        ended: list[str] = []
        for node in before:
            if node.is_deep:
                places.append(node)
            for child in _children_accepting(node, name):
                ended.extend(child.patterns)
                places.append(child)
                if child.deep is not None:
                    places.append(child.deep)
        return list(dict.fromkeys(places)), matched.union(ended) if ended else matched


def _children_accepting(node: _Node, name: str) -> Iterator[_Node]:
    if name in node.literals:
        yield node.literals[name]
    if node.globs:
        for extension in (extension_of(name), None):
            for child in node.globs.get(extension, ()):
                if child.edge is not None and child.edge.accepts(name):
                    yield child


def _patterns_from(node: _Node) -> list[str]:
    """The patterns that end at the node or below it."""
    patterns: list[str] = []
    nodes = [node]
    while nodes:
        node = nodes.pop()
        patterns.extend(node.patterns)
        nodes.extend(node.children())
        if node.deep is not None:
            nodes.append(node.deep)
    return patterns


def _pairs_of(these: set[int], those: set[int], *, same: bool) -> Iterator[tuple[int, int]]:
    """Pairs of different owners; each once when the two patterns, and so the owners, are the same."""
    for one in these:
        for two in those:
            if one < two or (one > two and not same):
                yield one, two


def _tameness(compiled: CompiledPattern) -> tuple[bool, int, int]:
    """Sorts patterns from the wildest to the literal ones."""
    segments: Sequence[Glob | None] = compiled.segments
    literals = sum(glob is not None and glob.literal is not None for glob in segments)
    return segments[0] is not None, -sum(glob is None for glob in segments), literals - len(segments)
