"""The figures of a plan in words: how long, how much faster, how well proved."""

from __future__ import annotations

from dataclasses import dataclass

import planner_core as core


@dataclass(frozen=True)
class Figures:
    """What the line of figures and the head of the timeline say; durations as people read them."""

    tasks: int
    dependencies: int
    conflicts: int
    sequential: str
    phases: str
    parallel: str
    unlimited: str
    saved: str
    speedup: str
    lower_bound: str
    proof: str
    agents_label: str


def present_figures(plan: core.Plan, comparison: core.Comparison, conflicts: int) -> Figures:
    """The figures of a plan."""
    count = comparison.agents
    return Figures(
        tasks=len(plan.leaves),
        dependencies=len(plan.dependencies),
        conflicts=conflicts,
        sequential=core.format_duration(comparison.sequential.makespan),
        phases=core.format_duration(comparison.phases.makespan),
        parallel=core.format_duration(comparison.parallel.makespan),
        unlimited=core.format_duration(comparison.unlimited.makespan),
        saved=core.format_duration(comparison.saved),
        speedup=f"{comparison.speedup:g}",
        lower_bound=core.format_duration(comparison.lower_bound),
        proof=_proof(comparison),
        agents_label="1 agent" if count == 1 else f"{count} agents",
    )


def _proof(comparison: core.Comparison) -> str:
    if comparison.proved:
        return "proved shortest"
    above = comparison.parallel.makespan / max(1, comparison.lower_bound) - 1
    return f"within {above:.1%} of the shortest"
