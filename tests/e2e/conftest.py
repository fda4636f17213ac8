"""The real app, started as `make run` starts it, and a real Chromium to drive it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    sync_playwright,
)

from tests.ground import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {1440: 900, 390: 844}
Scheme = Literal["light", "dark"]
WAIT = 30.0  # seconds


@dataclass(frozen=True)
class App:
    """The running app: its address, its data folder, and how to get one more sign-in link."""

    url: str
    environment: dict[str, str]

    def sign_in_link(self) -> str:
        """An address that signs the owner in, once."""
        script = (
            "import django; django.setup()\n"
            "from taskplanner.accounts.services import ensure_local_owner, issue_sign_in_link\n"
            "print(issue_sign_in_link(user=ensure_local_owner()))"
        )
        run = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "taskplanner.settings"},
            capture_output=True,
            text=True,
            check=True,
        )
        return self.url + run.stdout.strip()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder is a browser test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app on a free port, on a new database file with the example plans."""
    folder = tmp_path_factory.mktemp("app")
    own = {"DATABASE_URL", "BROKER_URL", "SECRET_KEY", "HOST", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment = {name: value for name, value in os.environ.items() if name not in own}
    environment |= {"TASKPLANNER_VAR": str(folder / "var"), "LOG_LEVEL": "WARNING", "PORT": "0"}
    log = folder / "serve.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        while not (link := re.search(r"(http://\S+?)/sign-in/", line := process.stdout.readline())):
            assert line, f"the app ended before it printed a link:\n{log.read_text()}"
        yield App(link[1], environment)
    finally:
        process.terminate()
        process.communicate(timeout=WAIT)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright. While it runs, Django refuses the database in this thread: tests go by HTTP."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium on PATH, else Playwright's. Without any: a failure under CI=true, else a visible skip."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None and not Path(playwright.chromium.executable_path).exists():
        message = "no Chromium: install one (Debian: apt-get install chromium fonts-liberation)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def signed_in(app: App, browser: Browser) -> Path:
    """The cookies of the owner, signed in by link, in a file."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(app.sign_in_link())
    path = Path(app.environment["TASKPLANNER_VAR"]) / "owner.json"
    context.storage_state(path=path)
    context.close()
    return path


@pytest.fixture
def scheme() -> Scheme:
    """Light; the test may override it: `@pytest.mark.parametrize("scheme", ["light", "dark"])`."""
    return "light"


@pytest.fixture
def width() -> int:
    """1440 pixels; the test may override it: `@pytest.mark.parametrize("width", [1440, 390])`."""
    return 1440


@pytest.fixture
def context(
    app: App, browser: Browser, signed_in: Path, scheme: Scheme, width: int
) -> Iterator[BrowserContext]:
    """A browser window of the owner. More than one page may be opened in it."""
    context = browser.new_context(
        base_url=app.url,
        storage_state=signed_in,
        color_scheme=scheme,
        viewport={"width": width, "height": WIDTHS[width]},
        has_touch=width == 390,
        reduced_motion="reduce",
        accept_downloads=True,
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def allowed_errors() -> list[str]:
    """Parts of console errors that a test expects: `allowed_errors.append("409")`."""
    return []


@pytest.fixture
def page(context: BrowserContext, allowed_errors: list[str]) -> Iterator[Page]:
    """A page of the owner, signed in. The test fails on any console error, script error or CSP violation."""
    page = context.new_page()
    errors: list[str] = []
    watch(page, errors)
    yield page
    unexpected = [error for error in errors if not any(part in error for part in allowed_errors)]
    assert unexpected == []


def watch(page: Page, errors: list[str]) -> None:
    """Collect what goes wrong in a page; Chromium reports CSP violations as console errors."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(f"{message.text} ({message.location.get('url', '')})")

    def on_page_error(error: Error) -> None:
        errors.append(str(error))

    page.on("console", on_console)
    page.on("pageerror", on_page_error)
