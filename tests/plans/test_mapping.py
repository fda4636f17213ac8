"""Between rows and plans: what is written is what is loaded, in few queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count as counting
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

import planner_core as core
from taskplanner.accounts.models import Team
from taskplanner.plans import models
from taskplanner.plans.mapping import load_plan, save_difference
from taskplanner.plans.models import Plan
from taskplanner.plans.services import change_plan, delete_plan
from tests.cast import Cast
from tests.conftest import LONG
from tests.core.short_plans import plan as short_plan
from tests.core.short_plans import task as short_task
from tests.ground import Ground
from tests.plans.mapping_law import QUIET, rows_follow_the_plan
from tests.plans.stored import store, stored

LOADING = 10


@pytest.mark.django_db
@given(st.data())
@settings(max_examples=1000 if LONG else 60, deadline=None, suppress_health_check=QUIET)
def test_rows_written_by_difference_load_as_the_plan(data: st.DataObject) -> None:
    """Any plan, any sequence of changes: the rows loaded again equal the plan that was applied."""
    Team.objects.get_or_create(slug="law", defaults={"name": "Law"})
    rows_follow_the_plan(data)


def test_the_same_holds_on_postgresql(postgres_ground: Ground, count: Callable[[int, int], int]) -> None:
    """PostgreSQL checks lengths, names and references more strictly than SQLite, and agrees."""
    postgres_ground.run("-m", "tests.plans.mapping_law", str(count(25, 500)), timeout=600)


def written(cast: Cast, before: core.Plan, after: core.Plan) -> core.Plan:
    """What is loaded after `before` was stored and then made `after`."""
    row = store(cast, before)
    change_plan(plan=row, edits=core.replacing_plan(before, after), actor=cast.member)
    connection.check_constraints()
    return stored(row)


def test_names_can_be_traded(cast: Cast) -> None:
    """Keys of tasks and names of phases, tracks and agents go round in one change."""
    phases = tuple(core.Phase(f"p{i}", name, f"i{i}") for i, name in enumerate("abc", start=1))
    tracks = tuple(core.Track(f"k{i}", name, f"i{i}") for i, name in enumerate("abc", start=1))
    agents = tuple(core.Agent(f"a{i}", name, f"i{i}", ("sql",)) for i, name in enumerate("abc", start=1))
    before = short_plan(*map(short_task, "ABC"), phases=phases, tracks=tracks, agents=agents)
    after = replace(
        before,
        tasks=tuple(replace(task, key=key) for task, key in zip(before.tasks, "BCA", strict=True)),
        phases=tuple(replace(phase, name=name) for phase, name in zip(phases, "bca", strict=True)),
        tracks=tuple(replace(track, name=name) for track, name in zip(tracks, "bca", strict=True)),
        agents=tuple(replace(agent, name=name) for agent, name in zip(agents, "bca", strict=True)),
    )
    assert written(cast, before, after) == after


def test_a_new_task_takes_the_key_that_another_gives_up(cast: Cast) -> None:
    """A rename and an addition in one change do not get into each other's way."""
    before = short_plan(short_task("A"), short_task("B"))
    first, second = before.tasks
    renamed, new = replace(first, key="C"), replace(second, uid="new", key="A", rank="z")
    after = replace(before, tasks=(renamed, second, new))
    assert written(cast, before, after) == after


def test_a_parent_may_be_as_new_as_its_children(cast: Cast) -> None:
    """Children that sort before their parent refer to it all the same."""
    before = short_plan(short_task("A"), short_task("B"))
    family = [replace(task, parent="top") for task in before.tasks]
    after = replace(
        before, tasks=(*family, core.Task("top", "TOP", "z"), core.Task("sub", "SUB", "0i", parent="a"))
    )
    assert written(cast, before, after) == after
    assert written(cast, after, before) == before


def test_values_come_back_as_the_kinds_they_were(cast: Cast) -> None:
    """Layers and modes are enumerations again, lists are tuples, and null is told from false."""
    task = short_task(
        "A", layer=core.Layer.API, parallel_safe=False, acceptance=("it works",), modifies=["src/a.py"]
    )
    plan = short_plan(task, weights=(("api", 0.3), ("file", 0.4)), threshold=0.5)
    got = stored(store(cast, plan))
    assert got == plan
    assert type(got.tasks[0].layer) is core.Layer
    assert type(got.tasks[0].claims[0].mode) is core.ClaimMode
    assert got.tasks[0].acceptance == ("it works",)
    assert got.tasks[0].parallel_safe is False
    assert got.weights == (("api", 0.3), ("file", 0.4))


def test_the_ends_of_a_handoff_keep_their_order(cast: Cast) -> None:
    """Sources and receivers come back in the order in which they were named."""
    handoff = core.Handoff(
        "h", ("c", "a"), ("d", "b"), "final", artefacts=(core.Artefact("src/a.py", symbol="A"),)
    )
    plan = short_plan(*map(short_task, "ABCD"), handoffs=(handoff,))
    assert stored(store(cast, plan)).handoffs == (handoff,)


def grown(size: int) -> core.Plan:
    """A plan with everything in it, of a size."""
    tasks = [short_task(f"T{i}", modifies=[f"src/{i}.py"], phase="p", agent="g") for i in range(size)]
    return short_plan(
        *tasks,
        links=[f"T{i}>T{i + 1}" for i in range(size - 1)],
        phases=(core.Phase("p", "Work", "i"),),
        agents=(core.Agent("g", "Ada", "i"),),
        verdicts=(core.Verdict("t0", "t1", together=True),),
        handoffs=(core.Handoff("h", ("t0",), ("t1",)),),
    )


@pytest.mark.parametrize("size", [3, 300])
def test_loading_takes_ten_queries(cast: Cast, size: int) -> None:
    """However large a plan is, it loads in the same number of queries."""
    row = store(cast, grown(size))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load_plan(row)
    assert len(queries) == LOADING


def loading_while(row: Plan, change: Callable[[], object], times: int) -> core.Plan:
    """What is loaded when, so many times, somebody changes the plan between two queries of the loading."""
    left = [times]

    def meddle(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if left[0] and sql.startswith("SELECT") and 'FROM "plans_dependency"' in sql:
            left[0] -= 1
            pause = left.copy()
            left[0] = 0  # the meddler's own queries are left alone
            change()
            left[:] = pause
        return execute(sql, *arguments)

    with connection.execute_wrapper(meddle):
        found = load_plan(row)
    assert left == [0]
    return found


@pytest.mark.parametrize("times", [1, 3, 4])
def test_what_is_loaded_is_one_version(cast: Cast, times: int) -> None:
    """A plan that others change meanwhile is never half old and half new, and the row says its version."""
    row = store(cast, grown(3))
    serial = counting()

    def extend() -> None:
        now = load_plan(Plan.objects.get(pk=row.pk))
        uid = f"new{next(serial)}"
        edits = core.adding_task(now, uid=uid)
        now = core.apply_edits(now, edits)
        change_plan(plan=row, edits=[*edits, *core.connecting(now, now.tasks[-2].uid, uid)], actor=cast.lead)

    found = loading_while(row, extend, times)
    assert len(found.tasks) == len(found.dependencies) + 1 == 3 + times
    assert found == stored(row)
    assert row.version == Plan.objects.get(pk=row.pk).version == 1 + times


def test_a_plan_deleted_meanwhile_is_not_loaded(cast: Cast) -> None:
    """What is left of it is no plan."""
    row = store(cast, grown(3))
    with pytest.raises(Plan.DoesNotExist):
        loading_while(row, lambda: delete_plan(plan=Plan.objects.get(pk=row.pk)), 1)


def queries_of(cast: Cast, plan: core.Plan, edits: list[core.Edit]) -> int:
    """How many queries it takes to apply edits to a stored plan, by the door."""
    row = store(cast, plan)
    with CaptureQueriesContext(connection) as queries:
        change_plan(plan=row, edits=edits, actor=cast.member)
    return len(queries)


def test_a_small_change_takes_as_many_queries_in_a_large_plan(
    cast: Cast, record_figure: Callable[[str], None]
) -> None:
    """What a change costs depends on what it changes, not on the plan around it."""
    gestures: dict[str, Callable[[core.Plan], list[core.Edit]]] = {
        "title": lambda plan: core.editing_task(plan, "t1", {}, {"title": "New"}),
        "claim": lambda plan: core.adding_claim(plan, "t1", core.ClaimMode.READS, "docs/"),
        "dependency": lambda plan: core.connecting(plan, "t0", "t2"),
        "no dependency": lambda plan: core.disconnecting(plan, "t1", "t2"),
        "new task": lambda plan: core.adding_task(plan, uid="new", key="NEW"),
        "removal": lambda plan: core.removing_tasks(plan, ["t1"]),
    }
    small, large = grown(3), grown(300)
    took = {
        name: (queries_of(cast, small, gesture(small)), queries_of(cast, large, gesture(large)))
        for name, gesture in gestures.items()
    }
    record_figure("queries of a change: " + ", ".join(f"{name} {n}" for name, (n, _) in took.items()))
    assert {name: small for name, (small, _) in took.items()} == {
        name: large for name, (_, large) in took.items()
    }
    assert max(small for small, _ in took.values()) <= LOADING + 20


def test_a_deleted_plan_leaves_nothing(cast: Cast) -> None:
    """All rows of a plan go with it, and no reference stays behind."""
    row = store(cast, grown(5))
    delete_plan(plan=row)
    connection.check_constraints()
    for model in (
        models.Task,
        models.Claim,
        models.Dependency,
        models.Verdict,
        models.HandoffEnd,
        models.Change,
    ):
        assert not model._default_manager.exists()


def test_what_did_not_change_is_not_written(cast: Cast) -> None:
    """The difference of a plan to itself is no query at all."""
    plan = grown(3)
    row = store(cast, plan)
    with CaptureQueriesContext(connection) as queries:
        save_difference(row, plan, stored(row))
    assert len(queries) == LOADING + 1
