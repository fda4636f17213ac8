"""The law of the mapping, for whatever database is at hand: what was written is what is loaded.

`python -m tests.plans.mapping_law EXAMPLES` checks it on the database that the environment names.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import django
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

django.setup()

from django.db import connection, transaction  # noqa: E402  # models can be imported only now

import planner_core as core  # noqa: E402
from taskplanner.accounts.models import Team  # noqa: E402
from taskplanner.plans.mapping import load_plan, save_difference  # noqa: E402
from taskplanner.plans.models import Plan, Project  # noqa: E402
from tests.core import strategies  # noqa: E402

Named = TypeVar("Named", core.Phase, core.Track, core.Agent)


@st.composite
def _small_steps(draw: DrawFn, plan: core.Plan) -> core.Plan:
    """Up to four edits of any kind; those that the plan refuses are left out."""
    for _ in range(draw(st.integers(1, 4))):
        edit = draw(strategies.edits_for(plan))
        try:
            plan = core.apply_edits(plan, [edit])
        except core.PlannerError:
            continue
    return plan


@st.composite
def _removals(draw: DrawFn, plan: core.Plan) -> core.Plan:
    """Some tasks taken out with everything on them."""
    uids = draw(st.sets(st.sampled_from([task.uid for task in plan.tasks]), max_size=3))
    return core.apply_edits(plan, core.removing_tasks(plan, uids))


@st.composite
def _trades(draw: DrawFn, plan: core.Plan) -> core.Plan:
    """Keys of tasks, and names of phases, tracks and agents, dealt out anew among those who have them."""

    def dealt(items: Sequence[Named]) -> tuple[Named, ...]:
        names = draw(st.permutations([item.name for item in items]))
        return tuple(replace(item, name=name) for item, name in zip(items, names, strict=True))

    keys = draw(st.permutations([task.key for task in plan.tasks]))
    return replace(
        plan,
        tasks=tuple(replace(task, key=key) for task, key in zip(plan.tasks, keys, strict=True)),
        phases=dealt(plan.phases),
        tracks=dealt(plan.tracks),
        agents=dealt(plan.agents),
    )


def later_versions(plan: core.Plan) -> SearchStrategy[core.Plan]:
    """What a change may make of a plan: a few edits, a trade of names, a removal, or a whole other plan."""
    steps = [_small_steps(plan), _trades(plan), strategies.plans()]
    if plan.tasks:
        steps.append(_removals(plan))
    return st.one_of(steps)


QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)


def rows_follow_the_plan(data: st.DataObject) -> None:
    """Whatever changes follow each other, the rows loaded again equal the plan that was written."""
    with transaction.atomic():
        project = Project.objects.create(team=Team.objects.get(slug="law"), name="Law")
        row = Plan.objects.create(project=project, title="Law", agent_count=1, default_estimate=30)
        before = load_plan(row)
        for _ in range(data.draw(st.integers(1, 4), label="changes")):
            after = data.draw(later_versions(before), label="after")
            save_difference(row, before, after)
            row.save()
            connection.check_constraints()
            row = Plan.objects.get(pk=row.pk)
            before = load_plan(row)
            assert before == after
        project.delete()


if __name__ == "__main__":
    Team.objects.create(slug="law", name="Law")
    options = settings(
        max_examples=int(sys.argv[1]),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=QUIET,
    )
    options(given(st.data())(rows_follow_the_plan))()
