"""What pathspec says about path patterns, as a second opinion for tests and benchmarks.

pathspec's regular expressions are taken as they are, but for negated brackets: in git, none matches a slash.
"""

import itertools
import re
from functools import cache

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

_OWNS_BELOW = "(?:(?P<ps_d>/)|$)"


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    source, _ = GitIgnoreSpecPattern.pattern_to_regex(pattern)
    assert source is not None, f"pathspec takes {pattern!r} for nothing"
    return re.compile(source.replace("[^", "[^/"))


@cache
def _itself_regex(pattern: str) -> re.Pattern[str]:
    source = _regex(pattern).pattern
    assert source.endswith(_OWNS_BELOW), source
    return re.compile(source.removesuffix(_OWNS_BELOW) + "$")


def matches(pattern: str, path: str) -> bool:
    """Whether the pattern matches the path or a folder that it lies in."""
    return _regex(pattern).search(path) is not None


def matches_itself(pattern: str, path: str) -> bool:
    """Whether the pattern matches the path as a whole, not through a folder that it lies in."""
    return _itself_regex(pattern).search(path) is not None


def paths_of(names: list[str], depth: int) -> list[str]:
    """All paths of at most so many of the names."""
    return ["/".join(path) for size in range(1, depth + 1) for path in itertools.product(names, repeat=size)]


def short_names(alphabet: str, longest: int) -> list[str]:
    """All names of the alphabet's letters, up to a length, but `.` and `..`."""
    sizes = range(1, longest + 1)
    names = ["".join(word) for size in sizes for word in itertools.product(alphabet, repeat=size)]
    return [name for name in names if name not in (".", "..")]
