"""A schedule as data, and a validator that shares no code with what makes schedules."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from planner_core.scheduling.problem import Problem


@dataclass(frozen=True)
class Schedule:
    """When each activity starts and finishes, in minutes from 0, and who does it, in agents numbered from 0.

    The tuples are indexed by activity. ``lower_bound`` is a makespan that no schedule of the problem beats. A
    milestone names the agent whose work it ends, and keeps nobody busy.
    """

    start: tuple[int, ...]
    finish: tuple[int, ...]
    agent: tuple[int, ...]
    lower_bound: int

    @property
    def makespan(self) -> int:
        """When the last activity finishes, in minutes from 0."""
        return max(self.finish, default=0)

    @property
    def proved(self) -> bool:
        """Whether no schedule can be shorter."""
        return self.makespan == self.lower_bound


def validate_schedule(problem: Problem, schedule: Schedule) -> list[str]:
    """Return a sentence for each rule that the schedule breaks; an empty list means that it is valid.

    Checked in this order: sizes, times, dependencies, exclusions, agents, resources, the lower bound.
    Written for certainty, not for speed: O(n^2) pairs in the worst case.
    """
    sizes = {len(schedule.start), len(schedule.finish), len(schedule.agent)}
    if sizes != {len(problem.durations)}:
        return [f"the schedule has {sorted(sizes)} entries for {len(problem.durations)} activities"]
    start, finish = schedule.start, schedule.finish
    broken = []
    for activity, duration in enumerate(problem.durations):
        if start[activity] < 0:
            broken.append(f"activity {activity} starts before 0, at {start[activity]}")
        if finish[activity] - start[activity] != duration:
            broken.append(f"activity {activity} takes {finish[activity] - start[activity]}, not {duration}")
    for before, after in problem.edges:
        if start[after] < finish[before]:
            broken.append(f"activity {after} starts at {start[after]}, {before} finishes at {finish[before]}")
    for clique in problem.exclusions:
        for one, other in combinations(clique, 2):
            if _overlap(schedule, one, other):
                broken.append(f"activities {one} and {other} exclude each other and overlap")
    broken += _broken_agents(problem, schedule)
    broken += _broken_resources(problem, schedule)
    if schedule.makespan < schedule.lower_bound:
        broken.append(f"the makespan {schedule.makespan} is below the lower bound {schedule.lower_bound}")
    return broken


def _broken_agents(problem: Problem, schedule: Schedule) -> list[str]:
    broken = []
    work_of: dict[int, list[int]] = {}
    for activity, agent in enumerate(schedule.agent):
        if agent < 0 or (problem.agents is not None and agent >= problem.agents):
            broken.append(f"activity {activity} is given to agent {agent}, whom there is not")
        work_of.setdefault(agent, []).append(activity)
    for agent in sorted(work_of):
        for one, other in combinations(work_of[agent], 2):
            if _overlap(schedule, one, other):
                broken.append(f"agent {agent} does activities {one} and {other} at once")
    return broken


def _broken_resources(problem: Problem, schedule: Schedule) -> list[str]:
    broken = []
    for number, resource in enumerate(problem.resources):
        for moment in sorted(set(schedule.start)):
            running = (a for a in range(problem.n) if schedule.start[a] <= moment < schedule.finish[a])
            used = sum(resource.demands[activity] for activity in running)
            if used > resource.capacity:
                broken.append(f"at {moment}, {used} of {resource.capacity} of resource {number} are in use")
    return broken


def _overlap(schedule: Schedule, one: int, other: int) -> bool:
    """Say whether two activities share a stretch of time; a milestone has no length and shares none."""
    return min(schedule.finish[one], schedule.finish[other]) > max(schedule.start[one], schedule.start[other])
