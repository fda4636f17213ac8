"""Projects and plans as a whole: making, renaming, deleting, and listing them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import planner_core as core
from taskplanner.accounts.services import create_team
from taskplanner.plans.models import Change, Plan, Project
from taskplanner.plans.selectors import plans_of, progress_of, projects_of
from taskplanner.plans.services import (
    NameTaken,
    NothingToUndo,
    change_plan,
    create_plan,
    create_project,
    delete_plan,
    delete_project,
    redo_change,
    rename_project,
    undo_change,
)
from tests.cast import Cast
from tests.core.short_plans import plan as short_plan
from tests.core.short_plans import task as short_task
from tests.plans.stored import stored


@pytest.fixture
def project(cast: Cast) -> Project:
    """The cast's project “Shop”."""
    return create_project(team=cast.team, name="Shop")


def test_a_name_is_taken_once_in_a_team(cast: Cast, project: Project) -> None:
    """The same team has no two projects of one name, another team may have one."""
    with pytest.raises(NameTaken, match="Shop"):
        create_project(team=cast.team, name="Shop")
    create_project(team=cast.other_team, name="Shop")
    assert Project.objects.filter(team=cast.team).count() == 1


def test_renaming(cast: Cast, project: Project) -> None:
    """A project gets another name, its own again, but none that is taken."""
    create_project(team=cast.team, name="Site")
    with pytest.raises(NameTaken, match="Site"):
        rename_project(project=project, name="Site")
    rename_project(project=project, name="Shop")
    rename_project(project=project, name="Store")
    assert sorted(Project.objects.values_list("name", flat=True)) == ["Site", "Store"]


def test_a_plan_starts_with_all_it_holds(cast: Cast, project: Project) -> None:
    """Its content is its first change, with the progress that came along beside it."""
    content = short_plan(
        short_task("A", modifies=["src/a.py"]), short_task("B"), links=["A>B"], title="Launch", agent_count=2
    )
    progress = {"a": core.TaskProgress(core.Status.COMPLETED)}
    row = create_plan(project=project, content=content, actor=cast.member, progress=progress)
    assert stored(row) == content
    assert progress_of(row) == progress
    assert (row.version, row.title, row.agent_count) == (1, "Launch", 2)
    change = Change.objects.get(plan=row)
    assert (change.version, change.actor, change.sentence) == (
        1,
        cast.member,
        "created the plan with 2 tasks",
    )


def test_an_empty_plan_has_no_history(cast: Cast, project: Project) -> None:
    """A plan from nothing is at version 0, and can be edited at once."""
    row = create_plan(project=project, content=core.Plan(title="New"), actor=cast.member)
    assert (row.version, row.changes.count()) == (0, 0)
    change = change_plan(plan=row, edits=core.adding_task(stored(row), uid="a"), actor=cast.member)
    assert change is not None
    assert change.version == 1


def test_what_made_a_plan_is_not_undone(cast: Cast, project: Project) -> None:
    """Whoever made a plan and presses undo keeps it: there is no change of theirs yet."""
    content = short_plan(short_task("A"), title="Launch")
    row = create_plan(project=project, content=content, actor=cast.member)
    with pytest.raises(NothingToUndo):
        undo_change(plan=row, actor=cast.member)
    assert stored(row) == content
    (creation,) = row.changes.all()
    assert (creation.kind, creation.version, creation.actor) == (Change.Kind.CREATION, 1, cast.member)


def test_a_plan_that_cannot_be_made_is_not_there(cast: Cast, project: Project) -> None:
    """Where the progress cannot be stored, there is no plan either."""
    progress = {"a": core.TaskProgress(started="yesterday")}  # type: ignore[arg-type]  # what must not happen
    with pytest.raises(Exception, match="yesterday"):
        create_plan(project=project, content=short_plan(short_task("A")), actor=None, progress=progress)
    assert not Plan.objects.exists()


def test_deleting(cast: Cast, project: Project) -> None:
    """A plan goes alone, a project with all its plans and whatever was undone and redone in them."""
    content = short_plan(*map(short_task, "AB"), links=["A>B"])
    first, second = (create_plan(project=project, content=content, actor=cast.member) for _ in range(2))
    change_plan(plan=second, edits=core.setting_plan_field(content, "agent_count", 9), actor=cast.member)
    for revert in (undo_change, redo_change, undo_change):
        revert(plan=second, actor=cast.member)
    delete_plan(plan=first)
    assert list(Plan.objects.all()) == [second]
    assert stored(second) == content
    delete_project(project=project)
    connection.check_constraints()
    assert not Plan.objects.exists()
    assert not Change.objects.exists()


def test_people_see_the_projects_of_their_teams(cast: Cast, project: Project) -> None:
    """By team and name, with their plans, the latest changed first, and none of another team."""
    create_project(team=cast.team, name="Docs")
    create_project(team=cast.other_team, name="Elsewhere")
    own = create_team(name="Attic", owner=cast.member)
    create_project(team=own, name="Zoo")
    old = create_plan(project=project, content=short_plan(short_task("A"), title="Old"), actor=None)
    create_plan(project=project, content=short_plan(*map(short_task, "ABC"), title="New"), actor=None)
    change_plan(plan=old, edits=core.setting_plan_field(stored(old), "agent_count", 9), actor=None)
    found = [(each.team.name, each.name) for each in projects_of(cast.member)]
    assert found == [("Attic", "Zoo"), ("Crew", "Docs"), ("Crew", "Shop")]
    counts = [(plan.title, getattr(plan, "task_count")) for plan in plans_of(project)]  # noqa: B009  # annotated
    assert counts == [("Old", 1), ("New", 3)]
    shop = projects_of(cast.member).get(name="Shop")
    assert [plan.title for plan in shop.plans.all()] == ["Old", "New"]
    assert [each.name for each in projects_of(cast.outsider)] == ["Elsewhere"]


def test_listing_projects_takes_two_queries(cast: Cast, project: Project) -> None:
    """However many projects and plans there are."""
    for number in range(4):
        other = create_project(team=cast.team, name=f"Project {number}")
        for _ in range(3):
            create_plan(project=other, content=short_plan(short_task("A")), actor=None)
    with CaptureQueriesContext(connection) as queries:
        for each in projects_of(cast.member):
            assert each.team.name == "Crew"
            assert all(plan.title for plan in each.plans.all())
    assert len(queries) == 2
