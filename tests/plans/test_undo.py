"""Undo and redo for several people: one's own latest change, by the same door as every other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

import planner_core as core
from taskplanner.accounts.models import Team, User
from taskplanner.plans.models import Change, Plan, Project
from taskplanner.plans.selectors import progress_of
from taskplanner.plans.services import (
    NothingToUndo,
    PlanGone,
    StaleChange,
    change_plan,
    create_plan,
    delete_plan,
    latest_redoable,
    latest_undoable,
    redo_change,
    set_progress,
    undo_change,
)
from tests.cast import Cast
from tests.conftest import LONG
from tests.core import strategies
from tests.core.short_plans import plan as short_plan
from tests.core.short_plans import task as short_task
from tests.plans.mapping_law import QUIET
from tests.plans.stored import store, stored


@pytest.fixture
def row(cast: Cast) -> Plan:
    """A stored plan of three tasks without titles, made by nobody."""
    return store(cast, short_plan(*map(short_task, "ABC")))


def edit(row: Plan, actor: User, uid: str, **after: Any) -> None:
    """One edit of a task by somebody who sees the plan as it is."""
    change_plan(plan=row, edits=core.editing_task(stored(row), uid, {}, after), actor=actor)


def titles(row: Plan) -> list[str]:
    """The titles of the tasks, in order."""
    return [task.title for task in stored(row).tasks]


def test_undo_is_a_change_like_any_other(cast: Cast, row: Plan) -> None:
    """It makes a version of its own, says what it took back, and gives back exactly the plan before."""
    before = stored(row)
    edit(row, cast.member, "a", title="Model")
    edited = latest_undoable(row, cast.member)
    undone = undo_change(plan=row, actor=cast.member)
    assert stored(row) == before
    assert edited is not None
    assert (undone.kind, undone.reverts, undone.version) == ("undo", edited, 3)
    assert undone.sentence == f"undid: {edited.sentence}"
    assert [change.version for change in Change.objects.filter(plan=row).order_by("version")] == [1, 2, 3]


def test_undo_goes_back_step_by_step_and_redo_forward(cast: Cast, row: Plan) -> None:
    """Three edits are taken back last first, and brought back first first."""
    for title in ("One", "Two", "Three"):
        edit(row, cast.member, "a", title=title)
    seen = []
    for _ in range(3):
        undo_change(plan=row, actor=cast.member)
        seen.append(titles(row)[0])
    assert seen == ["Two", "One", ""]
    with pytest.raises(NothingToUndo):
        undo_change(plan=row, actor=cast.member)
    for expected in ("One", "Two", "Three"):
        redo_change(plan=row, actor=cast.member)
        assert titles(row)[0] == expected
    with pytest.raises(NothingToUndo):
        redo_change(plan=row, actor=cast.member)


def test_undo_redo_undo(cast: Cast, row: Plan) -> None:
    """What was brought back can be taken back again, as often as one likes, and is told by its own name."""
    edit(row, cast.member, "a", title="First")
    edit(row, cast.member, "a", title="Model")
    sentence = Change.objects.get(plan=row, version=3).sentence
    for _ in range(3):
        assert undo_change(plan=row, actor=cast.member).sentence == f"undid: {sentence}"
        assert titles(row)[0] == "First"
        assert redo_change(plan=row, actor=cast.member).sentence == f"redid: {sentence}"
        assert titles(row)[0] == "Model"
    undo_change(plan=row, actor=cast.member)
    undo_change(plan=row, actor=cast.member)
    assert titles(row)[0] == ""
    redo_change(plan=row, actor=cast.member)
    assert titles(row)[0] == "First"


def test_a_new_edit_clears_redo(cast: Cast, row: Plan) -> None:
    """After a new edit the undone one is history; undo takes back the new one, then what stood before."""
    edit(row, cast.member, "a", title="One")
    edit(row, cast.member, "a", title="Two")
    undo_change(plan=row, actor=cast.member)
    edit(row, cast.member, "b", title="New")
    assert latest_redoable(row, cast.member) is None
    with pytest.raises(NothingToUndo):
        redo_change(plan=row, actor=cast.member)
    undo_change(plan=row, actor=cast.member)
    assert titles(row) == ["One", "", ""]
    undo_change(plan=row, actor=cast.member)
    assert titles(row) == ["", "", ""]
    redo_change(plan=row, actor=cast.member)
    redo_change(plan=row, actor=cast.member)
    assert titles(row) == ["One", "New", ""]


def test_another_persons_edit_does_not_clear_redo(cast: Cast, row: Plan) -> None:
    """What others do meanwhile leaves what one may redo alone."""
    edit(row, cast.member, "a", title="Mine")
    undo_change(plan=row, actor=cast.member)
    edit(row, cast.lead, "b", title="Theirs")
    redo_change(plan=row, actor=cast.member)
    assert titles(row) == ["Mine", "Theirs", ""]


def test_only_ones_own_changes_are_undone(cast: Cast, row: Plan) -> None:
    """Later changes by others to other things stay, and are never taken back by somebody else."""
    edit(row, cast.member, "a", title="Mine")
    edit(row, cast.lead, "b", title="Theirs")
    edit(row, cast.lead, "a", estimate=45)
    undo_change(plan=row, actor=cast.member)
    assert titles(row) == ["", "Theirs", ""]
    assert stored(row).task_by_uid["a"].estimate == 45
    with pytest.raises(NothingToUndo):
        undo_change(plan=row, actor=cast.member)
    with pytest.raises(NothingToUndo):
        undo_change(plan=row, actor=cast.owner)


def test_nobody_redoes_what_another_one_undid(cast: Cast, row: Plan) -> None:
    """Redo is one's own as well."""
    edit(row, cast.member, "a", title="Mine")
    undo_change(plan=row, actor=cast.member)
    with pytest.raises(NothingToUndo):
        redo_change(plan=row, actor=cast.lead)


def test_a_stale_undo_is_refused(cast: Cast, row: Plan) -> None:
    """What somebody else changed since is not overwritten, and the refusal says who did it."""
    edit(row, cast.member, "a", title="Mine")
    edit(row, cast.lead, "a", title="Theirs")
    with pytest.raises(StaleChange) as refusal:
        undo_change(plan=row, actor=cast.member)
    assert refusal.value.blame is not None
    assert refusal.value.blame.actor == cast.lead
    assert titles(row)[0] == "Theirs"
    assert Plan.objects.get(pk=row.pk).version == 3


def test_a_stale_redo_is_refused(cast: Cast, row: Plan) -> None:
    """The same check holds on the way forward."""
    edit(row, cast.member, "a", title="Mine")
    undo_change(plan=row, actor=cast.member)
    edit(row, cast.lead, "a", title="Theirs")
    with pytest.raises(StaleChange):
        redo_change(plan=row, actor=cast.member)
    assert titles(row)[0] == "Theirs"


def test_an_undo_that_would_break_the_plan_is_refused(cast: Cast, row: Plan) -> None:
    """Bringing back a dependency that would now close a circle writes nothing."""
    change_plan(plan=row, edits=core.connecting(stored(row), "a", "b"), actor=cast.member)
    change_plan(plan=row, edits=core.disconnecting(stored(row), "a", "b"), actor=cast.member)
    change_plan(plan=row, edits=core.connecting(stored(row), "b", "a"), actor=cast.lead)
    before = stored(row)
    with pytest.raises(core.InvalidPlan, match="circle"):
        undo_change(plan=row, actor=cast.member)
    assert stored(row) == before
    assert Plan.objects.get(pk=row.pk).version == 4


def test_undoing_a_removal_brings_everything_back(cast: Cast) -> None:
    """Claims, dependencies, children, verdicts and handoffs return with the task; its progress never left."""
    family = replace(short_task("B1"), parent="b")
    plan = short_plan(
        short_task("A"),
        short_task("B", modifies=["src/**"], reads=["docs/"], estimate=45, acceptance=("it works",)),
        family,
        short_task("C"),
        links=["A>B", "B>C"],
        verdicts=(core.Verdict("a", "b", together=False, reason="one database"),),
        handoffs=(
            core.Handoff("h1", ("b",), ("c",), "final"),
            core.Handoff("h2", ("a", "b"), ("c",), decisions=("soft delete",)),
        ),
    )
    row = store(cast, plan)
    done = core.TaskProgress(core.Status.COMPLETED)
    kept = set_progress(plan=row, task_uid="b", before=core.TaskProgress(), after=done, now=timezone.now())
    change_plan(plan=row, edits=core.removing_tasks(plan, ["b"]), actor=cast.member)
    assert [task.key for task in stored(row).tasks] == ["A", "B1", "C"]
    undo_change(plan=row, actor=cast.member)
    assert stored(row) == plan
    assert progress_of(row) == {"b": kept}


def test_nobody_undoes_how_another_one_made_the_plan(cast: Cast, row: Plan) -> None:
    """A plan that one has not changed yet holds nothing to take back."""
    assert latest_undoable(row, cast.owner) is None
    with pytest.raises(NothingToUndo):
        undo_change(plan=row, actor=cast.owner)


def test_a_deleted_plan_has_nothing_to_undo(cast: Cast, row: Plan) -> None:
    """Undo and redo go through the same door."""
    edit(row, cast.member, "a", title="Mine")
    delete_plan(plan=Plan.objects.get(pk=row.pk))
    for revert in (undo_change, redo_change):
        with pytest.raises(PlanGone):
            revert(plan=row, actor=cast.member)


@pytest.mark.django_db
@given(st.data())
@settings(max_examples=500 if LONG else 25, deadline=None, suppress_health_check=QUIET)
def test_undo_and_redo_retrace_every_version(data: st.DataObject) -> None:
    """For any plan and edits: undo leads back through all versions to the first, redo forth to the last."""
    team, _ = Team.objects.get_or_create(slug="law", defaults={"name": "Law"})
    actor, _ = User.objects.get_or_create(email="law@example.com")
    project = Project.objects.create(team=team, name=f"Law {Project.objects.count()}")
    row = create_plan(project=project, content=data.draw(strategies.plans()), actor=None)
    versions = [stored(row)]
    for _ in range(data.draw(st.integers(1, 5), label="edits")):
        edits = [data.draw(strategies.edits_for(versions[-1]), label="edit")]
        try:
            change_plan(plan=row, edits=edits, actor=actor)
        except core.PlannerError:
            continue
        versions.append(stored(row))
    for version in reversed(versions[:-1]):
        undo_change(plan=row, actor=actor)
        assert stored(row) == version
    for version in versions[1:]:
        redo_change(plan=row, actor=actor)
        assert stored(row) == version
    assert latest_redoable(row, actor) is None
