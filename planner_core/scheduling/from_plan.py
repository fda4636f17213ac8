"""From a plan to a scheduling problem: activities are the scheduled tasks, by their place in `leaves`."""

from __future__ import annotations

from planner_core.conflicts import Findings, find_conflicts
from planner_core.graph import topological_order, waves
from planner_core.plan import Plan
from planner_core.scheduling.problem import Problem, cliques_of_pairs


def problem_of(plan: Plan, *, agents: int | None = None, findings: Findings | None = None) -> Problem:
    """What a plan asks of a schedule, with the plan's own number of agents where none is given.

    Exclusions are what the conflicts exclude, and the tasks that one named agent is to do. `findings` are the
    plan's conflicts where they are known already.
    """
    found = find_conflicts(plan) if findings is None else findings
    edges = tuple(plan.leaf_graph.edges)
    cliques = cliques_of_pairs(len(plan.leaves), found.exclusion_places, edges)
    return Problem(
        durations=tuple(plan.duration_of(task) for task in plan.leaves),
        edges=edges,
        exclusions=(*cliques, *_same_agent(plan)),
        agents=plan.agent_total if agents is None else agents,
        priorities=tuple(task.priority for task in plan.leaves),
    )


def _same_agent(plan: Plan) -> list[tuple[int, ...]]:
    found: dict[str, list[int]] = {agent.uid: [] for agent in plan.agents}
    for place, task in enumerate(plan.leaves):
        if task.agent is not None:
            found[task.agent].append(place)
    return [tuple(places) for places in found.values() if len(places) > 1]


def agent_name(plan: Plan, number: int) -> str:
    """What agent `number`, counted from 0, is called: by name where the plan names that many."""
    return plan.agents[number].name if number < len(plan.agents) else f"Agent {number + 1}"


def has_phases(plan: Plan) -> bool:
    """Whether any scheduled task is in a phase, by itself or through its summary task."""
    return any(number is not None for number in _declared_phases(plan))


def phase_groups(plan: Plan) -> tuple[tuple[int, ...], ...]:
    """The scheduled tasks phase by phase, by place in `leaves`; wave by wave where no task is in a phase.

    A task is in its own phase, else in that of the nearest summary task around it, else in the first; but
    never in an earlier one than a task that it waits for. Places ascend in a group; no group is empty.
    """
    if not has_phases(plan):
        return tuple(tuple(wave) for wave in waves(plan.leaf_graph))
    phase_of = [number or 0 for number in _declared_phases(plan)]
    for place in topological_order(plan.leaf_graph):
        before = (phase_of[predecessor] for predecessor in plan.leaf_graph.predecessors[place])
        phase_of[place] = max(phase_of[place], *before, 0)
    groups: list[list[int]] = [[] for _ in plan.phases]
    for place, number in enumerate(phase_of):
        groups[number].append(place)
    return tuple(tuple(group) for group in groups if group)


def _declared_phases(plan: Plan) -> list[int | None]:
    number = {phase.uid: place for place, phase in enumerate(plan.phases)}
    found = []
    for task in plan.leaves:
        phase, parent = task.phase, task.parent
        while phase is None and parent is not None:
            phase, parent = plan.task_by_uid[parent].phase, plan.task_by_uid[parent].parent
        found.append(None if phase is None else number[phase])
    return found
