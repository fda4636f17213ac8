"""Reading projects, plans, progress and history."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpRequest

import planner_core as core
from taskplanner.accounts.access import require_role
from taskplanner.accounts.models import Membership, User
from taskplanner.plans.models import Change, Plan, Project, TaskProgress

HISTORY_PAGE = 50


def open_project(request: HttpRequest, pk: int, role: core.Role) -> tuple[Project, Membership]:
    """A project and the asking person's membership of its team.

    Raises Http404 where there is none or it is another team's, PermissionDenied for a lower role.
    """
    project = Project.objects.select_related("team").filter(pk=pk).first()
    if project is None:
        raise Http404
    return project, require_role(request, project.team, role)


def open_plan(request: HttpRequest, pk: int, role: core.Role) -> tuple[Plan, Membership]:
    """A plan with its project and team, and the asking person's membership; raises as `open_project` does."""
    plan = Plan.objects.select_related("project__team").filter(pk=pk).first()
    if plan is None:
        raise Http404
    return plan, require_role(request, plan.project.team, role)


def projects_of(user: User) -> QuerySet[Project]:
    """The projects of all teams of a person, by team and name, with their plans (`task_count` each)."""
    plans = Plan.objects.annotate(task_count=Count("tasks")).order_by("-updated_at", "-pk")
    return (
        Project.objects.filter(team__memberships__user=user)
        .select_related("team")
        .prefetch_related(Prefetch("plans", queryset=plans))
        .order_by("team__name", "team_id", "name")
    )


def plans_of(project: Project) -> QuerySet[Plan]:
    """The plans of a project, the latest changed first, with how many tasks each has."""
    return project.plans.annotate(task_count=Count("tasks")).order_by("-updated_at", "-pk")


def progress_of(plan: Plan) -> Mapping[str, core.TaskProgress]:
    """How far the tasks are, by uid; a task that is not in it is pending."""
    rows = TaskProgress.objects.filter(plan=plan).values_list("task_uid", "status", "started", "finished")
    return {uid: core.TaskProgress(core.Status(status), *times) for uid, status, *times in rows}


def changes_of(plan: Plan, *, before: int | None = None) -> list[Change]:
    """A page of a plan's history, newest first, below the version `before`."""
    changes = plan.changes.select_related("actor").order_by("-version")
    if before is not None:
        changes = changes.filter(version__lt=before)
    return list(changes[:HISTORY_PAGE])


def changes_after(plan: Plan, version: int) -> list[Change]:
    """What came after a version, oldest first, one page at most."""
    changes = plan.changes.select_related("actor").filter(version__gt=version)
    return list(changes.order_by("version")[:HISTORY_PAGE])


def file_list(project: Project) -> list[str]:
    """The project's paths, sorted."""
    return project.files.split("\n") if project.files else []
