"""How many queries the editor's pages take: as many for a large plan as for a small one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

import planner_core as core
from tests.cast import Cast
from tests.plans.views.stage import Stage, answer, form_of

PAGES: dict[str, tuple[str, ...]] = {
    "plan": (),
    "ownership": (),
    "timeline": (),
    "tasks": (),
    "history": (),
    "overview": (),
    "figures": (),
    "plan_settings": (),
    "dependency_form": (),
    "dependency": ("K0", "K1"),
    "pair": ("K1", "K2"),
    "task": ("K1",),
    "undo_buttons": (),
    "changes": (),
    "export": (),
    "export_yaml": (),
    "folder": (),
}
MOST = 21


def document(tasks: int) -> str:
    """A plan in which all grows with the number of tasks: claims, dependencies, conflicts, verdicts."""
    lines = ["agents: [Ada, Bob]", "phases: [One, Two]", "pairs:"]
    lines += [
        f"- {{tasks: [K{n}, K{n + 1}], together: true, reason: agreed}}" for n in range(3, tasks - 1, 4)
    ]
    lines += ["tasks:"]
    for n in range(tasks):
        lines += [
            f"  K{n}:",
            f"    title: Task {n}",
            f"    phase: {'One' if n < tasks // 2 else 'Two'}",
            f"    modifies: [src/part{n // 2}/**, docs/{n}.md]",
            f"    reads: [src/part{n // 3}/api.py]",
        ]
        if n % 2:
            lines += [f"    depends_on: [K{n - 1}]"]
            lines += ["    handoffs:", f"    - {{from: K{n - 1}, summary: see {n}}}"]
    lines += ["progress:"] + [f"  K{n}: {{status: completed}}" for n in range(0, tasks, 5)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def stages(cast: Cast) -> tuple[Stage, Stage]:
    """The same plan with 10 tasks and with 60."""
    return Stage(cast, document(10)), Stage(cast, document(60), project="Site")


def queries(run: Callable[[], HttpResponse]) -> list[str]:
    """The queries of the second of two requests, when sessions and content types are known."""
    run()
    with CaptureQueriesContext(connection) as captured:
        assert run().status_code < 400
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "part"])
@pytest.mark.parametrize(("route", "about"), PAGES.items(), ids=PAGES)
def test_a_page_takes_as_many_queries_for_60_tasks_as_for_10(
    stages: tuple[Stage, Stage], route: str, about: tuple[str, ...], htmx: bool
) -> None:
    """And few: the session, the person, the plan with its team, a table each of what the plan holds."""
    small, large = (
        queries(lambda stage=stage: stage.get("lead", route, *map(stage.uid, about), htmx=htmx))  # type: ignore[misc]  # bound now
        for stage in stages
    )
    assert len(small) == len(large), "\n".join(large)
    assert len(large) <= MOST


@pytest.mark.parametrize(
    "route", ["add_task", "edit_task", "add_dependency", "remove_task", "undo", "set_agents"]
)
def test_a_change_takes_as_many_queries_for_60_tasks_as_for_10(
    stages: tuple[Stage, Stage], route: str
) -> None:
    """Whatever else the plan holds; what follows from the change is counted with it."""
    counts = []
    for stage in stages:
        fields = {
            "add_task": {"title": "Docs"},
            "add_dependency": {"predecessor": stage.uid("K6"), "successor": stage.uid("K9")},
            "set_agents": {"agents": "7"},
        }.get(route, {})
        about = [stage.uid("K7")] if route in ("edit_task", "remove_task") else []
        if route == "edit_task":
            page = stage.get("lead", "task", *about, htmx=True)
            fields = form_of(page, stage.url("edit_task", *about)) | {"title": "Another", "estimate": "1h"}
        if route == "undo":
            stage.change(core.setting_plan_field(stage.plan, "agent_count", 5), "lead")
        stage.get("lead", "overview")
        with CaptureQueriesContext(connection) as captured:
            assert stage.post("lead", route, *about, htmx=True, **fields).status_code < 300
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_home_and_project_take_as_many_queries_for_many_plans(stages: tuple[Stage, Stage]) -> None:
    """As for two."""
    stage = stages[0]
    client = stage.client("lead")
    pages = ("/", stage.project.get_absolute_url())
    before = [len(queries(lambda url=url: answer(client.get(url)))) for url in pages]  # type: ignore[misc]  # bound now
    for number in range(8):
        stage.post_to_project("member", "add_plan", title=f"Plan {number}")
        Stage(stage.cast, project=f"Project {number}")
    after = [len(queries(lambda url=url: answer(client.get(url)))) for url in pages]  # type: ignore[misc]  # bound now
    assert before == after
