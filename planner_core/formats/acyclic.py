"""Keeps an order free of circles while dependencies are added one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


class OrderOfTasks:
    """Tasks by number, some of them inside others, to which dependencies are added that close no circle.

    A task inside others starts after they start and finishes before they finish; a dependency leads from a
    finish to a start. `parents` names each task's summary task, or None, and has no circle itself.
    `expected` are the dependencies that are going to be added: they only save time.

    The order is kept as in Pearce and Kelly, "A dynamic topological sort algorithm for directed acyclic
    graphs" (2007): a dependency along the order costs nothing, one against it the tasks in between.
    """

    def __init__(self, parents: Sequence[int | None], expected: Iterable[tuple[int, int]] = ()) -> None:
        self._parents = parents
        children: dict[int | None, list[int]] = {}
        for task, parent in enumerate(parents):
            children.setdefault(parent, []).append(task)
        self._children = children
        count = 2 * len(parents)
        self._after: list[list[int]] = [[] for _ in range(count)]
        self._before: list[list[int]] = [[] for _ in range(count)]
        nodes = self._start_nodes()
        self._sort(nodes, expected)

    def add(self, predecessor: int, successor: int) -> list[int] | None:
        """Adds a dependency; where it would close a circle, returns that instead: the tasks, each once.

        The circle starts with the successor and ends with the predecessor.
        """
        tail, head = self._finish(predecessor), 2 * successor
        if circle := self._make_room(tail, head):
            return circle
        self._link(tail, head)
        return None

    def _start_nodes(self) -> list[int]:
        """Links starts and finishes of summary tasks to those inside; returns all nodes in an order."""
        nodes: list[int] = []
        waiting = [2 * task for task in reversed(self._children.get(None, ()))]
        while waiting:
            node = waiting.pop()
            nodes.append(node)
            task, is_finish = divmod(node, 2)
            inside = self._children.get(task)
            if is_finish or inside is None:
                continue
            waiting.append(node + 1)
            waiting.extend(2 * child for child in reversed(inside))
            for child in inside:
                self._link(node, 2 * child)
                self._link(self._finish(child), node + 1)
        return nodes

    def _finish(self, task: int) -> int:
        """The node of a task's finish: that of its start, too, where nothing is inside it."""
        return 2 * task + (task in self._children)

    def _link(self, tail: int, head: int) -> None:
        self._after[tail].append(head)
        self._before[head].append(tail)

    def _sort(self, nodes: Sequence[int], expected: Iterable[tuple[int, int]]) -> None:
        """Gives each node a place: first those that the expected dependencies order without a circle."""
        after = {node: list(self._after[node]) for node in nodes}
        waits = {node: len(self._before[node]) for node in nodes}
        for predecessor, successor in expected:
            after[self._finish(predecessor)].append(2 * successor)
            waits[2 * successor] += 1
        ready = [node for node in nodes if not waits[node]]
        for node in ready:
            for following in after[node]:
                waits[following] -= 1
                if not waits[following]:
                    ready.append(following)
        placed = set(ready)
        ordered = [*ready, *(node for node in nodes if node not in placed)]
        self._place = {node: place for place, node in enumerate(ordered)}

    def _make_room(self, tail: int, head: int) -> list[int] | None:
        """Moves what follows `head` behind what leads to `tail`; the circle where that cannot be."""
        place = self._place
        low, high = place[head], place[tail]
        if tail != head and high < low:
            return None
        came_from = {head: head}
        following = [head]
        for node in following:
            if node == tail:
                return self._circle(came_from, tail)
            for reached in self._after[node]:
                if reached not in came_from and place[reached] <= high:
                    came_from[reached] = node
                    following.append(reached)
        leading = [tail]
        seen = {tail}
        for node in leading:
            for reached in self._before[node]:
                if reached not in seen and place[reached] >= low:
                    seen.add(reached)
                    leading.append(reached)
        moved = [*sorted(leading, key=place.__getitem__), *sorted(following, key=place.__getitem__)]
        for node, spot in zip(moved, sorted(place[node] for node in moved), strict=True):
            place[node] = spot
        return None

    def _circle(self, came_from: Mapping[int, int], node: int) -> list[int]:
        nodes = [node]
        while came_from[node] != node:
            node = came_from[node]
            nodes.append(node)
        return list(dict.fromkeys(node // 2 for node in reversed(nodes)))
