"""Conflicts: pairs of tasks that no dependency orders, with a reason why they should not run at once.

| two unordered tasks | modifies | creates          | reads                              |
|---------------------|----------|------------------|------------------------------------|
| modifies            | file     | file             | hidden dependency, writer first    |
| creates             |          | creation         | hidden dependency, creator first   |
| reads               |          |                  | none                               |

Besides: two tasks that settle the same design question, a task that must never run beside anything, and
the lead's verdict. Each conflict keeps its tasks from running at once until they are ordered, or until the
lead rules that they may run together. `parallel_safe` silences hidden dependencies and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

from planner_core.items import Claim, Task, Verdict
from planner_core.ownership import Ownership, effective_claims, places
from planner_core.paths import overlap_witness
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode, ConflictKind

MAX_EVIDENCE = 8
MAX_LISTED = 50_000

KIND_ORDER = {kind: position for position, kind in enumerate(ConflictKind)}

# One entry a scheduled task: the bitset of those that it stands in some relation to.
_Relation = list[int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a conflict: two claims on one file, or `note`, for the tasks with these keys.

    Where it is about claims, both are there and the note is empty.
    """

    keys: tuple[str, str]
    first: Claim | None = None
    second: Claim | None = None
    note: str = ""

    @property
    def path(self) -> str | None:
        """A path that both claims match, None where the evidence is not about claims."""
        if self.first is None or self.second is None:
            return None
        return overlap_witness(self.first.pattern, self.second.pattern)

    @property
    def text(self) -> str:
        """The evidence in words, without a full stop."""
        if self.first is None or self.second is None:
            return self.note
        if self.first == self.second:
            return f"{self.keys[0]} and {self.keys[1]} {_VERBS[self.first.mode]} {self.first.pattern}"
        one = f"{self.keys[0]} {self.first.mode.value}"
        other = f"{self.keys[1]} {self.second.mode.value} {self.second.pattern}"
        if self.first.pattern == self.second.pattern:
            return f"{one} and {other}"
        return f"{one} {self.first.pattern} and {other}: both match {self.path}"

    def as_json(self) -> dict[str, Any]:
        """The evidence as JSON values; what it has not is left out."""
        found: dict[str, Any] = {"text": self.text}
        for name, claim in (("first", self.first), ("second", self.second)):
            if claim is not None:
                found[name] = {"mode": claim.mode.value, "pattern": claim.pattern}
        if self.path is not None:
            found["path"] = self.path
        return found


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why two tasks (uids, in the order of the plan) should not run at once.

    `evidence` has at most `MAX_EVIDENCE` pieces, the strongest claims first. `excludes` is False where the
    lead allowed it. `suggestion` is the dependency (predecessor, successor) that would settle it best, if
    one would.
    """

    first: str
    second: str
    kind: ConflictKind
    evidence: tuple[Evidence, ...]
    excludes: bool = True
    suggestion: tuple[str, str] | None = None

    def as_json(self, plan: Plan) -> dict[str, Any]:
        """The conflict as JSON values, its tasks by key."""
        return {
            "tasks": [plan.task_by_uid[uid].key for uid in (self.first, self.second)],
            "kind": self.kind.value,
            "evidence": [evidence.as_json() for evidence in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class Ruled:
    """A conflict that excludes nothing, because the lead ruled that its tasks may run together."""

    conflict: Conflict
    verdict: Verdict


@dataclass(frozen=True)
class Findings:
    """What `find_conflicts` found.

    `conflicts` and `ruled` are sorted by the first task, the second task and the kind, in the orders of the
    plan and of `ConflictKind`. Of very many conflicts `MAX_LISTED` are listed and `unlisted` says how many
    are not. `apart` has for each scheduled task, by place in `leaves`, the bitset of all tasks that it must
    not overlap with.
    """

    plan: Plan
    conflicts: tuple[Conflict, ...]
    ruled: tuple[Ruled, ...]
    unlisted: int
    apart: tuple[int, ...]

    @cached_property
    def exclusion_places(self) -> tuple[tuple[int, int], ...]:
        """All pairs of tasks that must not overlap, by place in `leaves`, ascending."""
        return tuple((i, j) for i, others in enumerate(self.apart) for j in _above(others, i))

    @cached_property
    def exclusion_pairs(self) -> frozenset[tuple[str, str]]:
        """The same pairs by uid, each in the order of the plan."""
        uids = [task.uid for task in self.plan.leaves]
        return frozenset((uids[i], uids[j]) for i, j in self.exclusion_places)


def find_conflicts(plan: Plan) -> Findings:
    """All conflicts between the scheduled tasks of a plan, one for each pair and kind, and what they exclude.

    O((n + p) n / 64) for n tasks and p pairs of overlapping patterns, and the size of the list.
    """
    search = _Search(plan)
    apart = [0] * search.n
    for relation in search.relations.values():
        for place, others in enumerate(relation):
            apart[place] |= others & ~search.together[place]
    found: list[tuple[tuple[int, int, int], Conflict]] = []
    ruled: list[tuple[tuple[int, int, int], Ruled]] = []
    unlisted = 0
    for kind in _LISTING_ORDER:
        relation = search.relations[kind]
        left = MAX_LISTED - len(found) - len(ruled)
        for i, j in islice(_pairs(relation), left):
            conflict = search.conflict(i, j, kind)
            order = (i, j, KIND_ORDER[kind])
            if search.together[i] >> j & 1:
                ruled.append((order, Ruled(replace(conflict, excludes=False), search.verdicts[i, j])))
            else:
                found.append((order, conflict))
        unlisted += max(0, sum(others.bit_count() for others in relation) // 2 - left)
    return Findings(
        plan=plan,
        conflicts=tuple(conflict for _, conflict in sorted(found, key=lambda entry: entry[0])),
        ruled=tuple(each for _, each in sorted(ruled, key=lambda entry: entry[0])),
        unlisted=unlisted,
        apart=tuple(apart),
    )


# What is listed first where not all can be: the tasks that run beside nothing fill any list.
_LISTING_ORDER = sorted(
    ConflictKind, key=lambda kind: (kind is ConflictKind.NEVER_PARALLEL, KIND_ORDER[kind])
)


class _Search:
    """The relations between the scheduled tasks of one plan, as bitsets by place in `leaves`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ownership = Ownership(plan)
        self.n = len(plan.leaves)
        self.unordered = self.ownership.unordered
        self.verdicts = _leaf_verdicts(plan)
        self.together = self._symmetric(pair for pair, verdict in self.verdicts.items() if verdict.together)
        self.claims = [effective_claims(task) for task in plan.leaves]
        found = {
            **self._claimed(),
            ConflictKind.DESIGN: self._deciding(),
            ConflictKind.NEVER_PARALLEL: self._alone(),
            ConflictKind.VERDICT: self._symmetric(
                pair for pair, verdict in self.verdicts.items() if not verdict.together
            ),
        }
        self.relations: Mapping[ConflictKind, _Relation] = {
            kind: [others & free for others, free in zip(relation, self.unordered, strict=True)]
            for kind, relation in found.items()
        }

    def _symmetric(self, pairs: Iterable[tuple[int, int]]) -> _Relation:
        relation = [0] * self.n
        for i, j in pairs:
            relation[i] |= 1 << j
            relation[j] |= 1 << i
        return relation

    def _claimed(self) -> dict[ConflictKind, _Relation]:
        files, creations, hidden = ([0] * self.n for _ in range(3))
        claimants, overlapping = self.ownership.claimants, self.ownership.overlapping
        for pattern, own in claimants.items():
            near = dict.fromkeys(ClaimMode, 0)
            for other in overlapping[pattern]:
                for mode, tasks in claimants[other].items():
                    near[mode] |= tasks
            modifying, creating, reading = (near[mode] for mode in _MODES)
            for i in places(own[ClaimMode.MODIFIES]):
                files[i] |= modifying | creating
                hidden[i] |= reading
            for i in places(own[ClaimMode.CREATES]):
                files[i] |= modifying
                creations[i] |= creating
                hidden[i] |= reading
            for i in places(own[ClaimMode.READS]):
                hidden[i] |= modifying | creating
        safe = sum(1 << i for i, task in enumerate(self.plan.leaves) if task.parallel_safe)
        hidden = [0 if safe >> i & 1 else others & ~safe for i, others in enumerate(hidden)]
        return {
            ConflictKind.FILE: files,
            ConflictKind.CREATION: creations,
            ConflictKind.HIDDEN_DEPENDENCY: hidden,
        }

    def _deciding(self) -> _Relation:
        deciders: dict[str, int] = {}
        for i, task in enumerate(self.plan.leaves):
            for topic in task.decides:
                deciders[_topic(topic)] = deciders.get(_topic(topic), 0) | 1 << i
        relation = [0] * self.n
        for tasks in deciders.values():
            for i in places(tasks):
                relation[i] |= tasks
        return relation

    def _alone(self) -> _Relation:
        alone = sum(1 << i for i, task in enumerate(self.plan.leaves) if task.parallel_safe is False)
        return [free if alone >> i & 1 else alone for i, free in enumerate(self.unordered)]

    def conflict(self, i: int, j: int, kind: ConflictKind) -> Conflict:
        """The conflict of one kind between two tasks that are known to have it."""
        first, second = self.plan.leaves[i], self.plan.leaves[j]
        keys = (first.key, second.key)
        suggestion = None
        if kind in _BY_CLAIMS:
            evidence = tuple(islice(self._evidence(i, j, kind, keys), MAX_EVIDENCE))
            suggestion = _suggestion(first, second, evidence)
        elif kind is ConflictKind.DESIGN:
            asked = {_topic(topic) for topic in second.decides}
            shared = [topic for topic in first.decides if _topic(topic) in asked]
            evidence = tuple(
                Evidence(keys, note=f"{first.key} and {second.key} decide: {topic}")
                for topic in shared[:MAX_EVIDENCE]
            )
        elif kind is ConflictKind.NEVER_PARALLEL:
            alone = [task for task in (first, second) if task.parallel_safe is False]
            evidence = tuple(
                Evidence(keys, note=f"{task.key} is never to run beside another task") for task in alone
            )
        else:
            evidence = (Evidence(keys, note=self.verdicts[i, j].reason or "ruled without a reason"),)
        return Conflict(first.uid, second.uid, kind, evidence, suggestion=suggestion)

    def _evidence(self, i: int, j: int, kind: ConflictKind, keys: tuple[str, str]) -> Iterator[Evidence]:
        overlapping = self.ownership.overlapping
        for first in self.claims[i]:
            near = overlapping[first.pattern]
            for second in self.claims[j]:
                if second.pattern in near and _KIND_OF.get((first.mode, second.mode)) is kind:
                    yield Evidence(keys, first, second)


_MODES = _MODIFIES, _CREATES, _READS = ClaimMode.MODIFIES, ClaimMode.CREATES, ClaimMode.READS
_VERBS = {_MODIFIES: "modify", _CREATES: "create", _READS: "read"}
_KIND_OF = {
    (_MODIFIES, _MODIFIES): ConflictKind.FILE,
    (_MODIFIES, _CREATES): ConflictKind.FILE,
    (_MODIFIES, _READS): ConflictKind.HIDDEN_DEPENDENCY,
    (_CREATES, _MODIFIES): ConflictKind.FILE,
    (_CREATES, _CREATES): ConflictKind.CREATION,
    (_CREATES, _READS): ConflictKind.HIDDEN_DEPENDENCY,
    (_READS, _MODIFIES): ConflictKind.HIDDEN_DEPENDENCY,
    (_READS, _CREATES): ConflictKind.HIDDEN_DEPENDENCY,
}
_BY_CLAIMS = frozenset(_KIND_OF.values())


def _suggestion(first: Task, second: Task, evidence: Iterable[Evidence]) -> tuple[str, str] | None:
    """Who should come first: creator before modifier, writer before reader, if all evidence agrees."""
    ranks = {_CREATES: 0, _MODIFIES: 1, _READS: 2}
    ways = set()
    for each in evidence:
        if each.first and each.second and each.first.mode is not each.second.mode:
            ways.add(ranks[each.first.mode] < ranks[each.second.mode])
    if len(ways) != 1:
        return None
    return (first.uid, second.uid) if ways.pop() else (second.uid, first.uid)


def _topic(text: str) -> str:
    """A design question as it is compared: without capitals and with single spaces."""
    return " ".join(text.casefold().split())


def _above(bitset: int, place: int) -> Iterator[int]:
    for offset in places(bitset >> place + 1):
        yield place + 1 + offset


def _pairs(relation: _Relation) -> Iterator[tuple[int, int]]:
    for i, others in enumerate(relation):
        for j in _above(others, i):
            yield i, j


def _leaf_verdicts(plan: Plan) -> dict[tuple[int, int], Verdict]:
    """The verdict that holds for each pair of scheduled tasks, by ascending place in `leaves`.

    A verdict on a summary task holds for all below it, unless there is one on a pair nearer to the leaves; of
    two equally near ones the one that keeps the tasks apart holds.
    """
    nearest: dict[tuple[int, int], tuple[int, bool]] = {}
    found: dict[tuple[int, int], Verdict] = {}
    for verdict in plan.verdicts:
        sides = [_below(plan, uid) for uid in (verdict.first, verdict.second)]
        for i, depth in sides[0]:
            for j, other_depth in sides[1]:
                if i == j:
                    continue
                pair = (i, j) if i < j else (j, i)
                near = (depth + other_depth, verdict.together)
                if pair not in nearest or near < nearest[pair]:
                    nearest[pair] = near
                    found[pair] = verdict
    return found


def _below(plan: Plan, uid: str) -> list[tuple[int, int]]:
    """The scheduled tasks that a task stands for, each with how far below it lies."""
    found: list[tuple[int, int]] = []
    waiting = [(uid, 0)]
    while waiting:
        uid, depth = waiting.pop()
        if uid in plan.children:
            waiting.extend((child.uid, depth + 1) for child in plan.children[uid])
        else:
            found.append((plan.leaf_index[uid], depth))
    return found
