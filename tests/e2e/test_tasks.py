"""Tasks: added, edited in every field, removed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import make_plan

TYPED = {
    "Key": "M1",
    "Title": "Model & <b>tables</b>",
    "Estimate": "1h 30m",
    "Description": "What the rows hold.\nAnd what they do not.",
    "Acceptance criteria": "Rows are kept\nRows can be found",
    "Bounded context": "storage",
    "Skills": "sql, python",
    "Decides": "soft delete",
}
CHOSEN = {
    "Phase": "Build",
    "Track": "Back",
    "Layer": "database",
    "Priority": "1 · first",
    "Part of": "D Docs",
    "Safe beside other tasks": "no, never",
}


def test_a_task_is_added_renamed_and_removed(page: Page) -> None:
    """A title is enough; its panel opens, the drawing and the figures follow; removing it can be undone."""
    editor = make_plan(page)
    page.keyboard.press("n")
    page.keyboard.type("Release notes")
    page.keyboard.press("Enter")
    expect(editor.heading).to_contain_text("Release notes")
    expect(editor.tasks).to_have_count(5)
    key = editor.heading.inner_text().split()[0]
    expect(editor.task(key)).to_contain_text("30m")  # assumed
    page.get_by_label("Title", exact=True).fill("Changelog")
    editor.save_task()
    expect(editor.task(key)).to_contain_text("Changelog")
    expect(editor.heading).to_have_text(f"{key} Changelog")
    editor.side.get_by_role("button", name="Delete task").click()
    expect(editor.tasks).to_have_count(4)
    expect(editor.heading).to_have_text("Overview")
    page.keyboard.press("Control+Z")
    expect(editor.task(key)).to_contain_text("Changelog")


def test_the_first_task_of_an_empty_plan(page: Page) -> None:
    """An empty plan says what to do, and draws the first task as soon as it is there."""
    editor = make_plan(page, "taskplanner: 1\nplan: Nothing yet\ntasks: {}\n")
    expect(page.locator(".canvas .empty")).to_contain_text("no tasks yet")
    page.get_by_label("Title of the new task").fill("Begin")
    page.get_by_label("Estimate of the new task").fill("2h")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(editor.tasks).to_have_count(1)
    expect(editor.tasks).to_contain_text("2h")
    expect(page.locator(".canvas .empty")).to_have_count(0)


def test_a_task_that_was_just_added_can_be_connected(page: Page) -> None:
    """What came into the drawing after the page was loaded takes part in gestures."""
    editor = make_plan(page)
    page.get_by_label("Title of the new task").fill("Late")
    page.keyboard.press("Enter")
    expect(editor.tasks).to_have_count(5)
    key = editor.heading.inner_text().split()[0]
    editor.drag("D", key)
    expect(editor.arrow("D", key)).to_have_count(1)


def test_every_field_of_a_task_is_kept(page: Page) -> None:
    """What is typed and chosen is there after saving and after loading the page again."""
    editor = make_plan(page)
    editor.open_task("A")
    form = page.locator("#task-form")
    for label, text in TYPED.items():
        form.get_by_label(label).fill(text)
    for label, option in CHOSEN.items():
        form.get_by_label(label).select_option(label=option)
    editor.save_task()
    expect(editor.heading).to_have_text("M1 Model & <b>tables</b>")
    expect(editor.task("M1")).to_contain_text("1h 30m")
    page.goto(f"{editor.url}tasks/{editor.uid('M1')}/")
    form = page.locator("#task-form")
    for label, text in TYPED.items():
        expect(form.get_by_label(label)).to_have_value(text)
    for label, option in CHOSEN.items():
        expect(form.get_by_label(label).locator("option:checked")).to_have_text(option)


def test_a_named_agent_is_made_and_given_a_task(page: Page) -> None:
    """Agents are named in the plan's settings; a task then names one of them."""
    editor = make_plan(page)
    page.get_by_label("Plan menu").click()
    page.get_by_role("link", name="Plan settings").click()
    expect(editor.heading).to_have_text("Plan settings")
    page.get_by_label("Name of the new agent").fill("Ada")
    page.get_by_label("Name of the new agent").press("Enter")
    expect(editor.side.locator(".row-list input[value=Ada]")).to_be_visible()
    editor.open_task("B")
    page.locator("#task-form").get_by_label("Agent").select_option(label="Ada")
    editor.save_task()
    expect(editor.side.locator(".facts")).to_contain_text("Ada")


def test_an_estimate_that_cannot_be_read_keeps_what_was_typed(page: Page, allowed_errors: list[str]) -> None:
    """The answer is 422 with the error at its field; nothing typed is lost, nothing is changed."""
    allowed_errors.append("422")
    editor = make_plan(page)
    editor.open_task("B")
    page.get_by_label("Title", exact=True).fill("Service layer")
    page.get_by_label("Estimate", exact=True).fill("soon")
    editor.save_task()
    estimate = page.get_by_label("Estimate", exact=True)
    expect(estimate).to_have_attribute("aria-invalid", "true")
    expect(editor.side.locator(".errorlist")).to_contain_text("soon")
    expect(estimate).to_have_value("soon")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Service layer")
    expect(editor.figures).to_contain_text("version 1")
    estimate.fill("90m")
    editor.save_task()
    expect(editor.task("B")).to_contain_text("1h 30m")


def test_progress_is_set_and_drawn(page: Page) -> None:
    """A finished task is drawn as done; progress is not part of what undo takes back."""
    editor = make_plan(page)
    editor.open_task("A")
    page.get_by_text("Set status and actual times").click()
    page.get_by_label("Status").select_option("completed")
    page.get_by_label("Started").fill("2026-03-02T09:00")
    page.get_by_label("Finished").fill("2026-03-02T10:30")
    page.get_by_role("button", name="Set progress").click()
    expect(page.locator(".node.task.done")).to_have_count(1)
    expect(editor.side.locator(".badge.completed")).to_be_visible()


@pytest.mark.parametrize("view", ["ownership/", "timeline/", "tasks/"])
def test_a_task_opens_from_every_view(page: Page, view: str) -> None:
    """A click on a task opens its panel, wherever it is shown; saving there brings that view up to date."""
    editor = make_plan(page).open(view)
    shown = (
        page.get_by_role("link", name="B Service")
        if view != "tasks/"
        else page.get_by_role("link", name="B", exact=True)
    )
    shown.last.click()
    expect(editor.heading).to_have_text("B Service")
    page.get_by_label("Title", exact=True).fill("Core")
    editor.save_task()
    expect(page.locator("#content")).to_contain_text("Core")
    expect(editor.heading).to_have_text("B Core")
