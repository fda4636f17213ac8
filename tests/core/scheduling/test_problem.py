"""A scheduling problem checks itself, and pairs become cliques."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner_core.graph import Graph, reachability
from planner_core.scheduling import Problem, Resource, cliques_of_pairs


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"durations": (5, -1)}, "duration of activity 1 is negative: -1"),
        ({"durations": (5, 5), "edges": ((0, 2),)}, r"edge \(0, 2\)"),
        ({"durations": (5, 5), "edges": ((0, 1), (1, 0))}, "0 -> 1 -> 0"),
        ({"durations": (5, 5), "exclusions": ((0, 1), (1, 1))}, "exclusion 1 names an activity twice"),
        ({"durations": (5, 5), "exclusions": ((0, 7),)}, "exclusion 0 names activity 7"),
        ({"durations": (5, 5), "agents": 0}, "at least one agent is needed, not 0"),
        ({"durations": (5,), "resources": (Resource(2, ()),)}, "resource 0 needs a demand for each of 1 act"),
        (
            {"durations": (5,), "resources": (Resource(2, (3,)),)},
            "activity 0 for resource 0 is not from 0 to 2",
        ),
        ({"durations": (5, 5), "priorities": (1,)}, "2 activities need as many priorities, not 1"),
        ({"durations": (5, 5), "priorities": (1, 6)}, "priority of activity 1 is not from 1 to 5: 6"),
    ],
)
def test_a_wrong_problem_is_refused(fields: dict[str, Any], message: str) -> None:
    """Whatever breaks the rules is named with its index."""
    with pytest.raises(ValueError, match=message):
        Problem(**fields)


def test_priorities_are_inherited_by_what_comes_before() -> None:
    """An activity is as urgent as the most urgent one that waits for it."""
    problem = Problem(durations=(1, 1, 1, 1), edges=((0, 1), (1, 2)), priorities=(3, 4, 1, 5))
    assert problem.inherited_priorities == (1, 1, 1, 5)


@st.composite
def pairs_and_edges(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]], list[tuple[int, int]]]:
    n = draw(st.integers(2, 9))
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda drawn: drawn[0] < drawn[1])
    return n, draw(st.lists(pair, max_size=20)), draw(st.lists(pair, max_size=6))


@given(pairs_and_edges())
def test_cliques_exclude_the_pairs_and_no_others(drawn: tuple[int, list[Any], list[Any]]) -> None:
    """Every pair lies in a clique, and any two members of a clique are a pair or in order anyhow."""
    n, pairs, edges = drawn
    cliques = cliques_of_pairs(n, pairs, edges)
    inside = {pair for clique in cliques for pair in combinations(clique, 2)}
    reached = reachability(Graph.from_edges(n, edges))
    assert set(pairs) <= inside
    assert all(reached[first] >> second & 1 for first, second in inside - set(pairs))


def test_tasks_on_one_file_are_one_clique() -> None:
    """Pairs among five activities of which two are in order already become a single clique of five."""
    pairs = [pair for pair in combinations(range(5), 2) if pair != (1, 3)]
    assert cliques_of_pairs(5, pairs, [(1, 3)]) == ((0, 1, 2, 3, 4),)


def test_a_pair_of_one_activity_is_refused() -> None:
    """An activity cannot exclude itself."""
    with pytest.raises(ValueError, match=r"\(1, 1\) is no pair"):
        cliques_of_pairs(3, [(1, 1)])
