"""From the locks that tasks share to verdicts, so that a plan read back excludes the same pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner_core.conflicts import find_conflicts
from planner_core.formats.document import Document, Note
from planner_core.items import Verdict
from planner_core.ownership import places, unordered
from planner_core.plan import Plan

MAX_VERDICTS = 5_000


def with_locks(document: Document, holders: Mapping[str, Sequence[str]], *, ours: bool) -> Document:
    """The document with a verdict on each pair of tasks for which locks and claims do not say the same.

    `holders` has the keys of the tasks that hold each lock, in the order of the plan. Two tasks that share
    one are ruled never together, unless they are in order or kept apart anyhow. In a workflow of `ours`,
    whose locks say everything, two tasks that share none although they collide were ruled to be fine.
    """
    plan = document.plan
    locked = _locked(plan, holders)
    apart = find_conflicts(plan).apart
    agents = [task.agent for task in plan.leaves]
    verdicts: list[Verdict] = []
    left_out = 0
    for i, free in enumerate(unordered(plan)):
        above = -1 << i + 1
        for j in places(locked[i] & free & ~apart[i] & above & (1 << len(locked)) - 1):
            if agents[i] is None or agents[i] != agents[j]:
                verdicts.append(_verdict(plan, i, j, together=False))
        if ours:
            fine = apart[i] & ~locked[i] & free & above & (1 << len(locked)) - 1
            verdicts += [_verdict(plan, i, j, together=True) for j in places(fine)]
        if len(verdicts) > MAX_VERDICTS:
            left_out += len(verdicts) - MAX_VERDICTS
            del verdicts[MAX_VERDICTS:]
    if not left_out:
        return replace(document, plan=replace(plan, verdicts=tuple(verdicts)))
    note = Note(f"{left_out} more pairs that share a lock, or are ruled to be fine, are left out.")
    report = document.report
    assert report is not None
    return replace(
        document,
        plan=replace(plan, verdicts=tuple(verdicts)),
        report=replace(report, lost=(*report.lost, note)),
    )


def _locked(plan: Plan, holders: Mapping[str, Sequence[str]]) -> list[int]:
    """For each scheduled task those that share a lock with it; the parts of one holder share none."""
    locked = [0] * len(plan.leaves)
    for keys in holders.values():
        uids = dict.fromkeys(plan.task_by_key[key].uid for key in keys if key in plan.task_by_key)
        held = [sum(1 << plan.leaf_index[leaf] for leaf in plan.leaves_below(uid)) for uid in uids]
        everyone = 0
        for one in held:
            everyone |= one
        for one in held:
            for place in places(one):
                locked[place] |= everyone & ~one
    return locked


def _verdict(plan: Plan, i: int, j: int, *, together: bool) -> Verdict:
    first, second = sorted((plan.leaves[i].uid, plan.leaves[j].uid))
    return Verdict(first, second, together, "" if together else "They share a lock")
