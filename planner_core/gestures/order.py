"""Where a new or moved item goes in an order kept by ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from planner_core.errors import StaleEdit
from planner_core.items import Task
from planner_core.plan import Plan
from planner_core.ranks import rank_between, ranks

# Ranks may have 100 digits; longer ones than this are a reason to number everything afresh.
_LONG = 60


class Ranked(Protocol):
    """Whatever has a place in an order."""

    @property
    def uid(self) -> str: ...
    @property
    def rank(self) -> str: ...


def known_task(plan: Plan, uid: str) -> Task:
    """The task with this uid. Raises StaleEdit where it is not in the plan."""
    if uid not in plan.task_by_uid:
        raise StaleEdit("That task is not in the plan, or no longer.", f"task:{uid}")
    return plan.task_by_uid[uid]


def place(items: Sequence[Ranked], uid: str, position: int) -> dict[str, str]:
    """The ranks that put an item at a position among the others, by uid; only those that change.

    `items` are the others in order, without the one to place. There is one rank in the answer, unless there
    is no room at that place: then all are numbered afresh.
    """
    low = items[position - 1].rank if position else None
    high = items[position].rank if position < len(items) else None
    if low is None or high is None or low < high:
        rank = rank_between(low, high)
        if len(rank) <= _LONG:
            return {uid: rank}
    order = [item.uid for item in items]
    order.insert(position, uid)
    fresh = dict(zip(order, ranks(len(order)), strict=True))
    unchanged = {item.uid for item in items if fresh[item.uid] == item.rank}
    return {name: rank for name, rank in fresh.items() if name not in unchanged}


def spread(low: str | None, high: str | None, count: int) -> list[str]:
    """`count` ranks in ascending order strictly between two ranks; None stands for an open end."""
    if not count:
        return []
    if high is None:
        found: list[str] = []
        for _ in range(count):
            low = rank_between(low, None)
            found.append(low)
        return found
    half = count // 2
    middle = rank_between(low, high)
    return [*spread(low, middle, half), middle, *spread(middle, high, count - half - 1)]
