"""A plan's schedules side by side: one after the other, phase by phase, on N agents, on any number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from planner_core.conflicts import Findings
from planner_core.graph import critical_path_method
from planner_core.plan import Plan
from planner_core.scheduling.barriers import barrier_schedule, sequential, unlimited
from planner_core.scheduling.from_plan import agent_name, has_phases, phase_groups, problem_of
from planner_core.scheduling.heuristic import solve
from planner_core.scheduling.problem import Problem
from planner_core.scheduling.schedule import Schedule


@dataclass(frozen=True, slots=True)
class TaskTime:
    """When a task runs on the N agents, in minutes from 0, and who does it, counted from 0.

    `slack` is how far it can slip, by its dependencies alone, without moving the end of the plan.
    """

    uid: str
    key: str
    start: int
    finish: int
    agent: int
    agent_name: str
    slack: int


@dataclass(frozen=True, slots=True)
class PhaseByPhase:
    """The schedule that finishes each group, a phase or else a wave, before it starts the next.

    `groups` are task keys in the order of the plan, `makespans` the groups' own in minutes.
    """

    schedule: Schedule
    groups: tuple[tuple[str, ...], ...]
    makespans: tuple[int, ...]

    @property
    def makespan(self) -> int:
        """The length of all groups together, in minutes."""
        return self.schedule.makespan


@dataclass(frozen=True)
class Comparison:
    """The schedules of one plan; those are indexed by place in the plan's `leaves`, times are minutes.

    `critical_path` is the longest chain of dependencies (CPM), by key; `assumed` the keys of the tasks
    without an estimate; `tasks` are in the order of the plan.
    """

    agents: int
    assumed: tuple[str, ...]
    sequential: Schedule
    phases: PhaseByPhase
    parallel: Schedule
    unlimited: Schedule
    tasks: tuple[TaskTime, ...]
    critical_path: tuple[str, ...]
    critical_path_uids: tuple[str, ...]

    @property
    def lower_bound(self) -> int:
        """A makespan that no schedule on these agents beats, in minutes."""
        return self.parallel.lower_bound

    @property
    def proved(self) -> bool:
        """Whether no schedule on these agents is shorter than the one found."""
        return self.parallel.proved

    @property
    def saved(self) -> int:
        """The minutes that working side by side saves."""
        return self.sequential.makespan - self.parallel.makespan

    @property
    def speedup(self) -> float:
        """How many times faster than one after the other, to two decimals; 1 for a plan without work."""
        if not self.parallel.makespan:
            return 1.0
        return round(self.sequential.makespan / self.parallel.makespan, 2)

    def as_json(self) -> dict[str, Any]:
        """The comparison as JSON values, tasks by key and in the order in which they start."""
        return {
            "unit": "minutes",
            "assumed": list(self.assumed),
            "sequential": {"makespan": self.sequential.makespan},
            "phases": {
                "makespan": self.phases.makespan,
                "groups": [list(group) for group in self.phases.groups],
            },
            "parallel": {
                "agents": self.agents,
                "makespan": self.parallel.makespan,
                "lower_bound": self.lower_bound,
                "proved": self.proved,
                "tasks": [
                    {"task": time.key, "start": time.start, "finish": time.finish, "agent": time.agent_name}
                    for time in sorted(self.tasks, key=lambda time: time.start)
                ],
            },
            "unlimited": {"makespan": self.unlimited.makespan},
            "critical_path": list(self.critical_path),
            "speedup": self.speedup,
            "saved": self.saved,
        }


def compare(plan: Plan, agents: int | None = None, *, findings: Findings | None = None) -> Comparison:
    """Schedule a plan in all ways that are compared; the same plan gives the same answer everywhere.

    `agents` stands in for the plan's own number of agents, and `findings` are the plan's conflicts where they
    are known already. Where the plan keeps its phases, all schedules but the sequential one do. Raises
    ValueError for less than one agent.
    """
    problem = problem_of(plan, agents=agents, findings=findings)
    groups = phase_groups(plan)
    barriers = barrier_schedule(problem, groups)
    if plan.keep_phases and has_phases(plan):
        parallel = barriers.schedule
        free = barrier_schedule(replace(problem, agents=None), groups).schedule
    else:
        parallel = solve(problem)
        free = unlimited(problem)
    parallel = replace(parallel, agent=_agents(plan, problem, parallel))
    cpm = critical_path_method(plan.leaf_graph, problem.durations)
    keys = [task.key for task in plan.leaves]
    return Comparison(
        agents=plan.agent_total if agents is None else agents,
        assumed=tuple(task.key for task in plan.assumed),
        sequential=sequential(problem),
        phases=PhaseByPhase(
            barriers.schedule,
            tuple(tuple(keys[place] for place in group) for group in groups),
            barriers.makespans,
        ),
        parallel=parallel,
        unlimited=free,
        tasks=_task_times(plan, parallel, cpm.slack),
        critical_path=tuple(keys[place] for place in cpm.critical_path),
        critical_path_uids=tuple(plan.leaves[place].uid for place in cpm.critical_path),
    )


def _task_times(plan: Plan, schedule: Schedule, slack: Sequence[int]) -> tuple[TaskTime, ...]:
    return tuple(
        TaskTime(
            uid=task.uid,
            key=task.key,
            start=schedule.start[place],
            finish=schedule.finish[place],
            agent=schedule.agent[place],
            agent_name=agent_name(plan, schedule.agent[place]),
            slack=slack[place],
        )
        for place, task in enumerate(plan.leaves)
    )


def _agents(plan: Plan, problem: Problem, schedule: Schedule) -> tuple[int, ...]:
    """Who does what, such that tasks for a named agent are that agent's.

    The others go, in the order of their start, to the agent of a predecessor, else to the first who is free.
    Where that does not come out, the schedule's own agents stay.
    """
    number = {agent.uid: place for place, agent in enumerate(plan.agents)}
    total = problem.agents or problem.n
    doers = {place: number[task.agent] for place, task in enumerate(plan.leaves) if task.agent is not None}
    if not doers or max(doers.values()) >= total:
        return schedule.agent
    busy: list[list[int]] = [[] for _ in range(total)]
    for place, agent in doers.items():
        busy[agent].append(place)
    order = sorted(range(problem.n), key=lambda place: (schedule.start[place], schedule.finish[place], place))
    for place in order:
        if place in doers:
            continue
        candidates = [doers[p] for p in problem.graph.predecessors[place] if p in doers]
        for agent in (*candidates, *range(total)):
            if not any(_overlap(schedule, place, other) for other in busy[agent]):
                doers[place] = agent
                busy[agent].append(place)
                break
        else:
            return schedule.agent
    return tuple(doers[place] for place in range(problem.n))


def _overlap(schedule: Schedule, one: int, other: int) -> bool:
    return max(schedule.start[one], schedule.start[other]) < min(schedule.finish[one], schedule.finish[other])
