"""Schedules generated plans: ``python -m tests.benchmarks.plans --seed 1 --json``.

For each size and number of agents a plan is drawn: estimates from ESTIMATES; each task waits for 0 to 3 of
the 20 tasks before it, 1.3 on average; each modifies a file of one area, drawn by a Zipf law over a third as
many areas as there are tasks, such that the busiest area holds about 8 % of the work; 5 % of the tasks also
modify the database schema, one at a time. Such a plan is scheduled as any other, conflicts included.

A row has the optimum or the best found, what the heuristic shows first and after how many milliseconds (the
quickest of several runs), how many times the best makespan working wave by wave takes, and the three things
that can bind: the critical path, the work divided by N, and the heaviest set of tasks that exclude each
other.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from importlib import import_module
from typing import Any

from planner_core.graph import waves
from planner_core.items import Claim, Dependency, Task
from planner_core.plan import Plan
from planner_core.ranks import ranks
from planner_core.scheduling import Problem, barrier_schedule, best_schedule, lower_bound, solve
from planner_core.scheduling.from_plan import problem_of
from planner_core.vocabulary import ClaimMode
from tests.benchmarks.psplib import checked

SIZES = (50, 100, 200, 300, 1000)
AGENTS = (4, 6, 10)
ESTIMATES = (10, 15, 20, 30, 45, 60, 90)
REACH = 20
# How many tasks wait for none, one, two, three others, in tenths: 1.3 on average.
PREDECESSORS = (0, 0, 1, 1, 1, 1, 2, 2, 2, 3)
BUSIEST_SHARE = 0.08
SCHEMA_SHARE = 0.05
# The first schedule is the best of this many passes; it is timed so many times.
FIRST_ITERATIONS = 8
FIRST_RUNS = 5


def generated(tasks: int, agents: int, seed: int) -> Plan:
    """Draw a plan."""
    chance = random.Random(f"{tasks} {agents} {seed}")
    areas = range(tasks // 3)
    weights = zipf_weights(len(areas))
    made, dependencies = [], []
    for number, rank in enumerate(ranks(tasks)):
        area = chance.choices(areas, weights)[0]
        claims = [Claim(ClaimMode.MODIFIES, f"src/area{area}/**")]
        if chance.random() < SCHEMA_SHARE:
            claims.append(Claim(ClaimMode.MODIFIES, "database/schema.sql"))
        estimate = chance.choice(ESTIMATES)
        made.append(Task(f"t{number}", f"T{number}", rank, estimate=estimate, claims=tuple(claims)))
        before = range(max(0, number - REACH), number)
        for other in chance.sample(before, min(len(before), chance.choice(PREDECESSORS))):
            dependencies.append(Dependency(f"t{other}", f"t{number}"))
    return Plan(tasks=tuple(made), dependencies=tuple(dependencies), agent_count=agents)


def zipf_weights(areas: int) -> list[float]:
    """Return 1 / k^s for k from 1 on, with s such that the first is BUSIEST_SHARE of their sum, or s = 0."""
    low, high = 0.0, 3.0
    for _ in range(50):
        middle = (low + high) / 2
        if 1 / sum((k + 1) ** -middle for k in range(areas)) < BUSIEST_SHARE:
            low = middle
        else:
            high = middle
    return [(k + 1) ** -low for k in range(areas)]


def first_schedule(problem: Problem) -> tuple[int, float]:
    """Return the makespan of the first schedule and the fewest milliseconds until it is there."""
    times = []
    for _ in range(FIRST_RUNS):
        # What a problem remembers of itself is not kept from run to run.
        fresh = Problem(problem.durations, problem.edges, problem.exclusions, problem.agents)
        begun = time.perf_counter()
        schedule = solve(fresh, iterations=FIRST_ITERATIONS)
        times.append(time.perf_counter() - begun)
    return schedule.makespan, 1000 * min(times)


def measure(tasks: int, agents: int, seed: int, seconds: float, workers: int) -> dict[str, Any]:
    """Schedule one plan in every way and return its row."""
    plan = generated(tasks, agents, seed)
    problem = problem_of(plan)
    first_makespan, first_milliseconds = first_schedule(problem)
    begun = time.perf_counter()
    best = checked(problem, best_schedule(problem, seconds=seconds, workers=workers, seed=seed))
    elapsed = time.perf_counter() - begun
    barriers = barrier_schedule(problem, waves(plan.leaf_graph))
    checked(problem, barriers.schedule)
    bound = lower_bound(problem)
    return {
        "tasks": tasks,
        "makespan": best.makespan,
        "lower_bound": best.lower_bound,
        "proved": best.proved,
        "seconds": round(elapsed, 3),
        "first_makespan": first_makespan,
        "first_milliseconds": round(first_milliseconds, 2),
        "barrier_ratio": round(barriers.schedule.makespan / best.makespan, 3),
        "agents": agents,
        "critical_path": bound.critical_path,
        "work_per_agent": round(problem.work / agents, 1),
        "heaviest_clique": max(
            (sum(problem.durations[a] for a in clique) for clique in problem.exclusions), default=0
        ),
        "exclusions": len(problem.exclusions),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--json", action="store_true", help="print JSON rather than a table")
    asked = parser.parse_args()
    import_module("ortools.sat.python.cp_model")  # once in a process, and not part of any budget
    rows = [
        measure(tasks, agents, asked.seed, 1.0 if tasks <= 300 else 2.0, asked.workers)
        for tasks in asked.sizes
        for agents in AGENTS
    ]
    if asked.json:
        print(json.dumps({"plans": rows}))
        return
    print(*rows[0], sep="  ")
    for row in rows:
        print(*(f"{figure!s:>{len(name)}}" for name, figure in row.items()), sep="  ")


if __name__ == "__main__":
    main()
