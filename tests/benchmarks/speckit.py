"""How well order is read from spec-kit files: ``python -m tests.benchmarks.speckit DIR --json``.

``speckit_edges.json`` has, for each of several public files, the dependencies that it states, read off by
hand before the reader was written: pairs of predecessor and successor, ids of tasks or ``Phase N``. ``DIR``
holds the files themselves under the same names; those that it lacks are left out.

A labelled pair counts as found where the plan holds that very dependency (``recall``), or where everything
in it is ordered by what the plan holds (``ordered``). ``precision`` is the share of the plan's own
dependencies that are labelled; ``guessed`` counts those that the reader took from the template.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from pathlib import Path
from typing import Any

from planner_core.formats.document import Document
from planner_core.formats.source import Source
from planner_core.formats.speckit import FORMAT
from planner_core.plan import Plan

EDGES = Path(__file__).with_name("speckit_edges.json")


def read(path: Path) -> Document:
    """The plan in a file."""
    assert FORMAT.read is not None
    uids = (f"u{number}" for number in itertools.count())
    return FORMAT.read(Source.of(path.name, path.read_bytes()), new_uid=lambda: next(uids))[0]


def named(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The uids that each id stands for: a task, or a phase by the summary task or by its only task."""
    found: dict[str, tuple[str, ...]] = {task.key: (task.uid,) for task in plan.tasks}
    for position, phase in enumerate(plan.phases):
        inside = tuple(task.uid for task in plan.leaves if task.phase == phase.uid)
        for number in (position, position + 1):
            if len(inside) == 1 or f"Phase {number}" not in found:
                found.setdefault(f"Phase {number}", inside)
    return found


def score(path: Path, labels: list[list[str]]) -> dict[str, Any]:
    """How the labels of one file compare with the plan read from it."""
    start = time.perf_counter()
    document = read(path)
    took = time.perf_counter() - start
    plan = document.plan
    uids = named(plan)
    links = {(link.predecessor, link.successor) for link in plan.dependencies}
    wanted = [(uids.get(before, ()), uids.get(after, ()), before, after) for before, after in labels]
    found = {
        (before[0], after[0])
        for before, after, _, _ in wanted
        if before and after and (before[0], after[0]) in links
    }
    ordered = [
        before and after and all(plan.comes_before(one, other) for one in before for other in after)
        for before, after, _, _ in wanted
    ]
    missing = [
        f"{one} -> {other}"
        for (_, _, one, other), is_ordered in zip(wanted, ordered, strict=True)
        if not is_ordered
    ]
    keys = {uid: task.key for uid, task in plan.task_by_uid.items()}
    report = document.report
    assert report is not None
    guessed = sum("as in the template" in note.message for note in report.guessed)
    extra = sorted(f"{keys[one]} -> {keys[other]}" for one, other in links - found)
    return {
        "labels": len(labels),
        "found": len(found),
        "ordered": sum(map(bool, ordered)),
        "dependencies": len(links),
        "guessed": guessed,
        "missing": missing,
        "unlabelled": extra,
        "milliseconds": round(took * 1000),
    }


def main() -> None:
    """Print the figures of each file and of all together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    table: dict[str, list[list[str]]] = json.loads(EDGES.read_text("utf-8"))
    files = {
        name: score(arguments.directory / name, labels)
        for name, labels in sorted(table.items())
        if (arguments.directory / name).is_file()
    }
    labels, found, ordered, dependencies, guessed = (
        sum(each[what] for each in files.values())
        for what in ("labels", "found", "ordered", "dependencies", "guessed")
    )
    result = {
        "files": files,
        "labels": labels,
        "recall": round(found / labels, 4) if labels else None,
        "ordered": round(ordered / labels, 4) if labels else None,
        "precision": round(found / dependencies, 4) if dependencies else None,
        "guessed": guessed,
    }
    if arguments.json:
        print(json.dumps(result, indent=2))
        return
    for name, each in files.items():
        print(
            f"{name}: {each['found']} of {each['labels']} found, {each['ordered']} ordered",
            *each["missing"],
        )
    print(f"recall {result['recall']}, ordered {result['ordered']}, precision {result['precision']}")


if __name__ == "__main__":
    main()
