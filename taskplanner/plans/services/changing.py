"""The one door: everything that changes a plan is a list of edits that comes through here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

import planner_core as core
from taskplanner.accounts.models import User
from taskplanner.plans.mapping import load_plan, save_difference
from taskplanner.plans.models import Change, Plan

# How far back the door looks for whoever changed the target of a stale edit.
_BLAME_DEPTH = 500


class PlanGone(core.PlannerError):
    """The plan was deleted meanwhile."""


class NothingToUndo(core.PlannerError):
    """The actor has no change of their own to take back, or none to bring back."""


class LeadNeeded(core.PlannerError):
    """The edits set verdicts or settings, which is the lead's."""


# What any member may set of the plan itself; the rest are settings.
_MEMBERS_FIELDS = frozenset({"title", "description", "agent_count"})


def require_lead(edits: Sequence[core.Edit]) -> None:
    """Raise LeadNeeded where edits rule on pairs or change settings; what goes with a task does not count."""
    moving = {edit.uid for edit in edits if isinstance(edit, core.TaskEdit)}
    for edit in edits:
        if isinstance(edit, core.VerdictEdit) and not moving & {edit.first, edit.second}:
            raise LeadNeeded("This sets the verdict on a pair of tasks, which takes a lead.")
        if isinstance(edit, core.PlanFieldEdit) and edit.field not in _MEMBERS_FIELDS:
            raise LeadNeeded(f"This changes the plan's {edit.field.replace('_', ' ')}, which takes a lead.")


@dataclass(frozen=True)
class Blame:
    """Who changed the target of a stale edit, when, and what that change said."""

    actor: User | None
    at: datetime
    version: int
    sentence: str


class StaleChange(core.PlannerError):
    """An edit's target changed since its author looked; nothing was written.

    `what` names the target; `blame` is the change that touched it last, None where none did.
    """

    def __init__(self, message: str, *, what: str, blame: Blame | None) -> None:
        super().__init__(message)
        self.what = what
        self.blame = blame


def change_plan(
    *,
    plan: Plan,
    edits: Sequence[core.Edit],
    actor: User | None,
    sentence: str | None = None,
    expected_version: int | None = None,
    kind: Change.Kind = Change.Kind.EDIT,
) -> Change | None:
    """Apply edits to a plan as one change; None where there are none.

    `sentence` says for the history what was done, where the edits alone would say it worse; `kind` is another
    one for what a plan is created with.
    `expected_version` is for a change that replaces a whole plan: the plan must still be at it. `actor` is
    None for what the app does by itself. Raises StaleChange where an edit's before-value no longer holds,
    core.InvalidPlan where the result would break a rule, PlanGone where the plan was deleted.
    """
    if not edits:
        return None
    with transaction.atomic():
        row = _lock(plan)
        if expected_version is not None and row.version != expected_version + 1:
            raise _stale_version(row)
        return _write(row, edits, actor=actor, sentence=sentence, kind=kind)


def undo_change(*, plan: Plan, actor: User, as_lead: bool = True) -> Change:
    """Take back the actor's own latest change that stands, as a new change under the same check.

    Raises NothingToUndo, LeadNeeded where that takes a lead and `as_lead` is False, or whatever `change_plan`
    raises.
    """
    with transaction.atomic():
        row = _lock(plan)
        return _revert(row, latest_undoable(row, actor), actor, Change.Kind.UNDO, as_lead)


def redo_change(*, plan: Plan, actor: User, as_lead: bool = True) -> Change:
    """Bring back what the actor undid last, as a new change, unless they changed something since.

    Raises as `undo_change` does.
    """
    with transaction.atomic():
        row = _lock(plan)
        return _revert(row, latest_redoable(row, actor), actor, Change.Kind.REDO, as_lead)


def _lock(plan: Plan) -> Plan:
    """The plan's row at its next version. The first statement takes its lock on every database."""
    if not Plan.objects.filter(pk=plan.pk).update(version=F("version") + 1):
        raise PlanGone("This plan was deleted.")
    return Plan.objects.get(pk=plan.pk)


def _revert(row: Plan, change: Change | None, actor: User, kind: Change.Kind, as_lead: bool) -> Change:
    if change is None:
        raise NothingToUndo(f"There is nothing of yours to {kind.value} in this plan.")
    edits = core.inverses(core.load_edits(change.edits))
    if not as_lead:
        require_lead(edits)
    done = "undid" if kind == Change.Kind.UNDO else "redid"
    sentence = f"{done}: {_original(change).sentence}"
    return _write(row, edits, actor=actor, sentence=sentence, kind=kind, reverts=change)


def _original(change: Change) -> Change:
    """The edit at the start of a chain of undos and redos."""
    while change.reverts is not None:
        change = change.reverts
    return change


def _write(
    row: Plan,
    edits: Sequence[core.Edit],
    *,
    actor: User | None,
    sentence: str | None,
    kind: Change.Kind = Change.Kind.EDIT,
    reverts: Change | None = None,
) -> Change:
    before = load_plan(row)
    try:
        after = core.apply_edits(before, edits)
    except core.StaleEdit as stale:
        raise _blamed(row, before, edits, stale) from stale
    save_difference(row, before, after)
    row.save()
    return Change.objects.create(
        plan=row,
        version=row.version,
        actor=actor,
        kind=kind,
        reverts=reverts,
        sentence=sentence or core.describe(before, edits),
        edits=core.dump_edits(edits),
        edit_format=core.EDIT_FORMAT,
    )


def _stale_version(row: Plan) -> StaleChange:
    latest = row.changes.select_related("actor").order_by("-version").first()
    return StaleChange(
        "The plan has changed since the preview. Look at it again before you replace it.",
        what="the plan",
        blame=None if latest is None else _blame(latest),
    )


def _blamed(row: Plan, before: core.Plan, edits: Sequence[core.Edit], stale: core.StaleEdit) -> StaleChange:
    edit = next((edit for edit in edits if edit.target == stale.target), None)
    what = "the task" if edit is None else core.describe_target(before, edit)
    return StaleChange(str(stale), what=what, blame=_last_change_of(row, stale.target))


def _last_change_of(row: Plan, target: str) -> Blame | None:
    """The newest change that touched a target, something that holds it, or a part of it."""
    recent = row.changes.select_related("actor").order_by("-version")[:_BLAME_DEPTH]
    for change in recent:
        # Of an older edit format at most the blame is lost, not the answer.
        edits = core.load_edits(change.edits) if change.edit_format == core.EDIT_FORMAT else ()
        if any(_touch(edit.target, target) for edit in edits):
            return _blame(change)
    return None


def _touch(one: str, other: str) -> bool:
    """Whether two targets are the same, or one is a part of the other, as a task's title or claim is."""
    left, right = (target.replace("claim:", "task:", 1).split(":") for target in (one, other))
    shorter = min(len(left), len(right))
    return left[:shorter] == right[:shorter]


def _blame(change: Change) -> Blame:
    return Blame(change.actor, change.at, change.version, change.sentence)


def latest_undoable(plan: Plan, actor: User) -> Change | None:
    """The change that `undo_change` would take back."""
    own = Change.objects.filter(plan=plan, actor=actor, reverted_by__isnull=True)
    return own.filter(kind__in=(Change.Kind.EDIT, Change.Kind.REDO)).order_by("-version").first()


def latest_redoable(plan: Plan, actor: User) -> Change | None:
    """The undo that `redo_change` would revert: none once the actor has made a new edit after it."""
    own = Change.objects.filter(plan=plan, actor=actor)
    last_edit = own.filter(kind=Change.Kind.EDIT).order_by("-version").values_list("version", flat=True)
    undone = own.filter(kind=Change.Kind.UNDO, reverted_by__isnull=True)
    return undone.filter(version__gt=last_edit.first() or 0).order_by("-version").first()
