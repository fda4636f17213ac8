"""The `taskplanner` command: check, schedule, draw and convert plans without a server.

Exit status: 0 where all is well, 1 where `check` finds something at or above `--fail-on`, 2 where a plan
cannot be read, is invalid or cannot be drawn.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner_core.conflicts import Findings, find_conflicts
from planner_core.durations import format_duration
from planner_core.errors import InvalidPlan, PlannerError, Problem
from planner_core.formats import Document, Source, detected_format, format_named, json_schema
from planner_core.plan import MAX_AGENTS, Plan
from planner_core.rendering.graphviz import Format as Picture
from planner_core.rendering.graphviz import render as draw
from planner_core.rendering.svg import clean_svg, standalone_svg
from planner_core.rendering.theme import ThemeName
from planner_core.rendering.views import View, view_dot
from planner_core.scheduling.comparison import Comparison, compare

FOUND, REFUSED = 1, 2
STANDARD = "-"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

app = typer.Typer(
    help="Plan parallel work: check plans, schedule them, draw them, convert them. “-” reads standard input.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class FailOn(StrEnum):
    """The least that makes `check` fail; every level includes the ones before it."""

    ERRORS = "errors"
    CONFLICTS = "conflicts"
    LINT = "lint"


class Drawing(StrEnum):
    """What `render` writes."""

    SVG = "svg"
    DOT = "dot"
    PDF = "pdf"
    PNG = "png"


_PICTURES: dict[Drawing, Picture] = {Drawing.SVG: "svg", Drawing.PDF: "pdf", Drawing.PNG: "png"}


class Theme(StrEnum):
    """The colours of a drawing."""

    LIGHT = "light"
    DARK = "dark"


PlanFile = Annotated[str, typer.Argument(metavar="PLAN", help="A plan's file, or - for standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Agents = Annotated[
    int | None,
    typer.Option("--agents", min=1, max=MAX_AGENTS, help="As if this many agents worked on the plan."),
]
Output = Annotated[str, typer.Option("-o", "--output", help="The file to write; - is standard output.")]


@app.command()
def check(
    plan: PlanFile,
    as_json: AsJson = False,
    fail_on: Annotated[FailOn, typer.Option(help="The least that fails.")] = FailOn.CONFLICTS,
) -> None:
    """Say what is wrong with a plan: errors with their places, and tasks that would collide.

    In the JSON, `lint` is always empty: there are no lint rules yet.
    """
    try:
        found = find_conflicts(_read(plan).plan)
    except InvalidPlan as error:
        if as_json:
            _print_json({"errors": [asdict(each) for each in error.problems], "conflicts": [], "lint": []})
            raise typer.Exit(REFUSED) from error
        _refuse(plan, error.problems)
    if as_json:
        conflicts = [conflict.as_json(found.plan) for conflict in found.conflicts]
        _print_json({"errors": [], "conflicts": conflicts, "lint": []})
    else:
        _print_conflicts(found)
    if found.unlisted:
        _say(f"{found.unlisted} more conflicts are not listed.")
    if found.conflicts and fail_on is not FailOn.ERRORS:
        raise typer.Exit(FOUND)


@app.command()
def schedule(plan: PlanFile, agents: Agents = None, as_json: AsJson = False) -> None:
    """Show how long a plan takes one after the other, phase by phase, and side by side."""
    content = _open(plan).plan
    comparison = compare(content, agents)
    if as_json:
        _print_json(comparison.as_json())
    else:
        _print_schedule(content, comparison)


@app.command()
def render(
    plan: PlanFile,
    output: Output,
    view: Annotated[View, typer.Option(help="What to draw.")] = View.GRAPH,
    file_format: Annotated[
        Drawing | None, typer.Option("--format", help="What to write; else what the file's name ends with.")
    ] = None,
    theme: Annotated[Theme, typer.Option(help="The colours.")] = Theme.LIGHT,
    agents: Agents = None,
) -> None:
    """Draw a plan's graph, its timeline or its ownership map with Graphviz."""
    kind = file_format or _kind_of(output)
    document = _open(plan)
    dot = _dot(document, view, theme.value, agents)
    if kind is Drawing.DOT:
        _write(output, dot.encode())
        return
    try:
        picture = draw(dot, format=_PICTURES[kind])
        if kind is Drawing.SVG:
            picture = standalone_svg(clean_svg(picture.decode()), theme=theme.value).encode()
    except PlannerError as error:
        _fail(str(error))
    _write(output, picture)


@app.command()
def convert(
    plan: PlanFile,
    to: Annotated[str, typer.Option("--to", help="The format to write.")] = "yaml",
    source_format: Annotated[
        str | None, typer.Option("--from", help="The format to read; else it is detected.")
    ] = None,
    output: Output = STANDARD,
) -> None:
    """Write a plan in another format, or in the canonical form of its own; what was guessed is reported."""
    try:
        target = format_named(to)
    except PlannerError as error:
        _fail(str(error))
    if target.write is None:
        _fail(f"{target.title} can only be read.")
    document = _open(plan, source_format)
    _write(output, target.write(document).text.encode())
    report = document.report
    for note in (*report.repaired, *report.guessed, *report.lost) if report else ():
        _say(f"{plan}:{note.line or 1}: {note.message}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the plan document."""
    _print_json(json_schema())


def main() -> None:
    """Run the command with the arguments of the process."""
    app(prog_name="taskplanner")


def _read(name: str, source_format: str | None = None) -> Document:
    """The document in a file. Raises InvalidPlan, also where the file cannot be read."""
    try:
        content = sys.stdin.buffer.read() if name == STANDARD else Path(name).read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {error.strerror or error}."
        raise InvalidPlan((Problem(message),)) from error
    source = Source.of(name, content)
    chosen = detected_format(source) if source_format is None else format_named(source_format)
    if chosen.read is None:
        raise InvalidPlan((Problem(f"{chosen.title} can only be written."),))
    numbers = count(1)
    return chosen.read(source, new_uid=lambda: f"u{next(numbers)}")[0]


def _open(name: str, source_format: str | None = None) -> Document:
    """The document in a file; where it is refused, says why and ends the command."""
    try:
        return _read(name, source_format)
    except InvalidPlan as error:
        _refuse(name, error.problems)
    except PlannerError as error:
        _fail(str(error))


def _refuse(name: str, problems: Sequence[Problem]) -> NoReturn:
    """Each problem as `file:line:column: message`, and the end of the command."""
    for problem in problems:
        place = name if problem.line is None else f"{name}:{problem.line}:{problem.column or 1}"
        task = f"{problem.task}: " if problem.task else ""
        _say(f"{place}: {task}{problem.message}")
    raise typer.Exit(REFUSED)


def _fail(message: str) -> NoReturn:
    _say(message)
    raise typer.Exit(REFUSED)


def _say(message: str) -> None:
    """A line on standard error; what a refused file holds must not steer the terminal."""
    typer.echo(_CONTROL.sub("\ufffd", message), err=True)


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _write(output: str, content: bytes) -> None:
    try:
        if output == STANDARD:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            Path(output).write_bytes(content)
    except OSError as error:
        _fail(f"{output}: The file cannot be written: {error.strerror or error}.")


def _kind_of(output: str) -> Drawing:
    suffix = Path(output).suffix.lower().removeprefix(".")
    if suffix in list(Drawing):
        return Drawing(suffix)
    _fail(f"{output}: Say what to write with --format: {', '.join(Drawing)}.")


def _dot(document: Document, view: View, theme: ThemeName, agents: int | None) -> str:
    statuses = {uid: how_far.status for uid, how_far in document.progress.items()}
    comparison = compare(document.plan, agents)
    return view_dot(document.plan, view, comparison=comparison, statuses=statuses, theme=theme)


def _console() -> Console:
    """Standard output with colours where it is a terminal; what people typed is never taken for markup."""
    return Console(markup=False, highlight=False, emoji=False)


def _print_conflicts(found: Findings) -> None:
    console = _console()
    for conflict in found.conflicts:
        keys = [found.plan.task_by_uid[uid].key for uid in (conflict.first, conflict.second)]
        console.print(Text(f"{' and '.join(keys)}:", style="bold"), Text(conflict.kind.reason, style="red"))
        for evidence in conflict.evidence:
            console.print(f"  {evidence.text}", soft_wrap=True)
    tasks = _counted(len(found.plan.leaves), "task")
    console.print(f"{tasks}, {_counted(len(found.conflicts) + found.unlisted, 'conflict')}.")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _print_schedule(plan: Plan, comparison: Comparison) -> None:
    console = _console()
    console.print(Text(plan.title, style="bold"))
    proof = (
        "proved shortest" if comparison.proved else f"no less than {format_duration(comparison.lower_bound)}"
    )
    overview = Table(box=None, show_header=False, pad_edge=False)
    for name, makespan, remark in (
        ("one after the other", comparison.sequential.makespan, ""),
        ("phase by phase", comparison.phases.makespan, ""),
        (_counted(comparison.agents, "agent"), comparison.parallel.makespan, proof),
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


if __name__ == "__main__":
    main()
