"""The lead's word on a pair: with a reason, above everything computed, and withdrawn again."""

from __future__ import annotations

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.plans.views.stage import Stage, form_of


@pytest.fixture
def uids(stage: Stage) -> tuple[str, str]:
    """The two tasks that collide on a file."""
    return stage.uid("T002"), stage.uid("T003")


def test_the_panel_says_why_they_collide(stage: Stage, uids: tuple[str, str]) -> None:
    """Both patterns, one path that both match, and the two ways to put them in order."""
    panel = stage.get("member", "pair", *uids, htmx=True)
    for text in ("Both write the same files", "modifies src/api/**", "modifies src/api/comments.py"):
        assertContains(panel, text)
    assertContains(panel, "both match <code>src/api/comments.py</code>")
    assertContains(panel, "T002 first")
    assertContains(panel, "T003 first")


def test_a_verdict_takes_the_conflict_away(stage: Stage, uids: tuple[str, str]) -> None:
    """It may run together: no conflict in the overview, but the ruling with its reason."""
    assertContains(stage.get("viewer", "overview"), 'class="conflict"')
    stage.post("lead", "rule", *uids, htmx=True, ruling="together", reason="One adds,\r\none reads")
    (verdict,) = stage.plan.verdicts
    assert (verdict.together, verdict.reason) == (True, "One adds,\none reads")
    overview = stage.get("viewer", "overview")
    assertContains(overview, "may run together")
    assertNotContains(overview, "both match")


def test_never_makes_a_conflict(stage: Stage) -> None:
    """Of two tasks that nothing else keeps apart."""
    uids = stage.uid("T003"), stage.uid("T004")
    stage.post("lead", "rule", *uids, htmx=True, ruling="never", reason="One machine")
    assertContains(stage.get("viewer", "overview"), f'data-pair="{min(uids)} {max(uids)}"')
    assertContains(stage.get("viewer", "pair", *uids), "Ruled never together")
    assertContains(stage.get("viewer", "pair", *uids), "They never run together: One machine")


@pytest.mark.parametrize("ruling", ["together", "never"])
def test_a_verdict_needs_a_reason(stage: Stage, uids: tuple[str, str], ruling: str) -> None:
    """422, with the choice kept; nothing is written."""
    before = stage.state()
    for reason in ("", "   "):
        response = stage.post("lead", "rule", *uids, htmx=True, ruling=ruling, reason=reason)
        assertContains(response, "Say why", status_code=422)
        assert form_of(response, stage.url("rule", *uids))["ruling"] == ruling
    assert stage.state() == before


@pytest.mark.parametrize(
    "fields", [{}, {"ruling": "maybe", "reason": "x"}, {"ruling": "never", "reason": "\0"}]
)
def test_a_form_that_will_not_do(stage: Stage, uids: tuple[str, str], fields: dict[str, str]) -> None:
    """422 with the form; nothing is written."""
    before = stage.state()
    assert stage.post("lead", "rule", *uids, htmx=True, **fields).status_code == 422
    assert stage.state() == before


def test_a_control_character_in_a_reason(stage: Stage, uids: tuple[str, str]) -> None:
    """Is refused before it reaches the plan."""
    response = stage.post("lead", "rule", *uids, htmx=True, ruling="never", reason="a\x07b")
    assert response.status_code == 422
    assert stage.plan.verdicts == ()


def test_a_verdict_is_withdrawn(stage: Stage, uids: tuple[str, str]) -> None:
    """Then the conflict is back; withdrawing it twice is refused, and changes nothing."""
    stage.post("lead", "rule", *uids, htmx=True, ruling="together", reason="They agreed")
    assert stage.post("lead", "rule", *uids, htmx=True, ruling="none", reason="x").status_code == 200
    assert stage.plan.verdicts == ()
    withdrawn = stage.state()
    assert stage.post("lead", "rule", *uids, htmx=True, ruling="none", reason="x").status_code == 422
    assert stage.state() == withdrawn
    assertContains(stage.get("viewer", "overview"), "both match")


def test_a_pair_is_the_same_from_both_sides(stage: Stage, uids: tuple[str, str]) -> None:
    """A verdict on the one is a verdict on the other."""
    stage.post("lead", "rule", *uids, ruling="never", reason="One")
    stage.post("lead", "rule", *reversed(uids), ruling="together", reason="Two")
    assert [(verdict.together, verdict.reason) for verdict in stage.plan.verdicts] == [(True, "Two")]


def test_tasks_in_order_need_no_verdict_to_be_apart(stage: Stage) -> None:
    """The panel says so, and offers no order."""
    uids = stage.uid("T001"), stage.uid("T004")
    panel = stage.get("lead", "pair", *uids, htmx=True)
    assertContains(panel, "T004 waits for T001, so they never run at once")
    assertNotContains(panel, "Put them in order")


def test_only_who_leads_sees_the_form(stage: Stage, uids: tuple[str, str]) -> None:
    """Others read the verdict."""
    stage.post("lead", "rule", *uids, ruling="never", reason="One machine")
    for part, sees in (("viewer", False), ("member", False), ("lead", True)):
        panel = stage.get(part, "pair", *uids)  # type: ignore[arg-type]  # these are parts
        assert (stage.url("rule", *uids) in panel.content.decode()) is sees
        if not sees:
            assertContains(panel, "They never run together: One machine")
