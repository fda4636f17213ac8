"""Path patterns: which are refused, what they match, and when two of them can match one path."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner_core.errors import PlannerError
from planner_core.paths import (
    MAX_LENGTH,
    check_path,
    check_pattern,
    overlap_witness,
    pattern_for,
    pattern_matches,
    patterns_overlap,
)
from tests.path_oracle import matches, matches_itself, paths_of, short_names

# --- refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        ("", "write a file, a folder or a pattern"),
        ("/", "write ** for all files"),
        ("/etc/passwd", "drop it"),
        ("/src/**", "drop it"),
        ("//server/share", "from the project's top folder"),
        ("C:\\work\\app.py", "from the project's top folder"),
        ("c:/work/app.py", "from the project's top folder"),
        ("~/app.py", "from the project's top folder"),
        ("../app.py", "from the project's top folder"),
        ("src/../../app.py", "from the project's top folder"),
        ("./src/app.py", "leave it out"),
        ("src//app.py", "write one slash"),
        ("src//", "write one slash"),
        ("src/app\0.py", "U+0000: remove it"),
        ("src/app\n.py", "U+000A: remove it"),
        ("src/\u2028app.py", "U+2028: remove it"),
        ("src/\ud800.py", "U+D800: remove it"),
        ("!src/app.py", "remove the !"),
        ("# notes", "write \\#"),
        (" src", "remove it"),
        ("src ", "remove it"),
        ("src\\app.py", "use / between folders"),
        ("src\\", "use / between folders"),
        ("src/[ab", "add it, or write \\["),
        ("src/[a/b]", "add it, or write \\["),
        ("src/[z-a].py", "write a-z"),
        ("src/[[:alpha:]]", "such as a-z"),
        ("src/[.]/app.py", "change the brackets"),
        ("src/[! -\U0010ffff]", "change or remove them"),
        ("src/*.{ts,tsx}", "one pattern for each"),
        ("src/***/app.py", "write ** for any folders"),
        ("x" * (MAX_LENGTH + 1), f"at most {MAX_LENGTH}"),
    ],
)
def test_a_refused_pattern_gets_a_sentence_that_says_what_to_do(pattern: str, advice: str) -> None:
    """Every pattern that matches nothing, leads outside or is misread is refused with a way on."""
    reason = check_pattern(pattern)
    assert reason is not None
    assert advice in reason
    assert reason[0].isupper()
    assert reason.endswith(".")


@pytest.mark.parametrize(
    "pattern",
    [
        *[
            "a",
            "/README.md",
            "/docs/",
            "docs/",
            "**",
            "**/",
            "src/**/*.py",
            "src/[!a-c]?[]]*",
            "\\!a",
            "\\#a",
        ],
        *["a b.md", "a\\ ", "ünï/日本*.md", "{{name}}/x.py", "...", ".github/*", "a**b/c", "~backup"],
        "x" * MAX_LENGTH,
    ],
)
def test_a_good_pattern_is_accepted(pattern: str) -> None:
    """Whatever git reads as a pattern of the project's files is accepted."""
    assert check_pattern(pattern) is None


def test_matching_with_a_refused_pattern_raises_its_reason() -> None:
    """The functions refuse the same patterns, with the same sentence."""
    reason = check_pattern("../a")
    for call in (pattern_matches, patterns_overlap, overlap_witness):
        with pytest.raises(PlannerError) as refusal:
            call("../a", "a")
        assert str(refusal.value) == reason


@pytest.mark.parametrize(
    "path", ["", "/a", "a/", "a//b", "../a", "a/./b", "C:\\a", "a\0", "a\nb", "~/a", "x" * 401]
)
def test_a_refused_path_gets_a_sentence(path: str) -> None:
    """A file's path is refused when it is not one inside the project."""
    reason = check_path(path)
    assert reason is not None
    assert reason.endswith(".")


@given(st.text(max_size=30))
@settings(deadline=None)
def test_any_text_is_either_refused_or_can_be_matched(text: str) -> None:
    """Checking never fails, and what it accepts matches the path it is shown to overlap itself in."""
    if check_pattern(text) is None:
        witness = overlap_witness(text, text)
        assert witness is not None
        assert check_path(witness) is None
        assert pattern_matches(text, witness)


@given(st.text(alphabet="ab*?[]{},!#\\-^~ ./é", min_size=1, max_size=12))
@example("~?/?")
@example("\\/?")
@settings(deadline=None)
def test_the_pattern_for_a_path_matches_it_and_nothing_beside_it(path: str) -> None:
    """A file with wildcards in its name can be claimed, as it is."""
    if check_path(path) is None and path == path.strip():
        pattern = pattern_for(path)
        assert check_pattern(pattern) is None
        assert pattern_matches(pattern, path)
        assert not pattern_matches(pattern, "deep/" + path)
        assert not pattern_matches(pattern, path + "x")


# --- what a pattern matches -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("docs/*", ["docs/a.md", "docs/a/b/c.md"], ["docs", "src/docs/a.md"]),
        ("docs/", ["docs/a.md", "src/docs/a.md"], ["docs", "src/docs"]),
        ("/docs/", ["docs/a.md"], ["docs", "src/docs/a.md"]),
        ("README.md", ["README.md", "docs/README.md"], ["README.mdx"]),
        ("/README.md", ["README.md"], ["docs/README.md"]),
        ("src/app.py", ["src/app.py"], ["app.py", "x/src/app.py"]),
        ("src/**/x.py", ["src/x.py", "src/a/b/x.py"], ["x.py", "src/a/y.py"]),
        ("**/tests/*.py", ["tests/a.py", "a/b/tests/c.py"], ["tests/a/b.py", "tests.py"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]),
        ("a/**/", ["a/b", "a/b/c"], ["a"]),
        ("**/", ["a/b"], ["a"]),
        ("[!a]x", ["bx", "b/bx"], ["ax"]),
        ("p[^a]q", ["pbq"], ["paq", "p/q"]),
        ("[a-c-e]", ["b", "-", "e"], ["d"]),
        ("[]-]", ["]", "-"], ["a"]),
        ("[a\\]]", ["a", "]"], ["\\", "a]"]),
        ("\\*.py", ["*.py"], ["a.py"]),
        ("?", ["é", "x"], ["xx"]),
        ("a**b", ["ab", "axxb"], ["a/b"]),
        ("app/[id]/page.tsx", ["app/i/page.tsx"], ["app/[id]/page.tsx"]),
    ],
)
def test_a_pattern_matches_as_in_gitignore(pattern: str, inside: list[str], outside: list[str]) -> None:
    """Rooting, folders, stars and brackets mean what they mean in a .gitignore file."""
    assert [path for path in inside + outside if pattern_matches(pattern, path)] == inside


GIT_PATTERNS = """
    a /a a/ /a/ * ? ** **/ */ a/b a/* a/** **/a **/a/b a/**/b a/? *b a* [ab] [!a] [^a]b [a\\]]b [!]a] []a]
    *a*b ?a* [a-b]/[!b] .a .* *. *.a a/**/*/ **/*/ */** **/* /**/ **/** a/b/ */b ?/?
    **/b/** [a-b-] \\[b [.-b]b a**b
"""


@pytest.mark.skipif(
    shutil.which("git") is None, reason="git, the reference for these patterns, is not installed"
)
def test_patterns_match_what_git_ignores(tmp_path: Path) -> None:
    """On every short path of a few letters, git check-ignore and pattern_matches say the same."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    paths = [path for path in paths_of(["a", "b", "ab", ".a", "a.", "]b"], 3) if check_path(path) is None]
    for pattern in GIT_PATTERNS.split():
        (tmp_path / ".git" / "info" / "exclude").write_text(pattern + "\n")
        answer = subprocess.run(
            ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "--stdin"],
            input="\n".join(paths) + "\n",
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        assert answer.stderr == ""
        ignored = answer.stdout.splitlines()
        assert [path for path in paths if pattern_matches(pattern, path)] == ignored, pattern


# --- overlap: any two patterns of few letters -------------------------------------------------------------

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
PATHS = [
    *short_names("ab.", 4),
    *paths_of(short_names("ab.", 2), 3),
    *paths_of(["a", "b"], 6),
]


def patterns_of(segments: list[str], most: int) -> st.SearchStrategy[str]:
    """Patterns of up to so many of the segments, some with a slash in front or behind."""
    inner = st.lists(st.sampled_from(segments), min_size=1, max_size=most).map("/".join)
    joined = st.builds(
        lambda front, text, back: front + text + back, st.sampled_from(["", "", "/"]), inner, ENDS
    )
    return joined.filter(lambda pattern: check_pattern(pattern) is None)


ENDS = st.sampled_from(["", "", "", "/"])
PATTERNS = patterns_of([*SEGMENTS, "*.", "[.]*", "[a-b]."], 3)


@given(PATTERNS)
@settings(max_examples=60, deadline=None)
def test_a_pattern_matches_what_pathspec_says(pattern: str) -> None:
    """On every enumerated path, pattern_matches and pathspec say the same."""
    assert [path for path in PATHS if pattern_matches(pattern, path)] == [
        path for path in PATHS if matches(pattern, path)
    ]


@given(PATTERNS, PATTERNS)
@settings(max_examples=300, deadline=None)
def test_two_patterns_overlap_exactly_when_some_path_matches_both(left: str, right: str) -> None:
    """A path that both match is always noticed, and what is reported is a path that both match."""
    witness = overlap_witness(left, right)
    assert patterns_overlap(left, right) is (witness is not None)
    if witness is None:
        assert [path for path in PATHS if matches(left, path) and matches(right, path)] == []
    else:
        assert check_path(witness) is None
        assert matches(left, witness)
        assert matches(right, witness)


@given(PATTERNS, PATTERNS)
@settings(deadline=None)
def test_overlap_is_symmetric_and_reflexive(left: str, right: str) -> None:
    """The order of two patterns does not matter, and each overlaps itself."""
    assert patterns_overlap(left, right) is patterns_overlap(right, left)
    assert patterns_overlap(left, left)


WIDE = st.text(alphabet="ab*?.", min_size=1, max_size=14).filter(lambda text: check_pattern(text) is None)


@given(WIDE, WIDE, st.text(alphabet="ab.", min_size=1, max_size=6))
@settings(deadline=None)
def test_a_name_that_matches_two_long_globs_shows_their_overlap(left: str, right: str, name: str) -> None:
    """Globs of many wildcards are compared without guessing."""
    witness = overlap_witness("/" + left, "/" + right)
    if witness is not None:
        assert matches("/" + left, witness)
        assert matches("/" + right, witness)
    elif check_path(name) is None:
        assert not (matches("/" + left, name) and matches("/" + right, name))


# --- overlap: names that read as files' -------------------------------------------------------------------

FILE_SEGMENTS = ["a", "b", "*", "**", "x.py", "*.py", "y.ts", "*.ts", "?.py", "x*"]
FILE_PATHS = paths_of(["a", "x", "x.py", "y.ts", "y.py"], 5)
FILE_PATTERNS = patterns_of(FILE_SEGMENTS, 3)


def reads_as_file(pattern: str) -> bool:
    return pattern.endswith((".py", ".ts"))


def plainly_matches(pattern: str, path: str) -> bool:
    return (matches_itself if reads_as_file(pattern) else matches)(pattern, path)


def spelled_folders(pattern: str) -> list[str]:
    """The beginnings of the pattern that read as a file and have a slash after them, as patterns."""
    rooted = pattern if "/" in pattern[:-1] else "**/" + pattern
    names = rooted.removeprefix("/").split("/")
    beginnings = ["/" + "/".join(names[:size]) for size in range(1, len(names))]
    return [beginning for beginning in beginnings if reads_as_file(beginning)]


def plainly_overlap(left: str, right: str, path: str) -> bool:
    """Whether the path shows that the patterns overlap, files being folders only where spelled out."""
    if plainly_matches(left, path) and plainly_matches(right, path):
        return True
    return any(
        reads_as_file(one) and matches_itself(one, path) and matches_itself(beginning, path)
        for one, other in ((left, right), (right, left))
        for beginning in spelled_folders(other)
    )


@given(FILE_PATTERNS, FILE_PATTERNS)
@settings(max_examples=200, deadline=None)
def test_no_file_is_taken_for_a_folder_unless_a_pattern_says_so(left: str, right: str) -> None:
    """Patterns overlap exactly when they do so without folders that are named like files."""
    witness = overlap_witness(left, right)
    if witness is None:
        assert [path for path in FILE_PATHS if plainly_overlap(left, right, path)] == []
    else:
        assert matches(left, witness)
        assert matches(right, witness)
        folders = [witness.rsplit("/", drop)[0] for drop in range(witness.count("/") + 1)]
        assert any(plainly_overlap(left, right, folder) for folder in folders)


@pytest.mark.parametrize(
    ("left", "right", "witness"),
    [
        ("src/*", "*.py", "src/file.py"),
        ("*.py", "test_*", "test_file.py"),
        ("docs/*", "docs/guide/start.md", "docs/guide/start.md"),
        ("src/**/models/*.py", "src/api/**", "src/api/models/file.py"),
        ("Makefile", "src/api", "src/api/Makefile"),
        ("models", "views", "models/views"),
        ("*", "*", "file"),
        ("three.js", "three.js/src/core.js", "three.js/src/core.js"),
        ("?", "[.]*", "a/.file"),
        ("*.py", "*.ts", None),
        ("package.json", "src/users.ts", None),
        ("Makefile", "Dockerfile", None),
        (".env.*", "package.json", None),
        ("src/*.py", "src/api/x.py", None),
        ("/a/", "/b/", None),
    ],
)
def test_the_witness_is_a_path_a_person_would_write(left: str, right: str, witness: str | None) -> None:
    """The shared path is short and readable; unrelated files share none."""
    assert overlap_witness(left, right) == witness


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("*a" * 30, "*b" * 30, True),
        ("/" + "*a" * 30, "/" + "b" * 60, False),
        ("/" + "*a" * 190 + "x", "/" + "*a" * 190 + "y", False),
        ("**/a/" * 70 + "x.py", "**/b/" * 70 + "y.py", False),
        ("**/*a*/" * 50 + "x.py", "**/*b*/" * 50 + "y.py", False),
        ("/" + "?" * 399, "/" + "*?" * 190, True),
    ],
)
def test_patterns_made_to_be_slow_are_decided(left: str, right: str, expected: bool) -> None:
    """Stars by the hundred do not make the comparison explode."""
    assert patterns_overlap(left, right) is expected
