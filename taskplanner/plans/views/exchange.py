"""Plans leave and come in: YAML, its schema, and drawings as files."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

import planner_core as core
from taskplanner.accounts.access import token_required
from taskplanner.accounts.models import ApiToken, Scope
from taskplanner.jobs.services import enqueue_job
from taskplanner.plans import services
from taskplanner.plans.forms import DrawingForm, ExportForm, ImportForm
from taskplanner.plans.mapping import load_plan
from taskplanner.plans.models import Plan
from taskplanner.plans.presenters.importing import ImportPreview, present_import, read_preview
from taskplanner.plans.presenters.workspace import Workspace
from taskplanner.plans.selectors import progress_of
from taskplanner.plans.views.answers import plan_view

YAML = "application/yaml; charset=utf-8"


@require_GET
@plan_view(core.Role.VIEWER)
def export_page(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What leaves the app: the plan in the format that is asked for, and what that format cannot hold."""
    form = ExportForm(request.GET)
    chosen = form.chosen()
    written = _written(workspace, chosen)
    context = {"workspace": workspace, "form": form, "format": chosen, "written": written}
    return render(request, "plans/export.html", context)


def _written(workspace: Workspace, chosen: core.Format) -> core.Written:
    assert chosen.write is not None  # only writable formats are choices
    return chosen.write(core.Document(workspace.plan, workspace.progress))


@require_GET
@plan_view(core.Role.VIEWER)
def export_file(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The plan as a file in the format that is asked for."""
    chosen = ExportForm(request.GET).chosen()
    text = _written(workspace, chosen).text
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = f"{slugify(workspace.row.title) or 'plan'}{chosen.extensions[0]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@plan_view(core.Role.VIEWER)
def export_yaml(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The plan as a YAML file."""
    return _yaml(workspace.row, core.write_plan(workspace.plan, workspace.progress))


@require_GET
@token_required(Scope.READ)
def export_yaml_for_programs(request: HttpRequest, token: ApiToken, pk: int) -> HttpResponse:
    """The plan as YAML, for whoever shows an API token of its team."""
    plan = Plan.objects.filter(pk=pk, project__team=token.team).first()
    if plan is None:
        return JsonResponse({"error": "The team of this token has no such plan."}, status=404)
    return _yaml(plan, core.write_plan(load_plan(plan), progress_of(plan)))


def _yaml(plan: Plan, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type=YAML)
    name = slugify(plan.title) or "plan"
    response["Content-Disposition"] = (
        f"attachment; filename=\"{name}.yaml\"; filename*=UTF-8''{quote(name)}.yaml"
    )
    return response


@require_GET
@plan_view(core.Role.MEMBER)
def import_page(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The form that replaces or updates what the plan holds by a document."""
    return _show_import(request, workspace, ImportForm())


def _show_import(
    request: HttpRequest,
    workspace: Workspace,
    form: ImportForm,
    problems: tuple[core.Problem, ...] = (),
    preview: ImportPreview | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"workspace": workspace, "form": form, "problems": problems, "preview": preview}
    return render(request, "plans/import.html", context, status=status)


@require_POST
@plan_view(core.Role.MEMBER)
def preview_import(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What a document would change in the plan, before anything does."""
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid() and form.is_large():
        form.add_error(None, "This document is too large to preview against a plan. Make a new plan of it.")
    if not form.is_valid():
        return _show_import(request, workspace, form, status=422)
    try:
        preview = present_import(
            workspace,
            form.document(lambda: uuid.uuid4().hex),
            mode=form.cleaned_data["mode"],
            match=form.cleaned_data["match"],
        )
    except core.InvalidPlan as error:
        return _show_import(request, workspace, form, error.problems, status=422)
    except core.PlannerError as error:
        form.add_error(None, str(error))
        return _show_import(request, workspace, form, status=422)
    return _show_import(request, workspace, form, preview=preview)


@require_POST
@plan_view(core.Role.MEMBER)
def apply_import(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Make the previewed import a change, if the plan is still at the version of the preview."""
    previewed = read_preview(workspace, request.POST.get("preview", ""))
    if not workspace.may_lead:
        services.require_lead(previewed.edits)
    sentence = "imported a document: " + core.describe(workspace.plan, previewed.edits)
    with transaction.atomic():
        change = services.change_plan(
            plan=workspace.row,
            edits=previewed.edits,
            actor=workspace.user,
            sentence=sentence,
            expected_version=previewed.version,
        )
        services.check_progress(plan=workspace.row, seen=previewed.seen)
        services.store_progress(plan=workspace.row, progress=previewed.progress)
    changed = change or previewed.progress
    messages.success(request, "Imported." if changed else "The document holds what the plan holds.")
    return redirect(workspace.row)


@require_POST
@plan_view(core.Role.VIEWER)
def export_drawing(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Have a drawing made into a file, as a job, and show that job."""
    form = DrawingForm(request.POST)
    if not form.is_valid():
        raise core.PlannerError("Choose a drawing, a format and a theme.")
    job = enqueue_job(
        kind="export_drawing",
        arguments={"plan": workspace.row.pk, **form.cleaned_data},
        team=workspace.row.project.team,
        actor=workspace.user,
    )
    return redirect("job", job_id=job.pk)


@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of the plan document, for everybody."""
    return JsonResponse(core.json_schema(), content_type="application/schema+json")
