"""Who changed what: the history, undo and redo."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

import planner_core as core
from taskplanner.htmx import trigger
from taskplanner.plans import services
from taskplanner.plans.models import Change
from taskplanner.plans.presenters.workspace import Workspace
from taskplanner.plans.selectors import HISTORY_PAGE, changes_of
from taskplanner.plans.views.answers import done, plan_view, sentence_case, show_part, show_view


@require_GET
@plan_view(core.Role.VIEWER)
def history(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The changes of the plan, newest first, a page below the version `before`."""
    before = request.GET.get("before", "")
    limit = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    changes = changes_of(workspace.row, before=limit)
    more = changes[-1].version if len(changes) == HISTORY_PAGE else None
    return show_view(request, workspace, "history", {"changes": changes, "more": more, "later": limit})


@require_POST
@plan_view(core.Role.MEMBER)
def undo(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Take back the person's own latest change."""
    change = services.undo_change(plan=workspace.row, actor=workspace.user, as_lead=workspace.may_lead)
    return _reverted(request, workspace, change)


@require_POST
@plan_view(core.Role.MEMBER)
def redo(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Bring back what the person undid last."""
    change = services.redo_change(plan=workspace.row, actor=workspace.user, as_lead=workspace.may_lead)
    return _reverted(request, workspace, change)


def _reverted(request: HttpRequest, workspace: Workspace, change: Change) -> HttpResponse:
    response = done(request, workspace, change, lambda: show_part(request, workspace, "plans/_undo.html"))
    trigger(response, "messageRaised", {"text": sentence_case(change.sentence), "level": "success"})
    return trigger(response, "drawingOutdated")


@require_GET
@plan_view(core.Role.VIEWER)
def undo_buttons(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The two buttons, saying what each would take back or bring back."""
    return show_part(request, workspace, "plans/_undo.html")
