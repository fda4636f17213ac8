"""Ownership: the project's files, claims by drag and by typing, conflicts that come and go."""

from __future__ import annotations

import re
import uuid

from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor, make_plan, make_project

FILES = """README.md
docs/index.md
src/model.py
src/service.py
src/api/routes.py
src/api/forms.py
web/page.html
"""


def own_plan(page: Page) -> Editor:
    """A plan in a project of its own, with a file list."""
    project = make_project(page, f"Files {uuid.uuid4().hex[:8]}", FILES)
    return make_plan(page, project=re.sub("^https?://[^/]+", "", project)).open("ownership/")


def test_a_file_is_dragged_onto_a_task(page: Page) -> None:
    """The folder opens, the file is dropped: the claim is in the task's panel, on the map, in the counts."""
    editor = own_plan(page)
    expect(page.locator("#files")).to_contain_text("4 of 7 files claimed")
    page.locator("summary", has_text="src").click()
    page.locator("summary", has_text="api").click()
    page.locator("button.file", has_text="routes.py").drag_to(editor.task("D"))
    expect(editor.heading).to_have_text("D Docs")
    expect(editor.side.locator(".claim-list")).to_contain_text("src/api/routes.py")
    expect(page.locator("svg .node.folder")).to_have_count(5)
    expect(page.locator("#files")).to_contain_text("5 of 7 files claimed")
    # The folders that were open still are, and the file names its owner.
    expect(page.locator("button.file", has_text="routes.py")).to_contain_text("D")


def test_a_folder_is_dragged_onto_a_task(page: Page) -> None:
    """A folder claims all that lies below it, with the mode that was chosen."""
    editor = own_plan(page)
    page.locator("#claim").get_by_label("Mode").select_option("reads")
    page.locator("summary", has_text="web").drag_to(editor.task("A"))
    expect(editor.side.locator(".claim-list")).to_contain_text("web/**")
    expect(editor.side.locator(".claim-list .badge.reads")).to_be_visible()


def test_a_pattern_is_typed(page: Page, allowed_errors: list[str]) -> None:
    """Any gitignore pattern can be claimed; one that is none is refused with the reason."""
    allowed_errors.append("422")
    editor = own_plan(page)
    bar = page.locator("#claim")
    bar.get_by_label("Task").select_option(label="C Page")
    bar.get_by_label("Pattern").fill("web/**/*.css")
    bar.get_by_label("Pattern").press("Enter")
    expect(editor.side.locator(".claim-list")).to_contain_text("web/**/*.css")
    expect(bar.get_by_label("Pattern")).to_have_value("")
    bar.get_by_label("Pattern").fill("../outside")
    bar.get_by_role("button", name="Claim").click()
    expect(editor.toasts).to_contain_text("../outside")
    expect(bar.get_by_label("Pattern")).to_have_value("../outside")


def test_a_claim_is_removed_in_the_panel(page: Page) -> None:
    """The cross beside a claim removes it."""
    editor = own_plan(page)
    editor.open_task("A")
    page.get_by_role("button", name="Remove the claim modifies src/model.py").click()
    expect(editor.side).to_contain_text("Claims no files yet.")
    expect(page.locator("svg .node.folder")).to_have_count(3)


def test_a_conflict_appears_and_goes_when_a_dependency_orders_the_two(page: Page) -> None:
    """Red on map and graph, listed with both patterns and one path; gone once one of the two waits."""
    editor = own_plan(page)
    page.locator("summary", has_text="src").drag_to(editor.task("D"))
    expect(page.locator("svg .node.task.conflict")).to_have_count(3)
    editor.open()
    for key in ("A", "B", "D"):
        expect(editor.task(key)).to_have_class(re.compile("conflict"))
    listed = editor.side.locator("li.conflict", has_text="A and D")
    expect(listed).to_contain_text("modifies src/model.py × modifies src/** both match src/model.py")
    listed.get_by_role("link").click()
    expect(editor.heading).to_have_text("A and D")
    expect(page.locator("svg .node.selected")).to_have_count(2)
    page.get_by_role("button", name="A first").click()
    expect(editor.arrow("A", "D")).to_have_count(1)
    expect(editor.side.locator("li.conflict")).to_have_count(1)
    editor.drag("B", "D")
    expect(page.locator("svg .node.task.conflict")).to_have_count(0)
    expect(editor.figures).to_contain_text("0 conflicts")
    expect(editor.side).to_contain_text("No two tasks that may run at once collide")


def test_a_conflict_goes_by_a_verdict_with_a_reason(page: Page, allowed_errors: list[str]) -> None:
    """The line between two tasks opens the pair; a verdict needs a reason, and outranks what is computed."""
    allowed_errors.append("422")
    editor = own_plan(page)
    page.locator("summary", has_text="web").drag_to(editor.task("D"))
    expect(editor.heading).to_have_text("D Docs")
    editor.open()
    page.locator("svg .edge.conflict path.hit").dispatch_event("click")
    expect(editor.heading).to_have_text("C and D")
    page.get_by_label("Ruling").select_option("together")
    page.get_by_role("button", name="Rule").click()
    expect(editor.side.locator(".errorlist")).to_contain_text("Say why")
    page.get_by_label("Reason").fill("They touch different ends of the page.")
    page.get_by_role("button", name="Rule").click()
    expect(page.locator("svg .node.task.conflict")).to_have_count(0)
    expect(editor.figures).to_contain_text("0 conflicts")
    page.keyboard.press("Escape")
    expect(editor.side.locator("li.allowed")).to_contain_text("different ends")


def test_a_project_without_files_says_what_to_do(page: Page) -> None:
    """Without a file list there is a way to give one, and patterns can be typed all the same."""
    name = f"Bare {uuid.uuid4().hex[:8]}"
    project = re.sub("^https?://[^/]+", "", make_project(page, name))
    editor = make_plan(page, "taskplanner: 1\nplan: Bare\ntasks: {A: {title: Only}}\n", project)
    editor.open("ownership/")
    expect(page.locator("#files")).to_contain_text("no file list yet")
    page.locator("#claim").get_by_label("Pattern").fill("src/**")
    page.locator("#claim").get_by_role("button", name="Claim").click()
    expect(page.locator("svg .node.folder")).to_have_count(1)
    page.get_by_role("link", name="Give the file list").click()
    expect(page.get_by_label("Paths")).to_be_visible()
