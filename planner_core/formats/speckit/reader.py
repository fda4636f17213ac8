"""Reads spec-kit's `tasks.md` into a plan."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.document import Document, NewUid
from planner_core.formats.draft import Draft
from planner_core.formats.source import Source
from planner_core.formats.speckit.gathering import Gathered, gather
from planner_core.formats.speckit.groups import Groups, Kind
from planner_core.formats.speckit.named_files import named_files
from planner_core.formats.speckit.outline import Section, phase_name
from planner_core.formats.speckit.statements import Statement, statements_of
from planner_core.formats.speckit.task_lines import LONGEST_TITLE, TaskLine
from planner_core.formats.speckit.tokens import MOST_READ, Word
from planner_core.formats.task_fields import DEPENDS, KEY, PART_OF
from planner_core.items import DEFAULT_PRIORITY
from planner_core.plan import MAX_DEPENDENCIES
from planner_core.vocabulary import Status

NAME = "spec-kit"
_MOST_APART = 20
_MOST_GUESSED = 400
_TITLE = re.compile(
    r"(?:implementation )?tasks? ?(?:list|breakdown)?(?: for)? ?[:：–-] *(.+)|작업 ?(?:목록)? ?[:：] *(.+)",
    re.I,
)
_CAME_FROM = re.compile(
    r"(?<![ \t])[ \t]*(?:\(|[—–-] |\[)(?:depends on|dépend de)[ :]+[T\d,\s+&–-]+(?:and T?\d+)?[)\]]?$", re.I
)


def read(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The plan that a `tasks.md` holds.

    Phases become phases, story labels tracks, path tokens `modifies` claims (the feature's own design
    documents `reads`). What the file states about the order of single tasks become their dependencies. What
    it states about phases and stories become dependencies of summary tasks, which hold the tasks of the phase
    or story: one each, not one for every pair of tasks. Where the file says nothing about a phase, the
    template's rule is taken: setup, then foundation, then the stories, then polish. `[P]` states nothing.

    Raises InvalidPlan where there is no task.
    """
    found = gather(source.text())
    if not found.tasks:
        raise InvalidPlan(
            (Problem("No tasks were found: a task is a line such as “- [ ] T001 Do it”.", line=1),)
        )
    return [_Reading(source, found, new_uid).document()]


class _Reading:
    """One file on its way into a plan."""

    def __init__(self, source: Source, found: Gathered, new_uid: NewUid) -> None:
        self.found = found
        title = found.sections[1].title if len(found.sections) > 1 and found.sections[1].level == 1 else ""
        stated = _TITLE.match(title)
        self.draft = Draft(
            NAME, title=(stated[1] or stated[2]) if stated else title or source.name, new_uid=new_uid
        )
        self.keys = self._keys()
        self.home = dict(zip(self.keys, found.homes, strict=True))
        for section in found.sections:
            section.keys = []
        stories: dict[str, list[str]] = {}
        for key, task, home in zip(self.keys, found.tasks, found.homes, strict=True):
            for each in home.chain:
                each.keys.append(key)
            for story in task.stories:
                stories.setdefault(story, []).append(key)
        self.groups = Groups(found.sections, self.home, stories)
        self.links: dict[tuple[str | Section, str | Section], int | None] = {}
        self.waiting: set[Section] = set()

    def _keys(self) -> list[str]:
        """The ids as the plan will have them: unique."""
        seen: Counter[str] = Counter()
        keys = []
        for task in self.found.tasks:
            key = task.fields.one(KEY) or task.key
            seen[key] += 1
            keys.append(key if seen[key] == 1 else f"{key}~{seen[key]}")
        return keys

    def document(self) -> Document:
        for line, message in self.found.guessed:
            self.draft.guessed(message, line=line)
        for line, message in self.found.lost:
            self.draft.lost(message, line=line)
        for _, lines in self.found.prose:
            for prose in lines:
                if len(prose.text) > MOST_READ:
                    message = f"Only the first {MOST_READ:,} characters of this line were read for order."
                    self.draft.lost(message, line=prose.number)
        for statement in statements_of(self.found, self.keys, self.groups):
            self._state(statement)
        known = set(self.keys)
        for key, task in zip(self.keys, self.found.tasks, strict=True):
            for other in task.fields.values.get(DEPENDS, ()):
                if other in known:
                    self.links.setdefault((other, key), task.line)
        self._follow_the_template()
        self._prune()
        summaries = self._summaries()
        names = self._phase_names()
        opened: set[Section] = set()
        for key, task, home in zip(self.keys, self.found.tasks, self.found.homes, strict=True):
            inside = [section for section in home.chain if section in summaries]
            for depth, section in reversed(list(enumerate(inside))):
                if section not in opened:
                    opened.add(section)
                    above = summaries[inside[depth + 1]] if depth + 1 < len(inside) else None
                    self._summary(section, summaries, above, names)
            self._task(key, task, home, summaries[inside[0]] if inside else None, names)
        for (before, after), stated in self.links.items():
            self.draft.depends(self._end(after, summaries), self._end(before, summaries), line=stated)
        return self.draft.finish()

    # --- order --------------------------------------------------------------------------------------------

    def _state(self, statement: Statement) -> None:
        order, line = statement.order, statement.line
        if not order.before:
            self.waiting.update(self.groups.side(order.after, statement.section, ()).sections)
            return
        if any(token.word is Word.EXCEPT for token in order.after):
            self._all_but(statement)
            return
        before = self.groups.side(order.before, statement.section, order.after)
        after = self.groups.side(order.after, statement.section, order.before)
        for missing in dict.fromkeys((*before.unknown, *after.unknown)):
            if before.keys or before.sections or after.keys or after.sections:
                self.draft.lost(f"The order it states names {missing}, which has no task here.", line=line)
        if len(self.links) >= MAX_DEPENDENCIES:
            self.draft.lost(
                "What this line states about order is left out: the file states too much.", line=line
            )
            return
        pairs, trouble = self.groups.links(before, after)
        if trouble:
            self.draft.lost(f"What this line states about order is left out: {trouble}.", line=line)
        for one, other in pairs:
            if _holds(one, other) or _holds(other, one):
                continue
            self.links.setdefault((one, other), line)
            if isinstance(other, Section):
                self.waiting.add(other)

    def _all_but(self, statement: Statement) -> None:
        """“All tasks except T9 can run in parallel”: where T9 is the last one, it comes after the others."""
        side = self.groups.side(statement.order.before, statement.section, ())
        apart = self.groups.side(statement.order.after, statement.section, ())
        for section in side.sections:
            last = [key for key in section.keys if key in apart.keys]
            if not 0 < len(last) <= _MOST_APART or section.keys[-len(last) :] != last:
                continue
            for key in last:
                for other in section.keys[: -len(last)]:
                    self.links.setdefault((other, key), statement.line)
                message = "It alone of its phase does not run beside the others: it comes after them."
                self.draft.guessed(message, line=statement.line, task=key)

    def _follow_the_template(self) -> None:
        """The template's rule, for the phases of which the file does not say what they wait for."""
        of: dict[Kind, list[Section]] = {kind: [] for kind in Kind}
        for section in self.groups.phases:
            of[self.groups.kinds[section]].append(section)
        work = of[Kind.STORY] or of[Kind.OTHER]
        base = of[Kind.FOUNDATION] or of[Kind.SETUP]
        rules = [(of[Kind.SETUP], of[Kind.FOUNDATION]), (base, work), (work, of[Kind.POLISH])]
        if not work:
            rules[2] = (base, of[Kind.POLISH])
        for before, after in rules:
            if len(before) * len(after) > _MOST_GUESSED:
                continue
            for section in after:
                if section in self.waiting or (len(section.keys) == 1 and self._waits(section.keys[0])):
                    continue
                for earlier in before:
                    if earlier.line < section.line:
                        self._guess_order(earlier, section)

    def _prune(self) -> None:
        """Leaves out what is said of a section and of one that it lies in: the latter says it for both."""
        for before, after in list(self.links):
            wider = (
                ((outer, after) for outer in _around(before)),
                ((before, outer) for outer in _around(after)),
            )
            if any(pair in self.links for pairs in wider for pair in pairs):
                del self.links[before, after]

    def _waits(self, key: str) -> bool:
        return any(after == key and isinstance(before, Section) for before, after in self.links)

    def _guess_order(self, before: Section, after: Section) -> None:
        ends = tuple(each.keys[0] if len(each.keys) == 1 else each for each in (before, after))
        if ends not in self.links:
            self.links[ends[0], ends[1]] = after.line
            names = _called(after), _called(before)
            message = f"The file does not say what {names[0]} waits for: {names[1]}, as in the template."
            self.draft.guessed(message, line=after.line)

    # --- tasks --------------------------------------------------------------------------------------------

    def _summaries(self) -> dict[Section, str]:
        """The sections that dependencies are stated for, with the keys of the summary tasks they become."""
        used = {end for ends in self.links for end in ends if isinstance(end, Section)}
        taken = set(self.keys)
        found: dict[Section, str] = {}
        for section in self.found.sections:
            if section in used:
                key = name = _called(section)
                number = 1
                while key in taken:
                    number += 1
                    key = f"{name}~{number}"
                taken.add(key)
                found[section] = key
        return found

    def _phase_names(self) -> dict[Section, str]:
        """What the phases are called; by their whole headings where two would be called the same."""
        names = {section: phase_name(section.title) for section in self.found.sections}
        numbered = Counter(names[section] for section in self.groups.phases)
        return {section: section.title if numbered[name] > 1 else name for section, name in names.items()}

    def _phase_of(self, home: Section, names: dict[Section, str]) -> str | None:
        numbered = next((each for each in home.chain if each.phase is not None), None)
        section = numbered or next((each for each in home.chain if each.level == 2), None)
        return names[section] if section is not None else None

    def _summary(
        self, section: Section, keys: dict[Section, str], above: str | None, names: dict[Section, str]
    ) -> None:
        key = keys[section]
        self.draft.task(
            key,
            line=section.line,
            title=phase_name(section.title),
            phase=self._phase_of(section, names),
            parent=above,
            priority=section.priority or DEFAULT_PRIORITY,
        )
        message = (
            f"{key} is a task with the tasks of its section in it: what the file says of it holds for them."
        )
        self.draft.guessed(message, line=section.line, task=key)

    def _task(
        self, key: str, task: TaskLine, home: Section, parent: str | None, names: dict[Section, str]
    ) -> None:
        texts = [task.text, *(text for _, text in task.below), *task.acceptance]
        files = named_files(texts)
        title = _CAME_FROM.sub("", task.title).strip() or task.title
        whole, task.title = title, title
        short = task.short_title
        below = [*task.notes, *(text for _, text in task.below)]
        description = "\n".join([whole, *below] if len(whole) > LONGEST_TITLE else below)
        said: dict[str, Any] = {
            "title": short,
            "description": description,
            "acceptance": task.acceptance,
            "estimate": task.estimate,
            "priority": next((each.priority for each in home.chain if each.priority), DEFAULT_PRIORITY),
            "track": task.stories[0] if task.stories else None,
            "phase": self._phase_of(home, names),
            "agent": task.agent,
            "modifies": files.modifies,
            "reads": files.reads,
            "status": task.status,
        }
        spelled, misread = task.fields.arguments()
        if "description" in spelled and description:
            spelled["description"] = f"{spelled['description']}\n{description}"
        said |= spelled
        self.draft.task(
            task.fields.one(KEY) or task.key,
            line=task.line,
            parent=task.fields.one(PART_OF) or parent,
            **said,
        )
        for each in misread:
            self.draft.lost(f"“{each}” is not understood and left out.", line=task.line, task=key)
        for other in task.stories[1:]:
            self.draft.lost(f"It belongs to {other} as well: a task has one track.", line=task.line, task=key)
        for guess in task.guesses:
            self.draft.guessed(guess, line=task.line, task=key)
        if task.ticked and not (task.status is Status.COMPLETED and task.ticked == len(task.acceptance)):
            count = f"{task.ticked} of its {len(task.acceptance)}"
            message = f"{count} criteria of acceptance are ticked: a plan keeps no ticks of them."
            self.draft.lost(message, line=task.line, task=key)

    def _end(self, end: str | Section, summaries: dict[Section, str]) -> str:
        return end if isinstance(end, str) else summaries[end]


def _holds(outer: str | Section, inner: str | Section) -> bool:
    """Whether one end is part of the other."""
    if not isinstance(outer, Section):
        return False
    return inner in outer.keys if isinstance(inner, str) else outer in inner.chain


def _around(end: str | Section) -> list[Section]:
    """The sections that a section lies in."""
    return [] if isinstance(end, str) else list(end.chain)[1:]


def _called(section: Section) -> str:
    """What the summary task of a section is called: “Phase 3”, “US2”, else its heading."""
    if section.phase is not None:
        return f"Phase {section.phase}"
    story = re.search(r"\b(?:US|user story)[ -]?(\d{1,3})", section.title, re.I)
    return (
        f"US{story[1]}"
        if story
        else (phase_name(section.title)[:60].strip() or f"Section in line {section.line}")
    )
