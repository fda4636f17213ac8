"""What jobs of plans do."""

from __future__ import annotations

from django.utils.text import slugify

import planner_core as core
from taskplanner.jobs.registry import JobContext, Result, ResultFile, register_handler
from taskplanner.plans.models import Plan
from taskplanner.plans.presenters.drawings import DOTS
from taskplanner.plans.presenters.workspace import Workspace

CONTENT_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


@register_handler("export_drawing")
def export_drawing(context: JobContext) -> Result:
    """Draw a view of a plan as a file; the arguments are `plan` and what `DrawingForm` has."""
    arguments = context.arguments
    plan = Plan.objects.select_related("project__team").get(pk=arguments["plan"])
    memberships = plan.project.team.memberships.select_related("user")
    membership = memberships.get(user=context.actor_id)
    context.progress(10, "Reading the plan")
    dot = DOTS[arguments["view"]](Workspace(plan, membership), arguments["theme"])
    context.progress(40, "Drawing")
    content = _file(dot, arguments["format"], arguments["theme"])
    name = f"{slugify(plan.title) or 'plan'}-{arguments['view']}.{arguments['format']}"
    return Result(
        data={"view": arguments["view"], "bytes": len(content)},
        file=ResultFile(name, CONTENT_TYPES[arguments["format"]], content),
    )


def _file(dot: str, file_format: core.Format, theme: core.ThemeName) -> bytes:
    if file_format == "svg":
        return core.standalone_svg(core.clean_svg(core.render_svg(dot)), theme=theme).encode()
    return core.render(dot, format=file_format)
