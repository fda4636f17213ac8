"""Writes a plan as a `tasks.json` with one tag."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Set
from itertools import count
from typing import Any

from planner_core.durations import format_duration
from planner_core.formats.document import Document, Note, Written
from planner_core.formats.sections import criteria_text, parted
from planner_core.formats.taskmaster.fields import DETAILS
from planner_core.formats.taskmaster.ids import NUMBER, Entry, Ids, wanted_key
from planner_core.formats.taskmaster.reader import MAIN_TAG
from planner_core.formats.unheld import unheld
from planner_core.item_checks import MAX_KEY
from planner_core.items import Task, TaskProgress
from planner_core.vocabulary import ClaimMode, Status

_HELD = frozenset(
    (
        *("plan_title", "plan_description", "description", "acceptance", "estimate", "agent", "parent"),
        *("skills", "claims", "finished"),
    )
)
_PRIORITIES = {1: "critical", 2: "high", 3: "medium", 4: "low", 5: "low"}
_STATUSES = {
    Status.PENDING: "pending",
    Status.IN_PROGRESS: "in-progress",
    Status.REVIEW: "review",
    Status.BLOCKED: "blocked",
    Status.COMPLETED: "done",
    Status.FAILED: "blocked",
    Status.DEFERRED: "deferred",
    Status.CANCELLED: "cancelled",
}
_ACTIONS = {ClaimMode.MODIFIES: "modify", ClaimMode.CREATES: "create", ClaimMode.READS: "reference"}
_LONGEST_NUMBER = 15


def write(document: Document) -> Written:
    """The plan under its document's name, or `master`; parts of summary tasks become subtasks.

    Estimates go to `metadata`, which task-master keeps for others: its own `effort` has no unit.
    """
    return _Writing(document).written()


class _Writing:
    """One plan on its way, with the ids that its tasks get and the keys that a reader will give them."""

    def __init__(self, document: Document) -> None:
        self.document, self.plan = document, document.plan
        self.lost = list(unheld(document, _HELD))
        self.entries: dict[str, Entry] = {}
        self.agents = {agent.uid: agent.name for agent in self.plan.agents}
        self._name_all()
        self.ids = Ids(self.entries.values())
        self._say_dependencies()

    def written(self) -> Written:
        """The text and what it does not hold."""
        outermost = [task for task in self.plan.tasks if task.parent is None]
        made: dict[str, dict[str, Any]] = {}
        for uid in reversed(self.entries):
            task = self.plan.task_by_uid[uid]
            parts = [made[part.uid] for part in self.plan.children.get(uid, ())]
            made[uid] = self._task(task, parts)
        metadata = {"projectName": self.plan.title, "description": self.plan.description}
        tag = {"tasks": [made[task.uid] for task in outermost], "metadata": metadata}
        text = json.dumps({self.document.name or MAIN_TAG: tag}, ensure_ascii=False, indent=2)
        for uid in self.entries:
            self._note(self.plan.task_by_uid[uid])
        return Written(text + "\n", tuple(self.lost))

    def _name_all(self) -> None:
        """Gives every task its id, each before its parts."""
        plan = self.plan
        taken = {task.key for task in plan.tasks}
        waiting = [(task, place) for place, task in enumerate(plan.tasks) if task.parent is None][::-1]
        while waiting:
            task, place = waiting.pop()
            parent = self.entries.get(task.parent or "")
            entry = Entry(task.key, parent, place, key=task.key)
            if parent is not None:
                self._name_part(entry, parent, taken)
            self.entries[task.uid] = entry
            waiting += [(part, at) for at, part in enumerate(plan.children.get(task.uid, ()))][::-1]
        if list(self.entries) != [task.uid for task in plan.tasks]:
            self.lost.append(Note("The order of the tasks is left out: parts follow their summary task."))

    def _name_part(self, entry: Entry, parent: Entry, taken: set[str]) -> None:
        given = entry.key
        local = given.removeprefix(f"{parent.key}.")
        if local != given and NUMBER.fullmatch(local):
            entry.local = local
        elif NUMBER.fullmatch(given):
            entry.local, entry.key = _free_number(given, parent.key, taken)
            taken.add(entry.key)
            message = f"Its key becomes {entry.key}: the numbers of subtasks are their task's own."
            self.lost.append(Note(message, task=given))
        assert wanted_key(entry, Counter((entry.local,))) == entry.key

    def _say_dependencies(self) -> None:
        """Spells each dependency so that a reader will understand it, a subtask's after its task's."""
        for uid, entry in self.entries.items():
            spelled: list[str] = []
            for before in self.plan.predecessors_of(uid):
                other = self.entries[before.uid]
                said = self._spelling(entry, other)
                if said is None:
                    message = f"That it waits for {before.key} is left out: a subtask cannot say so here."
                    self.lost.append(Note(message, task=self.plan.task_by_uid[uid].key))
                else:
                    spelled.append(said)
            entry.said = Counter(spelled)

    def _spelling(self, entry: Entry, other: Entry) -> str | None:
        are_siblings = entry.parent is not None and entry.parent is other.parent
        understood: list[tuple[bool, int, str]] = []
        for said in dict.fromkeys((other.local, other.key) if are_siblings else (other.key,)):
            meaning = self.ids.meaning(entry, said)
            if meaning is not None and meaning.entry is other:
                understood.append((bool(meaning.guess or meaning.repair), len(understood), said))
        return min(understood)[2] if understood else None

    def _task(self, task: Task, parts: list[dict[str, Any]]) -> dict[str, Any]:
        progress = self.document.progress.get(task.uid, TaskProgress())
        description, sections = parted(task.description, (DETAILS,))
        entry = self.entries[task.uid]
        values: dict[str, Any] = {
            "id": _number(entry.local),
            "title": task.title,
            "description": description,
            "details": sections.get(DETAILS, ""),
            "testStrategy": criteria_text(task.acceptance),
            "priority": _PRIORITIES[task.priority],
            "dependencies": [_number(said) for said in entry.said],
            "status": _STATUSES[progress.status],
            "subtasks": parts,
        }
        if task.agent is not None:
            values["assignee"] = self.agents[task.agent]
        if task.skills:
            values["skills"] = list(task.skills)
        if task.claims:
            values["relevantFiles"] = [
                {"path": claim.pattern, "description": "", "action": _ACTIONS[claim.mode]}
                for claim in task.claims
            ]
        if task.estimate is not None:
            values["metadata"] = {"estimate": format_duration(task.estimate)}
        if progress.finished is not None and progress.status is Status.COMPLETED:
            values["updatedAt"] = progress.finished.isoformat()
        return values

    def _note(self, task: Task) -> None:
        progress = self.document.progress.get(task.uid, TaskProgress())
        if task.priority == 5:
            self.lost.append(Note("Its priority 5 becomes low, which is read as 4.", task=task.key))
        if progress.status is Status.FAILED:
            self.lost.append(Note("That it failed is left out: it becomes blocked.", task=task.key))
        if progress.finished is not None and progress.status is not Status.COMPLETED:
            message = f"Its finish is left out: {progress.finished.isoformat()}. Only what is done has one."
            self.lost.append(Note(message, task=task.key))


def _number(text: str) -> int | str:
    """An id as task-master writes it: a number where it is one."""
    is_plain = NUMBER.fullmatch(text) and not text.startswith("0") and len(text) <= _LONGEST_NUMBER
    return int(text) if is_plain else text


def _free_number(wanted: str, parent: str, taken: Set[str]) -> tuple[str, str]:
    """A subtask's id and the key that it makes, which no other task has: the wanted number or a later."""
    number = wanted
    while (key := f"{parent}.{number}") in taken:
        number = str(int(number[:_LONGEST_NUMBER]) + 1)
    if len(key) <= MAX_KEY:
        return number, key
    name = next(name for name in map("#{}".format, count(1)) if name not in taken)
    return name, name
