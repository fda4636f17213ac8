"""The plan editor as tests handle it: its tasks, arrows and panels, and what a hand does to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import APIResponse, Locator, Page, expect

ROW = """taskplanner: 1
plan: A row and a loner
agents: 2
phases: [Build, Check]
tracks: [Front, Back]
tasks:
  A: {title: Model, estimate: 30m, modifies: [src/model.py]}
  B: {title: Service, estimate: 1h, depends_on: [A], modifies: [src/service.py]}
  C: {title: Page, estimate: 45m, depends_on: [B], modifies: [web/page.html]}
  D: {title: Docs, estimate: 15m, modifies: [docs/**]}
"""
_PREVIEW = re.compile(r'name="preview" value="([^"]+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True)
class Editor:
    """One plan in one page."""

    page: Page
    url: str

    def open(self, view: str = "") -> Editor:
        """Load a view of the plan: the graph, or `ownership/`, `timeline/`, `tasks/`, `history/`."""
        self.page.goto(self.url + view)
        return self

    @property
    def side(self) -> Locator:
        return self.page.locator("#side")

    @property
    def heading(self) -> Locator:
        """What the open panel is about."""
        return self.side.locator(".side-head h2")

    @property
    def tasks(self) -> Locator:
        return self.page.locator("svg.drawing .node.task")

    @property
    def arrows(self) -> Locator:
        return self.page.locator("svg.drawing .edge.dep")

    @property
    def toasts(self) -> Locator:
        return self.page.locator("#messages .toast")

    @property
    def figures(self) -> Locator:
        """The line of figures at the foot of the editor."""
        return self.page.locator("#figures")

    def task(self, key: str) -> Locator:
        """The box of a task in the drawing."""
        bold = self.page.locator("tspan.b", has_text=re.compile(f"^{re.escape(key)}$"))
        return self.tasks.filter(has=bold)

    def uid(self, key: str) -> str:
        """The uid of a task that is in the drawing."""
        return (self.task(key).get_attribute("id") or "").partition("-")[2]

    def arrow(self, predecessor: str, successor: str) -> Locator:
        """The arrow of a dependency; there need not be one."""
        return self.page.locator(f"#dep-{self.uid(predecessor)}--{self.uid(successor)}")

    def middle(self, locator: Locator) -> tuple[float, float]:
        """The middle of an element on the screen."""
        box = locator.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def start_drag(self, source: str, target: str) -> None:
        """Drag from one task to the middle of another, and hold."""
        x, y = self.middle(self.task(source))
        end_x, end_y = self.middle(self.task(target))
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move((x + end_x) / 2, (y + end_y) / 2, steps=4)
        self.page.mouse.move(end_x, end_y, steps=4)

    def drag(self, source: str, target: str) -> None:
        """Draw with the mouse from one task to another."""
        self.start_drag(source, target)
        self.page.mouse.up()

    def open_task(self, key: str) -> None:
        """Click a task and wait for its panel."""
        self.task(key).click()
        expect(self.heading).to_contain_text(key)

    def open_arrow(self, predecessor: str, successor: str) -> None:
        """Click the middle of a dependency's arrow and wait for its panel."""
        x, y = self.middle(self.arrow(predecessor, successor).locator("path.hit"))
        self.page.mouse.click(x, y)
        expect(self.heading).to_have_text("Dependency")

    def focus_task(self, key: str) -> None:
        """Give a task the keyboard."""
        self.task(key).locator("a").focus()

    def save_task(self) -> None:
        """Press the button that saves the open task."""
        self.side.get_by_role("button", name="Save").click()

    def camera(self) -> str:
        """The viewBox of the drawing."""
        return self.page.locator("svg.drawing").get_attribute("viewBox") or ""


def post(page: Page, origin: str, path: str, **fields: str) -> APIResponse:
    """Post a form of the page at `origin` without a browser's help; return where it led to."""
    token = _TOKEN.search(page.request.get(origin).text())
    assert token is not None
    response = page.request.post(path, form={"csrfmiddlewaretoken": token[1], **fields})
    assert response.ok, response.text()
    return response


def make_project(page: Page, name: str, files: str = "") -> str:
    """Make a project, with its file list where one is given; return its address."""
    page.goto("/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    url = page.url
    if files:
        page.get_by_role("link", name="Give the file list").click()
        page.get_by_label("Paths").fill(files)
        page.get_by_role("button", name="Save file list").click()
        expect(page.locator("#messages .toast")).to_contain_text("files")
    return url


def make_plan(page: Page, text: str = ROW, project: str = "/projects/1/") -> Editor:
    """Make a plan that holds what a document says, at version 1, and open its graph."""
    url = post(page, project, f"{project}plans/", title="New").url
    if "tasks: {}" not in text:
        shown = post(page, f"{url}import/", f"{url}import/preview/", text=text)
        preview = _PREVIEW.search(shown.text())
        assert preview is not None
        post(page, f"{url}import/", f"{url}import/apply/", preview=preview[1])
    return Editor(page, url).open()
