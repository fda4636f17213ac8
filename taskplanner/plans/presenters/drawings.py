"""The drawings of a plan, as SVG for its pages: laid out once for each content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

import planner_core as core
from taskplanner.plans.presenters.cache import by_content
from taskplanner.plans.presenters.workspace import Workspace

_UID = "UID"


@dataclass(frozen=True)
class Drawing:
    """A drawing for a page; without one, `reason` says why, and is empty where there is nothing to draw."""

    svg: SafeString | None = None
    reason: str = ""


def draw_graph(workspace: Workspace) -> Drawing:
    """The plan's graph; empty without tasks."""
    return _draw(workspace, core.View.GRAPH) if workspace.plan.tasks else Drawing()


def draw_ownership(workspace: Workspace) -> Drawing:
    """The map of patterns and tasks; empty without tasks."""
    return _draw(workspace, core.View.OWNERSHIP) if workspace.plan.leaves else Drawing()


def draw_timeline(workspace: Workspace) -> Drawing:
    """Sequential and parallel timelines; empty without tasks."""
    return _draw(workspace, core.View.TIMELINE) if workspace.plan.leaves else Drawing()


def _draw(workspace: Workspace, view: core.View) -> Drawing:
    statuses = {uid: progress.status for uid, progress in workspace.progress.items()}
    link = reverse("task", args=[workspace.row.pk, _UID]).replace(_UID, "{uid}")
    return draw_plan(workspace.plan, view, workspace.findings, workspace.comparison, statuses, link=link)


def draw_plan(
    plan: core.Plan,
    view: core.View,
    findings: core.Findings,
    comparison: core.Comparison,
    statuses: Mapping[str, core.Status],
    *,
    link: str,
) -> Drawing:
    """A view of any plan, stored or not; `link` is the address of a task with `{uid}` in it, or empty."""
    dot = core.view_dot(plan, view, findings=findings, comparison=comparison, statuses=statuses, link=link)
    try:
        clean = by_content("drawing", dot, lambda: core.clean_svg(core.render_svg(dot)))
    except core.PlannerError as error:
        return Drawing(reason=str(error))
    # The allowlist parser has left shapes, text, generated ids and classes: nothing that could act.
    return Drawing(mark_safe(clean))  # noqa: S308  # sanitized
