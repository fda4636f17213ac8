"""Who does what in a schedule whose times are settled."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from planner_core.graph import topological_order
from planner_core.scheduling.problem import Problem


def assign_agents(problem: Problem, start: Sequence[int]) -> tuple[int, ...]:
    """Give each activity an agent, numbered from 0, so that work stays with whoever did what it builds on.

    An activity goes to a free agent who did one of its predecessors, the one that finished last; else to a
    free agent whose latest activity nobody waits for any more, the lowest number first; to a new one only
    when nobody is free. A milestone takes the agent of its last predecessor. The start times must need no
    more agents than there are; then the assignment needs no more either. O(n N + m).
    """
    durations, predecessors = problem.durations, problem.graph.predecessors
    agents = [0] * problem.n
    free_from: list[int] = []  # for each agent, when its latest activity finishes
    latest: list[int] = []  # for each agent, its latest activity
    waiting = [len(successors) for successors in problem.graph.successors]
    order = topological_order(problem.graph)
    order.sort(key=start.__getitem__)

    def last_first(activity: int) -> list[int]:
        """Return the agents of an activity's predecessors, whoever finished last first."""
        before = sorted(predecessors[activity], key=lambda p: (-start[p] - durations[p], agents[p], p))
        return [agents[predecessor] for predecessor in before]

    def take(activity: int, agent: int) -> None:
        agents[activity] = agent
        free_from[agent] = now + durations[activity]
        latest[agent] = activity

    for now, group in groupby(order, key=start.__getitem__):
        begun = []
        for activity in group:
            for predecessor in predecessors[activity]:
                waiting[predecessor] -= 1
            if durations[activity]:
                begun.append(activity)
            elif predecessors[activity]:
                agents[activity] = last_first(activity)[0]
        newcomers = []
        # Whoever has the fewest agents to continue with chooses first.
        for activity in sorted(begun, key=lambda a: len(set(last_first(a)))):
            agent = next((a for a in last_first(activity) if a < len(latest) and free_from[a] <= now), None)
            if agent is None:
                newcomers.append(activity)
            else:
                take(activity, agent)
        for activity in newcomers:
            free = [agent for agent, moment in enumerate(free_from) if moment <= now]
            if not free:
                free_from.append(now)
                latest.append(activity)
                free = [len(latest) - 1]
            take(activity, min(free, key=lambda agent: (waiting[latest[agent]] > 0, agent)))
    return tuple(agents)
