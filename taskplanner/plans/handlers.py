"""What jobs of plans do."""

from __future__ import annotations

import base64
import uuid

from django.utils.text import slugify

import planner_core as core
from taskplanner.accounts.models import User
from taskplanner.accounts.selectors import membership_of, role_at_least
from taskplanner.jobs.errors import JobError
from taskplanner.jobs.registry import JobContext, Result, ResultFile, register_handler
from taskplanner.plans.mapping import load_plan
from taskplanner.plans.models import Plan, Project
from taskplanner.plans.selectors import progress_of
from taskplanner.plans.services import create_plan

CONTENT_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


@register_handler("export_drawing")
def export_drawing(context: JobContext) -> Result:
    """Draw a view of a plan as a file; the arguments are `plan` and what `DrawingForm` has."""
    view = core.View(context.arguments["view"])
    file_format, theme = context.arguments["format"], context.arguments["theme"]
    row = Plan.objects.filter(pk=context.arguments["plan"]).first()
    if row is None:
        raise JobError("The plan was deleted.")
    context.progress(10, "Scheduling")
    statuses = {uid: progress.status for uid, progress in progress_of(row).items()}
    dot = core.view_dot(load_plan(row), view, statuses=statuses, theme=theme)
    context.progress(50, "Drawing")
    content = _file(dot, file_format, theme)
    name = f"{slugify(row.title) or 'plan'}-{view}.{file_format}"
    return Result(
        data={"view": view, "bytes": len(content)},
        file=ResultFile(name, CONTENT_TYPES[file_format], content),
    )


def _file(dot: str, file_format: core.DrawingFormat, theme: core.ThemeName) -> bytes:
    if file_format == "svg":
        return core.standalone_svg(core.clean_svg(core.render_svg(dot)), theme=theme).encode()
    return core.render(dot, format=file_format)


@register_handler("import_document")
def import_document(context: JobContext) -> Result:
    """Make the plans that a large document holds.

    The arguments are `project`, `name`, `format` (empty: detect it) and `content`, in base 64. The plans come
    into being in the moment in which the job is done, all or none.
    """
    arguments = context.arguments
    context.progress(5, "Reading the document")
    content = base64.b64decode(arguments["content"])
    try:
        documents = core.documents_of(
            arguments["name"], content, format_name=arguments["format"], new_uid=lambda: uuid.uuid4().hex
        )
    except core.PlannerError as error:
        raise JobError(str(error)) from error
    context.progress(60, "Storing the plans")
    if context.should_stop():
        return Result()
    project = Project.objects.select_related("team").filter(pk=arguments["project"]).first()
    actor = User.objects.filter(pk=context.actor_id or 0).first()
    if project is None or actor is None:
        raise JobError("The project was deleted.")
    member = membership_of(actor, project.team)
    if member is None or not role_at_least(member.role, core.Role.MEMBER):
        raise JobError("You may no longer make plans in this team.")

    def keep() -> None:
        for document in documents:
            create_plan(project=project, content=document.plan, actor=actor, progress=document.progress)

    notes = [note for document in documents for note in _notes(document.report)]
    context.progress(90, "Almost done")
    titles = ", ".join(document.plan.title for document in documents)
    links = [(f"{project.name}: {titles}", project.get_absolute_url())]
    return Result(data={"links": links, "notes": notes[:500]}, apply=keep)


def _notes(report: core.Report | None) -> list[str]:
    if report is None:
        return []
    notes = (*report.lost, *report.repaired, *report.guessed)
    return [f"line {note.line}: {note.message}" if note.line else note.message for note in notes]
