"""The schedules of a plan side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from planner_core.conflicts import find_conflicts
from planner_core.graph import critical_path_method
from planner_core.items import Agent, Phase, Task, Verdict
from planner_core.plan import Plan
from planner_core.scheduling.comparison import compare
from planner_core.scheduling.from_plan import phase_groups, problem_of
from planner_core.scheduling.schedule import validate_schedule
from tests.core.short_plans import plan, task
from tests.core.strategies import plans


def fan() -> Plan:
    """5 minutes, then 45, 60 and 50 side by side, then 5, then 15."""
    tasks = [
        task("A", estimate=5),
        task("B", estimate=45),
        task("C", estimate=60),
        task("D", estimate=50),
        task("E", estimate=5),
        task("F", estimate=15),
    ]
    return plan(*tasks, links=["A>B", "A>C", "A>D", "B>E", "C>E", "D>E", "E>F"])


def in_phases(*phases: str | None, **fields: int) -> list[Task]:
    """Tasks A, B, C ... in these phases."""
    return [task(chr(ord("A") + n), phase=phase, **fields) for n, phase in enumerate(phases)]


PHASES = (Phase("one", "One", "b"), Phase("two", "Two", "c"), Phase("three", "Three", "d"))


def test_a_fan_of_three_is_as_long_as_its_longest_branch() -> None:
    """With three agents the three branches run at once, and nothing can be shorter."""
    found = compare(fan(), 3).as_json()
    tasks = found["parallel"].pop("tasks")
    assert found == {
        "unit": "minutes",
        "assumed": [],
        "sequential": {"makespan": 180},
        "phases": {"makespan": 85, "groups": [["A"], ["B", "C", "D"], ["E"], ["F"]]},
        "parallel": {"agents": 3, "makespan": 85, "lower_bound": 85, "proved": True},
        "unlimited": {"makespan": 85},
        "critical_path": ["A", "C", "E", "F"],
        "speedup": 2.12,
        "saved": 95,
    }
    assert [(each["task"], each["start"], each["finish"]) for each in tasks] == [
        ("A", 0, 5),
        ("B", 5, 50),
        ("C", 5, 65),
        ("D", 5, 55),
        ("E", 65, 70),
        ("F", 70, 85),
    ]
    assert {each["agent"] for each in tasks} == {"Agent 1", "Agent 2", "Agent 3"}


def test_slack_is_how_far_a_task_can_slip() -> None:
    """A branch of the fan has the minutes that the longest one needs more."""
    assert [time.slack for time in compare(fan()).tasks] == [0, 15, 0, 10, 0, 0]


def test_one_agent_saves_nothing() -> None:
    """Alone, the parallel schedule is the sequential one."""
    found = compare(fan(), 1)
    assert (found.parallel.makespan, found.saved, found.speedup, found.proved) == (180, 0, 1.0, True)


def test_the_plans_own_number_of_agents_is_the_default() -> None:
    """Named agents count, else the number in the plan."""
    assert compare(replace(fan(), agent_count=2)).agents == 2
    named = replace(fan(), agents=(Agent("x", "Ada", "b"), Agent("y", "Bo", "c")))
    found = compare(named)
    assert found.agents == 2
    assert {time.agent_name for time in found.tasks} == {"Ada", "Bo"}


def test_fewer_than_one_agent_is_refused() -> None:
    """Nobody does no work."""
    with pytest.raises(ValueError, match="at least one agent"):
        compare(fan(), 0)


def test_an_empty_plan_takes_no_time() -> None:
    """Without tasks all makespans are 0 and the speedup is 1."""
    found = compare(Plan())
    assert (found.sequential.makespan, found.parallel.makespan, found.unlimited.makespan) == (0, 0, 0)
    assert (found.phases.makespan, found.speedup, found.critical_path) == (0, 1.0, ())


def test_tasks_without_an_estimate_take_the_default_and_are_listed() -> None:
    """What is assumed is said."""
    found = compare(plan(task("A"), task("B", estimate=10), default_estimate=20))
    assert found.assumed == ("A",)
    assert found.sequential.makespan == 30


def test_conflicts_are_kept_apart_in_time() -> None:
    """Tasks that collide run one after the other, in any order, unless the lead rules otherwise."""
    tasks = [task("A", modifies=["a.py"], estimate=20), task("B", modifies=["a.py"], estimate=30)]
    assert compare(plan(*tasks)).parallel.makespan == 50
    assert compare(plan(*tasks)).unlimited.makespan == 50
    allowed = plan(*tasks, verdicts=(Verdict("a", "b", True),))
    assert compare(allowed).parallel.makespan == 30


def test_phases_are_the_groups_where_they_are_declared() -> None:
    """Groups follow the order of the phases; a task without one is in the first, empty phases are not."""
    drawn = plan(*in_phases("three", None, "one", "three"), phases=PHASES)
    assert compare(drawn).phases.groups == (("B", "C"), ("A", "D"))


def test_a_task_is_in_no_earlier_phase_than_what_it_waits_for() -> None:
    """A dependency against the phases moves its successor, and all that waits for it, to the later phase."""
    drawn = plan(*in_phases("two", "one", None, "one"), phases=PHASES, links=["A>B", "B>C"])
    assert compare(drawn).phases.groups == (("D",), ("A", "B", "C"))


def test_a_task_takes_the_phase_of_its_summary_task() -> None:
    """A phase of a summary task holds for the tasks below it that have none."""
    tasks = [task("S", phase="two"), task("A", parent="s"), task("B", parent="s", phase="one")]
    assert compare(plan(*tasks, phases=PHASES)).phases.groups == (("B",), ("A",))


def test_the_others_lift_the_barriers_unless_the_plan_keeps_its_phases() -> None:
    """With `keep_phases` no schedule starts a phase before the one before it is finished."""
    tasks = [
        task("A", phase="one", estimate=10),
        task("B", phase="one", estimate=60),
        task("C", phase="two", estimate=50),
    ]
    lifted = compare(plan(*tasks, phases=PHASES, links=["A>C"]))
    assert (lifted.phases.makespan, lifted.parallel.makespan) == (110, 60)
    kept = compare(plan(*tasks, phases=PHASES, links=["A>C"], keep_phases=True))
    assert (kept.parallel.makespan, kept.unlimited.makespan, kept.proved) == (110, 110, True)


def test_a_named_agent_does_its_own_tasks_one_after_the_other() -> None:
    """Tasks for one agent never overlap, and are in that agent's lane; the others take who is free."""
    people = (Agent("x", "Ada", "b"), Agent("y", "Bo", "c"))
    tasks = [task("A", agent="y", estimate=20), task("B", agent="y", estimate=20), task("C", estimate=40)]
    found = compare(plan(*tasks, agents=people))
    assert found.parallel.makespan == 40
    assert [time.agent_name for time in found.tasks] == ["Bo", "Bo", "Ada"]
    single = plan(task("A", agent="y", estimate=20), agents=people)
    assert compare(single).tasks[0].agent_name == "Bo"


def test_summary_tasks_are_not_scheduled() -> None:
    """Only the tasks below a summary task take time; what waits for it waits for them."""
    tasks = [task("S"), task("A", parent="s", estimate=10), task("B", parent="s", estimate=20)]
    found = compare(plan(*tasks, task("C", estimate=5), links=["S>C"]))
    assert [(time.key, time.start) for time in found.tasks] == [("A", 0), ("B", 0), ("C", 20)]


@settings(max_examples=60)
@given(plans())
def test_all_schedules_keep_the_rules(drawn: Plan) -> None:
    """No schedule breaks a dependency, an exclusion or N, and none beats its lower bound."""
    found = compare(drawn)
    findings = find_conflicts(drawn)
    problem = problem_of(drawn, findings=findings)
    assert validate_schedule(problem, found.parallel) == []
    assert validate_schedule(problem, found.phases.schedule) == []
    assert validate_schedule(replace(problem, agents=1), found.sequential) == []
    assert validate_schedule(replace(problem, agents=None), found.unlimited) == []
    for i, j in findings.exclusion_places:
        assert (
            min(found.parallel.finish[i], found.parallel.finish[j])
            <= max(found.parallel.start[i], found.parallel.start[j])
            or min(problem.durations[i], problem.durations[j]) == 0
        )
    longest = critical_path_method(drawn.leaf_graph, problem.durations).makespan
    assert longest <= found.unlimited.makespan
    assert found.lower_bound <= found.parallel.makespan <= found.sequential.makespan
    assert found == compare(drawn, findings=findings)


@given(plans())
def test_the_groups_hold_every_task_once_and_follow_the_dependencies(drawn: Plan) -> None:
    """Each scheduled task is in one group, and in no earlier one than a task that it waits for."""
    groups = phase_groups(drawn)
    group_of = {place: number for number, group in enumerate(groups) for place in group}
    assert sorted(place for group in groups for place in group) == list(range(len(drawn.leaves)))
    assert all(list(group) == sorted(group) and group for group in groups)
    assert all(group_of[before] <= group_of[after] for before, after in drawn.leaf_graph.edges)
