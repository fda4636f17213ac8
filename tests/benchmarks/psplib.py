"""Schedules the standard PSPLIB instances: ``python -m tests.benchmarks.psplib DIR --seconds 5 --json``.

DIR has a folder of ``.sm`` files for each set and ``best_known.csv`` with the columns set, instance and
best_ub (Kolisch and Sprecher, "PSPLIB - a project scheduling problem library", 1996). ``mean_gap_percent`` is
how far makespans are above the best known, ``mean_own_gap_percent`` how far above the lower bound found in
the same run, both in percent of the lower figure; ``mean_seconds`` includes the heuristic. Every schedule is
validated.

``--peer`` gives PyJobShop the same instances, seconds and workers in the same run; it takes
``pip install pyjobshop==0.0.9``, which nothing else here needs.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from planner_core.scheduling import Problem, Resource, Schedule, best_schedule, validate_schedule


@dataclass(frozen=True)
class Instance:
    """One instance: its set, its name, the problem, and the shortest makespan that anyone found."""

    group: str
    name: str
    problem: Problem
    best_known: int


@dataclass(frozen=True)
class Outcome:
    """What a solver made of an instance, in the instance's units of time."""

    makespan: int
    lower_bound: int
    seconds: float
    best_known: int

    @property
    def gap_percent(self) -> float:
        """How far the makespan is above the best known one."""
        return 100 * (self.makespan - self.best_known) / self.best_known

    @property
    def own_gap_percent(self) -> float:
        """How far the makespan is above the lower bound."""
        return 100 * (self.makespan - self.lower_bound) / self.lower_bound


def problem_of(text: str) -> Problem:
    """Read a single-mode instance in the ``.sm`` format; jobs, source and sink too, are numbered from 0."""
    lines = text.splitlines()

    def table(title: str, skip: int) -> Iterator[list[int]]:
        """Yield the rows of numbers below a title and its headings, down to the next line of stars."""
        first = next(place for place, line in enumerate(lines) if line.startswith(title))
        for line in lines[first + 1 + skip :]:
            if line.startswith("*"):
                return
            yield [int(word) for word in line.split()]

    edges = [
        (job - 1, successor - 1)
        for job, _, _, *successors in table("PRECEDENCE RELATIONS", 1)
        for successor in successors
    ]
    durations, demands = [], []
    for _, _, duration, *needed in table("REQUESTS/DURATIONS", 2):
        durations.append(duration)
        demands.append(needed)
    (capacities,) = table("RESOURCEAVAILABILITIES", 1)
    resources = tuple(map(Resource, capacities, zip(*demands, strict=True)))
    return Problem(tuple(durations), tuple(edges), resources=resources)


def read_instances(folder: Path, limit: int | None) -> list[Instance]:
    """Read the instances that ``best_known.csv`` lists, in its order, the first ``limit`` of each set."""
    found: list[Instance] = []
    counts: dict[str, int] = {}
    with (folder / "best_known.csv").open() as file:
        for row in csv.DictReader(file):
            group, name = row["set"], row["instance"]
            counts[group] = counts.get(group, 0) + 1
            if limit is None or counts[group] <= limit:
                problem = problem_of((folder / group / f"{name}.sm").read_text())
                found.append(Instance(group, name, problem, int(row["best_ub"])))
    return found


def checked(problem: Problem, schedule: Schedule) -> Schedule:
    """Return a schedule that breaks no rule; raise AssertionError for another."""
    broken = validate_schedule(problem, schedule)
    if broken:
        raise AssertionError(broken)
    return schedule


def ours(instance: Instance, seconds: float, workers: int, seed: int, with_solver: bool) -> Outcome:
    """Schedule an instance with the project's own search."""
    begun = time.perf_counter()
    schedule = best_schedule(
        instance.problem, seconds=seconds, workers=workers, seed=seed, with_solver=with_solver
    )
    elapsed = time.perf_counter() - begun
    checked(instance.problem, schedule)
    return Outcome(schedule.makespan, schedule.lower_bound, elapsed, instance.best_known)


def peers(instance: Instance, seconds: float, workers: int, seed: int) -> Outcome:
    """Schedule an instance with PyJobShop."""
    problem = instance.problem
    begun = time.perf_counter()
    model = import_module("pyjobshop").Model()
    resources = [model.add_renewable(resource.capacity) for resource in problem.resources]
    tasks = [model.add_task() for _ in problem.durations]
    for activity, task in enumerate(tasks):
        demands = [resource.demands[activity] for resource in problem.resources]
        model.add_mode(task, resources, problem.durations[activity], demands)
    for before, after in problem.edges:
        model.add_end_before_start(tasks[before], tasks[after])
    result = model.solve(time_limit=seconds, num_workers=workers, display=False, random_seed=seed)
    elapsed = time.perf_counter() - begun
    start = tuple(task.start for task in result.best.tasks)
    finish = tuple(task.end for task in result.best.tasks)
    bound = math.ceil(result.lower_bound - 1e-6)
    schedule = checked(problem, Schedule(start, finish, tuple(range(problem.n)), bound))
    return Outcome(schedule.makespan, bound, elapsed, instance.best_known)


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures of one set."""
    return {
        "instances": len(outcomes),
        "mean_gap_percent": round(statistics.fmean(each.gap_percent for each in outcomes), 3),
        "proved": sum(each.makespan == each.lower_bound for each in outcomes),
        "mean_own_gap_percent": round(statistics.fmean(each.own_gap_percent for each in outcomes), 3),
        "mean_seconds": round(statistics.fmean(each.seconds for each in outcomes), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of the instances")
    parser.add_argument("--seconds", type=float, default=5.0, help="the time for each instance")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, help="the number of instances of each set, from the first on")
    parser.add_argument("--without-solver", action="store_true", help="the heuristic alone")
    parser.add_argument("--peer", action="store_true", help="PyJobShop as well")
    parser.add_argument("--json", action="store_true", help="print JSON rather than a table")
    asked = parser.parse_args()
    instances = read_instances(asked.folder, asked.limit)
    found: dict[str, dict[str, list[Outcome]]] = {"sets": {}}
    if not asked.without_solver:
        import_module("ortools.sat.python.cp_model")  # once in a process, and not part of any budget
    for each in instances:
        outcome = ours(each, asked.seconds, asked.workers, asked.seed, not asked.without_solver)
        found["sets"].setdefault(each.group, []).append(outcome)
        if asked.peer:
            outcome = peers(each, asked.seconds, asked.workers, asked.seed)
            found.setdefault("peer", {}).setdefault(each.group, []).append(outcome)
    figures = {
        side: {group: summary(outcomes) for group, outcomes in groups.items()}
        for side, groups in found.items()
    }
    if asked.json:
        print(json.dumps(figures))
        return
    for side, groups in figures.items():
        for group, row in groups.items():
            print(side, group, *(f"{name} {figure}" for name, figure in row.items()), sep="  ")


if __name__ == "__main__":
    main()
