"""What references stand for: tasks, and the sections that hold the tasks of a phase or story."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from planner_core.formats.speckit.outline import Section, phase_name
from planner_core.formats.speckit.tokens import OPEN_END, Token, Word, tokens_of

_MOST_SINGLE_LINKS = 400
_FEW_LINKS = 12
_NUMBERED = re.compile(r"(\d{1,5})(?:\.(\d{1,3}))?(?:\.(\d{1,3}))?([a-z]?)", re.I)
_LOOKS_LIKE_A_TASK = re.compile(r"T-?\d{2,5}[A-Za-z]?")


class Kind(Enum):
    """What a phase is in the template that the files of this format start from."""

    SETUP = "setup"
    FOUNDATION = "foundation"
    STORY = "story"
    POLISH = "polish"
    OTHER = "other"


_KIND_OF_TITLE = (
    (
        Kind.SETUP,
        re.compile(
            r"\bset-?up|\binitiali|scaffold|mise en place|préparation|"
            r"설정|세팅|초기|준비|настройк|初始化|セットアップ",
            re.I,
        ),
    ),
    (
        Kind.FOUNDATION,
        re.compile(
            r"foundation|blocking prereq|fondation|fondament|socle|기반|기초|토대|фундамент|базов|基础|基盤",
            re.I,
        ),
    ),
    (
        Kind.POLISH,
        re.compile(
            r"\bpolish|cross-cutting|finition|finalisation|폴리싱|폴리시|마무리|다듬|полировк|финальн|完善",
            re.I,
        ),
    ),
)
_KIND_NAMES = {
    Kind.SETUP: ("Setup", "Set-up", "SETUP", "Initialisation", "Mise en place", "설정", "세팅", "초기 설정"),
    Kind.FOUNDATION: (
        "Foundational",
        "Foundation",
        "Foundations",
        "FOUNDATIONAL",
        "Fondations",
        "Fondation",
        "Fondamental",
        "Fondamentaux",
        "Socle",
        "기반",
        "기초",
    ),
    Kind.POLISH: ("Polish", "POLISH", "Finitions", "Finition", "Polissage", "폴리싱", "마무리"),
}
_GENERIC = frozenset(
    {"user", "story", "stories", "phase", "phases", "tasks", "task", "final", "core", "advanced", "basic"}
    | {"other", "additional"}
)


@dataclass
class Side:
    """What one side of a statement stands for: sections as wholes, and single tasks, in order."""

    sections: dict[Section, None] = field(default_factory=dict)
    keys: dict[str, None] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


class Groups:
    """Looks up what references stand for. `stories` are the tasks that carry each story's label."""

    def __init__(
        self, sections: Sequence[Section], home: Mapping[str, Section], stories: Mapping[str, Sequence[str]]
    ) -> None:
        self.keys = list(home)
        self.place = {key: place for place, key in enumerate(self.keys)}
        self.home = home
        self.sections = [section for section in sections if section.keys]
        self.phases = _outermost(self.sections)
        self.by_number = {
            _number(section.phase): section
            for section in reversed(self.sections)
            if section.phase is not None
        }
        self.labelled = {_number(story[2:]): tuple(keys) for story, keys in stories.items()}
        self.by_story = self._story_sections()
        self.kinds = {section: self._kind(section) for section in self.phases}
        self.by_name = self._names()
        self._sorted_ids = sorted((_figure(key), key) for key in self.keys if _figure(key) is not None)
        self._by_id = {key.lower(): key for key in reversed(self.keys)}
        self.names = self._name_pattern()

    def _story_sections(self) -> dict[str, list[Section]]:
        found: dict[str, list[Section]] = {}
        for section in self.sections:
            for token in tokens_of(section.title):
                for first, last in token.items if token.word is Word.STORIES else ():
                    for number in _between(first, last):
                        known = found.setdefault(number, [])
                        if not any(above in known for above in section.chain):
                            known.append(section)
        return found

    def _kind(self, section: Section) -> Kind:
        if any(section in sections for sections in self.by_story.values()):
            return Kind.STORY
        name = phase_name(section.title)
        return next((kind for kind, pattern in _KIND_OF_TITLE if pattern.search(name)), Kind.OTHER)

    def _names(self) -> dict[str, list[Section]]:
        found: dict[str, list[Section]] = {}
        words: dict[str, list[Section]] = {}
        for section in self.phases:
            for name in _KIND_NAMES.get(self.kinds[section], ()):
                found.setdefault(name, []).append(section)
            if self.kinds[section] is Kind.STORY:
                continue
            main = re.split(r"[(:–—✅]| - ", phase_name(section.title))[0].strip()
            if len(main) > 3 and main.lower() not in _GENERIC and not main[0].islower():
                words.setdefault(main, []).append(section)
                for word in {main.split()[0], main.split()[-1]}:
                    if (
                        len(word) > 4
                        and word.isalpha()
                        and word[0].isupper()
                        and word.lower() not in _GENERIC
                    ):
                        words.setdefault(word, []).append(section)
        for name, sections in words.items():
            if len(set(sections)) == 1:
                found.setdefault(name, sections[:1])
        return found

    def _name_pattern(self) -> re.Pattern[str] | None:
        names = sorted(self.by_name, key=len, reverse=True)
        if not names:
            return None
        return re.compile("(?<![A-Za-z0-9_-])(?:" + "|".join(map(re.escape, names)) + ")(?![A-Za-z0-9_-])")

    def side(self, tokens: Iterable[Token], scope: Section | None, other: Iterable[Token]) -> Side:
        """What the references of one side of a statement stand for, given the section it stands in."""
        side = Side()
        for token in tokens:
            if token.word is Word.TASKS:
                self._tasks(token, side)
            elif token.word is Word.PHASES:
                self._by_figures(token, side, self._phase, "Phase")
            elif token.word is Word.STORIES:
                self._by_figures(token, side, self._story, "US")
            elif token.word is Word.NAME:
                side.sections.update(dict.fromkeys(self.by_name[token.text]))
            elif token.word is Word.ALL_STORIES:
                side.sections.update(dict.fromkeys(self._stories()))
            elif token.word is Word.ALL_BEFORE:
                side.sections.update(dict.fromkeys(self._before(other, scope)))
            elif token.word is Word.THIS and scope is not None:
                side.sections[scope] = None
        return self._tidied(side)

    def _tidied(self, side: Side) -> Side:
        """“Tests (T4-T7)” names one thing twice: the section stands where the tasks are all it holds."""
        for section in list(side.sections):
            own = set(section.keys) if side.keys else set()
            inside = [key for key in side.keys if key in own]
            if not inside:
                continue
            if len(inside) == len(section.keys):
                side.keys = {key: None for key in side.keys if key not in inside}
            else:
                del side.sections[section]
        return side

    def _tasks(self, token: Token, side: Side) -> None:
        (first, last), *_ = token.items or (("", ""),)
        if first == last:
            if first in self.home:
                side.keys[first] = None
            elif found := self._by_id.get(first.lower()):
                side.keys[found] = None
            elif (section := self.by_number.get(_number(first))) and not first[0].isalpha():
                side.sections[section] = None
            elif _LOOKS_LIKE_A_TASK.fullmatch(first):
                side.unknown.append(first)
            return
        low, high = _figure(first), _figure(last)
        inside = [
            key for figure, key in self._sorted_ids if low and high and figure and low <= figure <= high
        ]
        side.keys.update(dict.fromkeys(sorted(inside, key=self.place.__getitem__)))
        ends = [
            end
            for end in (first, last)
            if end.lower() not in self._by_id and _LOOKS_LIKE_A_TASK.fullmatch(end)
        ]
        side.unknown += ends

    def _by_figures(self, token: Token, side: Side, look_up: Callable[[str, Side], bool], what: str) -> None:
        for first, last in token.items:
            if first[:1] in "Pp" and not first.isdigit():
                side.sections.update(
                    dict.fromkeys(each for each in self._stories() if str(each.priority) == first[1:])
                )
                continue
            if last == OPEN_END:
                side.sections.update(dict.fromkeys(self._from(first)))
                continue
            for number in _between(first, last):
                if not look_up(number, side) and (first == last):
                    side.unknown.append(f"{what} {number}" if what == "Phase" else f"{what}{number}")

    def _from(self, first: str) -> list[Section]:
        """The phases from a number on: “User Stories (Phase 3+)” are those of them that are stories."""
        start = self.by_number.get(_number(first))
        later = self.phases[self.phases.index(start) :] if start in self.phases else []
        return [each for each in later if self.kinds[each] is Kind.STORY] or later

    def _phase(self, number: str, side: Side) -> bool:
        section = self.by_number.get(number)
        if section is not None:
            side.sections[section] = None
        return section is not None

    def _story(self, number: str, side: Side) -> bool:
        if number in self.by_story:
            side.sections.update(dict.fromkeys(self.by_story[number]))
            return True
        side.keys.update(dict.fromkeys(self.labelled.get(number, ())))
        return number in self.labelled

    def _stories(self) -> list[Section]:
        named = dict.fromkeys(each for sections in self.by_story.values() for each in sections)
        found = [section for section in self.sections if section in named]
        return found or [section for section in self.phases if self.kinds[section] is Kind.OTHER]

    def _before(self, other: Iterable[Token], scope: Section | None) -> list[Section]:
        """All phases before the ones that the other side names."""
        named = self.side([token for token in other if token.word is not Word.ALL_BEFORE], scope, ())
        ends = [self.phases.index(top) for each in named.sections if (top := _top(each)) in self.phases]
        return self.phases[: min(ends)] if ends else []

    def links(
        self, before: Side, after: Side
    ) -> tuple[list[tuple[str | Section, str | Section]], str | None]:
        """The pairs that a statement makes, few of them: whole sections where they stand for all their tasks.

        With it the reason why there are none, where that needs saying.
        """
        first, second = self._ends(before, after), self._ends(after, before)
        if len(first) * len(second) > _MOST_SINGLE_LINKS:
            count = len(first) * len(second)
            return [], f"it orders {count} pairs of tasks, more than {_MOST_SINGLE_LINKS}"
        return [(one, other) for one in first for other in second if one != other], None

    def _ends(self, side: Side, other: Side) -> list[str | Section]:
        # “US1 comes before all stories” means the others: what both sides name counts on the shorter one.
        shorter = len(side.sections) < len(other.sections)
        sections = [section for section in side.sections if shorter or section not in other.sections]
        keys = list(side.keys)
        others = len(other.keys) + len(other.sections)
        if len(keys) > 1 and len(keys) * others > _FEW_LINKS:
            exact = next((each for each in self.sections if each.keys == keys), None)
            if exact is not None:
                return [*sections, exact]
        ends: list[str | Section] = []
        for section in sections:
            ends.append(section.keys[0] if len(section.keys) == 1 else section)
        return [*ends, *(key for key in keys if key not in ends)]


def _outermost(sections: Sequence[Section]) -> list[Section]:
    """The phases: sections with a number, else those of the second level, that lie in no other phase."""
    numbered = [section for section in sections if section.phase is not None]
    chosen = [each for each in numbered if not any(above.phase is not None for above in list(each.chain)[1:])]
    around = {each.above for each in chosen}
    loose = [each for each in sections if each.level == 2 and each.phase is None and each not in around]
    return sorted((*chosen, *loose), key=lambda section: section.line)


def _top(section: Section) -> Section:
    """The phase that a section lies in: the outermost section with a number, else itself."""
    numbered = [each for each in section.chain if each.phase is not None]
    return numbered[-1] if numbered else section


def _number(text: str | None) -> str:
    return (text or "").lower().lstrip("0") or "0"


def _between(first: str, last: str) -> list[str]:
    """The figures from one to another, both included; of letters and decimals just the two."""
    if first == last:
        return [_number(first)]
    if first.isdigit() and last.isdigit() and int(first) <= int(last):
        return [str(number) for number in range(int(first), min(int(last), int(first) + 60) + 1)]
    return [_number(first), _number(last)]


def _figure(key: str) -> tuple[str, int, int, int, str] | None:
    """What ids are ranged by: what stands before the figures, the figures, the letter behind them."""
    stem = re.match(r"\D*", key)
    found = _NUMBERED.fullmatch(key, stem.end() if stem else 0)
    if found is None or stem is None:
        return None
    return (stem[0].lower(), int(found[1]), int(found[2] or 0), int(found[3] or 0), found[4].lower())
