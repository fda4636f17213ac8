"""Plans as the database has them."""

from __future__ import annotations

import planner_core as core
from taskplanner.plans.mapping import load_plan
from taskplanner.plans.models import Plan, Project
from taskplanner.plans.services import create_plan
from tests.cast import Cast


def store(cast: Cast, content: core.Plan) -> Plan:
    """The plan in the cast's project “Shop”, made by nobody: all changes after it are somebody's."""
    project, _ = Project.objects.get_or_create(team=cast.team, name="Shop")
    return create_plan(project=project, content=content, actor=None)


def stored(row: Plan) -> core.Plan:
    """What the database has now, whatever the row at hand says."""
    return load_plan(Plan.objects.get(pk=row.pk))
