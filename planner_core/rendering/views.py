"""The drawings of a plan by name, as DOT source: what the web app, its jobs and the command line all draw."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from planner_core.conflicts import Findings, find_conflicts
from planner_core.graph import critical_path_method
from planner_core.plan import Plan
from planner_core.rendering.ownership_map import ownership_map_dot
from planner_core.rendering.plan_graph import plan_graph_dot
from planner_core.rendering.plan_timeline import timeline_of
from planner_core.rendering.task_box import ConflictMark, PlanMarks
from planner_core.rendering.theme import ThemeName
from planner_core.rendering.timeline import timeline_dot
from planner_core.scheduling.comparison import Comparison, compare
from planner_core.vocabulary import Status


class View(StrEnum):
    """What can be drawn of a plan."""

    GRAPH = "graph"
    TIMELINE = "timeline"
    OWNERSHIP = "ownership"


_NO_STATUSES: Mapping[str, Status] = {}


def view_dot(
    plan: Plan,
    view: View,
    *,
    findings: Findings | None = None,
    comparison: Comparison | None = None,
    statuses: Mapping[str, Status] = _NO_STATUSES,
    link: str = "",
    theme: ThemeName = "light",
) -> str:
    """One drawing of a plan as DOT source.

    `findings` and `comparison` are the plan's own where they are known already; the comparison also says for
    how many agents the timeline is drawn. `statuses` are by task uid; `link` is the address of a task's page
    with `{uid}` in it, or empty.
    """
    if view is View.OWNERSHIP:
        return ownership_map_dot(plan, link=link, theme=theme)
    if view is View.TIMELINE:
        schedules = comparison or compare(plan, findings=findings)
        return timeline_dot(timeline_of(plan, schedules, link=link), theme=theme)
    found = findings or find_conflicts(plan)
    critical = critical_path_method(plan.leaf_graph, [plan.duration_of(task) for task in plan.leaves])
    marks = PlanMarks(
        critical_path=tuple(plan.leaves[place].uid for place in critical.critical_path),
        conflicts=tuple(
            ConflictMark(conflict.first, conflict.second, conflict.kind.reason)
            for conflict in found.conflicts
        ),
        statuses=statuses,
    )
    return plan_graph_dot(plan, marks, link=link, theme=theme)
