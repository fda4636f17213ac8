"""Settles how tasks hang together: parents and dependencies that a plan accepts, the others noted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from planner_core.formats.acyclic import OrderOfTasks
from planner_core.formats.notebook import Notebook
from planner_core.plan import MAX_DEPENDENCIES, MAX_NESTING, MAX_ORDERED_PAIRS


@dataclass(frozen=True, slots=True)
class Link:
    """The predecessor must be finished before the successor starts; both are keys."""

    predecessor: str
    successor: str
    line: int | None


def settled_parents(
    keys: Collection[str], wanted: Mapping[str, str], lines: Mapping[str, int | None], book: Notebook
) -> dict[str, str]:
    """Each task's summary task, by key, where it has one: no circles, and no deeper than a plan allows."""
    kept = dict(wanted)
    places = {key: place for place, key in enumerate(keys)}
    settled: set[str] = set()
    for key in keys:
        walk: dict[str, None] = {}
        at = key
        while at in kept and at not in settled and at not in walk:
            walk[at] = None
            at = kept[at]
        if at in walk:
            circle = list(walk)[list(walk).index(at) :]
            last = max(circle, key=places.__getitem__)
            spelled = " in ".join([*circle, at])
            message = f"Summary tasks contain each other, {spelled}: that it is in {kept[last]} is left out."
            book.lost(message, lines[last], last)
            del kept[last]
        settled.update(walk)
    depths: dict[str, int] = {}
    for key in sorted(kept, key=lambda key: _depth(key, kept, depths)):
        above_key = kept[key]
        while _depth(above_key, kept, depths) >= MAX_NESTING:
            above_key = kept[above_key]
        if above_key != kept[key]:
            message = f"Summary tasks nest at most {MAX_NESTING} deep: it is part of {above_key} now."
            book.repaired(message, lines[key], key)
            kept[key] = above_key
            depths[key] = MAX_NESTING
    return kept


def _depth(key: str, parents: Mapping[str, str], depths: dict[str, int]) -> int:
    """How many summary tasks a task lies in; known depths are kept in `depths`."""
    walk = []
    while key in parents and key not in depths:
        walk.append(key)
        key = parents[key]
    depth = depths.setdefault(key, 0)
    for below in reversed(walk):
        depth += 1
        depths[below] = depth
    return depth


def settled_links(
    keys: Collection[str], parents: Mapping[str, str], given: Iterable[Link], book: Notebook
) -> list[Link]:
    """The dependencies that a plan accepts, in the given order; of a circle the last one is left out."""
    numbers = {key: number for number, key in enumerate(keys)}
    names = list(keys)
    above = [numbers[parents[key]] if key in parents else None for key in keys]
    families = _Families(keys, parents)
    links = [link for link in _without_doubles(given, book) if not families.refuse(link, book)]
    if len(links) > MAX_DEPENDENCIES:
        for link in links[MAX_DEPENDENCIES:]:
            message = f"A plan holds at most {MAX_DEPENDENCIES} dependencies: {_said(link)} is left out."
            book.lost(message, link.line, link.successor)
        del links[MAX_DEPENDENCIES:]
    ends = [(numbers[link.predecessor], numbers[link.successor]) for link in links]
    order = OrderOfTasks(above, ends)
    kept = []
    for link, (predecessor, successor) in zip(links, ends, strict=True):
        if circle := order.add(predecessor, successor):
            spelled = " → ".join(names[number] for number in (*circle, successor))
            message = f"{_said(link)}, which closes a circle ({spelled}): this dependency is left out."
            book.lost(message, link.line, link.successor)
        else:
            kept.append(link)
    return kept


def _said(link: Link) -> str:
    return f"{link.successor} waits for {link.predecessor}"


def _without_doubles(given: Iterable[Link], book: Notebook) -> Iterable[Link]:
    seen: set[tuple[str, str]] = set()
    for link in given:
        ends = (link.predecessor, link.successor)
        if link.predecessor == link.successor:
            message = f"{link.successor} is said to wait for itself: that is left out."
            book.repaired(message, link.line, link.successor)
        elif ends in seen:
            book.repaired(f"{_said(link)} is said twice: once is enough.", link.line, link.successor)
        else:
            seen.add(ends)
            yield link


class _Families:
    """Which tasks lie in which, and how many pairs dependencies between summary tasks order so far."""

    def __init__(self, keys: Iterable[str], parents: Mapping[str, str]) -> None:
        self._parents = parents
        self._leaves: dict[str, int] = {}
        summaries = set(parents.values())
        for key in keys:
            if key not in summaries:
                self._leaves[key] = 1
                for above in self._above(key):
                    self._leaves[above] = self._leaves.get(above, 0) + 1
        self._summaries = summaries
        self._pairs = 0

    def refuse(self, link: Link, book: Notebook) -> bool:
        """Notes a dependency that a plan would refuse because of what lies in what."""
        ends = (link.predecessor, link.successor)
        if link.predecessor in self._above(link.successor) or link.successor in self._above(link.predecessor):
            message = f"{_said(link)}, but one is part of the other: this dependency is left out."
            book.lost(message, link.line, link.successor)
            return True
        if not self._summaries.isdisjoint(ends):
            pairs = self._leaves[link.predecessor] * self._leaves[link.successor]
            if self._pairs + pairs > MAX_ORDERED_PAIRS:
                message = (
                    f"{_said(link)}: dependencies of summary tasks order too many tasks. It is left out."
                )
                book.lost(message, link.line, link.successor)
                return True
            self._pairs += pairs
        return False

    def _above(self, key: str) -> Iterable[str]:
        while key in self._parents:
            key = self._parents[key]
            yield key
