"""The views of a plan: graph, ownership, timeline, tasks; and what came after a version."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

import planner_core as core
from taskplanner.htmx import trigger
from taskplanner.plans import services
from taskplanner.plans.forms import AgentCountForm, ClaimForm
from taskplanner.plans.presenters.drawings import draw_ownership, draw_timeline
from taskplanner.plans.presenters.file_tree import present_files, present_folder
from taskplanner.plans.presenters.task_table import present_tasks
from taskplanner.plans.presenters.workspace import Workspace
from taskplanner.plans.selectors import changes_after
from taskplanner.plans.views.answers import (
    done,
    graph_context,
    plan_view,
    sentence_case,
    show_panel,
    show_part,
    show_view,
)


@require_GET
@plan_view(core.Role.VIEWER)
def graph(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The plan as a graph: the editor's first view."""
    return show_graph(request, workspace)


def show_graph(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The graph: its drawing for htmx, else its page."""
    return show_view(request, workspace, "graph", graph_context(workspace))


@require_GET
@plan_view(core.Role.VIEWER)
def ownership(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Who owns which files: the project's tree beside the map of patterns and tasks."""
    context = {
        "drawing": draw_ownership(workspace),
        "files": present_files(workspace),
        "claim_form": ClaimForm(workspace.plan, auto_id="map-claim-%s"),
    }
    return show_view(request, workspace, "ownership", context)


@require_GET
@plan_view(core.Role.VIEWER)
def folder(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What lies directly in the folder `path` of the tree; without a path the tree's top, with its counts."""
    if "path" not in request.GET:
        return show_panel(request, workspace, "plans/_files.html", {"files": present_files(workspace)})
    nodes = present_folder(workspace, request.GET["path"])
    if nodes is None:
        raise Http404("The project's file list has no such folder.")
    return show_panel(request, workspace, "plans/_tree.html", {"nodes": nodes})


@require_GET
@plan_view(core.Role.VIEWER)
def timeline(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """One after the other against side by side, on one axis."""
    return show_view(request, workspace, "timeline", {"drawing": draw_timeline(workspace)})


@require_GET
@plan_view(core.Role.VIEWER)
def tasks(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The plan as a table: all that the drawings show, in words."""
    return show_view(request, workspace, "tasks", {"rows": present_tasks(workspace)})


@require_POST
@plan_view(core.Role.MEMBER)
def set_agents(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Set how many agents work on the plan."""
    form = AgentCountForm(request.POST)
    if not form.is_valid():
        raise core.PlannerError("The number of agents is a whole number from 1 to 999.")
    edits = core.setting_plan_field(workspace.plan, "agent_count", form.cleaned_data["agents"])
    change = services.change_plan(plan=workspace.row, edits=edits, actor=workspace.user)
    response = done(request, workspace, change, lambda: HttpResponse(status=204))
    return trigger(response, "drawingOutdated")


@require_GET
@plan_view(core.Role.VIEWER)
def overview(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The panel that is open when no other is: new task, conflicts, rulings, assumptions."""
    return show_panel(request, workspace, "plans/_overview.html")


@require_GET
@plan_view(core.Role.VIEWER)
def figures(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The line of figures below the drawing."""
    return show_part(request, workspace, "plans/_figures.html")


@require_GET
@plan_view(core.Role.VIEWER)
def changes(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What others changed after the version `after`: 204 when nothing did, else events for the page."""
    after = request.GET.get("after", "")
    seen = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    later = changes_after(workspace.row, seen)
    if not later:
        return HttpResponse(status=204)
    response = HttpResponse(status=200)
    others = [change for change in later if change.actor_id != workspace.user.pk]
    if others:
        said = [f"{change.actor or 'The app'} {change.sentence}" for change in others[-3:]]
        trigger(response, "messageRaised", {"text": " ".join(map(sentence_case, said)), "level": "info"})
    trigger(response, "planChanged", {"version": later[-1].version})
    return trigger(response, "drawingOutdated")
