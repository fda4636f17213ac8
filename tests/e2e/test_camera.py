"""The camera and the keyboard on the graph; and the graph under fingers on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.editor import Editor, make_plan


def box(editor: Editor) -> list[float]:
    """The camera: left, top, width and height in the drawing's coordinates."""
    return [float(number) for number in editor.camera().split()]


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    """One touch event of the browser's own."""
    spots = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": spots})


def test_the_wheel_zooms_around_the_pointer(page: Page) -> None:
    """What lies under the pointer stays there; the fit button shows all again."""
    editor = make_plan(page)
    home = box(editor)
    before = editor.middle(editor.task("C"))
    page.mouse.move(*before)
    page.mouse.wheel(0, -400)
    expect(page.locator("svg.drawing")).not_to_have_attribute("viewBox", " ".join(f"{n:.2f}" for n in home))
    after = editor.middle(editor.task("C"))
    assert after == pytest.approx(before, abs=1.5)
    assert box(editor)[2] < home[2]
    page.get_by_role("button", name="Fit the drawing").click()
    assert box(editor) == pytest.approx(home, abs=0.1)


def test_dragging_the_ground_pans(page: Page) -> None:
    """The drawing moves with the hand, and no panel opens at the end."""
    editor = make_plan(page)
    x, y = editor.middle(editor.task("A"))
    page.mouse.move(400, 650)
    page.mouse.down()
    page.mouse.move(440, 600, steps=5)
    page.mouse.up()
    assert editor.middle(editor.task("A")) == pytest.approx((x + 40, y - 50), abs=1.5)
    expect(editor.heading).to_have_text("Overview")


def test_the_view_does_not_jump_after_an_edit(page: Page) -> None:
    """Once moved, the camera keeps its scale, and the tasks in view stay about where they are."""
    editor = make_plan(page)
    page.get_by_role("button", name="Zoom in").click()
    before, place = box(editor), editor.middle(editor.task("B"))
    page.get_by_label("Title of the new task").fill("One more")
    page.keyboard.press("Enter")
    expect(editor.tasks).to_have_count(5)
    assert box(editor)[2:] == pytest.approx(before[2:], abs=0.1)
    editor.drag("A", "D")
    expect(editor.arrow("A", "D")).to_have_count(1)
    assert box(editor)[2:] == pytest.approx(before[2:], abs=0.1)
    # Nothing moves further than a column: what was in view is in view.
    assert editor.middle(editor.task("B")) == pytest.approx(place, abs=320)


def test_a_task_opened_from_elsewhere_comes_into_view(page: Page) -> None:
    """Zoomed into one end, a task at the other end is brought in when its panel opens."""
    editor = make_plan(page)
    page.mouse.move(*editor.middle(editor.task("A")))
    page.mouse.wheel(0, -900)
    editor.focus_task("A")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    focused = page.locator("svg.drawing a:focus")
    expect(focused).to_have_attribute("aria-label", re.compile("^C "))
    frame, place = page.locator(".canvas").bounding_box(), focused.bounding_box()
    assert frame is not None
    assert place is not None
    assert frame["x"] <= place["x"]
    assert place["x"] + place["width"] <= frame["x"] + frame["width"]


def test_arrows_walk_the_graph(page: Page) -> None:
    """One task is in the tab order; left and right follow dependencies, up and down go to what lies there."""
    editor = make_plan(page)
    expect(page.locator('svg.drawing a[tabindex="0"]')).to_have_count(1)
    editor.focus_task("A")
    page.keyboard.press("ArrowRight")
    expect(page.locator("svg.drawing a:focus")).to_have_attribute("aria-label", re.compile("^B "))
    page.keyboard.press("ArrowLeft")
    expect(page.locator("svg.drawing a:focus")).to_have_attribute("aria-label", re.compile("^A "))
    key = (
        "ArrowDown" if editor.middle(editor.task("D"))[1] > editor.middle(editor.task("A"))[1] else "ArrowUp"
    )
    page.keyboard.press(key)
    expect(page.locator("svg.drawing a:focus")).to_have_attribute("aria-label", re.compile("^D "))
    expect(page.locator('svg.drawing a[tabindex="0"]')).to_have_count(1)


def test_enter_opens_and_escape_comes_back(page: Page) -> None:
    """The panel takes the keyboard, Escape gives it back to the task."""
    editor = make_plan(page)
    editor.focus_task("B")
    page.keyboard.press("Enter")
    expect(editor.heading).to_have_text("B Service")
    expect(editor.side.get_by_role("link", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(editor.heading).to_have_text("Overview")
    expect(editor.task("B").locator("a")).to_be_focused()


def test_the_shortcuts_are_listed(page: Page) -> None:
    """`?` opens the list, Escape closes it and nothing else."""
    editor = make_plan(page)
    editor.open_task("A")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(editor.heading).to_have_text("A Model")


def test_the_panel_is_hidden_and_shown(page: Page) -> None:
    """By `p` and by its button; the drawing keeps its scale and takes the room."""
    editor = make_plan(page)
    page.get_by_role("button", name="Zoom in").click()
    canvas_width = "document.querySelector('.canvas').clientWidth"
    before, narrow = box(editor), page.evaluate(canvas_width)
    page.keyboard.press("p")
    expect(editor.side).to_be_hidden()
    expect(page.locator("svg.drawing")).not_to_have_attribute("viewBox", " ".join(f"{n:.2f}" for n in before))
    after, wide = box(editor), page.evaluate(canvas_width)
    assert wide > narrow + 200
    assert after[2] / wide == pytest.approx(before[2] / narrow, rel=0.01)
    page.get_by_role("button", name="Panel").click()
    expect(editor.side).to_be_visible()


class TestPhone:
    """A phone: 390 pixels wide, with fingers."""

    @pytest.fixture
    def width(self) -> int:
        return 390

    def test_the_panel_is_a_sheet_that_starts_closed(self, page: Page) -> None:
        """It opens over the lower part when a task is tapped, and its cross closes it again."""
        editor = make_plan(page)
        expect(editor.side).to_be_hidden()
        x, y = editor.middle(editor.task("A"))
        page.touchscreen.tap(x, y)
        expect(editor.heading).to_have_text("A Model")
        sheet = editor.side.bounding_box()
        assert sheet is not None
        assert sheet["width"] == 390
        assert sheet["y"] > 200
        place = editor.task("A").bounding_box()
        assert place is not None
        assert place["y"] + place["height"] < sheet["y"]  # the sheet does not lie over what it is about
        editor.side.get_by_role("link", name="Close").tap()
        expect(editor.side).to_be_hidden()
        page.get_by_role("button", name="Panel").tap()
        expect(editor.heading).to_have_text("Overview")

    def test_a_finger_pans_and_two_zoom(self, page: Page) -> None:
        """A finger that moves at once pans, from a task too; two fingers zoom."""
        editor = make_plan(page)
        x, y = editor.middle(editor.task("A"))
        session = page.context.new_cdp_session(page)
        touch(session, "Start", (x, y))
        for step in range(1, 6):
            touch(session, "Move", (x + step * 10, y + step * 12))
        touch(session, "End")
        assert editor.middle(editor.task("A")) == pytest.approx((x + 50, y + 60), abs=2)
        expect(editor.side).to_be_hidden()
        wide = box(editor)[2]
        touch(session, "Start", (150, 500), (250, 500))
        for step in range(1, 6):
            touch(session, "Move", (150 - step * 8, 500), (250 + step * 8, 500))
        touch(session, "End")
        assert box(editor)[2] == pytest.approx(wide * 100 / 180, rel=0.1)
        expect(editor.arrows).to_have_count(2)

    def test_a_long_press_draws_a_dependency(self, page: Page) -> None:
        """A finger that rests on a task first draws from it to the task where it is lifted."""
        editor = make_plan(page)
        start, end = editor.middle(editor.task("A")), editor.middle(editor.task("D"))
        session = page.context.new_cdp_session(page)
        touch(session, "Start", start)
        expect(page.locator("path.rubber")).to_have_count(1)
        touch(session, "Move", ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        touch(session, "Move", end)
        expect(editor.task("D")).to_have_class(re.compile("drop-target"))
        touch(session, "End")
        expect(editor.arrow("A", "D")).to_have_count(1)
