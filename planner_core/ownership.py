"""Ownership: the claims seen from the files. Who touches this file? What is contested, what unowned?

Only tasks that are scheduled count: the claims of a summary task bind nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from planner_core.graph import reachability
from planner_core.items import MODE_ORDER, Claim, Task
from planner_core.path_index import PatternIndex, overlapping_pairs
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode

WRITING = frozenset({ClaimMode.MODIFIES, ClaimMode.CREATES})


@dataclass(frozen=True, slots=True)
class Owner:
    """A task with the claim by which it touches a file."""

    task: Task
    claim: Claim


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of some files are written by a task, only read, touched by nobody, and contested.

    `total` is `owned` + `only_read` + `unowned`; the contested files are among the owned ones.
    """

    total: int
    owned: int
    only_read: int
    unowned: int
    contested: int


@dataclass(frozen=True, slots=True)
class FileNode:
    """A file of the project with who touches it, in the order of `Ownership.owners_of`."""

    name: str
    path: str
    owners: tuple[Owner, ...]
    contested: bool


@dataclass(frozen=True, slots=True)
class FolderNode:
    """A folder with what is directly in it, by name, and the coverage of all that lies below.

    The top folder has an empty name and path.
    """

    name: str
    path: str
    folders: tuple[FolderNode, ...]
    files: tuple[FileNode, ...]
    coverage: Coverage


class Ownership:
    """The claims of a plan, to be looked up by file, by pattern and by task."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def unordered(self) -> tuple[int, ...]:
        """For each scheduled task, by its place in `leaves`, the bitset of those that it may run beside."""
        return unordered(self.plan)

    @cached_property
    def claimants(self) -> Mapping[str, Mapping[ClaimMode, int]]:
        """For each pattern, in ascending order, and mode the bitset of the scheduled tasks that claim it.

        Reading is left out for a task that also writes the same pattern: it says nothing more.
        """
        found: dict[str, dict[ClaimMode, int]] = {}
        for place, task in enumerate(self.plan.leaves):
            for claim in effective_claims(task):
                modes = found.setdefault(claim.pattern, dict.fromkeys(ClaimMode, 0))
                modes[claim.mode] |= 1 << place
        return dict(sorted(found.items()))

    @cached_property
    def overlapping(self) -> Mapping[str, frozenset[str]]:
        """For each pattern those that it can share a path with, itself among them."""
        patterns = list(self.claimants)
        found = {pattern: {pattern} for pattern in patterns}
        for overlap in overlapping_pairs(enumerate(patterns)):
            found[overlap.first_pattern].add(overlap.second_pattern)
            found[overlap.second_pattern].add(overlap.first_pattern)
        return {pattern: frozenset(others) for pattern, others in found.items()}

    @cached_property
    def contested(self) -> tuple[str, ...]:
        """The patterns, ascending, in which two tasks that may run at once can write the same file.

        This is what the claims say; what the lead ruled on a pair does not change it.
        """
        writers = {
            pattern: modes[ClaimMode.MODIFIES] | modes[ClaimMode.CREATES]
            for pattern, modes in self.claimants.items()
        }
        found = []
        for pattern, own in writers.items():
            others = 0
            for other in self.overlapping[pattern]:
                others |= writers[other]
            if any(self.unordered[place] & others for place in places(own)):
                found.append(pattern)
        return tuple(found)

    def owners_of(self, path: str) -> tuple[Owner, ...]:
        """Who touches a file: tasks in order, the claims of each strongest mode first, then by pattern.

        The path is one that `paths.check_path` accepts.
        """
        leaves = self.plan.leaves
        found = [
            (place, MODE_ORDER[claim.mode], claim.pattern, claim)
            for place, pattern in self._index.owners_of(path)
            for claim in leaves[place].claims
            if claim.pattern == pattern
        ]
        return tuple(Owner(leaves[place], claim) for place, _, _, claim in sorted(found, key=lambda f: f[:3]))

    @cached_property
    def _index(self) -> PatternIndex:
        return PatternIndex(
            (place, claim.pattern) for place, task in enumerate(self.plan.leaves) for claim in task.claims
        )

    def is_contested(self, owners: Sequence[Owner]) -> bool:
        """Whether two of these owners of a file write it and may run at once."""
        writers = 0
        for owner in owners:
            if owner.claim.mode in WRITING:
                writers |= 1 << self.plan.leaf_index[owner.task.uid]
        return any(self.unordered[place] & writers for place in places(writers))

    def unowned(self, files: Iterable[str]) -> tuple[str, ...]:
        """Those of the files that no task touches, not even to read, in ascending order."""
        return tuple(sorted(path for path in set(files) if not self._index.owners_of(path)))

    def coverage(self, files: Iterable[str]) -> Coverage:
        """How many of the files are owned, only read, unowned and contested."""
        return _coverage([self._file(path) for path in sorted(set(files))], ())

    def file_tree(self, files: Iterable[str]) -> FolderNode:
        """The files as a tree with their owners and, at each folder, the coverage. O(n log n)."""
        root = _Folder()
        for path in sorted(set(files)):
            folder = root
            *folders, _ = path.split("/")
            for name in folders:
                folder = folder.folders.setdefault(name, _Folder())
            folder.files.append(self._file(path))
        return _frozen("", "", root)

    def _file(self, path: str) -> FileNode:
        owners = self.owners_of(path)
        return FileNode(path.rpartition("/")[2], path, owners, self.is_contested(owners))


def effective_claims(task: Task) -> tuple[Claim, ...]:
    """A task's claims, in their order, without reading what it also writes under the same pattern."""
    written = {claim.pattern for claim in task.claims if claim.mode in WRITING}
    return tuple(claim for claim in task.claims if claim.mode in WRITING or claim.pattern not in written)


def unordered(plan: Plan) -> tuple[int, ...]:
    """For each scheduled task the bitset of those that no dependency orders with it, by place in `leaves`."""
    descendants = reachability(plan.leaf_graph)
    ordered = [reached | 1 << place for place, reached in enumerate(descendants)]
    for place, reached in enumerate(descendants):
        for other in places(reached):
            ordered[other] |= 1 << place
    everyone = (1 << len(ordered)) - 1
    return tuple(everyone & ~those for those in ordered)


def places(bitset: int) -> Iterator[int]:
    """The positions of the bits that are set, ascending. O(bits + set bits)."""
    # Bytes first: taking the lowest bit off a long int again and again would copy all of it each time.
    for byte, bits in enumerate(bitset.to_bytes((bitset.bit_length() + 7) // 8, "little")):
        while bits:
            lowest = bits & -bits
            yield byte * 8 + lowest.bit_length() - 1
            bits ^= lowest


class _Folder:
    """A folder while its tree is being built."""

    def __init__(self) -> None:
        self.folders: dict[str, _Folder] = {}
        self.files: list[FileNode] = []


def _frozen(name: str, path: str, folder: _Folder) -> FolderNode:
    inside = f"{path}/" if path else ""
    folders = tuple(
        _frozen(inner, inside + inner, content) for inner, content in sorted(folder.folders.items())
    )
    return FolderNode(name, path, folders, tuple(folder.files), _coverage(folder.files, folders))


def _coverage(files: Sequence[FileNode], folders: Sequence[FolderNode]) -> Coverage:
    owned = sum(any(owner.claim.mode in WRITING for owner in file.owners) for file in files)
    touched = sum(bool(file.owners) for file in files)
    parts = [
        Coverage(
            len(files), owned, touched - owned, len(files) - touched, sum(file.contested for file in files)
        ),
        *(folder.coverage for folder in folders),
    ]
    return Coverage(
        total=sum(part.total for part in parts),
        owned=sum(part.owned for part in parts),
        only_read=sum(part.only_read for part in parts),
        unowned=sum(part.unowned for part in parts),
        contested=sum(part.contested for part in parts),
    )
