"""Makes a valid plan out of whatever a file says, and with it the report of what that took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from planner_core.formats.document import Document, NewUid, Report
from planner_core.formats.mending import one_line, shown
from planner_core.formats.notebook import Notebook
from planner_core.formats.structure import Link, settled_links, settled_parents
from planner_core.item_checks import MAX_KEY, MAX_NAME, MAX_TEXT
from planner_core.items import (
    DEFAULT_PRIORITY,
    Agent,
    Artefact,
    Dependency,
    Handoff,
    Phase,
    Task,
    TaskProgress,
    Track,
    Verdict,
)
from planner_core.plan import DEFAULT_AGENTS, MAX_AGENTS, MAX_TASKS, Plan
from planner_core.ranks import ranks
from planner_core.vocabulary import ClaimMode, Layer, Status


class Draft:
    """A plan in the making, which takes anything and ends as a valid plan.

    Tasks keep the order in which they are given; so do phases, tracks and agents, which are made where a task
    first names them. Tasks are named by their keys everywhere, before or after they are given. What a plan
    cannot hold is mended or left out, and noted with its line: nothing here raises an error.
    """

    def __init__(
        self,
        format_name: str,
        *,
        title: str,
        new_uid: NewUid,
        name: str = "",
        description: str = "",
        agent_count: int | None = None,
    ) -> None:
        self._format, self._name, self._new_uid = format_name, name, new_uid
        self._book = Notebook()
        self._title = self._book.one_line("The plan's title", title, None, None) or "Untitled plan"
        self._description = self._book.long_text("The plan's description", description, None, None)
        self._agent_count = DEFAULT_AGENTS if agent_count is None else min(max(agent_count, 1), MAX_AGENTS)
        if agent_count is not None and agent_count != self._agent_count:
            self.repaired(f"A plan has 1 to {MAX_AGENTS} agents: {self._agent_count} were taken.")
        self._tasks: dict[str, Task] = {}
        self._lines: dict[str, int | None] = {}
        self._parents: dict[str, str] = {}
        self._key_for: dict[str, str] = {}
        self._suffixes: dict[str, int] = {}
        self._named: dict[str, dict[str, str]] = {"phase": {}, "track": {}, "agent": {}}
        self._progress: dict[str, TaskProgress] = {}
        self._links: list[Link] = []
        self._verdicts: list[tuple[str, str, bool, str, int | None]] = []
        self._handoffs: list[tuple[Handoff, int | None]] = []

    def repaired(self, message: str, *, line: int | None = None, task: str | None = None) -> None:
        """Notes what was wrong and is right now."""
        self._book.repaired(message, line, task)

    def guessed(self, message: str, *, line: int | None = None, task: str | None = None) -> None:
        """Notes what the file does not say and was assumed."""
        self._book.guessed(message, line, task)

    def lost(self, message: str, *, line: int | None = None, task: str | None = None) -> None:
        """Notes what the file says and the plan does not hold."""
        self._book.lost(message, line, task)

    def task(
        self,
        key: str,
        *,
        line: int | None = None,
        title: str = "",
        description: str = "",
        acceptance: Iterable[str] = (),
        estimate: int | None = None,
        priority: int = DEFAULT_PRIORITY,
        layer: Layer | None = None,
        bounded_context: str = "",
        track: str | None = None,
        phase: str | None = None,
        parent: str | None = None,
        agent: str | None = None,
        skills: Iterable[str] = (),
        parallel_safe: bool | None = None,
        decides: Iterable[str] = (),
        modifies: Iterable[str] = (),
        creates: Iterable[str] = (),
        reads: Iterable[str] = (),
        status: Status | None = None,
        started: datetime | None = None,
        finished: datetime | None = None,
    ) -> str:
        """Adds a task; returns the key it got, which differs where the given one was unusable or taken.

        `estimate` is in minutes; `track`, `phase` and `agent` are names, `parent` is a key. A title that is
        too long stands whole in the description. A key that is taken gets `~2`, `~3` … behind it; whoever
        names the key then means the first task that had it.
        """
        book = self._book
        if len(self._tasks) >= MAX_TASKS:
            book.lost(f"A plan holds at most {MAX_TASKS} tasks: this one is left out.", line, key)
            return key
        real = self._new_key(key, line)
        title, description = self._short_title(title, description, line, real)
        given = {ClaimMode.MODIFIES: modifies, ClaimMode.CREATES: creates, ClaimMode.READS: reads}
        uid = self._new_uid()
        self._tasks[real] = Task(
            uid=uid,
            key=real,
            rank="",
            title=book.one_line("Its title", title, line, real),
            description=book.long_text("Its description", description, line, real),
            acceptance=book.lines("criterion of acceptance", acceptance, line, real, MAX_TEXT),
            estimate=book.estimate(estimate, line, real),
            priority=book.priority(priority, line, real),
            layer=layer,
            bounded_context=book.one_line("Its bounded context", bounded_context, line, real),
            track=self._uid_of("track", track, line, real),
            phase=self._uid_of("phase", phase, line, real),
            agent=self._uid_of("agent", agent, line, real),
            skills=book.lines("skill", skills, line, real),
            parallel_safe=parallel_safe,
            decides=book.lines("decided question", decides, line, real),
            claims=book.claims(given, line, real),
        )
        self._lines[real] = line
        if parent:
            self._parents[real] = parent
        begun, ended = book.moment(started, line, real), book.moment(finished, line, real)
        how_far = TaskProgress(status or Status.PENDING, begun, ended)
        if how_far != TaskProgress():
            self._progress[uid] = how_far
        return real

    def depends(self, successor: str, predecessor: str, *, line: int | None = None) -> None:
        """Says that one task waits for another. Of dependencies in a circle the last given one is lost."""
        self._links.append(Link(predecessor, successor, line))

    def together(self, first: str, second: str, reason: str = "", *, line: int | None = None) -> None:
        """Rules that two tasks may run at once."""
        self._verdicts.append((first, second, True, reason, line))

    def never(self, first: str, second: str, reason: str = "", *, line: int | None = None) -> None:
        """Rules that two tasks must not run at once."""
        self._verdicts.append((first, second, False, reason, line))

    def handoff(
        self,
        *,
        sources: Sequence[str],
        receivers: Sequence[str],
        line: int | None = None,
        summary: str = "",
        decisions: Iterable[str] = (),
        key_context: str = "",
        next_steps: Iterable[str] = (),
        open_questions: Iterable[str] = (),
        artefacts: Iterable[Artefact] = (),
        criteria: Iterable[str] = (),
    ) -> None:
        """Adds what some tasks leave for others, all named by their keys."""
        book, what = self._book, "entry of a handoff"
        made = Handoff(
            uid=self._new_uid(),
            sources=tuple(sources),
            receivers=tuple(receivers),
            summary=book.long_text("A handoff's summary", summary, line, None),
            decisions=book.lines(what, decisions, line, None, MAX_TEXT),
            key_context=book.long_text("A handoff's context", key_context, line, None),
            next_steps=book.lines(what, next_steps, line, None, MAX_TEXT),
            open_questions=book.lines(what, open_questions, line, None, MAX_TEXT),
            artefacts=tuple(book.artefact(each, line) for each in artefacts if each.path),
            criteria=book.lines(what, criteria, line, None, MAX_TEXT),
        )
        self._handoffs.append((made, line))

    def finish(self) -> Document:
        """The plan with its progress and its report."""
        parents = settled_parents(self._tasks, self._parents_by_key(), self._lines, self._book)
        links = settled_links(self._tasks, parents, self._links_by_key(), self._book)
        uids = {key: task.uid for key, task in self._tasks.items()}
        tasks = tuple(
            replace(task, rank=rank, parent=uids[parents[key]] if key in parents else None)
            for (key, task), rank in zip(self._tasks.items(), ranks(len(self._tasks)), strict=True)
        )
        plan = Plan(
            title=self._title,
            description=self._description,
            tasks=tasks,
            dependencies=tuple(Dependency(uids[link.predecessor], uids[link.successor]) for link in links),
            phases=tuple(Phase(*each) for each in self._all_named("phase")),
            tracks=tuple(Track(*each) for each in self._all_named("track")),
            agents=tuple(Agent(*each) for each in self._all_named("agent")),
            handoffs=tuple(self._settled_handoffs(uids)),
            verdicts=self._settled_verdicts(uids),
            agent_count=self._agent_count,
        )
        claims = sum(len(task.claims) for task in plan.tasks)
        counts = (len(plan.tasks), len(plan.dependencies), claims)
        return Document(
            plan, dict(self._progress), Report(self._format, *counts, *self._book.notes()), self._name
        )

    def _new_key(self, given: str, line: int | None) -> str:
        mended = one_line(given, MAX_KEY)
        key = mended.text
        if mended.change:
            self.repaired(f"Its key “{shown(given)}”: {mended.change}.", line=line, task=key)
        if not key:
            key = f"task-{len(self._tasks) + 1}"
            self.repaired(f"A task without a key is called {key}.", line=line, task=key)
        clear, number = key, self._suffixes.get(key, 1)
        while clear in self._tasks:
            number += 1
            clear = f"{key[: MAX_KEY - len(str(number)) - 1].rstrip()}~{number}"
        if clear != key:
            self._suffixes[key] = number
            first = self._lines[key]
            place = "" if first is None else f", first in line {first}"
            self.repaired(f"The key {key} is used twice{place}: here it is {clear}.", line=line, task=clear)
        self._key_for.setdefault(given, clear)
        return clear

    def _short_title(self, title: str, description: str, line: int | None, task: str) -> tuple[str, str]:
        """The title as long as it may be; where it was cut, the description starts with the whole."""
        title = title.strip()
        if len(title) <= MAX_NAME:
            return title, description
        message = f"Its title is cut to {MAX_NAME} characters; it stands whole in the description."
        self.repaired(message, line=line, task=task)
        if title not in description:
            description = f"{title}\n\n{description}".rstrip()
        return title[: MAX_NAME - 1].rstrip() + "…", description

    def _known(self, key: str) -> str | None:
        """The key that a task has which a file calls so, or None."""
        if key in self._tasks:
            return key
        short = one_line(key, MAX_KEY).text
        return self._key_for.get(key, short if short in self._tasks else None)

    def _uid_of(self, what: str, name: str | None, line: int | None, task: str) -> str | None:
        if name is None or not name.strip():
            return None
        known = self._named[what]
        name = self._book.one_line(f"The name of its {what}", name, line, task)
        if what == "agent" and name not in known and len(known) >= MAX_AGENTS:
            self.lost(
                f"A plan has at most {MAX_AGENTS} agents: {shown(name)} is left out.", line=line, task=task
            )
            return None
        if name not in known:
            known[name] = self._new_uid()
        return known[name]

    def _all_named(self, what: str) -> list[tuple[str, str, str]]:
        known = self._named[what]
        return [(uid, name, rank) for (name, uid), rank in zip(known.items(), ranks(len(known)), strict=True)]

    def _parents_by_key(self) -> dict[str, str]:
        found = {}
        for key, parent in self._parents.items():
            known = self._known(parent)
            if known is None:
                message = f"It is said to be part of {shown(parent)}, which is no task here."
                self.lost(message, line=self._lines[key], task=key)
            else:
                found[key] = known
        return found

    def _links_by_key(self) -> Iterator[Link]:
        for link in self._links:
            successor, predecessor = self._known(link.successor), self._known(link.predecessor)
            if successor is None or predecessor is None:
                waits = f"{shown(link.successor)} waits for {shown(link.predecessor)}"
                missing = link.successor if successor is None else link.predecessor
                message = f"{waits}, but there is no task {shown(missing)} here."
                self.lost(message, line=link.line, task=successor or link.successor)
            else:
                yield Link(predecessor, successor, link.line)

    def _settled_verdicts(self, uids: dict[str, str]) -> tuple[Verdict, ...]:
        found: dict[tuple[str, str], Verdict] = {}
        for first, second, together, reason, line in self._verdicts:
            one, other = self._known(first), self._known(second)
            said = "may run together" if together else "must not run together"
            pair = f"{shown(first)} and {shown(second)} {said}"
            if one is None or other is None:
                missing = shown(first if one is None else second)
                self.lost(f"{pair}, but there is no task {missing} here.", line=line, task=one or other)
                continue
            if one == other:
                self.lost(f"{pair}, but these are the same task.", line=line, task=one)
                continue
            ends = (min(uids[one], uids[other]), max(uids[one], uids[other]))
            reason = self._book.one_line("The reason of a verdict", reason, line, one)
            before = found.get(ends)
            if before is not None and before.together != together:
                self.lost(f"{pair}, but the opposite is said before.", line=line, task=one)
            elif before is None or not before.reason:
                found[ends] = Verdict(*ends, together, reason)
            elif reason not in ("", before.reason):
                self.lost(
                    f"{pair}; of two reasons the second is left out: {shown(reason)}", line=line, task=one
                )
        return tuple(found.values())

    def _settled_handoffs(self, uids: dict[str, str]) -> Iterator[Handoff]:
        for handoff, line in self._handoffs:
            ends: list[tuple[str, ...]] = []
            taken: set[str] = set()
            for keys in (handoff.sources, handoff.receivers):
                known = []
                for given in keys:
                    key = self._known(given)
                    if key is None:
                        self.lost(f"A handoff names {shown(given)}, which is no task here.", line=line)
                    elif uids[key] in taken:
                        self.repaired(f"A handoff names {key} twice: once is enough.", line=line, task=key)
                    else:
                        taken.add(uids[key])
                        known.append(uids[key])
                ends.append(tuple(known))
            if ends[0] and ends[1]:
                yield replace(handoff, sources=ends[0], receivers=ends[1])
            else:
                what = shown(handoff.summary) or "without a summary"
                self.lost(f"A handoff that leads from no task or to none is left out ({what}).", line=line)
