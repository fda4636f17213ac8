"""What jobs of plans do."""

from __future__ import annotations

from django.utils.text import slugify

import planner_core as core
from taskplanner.jobs.registry import JobContext, Result, ResultFile, register_handler
from taskplanner.plans.mapping import load_plan
from taskplanner.plans.models import Plan
from taskplanner.plans.selectors import progress_of

CONTENT_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


@register_handler("export_drawing")
def export_drawing(context: JobContext) -> Result:
    """Draw a view of a plan as a file; the arguments are `plan` and what `DrawingForm` has."""
    view = core.View(context.arguments["view"])
    file_format, theme = context.arguments["format"], context.arguments["theme"]
    row = Plan.objects.get(pk=context.arguments["plan"])
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
