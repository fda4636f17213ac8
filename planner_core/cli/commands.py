"""The commands themselves."""

from __future__ import annotations

from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from planner_core.cli.inputs import only, open_document, open_documents, read_documents
from planner_core.cli.outputs import (
    REFUSED,
    STANDARD,
    errors_json,
    fail,
    print_conflicts,
    print_heading,
    print_json,
    print_schedule,
    refuse,
    report_json,
    say,
    say_report,
    write,
)
from planner_core.conflicts import find_conflicts
from planner_core.errors import InvalidPlan, PlannerError
from planner_core.formats import Document, Format, Note, Report, format_named, json_schema
from planner_core.plan import MAX_AGENTS
from planner_core.rendering.graphviz import DrawingFormat as Picture
from planner_core.rendering.graphviz import render as draw
from planner_core.rendering.svg import clean_svg, standalone_svg
from planner_core.rendering.theme import ThemeName
from planner_core.rendering.views import View, view_dot
from planner_core.scheduling.comparison import compare

FOUND = 1

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


PlanFile = Annotated[
    str,
    typer.Argument(
        metavar="PLAN", help="A plan in any format: a file, a folder or a ZIP, or - for standard input."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Agents = Annotated[
    int | None,
    typer.Option("--agents", min=1, max=MAX_AGENTS, help="As if this many agents worked on the plan."),
]
Output = Annotated[str, typer.Option("-o", "--output", help="The file to write; - is standard output.")]
SourceFormat = Annotated[str | None, typer.Option("--from", help="The format to read; else it is detected.")]
PlanName = Annotated[
    str | None, typer.Option("--plan", help="The plan to take where there are several, by its name.")
]


@app.command()
def check(
    plan: PlanFile,
    as_json: AsJson = False,
    fail_on: Annotated[FailOn, typer.Option(help="The least that fails.")] = FailOn.CONFLICTS,
    source_format: SourceFormat = None,
    plan_name: PlanName = None,
) -> None:
    """Say what is wrong with a plan: errors with their places, and tasks that would collide.

    Of several plans each is checked, and conflicts name theirs. In the JSON, `lint` is always empty: there
    are no lint rules yet.
    """
    try:
        documents = read_documents(plan, source_format, plan_name)
        found = [find_conflicts(document.plan) for document in documents]
    except InvalidPlan as error:
        if as_json:
            print_json({"errors": errors_json(error.problems), "conflicts": [], "lint": []})
            raise typer.Exit(REFUSED) from error
        refuse(plan, error.problems)
    except PlannerError as error:
        fail(str(error))
    if as_json:
        conflicts = [
            conflict.as_json(each.plan) | ({"plan": document.name} if len(documents) > 1 else {})
            for document, each in zip(documents, found, strict=True)
            for conflict in each.conflicts
        ]
        print_json({"errors": [], "conflicts": conflicts, "lint": []})
    else:
        for document, each in zip(documents, found, strict=True):
            if len(documents) > 1:
                print_heading(document.name)
            print_conflicts(each)
    if unlisted := sum(each.unlisted for each in found):
        say(f"{unlisted} more conflicts are not listed.")
    if any(each.conflicts for each in found) and fail_on is not FailOn.ERRORS:
        raise typer.Exit(FOUND)


@app.command()
def schedule(
    plan: PlanFile,
    agents: Agents = None,
    as_json: AsJson = False,
    source_format: SourceFormat = None,
    plan_name: PlanName = None,
) -> None:
    """Show how long a plan takes one after the other, phase by phase, and side by side."""
    content = open_document(plan, source_format, plan_name).plan
    comparison = compare(content, agents)
    if as_json:
        print_json(comparison.as_json())
    else:
        print_schedule(content, comparison)


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
    source_format: SourceFormat = None,
    plan_name: PlanName = None,
) -> None:
    """Draw a plan's graph, its timeline or its ownership map with Graphviz."""
    kind = file_format or _kind_of(output)
    document = open_document(plan, source_format, plan_name)
    dot = _dot(document, view, theme.value, agents)
    if kind is Drawing.DOT:
        write(output, dot.encode())
        return
    try:
        picture = draw(dot, format=_PICTURES[kind])
        if kind is Drawing.SVG:
            picture = standalone_svg(clean_svg(picture.decode()), theme=theme.value).encode()
    except PlannerError as error:
        fail(str(error))
    write(output, picture)


@app.command()
def convert(
    plan: PlanFile,
    to: Annotated[str, typer.Option("--to", help="The format to write.")] = "yaml",
    source_format: SourceFormat = None,
    plan_name: PlanName = None,
    output: Output = STANDARD,
    report_file: Annotated[
        str | None, typer.Option("--report", help="A file for the report as JSON; - is standard output.")
    ] = None,
) -> None:
    """Write a plan in another format, or in the canonical form of its own, and report what that changed.

    Of several plans each becomes a document of the YAML stream; the other formats take one, by --plan.
    """
    try:
        target = format_named(to)
    except PlannerError as error:
        fail(str(error))
    documents = open_documents(plan, source_format, plan_name)
    if target.separator is None:
        documents = [only(documents, plan)]
    text, lost = _written(documents, target)
    write(output, text.encode())
    report = _summed(documents, lost)
    say_report(plan, report)
    if report_file is not None:
        write(report_file, report_json(report))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the plan document."""
    print_json(json_schema())


def main() -> None:
    """Run the command with the arguments of the process."""
    app(prog_name="taskplanner")


def _written(documents: list[Document], target: Format) -> tuple[str, list[Note]]:
    """The text of all plans, and what the format could not hold."""
    if target.write is None:
        fail(f"{target.title} can only be read.")
    written = [target.write(document) for document in documents]
    text = (target.separator or "").join(each.text for each in written)
    return text, [note for each in written for note in each.lost]


def _summed(documents: list[Document], lost: list[Note]) -> Report:
    """One report on all plans of a source, with what writing them lost."""
    reports = [document.report for document in documents if document.report is not None]
    return Report(
        reports[0].format,
        sum(report.tasks for report in reports),
        sum(report.dependencies for report in reports),
        sum(report.claims for report in reports),
        tuple(chain.from_iterable(report.repaired for report in reports)),
        tuple(chain.from_iterable(report.guessed for report in reports)),
        (*chain.from_iterable(report.lost for report in reports), *lost),
    )


def _kind_of(output: str) -> Drawing:
    suffix = Path(output).suffix.lower().removeprefix(".")
    if suffix not in list(Drawing):
        fail(f"{output}: Say what to write with --format: {', '.join(Drawing)}.")
    return Drawing(suffix)


def _dot(document: Document, view: View, theme: ThemeName, agents: int | None) -> str:
    statuses = {uid: how_far.status for uid, how_far in document.progress.items()}
    comparison = compare(document.plan, agents)
    return view_dot(document.plan, view, comparison=comparison, statuses=statuses, theme=theme)
