"""A plan as one request sees it: its content, and what is computed from it when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import planner_core as core
from taskplanner.accounts.models import Membership, User
from taskplanner.accounts.selectors import role_at_least
from taskplanner.plans.mapping import load_plan
from taskplanner.plans.models import Change, Plan
from taskplanner.plans.presenters.cache import by_content
from taskplanner.plans.presenters.conflict_rows import (
    ConflictRow,
    RuledRow,
    present_conflicts,
    present_rulings,
)
from taskplanner.plans.presenters.figures import Figures, present_figures
from taskplanner.plans.selectors import file_list, progress_of
from taskplanner.plans.services import latest_redoable, latest_undoable

SHOWN_CONFLICTS = 100


class Workspace:
    """What the pages of one plan show to one person. Querying is lazy; nothing here writes."""

    def __init__(self, row: Plan, membership: Membership) -> None:
        self.row = row
        self.membership = membership

    def refresh(self) -> None:
        """Forget everything computed, and read the plan's row again, as after a change."""
        row, membership = self.row, self.membership
        row.refresh_from_db()
        self.__dict__.clear()
        self.row, self.membership = row, membership

    @property
    def user(self) -> User:
        return self.membership.user

    @property
    def may_edit(self) -> bool:
        """Whether the person may change the plan."""
        return role_at_least(self.membership.role, core.Role.MEMBER)

    @property
    def may_lead(self) -> bool:
        """Whether the person may rule on pairs and change settings."""
        return role_at_least(self.membership.role, core.Role.LEAD)

    @cached_property
    def plan(self) -> core.Plan:
        """The plan's content."""
        return load_plan(self.row)

    @cached_property
    def progress(self) -> Mapping[str, core.TaskProgress]:
        """How far the tasks are, by uid; what is missing is pending."""
        return progress_of(self.row)

    @cached_property
    def findings(self) -> core.Findings:
        """The conflicts of the plan and what verdicts allow."""
        tasks = [(t.uid, t.key, t.claims, t.parallel_safe, t.decides, t.parent) for t in self.plan.tasks]
        content = (tasks, self.plan.dependencies, self.plan.verdicts)
        return by_content("findings", content, lambda: core.find_conflicts(self.plan))

    @cached_property
    def has_claims(self) -> bool:
        """Whether any scheduled task claims anything."""
        return any(task.claims for task in self.plan.leaves)

    @cached_property
    def comparison(self) -> core.Comparison:
        """The plan's schedules side by side, for its own number of agents."""
        problem = core.problem_of(self.plan, findings=self.findings)
        names = [(task.uid, task.key, task.estimate, task.agent) for task in self.plan.leaves]
        content = (problem, names, self.plan.agents, self.plan.keep_phases, core.phase_groups(self.plan))
        return by_content("comparison", content, lambda: core.compare(self.plan, findings=self.findings))

    @cached_property
    def figures(self) -> Figures:
        """The figures of the plan in words."""
        return present_figures(
            self.plan, self.comparison, len(self.findings.conflicts) + self.findings.unlisted
        )

    @cached_property
    def times(self) -> Mapping[str, core.TaskTime]:
        """When each scheduled task runs in the schedule for the plan's agents, by uid."""
        return {time.uid: time for time in self.comparison.tasks}

    @cached_property
    def conflict_rows(self) -> tuple[ConflictRow, ...]:
        """The conflicts as the overview lists them."""
        return present_conflicts(self.row.pk, self.plan, self.findings.conflicts[:SHOWN_CONFLICTS])

    @property
    def more_conflicts(self) -> int:
        """How many conflicts the overview does not list."""
        return max(0, len(self.findings.conflicts) - SHOWN_CONFLICTS) + self.findings.unlisted

    @cached_property
    def ruled_rows(self) -> tuple[RuledRow, ...]:
        """The lead's verdicts as the overview lists them."""
        return present_rulings(self.row.pk, self.plan)

    @property
    def default_estimate(self) -> str:
        """What a task without an estimate counts as."""
        return core.format_duration(self.plan.default_estimate)

    @cached_property
    def file_tree(self) -> core.FolderNode:
        """The project's files with their owners."""
        return core.Ownership(self.plan).file_tree(file_list(self.row.project))

    @cached_property
    def undoable(self) -> Change | None:
        """What the person's next undo takes back."""
        return latest_undoable(self.row, self.user)

    @cached_property
    def redoable(self) -> Change | None:
        """The undo that the person's next redo reverts."""
        return latest_redoable(self.row, self.user)
