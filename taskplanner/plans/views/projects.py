"""Projects: the list of all, one with its plans, its file list, and new plans."""

from __future__ import annotations

import base64
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

import planner_core as core
from taskplanner.accounts.access import require_role, signed_in
from taskplanner.accounts.models import Team, User
from taskplanner.accounts.selectors import role_at_least
from taskplanner.jobs.models import Job
from taskplanner.jobs.services import enqueue_job
from taskplanner.plans import services
from taskplanner.plans.forms import DocumentForm, FilesForm, NameForm, NewPlanForm, ProjectForm
from taskplanner.plans.models import Project
from taskplanner.plans.presenters.home import present_home, teams_to_add_to
from taskplanner.plans.presenters.importing import present_new_plans, read_new_plans
from taskplanner.plans.presenters.refusals import explain
from taskplanner.plans.selectors import open_plan, open_project, plans_of


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The projects and plans of all teams of the person."""
    return _show_home(request)


def _show_home(request: HttpRequest, form: ProjectForm | None = None, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    context = {"teams": present_home(user), "form": form or ProjectForm(teams_to_add_to(user))}
    return render(request, "plans/home.html", context, status=status)


@require_POST
@login_required
def add_project(request: HttpRequest) -> HttpResponse:
    """Make a project in one of the person's teams."""
    form = ProjectForm(teams_to_add_to(signed_in(request)), request.POST)
    if not form.is_valid():
        return _show_home(request, form, 422)
    team = Team.objects.get(slug=form.cleaned_data["team"])
    require_role(request, team, core.Role.MEMBER)
    try:
        return redirect(services.create_project(team=team, name=form.cleaned_data["name"]))
    except services.NameTaken as error:
        form.add_error("name", str(error))
        return _show_home(request, form, 422)


@require_GET
@login_required
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """A project: its plans, and the ways to a new one."""
    found, membership = open_project(request, pk, core.Role.VIEWER)
    return _show_project(request, found, membership.role)


def _show_project(
    request: HttpRequest,
    project: Project,
    role: str,
    *,
    form: DocumentForm | None = None,
    problems: tuple[core.Problem, ...] = (),
    name_form: NameForm | None = None,
    plan_form: NewPlanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "project": project,
        "plans": plans_of(project),
        "starters": core.STARTERS,
        "form": form or DocumentForm(),
        "problems": problems,
        "plan_form": plan_form,
        "name_form": name_form or NameForm(initial={"name": project.name}),
        "may_edit": role_at_least(role, core.Role.MEMBER),
        "may_lead": role_at_least(role, core.Role.LEAD),
        "file_count": len(project.files.splitlines()),
    }
    return render(request, "plans/project.html", context, status=status)


@require_POST
@login_required
def add_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a plan: empty, or from a starter."""
    found, membership = open_project(request, pk, core.Role.MEMBER)
    form = NewPlanForm(request.POST)
    if not form.is_valid():
        return _show_project(request, found, membership.role, plan_form=form, status=422)
    content = form.content(lambda: uuid.uuid4().hex)
    return redirect(services.create_plan(project=found, content=content, actor=membership.user))


@require_POST
@login_required
def preview_plans(request: HttpRequest, pk: int) -> HttpResponse:
    """What a document would make, before it is kept; one that is refused comes back with all its errors."""
    found, membership = open_project(request, pk, core.Role.MEMBER)
    form = DocumentForm(request.POST, request.FILES)
    problems: tuple[core.Problem, ...] = ()
    if form.is_valid() and form.is_large():
        return redirect(_import_later(found, form, membership.user))
    if form.is_valid():
        try:
            plans, signed = present_new_plans(form.documents(lambda: uuid.uuid4().hex))
            context = {"project": found, "plans": plans, "signed": signed}
            return render(request, "plans/preview.html", context)
        except core.InvalidPlan as error:
            problems = error.problems
        except core.PlannerError as error:
            form.add_error("format", str(error))
    return _show_project(request, found, membership.role, form=form, problems=problems, status=422)


def _import_later(project: Project, form: DocumentForm, actor: User) -> Job:
    """Have a large document read in the background; its plans are kept without a preview."""
    name, content = form.given()
    return enqueue_job(
        kind="import_document",
        arguments={
            "project": project.pk,
            "name": name,
            "format": form.cleaned_data["format"],
            "content": base64.b64encode(content).decode(),
        },
        team=project.team,
        actor=actor,
    )


@require_POST
@login_required
def keep_plans(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the previewed plans; open the only one, else show the project."""
    found, membership = open_project(request, pk, core.Role.MEMBER)
    try:
        previewed = read_new_plans(request.POST.get("preview", ""))
    except core.PlannerError as error:
        messages.error(request, str(error))
        return redirect(found)
    with transaction.atomic():
        rows = [
            services.create_plan(
                project=found,
                content=core.apply_edits(core.Plan(title=each.title), each.edits),
                actor=membership.user,
                progress=each.progress,
            )
            for each in previewed
        ]
    return redirect(rows[0] if len(rows) == 1 else found)


@require_POST
@login_required
def delete_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the plan with its history."""
    plan, _ = open_plan(request, pk, core.Role.LEAD)
    services.delete_plan(plan=plan)
    messages.success(request, f"The plan {plan.title} is deleted.")
    return redirect(plan.project)


@require_POST
@login_required
def rename_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the project another name."""
    found, membership = open_project(request, pk, core.Role.LEAD)
    form = NameForm(request.POST)
    try:
        if form.is_valid():
            services.rename_project(project=found, name=form.cleaned_data["name"])
            return redirect(found)
    except services.NameTaken as error:
        form.add_error("name", str(error))
    return _show_project(request, found, membership.role, name_form=form, status=422)


@require_POST
@login_required
def delete_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the project with its plans."""
    found, _ = open_project(request, pk, core.Role.LEAD)
    services.delete_project(project=found)
    messages.success(request, f"The project {found.name} and its plans are deleted.")
    return redirect("home")


@require_GET
@login_required
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """The project's file list."""
    found, membership = open_project(request, pk, core.Role.VIEWER)
    return _show_files(request, found, membership.role)


def _show_files(
    request: HttpRequest, project: Project, role: str, form: FilesForm | None = None, status: int = 200
) -> HttpResponse:
    initial = {"paths": project.files, "revision": project.files_revision}
    context = {
        "project": project,
        "form": form or FilesForm(initial=initial),
        "file_count": len(project.files.splitlines()),
        "may_edit": role_at_least(role, core.Role.MEMBER),
    }
    return render(request, "plans/files.html", context, status=status)


@require_POST
@login_required
def set_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace the project's file list by what was pasted or uploaded."""
    found, membership = open_project(request, pk, core.Role.MEMBER)
    form = FilesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_files(request, found, membership.role, form, 422)
    text, revision = form.text(), form.cleaned_data["revision"]
    try:
        count = services.set_files(project=found, text=text, expected_revision=revision)
    except services.StaleFileList as stale:
        found.refresh_from_db()
        form = FilesForm({"paths": text, "revision": found.files_revision})
        form.add_error(None, f"{explain(stale)} Or save again: that replaces it by this one.")
        return _show_files(request, found, membership.role, form, 409)
    except core.PlannerError as error:
        form = FilesForm({"paths": text, "revision": revision})
        form.add_error(None, explain(error))
        return _show_files(request, found, membership.role, form, 422)
    messages.success(request, f"The project now lists {count} file{'' if count == 1 else 's'}.")
    return redirect("files", pk=pk)
