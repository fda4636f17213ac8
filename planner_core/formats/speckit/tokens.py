"""What a sentence about order is made of: the tasks, phases and stories it names, and the words between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from planner_core.formats.speckit.task_lines import ID


class Word(Enum):
    """What a token is."""

    TASKS = "tasks"
    PHASES = "phases"
    STORIES = "stories"
    NUMBERS = "numbers"
    ALL_STORIES = "all stories"
    ALL_BEFORE = "all phases before"
    ALL_TASKS = "all tasks"
    THIS = "this phase"
    NAME = "the name of a phase"
    WAITS = "waits for"
    WAITS_BEHIND = "waits for, behind its object"
    BLOCKS = "comes before"
    BLOCKS_BEHIND = "comes before, behind its object"
    ARROW = "then, as an arrow"
    THEN = "then"
    NOT = "does not wait for"
    EXCEPT = "except"
    TOPIC = "the mark of a subject"
    STOP = "the end of a clause"
    COLON = "colon"
    COMMA = "comma"
    AND = "and"
    OPEN = "("
    CLOSE = ")"
    OTHER = "anything else"


REFERENCES = frozenset(
    {
        Word.TASKS,
        Word.PHASES,
        Word.STORIES,
        Word.ALL_STORIES,
        Word.ALL_BEFORE,
        Word.ALL_TASKS,
        Word.THIS,
        Word.NAME,
    }
)


MOST_READ = 4_000
OPEN_END = "+"
"""The end of a range of phases that has none: “Phase 3+”."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a sentence. `items` are ids, numbers or ranges of them (pairs), in the order of the text."""

    word: Word
    text: str
    items: tuple[tuple[str, str], ...] = ()
    start: int = 0


_TO = r"[ ]?(?:[-–—~…]|\.{2,3}|to|through|thru|à|au|bis)[ ]?"
_AND = r"[ ]?(?:,[ ]?(?:and|et|&)?|[/&+]|and|et|y|와|과|및)[ ]?"
_N = r"\d{1,3}(?:\.\d{1,3})?[a-z]?(?![A-Za-z0-9_%])"
_N_LIST = rf"{_N}(?:(?:{_TO}|{_AND}){_N})*"

_KINDS: tuple[tuple[Word, str], ...] = (
    (
        Word.TASKS,
        rf"(?<![A-Za-z0-9_.-])(?!US[ -]?\d|phase)(?:{ID})(?![A-Za-z0-9_])(?:{_TO}(?:{ID}|"
        rf"\d{{2,5}})(?![A-Za-z0-9_]))?",
    ),
    (
        Word.ALL_STORIES,
        r"(?:all|every|each|the|any)[ ](?:of[ ]the[ ])?(?:the[ ])?(?:(?:desired|selected|required|"
        r"planned|target|previous|prior|"
        r"in-scope|implemented)[ ])*(?:user[ -]stor(?:y|ies)|stories|US|feature[ ]phases|"
        r"story[ ]phases)(?![\w\d]|[ -]\d)"
        r"|user[ ]stories(?![ ]?\d|[ ]?\()|(?:toutes[ ]les|les)[ ](?:US|user[ ]stories|"
        r"histoires(?:[ ]utilisateurs?)?|stories)"
        r"(?![ ]?\d)|(?:모든|전체)[ ]?(?:사용자|유저)?[ ]?(?:스토리|US)|все[ ]?(?:user[ ]stories|истории)",
    ),
    (
        Word.STORIES,
        rf"(?<![A-Za-z0-9_])P(?:[1-5])[ ](?:user[ ])?stories|"
        rf"(?<![A-Za-z0-9_])US[ -]?{_N}(?:{_TO}(?:US[ -]?)?{_N})?(?:{_AND}{_N}(?:{_TO}{_N})?)*",
    ),
    (
        Word.STORIES,
        rf"(?<![A-Za-z0-9_])(?:user[ -])?(?:stor(?:y|ies)|histoires?(?:[ ]utilisateurs?)?|récits?|"
        rf"истори\w{{1,3}}|"
        rf"(?:사용자|유저)?[ ]?스토리)[ ]?#?{_N_LIST}",
    ),
    (
        Word.ALL_BEFORE,
        r"all[ ](?:the[ ])?(?:previous|prior|preceding|earlier|other|desired|above|"
        r"implementation)[ ](?:phases|tasks|implementation|"
        r"implementation[ ]tasks)|(?:all|every)[ ]phases?(?![ ]?\d)|every(?:thing|[ ]other[ ]phase)|"
        r"toutes[ ]les[ ]phases(?:[ ]précédentes)?"
        r"|(?:모든|전체)[ ]?(?:이전[ ]?)?(?:단계|phase|페이즈)",
    ),
    (Word.ALL_TASKS, r"all[ ](?:the[ ])?tasks|toutes[ ]les[ ]tâches|(?:모든|전체)[ ]?(?:작업|태스크|task)"),
    (
        Word.THIS,
        r"this[ ](?:phase|story|user[ ]story)|cette[ ](?:phase|histoire)|이[ ]?(?:단계|페이즈|phase|스토리)",
    ),
    (
        Word.PHASES,
        rf"(?<![A-Za-z0-9_])(?:phases?|étapes?|etapes?|fases?|фаз\w{{1,2}}|этап\w{{0,3}}|페이즈|단계|フェーズ|"
        rf"阶段)[ ]?[#№]?{_N_LIST}[+]?"
        r"|(?<![A-Za-z0-9_])\d{1,3}[ ]?(?:단계|阶段)",
    ),
    (
        Word.NOT,
        r"no[ ](?:\w{1,12}[ ]){0,2}dependenc(?:y|ies)|no[ ](?:hard[ ])?prerequisites?|(?:not|n['’]t|"
        r"never)[ ](?:\w{1,12}[ ])?"
        r"(?:depend\w{0,4}|required?|need(?:s|ed)?|block\w{0,3})(?:[ ](?:up)?on)?|independent(?:ly)?|"
        r"dependencies?:?[ ]none|"
        r"(?:in[ ])?parallel(?:el)?[ ](?:with|to)|parallelizable[ ]with|alongside|together[ ]with|"
        r"concurrently[ ]with|"
        r"(?:may|might|could|can)[ ](?:\w{1,12}[ ])?(?:integrate|build|extend|reuse)\w{0,3}|"
        r"(?:may|might|could|can)[ ](?:\w{1,12}[ ]){1,2}before|integrates?[ ]with|without|regardless[ ]of|"
        r"same[ ]file[ ]as|because|parce[ ]que|aucune[ ]dépendance|sans[ ]dépendance|"
        r"ne[ ]dépend\w{0,3}[ ](?:pas|d['’]aucun\w{0,2})|indépendant\w{0,4}|"
        r"en[ ]parallèle[ ](?:de|des|d['’]|avec)|의존(?:성|관계)?[ ]?없\w{0,2}|의존하지|독립\w{0,2}",
    ),
    (
        Word.EXCEPT,
        r"except(?:ing)?(?:[ ]for)?|excluding|other[ ]than|sauf|à[ ]l['’]exception[ ]de|제외\w{0,3}",
    ),
    (
        Word.BLOCKS,
        r"blocks(?![A-Za-z0-9_])|blocking(?=[ ](?:all|T\d|US))|before|precedes?|prior[ ]to|(?:is[ ]|"
        r"are[ ])?(?:required|needed)[ ](?:by|for)|"
        r"(?:is[ ]a[ ]|are[ ])?prerequisites?[ ](?:for|of|to)|unblocks|bloque(?:nt)?(?![A-Za-z0-9_])|avant|"
        r"(?:requise?s?|nécessaires?)[ ](?:par|pour|à)|"
        r"перед|до[ ]начала|блокирует|阻塞",
    ),
    (
        Word.BLOCKS_BEHIND,
        r"(?:을|를)?[ ]?(?:차단|블록|막)\w{0,3}|(?:시작[ ]?|진행[ ]?)?(?:이전에|전에)(?:[ ]?완료\w{0,4})?",
    ),
    (
        Word.WAITS,
        r"depend(?:s|ing|ent|encies|ency)?[ ](?:up)?on|depend(?:s|encies|ency)?(?=[ ]?:)|deps?(?=[ ]?:)|"
        r"requires?|requiring|needs?|"
        r"waits?[ ](?:for|on|until)|block(?:ed)?[ ](?:by|on|until)|blocked[ ]by|"
        r"after|once|(?:start|begin|proceed|commence)\w{0,4}[ ]until|(?:must[ ]|should[ ])follows?|"
        r"follows?|prerequisites?(?=[ ]?:)|upon|"
        r"dépend(?:ent|re|s)?(?:[ ]aussi)?[ ](?:des|de|du|d['’])|dépendances?(?=[ ]?:)|après|une[ ]fois|"
        r"nécessite(?:nt)?|"
        r"requi(?:ert|èrent)|bloquée?s?[ ]par|à[ ]partir[ ]de|attend(?:ent)?|prérequis(?=[ ]?:)|"
        r"завис\w{1,4}[ ]от|после|依赖于?|depende[n]?[ ]d[eo]s?|"
        r"(?:의존(?:성|관계)?|선행(?:[ ]?(?:작업|조건|태스크))?|전제[ ]?조건)(?=[ ]?:)",
    ),
    (
        Word.WAITS_BEHIND,
        r"(?:에|에게)?[ ]?의존(?:성|함|합니다|한다|적)?\w{0,2}(?!\w|[ ]?:)|"
        r"(?:가|이)?[ ]?(?:완료|종료|끝난|구현|머지)?[ ]?(?:된|한|되고)?[ ]?"
        r"(?:이후|(?<=[\w)][ ])후|(?<=완료)후)(?:에|부터)?|"
        r"다음에|(?:이|가)?[ ]?(?:필요|선행)\w{0,4}|완료[ ]?(?:필요|필수|시)\w{0,3}",
    ),
    (Word.ARROW, r"[─━-]{0,12}[→⇒➜➔►▶⟶]|[-=]{1,12}>(?![=\w])|<?-{2,12}>"),
    (Word.THEN, r"then|puis|ensuite|затем|그[ ]?다음"),
    (Word.TOPIC, r"(?<=[\w)\]])(?:는|은|이|가)(?![A-Za-z0-9_])"),
    (Word.STOP, r"[;·•|](?![A-Za-z0-9_])|;|[.!?。](?=[ ]|$)|(?<=[ ])[-–—](?=[ ])|—|\n"),
    (Word.COLON, r":(?=[ ]|$)"),
    (Word.COMMA, r",|、"),
    (Word.AND, r"[+&/](?![\w]*=)|(?:and|et|und|или|와|과|및)(?![A-Za-z0-9_])"),
    (Word.OPEN, r"[(\[]"),
    (Word.CLOSE, r"[)\]]"),
    (Word.NUMBERS, r"(?<![\w.#])\d{1,2}(?:\.\d{1,2})?(?![\w.%])"),
    (Word.OTHER, r"[^\W\d_][\w'’]*|\S"),
)
_ASCII_WORD = re.compile(r"[A-Za-zéèàêç]")
_BOUND = {
    Word.WAITS,
    Word.BLOCKS,
    Word.NOT,
    Word.THEN,
    Word.EXCEPT,
    Word.ALL_STORIES,
    Word.ALL_BEFORE,
    Word.ALL_TASKS,
    Word.THIS,
}


def _pattern() -> re.Pattern[str]:
    parts = []
    for place, (word, pattern) in enumerate(_KINDS):
        bounded = rf"(?<![A-Za-z_])(?:{pattern})(?![a-z_])" if word in _BOUND else pattern
        parts.append(f"(?P<k{place}>{bounded})")
    return re.compile("|".join(parts), re.I)


_TOKEN = _pattern()
_ITEM = re.compile(rf"({_N}|{ID})(?:{_TO}(?:US[ -]?|T-?)?({_N}|{ID}|\d{{2,5}}))?", re.I)
_FIGURE = re.compile(r"\d{1,3}(?:\.\d{1,3})?[a-z]?", re.I)


def tokens_of(text: str, names: re.Pattern[str] | None = None) -> Iterator[Token]:
    """The tokens of a sentence, from left to right; `names` matches what phases are called.

    Of a longer text the first MOST_READ characters are read.
    """
    text = text[:MOST_READ].replace("\t", " ").replace("\u00a0", " ")
    named = [] if names is None else [(found.start(), found.end()) for found in names.finditer(text)]
    place = 0
    while place < len(text):
        if named and named[0][0] == place:
            start, end = named.pop(0)
            yield Token(Word.NAME, text[start:end], start=start)
            place = end
            continue
        while named and named[0][0] < place:
            named.pop(0)
        found = _TOKEN.match(text, place)
        if found is None:
            place += 1
            continue
        assert found.lastgroup is not None
        word = _KINDS[int(found.lastgroup[1:])][0]
        yield Token(word, found[0], _items(word, found[0]), place)
        place = max(found.end(), place + 1)


def _items(word: Word, text: str) -> tuple[tuple[str, str], ...]:
    """The single figures and ranges in a reference; a single one is a range from and to itself."""
    if word is Word.TASKS:
        found = re.match(rf"({ID})(?:{_TO}({ID}|\d{{2,5}}))?", text)
        if found is None:
            return ()
        last = found[2] or found[1]
        if last.isdigit() and not found[1].isdigit():
            stem = re.match(r"\D*", found[1])
            last = (stem[0] if stem else "") + last
        return ((found[1], last),)
    if word is Word.NUMBERS:
        return ((text, text),)
    if word is Word.STORIES and text[:1] in "Pp" and text[1:2].isdigit():
        return ((text[:2].upper(), text[:2].upper()),)
    if word not in (Word.PHASES, Word.STORIES):
        return ()
    open_end = word is Word.PHASES and text.endswith("+")
    ranges = []
    for found in re.finditer(rf"({_FIGURE.pattern})(?:{_TO}(?:US[ -]?)?({_FIGURE.pattern}))?", text, re.I):
        ranges.append((found[1], found[2] or found[1]))
    if open_end and ranges:
        ranges[-1] = (ranges[-1][0], OPEN_END)
    return tuple(ranges)
