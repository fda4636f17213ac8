"""Turns a checked document into a plan: names become uids, and what leads nowhere a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.document import Document, NewUid, Note, Report
from planner_core.formats.yaml_plan.checking import Hints, Path, field_of
from planner_core.formats.yaml_plan.group_order import GroupOrder
from planner_core.formats.yaml_plan.schema import HandoffDocument, PlanDocument, TaskDocument
from planner_core.formats.yaml_plan.tree import ListNode, MapNode, place_of, problem_at
from planner_core.items import (
    Agent,
    Artefact,
    Claim,
    Dependency,
    Handoff,
    Phase,
    Task,
    TaskProgress,
    Track,
    Verdict,
)
from planner_core.paths import check_pattern
from planner_core.plan import DEFAULT_AGENTS, MAX_DEPENDENCIES, MAX_TASKS, Plan
from planner_core.ranks import ranks
from planner_core.vocabulary import ClaimMode

MAX_NESTING = 30

_CLAIM_FIELDS = {
    "modifies": ClaimMode.MODIFIES,
    "conflict_zones": ClaimMode.MODIFIES,
    "creates": ClaimMode.CREATES,
    "reads": ClaimMode.READS,
}
_FIELD_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "depends_on": ("depends_on", "depends_on_completion"),
    "modifies": ("modifies", "conflict_zones"),
    "bounded_context": ("bounded_context", "context"),
    "title": ("title", "plan"),
    "phase": ("phase", "phases"),
    "track": ("track", "tracks"),
    "agent": ("agent", "agents"),
}
_SETTINGS = frozenset({"threshold", "weights", "default_estimate", "agent_count"})

_Named = TypeVar("_Named", Phase, Track, Agent)


def _nesting(uid: str | None, parents: Mapping[str, str]) -> int:
    """How many tasks a task lies in, counted to just above the limit: then it is too deep or in a circle."""
    levels = -1
    above: set[str] = set()
    while uid is not None and uid not in above and levels <= MAX_NESTING:
        above.add(uid)
        uid = parents.get(uid)
        levels += 1
    return levels


class Build:
    """Turns a checked document into a plan; names become uids, and names that lead nowhere problems."""

    def __init__(self, root: MapNode, document: PlanDocument, new_uid: NewUid, hints: Hints) -> None:
        self.root = root
        self.read = document
        self.new_uid = new_uid
        self.hints = hints
        self.problems: list[Problem] = []
        self.guessed: list[Note] = []
        self.dependencies: dict[tuple[str, str], None] = {}
        self.verdicts: dict[tuple[str, str], Verdict] = {}
        self.handoffs: list[Handoff] = []
        self.groups = GroupOrder(document)
        self.keys = list(document.tasks)
        if not self.keys:
            self.keys = self._tasks_from_groups()
        self.uids = {key: new_uid() for key in self.keys}

    def document(self) -> Document | None:
        """The finished document, or None where the plan breaks a rule."""
        read = self.read
        entries = {key: read.tasks.get(key, TaskDocument()) for key in self.keys}
        phases = self._named(Phase, "phase", read.phases, [task.phase for task in entries.values()])
        tracks = self._named(Track, "track", read.tracks, [task.track for task in entries.values()])
        agents = self._agents([task.agent for task in entries.values()])
        places = {
            "phase": {phase.name: phase.uid for phase in phases},
            "track": {track.name: track.uid for track in tracks},
            "agent": {agent.name: agent.uid for agent in agents},
        }
        tasks = [
            self._task(key, entry, rank, places)
            for (key, entry), rank in zip(entries.items(), ranks(len(entries)), strict=True)
        ]
        parents = self._parents(entries)
        tasks = [replace(task, parent=parents.get(task.uid)) for task in tasks]
        for key, entry in entries.items():
            self._links(key, entry)
        self._pairs()
        for index, handoff in enumerate(read.handoffs):
            self._handoff(("handoffs", index), handoff, None)
        self._order_of_groups()
        plan = self._plan(tasks, phases, tracks, agents)
        progress = self._progress()
        if plan is None:
            return None
        claims = sum(len(task.claims) for task in plan.tasks)
        report = Report("yaml", len(plan.tasks), len(plan.dependencies), claims, guessed=tuple(self.guessed))
        return Document(plan, progress, report, plan.title)

    def _plan(
        self, tasks: Sequence[Task], phases: list[Phase], tracks: list[Track], agents: list[Agent]
    ) -> Plan | None:
        read, settings = self.read, self.read.settings
        dependencies = tuple(Dependency(*ends) for ends in self.dependencies)
        count = read.agents if isinstance(read.agents, int) else DEFAULT_AGENTS
        given = "agent_count" in settings.model_fields_set
        try:
            return Plan(
                title=read.title or read.plan,
                description=read.description,
                tasks=tuple(tasks),
                dependencies=dependencies,
                phases=tuple(phases),
                tracks=tuple(tracks),
                agents=tuple(agents),
                handoffs=tuple(self.handoffs),
                verdicts=tuple(self.verdicts.values()),
                agent_count=settings.agent_count if given else count,
                keep_phases=settings.keep_phases,
                default_estimate=settings.default_estimate,
                threshold=settings.threshold,
                weights=None if settings.weights is None else tuple(settings.weights.items()),
            )
        except InvalidPlan as error:
            self.problems += [self._placed(problem) for problem in error.problems]
        # The order of the tasks is checked by itself, so that a cycle is told beside all the rest.
        bare = tuple(Task(task.uid, task.key, task.rank, parent=task.parent) for task in tasks)
        try:
            Plan(tasks=bare, dependencies=dependencies)
        except InvalidPlan as error:
            self.problems += [self._placed(problem) for problem in error.problems]
        return None

    def _placed(self, problem: Problem) -> Problem:
        field = problem.field or ""
        spellings = _FIELD_SPELLINGS.get(field, (field,))
        above: Path = ("tasks", problem.task) if problem.task is not None else ()
        if not above and field in _SETTINGS:
            above = ("settings",)
        best = place_of(self.root, above, key=True)
        for spelling in spellings:
            place = place_of(self.root, (*above, spelling), key=True)
            if place != best:
                best = place
                break
        return replace(problem, line=best.line, column=best.column)

    def _problem(self, path: Path, message: str) -> None:
        task, field = field_of(path)
        self.problems.append(problem_at(place_of(self.root, path), message, task=task, field=field))

    def _guess(self, path: Path, message: str) -> None:
        task, _ = field_of(path)
        self.guessed.append(Note(message, place_of(self.root, path).line, task))

    def _tasks_from_groups(self) -> list[str]:
        keys = list(dict.fromkeys(key for _, key in self.groups.named()))
        if keys:
            self._guess(("execution_groups",), "The tasks are those that the execution groups name.")
        return keys[: MAX_TASKS + 1]

    def _uid(self, path: Path, key: str) -> str | None:
        if key in self.uids:
            return self.uids[key]
        owner, _ = field_of(path)
        hint = self.hints.nearest(key, (other for other in self.keys if other != owner))
        self._problem(path, f"There is no task {key[:80]}.{hint}")
        return None

    def _uids(self, path: Path, keys: Sequence[str]) -> list[str]:
        found = (self._uid((*path, index), key) for index, key in enumerate(keys))
        return list(dict.fromkeys(uid for uid in found if uid is not None))

    def _named(
        self, make: Callable[..., _Named], what: str, declared: Sequence[str], used: Sequence[str | None]
    ) -> list[_Named]:
        """Phases or tracks: the declared ones, or where there is no list of them those that tasks name."""
        names = list(declared)
        section = f"{what}s"
        if section not in self.root.entries:
            names = list(dict.fromkeys(name for name in used if name))
            if names:
                self._guess((), f"The {section} are in the order in which tasks name them.")
        return [make(self.new_uid(), name, rank) for name, rank in zip(names, ranks(len(names)), strict=True)]

    def _agents(self, used: Sequence[str | None]) -> list[Agent]:
        if isinstance(self.read.agents, list):
            given = [(agent.name, tuple(agent.skills)) for agent in self.read.agents]
        elif "agents" not in self.root.entries and any(used):
            given = [(name, ()) for name in dict.fromkeys(used) if name]
            self._guess((), "The agents are those that tasks name.")
        else:
            given = []
        return [
            Agent(self.new_uid(), name, rank, skills)
            for (name, skills), rank in zip(given, ranks(len(given)), strict=True)
        ]

    def _task(
        self, key: str, entry: TaskDocument, rank: str, places: Mapping[str, Mapping[str, str]]
    ) -> Task:
        chosen: dict[str, str | None] = {}
        for what, known in places.items():
            name = getattr(entry, what)
            chosen[what] = known.get(name) if name else None
            if name and name not in known:
                hint = self.hints.nearest(name, known)
                message = f"There is no {what} “{name[:80]}”. Add it to the plan's {what}s.{hint}"
                self._problem(("tasks", key, what), message)
        return Task(
            uid=self.uids[key],
            key=key,
            rank=rank,
            title=entry.title,
            description=entry.description,
            acceptance=tuple(entry.acceptance),
            estimate=entry.estimate,
            priority=entry.priority,
            layer=entry.layer,
            bounded_context=entry.context or entry.bounded_context,
            track=chosen["track"],
            phase=chosen["phase"],
            agent=chosen["agent"],
            skills=tuple(entry.skills),
            parallel_safe=entry.parallel_safe,
            decides=tuple(entry.decides),
            claims=tuple(self._claims(key, entry)),
        )

    def _claims(self, key: str, entry: TaskDocument) -> Iterable[Claim]:
        for field, mode in _CLAIM_FIELDS.items():
            for index, pattern in enumerate(getattr(entry, field)):
                if reason := check_pattern(pattern):
                    self._problem(("tasks", key, field, index), f"“{pattern[:80]}”: {reason}")
                else:
                    yield Claim(mode, pattern)

    def _parents(self, entries: Mapping[str, TaskDocument]) -> dict[str, str]:
        parents: dict[str, str] = {}
        for key, entry in entries.items():
            if entry.parent and (parent := self._uid(("tasks", key, "parent"), entry.parent)):
                parents[self.uids[key]] = parent
        for key, entry in entries.items():
            for index, name in enumerate(entry.children):
                path = ("tasks", key, "children", index)
                if (child := self._uid(path, name)) is None:
                    continue
                if parents.setdefault(child, self.uids[key]) != self.uids[key]:
                    self._problem(path, f"{name[:80]} is already a part of another task. Keep one.")
        deep = [key for key, uid in self.uids.items() if _nesting(uid, parents) > MAX_NESTING]
        for key in deep:
            message = f"Summary tasks are nested more than {MAX_NESTING} levels deep here. Take some apart."
            self._problem(("tasks", key, "parent"), message)
        return {uid: parent for uid, parent in parents.items() if not deep}

    def _links(self, key: str, entry: TaskDocument) -> None:
        uid, path = self.uids[key], ("tasks", key)
        for field in ("depends_on", "depends_on_completion"):
            for predecessor in self._uids((*path, field), getattr(entry, field)):
                self.dependencies[(predecessor, uid)] = None
        for successor in self._uids((*path, "blocks"), entry.blocks):
            self.dependencies[(uid, successor)] = None
        for index, name in enumerate(entry.can_run_with):
            self._rule((*path, "can_run_with", index), (key, name), together=True)
        for index, handoff in enumerate(entry.handoffs):
            self._handoff((*path, "handoffs", index), handoff, uid)

    def _pairs(self) -> None:
        for index, pair in enumerate(self.read.pairs):
            path = ("pairs", index)
            self._rule((*path, "tasks"), tuple(pair.tasks), together=pair.together, reason=pair.reason)

    def _rule(self, path: Path, pair: Sequence[str], *, together: bool, reason: str = "") -> None:
        uids = [self._uid((*path, index), key) for index, key in enumerate(pair)]
        first, second = sorted(uid or "" for uid in uids)
        if not first:
            return
        if first == second:
            self._problem(path, f"A pair is two different tasks, not {pair[0][:80]} twice.")
            return
        before = self.verdicts.get((first, second))
        if before is not None and before.together != together:
            message = f"{pair[0][:80]} and {pair[1][:80]} are both allowed and forbidden together. Keep one."
            self._problem(path, message)
        elif before is None or reason:
            self.verdicts[first, second] = Verdict(first, second, together, reason)

    def _handoff(self, path: Path, handoff: HandoffDocument, receiver: str | None) -> None:
        receivers = self._uids((*path, "to"), handoff.receivers)
        if receiver is not None:
            receivers = list(dict.fromkeys([receiver, *receivers]))
        sources = self._uids((*path, "from"), handoff.sources)
        if not sources or not receivers:
            if len(handoff.sources) == 0 or (receiver is None and not handoff.receivers):
                self._problem(path, "A handoff leads `from` at least one task `to` another.")
            return
        artefacts = tuple(Artefact(**artefact.model_dump()) for artefact in handoff.artefacts)
        self.handoffs.append(
            Handoff(
                uid=self.new_uid(),
                sources=tuple(sources),
                receivers=tuple(receivers),
                summary=handoff.summary,
                decisions=tuple(handoff.decisions),
                key_context=handoff.key_context,
                next_steps=tuple(handoff.next_steps),
                open_questions=tuple(handoff.open_questions),
                artefacts=artefacts,
                criteria=tuple(handoff.criteria),
            )
        )

    def _order_of_groups(self) -> None:
        for path, key in self.groups.named():
            self._uid(path, key)
        for path, message in self.groups.faults():
            self._problem(path, message)
        if self.problems or not self.groups.give_the_order(self._declares):
            return
        if self.groups.count() > MAX_DEPENDENCIES:
            self._problem(
                ("execution_groups",), "The execution groups make too many dependencies. Split them."
            )
            return
        for predecessor, successor in self.groups.dependencies():
            self.dependencies[(self.uids[predecessor], self.uids[successor])] = None
        self._guess(
            ("execution_groups",), "The execution groups give the order: no task declares a dependency."
        )

    def _declares(self, key: str) -> bool:
        """Whether a task says what it waits for; to say that it waits for nothing counts."""
        entry = self.root.entries["tasks"].value
        node = entry.entries[key].value if isinstance(entry, MapNode) and key in entry.entries else None
        names = ("depends_on", "depends_on_completion")
        written = isinstance(node, MapNode) and any(
            isinstance(node.entries[name].value, ListNode) for name in names if name in node.entries
        )
        return written or (key in self.read.tasks and bool(self.read.tasks[key].blocks))

    def _progress(self) -> dict[str, TaskProgress]:
        progress = {}
        for key, entry in self.read.progress.items():
            if uid := self._uid(("progress", key), key):
                progress[uid] = TaskProgress(entry.status, entry.started, entry.finished)
        return progress
