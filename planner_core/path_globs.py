"""The names one segment of a path pattern matches, and a name that two segments share.

A segment is what stands between two slashes: `*.py`, `test_?`, `[a-c]*`. Here it is a `Glob`: a sequence of
sets of characters and stars. `planner_core.paths` puts globs together to whole path patterns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from planner_core.errors import PlannerError
from planner_core.path_words import reachable, reached, trace

CharSet = tuple[tuple[int, int], ...]
"""Characters as sorted, disjoint, inclusive ranges of code points."""

_UNUSABLE: CharSet = ((0, 31), (47, 47), (127, 159), (0x2028, 0x2029), (0xD800, 0xDFFF))
_UNUSABLE_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ESCAPABLE = frozenset("*?[]{}\\!#-^ ")
_READABLE = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"

_FILE_EXTENSIONS_TEXT = """
    astro avif bash bat bmp c cc cfg cjs cmd conf cpp cs csproj css csv cts cxx dart dockerfile ejs env erb
    ex exs fs gif go gql gradle graphql groovy h haml hbs heex hpp hs htm html ico ini ipynb java jinja
    jinja2 jpeg jpg js json json5 jsonc jsonl jsx kt kts less lock log lua m4 map md mdx mjs mod ml mli mm
    mp3 mp4 mts mustache ods odt otf pdf php pl plist png po pot properties proto ps1 pug py pyi pyx r rb rs
    rst sass scala scss sh sln snap sql sqlite3 styl sum svelte svg swift tex tf tfvars toml ts tsv tsx ttf
    txt vue wasm webm webp whl woff woff2 xlsx xml yaml yml zig zip zsh
"""
_FILE_NAMES_TEXT = """
    .babelrc .browserslistrc .coveragerc .dockerignore .editorconfig .env .eslintignore .eslintrc .flake8
    .gitattributes .gitignore .gitkeep .gitmodules .npmignore .npmrc .nvmrc .prettierignore .prettierrc
    .python-version .tool-versions AUTHORS Brewfile CHANGELOG CODEOWNERS CONTRIBUTING COPYING Dockerfile
    Gemfile Jenkinsfile Justfile LICENSE Makefile NOTICE Pipfile Procfile README Rakefile Vagrantfile
    justfile makefile
"""
_FILE_EXTENSIONS = frozenset(_FILE_EXTENSIONS_TEXT.split())
_FILE_NAMES = frozenset(_FILE_NAMES_TEXT.split())


def first_unusable(text: str) -> str | None:
    """The first character that no path should hold: a control character, line separator or surrogate."""
    found = _UNUSABLE_TEXT.search(text)
    return found and found.group()


def _complement(chars: CharSet) -> CharSet:
    """The characters of file names that are not in the set."""
    ranges, start = [], 0
    for low, high in sorted((*chars, *_UNUSABLE)):
        if low > start:
            ranges.append((start, low - 1))
        start = max(start, high + 1)
    if start <= 0x10FFFF:
        ranges.append((start, 0x10FFFF))
    return tuple(ranges)


def _intersection(left: CharSet, right: CharSet) -> CharSet:
    """The characters in both sets, in time linear in the number of ranges."""
    ranges, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        low, high = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if low <= high:
            ranges.append((low, high))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(ranges)


def _only(char: str) -> CharSet:
    return ((ord(char), ord(char)),)


_ANY = _complement(())
_DOT = _only(".")
_NOT_DOT = _complement(_DOT)


@dataclass(frozen=True, slots=True, eq=False)
class Glob:
    """One segment of a path pattern; compared by identity, which `parse_glob` keeps per text.

    `elements` holds a set of characters for each place and None for each star, never two stars in a row.
    `literal` is the only name it matches, or None when it has a wildcard. `head` and `tail` are the plain
    text before its first and after its last wildcard (both the whole name for a literal one). `one_star` says
    that a star between head and tail is all there is. `extension` is what every name it matches ends in,
    from the last dot on (empty for a name without one); None when they may differ.
    """

    elements: tuple[CharSet | None, ...]
    literal: str | None
    head: str
    tail: str
    one_star: bool
    extension: str | None
    names_a_file: bool

    def accepts(self, name: str) -> bool:
        """Whether the name matches, in as many steps as there are elements (words of the name's length)."""
        if self.literal is not None:
            return name == self.literal
        if not (name.startswith(self.head) and name.endswith(self.tail)):
            return False
        if self.one_star:
            return len(name) >= len(self.head) + len(self.tail)
        characters = tuple(_only(char) for char in name)
        rows = reachable(self.elements, characters, _characters_meeting(characters))
        return reached(rows, len(self.elements), len(characters))


# --- names that two globs share ---------------------------------------------------------------------------


def meets(left: Glob, right: Glob) -> bool:
    """Whether some file name matches both globs."""
    if left.literal is not None and right.literal is not None:
        return left.literal == right.literal
    if left.literal is None and right.literal is None:
        if not (left.head.startswith(right.head) or right.head.startswith(left.head)):
            return False
        if not (left.tail.endswith(right.tail) or right.tail.endswith(left.tail)):
            return False
        if left.one_star and right.one_star:
            return True
    return shared_name(left, right) is not None


@lru_cache(maxsize=1 << 16)
def shared_name(left: Glob, right: Glob, filler: str = "file") -> str | None:
    """A readable name that matches both globs, or None when no file name does.

    The filler stands where both have a star. `.` and `..` are no file names, so they are never given: `?` and
    `[.]*` share none but `.`, hence nothing.
    """
    if left.literal is not None:
        return left.literal if right.accepts(left.literal) else None
    if right.literal is not None:
        return right.literal if left.accepts(right.literal) else None
    name = _shared_word(left.elements, right.elements, filler)
    if name is None or name not in ("", ".", ".."):
        return name
    found = (_shared_word(variant, right.elements, filler) for variant in _proper_variants(left.elements))
    return next((word for word in found if word is not None), None)


def sample_name(glob: Glob, filler: str = "file") -> str | None:
    """A readable name that matches the glob, or None when no file name does."""
    return shared_name(glob, _EVERY_NAME, filler)


def _shared_word(
    left: tuple[CharSet | None, ...], right: tuple[CharSet | None, ...], filler: str
) -> str | None:
    meeting = _characters_meeting(right)
    rows = reachable(left, right, meeting)
    end = (len(left), len(right))
    if not reached(rows, *end):
        return None
    pieces = [_readable_character(*step) for step in trace(left, right, rows, meeting, end)]
    for at, piece in enumerate(pieces):
        before, after = "".join(pieces[:at]), "".join(pieces[at + 1 :])
        if not piece and not before[-1:].isalnum() and not after[:1].isalnum():
            return before + filler + after
    return "".join(pieces)


@lru_cache(maxsize=1 << 12)
def _readable_character(left: CharSet | None, right: CharSet | None) -> str:
    """A character that both allow, preferably a letter; nothing for the place between two stars."""
    if left is None and right is None:
        return ""
    chars = _intersection(_ANY if left is None else left, _ANY if right is None else right)
    for char in _READABLE:
        if any(low <= ord(char) <= high for low, high in chars):
            return char
    return chr(chars[0][0])


def _characters_meeting(right: Sequence[CharSet | None]) -> Callable[[CharSet, int], int]:
    places: dict[CharSet, int] = {}
    for j, chars in enumerate(right):
        if chars is not None:
            places[chars] = places.get(chars, 0) | 1 << j
    known: dict[CharSet, int] = {}

    def meeting(chars: CharSet, bits: int) -> int:
        if chars not in known:
            known[chars] = sum(where for other, where in places.items() if _intersection(chars, other))
        return known[chars] & bits

    return meeting


def _proper_variants(elements: tuple[CharSet | None, ...]) -> Iterator[tuple[CharSet | None, ...]]:
    """Element sequences that together match what the given one does, but for the empty name, `.` and `..`.

    A proper name starts with another character than a dot, or has one after the first dot, or is longer than
    two dots; each of these beginnings is taken off the sequence in turn (a derivative, Brzozowski 1964).
    """
    for beginning in ((_NOT_DOT,), (_DOT, _NOT_DOT), (_DOT, _DOT, _ANY)):
        variants: list[tuple[tuple[CharSet, ...], tuple[CharSet | None, ...]]] = [((), elements)]
        for chars in beginning:
            variants = [
                ((*done, first), rest)
                for done, remaining in variants
                for first, rest in _after_one(remaining, chars)
            ]
        yield from ((*done, *rest) for done, rest in variants)


def _after_one(
    elements: tuple[CharSet | None, ...], chars: CharSet
) -> Iterator[tuple[CharSet, tuple[CharSet | None, ...]]]:
    """The ways to take one of the characters off the front: what it may be, and what remains."""
    for at, element in enumerate(elements):
        if element is not None:
            if first := _intersection(element, chars):
                yield first, elements[at + 1 :]
            return
        yield chars, elements[at:]


# --- from text to glob ------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 15)
def parse_glob(text: str) -> Glob:
    """The glob that a segment's text describes. Raises PlannerError, with a full sentence, when refused."""
    elements: list[CharSet | None] = []
    plain: list[str | None] = []
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == "*":
            if not (elements and elements[-1] is None):
                elements.append(None)
                plain.append(None)
        elif char == "?":
            elements.append(_ANY)
            plain.append(None)
        elif char == "[":
            chars, at = _parse_class(text, at)
            elements.append(chars)
            plain.append(None)
        else:
            if char == "\\":
                char = _escaped(text, at)
                at += 1
            elif char == "{" and "," in text[at:].partition("}")[0] and "}" in text[at:]:
                raise PlannerError(
                    "Braces are not expanded here: write one pattern for each of the names between { and }."
                )
            elements.append(_only(char))
            plain.append(char)
    wildcards = [place for place, char in enumerate(plain) if char is None]
    first, last = (wildcards[0], wildcards[-1]) if wildcards else (len(plain), -1)
    head = "".join(char for char in plain[:first] if char is not None)
    tail = "".join(char for char in plain[last + 1 :] if char is not None)
    literal = None if wildcards else head
    glob = Glob(
        elements=tuple(elements),
        literal=literal,
        head=head,
        tail=tail,
        one_star=None in elements and len(elements) == len(head) + len(tail) + 1,
        extension=extension_of(tail) if literal is not None or "." in tail else None,
        names_a_file=_names_a_file(literal, head, tail),
    )
    # Only brackets can ask for a name that no file has: `[.]` does.
    if "[" in text and literal is None and sample_name(glob) is None:
        raise PlannerError(f"No file can be named as {text} asks: change the brackets.")
    return glob


def extension_of(name: str) -> str:
    """What the name ends in, from its last dot on; empty without one."""
    _, dot, extension = name.rpartition(".")
    return dot + extension if dot else ""


def _names_a_file(literal: str | None, head: str, tail: str) -> bool:
    """Whether every name the glob matches reads as a file's: a known extension or a known name."""
    stem, dot, _ = head[1:].partition(".")
    known_name = (literal is not None or bool(dot)) and head[:1] + stem in _FILE_NAMES
    _, dot, extension = tail.rpartition(".")
    return known_name or (bool(dot) and extension.lower() in _FILE_EXTENSIONS)


def _escaped(text: str, at: int) -> str:
    """The character after a backslash."""
    if at == len(text):
        raise PlannerError("A backslash at the end escapes nothing: remove it, and use / between folders.")
    if text[at] not in _ESCAPABLE:
        raise PlannerError("A backslash only makes a special character plain: use / between folders.")
    return text[at]


def _parse_class(text: str, at: int) -> tuple[CharSet, int]:
    """The characters that brackets ask for, and the place after them; `at` is the place after the `[`.

    As in git: `!` or `^` in front negates, `]` in front is plain, a backslash makes the next character plain,
    and brackets never match a slash.
    """
    negated = text[at : at + 1] in ("!", "^")
    start = at = at + negated
    members: list[tuple[int, int]] = []
    low: str | None = None
    while at < len(text) and (text[at] != "]" or at == start):
        if text.startswith("[:", at):
            raise PlannerError(
                "Named classes such as [:alpha:] are not known here: write a range such as a-z."
            )
        if text[at] == "-" and low is not None and text[at + 1 : at + 2] not in ("", "]"):
            high, at = _class_member(text, at + 1)
            if high < low:
                raise PlannerError(f"The range {low}-{high} runs backwards: write {high}-{low}.")
            members[-1] = (ord(low), ord(high))
            low = None
        else:
            low, at = _class_member(text, at)
            members.append((ord(low), ord(low)))
    if at >= len(text):
        raise PlannerError("An opening [ has no closing ]: add it, or write \\[ for a plain bracket.")
    excluded = _complement(tuple(members))
    chars = excluded if negated else _complement(excluded)
    if not chars:
        raise PlannerError("The brackets match no character that a name can have: change or remove them.")
    return chars, at + 1


def _class_member(text: str, at: int) -> tuple[str, int]:
    """One character between brackets, with its escape resolved, and the place after it."""
    if text[at] == "\\":
        return _escaped(text, at + 1), at + 2
    return text[at], at + 1


_EVERY_NAME = parse_glob("*")
