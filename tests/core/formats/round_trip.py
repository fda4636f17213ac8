"""The law of every format that is written and read: what is missing afterwards is what the writer named."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, fields
from itertools import count
from typing import Any

from planner_core.formats import Document, Source, Written, format_named
from planner_core.items import Handoff, Task, TaskProgress
from planner_core.plan import DEFAULT_AGENTS, DEFAULT_ESTIMATE
from planner_core.vocabulary import Status

ASPECTS_OF_TASKS = (
    "title", "description", "acceptance", "estimate", "priority", "layer", "bounded_context", "skills",
    "parallel_safe", "decides",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a document says: about a task, by key, or about the plan where `task` is None."""

    task: str | None
    aspect: str
    value: Any = None


@dataclass(frozen=True)
class Trip:
    """What became of a document that was written and read again; facts are named by keys, not by uids."""

    written: Written
    back: Document
    missing: frozenset[Fact]
    invented: frozenset[Fact]


def facts(document: Document) -> frozenset[Fact]:
    """All that a document says beyond defaults: uids and ranks say nothing but the order."""
    return frozenset(_facts(document))


def round_trip(format_name: str, document: Document, file_name: str | None = None) -> Trip:
    """Writes a document in a format, reads that again, and compares."""
    chosen = format_named(format_name)
    assert chosen.write is not None
    assert chosen.read is not None
    written = chosen.write(document)
    numbers = count()
    source = Source.of(file_name or f"plan{chosen.extensions[0]}", written.text)
    (back,) = chosen.read(source, new_uid=lambda: f"r{next(numbers)}")
    before, after = facts(document), facts(back)
    return Trip(written, back, before - after, after - before)


def assert_named_exactly(trip: Trip, *, may_invent: Set[str] = frozenset()) -> None:
    """What is missing is about just those tasks (or the plan) that the notes of the writer name.

    Nothing is there that was not said, but for another value of what is missing and for the aspects in
    `may_invent`.
    """
    named = {note.task for note in trip.written.lost}
    concerned = {fact.task for fact in trip.missing}
    assert concerned == named, (trip.missing, trip.written.lost)
    changed = {(fact.task, fact.aspect) for fact in trip.missing}
    invented = [
        fact
        for fact in trip.invented
        if fact.aspect not in may_invent and (fact.task, fact.aspect) not in changed
    ]
    assert not invented


def _facts(document: Document) -> Iterator[Fact]:
    plan = document.plan
    yield Fact(None, "plan_title", plan.title)
    said: list[tuple[str, Any]] = [
        ("plan_description", plan.description),
        ("keep_phases", plan.keep_phases or None),
        ("threshold", plan.threshold),
        ("weights", plan.weights),
        ("order_of_tasks", tuple(task.key for task in plan.tasks)),
        ("order_of_phases", tuple(phase.name for phase in plan.phases)),
        ("order_of_tracks", tuple(track.name for track in plan.tracks)),
        ("order_of_agents", tuple(agent.name for agent in plan.agents)),
    ]
    if plan.default_estimate != DEFAULT_ESTIMATE:
        said.append(("default_estimate", plan.default_estimate))
    if plan.agent_count != DEFAULT_AGENTS and not plan.agents:
        said.append(("agent_count", plan.agent_count))
    said += [("skills_of_agent", (agent.name, agent.skills)) for agent in plan.agents if agent.skills]
    said += [("handoff", _handoff(document, handoff)) for handoff in plan.handoffs]
    for verdict in plan.verdicts:
        keys = tuple(sorted(plan.task_by_uid[uid].key for uid in (verdict.first, verdict.second)))
        said.append(("verdict", (keys, verdict.together, verdict.reason)))
    if plan.weights == ():
        yield Fact(None, "weights", ())
    yield from (Fact(None, aspect, value) for aspect, value in said if _says_something(value))
    names = {item.uid: item.name for items in (plan.phases, plan.tracks, plan.agents) for item in items}
    for task in plan.tasks:
        progress = document.progress.get(task.uid, TaskProgress())
        for aspect, value in _of_task(task, progress, names):
            if _says_something(value):
                yield Fact(task.key, aspect, value)
        if task.parent is not None:
            yield Fact(task.key, "parent", plan.task_by_uid[task.parent].key)
        for predecessor in plan.predecessors_of(task.uid):
            yield Fact(task.key, "depends_on", predecessor.key)


def _says_something(value: Any) -> bool:
    """Zero and no do; nothing, an empty text and an empty list do not."""
    return value is not None and value not in ("", ())


def _of_task(task: Task, progress: TaskProgress, names: dict[str, str]) -> Iterator[tuple[str, Any]]:
    yield "exists", True
    for aspect in ASPECTS_OF_TASKS:
        yield aspect, getattr(task, aspect)
    for aspect, uid in (("phase", task.phase), ("track", task.track), ("agent", task.agent)):
        yield aspect, names[uid] if uid else None
    for claim in task.claims:
        yield "claim", (claim.mode, claim.pattern)
    yield "status", progress.status if progress.status is not Status.PENDING else None
    yield "started", progress.started
    yield "finished", progress.finished


def _handoff(document: Document, handoff: Handoff) -> tuple[Any, ...]:
    tasks = document.plan.task_by_uid
    ends = [tuple(sorted(tasks[uid].key for uid in uids)) for uids in (handoff.sources, handoff.receivers)]
    rest = [getattr(handoff, each.name) for each in fields(handoff)[3:]]
    return (*ends, *rest)
