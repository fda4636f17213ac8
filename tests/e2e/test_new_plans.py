"""New plans: from nothing, from each starter; and the examples that come with the app."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from planner_core import STARTERS
from tests.e2e.editor import Editor


def test_a_plan_from_nothing(page: Page) -> None:
    """It opens empty, and says what to do first."""
    page.goto("/projects/1/")
    page.get_by_label("Title").first.fill("A new thing")
    page.get_by_role("button", name="Create empty plan").click()
    expect(page.get_by_role("heading", name="A new thing")).to_be_visible()
    expect(page.locator(".canvas .empty")).to_contain_text("no tasks yet")
    expect(page.get_by_label("Title of the new task")).to_be_visible()


@pytest.mark.parametrize("starter", STARTERS, ids=[starter.name for starter in STARTERS])
def test_a_plan_from_a_starter(page: Page, starter: object) -> None:
    """Every starter opens as a drawn plan without conflicts, with both timelines."""
    title = getattr(starter, "title")  # noqa: B009  # the type is not a public name
    page.goto("/projects/1/")
    page.locator("form.starter", has=page.get_by_role("heading", name=title)).get_by_role("button").click()
    editor = Editor(page, page.url)
    expect(editor.tasks.first).to_be_visible()
    expect(editor.figures).to_contain_text("0 conflicts")
    editor.open("timeline/")
    expect(page.locator("svg .bar[id^=seq-]").first).to_be_visible()


@pytest.mark.parametrize(
    ("title", "tasks", "agents", "sequential", "parallel"),
    [
        ("Comments feature", 6, 3, "3h 15m", "2h 55m"),
        ("Real-time notifications", 8, 3, "7h 30m", "3h 30m"),
        ("User profile", 6, 3, "3h", "1h 25m"),
        ("Full CRUD", 15, 2, "3h 45m", "2h 10m"),
    ],
)
def test_an_example_shows_its_figures(
    page: Page, title: str, tasks: int, agents: int, sequential: str, parallel: str
) -> None:
    """Each example has its known makespans, proved shortest, and no conflicts."""
    page.goto("/projects/1/")
    page.get_by_role("link", name=title, exact=True).click()
    editor = Editor(page, page.url)
    expect(editor.tasks).to_have_count(tasks)
    for text in (
        f"{tasks} tasks",
        "0 conflicts",
        f"sequential {sequential}",
        f"{agents} agents {parallel}",
        "proved shortest",
    ):
        expect(editor.figures).to_contain_text(text)
