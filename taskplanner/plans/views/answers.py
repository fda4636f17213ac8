"""How the editor answers: a panel or a whole page, done or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import reswap

import planner_core as core
from taskplanner.htmx import trigger, wants_fragment
from taskplanner.plans.models import Change, Plan
from taskplanner.plans.presenters.drawings import draw_graph
from taskplanner.plans.presenters.refusals import explain
from taskplanner.plans.presenters.workspace import Workspace
from taskplanner.plans.selectors import open_plan
from taskplanner.plans.services import LeadNeeded, StaleChange, StaleProgress

Parameters = ParamSpec("Parameters")
PlanView = Callable[Concatenate[HttpRequest, Workspace, Parameters], HttpResponse]


def plan_view(
    role: core.Role,
) -> Callable[[PlanView[Parameters]], Callable[..., HttpResponse]]:
    """Make a view of a plan: it is given the workspace in place of the plan's number.

    Whoever is signed out is sent to sign in, an outsider gets 404, a lower role 403. What the services and
    the core refuse in a POST is answered here: 409 where it is stale, 422 otherwise.
    """

    def decorate(view: PlanView[Parameters]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def answer(
            request: HttpRequest, pk: int, *args: Parameters.args, **kwargs: Parameters.kwargs
        ) -> HttpResponse:
            workspace = Workspace(*open_plan(request, pk, role))
            try:
                return view(request, workspace, *args, **kwargs)
            except Plan.DoesNotExist as error:
                raise Http404("This plan was deleted.") from error
            except core.PlannerError as error:
                if request.method != "POST":
                    raise
                return refused(request, workspace, error)

        return answer

    return decorate


def show_panel(
    request: HttpRequest,
    workspace: Workspace,
    panel: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A panel for htmx, the whole editor with that panel open for a plain request."""
    values = {"workspace": workspace, "panel": panel, **(context or {})}
    if wants_fragment(request):
        return render(request, panel, values, status=status)
    values |= graph_context(workspace)
    return render(request, "plans/graph.html", values, status=status)


def show_part(request: HttpRequest, workspace: Workspace, part: str) -> HttpResponse:
    """A part that every page of the editor has anyway: alone for htmx, within the editor else."""
    return show_panel(request, workspace, part if wants_fragment(request) else "plans/_overview.html")


def graph_context(workspace: Workspace) -> dict[str, Any]:
    """What the graph's page shows beside its panel."""
    return {"view": "graph", "drawing": draw_graph(workspace)}


def show_view(
    request: HttpRequest, workspace: Workspace, view: str, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """One of the editor's views (`graph`, `timeline` ...): its drawing for htmx, else the page."""
    values = {"workspace": workspace, "view": view, "panel": "plans/_overview.html", **(context or {})}
    name = f"plans/{view}.html"
    return render(request, f"{name}#{view}" if wants_fragment(request) else name, values)


def done(
    request: HttpRequest,
    workspace: Workspace,
    change: Change | None,
    response: Callable[[], HttpResponse],
    *,
    url: str | None = None,
    said: str = "",
) -> HttpResponse:
    """What follows a change: for htmx the response with the client's events, else a redirect with a message.

    The message is the change's sentence, or `said` where something beside the plan was changed. `response`
    is made after the workspace has forgotten the plan from before the change.
    """
    workspace.refresh()
    if not wants_fragment(request):
        if text := said if change is None else sentence_case(change.sentence):
            messages.success(request, text)
        return HttpResponseRedirect(url or workspace.row.get_absolute_url())
    return announce(response(), workspace)


def announce(response: HttpResponse, workspace: Workspace) -> HttpResponse:
    """Tell the page that the plan changed: panels look anew, and a drawing that is older is drawn again."""
    return trigger(response, "planChanged", {"version": workspace.row.version})


def refused(request: HttpRequest, workspace: Workspace, error: core.PlannerError) -> HttpResponse:
    """Say why nothing was changed, in a toast for htmx, on a page of its own else."""
    stale = isinstance(error, StaleChange | StaleProgress | core.StaleEdit)
    text = explain(error)
    context = {"workspace": workspace, "text": text}
    status = 409 if stale else 403 if isinstance(error, LeadNeeded) else 422
    response = render(request, "plans/refused.html", context, status=status)
    if wants_fragment(request):
        reswap(response, "none")
        trigger(response, "messageRaised", {"text": text, "level": "error"})
        if stale:
            workspace.refresh()
            trigger(announce(response, workspace), "drawingOutdated")
    return response


def sentence_case(text: str) -> str:
    """The text with a capital at its start and a full stop."""
    return text[:1].upper() + text[1:] + "."
