"""Gestures between two tasks: dependencies and verdicts."""

from __future__ import annotations

from planner_core.edits import DependencyEdit, Edit, VerdictEdit
from planner_core.errors import PlannerError
from planner_core.gestures.order import known_task
from planner_core.graph import closing_path
from planner_core.items import Dependency, Verdict
from planner_core.plan import Plan


def connecting(plan: Plan, predecessor: str, successor: str) -> list[Edit]:
    """The successor waits for the predecessor (both uids).

    Refused where it does so already, where both are one task or a summary task and its own part, and where it
    would close a circle: then the message spells the circle out key by key.
    """
    first, second = known_task(plan, predecessor), known_task(plan, successor)
    if predecessor == successor:
        raise PlannerError(f"{first.key} cannot wait for itself.")
    if Dependency(predecessor, successor) in plan.dependencies:
        raise PlannerError(f"{second.key} waits for {first.key} already.")
    for outer, inner in ((first, second), (second, first)):
        if outer.uid in _ancestors(plan, inner.uid):
            raise PlannerError(
                f"{inner.key} is a part of the summary task {outer.key}: they cannot wait for each other."
            )
    if circle := _circle(plan, predecessor, successor):
        raise PlannerError(
            f"{second.key} cannot wait for {first.key}, because that would close a circle: "
            f"{' → '.join(circle)}."
        )
    return [DependencyEdit(predecessor, successor, before=False, after=True)]


def disconnecting(plan: Plan, predecessor: str, successor: str) -> list[Edit]:
    """The successor no longer waits for the predecessor (both uids)."""
    known_task(plan, predecessor)
    known_task(plan, successor)
    return [DependencyEdit(predecessor, successor, before=True, after=False)]


def ruling(plan: Plan, a: str, b: str, together: bool | None, reason: str = "") -> list[Edit]:
    """The lead's word on a pair of tasks, in any order: together, never together, or None to withdraw it."""
    first, second = sorted((known_task(plan, a), known_task(plan, b)), key=lambda task: task.uid)
    if a == b:
        raise PlannerError(f"A verdict is about two tasks, not about {first.key} and itself.")
    pair = (first.uid, second.uid)
    current = next((verdict for verdict in plan.verdicts if (verdict.first, verdict.second) == pair), None)
    wanted = None if together is None else Verdict(*pair, together, reason)
    if current is None and wanted is None:
        raise PlannerError(f"There is no verdict on {first.key} and {second.key} to withdraw.")
    return [] if current == wanted else [VerdictEdit(*pair, current, wanted)]


def _ancestors(plan: Plan, uid: str) -> list[str]:
    """The summary tasks around a task, the nearest first."""
    found = []
    parent = plan.task_by_uid[uid].parent
    while parent is not None:
        found.append(parent)
        parent = plan.task_by_uid[parent].parent
    return found


def _circle(plan: Plan, predecessor: str, successor: str) -> list[str] | None:
    """The names along the shortest circle that a new dependency would close, predecessor first and last."""
    graph, index = plan.leaf_graph, plan.leaf_index
    paths = [
        path
        for start in plan.leaves_below(successor)
        for end in plan.leaves_below(predecessor)
        if (path := closing_path(graph, index[start], index[end]))
    ]
    if not paths:
        return None
    leaves = [plan.leaves[node].uid for node in min(paths, key=lambda path: (len(path), path))]
    # Leaf by leaf, with the summary tasks through which one leaf waits for another.
    through: list[set[str]] = [set() for _ in leaves]
    through[-1].add(predecessor)
    through[0].add(successor)
    for place in range(len(leaves) - 1):
        ends = _declared(plan, leaves[place], leaves[place + 1])
        through[place].add(ends.predecessor)
        through[place + 1].add(ends.successor)
    names = []
    for leaf, uids in zip(leaves, through, strict=True):
        key = plan.task_by_uid[leaf].key
        outer = [plan.task_by_uid[uid].key for uid in _ancestors(plan, leaf) if uid in uids]
        names.append(f"{key} (in {', '.join(outer)})" if outer else key)
    return [names[-1], *names]


def _declared(plan: Plan, predecessor: str, successor: str) -> Dependency:
    """The dependency because of which one leaf waits for another: the one nearest to the leaves."""
    declared = set(plan.dependencies)
    return next(
        link
        for before in (predecessor, *_ancestors(plan, predecessor))
        for after in (successor, *_ancestors(plan, successor))
        if (link := Dependency(before, after)) in declared
    )
