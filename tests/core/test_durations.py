"""Durations as people type and read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner_core.durations import LONGEST, BadDuration, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45m", 45),
        ("45", 45),
        (45, 45),
        ("1h 30m", 90),
        ("1h30m", 90),
        ("1h30", 90),
        ("1h, 30m", 90),
        ("2h", 120),
        ("1.5h", 90),
        ("0.5 hours", 30),
        ("1d", 480),
        ("1d 4h", 720),
        ("2 days", 960),
        ("20 min", 20),
        ("20 Minutes", 20),
        ("  3 hrs ", 180),
        ("0", 0),
        ("0m", 0),
    ],
)
def test_the_usual_spellings_are_read(text: str | int, minutes: int) -> None:
    """Days have eight hours; a bare number means minutes."""
    assert parse_duration(text) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "soon",
        "1x",
        "-5",
        "5-",
        "30m 1h",
        "1h 1h",
        "30 30",
        "1d 30",
        "1h 30 5",
        "1.55m",
        "0.01h",
        "١x",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    """The message says what a duration looks like, or what is wrong with this one."""
    with pytest.raises(BadDuration) as refused:
        parse_duration(text)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("text", [-1, LONGEST + 1, "1001d", "9999999h"])
def test_what_is_out_of_range_is_refused(text: str | int) -> None:
    """Nothing takes less than no time, or more than a thousand days."""
    with pytest.raises(BadDuration, match="out of range"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0m"), (45, "45m"), (60, "1h"), (90, "1h 30m"), (725, "12h 5m"), (-30, "-30m"), (-90, "-1h 30m")],
)
def test_minutes_are_written_the_short_way(minutes: int, text: str) -> None:
    """Hours and minutes, and of both only what there is."""
    assert format_duration(minutes) == text


@given(st.integers(0, LONGEST))
def test_what_is_written_is_read_back(minutes: int) -> None:
    """Writing and reading are inverse."""
    assert parse_duration(format_duration(minutes)) == minutes


@given(st.text(max_size=12))
def test_any_text_is_a_duration_or_refused(text: str) -> None:
    """No text does anything else."""
    try:
        minutes = parse_duration(text)
    except BadDuration:
        return
    assert 0 <= minutes <= LONGEST
