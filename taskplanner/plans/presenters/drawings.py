"""The drawings of a plan, as SVG for its pages: laid out once for each content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

import planner_core as core
from taskplanner.plans.presenters.cache import by_content
from taskplanner.plans.presenters.conflict_rows import TITLES
from taskplanner.plans.presenters.workspace import Workspace

UID_PLACE = "UID"


@dataclass(frozen=True)
class Drawing:
    """A drawing for a page; without one, `reason` says why, and is empty where there is nothing to draw."""

    svg: SafeString | None = None
    reason: str = ""


def draw_graph(workspace: Workspace) -> Drawing:
    """The plan's graph; empty without tasks."""
    if not workspace.plan.tasks:
        return Drawing()
    return _draw(graph_dot(workspace))


def draw_ownership(workspace: Workspace) -> Drawing:
    """The map of patterns and tasks; empty where no task claims anything."""
    if not workspace.has_claims:
        return Drawing()
    return _draw(ownership_dot(workspace))


def draw_timeline(workspace: Workspace) -> Drawing:
    """Sequential and parallel timelines; empty without tasks."""
    if not workspace.plan.leaves:
        return Drawing()
    return _draw(timeline_dot(workspace))


def graph_dot(workspace: Workspace, theme: core.ThemeName = "light") -> str:
    """The graph as DOT source."""
    return core.plan_graph_dot(workspace.plan, _marks(workspace), link=_task_link(workspace), theme=theme)


def ownership_dot(workspace: Workspace, theme: core.ThemeName = "light") -> str:
    """The ownership map as DOT source."""
    return core.ownership_map_dot(workspace.plan, link=_task_link(workspace), theme=theme)


def timeline_dot(workspace: Workspace, theme: core.ThemeName = "light") -> str:
    """The timeline as DOT source."""
    timeline = core.timeline_of(workspace.plan, workspace.comparison, link=_task_link(workspace))
    return core.timeline_dot(timeline, theme=theme)


DOTS: dict[str, Callable[[Workspace, core.ThemeName], str]] = {
    "graph": graph_dot,
    "ownership": ownership_dot,
    "timeline": timeline_dot,
}


def _marks(workspace: Workspace) -> core.PlanMarks:
    return core.PlanMarks(
        critical_path=workspace.comparison.critical_path_uids,
        conflicts=tuple(
            core.ConflictMark(conflict.first, conflict.second, TITLES[conflict.kind])
            for conflict in workspace.findings.conflicts
        ),
        statuses={uid: progress.status for uid, progress in workspace.progress.items()},
    )


def _task_link(workspace: Workspace) -> str:
    return reverse("task", args=[workspace.row.pk, UID_PLACE]).replace(UID_PLACE, "{uid}")


def _draw(dot: str) -> Drawing:
    try:
        clean = by_content("drawing", dot, lambda: core.clean_svg(core.render_svg(dot)))
    except core.PlannerError as error:
        return Drawing(reason=str(error))
    # The allowlist parser has left shapes, text, generated ids and classes: nothing that could act.
    return Drawing(mark_safe(clean))  # noqa: S308  # sanitized
