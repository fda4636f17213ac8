"""Starters and examples: valid plans without conflicts, with the figures that they are known for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from planner_core.conflicts import find_conflicts
from planner_core.examples import EXAMPLES, UnknownExampleError, example_text, read_example
from planner_core.formats import read_plan, write_plan
from planner_core.plan import Plan
from planner_core.scheduling.comparison import compare
from planner_core.starters import STARTERS, Starter


def new_uids() -> Callable[[], str]:
    numbers = count()
    return lambda: f"u{next(numbers)}"


def example(name: str) -> Plan:
    return read_example(name, new_uid=new_uids()).plan


def waiting(plan: Plan) -> dict[str, list[str]]:
    return {task.key: [before.key for before in plan.predecessors_of(task.uid)] for task in plan.tasks}


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.name)
def test_a_starter_is_a_plan_without_conflicts_that_survives_its_export(starter: Starter) -> None:
    """Every starter builds, has a claim on every task, nothing that collides, and round-trips."""
    plan = starter.build(new_uids())
    assert plan.title == starter.title
    assert all(task.claims for task in plan.tasks)
    assert find_conflicts(plan).conflicts == ()
    text = write_plan(plan)
    assert write_plan(read_plan(text, new_uid=new_uids()).plan) == text


def test_starters_have_names_of_their_own() -> None:
    """A starter is asked for by its name."""
    assert len({starter.name for starter in STARTERS}) == len(STARTERS) == 6


def test_layers_at_once_and_layer_after_layer_differ_in_what_waits_for_the_implementation() -> None:
    """One begins all layers side by side; the other lets three layers wait for the first."""
    by_name = {starter.name: starter.build(new_uids()) for starter in STARTERS}
    at_once, after = waiting(by_name["layers-at-once"]), waiting(by_name["layer-after-layer"])
    assert [key for key, before in at_once.items() if not before] == ["MT 1.1", "MT 1.2", "MT 1.3"]
    assert list(after.values()) == [[], ["T001"], ["T001"], ["T001"]]


@pytest.mark.parametrize("name", [name for name, _ in EXAMPLES])
def test_an_example_has_no_conflicts_and_survives_its_export(name: str) -> None:
    """Every example reads, has its listed title, nothing that collides, and round-trips."""
    plan = example(name)
    assert plan.title == dict(EXAMPLES)[name]
    assert find_conflicts(plan).conflicts == ()
    assert plan.assumed == ()
    text = write_plan(plan)
    assert write_plan(read_plan(text, new_uid=new_uids()).plan) == text


def test_the_user_profile_takes_180_minutes_alone_and_85_with_three_agents() -> None:
    """5, then 45, 60 and 50 side by side, then 5, then 15: the longest chain is 85."""
    found = compare(example("user-profile"), 3)
    assert (found.sequential.makespan, found.parallel.makespan) == (180, 85)
    assert (found.lower_bound, found.proved, found.saved) == (85, True, 95)
    assert found.critical_path == ("plan-feature", "backend-impl", "merge-contexts", "verify-integration")


def test_the_notification_tracks_take_two_hours_each_and_run_side_by_side() -> None:
    """Three tracks of 120 minutes and 90 of integration: 450 in a row, 210 with three agents."""
    plan = example("notifications")
    tracks = {track.uid: track.name for track in plan.tracks}
    minutes: dict[str, int] = {}
    for task in plan.tasks:
        name = tracks[task.track or ""]
        minutes[name] = minutes.get(name, 0) + plan.duration_of(task)
    assert list(minutes.values()) == [120, 120, 120, 90]
    found = compare(plan)
    assert (found.sequential.makespan, found.parallel.makespan, found.proved) == (450, 210, True)


def test_full_crud_adds_up_to_225_minutes_and_its_phases_need_25_35_35_and_40_with_two_agents() -> None:
    """The sums of the phases are 50, 70, 65 and 40; without barriers two agents are quicker."""
    found = compare(example("crud"), 2)
    assert found.sequential.makespan == 225
    assert found.phases.makespans == (25, 35, 35, 40)
    assert found.parallel.makespan < found.phases.makespan == 135


def test_the_repository_and_the_schema_of_comments_need_only_the_model() -> None:
    """T002 and T003 wait for T001, and not for each other."""
    before = waiting(example("comments"))
    assert before["T002"] == before["T003"] == ["T001"]


def test_an_unknown_example_is_refused_with_the_known_names() -> None:
    """A name leads to one of the examples and to no other file."""
    with pytest.raises(UnknownExampleError, match="comments"):
        example_text("../__init__")
