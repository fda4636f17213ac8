"""What the fields of a task of task-master say, as the values of a task of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from planner_core.durations import BadDuration, parse_duration
from planner_core.formats.draft import Draft
from planner_core.formats.leftovers import Leftovers
from planner_core.formats.located_json import Record, Value, moment_of, text_of, texts_of
from planner_core.formats.mending import shown
from planner_core.formats.sections import criteria_in, joined
from planner_core.items import DEFAULT_PRIORITY
from planner_core.vocabulary import Status

DETAILS = "Details"

PRIORITIES = {"critical": 1, "urgent": 1, "high": 2, "medium": 3, "normal": 3, "low": 4, "lowest": 5}
STATUSES = {
    "pending": Status.PENDING,
    "todo": Status.PENDING,
    "to-do": Status.PENDING,
    "open": Status.PENDING,
    "not-started": Status.PENDING,
    "in-progress": Status.IN_PROGRESS,
    "review": Status.REVIEW,
    "in-review": Status.REVIEW,
    "blocked": Status.BLOCKED,
    "done": Status.COMPLETED,
    "completed": Status.COMPLETED,
    "complete": Status.COMPLETED,
    "closed": Status.COMPLETED,
    "failed": Status.FAILED,
    "deferred": Status.DEFERRED,
    "cancelled": Status.CANCELLED,
    "canceled": Status.CANCELLED,
}

# What says more about the work than fits elsewhere stays in the description, under these headings.
_SECTIONS = {
    "implementationApproach": "Implementation approach",
    "technicalConstraints": "Technical constraints",
    "existingInfrastructure": "Existing infrastructure",
    "codebasePatterns": "Codebase patterns",
    "scopeBoundaries": "Scope",
    "category": "Category",
    "tags": "Tags",
}
_TEXTS = (
    "title",
    "name",
    "description",
    "details",
    "testStrategy",
    "acceptanceCriteria",
    "skills",
    "assignee",
)
_STRUCTURE = ("id", "dependencies", "subtasks", "parentId", "parentTaskId")
_STATES = ("status", "priority", "relevantFiles", "updatedAt", "metadata")
_UNITS = {
    "effort": "",
    "estimate": "",
    "estimatedEffort": "",
    "estimatedTime": "",
    "timeEstimate": "",
    "duration": "",
    "estimatedDays": "d",
    "estimatedHours": "h",
    "estimated_hours": "h",
    "estimatedMinutes": "m",
    "estimated_minutes": "m",
}
_NOTHING: tuple[Value, ...] = (None, "", [], Record())
_KNOWN = frozenset((*_SECTIONS, *_TEXTS, *_STRUCTURE, *_STATES, *_UNITS))
# What task-master notes for itself: one note for all tasks says that it is left out.
BOOKKEEPING = frozenset(
    (
        *("complexity", "complexityScore", "complexityReasoning", "recommendedSubtasks", "expansionPrompt"),
        *(
            "previousStatus",
            "databaseId",
            "createdAt",
            "created",
            "updated",
            "actualEffort",
            "parentTask",
            "isSubtask",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Fields:
    """A task's record, read field by field; what cannot be kept is noted in the draft under its key."""

    record: Record
    key: str
    draft: Draft
    leftovers: Leftovers

    def make(self, *, parent: str | None, title: str = "") -> str:
        """Adds the task to the draft; returns its key. The title is for a task that is only a text."""
        record = self.record
        self._tell_odd_fields()
        acceptance, how_to_test = self._acceptance()
        files, remarks = self._files()
        sections = [(DETAILS, text_of(record.get("details"))), ("Test strategy", how_to_test)]
        sections += [(heading, text_of(record.get(name))) for name, heading in _SECTIONS.items()]
        sections.append(("Relevant files", "\n".join(remarks)))
        status = self._status()
        return self.draft.task(
            self.key,
            line=record.line,
            title=title or text_of(record.get("title")) or text_of(record.get("name")),
            description=joined(text_of(record.get("description")), sections),
            acceptance=acceptance,
            estimate=self._estimate(),
            priority=self._priority(),
            parent=parent,
            agent=text_of(record.get("assignee")),
            skills=texts_of(record.get("skills")),
            modifies=files["modify"],
            creates=files["create"],
            reads=files["reference"],
            status=status,
            finished=self._finished(status),
        )

    def _lost(self, message: str) -> None:
        self.draft.lost(message, line=self.record.line, task=self.key)

    def _guessed(self, message: str) -> None:
        self.draft.guessed(message, line=self.record.line, task=self.key)

    def _tell_odd_fields(self) -> None:
        for name in self.record.doubled:
            message = f"“{shown(name)}” is there more than once: the last one was taken."
            self.draft.repaired(message, line=self.record.line, task=self.key)
        for name, value in self.record.items():
            if name in BOOKKEEPING and value not in _NOTHING:
                self.leftovers.add(name, self.record.line)
            elif name not in _KNOWN and value not in _NOTHING:
                self._lost(f"“{shown(name)}” is left out: {shown(text_of(value))}")

    def _status(self) -> Status:
        said = text_of(self.record.get("status")).strip()
        status = STATUSES.get(said.lower().replace(" ", "-").replace("_", "-"))
        if status is None and said:
            self._guessed(f"The status “{shown(said)}” is unknown: pending was taken.")
        return status or Status.PENDING

    def _finished(self, status: Status) -> datetime | None:
        """When a task was changed last, which for one that is done is taken for its end."""
        moment = moment_of(self.record.get("updatedAt"))
        if moment is not None and status is Status.COMPLETED:
            self._guessed("When it was updated last is taken for when it was finished.")
            return moment
        if self.record.get("updatedAt") not in _NOTHING:
            self.leftovers.add("updatedAt", self.record.line)
        return None

    def _priority(self) -> int:
        said = text_of(self.record.get("priority")).strip()
        priority = PRIORITIES.get(said.lower())
        if priority is None and said:
            self._guessed(f"The priority “{shown(said)}” is unknown: medium was taken.")
        return priority or DEFAULT_PRIORITY

    def _acceptance(self) -> tuple[list[str], str]:
        """The lines of its test strategy and acceptance criteria, and the texts that are more than lines."""
        texts = [text_of(self.record.get(name)) for name in ("testStrategy", "acceptanceCriteria")]
        first, second = (criteria_in(text) for text in texts)
        said = frozenset(first or ())
        found = [*(first or ()), *(each for each in second or () if each not in said)]
        rest = [text for text, lines in zip(texts, (first, second), strict=True) if lines is None]
        return found, "\n\n".join(rest)

    def _files(self) -> tuple[dict[str, list[str]], list[str]]:
        """Its relevant files by what is done to them, and what is said about them."""
        files: dict[str, list[str]] = {"create": [], "modify": [], "reference": []}
        remarks: list[str] = []
        value = self.record.get("relevantFiles")
        for each in value if isinstance(value, list) else [value]:
            path, action, remark = each, "", ""
            if isinstance(each, Record):
                path, action = each.get("path") or each.get("file"), text_of(each.get("action")).lower()
                remark = text_of(each.get("description"))
            spelled = text_of(path).strip()
            if not spelled:
                continue
            if action not in files:
                self._guessed(f"What it does to {shown(spelled)} is not said: that it modifies it was taken.")
            files.get(action, files["modify"]).append(spelled)
            if remark.strip():
                remarks.append(f"- {spelled}: {remark}")
        return files, remarks

    def _estimate(self) -> int | None:
        """The minutes that it is said to take, where the unit is said, too."""
        metadata = self.record.get("metadata")
        said = [(name, self.record.get(name), unit) for name, unit in _UNITS.items()]
        if isinstance(metadata, Record):
            said.append(("estimate", metadata.get("estimate"), ""))
            for name in [name for name in metadata if name != "estimate"]:
                self._lost(f"“metadata.{shown(name)}” is left out: {shown(text_of(metadata[name]))}")
        elif metadata not in _NOTHING:
            self._lost(f"“metadata” is left out: {shown(text_of(metadata))}")
        found: int | None = None
        for name, value, unit in said:
            text = text_of(value).strip()
            if not text:
                continue
            minutes = _minutes(text, unit)
            if minutes is None:
                self._lost(f"“{name}” is left out: “{shown(text)}” is no duration with a unit.")
            elif found is not None and minutes != found:
                self._lost(f"“{name}” is left out: “{shown(text)}” is not what was said before.")
            else:
                found = minutes
        return found


def _minutes(text: str, unit: str) -> int | None:
    if not any(letter.isalpha() for letter in text):
        if not unit:
            return None
        text += unit
    try:
        return parse_duration(text)
    except BadDuration:
        return None
