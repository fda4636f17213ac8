"""Put the example plans into a fresh installation."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.management.base import BaseCommand

import planner_core as core
from taskplanner.accounts.selectors import teams_of
from taskplanner.accounts.services import ensure_local_owner
from taskplanner.plans.models import Project
from taskplanner.plans.services import create_plan, create_project


class Command(BaseCommand):
    help = "Load the example plans, unless there is a project already."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the project “Examples” for the local owner's team; harmless where any project exists."""
        if Project.objects.exists():
            return
        team = teams_of(ensure_local_owner()).first()
        if team is None:
            return
        project = create_project(team=team, name="Examples")
        for name, _title in core.EXAMPLES:
            document = core.read_example(name, new_uid=lambda: uuid.uuid4().hex)
            create_plan(project=project, content=document.plan, actor=None, progress=document.progress)
