"""Plans leave as YAML and come in again: download, import with a preview, a file dropped on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import ROW, Editor, make_plan

BROKEN = """taskplanner: 1
plan: Broken
tasks:
  A: {title: Model, estimate: soon}
  B: {title: Page, depends_on: [X]}
"""


def download(page: Page, editor: Editor, folder: Path) -> Path:
    """Export the plan by the button of its export page."""
    editor.open("export/")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def drop_file(page: Page, path: Path) -> None:
    """Drop a file from the desktop onto the page's drop zone."""
    zone = page.locator(".drop")
    zone.scroll_into_view_if_needed()
    box = zone.bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        event = {
            "type": kind,
            "x": box["x"] + box["width"] / 2,
            "y": box["y"] + box["height"] / 2,
            "data": {"items": [], "files": [str(path)], "dragOperationsMask": 1},
        }
        session.send("Input.dispatchDragEvent", event)
    session.detach()


def test_an_export_comes_back_as_the_same_plan(page: Page, tmp_path: Path) -> None:
    """Imported into another plan, it makes that plan the same; the export of that one is the same bytes."""
    source = make_plan(page)
    path = download(page, source, tmp_path)
    assert path.name == "a-row-and-a-loner.yaml"
    other = make_plan(page, "taskplanner: 1\nplan: Other\ntasks: {Z: {title: Old}}\n")
    other.open("import/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("dl.figures")).to_contain_text("1 → 4")
    expect(page.get_by_role("region", name="What would change")).to_contain_text("Z")
    page.get_by_role("button", name="Make this change").click()
    expect(other.tasks).to_have_count(4)
    expect(other.arrow("A", "B")).to_have_count(1)
    (tmp_path / "again").mkdir()
    again = download(page, other, tmp_path / "again")
    assert again.read_bytes() == path.read_bytes()
    other.open()
    page.get_by_role("button", name="Undo").click()
    expect(other.tasks).to_have_count(1)
    expect(other.task("Z")).to_be_visible()


def test_importing_what_the_plan_holds_changes_nothing(page: Page, tmp_path: Path) -> None:
    """The preview says so."""
    editor = make_plan(page)
    path = download(page, editor, tmp_path)
    editor.open("import/")
    page.get_by_label("Or its text").fill(path.read_text())
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("The document holds what the plan holds already.")).to_be_visible()


def test_an_import_is_refused_once_the_plan_has_changed(page: Page, allowed_errors: list[str]) -> None:
    """What was previewed on one version is not applied to another: 409, and a way back."""
    allowed_errors.append("409")
    editor = make_plan(page)
    editor.open("import/")
    page.get_by_label("Or its text").fill(ROW.replace("Docs", "Manual"))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("button", name="Make this change")).to_be_visible()
    other = Editor(page.context.new_page(), editor.url).open()
    other.drag("A", "D")
    expect(other.arrow("A", "D")).to_have_count(1)
    page.get_by_role("button", name="Make this change").click()
    expect(page.get_by_role("heading", name="Nothing was changed")).to_be_visible()
    page.get_by_role("link", name="Back to the plan").click()
    expect(editor.task("D")).to_contain_text("Docs")


def test_a_file_dropped_on_the_project_becomes_a_plan(page: Page, tmp_path: Path) -> None:
    """The drop zone takes a file from the desktop; what it would make is shown, then kept, then opened."""
    path = tmp_path / "plan.yaml"
    path.write_text(ROW)
    page.goto("/projects/1/")
    drop_file(page, path)
    expect(page.locator(".drop input")).to_have_js_property("files.length", 1)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="The plan this would make")).to_be_visible()
    expect(page.locator("svg.drawing .node.task")).to_have_count(4)
    page.get_by_role("button", name="Keep this plan").click()
    expect(page.locator("[data-canvas] svg.drawing .node.task")).to_have_count(4)
    expect(page.get_by_role("heading", name="A row and a loner")).to_be_visible()


@pytest.mark.parametrize("place", ["project", "import"])
def test_a_broken_document_names_line_and_column(page: Page, place: str, allowed_errors: list[str]) -> None:
    """All errors at once, each with where it is; the text is still there to be mended."""
    allowed_errors.append("422")
    if place == "project":
        page.goto("/projects/1/")
        page.get_by_text("Or paste its text").click()
        page.get_by_label("Text of the plan").fill(BROKEN)
        page.get_by_role("button", name="Preview").click()
    else:
        make_plan(page).open("import/")
        page.get_by_label("Or its text").fill(BROKEN)
        page.get_by_role("button", name="Preview").click()
    problems = page.locator(".errors li")
    expect(problems).to_have_count(2)
    expect(problems.first).to_contain_text("Line 4, column")
    expect(problems.first).to_contain_text("soon")
    expect(problems.last).to_contain_text("Line 5, column")
    expect(page.locator("textarea")).to_have_value(BROKEN)


def test_a_drawing_is_made_into_a_file(page: Page) -> None:
    """A job makes it; its page follows the job to its end and offers the file."""
    make_plan(page).open("export/")
    page.get_by_role("region", name="Drawings").get_by_label("Format").select_option("svg")
    page.get_by_role("button", name="Make the file").click()
    link = page.get_by_role("link", name="a-row-and-a-loner-timeline.svg")
    expect(link).to_be_visible(timeout=20_000)
    with page.expect_download() as started:
        link.click()
    assert started.value.path().read_text().startswith("<svg")


def test_the_yaml_is_copied(page: Page, context_clipboard: None) -> None:
    """The button puts the text on the clipboard, and says so."""
    editor = make_plan(page)
    editor.open("export/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("taskplanner: 1")


@pytest.fixture
def context_clipboard(page: Page) -> None:
    """The page may use the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
