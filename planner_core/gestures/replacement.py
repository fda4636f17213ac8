"""One plan in place of another: their difference as edits, and the matching of items for an import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from planner_core.edits import (
    PLAN_FIELDS,
    TASK_FIELDS,
    AgentEdit,
    DependencyEdit,
    Edit,
    HandoffEdit,
    PhaseEdit,
    PlanFieldEdit,
    TaskEdit,
    TaskFieldEdit,
    TrackEdit,
    VerdictEdit,
)
from planner_core.gestures.order import spread
from planner_core.gestures.tasks import setting_claims
from planner_core.items import Agent, Dependency, Handoff, Phase, Task, Track, Verdict
from planner_core.plan import Plan

Row = TypeVar("Row", Task, Phase, Track, Agent)

_UID_STEM = 34  # a uid has at most 40 characters; room for a number at its end


def replacing_plan(before: Plan, after: Plan) -> list[Edit]:
    """The difference of two plans as edits: applied to `before` they give `after`. Items match by uid."""
    edits: list[Edit] = [
        PlanFieldEdit(name, getattr(before, name), getattr(after, name))
        for name in PLAN_FIELDS
        if getattr(before, name) != getattr(after, name)
    ]
    for name, maker in (("phases", PhaseEdit), ("tracks", TrackEdit), ("agents", AgentEdit)):
        edits += _item_edits(getattr(before, name), getattr(after, name), maker)
    edits += _task_edits(before, after)
    old, new = set(before.dependencies), set(after.dependencies)
    for link in before.dependencies:
        if link not in new:
            edits.append(DependencyEdit(link.predecessor, link.successor, before=True, after=False))
    for link in after.dependencies:
        if link not in old:
            edits.append(DependencyEdit(link.predecessor, link.successor, before=False, after=True))
    said = {(verdict.first, verdict.second): verdict for verdict in before.verdicts}
    says = {(verdict.first, verdict.second): verdict for verdict in after.verdicts}
    for pair in sorted({*said, *says}):
        if said.get(pair) != says.get(pair):
            edits.append(VerdictEdit(*pair, said.get(pair), says.get(pair)))
    edits += _item_edits(before.handoffs, after.handoffs, HandoffEdit)
    return edits


def _item_edits(before: Sequence[Any], after: Sequence[Any], maker: Callable[..., Edit]) -> list[Edit]:
    old, new = ({item.uid: item for item in items} for items in (before, after))
    return [maker(uid, old.get(uid), new.get(uid)) for uid in {**old, **new} if old.get(uid) != new.get(uid)]


def _task_edits(before: Plan, after: Plan) -> list[Edit]:
    edits: list[Edit] = []
    for uid in {**before.task_by_uid, **after.task_by_uid}:
        old, new = before.task_by_uid.get(uid), after.task_by_uid.get(uid)
        if old == new:
            continue
        if old is None or new is None:
            edits.append(TaskEdit(uid, old, new))
        else:
            edits += [
                TaskFieldEdit(uid, name, getattr(old, name), getattr(new, name))
                for name in TASK_FIELDS
                if getattr(old, name) != getattr(new, name)
            ]
            edits += setting_claims(before, uid, new.claims)
    return edits


def matched_by_key(before: Plan, after: Plan) -> Plan:
    """`after` with the uids of `before` where keys of tasks and names of phases, tracks and agents match."""
    return matched_by(before, after, lambda task: task.key)


def matched_by_title(before: Plan, after: Plan) -> Plan:
    """The same with tasks matched by title; of several with one title, and of those without, by key."""
    counts = [Counter(task.title for task in plan.tasks) for plan in (before, after)]
    doubled = {"", *(title for count in counts for title, number in count.items() if number > 1)}
    # No key starts with a space: a title never matches a key.
    return matched_by(before, after, lambda task: task.key if task.title in doubled else f" {task.title}")


def matched_by(before: Plan, after: Plan, name_of: Callable[[Task], str]) -> Plan:
    """`after` with the uids of `before` where tasks have the same name, and phases, tracks and agents too.

    Handoffs match by content, else by the tasks they join. An item that matches nothing keeps its uid, unless
    `before` has it for something else: then it gets a number at its end. Where the matched items come in the
    same order in both plans they keep their ranks, so that a plan exported and imported again is equal.
    """
    tasks = _matching(before.tasks, after.tasks, name_of)
    phases = _matching(before.phases, after.phases, lambda phase: phase.name)
    tracks = _matching(before.tracks, after.tracks, lambda track: track.name)
    agents = _matching(before.agents, after.agents, lambda agent: agent.name)
    moved = [
        replace(
            task,
            uid=tasks[task.uid],
            phase=_renamed(phases, task.phase),
            track=_renamed(tracks, task.track),
            agent=_renamed(agents, task.agent),
            parent=_renamed(tasks, task.parent),
        )
        for task in after.tasks
    ]
    return replace(
        after,
        tasks=_with_old_ranks(before.tasks, moved),
        phases=_with_old_ranks(before.phases, [replace(p, uid=phases[p.uid]) for p in after.phases]),
        tracks=_with_old_ranks(before.tracks, [replace(t, uid=tracks[t.uid]) for t in after.tracks]),
        agents=_with_old_ranks(before.agents, [replace(a, uid=agents[a.uid]) for a in after.agents]),
        dependencies=tuple(
            Dependency(tasks[link.predecessor], tasks[link.successor]) for link in after.dependencies
        ),
        verdicts=tuple(_rejoined(verdict, tasks) for verdict in after.verdicts),
        handoffs=_matched_handoffs(before, after, tasks),
    )


def _renamed(uids: Mapping[str, str], uid: str | None) -> str | None:
    return None if uid is None else uids[uid]


def _rejoined(verdict: Verdict, tasks: Mapping[str, str]) -> Verdict:
    first, second = sorted((tasks[verdict.first], tasks[verdict.second]))
    return replace(verdict, first=first, second=second)


def _matching(before: Iterable[Row], after: Iterable[Row], name: Callable[[Row], str]) -> dict[str, str]:
    """For each uid of `after` the uid it gets."""
    known = {name(item): item.uid for item in before}
    taken = set(known.values())
    uids: dict[str, str] = {}
    for item in after:
        uids[item.uid] = known.get(name(item)) or _unused(item.uid, taken)
        taken.add(uids[item.uid])
    return uids


def _unused(uid: str, taken: Collection[str]) -> str:
    candidate, number = uid, 2
    while candidate in taken:
        candidate = f"{uid[:_UID_STEM]}_{number}"
        number += 1
    return candidate


def _with_old_ranks(before: Sequence[Row], after: Sequence[Row]) -> tuple[Row, ...]:
    """The items of `after`, in order, with the ranks of `before` where those keep that order."""
    old = {item.uid: item.rank for item in before}
    kept = [(old[item.uid], item.uid) for item in after if item.uid in old]
    if kept != sorted(kept):
        return tuple(after)
    ranks: list[str] = []
    low: str | None = None
    waiting: int = 0
    for item in after:
        high: str | None = old.get(item.uid)
        if high is None:
            waiting += 1
            continue
        if waiting and low == high:
            return tuple(after)
        ranks += [*spread(low, high, waiting), high]
        low = high
        waiting = 0
    ranks += spread(low, None, waiting)
    return tuple(replace(item, rank=rank) for item, rank in zip(after, ranks, strict=True))


def _matched_handoffs(before: Plan, after: Plan, tasks: Mapping[str, str]) -> tuple[Handoff, ...]:
    moved = [
        replace(
            handoff,
            sources=tuple(tasks[uid] for uid in handoff.sources),
            receivers=tuple(tasks[uid] for uid in handoff.receivers),
        )
        for handoff in after.handoffs
    ]
    left = list(before.handoffs)
    found: dict[str, str] = {}

    def match(same: Callable[[Handoff, Handoff], bool]) -> None:
        for handoff in moved:
            twin = next((old for old in left if handoff.uid not in found and same(old, handoff)), None)
            if twin is not None:
                left.remove(twin)
                found[handoff.uid] = twin.uid

    match(lambda old, new: replace(old, uid="") == replace(new, uid=""))
    match(lambda old, new: (old.sources, old.receivers) == (new.sources, new.receivers))
    taken = {handoff.uid for handoff in before.handoffs}
    for handoff in moved:
        if handoff.uid not in found:
            found[handoff.uid] = _unused(handoff.uid, taken)
            taken.add(found[handoff.uid])
    return tuple(replace(handoff, uid=found[handoff.uid]) for handoff in moved)
