"""The timeline: agents changed, redrawn, figures; bars that open tasks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor, make_plan

FORK = """taskplanner: 1
plan: A fork
agents: 3
tasks:
  A: {title: Start, estimate: 5m}
  B: {title: Left, estimate: 45m, depends_on: [A]}
  C: {title: Middle, estimate: 60m, depends_on: [A]}
  D: {title: Right, estimate: 50m, depends_on: [A]}
  E: {title: Merge, estimate: 5m, depends_on: [B, C, D]}
  F: {title: Verify, estimate: 15m, depends_on: [E]}
"""


def figure(page: Page, label: str) -> str:
    """A figure of the timeline's head."""
    term = page.locator("dt", has_text=label)
    return page.locator(".figures > div").filter(has=term).locator("dd").inner_text()


def figures(page: Page) -> tuple[str, ...]:
    """One after the other, on N agents, unlimited, saved."""
    labels = ("One after the other", "agent", "Unlimited", "Saved")
    best = page.locator(".figures .best dd").inner_text()
    return tuple(best if label == "agent" else figure(page, label) for label in labels)


def lanes(page: Page) -> list[str]:
    """The names of the agents' lanes in the drawing."""
    return [
        text for text in page.locator("svg.drawing text").all_text_contents() if text.startswith("Agent ")
    ]


@pytest.fixture
def fork(page: Page) -> Editor:
    """A plan of 5, then 45, 60 and 50 side by side, then 5, then 15 minutes, for three agents."""
    return make_plan(page, FORK).open("timeline/")


def test_the_figures_and_lanes_of_a_fork(page: Page, fork: Editor) -> None:
    """Sequential 3h, on three agents 1h 25m, proved; a lane for each agent."""
    assert figures(page) == ("3h", "1h 25m", "1h 25m", "1h 35m")
    assert figure(page, "Lower bound") == "1h 25m proved shortest"
    assert lanes(page) == ["Agent 1", "Agent 2", "Agent 3"]
    expect(page.locator("svg .bar.crit[id^=bar-]")).to_have_count(4)


def test_the_stepper_changes_the_number_of_agents(page: Page, fork: Editor) -> None:
    """One agent less: drawn again, with other figures; undo brings the third back."""
    page.get_by_role("button", name="One agent less").click()
    expect(page.locator(".figures .best dt")).to_have_text("2 agents")
    assert figures(page) == ("3h", "2h", "1h 25m", "1h")
    assert lanes(page) == ["Agent 1", "Agent 2"]
    expect(fork.figures).to_contain_text("2 agents 2h")
    page.keyboard.press("Control+Z")
    expect(page.locator(".figures .best dt")).to_have_text("3 agents")


def test_the_number_of_agents_is_typed(page: Page, fork: Editor, allowed_errors: list[str]) -> None:
    """A typed number counts when it is confirmed; one out of range is refused with a message."""
    allowed_errors.append("422")
    agents = page.get_by_label("Agents", exact=True)
    agents.fill("1")
    agents.press("Enter")
    expect(page.locator(".figures .best dt")).to_have_text("1 agent")
    expect(page.get_by_label("Agents", exact=True)).to_have_value("1")
    assert figures(page) == ("3h", "3h", "1h 25m", "0m")
    assert lanes(page) == ["Agent 1"]


def test_bars_are_walked_by_keyboard(page: Page, fork: Editor) -> None:
    """Arrows move along the bars, Enter opens the task, Escape comes back to its bar."""
    page.locator("svg .bar[id^=bar-] a").first.focus()
    page.keyboard.press("ArrowRight")
    focused = page.locator("svg .bar a:focus")
    expect(focused).to_have_count(1)
    name = focused.get_attribute("aria-label") or ""
    page.keyboard.press("Enter")
    expect(fork.heading).to_be_visible()
    assert name.startswith(fork.heading.inner_text())
    page.keyboard.press("Escape")
    expect(fork.side).to_be_hidden()
    expect(focused).to_have_attribute("aria-label", name)


def test_the_panel_leaves_the_room_to_the_timeline(page: Page, fork: Editor) -> None:
    """The overview rests closed here; the button in the bar opens and closes it."""
    expect(fork.side).to_be_hidden()
    button = page.get_by_role("button", name="Panel")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(fork.heading).to_have_text("Overview")
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(fork.side).to_be_hidden()
