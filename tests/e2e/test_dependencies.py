"""Dependencies: drawn, refused, selected, removed; undone and redone."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import App
from tests.e2e.editor import make_plan


def test_a_drag_draws_a_dependency(page: Page) -> None:
    """From the task that comes first to the one that waits: the arrow appears, and the figures follow."""
    editor = make_plan(page)
    editor.start_drag("A", "D")
    expect(page.locator("path.rubber")).to_have_count(1)
    expect(editor.task("D")).to_have_class(re.compile("drop-target"))
    page.mouse.up()
    expect(editor.arrow("A", "D")).to_have_count(1)
    expect(page.locator("path.rubber")).to_have_count(0)
    expect(editor.figures).to_contain_text("3 dependencies")
    expect(editor.heading).to_have_text("Overview")  # a drag is no click on the task it began at
    page.reload()
    expect(editor.arrow("A", "D")).to_have_count(1)


def test_a_drag_can_be_given_up(page: Page) -> None:
    """Escape, and a drop beside the tasks, change nothing."""
    editor = make_plan(page)
    editor.start_drag("A", "D")
    page.keyboard.press("Escape")
    expect(page.locator("path.rubber")).to_have_count(0)
    page.mouse.up()
    editor.start_drag("A", "D")
    page.mouse.move(300, 700)
    page.mouse.up()
    expect(page.locator("path.rubber")).to_have_count(0)
    expect(editor.figures).to_contain_text("version 1")
    expect(editor.arrows).to_have_count(2)


def test_the_keyboard_draws_a_dependency(page: Page) -> None:
    """On a task, `d` opens the form with the task as the first one; choose the other one, press Enter."""
    editor = make_plan(page)
    editor.focus_task("A")
    page.keyboard.press("d")
    expect(page.get_by_label("This task waits for it")).to_be_focused()
    page.keyboard.type("D Docs")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(editor.arrow("A", "D")).to_have_count(1)


def test_a_dependency_is_drawn_without_scripts(app: App, browser: Browser, page: Page) -> None:
    """The same form works as a plain one: it leads back to the plan, which shows the arrow."""
    editor = make_plan(page)
    state = page.context.storage_state()
    context = browser.new_context(base_url=app.url, storage_state=state, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(editor.url)
    plain.get_by_role("link", name="Add a dependency").click()
    plain.get_by_label("This task comes first").select_option(label="A Model")
    plain.get_by_label("This task waits for it").select_option(label="D Docs")
    plain.get_by_role("button", name="Add dependency").click()
    expect(plain.locator("svg.drawing .edge.dep")).to_have_count(3)
    expect(plain.locator("#messages")).to_contain_text("Made D wait for A.")
    context.close()


def test_a_cycle_is_greyed_and_refused(page: Page, allowed_errors: list[str]) -> None:
    """While dragging, what would close a cycle is greyed; dropped all the same, the cycle is spelled out."""
    allowed_errors.append("422")
    editor = make_plan(page)
    editor.start_drag("C", "A")
    for key in ("A", "B"):
        expect(editor.task(key)).to_have_class(re.compile("would-cycle"))
    expect(editor.task("D")).not_to_have_class(re.compile("would-cycle"))
    expect(page.locator("path.rubber")).to_have_class(re.compile("refused"))
    page.mouse.up()
    expect(editor.toasts).to_contain_text("C → A → B → C")
    expect(editor.arrows).to_have_count(2)
    expect(editor.figures).to_contain_text("version 1")
    expect(page.locator(".would-cycle, .drop-target")).to_have_count(0)


def test_a_dependency_is_removed_by_its_button(page: Page) -> None:
    """A click on the arrow selects it and opens its panel; the button there removes it."""
    editor = make_plan(page)
    editor.open_arrow("A", "B")
    expect(editor.side).to_contain_text("B Service waits for A Model")
    expect(editor.arrow("A", "B")).to_have_class(re.compile("selected"))
    editor.side.get_by_role("button", name="Remove dependency").click()
    expect(editor.arrow("A", "B")).to_have_count(0)
    expect(editor.heading).to_have_text("Overview")


def test_a_selected_dependency_is_removed_by_the_delete_key(page: Page) -> None:
    """Delete removes what is selected; without a selection it does nothing."""
    editor = make_plan(page)
    page.keyboard.press("Delete")
    editor.open_arrow("B", "C")
    page.keyboard.press("Delete")
    expect(editor.arrow("B", "C")).to_have_count(0)
    expect(editor.figures).to_contain_text("version 2")


def test_undo_and_redo_by_button_and_key(page: Page) -> None:
    """Both buttons say what they would do, and both keys do it; with nothing left they are off."""
    editor = make_plan(page)
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    expect(redo).to_be_disabled()
    editor.drag("A", "D")
    expect(editor.arrow("A", "D")).to_have_count(1)
    expect(undo).to_have_attribute("title", "Undo: made D wait for A")
    undo.click()
    expect(editor.arrow("A", "D")).to_have_count(0)
    expect(editor.toasts.last).to_contain_text("Undid: made D wait for A.")
    expect(redo).to_be_enabled()
    page.keyboard.press("Control+Shift+Z")
    expect(editor.arrow("A", "D")).to_have_count(1)
    expect(redo).to_be_disabled()
    expect(undo).to_be_enabled()
    page.keyboard.press("Control+Z")
    expect(editor.arrow("A", "D")).to_have_count(0)
    expect(redo).to_be_enabled()
    redo.click()
    expect(editor.arrow("A", "D")).to_have_count(1)


def test_undo_keys_leave_typing_alone(page: Page) -> None:
    """In a text field Ctrl+Z undoes typing, not the plan."""
    editor = make_plan(page)
    editor.drag("A", "D")
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    page.get_by_label("Title of the new task").fill("Half a title")
    page.keyboard.press("Control+Z")
    expect(page.get_by_label("Title of the new task")).to_have_value("")
    expect(editor.arrow("A", "D")).to_have_count(1)
    expect(editor.figures).to_contain_text("version 2")


def test_history_lists_what_was_done(page: Page) -> None:
    """Each change with who made it, newest first."""
    editor = make_plan(page)
    editor.drag("A", "D")
    expect(editor.arrow("A", "D")).to_have_count(1)
    editor.open("history/")
    first = page.locator(".history-list li").first
    expect(first).to_contain_text("Owner made D wait for A")
    expect(first).to_contain_text("version 2")
