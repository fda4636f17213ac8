"""Two people in one plan: what one does appears to the other, and nobody overwrites anybody silently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import App, watch
from tests.e2e.editor import Editor, make_plan


def join(app: App, browser: Browser, signed_in: Path, name: str, role: str) -> Path:
    """Have somebody new join the team by the owner's invitation; return their cookies, in a file."""
    owner = browser.new_context(base_url=app.url, storage_state=signed_in)
    page = owner.new_page()
    page.goto("/teams/my-team/")
    form = page.locator("form", has=page.get_by_label("Only for this e-mail address"))
    form.get_by_label("Role").select_option(role)
    form.get_by_role("button").click()
    link = re.search(r"http://\S+/invitations/\w[\w-]+/", page.content())
    owner.close()
    assert link is not None
    context = browser.new_context(base_url=app.url)
    page = context.new_page()
    page.goto(link[0])
    page.get_by_role("link", name="Sign up and join").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(f"{name.lower()}@example.org")
    page.get_by_label("Password").fill("a long enough phrase")
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"^(?!.*signup)"))
    path = Path(app.environment["TASKPLANNER_VAR"]) / f"{name}.json"
    context.storage_state(path=path)
    context.close()
    return path


@pytest.fixture(scope="module")
def member_state(app: App, browser: Browser, signed_in: Path) -> Path:
    """The cookies of Grace, a member."""
    return join(app, browser, signed_in, "Grace", "member")


@pytest.fixture(scope="module")
def viewer_state(app: App, browser: Browser, signed_in: Path) -> Path:
    """The cookies of Vera, who may only look."""
    return join(app, browser, signed_in, "Vera", "viewer")


@contextmanager
def window(app: App, browser: Browser, state: Path, allowed_errors: list[str]) -> Iterator[Page]:
    """A page of somebody in a browser window of their own; any error of the browser's fails the test."""
    context = browser.new_context(base_url=app.url, storage_state=state, reduced_motion="reduce")
    page = context.new_page()
    errors: list[str] = []
    watch(page, errors)
    yield page
    context.close()
    assert [error for error in errors if not any(part in error for part in allowed_errors)] == []


@pytest.fixture
def colleague(app: App, browser: Browser, member_state: Path, allowed_errors: list[str]) -> Iterator[Page]:
    """A page of Grace."""
    with window(app, browser, member_state, allowed_errors) as page:
        yield page


@pytest.fixture
def viewer(app: App, browser: Browser, viewer_state: Path, allowed_errors: list[str]) -> Iterator[Page]:
    """A page of Vera."""
    with window(app, browser, viewer_state, allowed_errors) as page:
        yield page


@pytest.fixture
def both(page: Page, colleague: Page) -> tuple[Editor, Editor]:
    """The owner and Grace, with the same plan open."""
    mine = make_plan(page)
    return mine, Editor(colleague, mine.url).open()


def test_what_the_other_does_appears(both: tuple[Editor, Editor]) -> None:
    """Within seconds, said in a message; focus, selection and camera stay as they were."""
    mine, theirs = both
    mine.open_task("A")
    mine.page.get_by_role("button", name="Zoom in").click()
    mine.focus_task("B")
    camera = mine.camera()
    uid = mine.uid("B")
    theirs.drag("A", "D")
    expect(theirs.arrow("A", "D")).to_have_count(1)
    expect(mine.arrow("A", "D")).to_have_count(1)
    expect(mine.toasts).to_contain_text("Grace made D wait for A.")
    expect(mine.page.locator(f"#task-{uid} a")).to_be_focused()
    expect(mine.task("A")).to_have_class(re.compile("selected"))
    expect(mine.heading).to_have_text("A Model")
    expect(mine.side.locator(".facts")).to_contain_text("D")  # the open panel knows as well
    assert mine.camera().split()[2:] == camera.split()[2:]


def test_undo_takes_back_ones_own_change_only(both: tuple[Editor, Editor]) -> None:
    """Grace's undo leaves the owner's later change alone."""
    mine, theirs = both
    theirs.drag("A", "D")
    expect(mine.arrow("A", "D")).to_have_count(1)
    mine.drag("D", "C")
    expect(theirs.arrow("D", "C")).to_have_count(1)
    theirs.page.get_by_role("button", name="Undo").click()
    expect(theirs.arrow("A", "D")).to_have_count(0)
    expect(theirs.arrow("D", "C")).to_have_count(1)
    expect(mine.arrow("A", "D")).to_have_count(0)


def test_unsaved_typing_is_not_replaced(both: tuple[Editor, Editor]) -> None:
    """The panel that is typed in says that it is out of date, and can be loaded anew."""
    mine, theirs = both
    mine.open_task("A")
    title = mine.page.get_by_label("Title", exact=True)
    title.fill("My half-finished title")
    theirs.open_task("A")
    theirs.page.get_by_label("Description").fill("From Grace")
    theirs.save_task()
    expect(mine.side.get_by_text("The plan changed while you were typing.")).to_be_visible()
    expect(title).to_have_value("My half-finished title")
    mine.side.get_by_role("link", name="Load anew").click()
    expect(title).to_have_value("Model")
    expect(mine.page.get_by_label("Description")).to_have_value("From Grace")


def test_different_fields_of_one_task_are_both_saved(both: tuple[Editor, Editor]) -> None:
    """Two people who change different fields do not get into each other's way."""
    mine, theirs = both
    mine.open_task("A")
    mine.page.get_by_label("Title", exact=True).fill("My title")
    theirs.open_task("A")
    theirs.page.get_by_label("Description").fill("From Grace")
    theirs.save_task()
    expect(mine.toasts).to_contain_text("Grace")
    mine.save_task()
    expect(mine.task("A")).to_contain_text("My title")
    expect(mine.page.get_by_label("Description")).to_have_value("From Grace")


def test_the_same_field_is_not_overwritten_silently(
    both: tuple[Editor, Editor], allowed_errors: list[str]
) -> None:
    """Whoever comes second is told who changed it to what, keeps their typing, and may save again."""
    allowed_errors.append("409")
    mine, theirs = both
    mine.open_task("A")
    title = mine.page.get_by_label("Title", exact=True)
    title.fill("My title")
    theirs.open_task("A")
    theirs.page.get_by_label("Title", exact=True).fill("Her title")
    theirs.save_task()
    expect(theirs.task("A")).to_contain_text("Her title")
    mine.save_task()
    expect(mine.side.locator(".errors")).to_contain_text("Grace was first")
    expect(mine.side.locator(".errors")).to_contain_text("Her title")
    expect(title).to_have_value("My title")
    expect(mine.task("A")).to_contain_text("Her title")
    mine.save_task()
    expect(mine.task("A")).to_contain_text("My title")
    expect(theirs.task("A")).to_contain_text("My title")


def test_a_panel_whose_task_the_other_removed_closes(
    both: tuple[Editor, Editor], allowed_errors: list[str]
) -> None:
    """What the panel showed is gone: it falls back to the overview, and the message says who removed it."""
    allowed_errors.append("404")
    mine, theirs = both
    mine.open_task("D")
    theirs.open_task("D")
    theirs.side.get_by_role("button", name="Delete task").click()
    expect(mine.tasks).to_have_count(3)
    expect(mine.heading).to_have_text("Overview")
    expect(mine.toasts).to_have_count(1)
    expect(mine.toasts).to_contain_text("Grace removed D")


def test_a_viewer_sees_everything_and_changes_nothing(page: Page, viewer: Page) -> None:
    """No form that writes is offered, and a drag draws nothing; what others do appears all the same."""
    mine = make_plan(page)
    theirs = Editor(viewer, mine.url).open()
    expect(viewer.get_by_text("view only")).to_be_visible()
    theirs.open_task("A")
    expect(viewer.get_by_label("Title", exact=True)).to_be_disabled()
    expect(theirs.side.get_by_role("button")).to_have_count(0)
    theirs.drag("A", "D")
    viewer.keyboard.press("n")
    viewer.keyboard.press("Delete")
    for view in ("ownership/", "timeline/", "tasks/", "settings/"):
        theirs.open(view)
    theirs.open()
    mine.drag("A", "D")
    expect(theirs.arrow("A", "D")).to_have_count(1)
    expect(mine.figures).to_contain_text("version 2")
