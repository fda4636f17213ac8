"""The app as it is served: a signed-in start page without a complaint from the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import App, Scheme


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_start_page_opens(page: Page, scheme: Scheme, width: int) -> None:
    """Light and dark, wide and narrow: it loads without console errors and does not scroll sideways."""
    page.goto("/")
    expect(page.locator("main")).to_be_visible()
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (scheme == "dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_runs_htmx_2(page: Page) -> None:
    """The htmx that django-htmx brings is the one the editor was built on."""
    page.goto("/")
    assert page.evaluate("htmx.version") == "2.0.10"


def test_inline_scripts_do_not_run(page: Page, app: App, allowed_errors: list[str]) -> None:
    """The content security policy holds in the browser, and its violation is seen by these tests."""
    allowed_errors.append("Content Security Policy")
    page.goto("/")
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.ran = true';
            document.body.append(script);
        }"""
    )
    assert page.evaluate("window.ran") is None
