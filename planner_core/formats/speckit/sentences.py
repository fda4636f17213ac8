"""What a sentence says about order: which of its references come before which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner_core.formats.speckit.tokens import REFERENCES, Token, Word, tokens_of

_VERBS = frozenset({Word.WAITS, Word.BLOCKS, Word.WAITS_BEHIND, Word.BLOCKS_BEHIND, Word.ARROW, Word.THEN})
_LEADING = re.compile(r"after|once|upon|après|une fois|после", re.I)
_NOTHING_BEFORE = re.compile(
    r"(?:no|aucun\w{0,2}) .{0,40}(?:user stor|\bUS\b|histoire)\w{0,8} .{0,60}(?:until|before|avant|"
    r"tant que)\b|"
    r"(?:완료|끝)\w{0,4} ?(?:때)?까지.{0,30}스토리",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that the first references stand for comes before everything that the others stand for."""

    before: tuple[Token, ...]
    after: tuple[Token, ...]


@dataclass
class Clause:
    """What is known of a clause so far: references before and behind its verb."""

    left: list[Token]
    right: list[Token]
    aside: list[Token]
    verb: Word | None = None
    leading: bool = False
    split: int | None = None
    comma: int = 0


class _Part(list["Token | _Part"]):
    """Tokens between brackets."""


def orders_in(
    text: str,
    *,
    scope: Sequence[Token] = (),
    bound: bool = False,
    arrows: bool = True,
    names: re.Pattern[str] | None = None,
) -> list[Order]:
    """What a sentence (or a line of several) states about order.

    `scope` is what it is about where it names no subject; `bound` says that it is about nothing else. Words
    between arrows count only where `arrows` is true. What is only hinted at (“in parallel with”, “may
    integrate with”) states nothing. Linear in the length of the text.
    """
    tokens = list(tokens_of(text, names))
    if not any(token.word in _VERBS or token.word in (Word.EXCEPT, Word.THIS) for token in tokens):
        return []
    if _NOTHING_BEFORE.search(text):
        return [Order((Token(Word.THIS, ""),), (Token(Word.ALL_STORIES, ""),))]
    reading = _Reading(bound, arrows)
    return list(reading.level(_nested(tokens), list(scope)))


def subject_of(text: str, names: re.Pattern[str] | None = None) -> list[Token]:
    """The references that a line or a heading is about: those before its first verb."""
    found = []
    for token in tokens_of(text, names):
        if token.word in _VERBS or token.word in (Word.NOT, Word.EXCEPT):
            break
        if token.word in REFERENCES:
            found.append(token)
    return found


def references_in(text: str, names: re.Pattern[str] | None = None) -> list[Token]:
    """The references in the cell of a table: what is in brackets counts where there is nothing else."""
    plain: list[Token] = []
    aside: list[Token] = []
    depth = 0
    for token in tokens_of(text, names):
        if token.word is Word.NOT:
            break
        depth += (token.word is Word.OPEN) - (token.word is Word.CLOSE)
        if token.word in REFERENCES:
            (aside if depth > 0 else plain).append(token)
    return plain or aside


def _nested(tokens: Sequence[Token]) -> _Part:
    levels = [_Part()]
    for token in tokens:
        if token.word is Word.OPEN and len(levels) < 20:
            levels.append(_Part())
        elif token.word is Word.CLOSE and len(levels) > 1:
            inner = levels.pop()
            levels[-1].append(inner)
        else:
            levels[-1].append(token)
    while len(levels) > 1:
        inner = levels.pop()
        levels[-1].append(inner)
    return levels[0]


def _has_verb(part: _Part) -> bool:
    return any(_has_verb(each) if isinstance(each, _Part) else each.word in _VERBS for each in part)


def _all_references(part: _Part) -> list[Token]:
    found: list[Token] = []
    for each in part:
        if isinstance(each, _Part):
            found += _all_references(each)
        elif each.word in REFERENCES:
            found.append(each)
    return found


def _is_reference(each: Token | _Part | None) -> bool:
    return isinstance(each, Token) and each.word in REFERENCES


class _Reading:
    """Reads one line, level by level of its brackets."""

    def __init__(self, bound: bool, arrows: bool) -> None:
        self.bound = bound
        self.arrows = arrows

    def level(self, part: _Part, scope: list[Token]) -> Iterator[Order]:
        if self.arrows:
            _with_phases(part)
            yield from _chains(part)
        subject = list(scope)
        clause = _fresh()
        previous: Token | _Part | None = None
        for each in part:
            if isinstance(each, _Part):
                yield from self._brackets(each, previous, clause, subject)
            elif each.word in REFERENCES:
                (clause.right if clause.verb else clause.left).append(each)
            elif each.word in (Word.WAITS, Word.BLOCKS, Word.NOT):
                yield from self._verb(each, previous, clause, subject)
            elif each.word in (Word.WAITS_BEHIND, Word.BLOCKS_BEHIND):
                yield from self._verb_behind(each, clause, subject)
            elif each.word is Word.TOPIC:
                if not self.bound and clause.left and clause.verb is None:
                    subject, clause.left = clause.left, []
            elif each.word is Word.EXCEPT:
                yield from self._close(clause, subject)
                clause = Clause([], [], [], Word.EXCEPT)
            elif each.word is Word.COMMA and clause.leading and clause.split is None and clause.right:
                clause.split = len(clause.right)
            elif each.word is Word.COMMA and clause.verb is not None:
                clause.comma = len(clause.right)
            elif each.word is Word.COLON:
                if clause.verb is None:
                    subject = self._kept(clause.left, subject)
                    clause = _fresh()
                elif clause.right and clause.leading and clause.split is None:
                    clause.split = len(clause.right)
                elif clause.right:
                    yield from self._close(clause, subject)
                    clause = _fresh()
                else:
                    clause.leading = False
            elif each.word in (Word.STOP, Word.ARROW, Word.THEN):
                yield from self._close(clause, subject)
                if each.word is Word.STOP:
                    subject = self._kept(clause.left, subject)
                clause = _fresh()
            is_word = isinstance(each, Token) and each.word is Word.OTHER
            if not is_word or _is_reference(previous):
                previous = each
        yield from self._close(clause, subject)

    def _kept(self, left: list[Token], subject: list[Token]) -> list[Token]:
        return subject if self.bound or not left else left

    def _brackets(
        self, inner: _Part, previous: Token | _Part | None, clause: Clause, subject: list[Token]
    ) -> Iterator[Order]:
        if _has_verb(inner):
            nearest = [previous] if isinstance(previous, Token) and _is_reference(previous) else []
            if self.bound or clause.verb is Word.NOT or clause.verb is not None or not nearest:
                nearest = self._kept(clause.left, subject)
            yield from self.level(inner, nearest)
            return
        found = _all_references(inner)
        if _is_reference(previous):
            # “US1 (Supabase Setup)”: behind a figure, what phases are called is just a word.
            found = [token for token in found if token.word is not Word.NAME]
        (clause.left if clause.verb is None else clause.aside).extend(found)

    def _verb(
        self, verb: Token, previous: Token | _Part | None, clause: Clause, subject: list[Token]
    ) -> Iterator[Order]:
        if clause.verb is not None and clause.right:
            tail = _behind_last_comma(clause, previous) if not self.bound else []
            if tail:
                del clause.right[-len(tail) :]
            left = tail or clause.left
            yield from self._close(clause, subject)
            _reset(clause, left)
        elif clause.verb is Word.NOT and isinstance(previous, Token) and previous.word is not Word.COMMA:
            return
        clause.verb = verb.word
        if verb.word is Word.WAITS and not clause.left and not self.bound and _LEADING.fullmatch(verb.text):
            clause.leading = True

    def _verb_behind(self, verb: Token, clause: Clause, subject: list[Token]) -> Iterator[Order]:
        if clause.verb is not None:
            return
        objects = clause.left or clause.aside
        if not objects:
            return
        if subject or self.bound:
            yield from _said(verb.word is Word.WAITS_BEHIND, subject, objects)
            clause.left = []
        else:
            clause.verb, clause.leading = Word.WAITS, True
            clause.right, clause.left = objects, []
            clause.split = len(clause.right)

    def _close(self, clause: Clause, subject: list[Token]) -> Iterator[Order]:
        right = clause.right or clause.aside
        if clause.verb is Word.EXCEPT:
            if right and subject:
                yield Order((Token(Word.ALL_TASKS, ""), *subject), (Token(Word.EXCEPT, ""), *right))
            return
        if clause.verb not in (Word.WAITS, Word.BLOCKS) or not right:
            return
        if clause.split is not None and right[clause.split :]:
            yield from _said(True, right[clause.split :], right[: clause.split])
            return
        yield from _said(clause.verb is Word.WAITS, self._kept(clause.left, subject), right)


def _fresh() -> Clause:
    return Clause([], [], [])


def _reset(clause: Clause, left: list[Token]) -> None:
    clause.left, clause.right, clause.aside = left, [], []
    clause.verb, clause.leading, clause.split, clause.comma = None, False, None, 0


def _said(waits: bool, subject: Sequence[Token], objects: Sequence[Token]) -> Iterator[Order]:
    if subject and objects:
        yield Order(tuple(objects), tuple(subject)) if waits else Order(tuple(subject), tuple(objects))


def _behind_last_comma(clause: Clause, previous: Token | _Part | None) -> list[Token]:
    """What stands behind the last comma, where it begins a clause: “T2 depends on T1, T3 depends on T2”."""
    return clause.right[clause.comma :] if clause.comma and _is_reference(previous) else []


# --- chains: A -> B -> C, and A, then B -------------------------------------------------------------------


def _chains(part: _Part) -> Iterator[Order]:
    joints = [
        at for at, each in enumerate(part) if isinstance(each, Token) and each.word in (Word.ARROW, Word.THEN)
    ]
    for at in joints:
        single = len(joints) == 1
        before = _run(part, at, -1, single)
        after = _run(part, at, 1, single)
        if before and after and all(each.word is not Word.NUMBERS for each in (*before, *after)):
            yield Order(tuple(before), tuple(after))


def _with_phases(part: _Part) -> None:
    """In “Phase 1 → 2 → 3” the figures behind the arrows are phases too."""
    last: Word | None = None
    behind_arrow = False
    for place, each in enumerate(part):
        if isinstance(each, _Part):
            continue
        if each.word is Word.NUMBERS and behind_arrow and last is Word.PHASES:
            part[place] = Token(Word.PHASES, each.text, each.items, each.start)
        elif each.word in REFERENCES:
            last = each.word
        behind_arrow = each.word is Word.ARROW


def _run(part: _Part, at: int, step: int, single: bool) -> list[Token]:
    """The references joined to an arrow (or “then”) on one side, in the order of the text."""
    then = isinstance(part[at], Token) and part[at].word is Word.THEN  # type: ignore[union-attr]  # a Token, as tested
    found: list[Token] = []
    place = at + step
    words = 0
    joined = True
    while 0 <= place < len(part):
        each = part[place]
        if isinstance(each, _Part):
            inner = _all_references(each)
            if not found and inner and len(inner) == sum(not _is_mark(token) for token in each):
                return inner
            joined = not found or (step > 0 and joined)
        elif each.word in REFERENCES or each.word is Word.NUMBERS:
            if not joined:
                break
            found.append(each)
            joined = False
        elif each.word is Word.AND:
            joined = True
        elif each.word is Word.COMMA:
            if found and not _is_reference(_at(part, place + step)):
                break
            if found and not (single or then) and not _pure(part, place):
                break
            if found and not single and not then:
                break
            joined = True
        elif each.word is Word.OTHER and (not found or step < 0) and words < (6 if then else 3):
            words += 1
            if found:
                break
        else:
            break
        place += step
    return found if step > 0 else found[::-1]


def _at(part: _Part, place: int) -> Token | _Part | None:
    return part[place] if 0 <= place < len(part) else None


def _pure(part: _Part, place: int) -> bool:
    return _is_reference(_at(part, place - 1)) and _is_reference(_at(part, place + 1))


def _is_mark(each: Token | _Part) -> bool:
    return isinstance(each, Token) and each.word in (Word.COMMA, Word.AND)
