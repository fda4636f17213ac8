"""The first page: teams, their projects, and the latest plans of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import planner_core as core
from taskplanner.accounts.models import Team, User
from taskplanner.accounts.selectors import memberships_of_user, role_at_least, teams_of
from taskplanner.plans.models import Project
from taskplanner.plans.selectors import projects_of

SHOWN_PLANS = 5


@dataclass(frozen=True)
class PlanLink:
    """A plan in a list."""

    title: str
    url: str
    tasks: int
    changed: datetime


@dataclass(frozen=True)
class ProjectCard:
    """A project with its latest plans; `more` counts those that are not shown."""

    name: str
    url: str
    plans: tuple[PlanLink, ...]
    more: int


@dataclass(frozen=True)
class TeamCard:
    """A team with its projects."""

    name: str
    slug: str
    projects: tuple[ProjectCard, ...]


def present_home(user: User) -> tuple[TeamCard, ...]:
    """The teams of a person with their projects, by name."""
    projects: dict[int, list[Project]] = {}
    for project in projects_of(user):
        projects.setdefault(project.team_id, []).append(project)
    return tuple(_team(team, projects.get(team.pk, [])) for team in teams_of(user))


def teams_to_add_to(user: User) -> list[tuple[str, str]]:
    """The teams in which the person may make projects, as a form's choices."""
    return [
        (membership.team.slug, membership.team.name)
        for membership in memberships_of_user(user)
        if role_at_least(membership.role, core.Role.MEMBER)
    ]


def _team(team: Team, projects: list[Project]) -> TeamCard:
    return TeamCard(team.name, team.slug, tuple(map(_project, projects)))


def _project(project: Project) -> ProjectCard:
    plans = list(project.plans.all())
    links = tuple(
        PlanLink(plan.title, plan.get_absolute_url(), plan.task_count, plan.updated_at)  # type: ignore[attr-defined]  # annotated by projects_of
        for plan in plans[:SHOWN_PLANS]
    )
    return ProjectCard(project.name, project.get_absolute_url(), links, max(0, len(plans) - SHOWN_PLANS))
