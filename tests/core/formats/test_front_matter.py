"""Markdown with front matter: read as YAML where it is, line by line where it is not, with true lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner_core.formats.front_matter import read_page, sections
from planner_core.formats.yaml_view import line_at, text_at, texts_at


def test_front_matter_and_body_are_parted() -> None:
    """Fields come with the lines in which they stand; the body starts after the second rule."""
    page = read_page("\n---\nname: A thing\nneeds: [1, 02]\n---\n# Title\n\ntext\n")
    assert text_at(page.head, "name") == "A thing"
    assert texts_at(page.head, "needs") == ["1", "02"]
    assert line_at(page.head, "needs") == 4
    assert (page.body, page.line) == ("# Title\n\ntext\n", 6)
    assert not page.problems


def test_front_matter_that_is_no_yaml_is_read_line_by_line() -> None:
    """A colon in a title does not lose the other fields, and the report says where it was."""
    page = read_page("---\nname: Fix: the thing\nneeds:\n  - 1\n  - '2'\nlist: [a, \"b\"]\nempty:\n---\nbody")
    assert text_at(page.head, "name") == "Fix: the thing"
    assert texts_at(page.head, "needs") == ["1", "2"]
    assert texts_at(page.head, "list") == ["a", "b"]
    assert text_at(page.head, "empty") == ""
    [(message, line)] = page.problems
    assert line == 2
    assert "line by line" in message


def test_a_text_without_front_matter_is_all_body() -> None:
    """A rule further down, or one that never closes, is no front matter."""
    for text in ("# Title\n---\na: b\n---\n", "---\na: b\n", ""):
        page = read_page(text)
        assert (page.body, page.has_head, page.head.entries) == (text, False, {})


def test_headings_in_code_are_no_headings() -> None:
    """Blocks of code belong to the section around them."""
    text = "intro\n## One ##\na\n```sh\n# comment\n```\n# Two\n"
    found = [(each.level, each.title, each.line) for each in sections(text, 10)]
    assert found == [(0, "", 10), (2, "One", 11), (1, "Two", 16)]
    assert [each.whole for each in sections(text)][1] == "## One\na\n```sh\n# comment\n```"


@given(st.text("-:#a \n[]'\"&*!{}\t", max_size=60))
def test_any_text_is_read(text: str) -> None:
    """Whatever a text holds, it is read, and no line of its body is lost."""
    page = read_page(text)
    assert text.endswith(page.body)
    kept = [line for each in sections(page.body) for line in each.lines]
    assert len(kept) + sum(each.level > 0 for each in sections(page.body)) == page.body.count("\n") + 1
