"""Finds what a file states about the order of its tasks, wherever it does so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from planner_core.formats.speckit.drawings import orders_in_drawing
from planner_core.formats.speckit.gathering import Gathered
from planner_core.formats.speckit.groups import Groups
from planner_core.formats.speckit.outline import Kind, Line, Section, plain
from planner_core.formats.speckit.sentences import Order, orders_in, references_in, subject_of
from planner_core.formats.speckit.task_lines import TaskLine, bullet
from planner_core.formats.speckit.tokens import REFERENCES, Token, Word, tokens_of
from planner_core.formats.task_fields import DEPENDS

_ABOUT_ORDER = re.compile(
    r"depend|dépend|order|ordre|sequenc|séquence|critical path|chemin critique|parallel|parallèle|"
    r"prerequisite|"
    r"prérequis|execution|의존|순서|선행|병렬|실행|зависимост|порядок|依赖|依存",
    re.I,
)
_EXAMPLES = re.compile(r"example|exemple|예시|예제|within each|au sein de", re.I)
_LEAD = re.compile(
    r"[\W\d]{0,12}(?:dependenc|depends|prereq|blocks|blocked|blocking|requires|needs|after|order|sequenc|"
    r"note|important|"
    r"critical|caution|warning|dépend|prérequis|après|의존|선행|전제|주의|참고|중요|зависит|зависимост)",
    re.I,
)
_TASK_LEAD = re.compile(
    r"[\W\d]{0,8}(?:dependenc|depends|deps|prereq|blocked|blocks|requires|after|dépend|prérequis|의존|선행)",
    re.I,
)
# In a task's text “until phase 4” is about the product; these words are about the work.
_STRONG = re.compile(r"depend|dépend|blocked by|prerequisite|prérequis|의존|선행", re.I)
_FIGURES = (Word.TASKS, Word.PHASES, Word.STORIES)
_WAITS_COLUMN = re.compile(
    r"depend|dépend|prereq|prérequis|requires|blocked by|waits|after|의존|선행|зависит|依赖", re.I
)
_BLOCKS_COLUMN = re.compile(r"\bblocks|unblocks|bloque|차단|required by|needed by", re.I)
_NOT_COLUMN = re.compile(r"independent|parallel", re.I)
_WAITS_FOR_NOTHING = re.compile(
    r"\b(?:no|aucune) (?:dependenc(?:y|ies)|dépendance)s?[ \t]*(?:[.;,(—–-]|$)", re.I
)
_RULE = re.compile(r"\|?[\s:|-]{3,}\|?")
_STROKES = frozenset("─━│┃┌┐└┘├┤►▼◄▲╭╮╰╯")
_LISTED_TASK = re.compile(r"task\b", re.I)
_ALIAS = re.compile(
    r"(?<![\w-])([A-Za-z]\w{0,30})(?:\[{1,2}|\({1,2}|"
    r"\{{1,2})[\"/(]{0,2}([^\[\]{}\"\n]{1,200}?)[\")/]{0,2}(?:\]|\)|\})"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that the file states about order, with the line and the section it stands in."""

    order: Order
    line: int
    section: Section | None = None
    subject: str = ""


def statements_of(found: Gathered, keys: Sequence[str], groups: Groups) -> Iterator[Statement]:
    """What the tasks' own lines say first, then what headings, prose, tables and drawings say, by line.

    `keys` are the ids of `found.tasks`.
    """
    known = set(keys)
    for task, key in zip(found.tasks, keys, strict=True):
        yield from _of_task(task, key, known)
    for section, lines in found.prose:
        yield from _of_heading(section)
        yield from _Prose(section, groups).read(lines)


def _of_task(task: TaskLine, key: str, known: Set[str]) -> Iterator[Statement]:
    scope = (Token(Word.TASKS, key, ((key, key),)),)
    if DEPENDS in task.fields.values:
        # What is spelled out holds, whatever the task's text may seem to say; exact keys are the reader's.
        for value in task.fields.values[DEPENDS]:
            if value not in known:
                for order in orders_in(f"depends on {plain(value)}", scope=scope, bound=True, arrows=False):
                    yield Statement(order, task.line, None, key)
        return
    texts = [
        (task.line, task.text),
        *((line, text) for line, text in task.below if _TASK_LEAD.match(plain(text))),
    ]
    for line, text in texts:
        for order in orders_in(plain(text), scope=scope, bound=True, arrows=False):
            accepted = _FIGURES if _STRONG.search(text) else (Word.TASKS,)
            if all(token.word in accepted for token in (*order.before, *order.after)):
                yield Statement(order, line, None, key)


def _of_heading(section: Section) -> Iterator[Statement]:
    if section.keys:
        scope = (Token(Word.THIS, ""),)
        for order in orders_in(section.title, scope=scope, bound=True, arrows=False):
            yield Statement(order, section.line, section)


class _Prose:
    """Reads what a section says besides its tasks."""

    def __init__(self, section: Section, groups: Groups) -> None:
        self.section = section
        self.names = groups.names
        titles = [each.title for each in section.chain]
        self.holds_tasks = any(
            each.phase is not None or each.keys for each in section.chain if each.level > 1
        )
        self.about_order = not self.holds_tasks and any(_ABOUT_ORDER.search(title) for title in titles)
        self.example = bool(_EXAMPLES.search(section.title))
        self.above: list[tuple[int, list[Token]]] = []
        heading = [token for token in subject_of(section.title, self.names) if token.word in REFERENCES]
        self.heading = heading if self.about_order else []

    def read(self, lines: Sequence[Line]) -> Iterator[Statement]:
        place = 0
        while place < len(lines):
            line = lines[place]
            if line.kind is Kind.FENCED:
                end = place
                while (
                    end < len(lines)
                    and lines[end].kind is Kind.FENCED
                    and lines[end].number - line.number == end - place
                ):
                    end += 1
                if self.about_order and not self.example:
                    yield from self._drawing(lines[place:end])
                place = end
            elif line.text.lstrip().startswith("|"):
                end = place
                while end < len(lines) and lines[end].text.lstrip().startswith("|"):
                    end += 1
                yield from self._table(lines[place:end])
                place = end
            else:
                yield from self._sentence(line)
                place += 1

    def _sentence(self, line: Line) -> Iterator[Statement]:
        text = plain(line.text)
        if not text:
            return
        indent, rest = bullet(line.text)
        rest = plain(rest)
        while self.above and self.above[-1][0] >= indent:
            self.above.pop()
        if self.holds_tasks:
            this = any(token.word is Word.THIS for token in tokens_of(rest))
            if not (_LEAD.match(rest) or this):
                return
            scope: list[Token] = [Token(Word.THIS, "")]
        else:
            scope = self.above[-1][1] if self.above else self.heading
        subject = subject_of(rest, self.names if self.about_order else None)
        is_lead = rest.endswith(":") or rest != line.text.strip()
        if subject and is_lead:
            self.above.append((indent - (rest.endswith(":") and rest == plain(line.text)), subject))
        if subject and self.about_order and _WAITS_FOR_NOTHING.search(rest):
            yield Statement(Order((), tuple(subject)), line.number, self.section)
        names = self.names if self.about_order or self.holds_tasks else None
        for order in orders_in(rest, scope=scope, arrows=self.about_order and not self.example, names=names):
            yield Statement(order, line.number, self.section)

    def _table(self, rows: Sequence[Line]) -> Iterator[Statement]:
        header = _cells(rows[0].text)
        columns = {}
        for place, cell in enumerate(header):
            if _NOT_COLUMN.search(cell):
                continue
            if _WAITS_COLUMN.search(cell):
                columns[place] = True
            elif _BLOCKS_COLUMN.search(cell):
                columns[place] = False
        if not columns:
            return
        for row in rows[1:]:
            if _RULE.fullmatch(row.text.strip()):
                continue
            cells = _cells(row.text)
            subjects = [
                references_in(cell, self.names) for place, cell in enumerate(cells) if place not in columns
            ]
            subject = next((each for each in subjects if each), [])
            for place, waits in columns.items():
                objects = references_in(cells[place], self.names) if place < len(cells) else []
                if subject and objects:
                    ends = (tuple(objects), tuple(subject)) if waits else (tuple(subject), tuple(objects))
                    yield Statement(Order(*ends), row.number, self.section)

    def _drawing(self, lines: Sequence[Line]) -> Iterator[Statement]:
        """Arrows between references on one line, names that a diagram gives to them, and drawn lines."""
        if any(char in _STROKES for line in lines for char in line.text):
            for order in orders_in_drawing([line.text for line in lines]):
                yield Statement(order, lines[0].number, self.section)
        aliases: dict[str, str] = {}
        for line in lines:
            for name, label in _ALIAS.findall(line.text):
                if any(token.word in REFERENCES for token in tokens_of(label)):
                    aliases.setdefault(name, label)
        pattern = (
            re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, aliases)) + r")(?![\w-])")
            if aliases
            else None
        )
        for line in lines:
            text = _ALIAS.sub(lambda found: f" {found[2]} " if found[1] in aliases else found[0], line.text)
            if pattern is not None and "-" in text:
                text = pattern.sub(lambda found: aliases[found[0]], text)
            if _LISTED_TASK.match(text.strip()) or text.strip().startswith("#"):
                continue
            for order in orders_in(text, names=None):
                if all(token.word in REFERENCES for token in (*order.before, *order.after)):
                    yield Statement(order, line.number, self.section)


def _cells(row: str) -> list[str]:
    return [plain(cell) for cell in row.strip().strip("|").split("|")]
