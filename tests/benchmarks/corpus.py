"""Reads real plans and counts what is kept of them: ``python -m tests.benchmarks.corpus DIR [--json]``.

DIR has a folder for each kind of file and a ``MANIFEST.tsv`` that says how many tasks and dependencies each
file states. What is not kept has to be told: a difference counts as accounted for as far as there are notes
about such things in the file's report, repaired and lost ones. Kinds without a reader are skipped, visibly.
Exits with 1 where a file cannot be read or a difference is not accounted for.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from planner_core.errors import InvalidPlan
from planner_core.formats.document import Document, Note
from planner_core.formats.registry import Format, all_formats, fitting_formats
from planner_core.formats.source import Source

MANIFEST = "MANIFEST.tsv"
# What a manifest counts as the tasks and the dependencies of a kind of file.
STATED = {
    "taskmaster": (("tasks", "subtasks"), ("deps", "subdeps")),
    "beads": (("tasks",), ("deps",)),
    "backlog": (("tasks",), ("deps",)),
    "argo": (("tasks",), ("deps",)),
    "speckit": (("tasks",), ()),
}
_LINK = re.compile(r"\b(?:depend|waits? for|circle)", re.IGNORECASE)
_TASK = re.compile(r"\b(?:task|issue|line|entry|row|file|checkbox)\b.*\bleft out|no task", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """What came of one file. Without a stated number there is nothing to account for."""

    kind: str
    file: str
    detected: bool
    tasks_stated: int | None
    tasks_kept: int
    tasks_told: int
    dependencies_stated: int | None
    dependencies_kept: int
    dependencies_told: int
    claims: int
    repaired: int
    guessed: int
    lost: int
    seconds: float
    error: str = ""

    @property
    def unexplained(self) -> int:
        """How many tasks and dependencies are neither kept nor told of."""
        return sum(
            max(0, stated - kept - told)
            for stated, kept, told in (
                (self.tasks_stated, self.tasks_kept, self.tasks_told),
                (self.dependencies_stated, self.dependencies_kept, self.dependencies_told),
            )
            if stated is not None
        )


def letters(text: str) -> str:
    """A name as folders and formats share it: ``spec-kit`` and ``speckit`` are one."""
    return re.sub("[^a-z]", "", text.lower())


def reader_of(kind: str) -> Format | None:
    """The readable format that a folder of the corpus is named after."""
    for each in all_formats():
        if each.read is not None and letters(each.name).startswith(letters(kind)):
            return each
    return None


def source_at(path: Path) -> Source:
    """A file, or a folder with all that is in it."""
    if path.is_file():
        return Source.of(path.name, path.read_bytes())
    inside = sorted(each for each in path.rglob("*") if each.is_file())
    return Source(path.name, {each.relative_to(path).as_posix(): each.read_bytes() for each in inside})


def stated(kind: str, counts: str) -> tuple[int | None, int | None]:
    """How many tasks and dependencies a manifest's row states, where it does."""
    values = dict(pair.split("=", 1) for pair in counts.split(";") if "=" in pair)
    found = [
        sum(int(values[name]) for name in names) if names and all(name in values for name in names) else None
        for names in STATED.get(kind, ((), ()))
    ]
    return found[0], found[1]


def row_of(path: Path, kind: str, name: str, reader: Format, counts: str) -> Row:
    """Reads one file."""
    source = source_at(path)
    begun = time.perf_counter()
    documents: list[Document] = []
    error = ""
    detected = reader in fitting_formats(source)
    try:
        assert reader.read is not None
        numbers = count()
        documents = reader.read(source, new_uid=lambda: f"u{next(numbers)}")
    except InvalidPlan as refused:
        error = str(refused)
    seconds = round(time.perf_counter() - begun, 3)
    reports = [document.report for document in documents if document.report is not None]
    kept, links = stated(kind, counts)
    told: list[Note] = [note for report in reports for note in (*report.repaired, *report.lost)]
    lost: list[Note] = [note for report in reports for note in report.lost]
    return Row(
        kind=kind,
        file=name,
        detected=detected,
        tasks_stated=kept,
        tasks_kept=sum(report.tasks for report in reports),
        tasks_told=sum(1 for note in lost if _TASK.search(note.message) and not _LINK.search(note.message)),
        dependencies_stated=links,
        dependencies_kept=sum(report.dependencies for report in reports),
        dependencies_told=sum(1 for note in told if _LINK.search(note.message)),
        claims=sum(report.claims for report in reports),
        repaired=sum(len(report.repaired) for report in reports),
        guessed=sum(len(report.guessed) for report in reports),
        lost=len(lost),
        seconds=seconds,
        error=error,
    )


def rows_in(folder: Path) -> Iterator[Row | str]:
    """A row for each file of the manifest that has a reader, and the name of each kind that has none."""
    with (folder / MANIFEST).open(encoding="utf-8", newline="") as manifest:
        listed = list(csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE))
    skipped: set[str] = set()
    for each in listed:
        kind, name = each["kind"], each["file"]
        reader = reader_of(kind)
        if reader is not None and not name.endswith(".schema.json"):
            yield row_of(folder / name, kind, name, reader, each["counts"] or "")
        elif reader is None and kind not in skipped:
            skipped.add(kind)
            yield kind


def totals(rows: list[Row]) -> list[dict[str, object]]:
    """For each kind the sums over the files that state how much is in them."""
    found = []
    for kind in dict.fromkeys(row.kind for row in rows):
        of_kind = [row for row in rows if row.kind == kind]
        sums = {
            what: sum(getattr(row, what) for row in of_kind)
            for what in (
                *("tasks_kept", "tasks_told", "dependencies_kept", "dependencies_told", "claims"),
                *("unexplained", "detected"),
            )
        }
        tasks = sum(row.tasks_stated or 0 for row in of_kind)
        links = sum(row.dependencies_stated or 0 for row in of_kind)
        found.append(
            {
                "kind": kind,
                "files": len(of_kind),
                "errors": sum(1 for row in of_kind if row.error),
                "tasks_stated": tasks,
                "dependencies_stated": links,
                **sums,
                "slowest_seconds": max(row.seconds for row in of_kind),
            }
        )
    return found


def main() -> int:
    """Print a line for each file, and the totals of each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    found = list(rows_in(options.folder))
    rows = [each for each in found if isinstance(each, Row)]
    skipped = [each for each in found if isinstance(each, str)]
    sums = totals(rows)
    if options.json:
        files = [{**asdict(row), "unexplained": row.unexplained} for row in rows]
        print(json.dumps({"files": files, "totals": sums, "skipped": skipped}, indent=1, ensure_ascii=False))
    else:
        for row in rows:
            print(
                f"{row.file}: tasks {row.tasks_kept} of {row.tasks_stated} ({row.tasks_told} told), "
                f"dependencies {row.dependencies_kept} of {row.dependencies_stated} "
                f"({row.dependencies_told} told), unexplained {row.unexplained}, {row.seconds} s {row.error}"
            )
        for each in sums:
            print("  ".join(f"{name} {value}" for name, value in each.items()))
        print("skipped:", ", ".join(skipped) or "nothing")
    return 1 if any(row.error or row.unexplained for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
