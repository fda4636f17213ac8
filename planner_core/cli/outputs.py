"""What the command says: on the terminal, in JSON, in files."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner_core.conflicts import Findings
from planner_core.durations import format_duration
from planner_core.errors import Problem
from planner_core.formats import Note, Report
from planner_core.plan import Plan
from planner_core.scheduling.comparison import Comparison

REFUSED = 2
STANDARD = "-"
NOTES_SHOWN = 50
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def refuse(name: str, problems: Sequence[Problem]) -> NoReturn:
    """Each problem as `file:line:column: message`, and the end of the command."""
    for problem in problems:
        place = name if problem.line is None else f"{name}:{problem.line}:{problem.column or 1}"
        task = f"{problem.task}: " if problem.task else ""
        say(f"{place}: {task}{problem.message}")
    raise typer.Exit(REFUSED)


def fail(message: str) -> NoReturn:
    """A message, and the end of the command."""
    say(message)
    raise typer.Exit(REFUSED)


def say(message: str) -> None:
    """A line on standard error; what a refused file holds must not steer the terminal."""
    typer.echo(_CONTROL.sub("\ufffd", message), err=True)


def print_json(data: Any) -> None:
    """Data as JSON on standard output."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def write(output: str, content: bytes) -> None:
    """Content into a file or to standard output; where that fails, says why and ends the command."""
    try:
        if output == STANDARD:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            Path(output).write_bytes(content)
    except OSError as error:
        fail(f"{output}: The file cannot be written: {error.strerror or error}.")


def say_report(name: str, report: Report) -> None:
    """What a conversion changed, the first notes of each kind, and its counts."""
    kinds = {"repaired": report.repaired, "guessed": report.guessed, "lost": report.lost}
    for kind, notes in kinds.items():
        for note in notes[:NOTES_SHOWN]:
            task = f"{note.task}: " if note.task else ""
            place = name if note.line is None else f"{name}:{note.line}"
            say(f"{place}: {kind}: {task}{note.message}")
        if len(notes) > NOTES_SHOWN:
            say(f"{name}: {kind}: {len(notes) - NOTES_SHOWN} more; --report writes all of them.")
    found = [counted(report.tasks, "task"), counted(report.dependencies, "dependency", "dependencies")]
    found.append(counted(report.claims, "claim"))
    say(f"{', '.join(found)}; {', '.join(f'{len(notes)} {kind}' for kind, notes in kinds.items())}.")


def report_json(report: Report) -> bytes:
    """A report as JSON: its counts, and each note with its line, its task and its message."""

    def listed(notes: Sequence[Note]) -> list[dict[str, Any]]:
        return [{"line": note.line, "task": note.task, "message": note.message} for note in notes]

    data = {
        "format": report.format,
        "tasks": report.tasks,
        "dependencies": report.dependencies,
        "claims": report.claims,
        "repaired": listed(report.repaired),
        "guessed": listed(report.guessed),
        "lost": listed(report.lost),
    }
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def errors_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Problems as JSON: each with its message, line, column, task and field."""
    return [asdict(each) for each in problems]


def _console() -> Console:
    """Standard output with colours where it is a terminal; what people typed is never taken for markup."""
    return Console(markup=False, highlight=False, emoji=False)


def print_heading(text: str) -> None:
    """A line that stands out above what belongs to it."""
    _console().print(Text(text, style="bold underline"))


def print_conflicts(found: Findings) -> None:
    """Each conflict with its evidence, and the counts."""
    console = _console()
    for conflict in found.conflicts:
        keys = [found.plan.task_by_uid[uid].key for uid in (conflict.first, conflict.second)]
        console.print(Text(f"{' and '.join(keys)}:", style="bold"), Text(conflict.kind.reason, style="red"))
        for evidence in conflict.evidence:
            console.print(f"  {evidence.text}", soft_wrap=True)
    tasks = counted(len(found.plan.leaves), "task")
    console.print(f"{tasks}, {counted(len(found.conflicts) + found.unlisted, 'conflict')}.")


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with what it counts; most words just take an s."""
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"


def print_schedule(plan: Plan, comparison: Comparison) -> None:
    """The makespans, each task's times, the critical path, and what was assumed."""
    console = _console()
    console.print(Text(plan.title, style="bold"))
    proof = (
        "proved shortest" if comparison.proved else f"no less than {format_duration(comparison.lower_bound)}"
    )
    overview = Table(box=None, show_header=False, pad_edge=False)
    for name, makespan, remark in (
        ("one after the other", comparison.sequential.makespan, ""),
        ("phase by phase", comparison.phases.makespan, ""),
        (counted(comparison.agents, "agent"), comparison.parallel.makespan, proof),
        ("unlimited agents", comparison.unlimited.makespan, ""),
    ):
        overview.add_row(name, Text(format_duration(makespan), style="bold"), remark)
    console.print(overview)
    console.print(f"Saved: {format_duration(comparison.saved)}, {comparison.speedup:g} times as fast.\n")
    tasks = Table(box=None, pad_edge=False)
    for heading in ("start", "finish", "agent", "task", "title"):
        tasks.add_column(heading, justify="right" if heading in ("start", "finish") else "left")
    critical = set(comparison.critical_path_uids)
    for time in sorted(comparison.tasks, key=lambda each: each.start):
        style = "bold yellow" if time.uid in critical else ""
        title = plan.task_by_uid[time.uid].title
        cells = (format_duration(time.start), format_duration(time.finish), time.agent_name, time.key, title)
        tasks.add_row(*(Text(cell) for cell in cells), style=style)
    console.print(tasks)
    if comparison.critical_path:
        console.print("\nCritical path: " + " → ".join(comparison.critical_path), soft_wrap=True)
    if comparison.assumed:
        assumed = ", ".join(comparison.assumed)
        console.print(f"Assumed {format_duration(plan.default_estimate)} each: {assumed}", soft_wrap=True)
