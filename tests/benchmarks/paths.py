"""Figures for path patterns: `python -m tests.benchmarks.paths --json`.

The slowest of the pairs made to be slow, the pairs of 1,000 owners with five patterns each, the owners of
10,000 files, and how often pathspec disagrees on random pairs of patterns. Times are the best of three runs,
each with empty caches.
"""

import argparse
import itertools
import json
import random
import time
from collections.abc import Callable

from planner_core import path_globs, paths
from planner_core.path_index import PatternIndex, overlapping_pairs
from tests.path_oracle import matches, paths_of, short_names

HARD = [
    *[
        "/" + ("*" + word) * (380 // (len(word) + 1)) + end
        for word in ("a", "ab", "?", "[ab]")
        for end in "xy"
    ],
    *["*" + "a*" * 29, "*b" * 30, "/" + "?" * 399, "/" + "a" * 399, "/" + "[a-z]*" * 66],
    *[
        "**/a/" * 79 + "x.py",
        "**/*a*/" * 56 + "y.py",
        "*a/*b/" * 66 + "c",
        "**/?/" * 79 + "z",
        "*/**/" * 79 + "q",
    ],
    *["**/a.c/" * 56 + "x.py", "**/*.c/" * 56 + "*.c", "**/*a*b/" * 49 + "z", "**/[!a]*[!b]/" * 30 + "y.ts"],
    *["/[" + "".join(chr(start + 2 * at) for at in range(390)) + "]*" for start in (0x4E00, 0x4E01)],
    *[
        "/" + "".join(f"[!{chr(0x4E00 + at)}]*" for at in range(66)),
        "/" + "".join(map(chr, range(0x4E00, 0x4F80))),
    ],
    *["/" + "".join(f"[{chr(0x4E00 + at)}-{chr(0x5000 + at)}]*" for at in range(57))],
]
"""Each within the longest length accepted."""

SEGMENTS = [
    "a",
    "b",
    "*",
    "**",
    "?",
    "a*",
    "*b",
    "*a*",
    "*b*a",
    "[ab]",
    "[!a]",
    "[^.]b",
    "a?",
    "?b",
    ".a",
    ".*",
]


def forget() -> None:
    """Empty the caches, so that each run starts from nothing."""
    for cached in (
        paths.overlap_witness,
        paths.compile_pattern,
        path_globs.parse_glob,
        path_globs.shared_name,
    ):
        cached.cache_clear()


def best_seconds(run: Callable[[], object], times: int = 3) -> float:
    """The shortest of some runs."""
    seconds = []
    for _ in range(times):
        forget()
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def slowest_pair() -> dict[str, object]:
    """The pair of hard patterns that takes longest, compiling included."""
    timed = [
        (best_seconds(lambda: paths.patterns_overlap(left, right)), left, right)  # noqa: B023 - called at once
        for left, right in itertools.product(HARD, repeat=2)
    ]
    seconds, left, right = max(timed)
    return {"pairs": len(timed), "slowest_ms": round(seconds * 1000, 2), "patterns": [left[:40], right[:40]]}


def claims_of(kind: str, owners: int, each: int, seed: int) -> list[tuple[int, str]]:
    """Random claims: `mostly literal`, `bare names` without a folder, or `mixed` with many wildcards."""
    draw = random.Random(seed)
    areas = [
        f"src/{top}/{sub}"
        for top in ("api", "web", "core", "jobs")
        for sub in map("area{}".format, range(60))
    ]

    def pattern() -> str:
        area, number, extension = (
            draw.choice(areas),
            draw.randrange(4000),
            draw.choice(["py", "ts", "tsx", "md"]),
        )
        literal = f"{area}/file{number}.{extension}"
        wild = [
            f"{area}/*",
            f"{area}/**/*.{extension}",
            f"**/tests/test_{number}*.{extension}",
            f"file{number}.{extension}",
            f"*_{number}.{extension}",
            f"src/*/area{number % 60}/*.{extension}",
            f"**/area{number % 60}/file{number}*",
        ]
        share = {"mostly literal": 0.06, "mixed": 0.15}.get(kind)
        if share is None:
            return f"file{number}.{extension}"
        return draw.choice(wild) if draw.random() < share else literal

    return [(owner, pattern()) for owner in range(owners) for _ in range(each)]


def index_figures(seed: int) -> dict[str, object]:
    """How long all pairs of 1,000 x 5 claims take, and the owners of 10,000 files."""
    figures: dict[str, object] = {}
    for kind in ("mostly literal", "bare names", "mixed"):
        claims = claims_of(kind, 1000, 5, seed)
        found = len(overlapping_pairs(claims))
        seconds = best_seconds(lambda: overlapping_pairs(claims))  # noqa: B023 - called at once
        files = [text.replace("*", "x") for _, text in claims_of("mostly literal", 2000, 5, seed + 1)]
        lookups = best_seconds(lambda: look_up(claims, files))  # noqa: B023 - called at once
        figures[kind] = {
            "seconds": round(seconds, 3),
            "pairs": found,
            "owners_of_10000_files_seconds": round(lookups, 3),
        }
    return figures


def look_up(claims: list[tuple[int, str]], files: list[str]) -> int:
    """Ask for the owners of each file; the number of answers."""
    index = PatternIndex(claims)
    return sum(len(index.owners_of(file)) for file in files)


def oracle_figures(pairs: int, seed: int) -> dict[str, object]:
    """Random pairs of patterns, compared with pathspec on all short paths and on the path reported."""
    draw = random.Random(seed)
    universe = [*short_names("ab.", 3), *paths_of(short_names("ab.", 2), 3), *paths_of(["a", "b"], 6)]

    def pattern() -> str:
        while True:
            inner = "/".join(draw.choice(SEGMENTS) for _ in range(draw.choice([1, 1, 2, 2, 3])))
            text = draw.choice(["", "", "/"]) + inner + draw.choice(["", "", "", "/"])
            if paths.check_pattern(text) is None:
                return text

    patterns = sorted({pattern() for _ in range(2 * int(pairs**0.5) + 20)})
    matched = {
        text: sum(1 << at for at, path in enumerate(universe) if matches(text, path)) for text in patterns
    }
    every = list(itertools.combinations(patterns, 2))
    compared = disagreements = overlapping = 0
    for left, right in draw.sample(every, min(pairs, len(every))):
        witness = paths.overlap_witness(left, right)
        compared += 1
        overlapping += witness is not None
        if witness is None:
            disagreements += bool(matched[left] & matched[right])
        else:
            disagreements += not (matches(left, witness) and matches(right, witness))
    return {"pairs": compared, "overlapping": overlapping, "disagreements": disagreements}


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=20000, help="pairs to compare with pathspec")
    options = parser.parse_args()
    figures = {
        "adversarial": slowest_pair(),
        "index": index_figures(options.seed),
        "oracle": oracle_figures(options.pairs, options.seed),
    }
    if options.json:
        print(json.dumps(figures, indent=2, ensure_ascii=False))
    else:
        for name, figure in figures.items():
            print(f"{name}: {figure}")


if __name__ == "__main__":
    main()
