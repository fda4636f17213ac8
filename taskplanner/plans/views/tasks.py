"""Tasks: adding, editing, removing, moving; their claims and their progress."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

import planner_core as core
from taskplanner.htmx import trigger
from taskplanner.plans import services
from taskplanner.plans.forms import ClaimForm, NewTaskForm, ProgressForm, TaskForm
from taskplanner.plans.models import Change
from taskplanner.plans.presenters.refusals import explain, explain_stale
from taskplanner.plans.presenters.task_panel import present_task
from taskplanner.plans.presenters.workspace import Workspace
from taskplanner.plans.views.answers import announce, done, plan_view, show_panel

PANEL = "plans/_task.html"
SAVE_AGAIN = "Saving again replaces it by what this form holds."


def _task(workspace: Workspace, uid: str) -> core.Task:
    task = workspace.plan.task_by_uid.get(uid)
    if task is None:
        raise Http404("This task is not in the plan (any more).")
    return task


def show_task(
    request: HttpRequest,
    workspace: Workspace,
    uid: str,
    *,
    form: TaskForm | None = None,
    progress_form: ProgressForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The panel of a task, with the forms as given where one was refused."""
    task = _task(workspace, uid)
    progress = workspace.progress.get(uid, core.TaskProgress())
    context = {
        "task": present_task(workspace, task),
        "form": form or TaskForm(workspace.plan, task),
        "progress_form": progress_form or ProgressForm(progress),
        "claim_form": ClaimForm(workspace.plan, initial={"task": uid}),
    }
    return show_panel(request, workspace, PANEL, context, status=status)


@require_GET
@plan_view(core.Role.VIEWER)
def task(request: HttpRequest, workspace: Workspace, uid: str) -> HttpResponse:
    """The panel that holds every field of a task."""
    return show_task(request, workspace, uid)


@require_POST
@plan_view(core.Role.MEMBER)
def add_task(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Add a task at the end, and open its panel."""
    form = NewTaskForm(request.POST)
    if not form.is_valid():
        return show_panel(request, workspace, "plans/_overview.html", {"new_task_form": form}, status=422)
    uid = uuid.uuid4().hex
    edits = core.adding_task(workspace.plan, uid=uid, **form.cleaned_data)
    change = services.change_plan(plan=workspace.row, edits=edits, actor=workspace.user)
    return _changed(request, workspace, change, uid)


@require_POST
@plan_view(core.Role.MEMBER)
def edit_task(request: HttpRequest, workspace: Workspace, uid: str) -> HttpResponse:
    """Write the fields that the person changed; a stale or invalid form comes back with what they typed."""
    form = TaskForm(workspace.plan, _task(workspace, uid), request.POST)
    if not form.is_valid():
        return show_task(request, workspace, uid, form=form, status=422)
    try:
        edits = core.editing_task(workspace.plan, uid, form.cleaned_data["seen"], form.values())
        change = services.change_plan(plan=workspace.row, edits=edits, actor=workspace.user)
    except services.StaleChange as stale:
        return _show_stale(request, workspace, uid, form, stale)
    except core.PlannerError as error:
        form.add_error(None, explain(error))
        return show_task(request, workspace, uid, form=form, status=422)
    return _changed(request, workspace, change, uid)


def _show_stale(
    request: HttpRequest, workspace: Workspace, uid: str, form: TaskForm, stale: services.StaleChange
) -> HttpResponse:
    """The form with what the person typed, over the current values: saving again is their choice."""
    workspace.refresh()
    current = form.over(workspace.plan, _task(workspace, uid))
    current.add_error(None, f"{explain_stale(stale)} {SAVE_AGAIN}")
    response = show_task(request, workspace, uid, form=current, status=409)
    return trigger(announce(response, workspace), "drawingOutdated")


@require_POST
@plan_view(core.Role.MEMBER)
def remove_task(request: HttpRequest, workspace: Workspace, uid: str) -> HttpResponse:
    """Remove a task with what hangs on it; undo brings all of it back."""
    edits = core.removing_tasks(workspace.plan, [_task(workspace, uid).uid])
    change = services.change_plan(plan=workspace.row, edits=edits, actor=workspace.user)
    response = done(
        request, workspace, change, lambda: show_panel(request, workspace, "plans/_overview.html")
    )
    return trigger(response, "drawingOutdated")


@require_POST
@plan_view(core.Role.MEMBER)
def move_task(request: HttpRequest, workspace: Workspace, uid: str) -> HttpResponse:
    """Put a task directly below another one in the plan's order; at the top where none is named."""
    edits = core.moving_task(workspace.plan, _task(workspace, uid).uid, request.POST.get("after") or None)
    change = services.change_plan(plan=workspace.row, edits=edits, actor=workspace.user)
    return _changed(request, workspace, change, uid)


@require_POST
@plan_view(core.Role.MEMBER)
def set_progress(request: HttpRequest, workspace: Workspace, uid: str) -> HttpResponse:
    """Set a task's status and actual times."""
    _task(workspace, uid)
    form = ProgressForm(core.TaskProgress(), request.POST)
    if not form.is_valid():
        return show_task(request, workspace, uid, progress_form=form, status=422)
    try:
        progress = services.set_progress(
            plan=workspace.row, task_uid=uid, before=form.before(), after=form.after(), now=timezone.now()
        )
    except services.BadProgress as error:
        form.add_error(None, str(error))
        return show_task(request, workspace, uid, progress_form=form, status=422)
    except services.StaleProgress as stale:
        return _show_stale_progress(request, workspace, uid, form, stale)
    said = f"{_task(workspace, uid).key} is now {progress.status.value.replace('_', ' ')}."
    return _changed(request, workspace, None, uid, said=said)


def _show_stale_progress(
    request: HttpRequest,
    workspace: Workspace,
    uid: str,
    form: ProgressForm,
    stale: services.StaleProgress,
) -> HttpResponse:
    workspace.refresh()
    current = form.over(workspace.progress.get(uid, core.TaskProgress()))
    current.add_error(None, f"{stale} {SAVE_AGAIN}")
    response = show_task(request, workspace, uid, progress_form=current, status=409)
    return trigger(response, "drawingOutdated")


@require_POST
@plan_view(core.Role.MEMBER)
def add_claim(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Let a task claim what a pattern matches."""
    return _claim(request, workspace, core.adding_claim)


@require_POST
@plan_view(core.Role.MEMBER)
def remove_claim(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Take a claim from a task."""
    return _claim(request, workspace, core.removing_claim)


def _claim(
    request: HttpRequest,
    workspace: Workspace,
    gesture: Callable[[core.Plan, str, core.ClaimMode, str], list[core.Edit]],
) -> HttpResponse:
    form = ClaimForm(workspace.plan, request.POST)
    if not form.is_valid():
        raise core.PlannerError("Choose a task and a mode, and write a pattern such as src/api/**.")
    data = form.cleaned_data
    edits = gesture(workspace.plan, data["task"], core.ClaimMode(data["mode"]), data["pattern"])
    change = services.change_plan(plan=workspace.row, edits=edits, actor=workspace.user)
    return _changed(request, workspace, change, data["task"])


def _changed(
    request: HttpRequest, workspace: Workspace, change: Change | None, uid: str, *, said: str = ""
) -> HttpResponse:
    """The task's panel after a change, and a drawing that looks anew."""
    url = reverse("task", args=[workspace.row.pk, uid])
    response = done(
        request, workspace, change, lambda: show_task(request, workspace, uid), url=url, said=said
    )
    return trigger(response, "drawingOutdated")
