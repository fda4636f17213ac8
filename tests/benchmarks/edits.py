"""Times an edit from request to answer: ``python -m tests.benchmarks.edits --json``.

Somebody draws a dependency in the editor: the request goes through all of Django (on a SQLite file), changes
the plan and answers with the new drawing. Each run draws another dependency, so no drawing is one that was
made before. Beside it: the time that the same Graphviz, started in the same way, takes by itself for the same
drawing. ``within`` says whether the edit takes at most 1.5 times that plus 50 ms. Times are medians in
milliseconds. ``page_queries`` and ``edit_queries`` are the queries of the editor's page and of the edit.

``--profile N`` prints instead where the time of the edits goes, the N functions with the most of it.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from unittest import mock

import planner_core as core
from tests.ground import Ground

if TYPE_CHECKING:
    from taskplanner.plans.models import Plan

Result = TypeVar("Result")

SIZES = (50, 200, 1000)
EDGES_A_TASK = 1.8
REACH = 20
WARM_UPS = 2
PHASES = 5
TIMES, PLUS_MS = 1.5, 50.0


@dataclass(frozen=True)
class Figures:
    """What was measured at one size of plan."""

    tasks: int
    dependencies: int
    conflicts: int
    drawn: bool
    edit_ms: float
    graphviz_ms: float
    ratio: float
    allowed_ms: float
    within: bool
    edit_queries: int
    page_queries: int


def some_plan(size: int, chance: random.Random) -> core.Plan:
    """A plan as people make them: in phases, with short dependencies; some files are two tasks'."""
    phases = tuple(core.Phase(f"p{i}", f"Phase {i}", rank) for i, rank in enumerate(core.ranks(PHASES)))
    tasks = tuple(
        core.Task(
            uid=f"t{i}",
            key=f"T{i:04}",
            rank=rank,
            title=f"Build part {i} of the shop",
            estimate=chance.choice((15, 30, 45, 60, 90)),
            phase=phases[i * PHASES // size].uid,
            claims=(
                core.Claim(core.ClaimMode.MODIFIES, f"src/area{i}/views.py"),
                core.Claim(core.ClaimMode.MODIFIES, f"src/area{chance.randrange(size)}/models.py"),
                core.Claim(core.ClaimMode.READS, f"docs/area{i}/**"),
            ),
        )
        for i, rank in enumerate(core.ranks(size))
    )
    links = {some_pair(size, chance) for _ in range(size)}
    while len(links) < size * EDGES_A_TASK:
        links.add(some_pair(size, chance))
    dependencies = tuple(core.Dependency(f"t{first}", f"t{second}") for first, second in sorted(links))
    return core.Plan(title=f"{size} tasks", tasks=tasks, phases=phases, dependencies=dependencies)


def some_pair(size: int, chance: random.Random) -> tuple[int, int]:
    """A task and one not long before it."""
    second = chance.randrange(1, size)
    return chance.randrange(max(0, second - REACH), second), second


def new_pairs(plan: core.Plan, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Ends of dependencies that the plan does not have, each once."""
    there = {(link.predecessor, link.successor) for link in plan.dependencies}
    while True:
        first, second = (f"t{place}" for place in some_pair(len(plan.tasks), chance))
        if (first, second) not in there:
            there.add((first, second))
            yield first, second


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """How many milliseconds something takes, and what it gives."""
    begun = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - begun), result


class Editor:
    """Somebody with the editor open on a plan, and what Graphviz was asked to draw for them."""

    def __init__(self, row: Plan) -> None:
        from django.test import Client

        self.row = row
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(row.project.team.memberships.get().user)
        self.drawn: list[str] = []

    def connect(self, first: str, second: str) -> bytes:
        """Draw a dependency, and get the new graph."""
        response = self.client.post(
            f"/plans/{self.row.pk}/dependencies/add/",
            {"predecessor": first, "successor": second},
            headers={"HX-Request": "true", "HX-Target": "graph"},
        )
        assert response.status_code == 200, response.content
        return response.content

    def open(self) -> None:
        """Load the editor's page."""
        assert self.client.get(f"/plans/{self.row.pk}/").status_code == 200

    def recording(self) -> mock._patch[mock.MagicMock]:
        """While this holds, what Graphviz is asked to draw is kept in `drawn`."""
        render_svg = core.render_svg

        def record(dot: str) -> str:
            self.drawn.append(dot)
            return render_svg(dot)

        return mock.patch.object(core, "render_svg", side_effect=record)


def open_editor(plan: core.Plan) -> Editor:
    """An editor on a newly stored plan."""
    from taskplanner.accounts.models import User
    from taskplanner.accounts.services import create_team
    from taskplanner.plans.services import create_plan, create_project

    person = User.objects.create_user(email=f"{len(plan.tasks)}@example.com")
    project = create_project(team=create_team(name="Crew", owner=person), name=plan.title)
    return Editor(create_plan(project=project, content=plan, actor=person))


def count_queries(work: Callable[[], object]) -> int:
    """How many queries something makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def measure(size: int, seed: int, repeats: int) -> Figures:
    """Time edits of a plan of this size, and Graphviz by itself after each of them."""
    chance = random.Random(seed)
    plan = some_plan(size, chance)
    pairs, editor = new_pairs(plan, chance), open_editor(plan)
    editor.open()
    for _ in range(WARM_UPS):
        editor.connect(*next(pairs))
    edits, alone, drawn = [], [], True
    for _ in range(repeats):
        with editor.recording():
            elapsed, answer = timed(lambda: editor.connect(*next(pairs)))
        edits.append(elapsed)
        drawn = drawn and b"<svg" in answer
        alone.append(timed(lambda: draw(editor.drawn.pop()))[0])
        assert not editor.drawn
    edit_ms, graphviz_ms = statistics.median(edits), statistics.median(alone)
    allowed = TIMES * graphviz_ms + PLUS_MS
    return Figures(
        tasks=size,
        dependencies=len(plan.dependencies),
        conflicts=len(core.find_conflicts(plan).conflicts),
        drawn=drawn,
        edit_ms=round(edit_ms, 1),
        graphviz_ms=round(graphviz_ms, 1),
        ratio=round(edit_ms / graphviz_ms, 2),
        allowed_ms=round(allowed, 1),
        within=edit_ms <= allowed,
        edit_queries=count_queries(lambda: editor.connect(*next(pairs))),
        page_queries=count_queries(editor.open),
    )


def draw(dot: str) -> str | None:
    """The drawing; None where Graphviz gives up."""
    try:
        return core.render_svg(dot)
    except core.PlannerError:
        return None


def profile(size: int, seed: int, repeats: int, lines: int) -> None:
    """Print where the time of some edits goes."""
    chance = random.Random(seed)
    plan = some_plan(size, chance)
    pairs, editor = new_pairs(plan, chance), open_editor(plan)
    for _ in range(WARM_UPS):
        editor.connect(*next(pairs))
    profiler = cProfile.Profile()
    for _ in range(repeats):
        profiler.runcall(editor.connect, *next(pairs))
    print(f"{size} tasks, {repeats} edits")
    pstats.Stats(profiler).strip_dirs().sort_stats("cumulative").print_stats(lines)


def main() -> None:
    """Print a line for each size of plan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="TASKS")
    parser.add_argument("--profile", type=int, metavar="N", help="print the N most costly functions instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="taskplanner-edits-") as name:
        prepare(Path(name))
        if options.profile:
            for size in options.sizes:
                profile(size, options.seed, options.repeats, options.profile)
            return
        rows = [asdict(measure(size, options.seed, options.repeats)) for size in options.sizes]
    if options.json:
        print(json.dumps(rows, indent=1))
    else:
        for row in rows:
            print("  ".join(f"{name} {value}" for name, value in row.items()))


def prepare(folder: Path) -> None:
    """Set Django up on a new SQLite file."""
    ground = Ground(database_url=f"sqlite:///{folder / 'edits.sqlite3'}", folder=folder)
    ground.migrate()
    os.environ.update(ground.environment)
    import django

    django.setup()


if __name__ == "__main__":
    main()
