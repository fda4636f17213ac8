"""The one door for every write: what it stores, what it refuses, and what it then leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

import planner_core as core
from taskplanner.accounts.models import User
from taskplanner.plans.models import Change, Plan
from taskplanner.plans.selectors import changes_after, changes_of
from taskplanner.plans.services import PlanGone, StaleChange, change_plan, delete_plan
from tests.cast import Cast
from tests.core.short_plans import plan as short_plan
from tests.core.short_plans import task as short_task
from tests.plans.stored import store, stored


@pytest.fixture
def row(cast: Cast) -> Plan:
    """A stored plan of three tasks: A before B, and C, which modifies a file."""
    return store(
        cast, short_plan(*map(short_task, "AB"), short_task("C", modifies=["src/c.py"]), links=["A>B"])
    )


def setting(plan: core.Plan, uid: str, **after: Any) -> list[core.Edit]:
    """Edits of one task by somebody who sees `plan`."""
    return core.editing_task(plan, uid, {}, after)


def state(row: Plan) -> tuple[int, core.Plan, int]:
    """Everything that a refused change must leave as it is."""
    fresh = Plan.objects.get(pk=row.pk)
    return fresh.version, stored(row), fresh.changes.count()


def stale(row: Plan, edits: list[core.Edit], actor: User) -> StaleChange:
    """The refusal of a stale change, which wrote nothing."""
    before = state(row)
    with pytest.raises(StaleChange) as refusal:
        change_plan(plan=row, edits=edits, actor=actor)
    assert state(row) == before
    return refusal.value


# --- What a change stores ----------------------------------------------------------------------------------


def test_a_change_makes_the_next_version(cast: Cast, row: Plan) -> None:
    """The plan is what the edits make of it, and the record says who did what, edit by edit."""
    edits = setting(stored(row), "a", title="Model", estimate=45)
    change = change_plan(plan=row, edits=edits, actor=cast.member)
    assert change is not None
    assert (change.version, change.actor, change.kind, change.reverts) == (2, cast.member, "edit", None)
    assert change.edit_format == core.EDIT_FORMAT
    fresh = Change.objects.get(pk=change.pk)
    assert core.load_edits(fresh.edits) == edits
    assert fresh.sentence == core.describe(short_plan(*map(short_task, "ABC")), edits)
    assert Plan.objects.get(pk=row.pk).version == 2
    assert (stored(row).task_by_uid["a"].title, stored(row).task_by_uid["a"].estimate) == ("Model", 45)


def test_the_author_may_say_it_better(cast: Cast, row: Plan) -> None:
    """A sentence given with the edits is the one that the history tells."""
    edits = setting(stored(row), "a", title="Model")
    change = change_plan(plan=row, edits=edits, actor=None, sentence="imported plan.yaml")
    assert change is not None
    assert (change.sentence, change.actor) == ("imported plan.yaml", None)


def test_no_edits_make_no_change(cast: Cast, row: Plan) -> None:
    """There is no version in which nothing happened."""
    before = state(row)
    assert change_plan(plan=row, edits=[], actor=cast.member) is None
    assert state(row) == before


def test_the_plans_own_fields_are_saved(cast: Cast, row: Plan) -> None:
    """Settings are edits as well."""
    edits = [
        *core.setting_plan_field(stored(row), "agent_count", 7),
        *core.setting_plan_field(stored(row), "weights", (("file", 0.5),)),
    ]
    change_plan(plan=row, edits=edits, actor=cast.lead)
    assert (stored(row).agent_count, stored(row).weights) == (7, (("file", 0.5),))


# --- What is refused ---------------------------------------------------------------------------------------


def test_a_circle_writes_nothing(cast: Cast, row: Plan) -> None:
    """What the result shows to be wrong leaves plan, version and history as they were."""
    before = state(row)
    edits: list[core.Edit] = [
        *setting(stored(row), "c", title="Would be written first"),
        core.DependencyEdit("b", "a", before=False, after=True),
    ]
    with pytest.raises(core.InvalidPlan, match="A → B → A"):
        change_plan(plan=row, edits=edits, actor=cast.member)
    assert state(row) == before


def test_an_edit_of_no_field_writes_nothing(cast: Cast, row: Plan) -> None:
    """Edits that the core cannot read are refused as a whole."""
    before = state(row)
    with pytest.raises(core.UnreadableEdit):
        change_plan(plan=row, edits=[core.TaskFieldEdit("a", "uid", "a", "b")], actor=cast.member)
    assert state(row) == before


def test_a_deleted_plan_is_gone(cast: Cast, row: Plan) -> None:
    """Whoever still has its page open is told so."""
    edits = setting(stored(row), "a", title="Model")
    delete_plan(plan=Plan.objects.get(pk=row.pk))
    with pytest.raises(PlanGone):
        change_plan(plan=row, edits=edits, actor=cast.member)


def test_the_same_field_is_stale(cast: Cast, row: Plan) -> None:
    """The second one is told who changed what, to what, and when."""
    seen = stored(row)
    first = change_plan(plan=row, edits=setting(seen, "a", title="Model"), actor=cast.lead)
    assert first is not None
    refusal = stale(row, setting(seen, "a", title="Schema"), cast.member)
    assert refusal.what == "the title of A"
    assert refusal.blame is not None
    assert (refusal.blame.actor, refusal.blame.version) == (cast.lead, 2)
    assert refusal.blame.at == first.at
    assert "Model" in refusal.blame.sentence


def test_the_blame_is_of_the_target(cast: Cast, row: Plan) -> None:
    """Later changes of other things do not stand in for the one that made the edit stale."""
    seen = stored(row)
    change_plan(plan=row, edits=setting(seen, "a", title="Model"), actor=cast.lead)
    change_plan(plan=row, edits=setting(seen, "a", estimate=10), actor=cast.owner)
    change_plan(plan=row, edits=setting(seen, "b", title="Other"), actor=cast.owner)
    refusal = stale(row, setting(seen, "a", title="Schema"), cast.member)
    assert refusal.blame is not None
    assert (refusal.blame.actor, refusal.blame.version) == (cast.lead, 2)


def test_editing_a_removed_task_is_stale(cast: Cast, row: Plan) -> None:
    """Its fields and claims are gone with it, and the refusal names who removed it."""
    seen = stored(row)
    change_plan(plan=row, edits=core.removing_tasks(seen, ["c"]), actor=cast.lead)
    for edits in (
        setting(seen, "c", title="Late"),
        core.adding_claim(seen, "c", core.ClaimMode.READS, "docs/"),
        core.removing_tasks(seen, ["c"]),
    ):
        refusal = stale(row, edits, cast.member)
        assert refusal.blame is not None
        assert (refusal.blame.actor, refusal.blame.version) == (cast.lead, 2)


@pytest.mark.parametrize("what", ["title", "claim"])
def test_removing_a_changed_task_is_stale(cast: Cast, row: Plan, what: str) -> None:
    """Nobody throws away what they have not seen, be it a field or a claim."""
    seen = stored(row)
    edits = {
        "title": setting(seen, "c", title="Precious"),
        "claim": core.adding_claim(seen, "c", core.ClaimMode.READS, "docs/"),
    }[what]
    change_plan(plan=row, edits=edits, actor=cast.lead)
    refusal = stale(row, core.removing_tasks(seen, ["c"]), cast.member)
    assert refusal.what == "C"
    assert refusal.blame is not None
    assert (refusal.blame.actor, refusal.blame.version) == (cast.lead, 2)


def test_a_dependency_is_removed_once(cast: Cast, row: Plan) -> None:
    """The second removal is stale, and so is the second addition."""
    seen = stored(row)
    change_plan(plan=row, edits=core.disconnecting(seen, "a", "b"), actor=cast.lead)
    refusal = stale(row, core.disconnecting(seen, "a", "b"), cast.member)
    assert refusal.what == "the dependency of B on A"
    now = stored(row)
    change_plan(plan=row, edits=core.connecting(now, "b", "c"), actor=cast.lead)
    assert stale(row, core.connecting(now, "b", "c"), cast.member).blame is not None


def test_one_stale_edit_stops_the_others(cast: Cast, row: Plan) -> None:
    """A change is made as a whole or not at all."""
    seen = stored(row)
    change_plan(plan=row, edits=setting(seen, "a", title="Model"), actor=cast.lead)
    stale(row, [*setting(seen, "b", title="New"), *setting(seen, "a", title="Schema")], cast.member)


# --- Several people ----------------------------------------------------------------------------------------


def test_different_fields_are_no_conflict(cast: Cast, row: Plan) -> None:
    """Two people who look at the same version and change different things both succeed."""
    mine, yours = Plan.objects.get(pk=row.pk), Plan.objects.get(pk=row.pk)
    seen = stored(row)
    change_plan(plan=mine, edits=setting(seen, "a", title="Model"), actor=cast.lead)
    change_plan(plan=yours, edits=setting(seen, "a", estimate=45), actor=cast.member)
    change_plan(plan=mine, edits=core.connecting(seen, "b", "c"), actor=cast.lead)
    change_plan(plan=yours, edits=core.setting_plan_field(seen, "agent_count", 5), actor=cast.member)
    now = stored(row)
    assert (now.task_by_uid["a"].title, now.task_by_uid["a"].estimate, now.agent_count) == ("Model", 45, 5)
    assert core.Dependency("b", "c") in now.dependencies
    assert Plan.objects.get(pk=row.pk).version == 5


def test_a_replacement_needs_the_version_it_was_previewed_on(cast: Cast, row: Plan) -> None:
    """With `expected_version` any change in between is a reason to look again, whatever it touched."""
    seen = stored(row)
    change_plan(plan=row, edits=setting(seen, "a", title="Model"), actor=cast.lead)
    before = state(row)
    edits = setting(seen, "b", title="Imported")
    with pytest.raises(StaleChange) as refusal:
        change_plan(plan=row, edits=edits, actor=cast.member, expected_version=1)
    assert state(row) == before
    assert refusal.value.blame is not None
    assert (refusal.value.blame.actor, refusal.value.blame.version) == (cast.lead, 2)
    change = change_plan(plan=row, edits=edits, actor=cast.member, expected_version=2)
    assert change is not None
    assert change.version == 3


# --- Reading the history -----------------------------------------------------------------------------------


def test_history_is_read_in_both_directions(cast: Cast, row: Plan) -> None:
    """Pages go back from the newest change; a page that looks for news gets what came after its version."""
    for title in ("One", "Two", "Three"):
        change_plan(plan=row, edits=setting(stored(row), "a", title=title), actor=cast.member)
    assert [change.version for change in changes_of(row)] == [4, 3, 2, 1]
    assert [change.version for change in changes_of(row, before=3)] == [2, 1]
    assert [change.version for change in changes_after(row, 2)] == [3, 4]
    assert changes_after(row, 4) == []


def test_what_was_blamed_outlives_its_author(cast: Cast, row: Plan) -> None:
    """A change stays in the history when the account of whoever made it is deleted."""
    seen = stored(row)
    change_plan(plan=row, edits=setting(seen, "a", title="Model"), actor=cast.lead)
    cast.lead.delete()
    refusal = stale(row, setting(seen, "a", title="Schema"), cast.member)
    assert refusal.blame is not None
    assert (refusal.blame.actor, refusal.blame.version) == (None, 2)
