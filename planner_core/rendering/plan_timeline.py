"""From a plan's comparison to what its timeline shows."""

from __future__ import annotations

from itertools import pairwise

from planner_core.plan import Plan
from planner_core.rendering.timeline import Band, Bar, HandOver, Lane, TimelineInput
from planner_core.scheduling.chain import critical_chain
from planner_core.scheduling.comparison import Comparison
from planner_core.scheduling.from_plan import agent_name, has_phases, phase_groups, problem_of
from planner_core.scheduling.schedule import Schedule


def timeline_of(plan: Plan, comparison: Comparison, *, link: str = "") -> TimelineInput:
    """The sequential and the parallel schedule of a plan as a timeline.

    Critical is the chain that makes the parallel schedule as long as it is, by dependencies, exclusions and
    agents; its hand-overs are the dependencies in it that pass from one agent to another. Phases are marked
    where the plan keeps them. `link` is the address of a task's page with `{uid}` in it, or empty.
    """
    problem = problem_of(plan, agents=comparison.agents)
    chain = critical_chain(problem, comparison.parallel)
    critical = set(chain)
    lanes = []
    for number in range(comparison.agents):
        places = [place for place, agent in enumerate(comparison.parallel.agent) if agent == number]
        work = sum(problem.durations[place] for place in places)
        lanes.append(
            Lane(
                agent_name(plan, number),
                _bars(plan, comparison.parallel, places, critical),
                round(100 * work / comparison.parallel.makespan) if comparison.parallel.makespan else 0,
            )
        )
    links = {(link.predecessor, link.successor) for link in plan.dependencies}
    uids = [task.uid for task in plan.leaves]
    agents = comparison.parallel.agent
    return TimelineInput(
        sequential=_bars(plan, comparison.sequential, range(len(plan.leaves)), critical),
        lanes=tuple(lanes),
        sequential_makespan=comparison.sequential.makespan,
        parallel_makespan=comparison.parallel.makespan,
        saved=comparison.saved,
        speedup=comparison.speedup,
        hand_overs=tuple(
            HandOver(uids[before], uids[after])
            for before, after in pairwise(chain)
            if (uids[before], uids[after]) in links and agents[before] != agents[after]
        ),
        bands=_bands(plan, comparison),
        link=link,
    )


def _bars(plan: Plan, schedule: Schedule, places: list[int] | range, critical: set[int]) -> tuple[Bar, ...]:
    bars = [
        Bar(
            plan.leaves[place].uid,
            plan.leaves[place].key,
            plan.leaves[place].title,
            schedule.start[place],
            schedule.finish[place],
            critical=place in critical,
            assumed=plan.leaves[place].estimate is None,
        )
        for place in places
    ]
    return tuple(sorted(bars, key=lambda bar: (bar.start, bar.finish)))


def _bands(plan: Plan, comparison: Comparison) -> tuple[Band, ...]:
    if not (plan.keep_phases and has_phases(plan)):
        return ()
    numbers = {phase.uid: place for place, phase in enumerate(plan.phases)}
    bands = []
    for group in phase_groups(plan):
        names = [plan.leaves[place].phase for place in group]
        last = max((numbers[uid] for uid in names if uid is not None), default=0)
        schedule = comparison.parallel
        bands.append(
            Band(
                plan.phases[last].name,
                min(schedule.start[place] for place in group),
                max(schedule.finish[place] for place in group),
            )
        )
    return tuple(bands)
