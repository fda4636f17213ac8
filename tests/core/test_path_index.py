"""Many path patterns at once: the index finds what comparing one by one would find."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner_core.errors import PlannerError
from planner_core.path_index import Claimed, Overlap, PatternIndex, overlapping_pairs
from planner_core.paths import check_pattern, pattern_matches, patterns_overlap

NAMES = ["a", "b", "x", "x.py", "y.ts", "c.d"]
SEGMENTS = [*NAMES, "*", "**", "*.py", "*.ts", "?.py", "x*", "?", "[ab]", "*.d", "*a*"]
PATTERNS = st.builds(
    lambda front, segments, back: front + "/".join(segments) + back,
    st.sampled_from(["", "", "/"]),
    st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=4),
    st.sampled_from(["", "", "", "/"]),
).filter(lambda pattern: check_pattern(pattern) is None)
CLAIMS = st.lists(st.tuples(st.integers(0, 5), PATTERNS), max_size=20)
PATHS = st.lists(st.sampled_from([*NAMES, "q"]), min_size=1, max_size=4).map("/".join)


@given(CLAIMS)
@settings(deadline=None)
def test_the_index_finds_the_pairs_that_comparing_one_by_one_finds(claims: list[tuple[int, str]]) -> None:
    """Each overlapping pair of different owners comes once, the lower owner first, in ascending order."""
    expected = [
        Overlap(owner, pattern, other, another)
        for (owner, pattern), (other, another) in itertools.permutations(set(claims), 2)
        if owner < other and patterns_overlap(pattern, another)
    ]
    assert overlapping_pairs(claims) == sorted(expected)


@given(CLAIMS, st.lists(PATHS, max_size=12))
@settings(deadline=None)
def test_owners_of_a_file_are_those_whose_patterns_match_it(
    claims: list[tuple[int, str]], paths: list[str]
) -> None:
    """Whatever was asked before, the index says of a path what matching each pattern says."""
    index = PatternIndex(claims)
    for path in paths:
        expected = {Claimed(owner, pattern) for owner, pattern in claims if pattern_matches(pattern, path)}
        assert index.owners_of(path) == sorted(expected)


def test_an_owner_does_not_overlap_with_itself() -> None:
    """Two patterns of one owner are no pair, however much they share."""
    assert overlapping_pairs([(1, "src/*"), (1, "src/app.py")]) == []


def test_a_shared_pattern_pairs_each_two_of_its_owners_once() -> None:
    """Three owners of one file make three pairs."""
    pairs = overlapping_pairs([(3, "app.py"), (1, "app.py"), (2, "app.py"), (1, "app.py")])
    assert [(pair.first, pair.second) for pair in pairs] == [(1, 2), (1, 3), (2, 3)]


def test_a_file_has_the_owners_of_its_folders_too() -> None:
    """A claim on a folder is one on all the files below, real folders with a file's name included."""
    index = PatternIndex(
        [(1, "src/api/*"), (2, "*.py"), (3, "src/**/users.py"), (4, "docs/"), (5, "three.js")]
    )
    assert index.owners_of("src/api/v1/users.py") == [
        (1, "src/api/*"),
        (2, "*.py"),
        (3, "src/**/users.py"),
    ]
    assert index.owners_of("three.js/core.c") == [(5, "three.js")]
    assert index.owners_of("docs/a/b.md") == [(4, "docs/")]
    assert index.owners_of("LICENSE") == []


def test_a_refused_pattern_is_refused_here_too() -> None:
    """Neither index nor pairs take a pattern that check_pattern refuses."""
    with pytest.raises(PlannerError, match="top folder"):
        PatternIndex([(1, "../a")])
    with pytest.raises(PlannerError, match="top folder"):
        overlapping_pairs([(1, "../a")])
