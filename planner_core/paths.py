"""Path patterns: is one valid, which paths does it match, and can two of them match one path?

A pattern is written as in a `.gitignore` file (https://git-scm.com/docs/gitignore), and paths are those of
the project: relative to its top folder, `/` between folders. What a pattern matches is owned with all that
lies below.

    README.md       a slash-less pattern matches at any depth, in docs/README.md too
    /README.md      the leading slash ties it to the project's top folder
    src/api         a slash inside ties it as well: the file, or the folder with all below
    docs/           a folder with all below, at any depth; `docs/*` the same at the top
    src/**/*.py     `**` between slashes is any number of folders; `*` and `?` never match a slash
    [a-c]  [!a]     one of the characters, or (`!` or `^`) one of the others; a backslash makes the next plain

Where this differs from git: a leading slash is accepted only where it says something (`/README.md`,
`/docs/`); in front of `/etc/passwd` or `/src/app.py` it is an absolute path, and refused. `?` and brackets
match a character, not a byte. `a/**/` owns all of `a`, as `a/**` does (git leaves out the files directly in
`a`). What git reads as nothing (negation, a comment, an unclosed bracket, an empty segment) or reads
differently from its own documentation (`***`) is refused with a reason.

The test oracle, pathspec 1.1, differs from git, and so from this, in letting `[!a]` match a slash, taking a
backslash between brackets for itself, and passing `[[:alpha:]]` and backward ranges on to `re`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from planner_core.errors import PlannerError
from planner_core.path_globs import Glob, first_unusable, meets, parse_glob, shared_name
from planner_core.path_words import Step, reachable, reached, trace

MAX_LENGTH = 400
"""The longest pattern accepted, in characters: it bounds the time any pair can take."""


def check_path(path: str) -> str | None:
    """Why the path of one file is refused, as a full sentence that says what to do; None when it is fine.

    Refused are absolute paths, `.` and `..` folders, empty names, a slash at the end and characters that no
    file name should have. Backslashes and wildcards are plain characters here: `app/[id]/page.tsx` is a path.
    """
    if refusal := _refuse_characters(path):
        return refusal
    if path.startswith(("/", "\\\\")) or _names_a_place_outside(path):
        return "Absolute paths are not accepted: write the path from the project's top folder."
    return _refuse_folders(path.split("/"))


def check_pattern(pattern: str) -> str | None:
    """Why the pattern is refused, as a full sentence that says what to do; None when it is fine."""
    try:
        compile_pattern(pattern)
    except PlannerError as refusal:
        return str(refusal)
    return None


def pattern_for(path: str) -> str:
    """The pattern that matches just this path (and what lies below, were it a folder), wildcards escaped.

    The path is one that `check_path` accepts and that no space surrounds.
    """
    escaped = "".join("\\" + char if char in "\\*?[]{}" else char for char in path)
    if "/" not in path:
        return "/" + escaped
    return "\\" + escaped if path[0] in "#!" else escaped


def pattern_matches(pattern: str, path: str) -> bool:
    """Whether the pattern matches the path of a file, or a folder that the file lies in.

    The path is one that `check_path` accepts. Raises PlannerError for a pattern that `check_pattern` refuses.
    Linear in the pattern's length (integer operations on words of as many bits as the path is long).
    """
    names = path.split("/")

    def meeting(glob: Glob, bits: int) -> int:
        return sum(1 << j for j in _bits(bits) if glob.accepts(names[j]))

    segments = (*compile_pattern(pattern).segments, None)
    return reached(reachable(segments, names, meeting), len(segments), len(names))


def patterns_overlap(left: str, right: str) -> bool:
    """Whether some file path matches both patterns.

    Exact, on one assumption about file paths: a name with a known file extension (`comment.py`), or a known
    file name (`Makefile`), is not a folder's, unless one of the two patterns puts a slash after it
    (`three.js/src/*`). Without it `*.py` and `*.ts` would meet in `a.ts/b.py`, and each slash-less pattern
    would meet every other one. Symmetric; true of a pattern and itself. Raises PlannerError for a refused
    pattern.
    """
    return overlap_witness(left, right) is not None


@lru_cache(maxsize=1 << 14)
def overlap_witness(left: str, right: str) -> str | None:
    """A readable path that both patterns match, or None when they do not overlap (see `patterns_overlap`).

    Raises PlannerError for a refused pattern. At most as many steps as the patterns have pairs of segments,
    each linear in the segments' lengths.
    """
    steps = _shared_steps(compile_pattern(left), compile_pattern(right))
    if steps is None:
        return None
    pairs = [(first or second, second or first) for first, second in steps]
    names = [(one, other) for one, other in pairs if one is not None and other is not None]
    folders = [shared_name(one, other, "folder") or "" for one, other in names[:-1]]
    return "/".join([*folders, shared_name(*names[-1], "file") or ""])


# --- compiled patterns ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CompiledPattern:
    """A pattern as the segments that lead from the top folder to what it matches, with `**` as None.

    The last segment is always a glob, and no two `**` follow each other.
    """

    segments: tuple[Glob | None, ...]
    last: Glob

    @property
    def names_a_file(self) -> bool:
        """Whether what it matches is taken for a file, with nothing below; else it may be a folder."""
        return self.last.names_a_file


@lru_cache(maxsize=1 << 14)
def compile_pattern(pattern: str) -> CompiledPattern:
    """The pattern's segments. Raises PlannerError, with the sentence `check_pattern` gives, when refused."""
    if refusal := _refuse_characters(pattern) or _refuse_shape(pattern):
        raise PlannerError(refusal)
    inner = pattern.strip("/")
    texts = inner.split("/")
    if refusal := _refuse_folders(texts):
        raise PlannerError(refusal)
    segments: list[Glob | None] = []
    if len(texts) == 1 and not pattern.startswith("/"):
        segments.append(None)
    for text in texts:
        if text != "**":
            segments.append(parse_glob(text))
        elif not segments or segments[-1] is not None:
            segments.append(None)
    folder, last = pattern.endswith("/"), segments[-1]
    if last is None:
        # A closing `**` matches all there is below: one more name, and what lies below that.
        segments[-1] = last = parse_glob("*")
        folder = folder and len(segments) == 1
    if folder:
        last = parse_glob("*")
        segments.append(last)
    return CompiledPattern(tuple(segments), last)


def _refuse_characters(text: str) -> str | None:
    if not text:
        return "The path is empty: write a file, a folder or a pattern such as src/api/*."
    if len(text) > MAX_LENGTH:
        return f"The path has {len(text)} characters: write at most {MAX_LENGTH}."
    if unusable := first_unusable(text):
        return f"The path holds the unprintable character U+{ord(unusable):04X}: remove it."
    return None


def _refuse_folders(names: Sequence[str]) -> str | None:
    if ".." in names:
        return "The path leads out of its folder with ..: write it from the project's top folder."
    if "." in names:
        return "A . stands for no folder of its own: leave it out, with its slash."
    if "" in names:
        return "Something is missing before or after a slash: write one slash between two names."
    return None


def _names_a_place_outside(text: str) -> bool:
    """A drive letter, another host or a home folder."""
    drive = len(text) > 1 and text[1] == ":" and text[0].isascii() and text[0].isalpha()
    return drive or text == "~" or text.startswith(("//", "~/"))


def _refuse_shape(pattern: str) -> str | None:
    """What is wrong with the pattern as a whole, before it is taken apart."""
    if pattern == "/":
        return "A slash alone matches nothing: write ** for all files."
    if pattern.startswith("!"):
        return "Patterns cannot be negated: remove the !, or write \\! for a name that starts with one."
    if pattern.startswith("#"):
        return "A # in front starts a comment: write \\# for a name that starts with one."
    if pattern != pattern.strip() and not (pattern.endswith("\\ ") and pattern == pattern.lstrip()):
        return "The path starts or ends with a space: remove it."
    if _names_a_place_outside(pattern):
        return "Absolute paths are not accepted: write the path from the project's top folder."
    if pattern.startswith("/") and "/" in pattern[1:].rstrip("/"):
        return "The slash in front makes the path absolute: drop it, paths start at the project's top folder."
    if pattern.endswith("//"):
        return "Something is missing before or after a slash: write one slash between two names."
    if "***" in pattern:
        return "Three stars in a row have no meaning: write ** for any folders, or * within a name."
    return None


# --- what two compiled patterns share ---------------------------------------------------------------------


def _shared_steps(left: CompiledPattern, right: CompiledPattern) -> list[Step[Glob, Glob]] | None:
    """The segments a shared path is made of, or None when there is no such path."""
    first = left.segments if left.names_a_file else (*left.segments, None)
    second = right.segments if right.names_a_file else (*right.segments, None)
    meeting = _segments_meeting(second)
    rows = reachable(first, second, meeting)

    def steps_to(i: int, j: int) -> list[Step[Glob, Glob]]:
        return trace(first, second, rows, meeting, (i, j))

    if reached(rows, len(first), len(second)):
        return steps_to(len(first), len(second))
    # What one pattern takes for a file, the other may spell out as a folder, by a slash after it.
    if left.names_a_file:
        for j, glob in _spelled_folders(right):
            if reached(rows, len(first) - 1, j) and meets(left.last, glob):
                below = [(None, segment) for segment in right.segments[j + 1 :] if segment]
                return [*steps_to(len(first) - 1, j), (left.last, glob), *below]
    if right.names_a_file:
        for i, glob in _spelled_folders(left):
            if reached(rows, i, len(second) - 1) and meets(glob, right.last):
                beneath = [(segment, None) for segment in left.segments[i + 1 :] if segment]
                return [*steps_to(i, len(second) - 1), (glob, right.last), *beneath]
    return None


def _spelled_folders(pattern: CompiledPattern) -> list[tuple[int, Glob]]:
    """The segments before the last whose names read as a file's, with their places, in order."""
    inner = enumerate(pattern.segments[:-1])
    return [(place, glob) for place, glob in inner if glob is not None and glob.names_a_file]


def _segments_meeting(right: Sequence[Glob | None]) -> Callable[[Glob, int], int]:
    def meeting(glob: Glob, bits: int) -> int:
        found = 0
        for j in _bits(bits):
            other = right[j]
            if other is not None and meets(glob, other):
                found |= 1 << j
        return found

    return meeting


def _bits(bits: int) -> list[int]:
    """The places of the bits that are set, ascending."""
    places = []
    while bits:
        low = bits & -bits
        places.append(low.bit_length() - 1)
        bits ^= low
    return places
