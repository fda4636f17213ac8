"""What must hold when people act at the same moment, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.ground import Ground

EDITORS = 32
EDITS = 20
PROCESSES = 4

Count = Callable[[int, int], int]
RecordFigure = Callable[[str], None]


def race(ground: Ground, *arguments: object) -> Any:
    """What a command of `tests.plans.race` printed."""
    printed = ground.run("-m", "tests.plans.race", *map(str, arguments), timeout=900)
    return json.loads(printed.splitlines()[-1])


def race_in_processes(ground: Ground, command: str, plan: int, edits: int) -> Counter[str]:
    """Run a command for all editors, divided among processes that start together; add up how it ended."""
    share = EDITORS // PROCESSES
    started = [
        ground.start("-m", "tests.plans.race", command, str(plan), str(first), str(first + share), str(edits))
        for first in range(0, EDITORS, share)
    ]
    total: Counter[str] = Counter()
    try:
        for process in started:
            printed, _ = process.communicate(timeout=900)
            assert process.returncode == 0, printed
            total.update(json.loads(printed.splitlines()[-1]))
    finally:
        for process in started:
            stop(process)
    return total


def stop(process: subprocess.Popen[str]) -> None:
    """End a process that a failure left running."""
    if process.poll() is None:
        process.kill()
        process.communicate()


def test_opposing_dependencies_never_close_a_circle(
    ground: Ground, count: Count, record_figure: RecordFigure
) -> None:
    """Of two people who draw the two halves of a circle at once, one succeeds and the other is refused."""
    rounds = count(30, 300)
    ended = race(ground, "opposing", rounds)
    record_figure(f"{rounds} pairs of opposing dependencies: {ended}")
    assert ended == {"InvalidPlan ok, 2 dependencies, version 2, 2 changes": rounds}


def test_editors_of_different_fields_all_succeed(
    ground: Ground, count: Count, record_figure: RecordFigure
) -> None:
    """32 people who change different tasks of one plan at once: every edit is applied, none is lost."""
    edits = count(4, EDITS)
    plan = race(ground, "prepare", EDITORS)["plan"]
    began = time.monotonic()
    ended = race_in_processes(ground, "edit", plan, edits)
    record_figure(f"{EDITORS} editors x {edits} edits: {dict(ended)}, {time.monotonic() - began:.1f} s")
    assert ended == {"ok": EDITORS * edits}
    left = race(ground, "left", plan)
    assert left["versions"] == list(range(1, EDITORS * edits + 2))
    assert left["version"] == EDITORS * edits + 1
    assert left["titles"] == {"all": ""} | {f"t{i}": f"{i}.{edits - 1}" for i in range(EDITORS)}


def test_of_editors_of_one_field_one_wins_each_round(
    ground: Ground, count: Count, record_figure: RecordFigure
) -> None:
    """32 people who saw the same value and change it at once: one does, 31 are told who was first."""
    rounds = count(3, EDITS)
    plan = race(ground, "prepare", 1)["plan"]
    ended = race(ground, "rounds", plan, EDITORS, rounds)
    record_figure(f"{EDITORS} editors, {rounds} rounds: {ended}")
    assert ended == {f"{EDITORS - 1} StaleChange 1 ok": rounds}
    assert race(ground, "left", plan)["version"] == rounds + 1


def test_no_update_of_one_field_is_lost(ground: Ground, count: Count, record_figure: RecordFigure) -> None:
    """32 people who add to one text, looking again when they are refused: nothing applied is gone."""
    edits = count(1, EDITS)
    plan = race(ground, "prepare", 1)["plan"]
    ended = race_in_processes(ground, "append", plan, edits)
    left = race(ground, "left", plan)
    lost = EDITORS * edits - len(set(left["lines"]))
    record_figure(f"{EDITORS} editors x {edits} edits of one field: {lost} lost, {dict(ended)}")
    assert sorted(left["lines"]) == sorted(f"{i}.{n}" for i in range(EDITORS) for n in range(edits))
    assert ended["ok"] == EDITORS * edits
    assert ended.keys() <= {"ok", "StaleChange"}
    assert left["version"] == EDITORS * edits + 1


def test_whoever_looks_sees_one_version(ground: Ground, count: Count, record_figure: RecordFigure) -> None:
    """A plan that is loaded while others change it is never half old and half new."""
    changes = count(25, 300)
    plan = race(ground, "prepare", 1)["plan"]
    ended = race(ground, "look", plan, 4, changes)
    record_figure(f"loads while a plan changes {2 * changes} times: {ended}")
    assert ended.keys() == {"ok"}
    assert race(ground, "left", plan)["version"] == 2 * changes + 1


def test_races_end_as_if_one_came_after_the_other(ground: Ground, count: Count) -> None:
    """Names stay unique, the first word on a file list or a task's progress stands, what is gone stays so."""
    rounds = count(5, 100)
    assert race(ground, "pairs", rounds) == {
        "one_name_for_two_projects": {"NameTaken ok, 1 project": rounds},
        "two_replace_a_file_list": {"StaleFileList ok, revision 1": rounds},
        "a_plan_is_deleted_under_an_edit": {"ok ok, 0 plans": rounds},
        "a_project_is_deleted_under_an_edit": {"ok ok, 0 plans": rounds},
        "two_set_the_progress_of_a_task": {"StaleProgress ok, 1 row": rounds},
    }
