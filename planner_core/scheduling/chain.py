"""What a schedule's length hangs on: a chain of activities without a gap, from the beginning to the end."""

from __future__ import annotations

from planner_core.graph import topological_order
from planner_core.scheduling.problem import Problem
from planner_core.scheduling.schedule import Schedule


def critical_chain(problem: Problem, schedule: Schedule) -> list[int]:
    """Return activities of which each starts the moment the one before it finishes, and had to wait for it.

    The last one ends the schedule. Two neighbours are joined by a dependency, else by an exclusion, else by
    having the same agent, else by a resource; of several candidates the lowest number is taken.
    The chain reaches back to 0 in every schedule where nothing can start earlier by itself, as :func:`solve`
    makes them; where something waits for nothing, as behind a barrier, it begins there. O(n + m) and the
    sizes of the exclusions of the chain's members.
    """
    rank = [0] * problem.n
    for place, activity in enumerate(topological_order(problem.graph)):
        rank[activity] = place
    finishing: dict[int, list[int]] = {}
    for activity, moment in enumerate(schedule.finish):
        finishing.setdefault(moment, []).append(activity)
    cliques_of: dict[int, list[int]] = {}
    for number, clique in enumerate(problem.exclusions):
        for activity in clique:
            cliques_of.setdefault(activity, []).append(number)

    def held_by(activity: int) -> int | None:
        just_finished = finishing.get(schedule.start[activity], [])
        before = set(problem.graph.predecessors[activity])
        excluded = {other for number in cliques_of.get(activity, []) for other in problem.exclusions[number]}
        lasting = [a for a in just_finished if problem.durations[a]] if problem.durations[activity] else []
        same_agent = (a for a in lasting if schedule.agent[a] == schedule.agent[activity])
        shared = (a for a in lasting if any(r.demands[a] and r.demands[activity] for r in problem.resources))
        candidates = (
            *(a for a in just_finished if a in before),
            *(a for a in lasting if a in excluded),
            *same_agent,
            *shared,
        )
        return next(iter(candidates), None)

    # The last of the activities that end the schedule, in topological order: a milestone at the end rather
    # than what it ends.
    end = max(finishing.get(schedule.makespan, []), key=rank.__getitem__, default=None)
    chain: list[int] = []
    while end is not None:
        chain.append(end)
        end = held_by(end)
    return chain[::-1]
