"""Ranks: there is always room between two of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner_core.ranks import RANK, rank_between, ranks

RANKS = st.from_regex(r"[0-9a-z]{0,6}[1-9a-z]", fullmatch=True)


@given(RANKS, RANKS)
def test_there_is_a_rank_between_any_two(one: str, other: str) -> None:
    """It lies strictly between them and is a rank itself."""
    low, high = sorted((one, other))
    if low == high:
        with pytest.raises(ValueError, match="no rank lies between"):
            rank_between(low, high)
    else:
        between = rank_between(low, high)
        assert low < between < high
        assert RANK.fullmatch(between)


@given(RANKS)
def test_there_is_a_rank_before_and_after_any(rank: str) -> None:
    """An order has no end."""
    before, after = rank_between(None, rank), rank_between(rank, None)
    assert before < rank < after
    assert RANK.fullmatch(before)
    assert RANK.fullmatch(after)


def test_an_order_begins_in_the_middle() -> None:
    """The first rank leaves room on both sides."""
    first = rank_between(None, None)
    assert RANK.fullmatch(first)
    assert len(first) == 1


@given(st.lists(st.integers(0, 50), max_size=60))
def test_insertions_anywhere_keep_the_order(places: list[int]) -> None:
    """Whatever the places, the ranks stay ascending and different."""
    order: list[str] = []
    for place in places:
        at = min(place, len(order))
        low = order[at - 1] if at else None
        high = order[at] if at < len(order) else None
        order.insert(at, rank_between(low, high))
    assert order == sorted(set(order))


@pytest.mark.parametrize("at_the_end", [True, False])
def test_many_insertions_at_an_end_keep_ranks_short(at_the_end: bool) -> None:
    """Adding one after the other does not make them longer and longer."""
    rank = rank_between(None, None)
    for _ in range(5000):
        rank = rank_between(rank, None) if at_the_end else rank_between(None, rank)
    assert len(rank) <= 4


@given(st.integers(0, 2000))
def test_many_ranks_at_once_are_short_ascending_and_different(count: int) -> None:
    """As many as asked for, with room between them and at both ends."""
    found = ranks(count)
    assert len(found) == count
    assert found == sorted(set(found))
    assert all(RANK.fullmatch(rank) and len(rank) <= 3 for rank in found)
