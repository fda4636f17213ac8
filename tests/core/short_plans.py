"""Plans written by hand in one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from planner_core.items import Claim, Dependency, Task
from planner_core.plan import Plan
from planner_core.ranks import ranks
from planner_core.vocabulary import ClaimMode


def task(key: str, **fields: Any) -> Task:
    """A task whose uid is its key in small letters; `modifies`, `creates` and `reads` are patterns."""
    claims = tuple(Claim(mode, pattern) for mode in ClaimMode for pattern in fields.pop(mode.value, ()))
    return Task(uid=key.lower(), key=key, rank="i", claims=claims, **fields)


def plan(*tasks: Task, links: Iterable[str] = (), **fields: Any) -> Plan:
    """A plan of these tasks in this order; a link is written `A>B` with keys: B waits for A."""
    ranked = tuple(replace(one, rank=rank) for one, rank in zip(tasks, ranks(len(tasks)), strict=True))
    pairs = [link.lower().split(">") for link in links]
    return Plan(tasks=ranked, dependencies=tuple(Dependency(*pair) for pair in pairs), **fields)
