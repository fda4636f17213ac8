"""Several texts live in one description and come apart again as they were."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from planner_core.formats.sections import criteria_in, criteria_text, joined, parted
from tests.core.strategies import lines

HEADINGS = ("Design", "Notes")
PIECES = st.lists(st.sampled_from(["Design", "Notes", ":", "\n", "\n\n", "a", " ", "Design:\n", "Notes:\n"]))


@given(PIECES.map("".join))
@example("\n\nDesign:\nx")
@example("Notes:\na\n\nDesign:\nb")
@example("a\n\nDesign:\n\n\nNotes:\nb")
def test_parting_is_undone_by_joining(text: str) -> None:
    """Whatever stands in a description, joining its parts gives it back."""
    head, sections = parted(text, HEADINGS)
    assert joined(head, sections.items()) == text


@given(st.text("ab \n"), st.text("ab \n"), st.text("ab \n"))
def test_joined_texts_come_apart(text: str, design: str, notes: str) -> None:
    """Texts without headings of their own are found again, but for blank ones."""
    whole = joined(text, zip(HEADINGS, (design, notes), strict=True))
    head, sections = parted(whole, HEADINGS)
    assert head == text
    assert sections == {
        name: body for name, body in zip(HEADINGS, (design, notes), strict=True) if body.strip()
    }


@given(st.lists(lines() | st.sampled_from(["- a", "* - b", "```", "-", "•\u2003c", "[ ] d"])).map(tuple))
def test_criteria_survive_as_a_list(criteria: tuple[str, ...]) -> None:
    """Acceptance criteria are the same after they were a text, whatever bullets they start with."""
    assert criteria_in(criteria_text(criteria)) == criteria


def test_blocks_of_code_are_no_criteria() -> None:
    """A text with a fence is not taken apart into lines."""
    assert criteria_in("Run:\n```\nmake\n```") is None
    assert criteria_in("- one\n\n* two\nthree") == ("one", "two", "three")
