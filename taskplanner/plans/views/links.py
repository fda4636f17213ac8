"""Dependencies between tasks, and verdicts on pairs of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

import planner_core as core
from taskplanner.htmx import trigger
from taskplanner.plans import services
from taskplanner.plans.forms import PairForm, VerdictForm
from taskplanner.plans.models import Change
from taskplanner.plans.presenters.pairs import present_pair
from taskplanner.plans.presenters.workspace import Workspace
from taskplanner.plans.views.answers import done, graph_context, plan_view, show_panel, show_view

GRAPH = "graph"


def _pair(workspace: Workspace, first: str, second: str) -> tuple[core.Task, core.Task]:
    tasks = workspace.plan.task_by_uid
    if first not in tasks or second not in tasks or first == second:
        raise Http404("There is no such pair of tasks in the plan (any more).")
    return tasks[first], tasks[second]


def _ends(request: HttpRequest, workspace: Workspace) -> tuple[str, str]:
    form = PairForm(workspace.plan, request.POST)
    if not form.is_valid():
        raise core.PlannerError("Choose the task that comes first and the one that waits for it.")
    return form.cleaned_data["predecessor"], form.cleaned_data["successor"]


@require_GET
@plan_view(core.Role.VIEWER)
def dependency_form(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The form that draws a dependency without a mouse; `from` names the task that comes first."""
    form = PairForm(workspace.plan, initial={"predecessor": request.GET.get("from")})
    return show_panel(request, workspace, "plans/_dependency_form.html", {"form": form})


@require_POST
@plan_view(core.Role.MEMBER)
def add_dependency(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Make one task wait for another; the answer to the graph's own form is the new graph."""
    edits = core.connecting(workspace.plan, *_ends(request, workspace))
    change = services.change_plan(plan=workspace.row, edits=edits, actor=workspace.user)
    return _linked(request, workspace, change, "plans/_overview.html")


@require_POST
@plan_view(core.Role.MEMBER)
def remove_dependency(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Let one task no longer wait for another."""
    edits = core.disconnecting(workspace.plan, *_ends(request, workspace))
    change = services.change_plan(plan=workspace.row, edits=edits, actor=workspace.user)
    return _linked(request, workspace, change, "plans/_overview.html")


def _linked(request: HttpRequest, workspace: Workspace, change: Change | None, panel: str) -> HttpResponse:
    if getattr(request, "htmx").target == GRAPH:  # noqa: B009  # htmx's middleware adds it
        return done(
            request,
            workspace,
            change,
            lambda: show_view(request, workspace, GRAPH, graph_context(workspace)),
        )
    response = done(request, workspace, change, lambda: show_panel(request, workspace, panel))
    return trigger(response, "drawingOutdated")


@require_GET
@plan_view(core.Role.VIEWER)
def dependency(request: HttpRequest, workspace: Workspace, predecessor: str, successor: str) -> HttpResponse:
    """The panel of a dependency: what waits for what, and the button that removes it."""
    _pair(workspace, predecessor, successor)
    if core.Dependency(predecessor, successor) not in workspace.plan.dependencies:
        raise Http404("This dependency is not in the plan (any more).")
    context = {"pair": present_pair(workspace, predecessor, successor)}
    return show_panel(request, workspace, "plans/_dependency.html", context)


def _show_pair(
    request: HttpRequest,
    workspace: Workspace,
    uids: tuple[str, str],
    form: VerdictForm | None = None,
    status: int = 200,
) -> HttpResponse:
    pair = present_pair(workspace, *uids)
    context = {"pair": pair, "form": form or VerdictForm(initial=pair.ruling)}
    return show_panel(request, workspace, "plans/_pair.html", context, status=status)


@require_GET
@plan_view(core.Role.VIEWER)
def pair(request: HttpRequest, workspace: Workspace, first: str, second: str) -> HttpResponse:
    """The panel of a pair of tasks: why they collide, and the lead's verdict."""
    _pair(workspace, first, second)
    return _show_pair(request, workspace, (first, second))


@require_POST
@plan_view(core.Role.LEAD)
def rule(request: HttpRequest, workspace: Workspace, first: str, second: str) -> HttpResponse:
    """Rule on a pair of tasks, with a reason, or withdraw the verdict."""
    _pair(workspace, first, second)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _show_pair(request, workspace, (first, second), form, 422)
    together = {"together": True, "never": False, "none": None}[form.cleaned_data["ruling"]]
    reason = form.cleaned_data["reason"].replace("\r\n", "\n") if together is not None else ""
    edits = core.ruling(workspace.plan, first, second, together, reason)
    change = services.change_plan(plan=workspace.row, edits=edits, actor=workspace.user)
    url = reverse("pair", args=[workspace.row.pk, first, second])
    response = done(
        request, workspace, change, lambda: _show_pair(request, workspace, (first, second)), url=url
    )
    return trigger(response, "drawingOutdated")
