"""What a plan is made of: tasks, claims, dependencies, phases, tracks, agents, handoffs, verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from planner_core.vocabulary import ClaimMode, Layer, Status

DEFAULT_PRIORITY = 3

MODE_ORDER = {mode: position for position, mode in enumerate(ClaimMode)}
UID = re.compile(r"[A-Za-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a task does with the paths that a pattern matches (gitignore patterns, see `paths`)."""

    mode: ClaimMode
    pattern: str


def sorted_claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims without doubles, strongest mode first, then by pattern."""
    return tuple(sorted(set(claims), key=lambda claim: (MODE_ORDER[claim.mode], claim.pattern)))


@dataclass(frozen=True, slots=True)
class Dependency:
    """Finish-to-start: the predecessor must be finished before the successor starts. Both are task uids."""

    predecessor: str
    successor: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A group of tasks that the lead declares; phases are ordered by rank."""

    uid: str
    name: str
    rank: str


@dataclass(frozen=True, slots=True)
class Track:
    """A named row of work inside a plan."""

    uid: str
    name: str
    rank: str


@dataclass(frozen=True, slots=True)
class Agent:
    """Whoever does a task, by name: a person or a coding agent."""

    uid: str
    name: str
    rank: str
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Artefact:
    """One thing a handoff passes on: where it is, what it is called, how to use and check it."""

    path: str
    symbol: str = ""
    signature: str = ""
    use: str = ""
    avoid: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Handoff:
    """What the source tasks leave for the receiving tasks; tasks are named by uid."""

    uid: str
    sources: tuple[str, ...]
    receivers: tuple[str, ...]
    summary: str = ""
    decisions: tuple[str, ...] = ()
    key_context: str = ""
    next_steps: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    artefacts: tuple[Artefact, ...] = ()
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The lead's own word on a pair of tasks; it outranks everything computed. `first` < `second` by uid."""

    first: str
    second: str
    together: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work. The key is unique in the plan and may change; the uid never does.

    `estimate` is in minutes, None where nobody gave one. `phase`, `track`, `parent` and `agent` are uids.
    `claims` are kept sorted, strongest mode first, then by pattern, without doubles.
    """

    uid: str
    key: str
    rank: str
    title: str = ""
    description: str = ""
    acceptance: tuple[str, ...] = ()
    estimate: int | None = None
    priority: int = DEFAULT_PRIORITY
    layer: Layer | None = None
    bounded_context: str = ""
    track: str | None = None
    phase: str | None = None
    parent: str | None = None
    agent: str | None = None
    skills: tuple[str, ...] = ()
    parallel_safe: bool | None = None
    decides: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        if self.claims:
            object.__setattr__(self, "claims", sorted_claims(self.claims))

    @property
    def name(self) -> str:
        """The title, or the key where there is no title."""
        return self.title or self.key


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """How far a task is. Kept beside the plan: undoing a change of the plan never un-does finished work."""

    status: Status = Status.PENDING
    started: datetime | None = None
    finished: datetime | None = None
