"""Times the search for conflicts: ``python -m tests.benchmarks.conflicts --json``.

``spread`` plans claim files and folders as a project has them; ``alone`` ones consist of tasks that must
never run beside anything, and ``crowded`` ones of tasks that all modify one folder: every pair collides. Each
figure is the median of several runs in milliseconds, with nothing cached before.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time

from planner_core.conflicts import Findings, find_conflicts
from planner_core.items import Claim, Dependency, Task
from planner_core.paths import compile_pattern, overlap_witness
from planner_core.plan import Plan
from planner_core.ranks import ranks
from planner_core.vocabulary import ClaimMode

PATTERNS = 5
BACK = 20
REPEATS = 3


def some_pattern(chance: random.Random, areas: int) -> str:
    """A pattern as people claim them: mostly files, some folders, few wildcards."""
    area = f"src/area{chance.randrange(areas)}"
    kind = chance.random()
    if kind < 0.8:
        suffix = chance.choice(("py", "ts", "html", "css"))
        return f"{area}/{chance.choice(('models', 'views', 'api'))}/file{chance.randrange(40)}.{suffix}"
    if kind < 0.93:
        return f"{area}/{chance.choice(('models', 'views', 'api'))}/"
    if kind < 0.98:
        return f"{area}/**/*_{chance.randrange(40)}.py"
    return chance.choice(("CHANGELOG.md", "pyproject.toml", "docs/**", "*.lock", "src/**/urls.py"))


def spread(n: int, chance: random.Random) -> Plan:
    """A plan of n tasks with some patterns each, in which a task waits for up to three of those before it."""
    modes = (ClaimMode.MODIFIES, ClaimMode.MODIFIES, ClaimMode.CREATES, ClaimMode.READS)
    tasks = [
        Task(
            uid=f"u{i}",
            key=f"T{i}",
            rank=rank,
            claims=tuple(
                Claim(chance.choice(modes), some_pattern(chance, max(1, n // 3))) for _ in range(PATTERNS)
            ),
        )
        for i, rank in enumerate(ranks(n))
    ]
    links = {
        (chance.randrange(max(0, i - BACK), i), i)
        for i in range(1, n)
        for _ in range(chance.choice((0, 1, 1, 2, 3)))
    }
    return Plan(tasks=tuple(tasks), dependencies=tuple(Dependency(f"u{p}", f"u{s}") for p, s in links))


def alone(n: int, _: random.Random) -> Plan:
    """A plan of n tasks of which none may run beside anything."""
    return Plan(tasks=tuple(Task(f"u{i}", f"T{i}", r, parallel_safe=False) for i, r in enumerate(ranks(n))))


def crowded(n: int, _: random.Random) -> Plan:
    """A plan of n tasks that all modify one folder."""
    claims = (Claim(ClaimMode.MODIFIES, "src/"),)
    return Plan(tasks=tuple(Task(f"u{i}", f"T{i}", r, claims=claims) for i, r in enumerate(ranks(n))))


def timed(plan: Plan) -> tuple[float, Findings]:
    """The median time of a search with cold caches, and what it found."""
    times = []
    for _ in range(REPEATS):
        compile_pattern.cache_clear()
        overlap_witness.cache_clear()
        fresh = Plan(tasks=plan.tasks, dependencies=plan.dependencies)
        begun = time.perf_counter()
        findings = find_conflicts(fresh)
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times), findings


def main() -> None:
    """Print a line for each kind and size of plan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows = []
    for make in (spread, alone, crowded):
        for n in (50, 200, 1000):
            plan = make(n, random.Random(options.seed))
            elapsed, findings = timed(plan)
            excluded = sum(others.bit_count() for others in findings.apart) // 2
            figures = {"plan": make.__name__, "tasks": n, "ms": round(elapsed, 1), "excluded": excluded}
            rows.append({**figures, "conflicts": len(findings.conflicts), "unlisted": findings.unlisted})
    if options.json:
        print(json.dumps(rows, indent=1))
    else:
        for row in rows:
            print("  ".join(f"{name} {value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
