"""What a reader makes of a file, and a writer of a plan: with a report of what was changed on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from planner_core.items import TaskProgress
from planner_core.plan import Plan

NewUid: TypeAlias = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that reading or writing a file changed or could not keep; `line` counts from 1."""

    message: str
    line: int | None = None
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """How the reading of a file went: what was found, and what was repaired, guessed or lost, by line.

    The counts are those of the plan that came out: `tasks` has summary tasks and their parts in it.
    """

    format: str
    tasks: int
    dependencies: int
    claims: int
    repaired: tuple[Note, ...] = ()
    guessed: tuple[Note, ...] = ()
    lost: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Document:
    """A plan as it travels in a file: with the progress of its tasks, by uid, where there is any.

    `name` tells the plans of one file apart.
    """

    plan: Plan
    progress: Mapping[str, TaskProgress] = field(default_factory=dict)
    report: Report | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A plan written in a format, and each thing that the format could not hold."""

    text: str
    lost: tuple[Note, ...] = ()
