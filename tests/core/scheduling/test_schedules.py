"""What holds for every schedule, and what the figures are where they are known."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner_core.graph import critical_path_method
from planner_core.scheduling import (
    Binding,
    Problem,
    Progress,
    Resource,
    Schedule,
    lower_bound,
    sequential,
    solve,
    unlimited,
    validate_schedule,
)
from planner_core.scheduling.generation import parallel_pass, prepare, serial_pass

from .problems import FEATURE, generated, problems


def test_the_feature_plan_has_the_figures_worked_out_by_hand() -> None:
    """5, then 45, 60 and 50 side by side, then 5, then 15: 180 alone, 85 by three agents, and proved."""
    assert sequential(FEATURE).makespan == 180
    schedule = solve(FEATURE)
    assert (schedule.makespan, schedule.lower_bound, schedule.proved) == (85, 85, True)
    assert schedule.start == (0, 5, 5, 5, 65, 70)
    assert unlimited(FEATURE).makespan == 85


def test_an_agent_goes_on_with_what_its_work_made_possible() -> None:
    """Whoever finishes last before a shared successor does that successor; chains stay with one agent."""
    assert solve(FEATURE).agent[4:] == (solve(FEATURE).agent[2],) * 2
    chains = Problem(durations=(10, 20, 20, 10, 10, 10), edges=((0, 2), (2, 4), (1, 3), (3, 5)), agents=2)
    agent = solve(chains).agent
    assert agent[0] == agent[2] == agent[4]
    assert agent[1] == agent[3] == agent[5]


@given(problems())
def test_a_schedule_keeps_every_rule(problem: Problem) -> None:
    """No dependency, exclusion or number of agents is broken, and no makespan is below the lower bound."""
    assert validate_schedule(problem, solve(problem)) == []
    assert validate_schedule(replace(problem, agents=None), unlimited(problem)) == []


@given(problems())
def test_solving_twice_gives_the_same(problem: Problem) -> None:
    """A schedule follows from the problem and the seed alone."""
    assert solve(problem) == solve(replace(problem))


@given(problems())
def test_one_agent_after_the_other_takes_the_sum(problem: Problem) -> None:
    """The sequential schedule is valid for one agent and as long as all durations together."""
    alone = replace(problem, agents=1)
    schedule = sequential(problem)
    assert schedule.makespan == sum(problem.durations)
    assert validate_schedule(alone, schedule) == []
    assert solve(alone).makespan == schedule.makespan


@given(problems())
def test_without_exclusions_and_limit_the_critical_path_is_all(problem: Problem) -> None:
    """With agents enough and nothing excluded, the makespan is the critical path, and proved."""
    free = Problem(problem.durations, problem.edges)
    schedule = unlimited(free)
    assert schedule.makespan == critical_path_method(free.graph, free.durations).makespan
    assert schedule.proved


@settings(deadline=None)
@given(problems(max_activities=5))
def test_the_bound_is_below_and_the_heuristic_near_the_optimum(problem: Problem) -> None:
    """Trying every order finds the optimum: no bound is above it, and the heuristic reaches it."""
    arrays = prepare(problem)
    optimum = sum(problem.durations)
    for order in permutations(range(problem.n)):
        place = {activity: index for index, activity in enumerate(order)}
        if all(place[before] < place[after] for before, after in problem.edges):
            starts = serial_pass(arrays, order)
            ends = map(int.__add__, starts, arrays.durations)
            optimum = min(optimum, max(ends) * problem.unit)
    bound = lower_bound(problem)
    assert bound.value == max(bound.critical_path, bound.work, bound.exclusions) <= optimum
    assert solve(problem).makespan == optimum


@given(problems(), st.randoms(use_true_random=False))
def test_the_parallel_scheme_takes_any_order(problem: Problem, chance: Random) -> None:
    """Orders that contradict the dependencies still give schedules that keep every rule."""
    order = list(range(problem.n))
    chance.shuffle(order)
    starts = [moment * problem.unit for moment in parallel_pass(prepare(problem), order)]
    finish = tuple(map(int.__add__, starts, problem.durations))
    events = [sum(s <= t < f for s, f in zip(starts, finish, strict=True)) for t in starts]
    assert max(events) <= problem.capacity
    everyone = replace(problem, agents=None)
    assert validate_schedule(everyone, Schedule(tuple(starts), finish, tuple(range(problem.n)), 0)) == []


def test_each_bound_binds_where_it_should() -> None:
    """A chain binds by its length, independent work by the number of agents, a shared file by its queue."""
    chain = lower_bound(Problem(durations=(5, 5, 5), edges=((0, 1), (1, 2)), agents=2))
    assert (chain.value, chain.binding) == (15, Binding.CRITICAL_PATH)
    work = lower_bound(Problem(durations=(10, 10, 10), agents=2))
    assert (work.value, work.binding, work.work) == (20, Binding.WORK, 20)
    queue = lower_bound(
        Problem(durations=(5, 10, 10, 5), edges=((0, 1), (0, 2)), exclusions=((1, 2),), agents=4)
    )
    assert (queue.value, queue.binding, queue.queue) == (25, Binding.EXCLUSIONS, (0, 1, 2))


def test_resources_are_shared_besides_the_agents() -> None:
    """Of four units three activities take two each: two fit side by side, whoever else is free."""
    problem = Problem(durations=(10,) * 3, agents=3, resources=(Resource(4, (2, 2, 2)),))
    schedule = solve(problem)
    assert (schedule.start, schedule.proved) == ((0, 0, 10), True)
    assert lower_bound(problem).binding is Binding.WORK
    hogs = Problem(durations=(10,) * 3, resources=(Resource(4, (3, 3, 2)),))
    assert (solve(hogs).makespan, lower_bound(hogs).binding) == (30, Binding.EXCLUSIONS)


def test_milestones_take_no_time_and_no_agent() -> None:
    """Activities of zero minutes happen while the only agent is busy and inside an exclusion."""
    problem = Problem(durations=(0, 10, 0, 0), edges=((0, 3),), exclusions=((0, 1, 2),), agents=1)
    schedule = solve(problem)
    assert schedule.start == (0, 0, 0, 0)
    assert validate_schedule(problem, schedule) == []


def test_nothing_to_do_takes_no_time() -> None:
    """An empty problem has an empty, proved schedule."""
    schedule = solve(Problem(durations=()))
    assert (schedule.makespan, schedule.proved, schedule.agent) == (0, True, ())


def test_urgent_activities_come_first_where_nothing_else_decides() -> None:
    """Of equal activities for one agent the one with priority 1 starts first, the one with 5 last."""
    problem = Problem(durations=(10, 10, 10), agents=1, priorities=(3, 5, 1))
    assert solve(problem).start == sequential(problem).start == (10, 20, 0)


def test_more_passes_never_lengthen_a_schedule() -> None:
    """A search that may go on keeps the best it had."""
    problem = generated(60, 4, seed=2)
    makespans = [solve(problem, iterations=count).makespan for count in (1, 4, 16, 64)]
    assert makespans == sorted(makespans, reverse=True)


def test_a_search_tells_its_progress_and_stops_when_told() -> None:
    """Progress counts up with makespans that never rise; stopping at once leaves a valid schedule."""
    problem = generated(50, 4, seed=1)
    told: list[Progress] = []
    schedule = solve(problem, iterations=40, on_progress=told.append)
    assert [step.iterations for step in told] == list(range(1, len(told) + 1))
    assert [step.makespan for step in told] == sorted((step.makespan for step in told), reverse=True)
    assert (told[-1].makespan, told[-1].lower_bound) == (schedule.makespan, schedule.lower_bound)
    stopped = solve(problem, should_stop=lambda: True)
    assert validate_schedule(problem, stopped) == []


@pytest.mark.parametrize("agents", [4, 10])
def test_plans_of_a_hundred_activities_are_scheduled_well(agents: int) -> None:
    """Generated plans come out valid and within a tenth of their lower bound."""
    for seed in range(3):
        problem = generated(100, agents, seed)
        schedule = solve(problem)
        assert validate_schedule(problem, schedule) == []
        assert schedule.makespan <= 1.1 * schedule.lower_bound


def test_the_validator_finds_each_kind_of_fault() -> None:
    """Every broken rule has a sentence of its own that names the activities."""
    problem = Problem(durations=(5, 5, 5), edges=((0, 1),), exclusions=((1, 2),), agents=1)
    faults = validate_schedule(problem, Schedule((0, 3, 3), (5, 8, 9), (0, 0, 1), 20))
    assert faults == [
        "activity 2 takes 6, not 5",
        "activity 1 starts at 3, 0 finishes at 5",
        "activities 1 and 2 exclude each other and overlap",
        "activity 2 is given to agent 1, whom there is not",
        "agent 0 does activities 0 and 1 at once",
        "the makespan 9 is below the lower bound 20",
    ]
    hogs = Problem(durations=(5, 5), resources=(Resource(3, (2, 2)),))
    assert validate_schedule(hogs, Schedule((0, 4), (5, 9), (0, 1), 0)) == [
        "at 4, 4 of 3 of resource 0 are in use"
    ]
    assert validate_schedule(problem, Schedule((-1,), (4,), (0,), 0)) == [
        "the schedule has [1] entries for 3 activities"
    ]
    assert validate_schedule(Problem(durations=(5,)), Schedule((-5,), (0,), (0,), 0)) == [
        "activity 0 starts before 0, at -5"
    ]
