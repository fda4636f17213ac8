"""A quick layered layout for graphs that are too large, or too dense, for `dot`."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]

SWEEPS = 6


def layered_positions(
    columns: Sequence[int], edges: Sequence[tuple[int, int]], *, column_width: float, row_height: float
) -> list[Point]:
    """Place nodes in columns from left to right, each near the nodes it is joined to.

    `columns[v]` is the column of node v; `edges` are pairs of nodes. Returns the centres, by node, in points,
    y upwards; the nodes of a column lie `row_height` apart, and the columns are centred on one line. Within
    the columns, nodes are ordered by alternating barycentre sweeps (Sugiyama, Tagawa and Toda, "Methods for
    visual understanding of hierarchical system structures", 1981). O(SWEEPS (n log n + m)).
    """
    if not columns:
        return []
    members: list[list[int]] = [[] for _ in range(max(columns) + 1)]
    for node, number in enumerate(columns):
        members[number].append(node)
    earlier: list[list[int]] = [[] for _ in columns]
    later: list[list[int]] = [[] for _ in columns]
    for tail, head in edges:
        if columns[tail] < columns[head]:
            earlier[head].append(tail)
            later[tail].append(head)
    place = [0.0] * len(columns)
    for column in members:
        _settle(column, place)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        neighbours = earlier if forwards else later
        for column in members if forwards else reversed(members):
            wanted = [(_mean(neighbours[node], place), place[node], node) for node in column]
            column[:] = [node for _, _, node in sorted(wanted)]
            _settle(column, place)
    return [(number * column_width, -place[node] * row_height) for node, number in enumerate(columns)]


def _settle(column: list[int], place: list[float]) -> None:
    """Give the nodes of a column places in their order, centred on 0."""
    middle = (len(column) - 1) / 2
    for row, node in enumerate(column):
        place[node] = row - middle


def _mean(neighbours: list[int], place: list[float]) -> float:
    return sum(place[other] for other in neighbours) / len(neighbours) if neighbours else 0.0
