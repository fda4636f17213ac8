"""Every page and panel on a wide and a narrow screen, light and dark: nothing that axe-core finds serious,
nothing that scrolls sideways, no complaint of the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import App
from tests.e2e.editor import make_plan

CONFLICTS = """taskplanner: 1
plan: A plan with a rather long title that has to be cut somewhere on a narrow screen
agents: 3
phases: [Build, Check]
tasks:
  A: {title: Model, estimate: 30m, phase: Build, modifies: [src/**], decides: [soft delete]}
  B: {title: Service of the whole application, depends_on: [A], modifies: [src/service.py], handoffs: [
      {from: A, summary: The model is final, artefacts: [{path: src/m.py, symbol: M, use: import it}]}]}
  C: {title: Page, estimate: 45m, depends_on: [A], modifies: [src/*.py, web/page.html], reads: [docs/a.md]}
  D: {title: Docs, phase: Check, modifies: [docs/**]}
pairs:
  - {tasks: [A, D], together: true, reason: They touch different things.}
progress:
  A: {status: completed, started: 2026-03-02T09:00:00Z, finished: 2026-03-02T10:30:00Z}
  B: {status: in_progress, started: 2026-03-02T10:30:00Z}
"""
PAGES = (
    "/",
    "/projects/1/",
    "/projects/1/files/",
    "/teams/",
    "/teams/my-team/",
    "/account/",
)
VIEWS = (
    "",
    "ownership/",
    "timeline/",
    "tasks/",
    "history/",
    "export/",
    "import/",
    "settings/",
    "dependencies/",
)
SERIOUS = ("serious", "critical")


def check(page: Page, width: int) -> None:
    """Nothing serious for axe-core, and no sideways scrolling."""
    found = Axe().run(page).response["violations"]
    serious = [
        f"{each['id']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in SERIOUS
    ]
    assert serious == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.fixture(scope="module")
def strict_page(app: App) -> Callable[[Page, str], None]:
    """Open a page, with a look at its content security policy."""

    def open_page(page: Page, path: str) -> None:
        response = page.goto(path)
        assert response is not None
        policy = response.headers["content-security-policy"]
        for directive in ("default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'"):
            assert directive in policy
        assert "unsafe" not in policy

    return open_page


each_screen = pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]
)


@each_screen
def test_pages(page: Page, width: int, strict_page: Callable[[Page, str], None]) -> None:
    """Home, project, files, team, account."""
    for path in PAGES:
        strict_page(page, path)
        check(page, width)


@each_screen
def test_views_of_a_plan(page: Page, width: int, strict_page: Callable[[Page, str], None]) -> None:
    """Graph, ownership, timeline, tasks, history, export, import, settings and the dependency form."""
    editor = make_plan(page, CONFLICTS)
    for view in VIEWS:
        strict_page(page, editor.url + view)
        check(page, width)


@each_screen
def test_panels_and_refusals(
    page: Page, width: int, strict_page: Callable[[Page, str], None], allowed_errors: list[str]
) -> None:
    """A task, a dependency, a conflict, menu, shortcuts, a refused form, a toast, an import."""
    allowed_errors.append("422")
    editor = make_plan(page, CONFLICTS)
    a, b, c = (editor.uid(key) for key in "ABC")
    strict_page(page, f"{editor.url}tasks/{b}/")
    page.get_by_text("Set status and actual times").click()
    check(page, width)
    page.get_by_label("Estimate", exact=True).fill("soon")
    editor.save_task()
    expect(page.get_by_label("Estimate", exact=True)).to_have_attribute("aria-invalid", "true")
    check(page, width)
    strict_page(page, f"{editor.url}dependencies/{a}/{b}/")
    check(page, width)
    strict_page(page, f"{editor.url}pairs/{b}/{c}/")
    check(page, width)
    page.get_by_label("Plan menu").click()
    check(page, width)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    check(page, width)
    strict_page(page, f"{editor.url}dependencies/?from={b}")
    page.get_by_label("This task waits for it").select_option(a)
    page.get_by_role("button", name="Add dependency").click()
    expect(editor.toasts).to_be_visible()
    check(page, width)
    strict_page(page, f"{editor.url}import/")
    page.get_by_label("Or its text").fill(CONFLICTS.replace("Docs", "Manual"))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    check(page, width)
    strict_page(page, "/projects/1/")
    page.get_by_text("Or paste its text").click()
    page.get_by_label("Text of the plan").fill(CONFLICTS)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="The plan this would make")).to_be_visible()
    page.get_by_text("Conflicts", exact=True).last.click()
    check(page, width)


@each_screen
def test_empty_plans(page: Page, width: int, strict_page: Callable[[Page, str], None]) -> None:
    """Every view of a plan without tasks says what to do."""
    editor = make_plan(page, "taskplanner: 1\nplan: Nothing yet\ntasks: {}\n")
    for view in ("", "ownership/", "timeline/", "tasks/"):
        strict_page(page, editor.url + view)
        expect(page.locator(".empty").first).to_be_visible()
        check(page, width)


def test_a_plan_of_two_hundred_tasks_can_be_used(page: Page) -> None:
    """A large graph opens at a readable size, fits on demand, and takes gestures."""
    rows = "\n".join(
        f"  T{n:03}: {{title: Step {n}, estimate: 30m{f', depends_on: [T{n - 8:03}]' if n > 8 else ''}}}"
        for n in range(1, 201)
    )
    editor = make_plan(page, f"taskplanner: 1\nplan: Large\nagents: 8\ntasks:\n{rows}\n")
    expect(editor.tasks).to_have_count(200)
    box = editor.task("T001").bounding_box()
    assert box is not None
    assert box["width"] > 120
    editor.drag("T001", "T010")
    expect(editor.arrow("T001", "T010")).to_have_count(1)
    page.get_by_role("button", name="Fit the drawing").click()
    last = editor.task("T200").bounding_box()
    assert last is not None
    assert last["x"] + last["width"] < 1440
