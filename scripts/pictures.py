"""Take the pictures of the README from the running app: `make pictures`.

Starts an app of its own, on a free port and with its data in a temporary folder, gives it the plan
`docs/search.yaml`, photographs its views in both themes into `docs/pictures/`, and ends it. Needs Chromium
and Graphviz, as the browser tests do.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PLAN = ROOT / "docs" / "search.yaml"
PICTURES = ROOT / "docs" / "pictures"
WIDTH = 1440
# The views with the height that shows each without empty space below, in pixels.
VIEWS = {"graph": 560, "timeline": 480, "ownership": 680}
OPENED = ("src", "api", "search", "web")  # folders of the file tree
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
# Variables that a `.env` file could set and that would make this app another one; empty is the default.
UNSET = ("DATABASE_URL", "BROKER_URL", "ALLOWED_HOSTS", "HTTPS", "STATIC_HASHED", "SECRET_KEY", "DEBUG")
FILES = """
README.md
database/migrations/0041_prices.sql
database/migrations/0042_search_index.sql
src/analytics/searches.py
src/analytics/visits.py
src/api/cart.py
src/api/products.py
src/api/urls.py
src/models/cart.py
src/models/product.py
src/search/ranking.py
src/search/words.py
tests/search/test_query.py
tests/search/test_words.py
web/components/Footer.tsx
web/components/Header.tsx
web/pages/cart/Cart.tsx
web/pages/search/Results.tsx
"""


@contextmanager
def running_app(folder: Path) -> Iterator[str]:
    """Start the app with its data in the folder; yields the address that signs the owner in, once."""
    environment = {**os.environ, **dict.fromkeys(UNSET, ""), "TASKPLANNER_VAR": str(folder)}
    environment |= {"HOST": "127.0.0.1", "PORT": "0", "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "manage.py", "serve"]
    app = subprocess.Popen(  # noqa: S603  our own command
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert app.stdout is not None
        found = (re.search(r"http://\S+/sign-in/\S+", line) for line in app.stdout)
        yield next(match.group() for match in found if match)
    finally:
        app.terminate()
        app.wait(30)


def make_plan(page: Page, site: str) -> str:
    """Make a project with the file list and the plan; returns the address of the plan."""
    page.goto(site)
    page.fill("[name=name]", "Shop")
    page.get_by_role("button", name="Create project").click()
    project = page.url
    page.goto(f"{project}files/")
    page.fill("[name=paths]", FILES.strip())
    page.get_by_role("button", name="Save file list").click()
    page.goto(project)
    page.set_input_files("input[type=file]", PLAN)
    page.get_by_role("button", name="Create from document").click()
    expect(page.locator("h1.plan-title")).to_be_visible()
    return page.url


def settle(page: Page) -> None:
    """Wait until the drawing, the folders, the fonts and whatever moves are there."""
    expect(page.locator("svg.drawing").first).to_be_visible()
    if page.locator("#files").count():
        for name in OPENED:
            page.locator("#files summary").filter(has_text=name).first.click()
        pattern = page.locator("#claim [name=pattern]")  # a click on a folder writes its pattern
        pattern.clear()
        pattern.blur()
    page.mouse.move(WIDTH / 2, 100)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(500)


def take_pictures(browser: Browser, entrance: str) -> None:
    """Sign in, make the plan, and photograph every view in every theme."""
    first = browser.new_context()
    page = first.new_page()
    page.goto(entrance)
    plan = make_plan(page, entrance.partition("/sign-in/")[0])
    state = first.storage_state()
    for view, height in VIEWS.items():
        for theme in THEMES:
            size: ViewportSize = {"width": WIDTH, "height": height}
            context = browser.new_context(
                viewport=size, color_scheme=theme, storage_state=state, reduced_motion="reduce"
            )
            page = context.new_page()
            page.goto(plan if view == "graph" else f"{plan}{view}/")
            settle(page)
            page.screenshot(path=PICTURES / f"{view}-{theme}.png")
            context.close()


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    with (
        tempfile.TemporaryDirectory(prefix="taskplanner-pictures-") as folder,
        running_app(Path(folder)) as entrance,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium)
        take_pictures(browser, entrance)
        browser.close()


if __name__ == "__main__":
    main()
