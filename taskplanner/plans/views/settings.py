"""A plan's settings: its own fields, and its phases, tracks and named agents."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

import planner_core as core
from taskplanner.htmx import trigger
from taskplanner.plans import services
from taskplanner.plans.forms import NameForm, PlanForm
from taskplanner.plans.presenters.refusals import explain, explain_stale
from taskplanner.plans.presenters.settings_panel import present_rows
from taskplanner.plans.presenters.workspace import Workspace
from taskplanner.plans.views.answers import announce, done, plan_view, show_panel

ADDING = {"phase": core.adding_phase, "track": core.adding_track, "agent": core.adding_agent}
RENAMING = {"phase": core.renaming_phase, "track": core.renaming_track, "agent": core.renaming_agent}
MOVING = {"phase": core.moving_phase, "track": core.moving_track, "agent": core.moving_agent}
REMOVING = {"phase": core.removing_phase, "track": core.removing_track, "agent": core.removing_agent}


def _show(
    request: HttpRequest, workspace: Workspace, form: PlanForm | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form or PlanForm(workspace.plan), "kinds": present_rows(workspace.plan)}
    return show_panel(request, workspace, "plans/_settings.html", context, status=status)


@require_GET
@plan_view(core.Role.VIEWER)
def plan_settings(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The panel of the plan itself."""
    return _show(request, workspace)


@require_POST
@plan_view(core.Role.LEAD)
def edit_plan(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Write the plan's own fields that the person changed."""
    form = PlanForm(workspace.plan, request.POST)
    if not form.is_valid():
        return _show(request, workspace, form, 422)
    try:
        edits = core.editing_plan(workspace.plan, form.cleaned_data["seen"], form.values())
        return _change(request, workspace, edits)
    except services.StaleChange as stale:
        workspace.refresh()
        current = form.over(workspace.plan)
        current.add_error(None, f"{explain_stale(stale)} Saving again replaces it by what this form holds.")
        return announce(_show(request, workspace, current, 409), workspace)
    except core.InvalidPlan as error:
        form.add_error(None, explain(error))
        return _show(request, workspace, form, 422)


def _change(request: HttpRequest, workspace: Workspace, edits: Sequence[core.Edit]) -> HttpResponse:
    change = services.change_plan(plan=workspace.row, edits=edits, actor=workspace.user)
    url = reverse("plan_settings", args=[workspace.row.pk])
    response = done(request, workspace, change, lambda: _show(request, workspace), url=url)
    return trigger(response, "drawingOutdated")


def _name(request: HttpRequest) -> str:
    form = NameForm(request.POST)
    if not form.is_valid():
        raise core.PlannerError("A name has 1 to 300 characters. Write one.")
    name: str = form.cleaned_data["name"]
    return name


@require_POST
@plan_view(core.Role.MEMBER)
def add_row(request: HttpRequest, workspace: Workspace, kind: str) -> HttpResponse:
    """Add a phase, a track or a named agent, below the others."""
    if kind not in ADDING:
        raise Http404
    edits = ADDING[kind](workspace.plan, uid=uuid.uuid4().hex, name=_name(request))
    return _change(request, workspace, edits)


@require_POST
@plan_view(core.Role.MEMBER)
def rename_row(request: HttpRequest, workspace: Workspace, kind: str, uid: str) -> HttpResponse:
    """Give a phase, a track or a named agent another name."""
    if kind not in RENAMING:
        raise Http404
    return _change(request, workspace, RENAMING[kind](workspace.plan, uid, _name(request)))


@require_POST
@plan_view(core.Role.MEMBER)
def move_row(request: HttpRequest, workspace: Workspace, kind: str, uid: str) -> HttpResponse:
    """Put a phase, a track or a named agent directly below another one; first where none is named."""
    if kind not in MOVING:
        raise Http404
    return _change(request, workspace, MOVING[kind](workspace.plan, uid, request.POST.get("after") or None))


@require_POST
@plan_view(core.Role.MEMBER)
def remove_row(request: HttpRequest, workspace: Workspace, kind: str, uid: str) -> HttpResponse:
    """Remove a phase, a track or a named agent; tasks that named it no longer do."""
    if kind not in REMOVING:
        raise Http404
    return _change(request, workspace, REMOVING[kind](workspace.plan, uid))
