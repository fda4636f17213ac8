"""JSON that people and tools have handled is read with the line of each object, or refused with a place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats.located_json import MAX_DEPTH, Figure, Record, Value, moment_of, parse, text_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('a"\\{}[]\n:é'), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab{", max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
)


def records_in(value: Value) -> list[Record]:
    """Every object in a value."""
    if isinstance(value, Record):
        return [value, *(found for each in value.values() for found in records_in(each))]
    return [found for each in value for found in records_in(each)] if isinstance(value, list) else []


def test_each_object_knows_the_line_that_it_starts_in() -> None:
    """Brackets within strings, escaped quotes and nested objects do not mislead the count."""
    value = parse('[\n {"a": "}{\\"[",\n  "b": {"c": []}},\n\n {}\n]')
    assert [record.line for record in records_in(value)] == [2, 3, 5]
    assert [record.line for record in records_in(parse('{"a": {}}', line=7))] == [7, 7]


@given(VALUES, st.integers(0, 3))
def test_lines_are_right_for_whatever_is_valid(value: object, indent: int) -> None:
    """What is written with an object a line is read with these lines, and the same values."""
    text = json.dumps({"at": value}, indent=indent, ensure_ascii=False)
    parsed = parse(text)
    lines = text.split("\n")
    for record in records_in(parsed):
        assert "{" in lines[record.line - 1]
    assert str(parsed) == str(parse(json.dumps({"at": value})))


def test_numbers_stay_as_they_are_spelled() -> None:
    """A subtask's 29.10 is not 29.1, and a number of ten thousand digits is no error."""
    long = "9" * 10_000
    assert parse(f"[29.10, -0, 1e999, NaN, -Infinity, {long}]") == [
        *("29.10", "-0", "1e999", "NaN", "-Infinity", long)
    ]
    assert isinstance(parse("5"), Figure)


def test_names_that_occur_twice_are_told() -> None:
    """Of a name that occurs twice the last value holds, and the object knows of it."""
    record = parse('{"a": 1, "b": 2, "a": 3}')
    assert isinstance(record, Record)
    assert (record["a"], record.doubled) == ("3", ("a",))


@pytest.mark.parametrize(
    ("text", "line"), [("", 1), ('{"a": 1,\n}', 2), ("[1,\n2", 2), ('"\\ud8"', 1), ("{}\n{}", 2)]
)
def test_what_is_no_json_is_refused_with_its_line(text: str, line: int) -> None:
    """A comma too many, an open bracket and rubbish behind the end are InvalidPlan, with their line."""
    with pytest.raises(core.InvalidPlan, match="no JSON") as refused:
        parse(text)
    assert refused.value.problems[0].line == line


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 5_000, 200_000])
@pytest.mark.parametrize("pair", ["[]", '{"a":}'])
def test_depth_is_limited(depth: int, pair: str) -> None:
    """However deep brackets nest, the answer is InvalidPlan."""
    start, end = ("[", "]") if pair == "[]" else ('{"a":', "}")
    with pytest.raises(core.InvalidPlan, match="levels deep"):
        parse(start * depth + "1" + end * depth)
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)


def test_values_become_text() -> None:
    """Lists and objects are told as lists; what is empty is not told."""
    value = parse('{"in": ["a", "b"], "out": "c", "none": null, "yes": true}')
    assert text_of(value) == "in:\n- a\n- b\nout: c\nyes: true"
    assert text_of(None) == ""


def test_times_are_read_as_tools_write_them() -> None:
    """Nine digits after the point and a Z are fine; rubbish and the year 1 are no time."""
    found = moment_of("2026-01-18T13:38:24.132067504+08:00")
    assert found is not None
    assert found.isoformat() == "2026-01-18T13:38:24.132067+08:00"
    assert moment_of("2026-01-18T13:38:24Z") is not None
    for none in ("0001-01-01T00:00:00Z", "yesterday", "", None, Record(), Figure("1e9")):
        assert moment_of(none) is None
