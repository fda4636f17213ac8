"""Labels: their width, where they are cut, how they are escaped."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner_core.rendering.text import (
    clean_text,
    escape_label,
    escape_markup,
    escape_tooltip,
    fit_label,
    text_width,
)


def test_widths_are_helveticas() -> None:
    """A known word has the width that Helvetica's metrics give it."""
    assert text_width("Hello", 10) == pytest.approx((722 + 556 + 222 + 222 + 556) / 100)
    assert text_width("Hello", 10, bold=True) == pytest.approx((722 + 556 + 278 + 278 + 611) / 100)


@pytest.mark.parametrize(("text", "like"), [("é", "e"), ("Ł́", "Ł"), ("漢", "…"), ("a\u0301", "a")])
def test_widths_beyond_ascii(text: str, like: str) -> None:
    """Accents add nothing, ideographs are an em wide."""
    assert text_width(text, 10) == text_width(like, 10)


@given(st.text(max_size=60), st.floats(0, 300), st.sampled_from([6.0, 9.0, 11.0]), st.booleans())
def test_a_fitted_label_fits(text: str, width: float, size: float, bold: bool) -> None:
    """Whatever is cut fits; whatever fits is not cut; and a cut shows."""
    fitted = fit_label(text, width, size, bold=bold)
    assert text_width(fitted, size, bold=bold) <= width + 1e-6
    if text_width(clean_text(text), size, bold=bold) <= width - 1e-6:
        assert fitted == clean_text(text)
    elif fitted and fitted != clean_text(text):
        assert fitted.endswith("…")


def test_a_cut_label_ends_neatly() -> None:
    """The ellipsis follows a letter, not a space."""
    assert fit_label("Comment model", 62, 10) == "Comment…"
    assert fit_label("Comment", 3, 10) == ""


@given(st.text())
def test_clean_text_is_one_printable_line(text: str) -> None:
    """Cleaned text holds no control or reordering character and no surrogate, and stays as it is."""
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    for char in cleaned:
        assert ord(char) >= 32
        assert not 0xD800 <= ord(char) < 0xE000
        assert char not in "\u202e\u2066\u200b"
    ElementTree.fromstring(f"<t>{escape_markup(text)}</t>")


def test_escapes() -> None:
    """Quotes, backslashes, entities and markup are written as characters."""
    typed = 'a "b" \\N &lt; <b>'
    assert escape_label(typed) == 'a \\"b\\" \\\\N &amp;lt; <b>'
    assert escape_tooltip(typed) == 'a \\"b\\" \\\\\\\\N &amp;lt; <b>'
    assert escape_markup(typed) == "a &quot;b&quot; \\\\N &amp;lt; &lt;b&gt;"
