"""Execution groups read as an order: each group after the one before it, and inside it as it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise, product

from planner_core.formats.yaml_plan.checking import Path
from planner_core.formats.yaml_plan.schema import PlanDocument


class GroupOrder:
    """The execution groups of a document, as steps: lists of task keys that run side by side."""

    def __init__(self, document: PlanDocument) -> None:
        self._document = document
        self._steps: list[list[str]] = []
        for group in document.execution_groups:
            self._steps += [[key] for key in group.sequential or ()]
            if group.parallel:
                self._steps.append(list(group.parallel))

    def named(self) -> Iterator[tuple[Path, str]]:
        """Each task key that a group names, with its path, in order."""
        for index, group in enumerate(self._document.execution_groups):
            for kind in ("sequential", "parallel"):
                for position, key in enumerate(getattr(group, kind) or ()):
                    yield ("execution_groups", index, kind, position), key

    def faults(self) -> Iterator[tuple[Path, str]]:
        """What is wrong with the groups themselves: neither or both kinds in one, a task in two places."""
        for index, group in enumerate(self._document.execution_groups):
            if (group.sequential is None) == (group.parallel is None):
                yield ("execution_groups", index), "A group is either `sequential:` or `parallel:`."
        seen: set[str] = set()
        for path, key in self.named():
            if key in seen:
                yield path, f"{key[:80]} stands in the execution groups twice. Remove one."
            seen.add(key)

    def give_the_order(self, declares: Callable[[str], bool]) -> bool:
        """Whether the groups are the order of the tasks: they are there, and no task declares its own."""
        return bool(self._steps) and not any(declares(key) for key in self._document.tasks)

    def count(self) -> int:
        """How many dependencies the groups make."""
        return sum(len(first) * len(second) for first, second in pairwise(self._steps))

    def dependencies(self) -> Iterator[tuple[str, str]]:
        """Predecessor and successor, as keys: every task of a step waits for every task of the one before."""
        for first, second in pairwise(self._steps):
            yield from product(first, second)
