"""Execution groups to write into a document: what may run side by side, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from planner_core.graph import Graph, waves
from planner_core.plan import Plan
from planner_core.scheduling.from_plan import phase_groups

Step = tuple[Literal["sequential", "parallel"], tuple[str, ...]]


def execution_groups(plan: Plan, apart: Sequence[int]) -> list[Step]:
    """The scheduled tasks' keys in steps: each step after the one before it, nothing in it excluded.

    The steps are the phases in their order, each in waves; without phases the waves of the whole plan. A wave
    is split so that no part of it holds two tasks that `apart` (for each place in `leaves` a bitset) forbids
    to overlap: each task goes into the first part that takes it. Steps of one task that follow each other are
    one sequential step.
    """
    parts = [
        part for group in phase_groups(plan) for wave in _waves(plan, group) for part in _split(wave, apart)
    ]
    steps: list[Step] = []
    for single, run in groupby(parts, key=lambda part: len(part) == 1):
        keyed = [tuple(plan.leaves[place].key for place in part) for part in run]
        if single:
            steps.append(("sequential", tuple(key for part in keyed for key in part)))
        else:
            steps += [("parallel", part) for part in keyed]
    return steps


def _waves(plan: Plan, group: Sequence[int]) -> list[list[int]]:
    number = {place: index for index, place in enumerate(group)}
    edges = (
        (number[place], number[successor])
        for place in group
        for successor in plan.leaf_graph.successors[place]
        if successor in number
    )
    return [[group[index] for index in wave] for wave in waves(Graph.from_edges(len(group), edges))]


def _split(wave: list[int], apart: Sequence[int]) -> list[list[int]]:
    parts: list[tuple[list[int], int]] = []
    for place in wave:
        for index, (part, taken) in enumerate(parts):
            if not apart[place] & taken:
                part.append(place)
                parts[index] = (part, taken | 1 << place)
                break
        else:
            parts.append(([place], 1 << place))
    return [part for part, _ in parts]
