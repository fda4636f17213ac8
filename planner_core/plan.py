"""The plan: items and how they hang together. Frozen, and validated once, when it is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from planner_core.errors import InvalidPlan, Problem
from planner_core.graph import Graph, closing_path, find_cycle
from planner_core.item_checks import check_items
from planner_core.items import (
    Agent,
    Dependency,
    Handoff,
    Phase,
    Task,
    Track,
    Verdict,
)

DEFAULT_ESTIMATE = 30
DEFAULT_AGENTS = 3
MAX_TASKS = 10_000
MAX_DEPENDENCIES = 60_000
MAX_AGENTS = 999
MAX_NESTING = 30
MAX_ORDERED_PAIRS = 500_000


@dataclass(frozen=True)
class Plan:
    """A whole plan. Building one validates it.

    `tasks`, `phases`, `tracks` and `agents` are sorted by rank, then uid; `dependencies`, `verdicts` and
    `handoffs` by uid. `agent_count` is how many agents there are where none is named. `threshold` and
    `weights` (pairs of factor and weight, sorted) are None where the project's own hold.

    Raises InvalidPlan with every problem found.
    """

    title: str = "Untitled plan"
    description: str = ""
    tasks: tuple[Task, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    phases: tuple[Phase, ...] = ()
    tracks: tuple[Track, ...] = ()
    agents: tuple[Agent, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    agent_count: int = DEFAULT_AGENTS
    keep_phases: bool = False
    default_estimate: int = DEFAULT_ESTIMATE
    threshold: float | None = None
    weights: tuple[tuple[str, float], ...] | None = None

    def __post_init__(self) -> None:
        for name in ("tasks", "phases", "tracks", "agents"):
            _set(self, name, tuple(sorted(getattr(self, name), key=lambda item: (item.rank, item.uid))))
        _set(self, "dependencies", tuple(sorted(self.dependencies, key=_ends)))
        _set(self, "verdicts", tuple(sorted(self.verdicts, key=lambda v: (v.first, v.second))))
        _set(self, "handoffs", tuple(sorted(self.handoffs, key=lambda handoff: handoff.uid)))
        if self.weights is not None:
            _set(self, "weights", tuple(sorted(self.weights)))
        if problems := tuple(_problems(self)):
            raise InvalidPlan(problems)

    @property
    def agent_total(self) -> int:
        """How many agents work on the plan: the named ones, else `agent_count`."""
        return len(self.agents) or self.agent_count

    @cached_property
    def task_by_uid(self) -> Mapping[str, Task]:
        """The tasks by uid, in the order of `tasks`."""
        return {task.uid: task for task in self.tasks}

    @cached_property
    def task_by_key(self) -> Mapping[str, Task]:
        """The tasks by key, in the order of `tasks`."""
        return {task.key: task for task in self.tasks}

    @cached_property
    def children(self) -> Mapping[str, tuple[Task, ...]]:
        """For each summary task's uid its children, in order. Tasks without children are not in it."""
        found: dict[str, list[Task]] = {}
        for task in self.tasks:
            if task.parent is not None:
                found.setdefault(task.parent, []).append(task)
        return {uid: tuple(tasks) for uid, tasks in found.items()}

    @cached_property
    def leaves(self) -> tuple[Task, ...]:
        """The tasks that are scheduled, in order: all but the summary tasks."""
        return tuple(task for task in self.tasks if task.uid not in self.children)

    @cached_property
    def leaf_index(self) -> Mapping[str, int]:
        """The position in `leaves` of each task that is scheduled, by uid."""
        return {task.uid: index for index, task in enumerate(self.leaves)}

    def leaves_below(self, uid: str) -> tuple[str, ...]:
        """The uids of the scheduled tasks that a task stands for: itself, or all below a summary task."""
        found: list[str] = []
        waiting = [uid]
        while waiting:
            uid = waiting.pop()
            if uid in self.children:
                waiting.extend(child.uid for child in reversed(self.children[uid]))
            else:
                found.append(uid)
        return tuple(found)

    @cached_property
    def leaf_graph(self) -> Graph:
        """The order of `leaves`, by position, with what summary tasks hand down to their children.

        A dependency on a summary task is drawn from its last children (or to its first ones): those that no
        other child below it waits for (that wait for none). The others are ordered through them.
        """
        return Graph.from_edges(len(self.leaves), _leaf_edges(self))

    def comes_before(self, first: str, second: str) -> bool:
        """Whether every part of one task must be finished before any part of another one starts."""
        index = self.leaf_index
        return all(
            closing_path(self.leaf_graph, index[start], index[end]) is not None
            for start in self.leaves_below(first)
            for end in self.leaves_below(second)
        )

    def predecessors_of(self, uid: str) -> tuple[Task, ...]:
        """The tasks that a task is declared to wait for, in the order of `tasks`."""
        return tuple(self.task_by_uid[p] for p in self._neighbours[0].get(uid, ()))

    def successors_of(self, uid: str) -> tuple[Task, ...]:
        """The tasks declared to wait for a task, in the order of `tasks`."""
        return tuple(self.task_by_uid[s] for s in self._neighbours[1].get(uid, ()))

    @cached_property
    def _neighbours(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        order = {task.uid: position for position, task in enumerate(self.tasks)}
        before: dict[str, list[str]] = {}
        after: dict[str, list[str]] = {}
        for link in self.dependencies:
            before.setdefault(link.successor, []).append(link.predecessor)
            after.setdefault(link.predecessor, []).append(link.successor)
        for side in (before, after):
            for uids in side.values():
                uids.sort(key=order.__getitem__)
        return before, after

    def duration_of(self, task: Task) -> int:
        """A task's minutes: its estimate, else the plan's default."""
        return self.default_estimate if task.estimate is None else task.estimate

    @property
    def assumed(self) -> tuple[Task, ...]:
        """The scheduled tasks without an estimate, in order: their duration is the plan's default."""
        return tuple(task for task in self.leaves if task.estimate is None)


def _set(plan: Plan, name: str, value: object) -> None:
    object.__setattr__(plan, name, value)


def _ends(link: Dependency) -> tuple[str, str]:
    return (link.predecessor, link.successor)


def _leaf_edges(plan: Plan) -> list[tuple[int, int]]:
    index = plan.leaf_index
    edges = [
        (index[link.predecessor], index[link.successor])
        for link in plan.dependencies
        if link.predecessor in index and link.successor in index
    ]
    if len(edges) == len(plan.dependencies):
        return edges
    direct = tuple(edges)
    below: dict[str, tuple[list[int], list[int]]] = {}

    def first_and_last(uid: str) -> tuple[list[int], list[int]]:
        if uid not in below:
            inside = {index[leaf] for leaf in plan.leaves_below(uid)}
            waiting = {s for p, s in direct if p in inside and s in inside}
            awaited = {p for p, s in direct if p in inside and s in inside}
            below[uid] = (sorted(inside - waiting), sorted(inside - awaited))
        return below[uid]

    for link in plan.dependencies:
        if link.predecessor not in index or link.successor not in index:
            _, last = first_and_last(link.predecessor)
            first, _ = first_and_last(link.successor)
            edges.extend((p, s) for p in last for s in first)
    return edges


def _problems(plan: Plan) -> Iterator[Problem]:
    """Everything wrong with a plan; what hangs on broken references is looked at only when they hold."""
    found = [*check_items(plan), *_limits(plan), *_references(plan)]
    yield from found
    if found:
        return
    found = [*_parent_cycles(plan)]
    if not found:
        found = [*_nesting(plan), *_family_dependencies(plan)]
    yield from found
    if found:
        return
    if cycle := find_cycle(plan.leaf_graph):
        keys = [plan.leaves[node].key for node in cycle]
        spelled = " → ".join([*keys, keys[0]])
        yield Problem(
            f"The dependencies run in a circle: {spelled}. Remove one of them.",
            task=keys[0],
            field="depends_on",
        )


def _limits(plan: Plan) -> Iterator[Problem]:
    if len(plan.tasks) > MAX_TASKS:
        yield Problem(f"A plan holds at most {MAX_TASKS} tasks; this one has {len(plan.tasks)}. Split it.")
    if len(plan.dependencies) > MAX_DEPENDENCIES:
        yield Problem(f"A plan holds at most {MAX_DEPENDENCIES} dependencies. Split it.")
    if not 1 <= plan.agent_count <= MAX_AGENTS or len(plan.agents) > MAX_AGENTS:
        yield Problem(f"A plan has 1 to {MAX_AGENTS} agents.", field="agents")
    if plan.threshold is not None and not 0 <= plan.threshold <= 100:
        yield Problem("The threshold is a number from 0 to 100.", field="threshold")
    for name, weight in plan.weights or ():
        if not 0 <= weight <= 100:
            yield Problem(f"The weight of {name} is a number from 0 to 100.", field="weights")


def _references(plan: Plan) -> Iterator[Problem]:
    tasks = {task.uid: task for task in plan.tasks}
    places = {
        "phase": {phase.uid for phase in plan.phases},
        "track": {track.uid for track in plan.tracks},
        "agent": {agent.uid for agent in plan.agents},
        "parent": set(tasks),
    }
    for task in plan.tasks:
        for name, known in places.items():
            uid = getattr(task, name)
            if uid is not None and uid not in known:
                yield Problem(f"Its {name} is not in the plan. Choose another.", task=task.key, field=name)
    seen: set[tuple[str, str]] = set()
    for link in plan.dependencies:
        ends = _ends(link)
        if missing := [uid for uid in ends if uid not in tasks]:
            other = tasks.get(ends[1]) or tasks.get(ends[0])
            yield Problem(
                f"A dependency names a task that is not in the plan ({missing[0]}). Remove it.",
                task=other.key if other else None,
                field="depends_on",
            )
        elif ends[0] == ends[1]:
            key = tasks[ends[0]].key
            yield Problem("A task cannot wait for itself. Remove it.", task=key, field="depends_on")
        elif ends in seen:
            first, second = (tasks[uid].key for uid in ends)
            yield Problem(f"It waits for {first} twice. Remove one.", task=second, field="depends_on")
        seen.add(ends)
    yield from _pairs_and_handoffs(plan, tasks)


def _pairs_and_handoffs(plan: Plan, tasks: Mapping[str, Task]) -> Iterator[Problem]:
    pairs: set[tuple[str, str]] = set()
    for verdict in plan.verdicts:
        pair = (verdict.first, verdict.second)
        if not tasks.keys() >= set(pair):
            yield Problem("A verdict names a task that is not in the plan. Remove it.", field="pairs")
        elif pair[0] >= pair[1]:
            yield Problem("A verdict is about two different tasks, named in order.", field="pairs")
        elif pair in pairs:
            keys = " and ".join(tasks[uid].key for uid in pair)
            yield Problem(f"There are two verdicts on {keys}. Keep one.", field="pairs")
        pairs.add(pair)
    for handoff in plan.handoffs:
        if not handoff.sources or not handoff.receivers:
            yield Problem("A handoff leads from at least one task to another.", field="handoffs")
        ends = (*handoff.sources, *handoff.receivers)
        if not tasks.keys() >= set(ends):
            yield Problem("A handoff names a task that is not in the plan. Remove it.", field="handoffs")
        elif len(set(ends)) < len(ends):
            twice = next(uid for uid in ends if ends.count(uid) > 1)
            yield Problem(
                "A handoff names this task twice. Name it once.", task=tasks[twice].key, field="handoffs"
            )


def _parent_cycles(plan: Plan) -> Iterator[Problem]:
    settled: set[str] = set()
    for task in plan.tasks:
        walk: list[str] = []
        uid: str | None = task.uid
        while uid is not None and uid not in settled and uid not in walk:
            walk.append(uid)
            uid = plan.task_by_uid[uid].parent
        if uid is not None and uid in walk:
            keys = [plan.task_by_uid[u].key for u in walk[walk.index(uid) :]]
            spelled = " in ".join([*keys, keys[0]])
            yield Problem(
                f"Summary tasks contain each other: {spelled}. Take one out.", task=keys[0], field="parent"
            )
        settled.update(walk)


def _nesting(plan: Plan) -> Iterator[Problem]:
    depths: dict[str, int] = {}
    waiting = [task for task in plan.tasks if task.parent is None] if plan.children else []
    while waiting:
        task = waiting.pop()
        depth = depths[task.uid] = 0 if task.parent is None else depths[task.parent] + 1
        waiting.extend(plan.children.get(task.uid, ()))
        if depth == MAX_NESTING + 1:
            yield Problem(
                f"Summary tasks are nested more than {MAX_NESTING} levels deep here. Take some apart.",
                task=task.key,
                field="parent",
            )
    ordered = sum(
        len(plan.leaves_below(link.predecessor)) * len(plan.leaves_below(link.successor))
        for link in plan.dependencies
        if not plan.leaf_index.keys() >= set(_ends(link))
    )
    if ordered > MAX_ORDERED_PAIRS:
        yield Problem(
            f"Dependencies between summary tasks order {ordered} pairs of tasks; {MAX_ORDERED_PAIRS} are the "
            "most. Make them wait for one task in between.",
            field="depends_on",
        )


def _family_dependencies(plan: Plan) -> Iterator[Problem]:
    for link in plan.dependencies if plan.children else ():
        for inner, outer in (_ends(link), _ends(link)[::-1]):
            parent = plan.task_by_uid[inner].parent
            while parent is not None:
                if parent == outer:
                    keys = plan.task_by_uid[outer].key, plan.task_by_uid[inner].key
                    yield Problem(
                        f"The summary task {keys[0]} and its own part {keys[1]} cannot wait for each other. "
                        "Remove the dependency.",
                        task=plan.task_by_uid[link.successor].key,
                        field="depends_on",
                    )
                parent = plan.task_by_uid[parent].parent
