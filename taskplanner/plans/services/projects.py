"""Projects and plans as a whole: making, renaming, deleting; a project's file list."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F

import planner_core as core
from taskplanner.accounts.models import Team, User
from taskplanner.plans.models import Plan, Project
from taskplanner.plans.services.changing import change_plan
from taskplanner.plans.services.progress import store_progress

MAX_FILES = 50_000
MAX_PATH = 1_000


class NameTaken(core.PlannerError):
    """The team has a project of that name."""


class BadFileList(core.PlannerError):
    """A file list with lines that are no paths; its text names the first of them."""


class StaleFileList(core.PlannerError):
    """Somebody replaced the file list meanwhile."""


def create_project(*, team: Team, name: str) -> Project:
    """A new project, without plans. Raises NameTaken."""
    try:
        with transaction.atomic():
            return Project.objects.create(team=team, name=name)
    except IntegrityError as error:
        raise NameTaken(f"This team already has a project called {name}. Choose another name.") from error


def rename_project(*, project: Project, name: str) -> None:
    """Give a project another name. Raises NameTaken."""
    try:
        with transaction.atomic():
            Project.objects.filter(pk=project.pk).update(name=name)
    except IntegrityError as error:
        raise NameTaken(f"This team already has a project called {name}. Choose another name.") from error


def delete_project(*, project: Project) -> None:
    """Delete a project with all its plans, for good."""
    with transaction.atomic():
        project.delete()


def create_plan(
    *,
    project: Project,
    content: core.Plan,
    actor: User | None,
    progress: Mapping[str, core.TaskProgress] | None = None,
) -> Plan:
    """A new plan in a project. What it holds is its first change, so its history starts with all of it."""
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
        )
        if progress:
            store_progress(plan=row, progress=progress)
    row.refresh_from_db()
    return row


def delete_plan(*, plan: Plan) -> None:
    """Delete a plan with its history, for good."""
    with transaction.atomic():
        plan.delete()


def set_files(*, project: Project, text: str, expected_revision: int) -> int:
    """Replace a project's file list by the paths in a text, one a line; return how many there are.

    Blank lines and a leading `./` are dropped, paths are sorted, doubles stored once. Raises BadFileList
    with the first bad line, StaleFileList where the list is no longer at `expected_revision`.
    """
    paths = sorted({path for path in map(_path, enumerate(text.splitlines(), start=1)) if path})
    if len(paths) > MAX_FILES:
        raise BadFileList(f"A project's list holds at most {MAX_FILES} files; this one has {len(paths)}.")
    done = Project.objects.filter(pk=project.pk, files_revision=expected_revision).update(
        files="\n".join(paths), files_revision=F("files_revision") + 1
    )
    if not done:
        raise StaleFileList("Somebody replaced the file list meanwhile. Load the page again.")
    return len(paths)


def _path(numbered: tuple[int, str]) -> str:
    number, line = numbered
    path = line.strip().strip('"').removeprefix("./")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or any(ord(char) < 32 or ord(char) == 127 for char in path):
        raise BadFileList(f"Line {number} is no path inside the project: {line.strip()[:100]!r}.")
    if len(path) > MAX_PATH:
        raise BadFileList(f"Line {number} is longer than {MAX_PATH} characters.")
    return path


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
