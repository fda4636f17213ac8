"""Fields of a task that a Markdown file spells out below it: `- **Modifies**: src/app.py`, one value a line.

What stands behind the colon is the value as it is, whatever it holds. Lines that open with `>` are the
task's description.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from planner_core.durations import BadDuration, format_duration, parse_duration
from planner_core.items import DEFAULT_PRIORITY, Task, TaskProgress
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode, Layer, Status

KEY, TITLE, DEPENDS, PART_OF, PHASE, TRACK = "Key", "Title", "Depends on", "Part of", "Phase", "Track"
NOTHING = "(none)"
"""What a field without a value says, where its absence would say something else."""

_CLAIMS = {"Modifies": ClaimMode.MODIFIES, "Creates": ClaimMode.CREATES, "Reads": ClaimMode.READS}
_NAMES = (
    *("Key", "Title", "Depends on", "Part of", "Phase", "Track", "Modifies", "Creates", "Reads", "Estimate"),
    *("Priority", "Layer", "Bounded context", "Agent", "Skills", "Parallel safe", "Decides", "Accepted when"),
    *("Status", "Started", "Finished"),
)
_FIELD = re.compile(rf"[ \t]*(?:[-*+][ \t]+)?\*\*({'|'.join(_NAMES)})\*\*:(?: (.*))?")
_QUOTE = re.compile(r"[ \t]*>(?: ?(.*))")


@dataclass
class TaskFields:
    """The values that were spelled out, by field, in order; and the lines of the description."""

    values: dict[str, list[str]] = field(default_factory=dict)
    quoted: list[str] = field(default_factory=list)

    def take(self, line: str) -> bool:
        """Whether a line is a field or a part of the description, and was taken."""
        if found := _FIELD.fullmatch(line):
            values = self.values.setdefault(found[1], [])
            if (value := found[2] or "") != NOTHING:
                values.append(value)
            return True
        if quote := _QUOTE.fullmatch(line):
            self.quoted.append(quote[1])
            return True
        return False

    def one(self, name: str) -> str | None:
        """A field's value, None where it was not spelled out."""
        values = self.values.get(name)
        return None if values is None else next(iter(values), "")

    @property
    def description(self) -> str:
        """The quoted text."""
        return "\n".join(self.quoted)

    def arguments(self) -> tuple[dict[str, Any], list[str]]:
        """What was spelled out, as arguments of `Draft.task`, and what could not be understood."""
        found: dict[str, Any] = {}
        misread: list[str] = []
        for name, (argument, convert) in _ONES.items():
            said = self.one(name)
            if said is None:
                continue
            try:
                found[argument] = convert(said)
            except (ValueError, BadDuration):
                misread.append(f"{name}: {said}")
        for name, argument in _LISTS.items():
            if name in self.values:
                found[argument] = tuple(self.values[name])
        if any(name in self.values for name in _CLAIMS):
            found |= {mode.value: tuple(self.values.get(name, ())) for name, mode in _CLAIMS.items()}
        if self.quoted:
            found["description"] = self.description
        return found, misread


def _yes_or_no(said: str) -> bool:
    if said not in ("yes", "no"):
        raise ValueError(said)
    return said == "yes"


_ONES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "Title": ("title", str),
    "Phase": ("phase", str),
    "Track": ("track", str),
    "Estimate": ("estimate", parse_duration),
    "Priority": ("priority", int),
    "Layer": ("layer", Layer),
    "Bounded context": ("bounded_context", str),
    "Agent": ("agent", str),
    "Parallel safe": ("parallel_safe", _yes_or_no),
    "Status": ("status", Status),
    "Started": ("started", datetime.fromisoformat),
    "Finished": ("finished", datetime.fromisoformat),
}
_LISTS = {"Skills": "skills", "Decides": "decides", "Accepted when": "acceptance"}


def spelled(name: str, value: str) -> str:
    """A line with a field, to stand below a task."""
    return f"  - **{name}**: {value}"


def spelled_claims(task: Task) -> Iterator[str]:
    """The claims of a task as fields; where it has none, that it has none."""
    for name, mode in _CLAIMS.items():
        for claim in task.claims:
            if claim.mode is mode:
                yield spelled(name, claim.pattern)
    if not task.claims:
        yield spelled("Modifies", NOTHING)


def spelled_details(plan: Plan, task: Task, progress: TaskProgress) -> Iterator[str]:
    """What has no place in a task's own line: a field for each value that says something."""
    names = {agent.uid: agent.name for agent in plan.agents}
    values: list[tuple[str, str]] = []
    if task.priority != DEFAULT_PRIORITY:
        values.append(("Priority", str(task.priority)))
    if task.layer is not None:
        values.append(("Layer", task.layer.value))
    if task.bounded_context:
        values.append(("Bounded context", task.bounded_context))
    if task.agent is not None:
        values.append(("Agent", names[task.agent]))
    if task.parallel_safe is not None:
        values.append(("Parallel safe", "yes" if task.parallel_safe else "no"))
    values += [("Skills", skill) for skill in task.skills]
    values += [("Decides", question) for question in task.decides]
    values += [("Accepted when", criterion) for criterion in task.acceptance]
    for name, moment in (("Started", progress.started), ("Finished", progress.finished)):
        if moment is not None:
            values.append((name, moment.isoformat()))
    yield from (spelled(name, value) for name, value in values)
    if task.description:
        yield from (f"  > {line}" for line in task.description.split("\n"))


def spelled_estimate(task: Task) -> str:
    """A task's estimate as a field."""
    return spelled("Estimate", NOTHING if task.estimate is None else format_duration(task.estimate))
