"""Execution groups to write into a document: what may run side by side, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from planner_core.graph import topological_order
from planner_core.plan import Plan

Step = tuple[Literal["sequential", "parallel"], tuple[str, ...]]


def execution_groups(plan: Plan, apart: Sequence[int]) -> list[Step]:
    """The scheduled tasks' keys in steps: each step after the one before it, nothing in it excluded.

    The steps are the phases in their order, each in waves; where a task has no phase, or one waits for a
    task of a later phase, they are the waves of the whole plan. A wave is split so that no part of it holds
    two tasks that `apart` (for each place in `leaves` a bitset) forbids to overlap: each task goes into the
    first part that takes it. Steps of one task that follow each other are one sequential step.
    """
    waves: dict[tuple[int, int], list[int]] = {}
    for place, level in enumerate(_levels(plan, _phase_positions(plan))):
        waves.setdefault(level, []).append(place)
    parts = [part for level in sorted(waves) for part in _split(waves[level], apart)]
    steps: list[Step] = []
    for single, run in groupby(parts, key=lambda part: len(part) == 1):
        keyed = [tuple(plan.leaves[place].key for place in part) for part in run]
        if single:
            steps.append(("sequential", tuple(key for part in keyed for key in part)))
        else:
            steps += [("parallel", part) for part in keyed]
    return steps


def _phase_positions(plan: Plan) -> list[int]:
    position = {phase.uid: index for index, phase in enumerate(plan.phases)}
    found = [position[leaf.phase] for leaf in plan.leaves if leaf.phase is not None]
    against = len(found) < len(plan.leaves) or any(
        found[predecessor] > found[successor] for predecessor, successor in plan.leaf_graph.edges
    )
    return [0] * len(plan.leaves) if against else found


def _levels(plan: Plan, phases: list[int]) -> list[tuple[int, int]]:
    depth = [0] * len(phases)
    graph = plan.leaf_graph
    for node in topological_order(graph):
        for successor in graph.successors[node]:
            if phases[successor] == phases[node]:
                depth[successor] = max(depth[successor], depth[node] + 1)
    return list(zip(phases, depth, strict=True))


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
