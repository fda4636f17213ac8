"""Projects and plans as a whole: making, renaming, deleting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

import planner_core as core
from taskplanner.accounts.models import Team, User
from taskplanner.plans.models import Change, Plan, Project
from taskplanner.plans.services.changing import change_plan
from taskplanner.plans.services.progress import store_progress


class NameTaken(core.PlannerError):
    """The team has a project of that name."""


def create_project(*, team: Team, name: str) -> Project:
    """A new project, without plans. Raises NameTaken."""
    with _naming(name):
        return Project.objects.create(team=team, name=name)


def rename_project(*, project: Project, name: str) -> None:
    """Give a project another name. Raises NameTaken."""
    with _naming(name):
        Project.objects.filter(pk=project.pk).update(name=name)


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """A transaction that gives a project its name; the database knows whether the team has that name."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise NameTaken(f"This team already has a project called {name}. Choose another name.") from error


def delete_project(*, project: Project) -> None:
    """Delete a project with all its plans, for good."""
    with transaction.atomic():
        # The locks of all changes first: whoever holds one finishes before the rows that they need are gone.
        list(Plan.objects.select_for_update().filter(project=project).order_by("pk"))
        project.delete()


def create_plan(
    *,
    project: Project,
    content: core.Plan,
    actor: User | None,
    progress: Mapping[str, core.TaskProgress] | None = None,
) -> Plan:
    """A new plan in a project. What it holds is its first change, which nobody undoes by mistake."""
    with transaction.atomic():
        empty = core.Plan(title=content.title)
        row = Plan.objects.create(
            project=project,
            title=empty.title,
            agent_count=empty.agent_count,
            default_estimate=empty.default_estimate,
        )
        change_plan(
            plan=row,
            edits=core.replacing_plan(empty, content),
            actor=actor,
            sentence=f"created the plan with {_counted(len(content.tasks), 'task')}",
            kind=Change.Kind.CREATION,
        )
        if progress:
            store_progress(plan=row, progress=progress)
    row.refresh_from_db()
    return row


def delete_plan(*, plan: Plan) -> None:
    """Delete a plan with its history, for good."""
    with transaction.atomic():
        # The lock of all changes first: whoever holds it finishes before the rows that they need are gone.
        list(Plan.objects.select_for_update().filter(pk=plan.pk))
        plan.delete()


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
