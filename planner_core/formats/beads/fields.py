"""What the fields of an issue of beads say, as the values of a task of a plan."""

from __future__ import annotations

from planner_core.durations import BadDuration, parse_duration
from planner_core.formats.draft import Draft
from planner_core.formats.leftovers import Leftovers
from planner_core.formats.located_json import Record, Value, moment_of, text_of, texts_of
from planner_core.formats.mending import shown
from planner_core.formats.sections import criteria_in, joined
from planner_core.items import DEFAULT_PRIORITY
from planner_core.vocabulary import Status

SECTIONS = {"design": "Design", "notes": "Notes"}
LABELS = "Labels"
BETWEEN_LABELS = ", "
PRIORITIES = ("0", "1", "2", "3", "4")
STATUSES = {
    "open": Status.PENDING,
    "todo": Status.PENDING,
    "pending": Status.PENDING,
    "pinned": Status.PENDING,
    "in_progress": Status.IN_PROGRESS,
    "hooked": Status.IN_PROGRESS,
    "review": Status.REVIEW,
    "in_review": Status.REVIEW,
    "blocked": Status.BLOCKED,
    "closed": Status.COMPLETED,
    "done": Status.COMPLETED,
    "completed": Status.COMPLETED,
    "failed": Status.FAILED,
    "deferred": Status.DEFERRED,
    "cancelled": Status.CANCELLED,
    "canceled": Status.CANCELLED,
}
_GUESSES = {"pinned": "that stays open for good", "hooked": "that an agent has on its hook"}

# What is read elsewhere or here; what beads notes for itself is told once for all issues.
_KNOWN = frozenset(
    (
        *("id", "title", "description", "design", "acceptance_criteria", "notes", "status", "priority"),
        *("issue_type", "assignee", "estimated_minutes", "labels", "external_ref", "close_reason"),
        *("started_at", "closed_at", "dependencies", "blocked_by", "depends_on", "parent", "parent_id"),
    )
)
_BOOKKEEPING = frozenset(
    (
        *("created_at", "created_by", "updated_at", "compaction_level", "compacted_at", "original_size"),
        *("compacted_at_commit", "content_hash", "source_repo", "owner", "closed_by_session", "dependents"),
        *("dependency_count", "dependent_count", "comment_count", "sender", "ephemeral", "is_template"),
    )
)
_NOTHING: tuple[Value, ...] = (None, "", "0", [], Record(), False)


def make_task(draft: Draft, record: Record, key: str, parent: str | None, leftovers: Leftovers) -> None:
    """Adds an issue to the draft as a task; what of it cannot be kept is noted."""
    _tell_odd_fields(draft, record, key, leftovers)
    status = _status(draft, record, key)
    criteria = text_of(record.get("acceptance_criteria"))
    lines = criteria_in(criteria)
    head = joined(
        text_of(record.get("description")),
        (
            ("Acceptance criteria", criteria if lines is None else ""),
            ("External reference", text_of(record.get("external_ref"))),
            ("Close reason", text_of(record.get("close_reason"))),
        ),
    )
    sections = [(heading, text_of(record.get(name))) for name, heading in SECTIONS.items()]
    labels = record.get("labels")
    texts = [text_of(each) for each in labels] if isinstance(labels, list) else texts_of(labels)
    sections.append((LABELS, BETWEEN_LABELS.join(texts)))
    draft.task(
        key,
        line=record.line,
        title=text_of(record.get("title")),
        description=joined(head, sections),
        acceptance=lines or (),
        estimate=_estimate(draft, record, key),
        priority=_priority(draft, record, key),
        parent=parent,
        agent=text_of(record.get("assignee")),
        status=status,
        started=moment_of(record.get("started_at")),
        finished=moment_of(record.get("closed_at")),
    )


def _tell_odd_fields(draft: Draft, record: Record, key: str, leftovers: Leftovers) -> None:
    for name in record.doubled:
        message = f"“{shown(name)}” is there more than once: the last one was taken."
        draft.repaired(message, line=record.line, task=key)
    for name, value in record.items():
        if name in _KNOWN or value in _NOTHING:
            continue
        if name in _BOOKKEEPING:
            leftovers.add(name, record.line)
        else:
            draft.lost(f"“{shown(name)}” is left out: {shown(text_of(value))}", line=record.line, task=key)
    for name in ("started_at", "closed_at"):
        said = text_of(record.get(name)).strip()
        if said and not said.startswith("0001-01-01") and moment_of(said) is None:
            message = f"“{name}” is left out: “{shown(said)}” is no time."
            draft.lost(message, line=record.line, task=key)


def _status(draft: Draft, record: Record, key: str) -> Status:
    said = text_of(record.get("status")).strip()
    folded = said.lower().replace(" ", "_").replace("-", "_")
    status = STATUSES.get(folded)
    if status is None and said:
        message = f"The status “{shown(said)}” is unknown: pending was taken."
        draft.guessed(message, line=record.line, task=key)
    elif status is not None and folded in _GUESSES:
        message = f"The status “{folded}”, {_GUESSES[folded]}, is taken for {status.value.replace('_', ' ')}."
        draft.guessed(message, line=record.line, task=key)
    return status or Status.PENDING


def _priority(draft: Draft, record: Record, key: str) -> int:
    said = text_of(record.get("priority")).strip()
    folded = said.upper().removeprefix("P")
    if folded in PRIORITIES:
        return int(folded) + 1
    if said:
        message = f"The priority “{shown(said)}” is not 0 to 4: 2 was taken."
        draft.guessed(message, line=record.line, task=key)
    return DEFAULT_PRIORITY


def _estimate(draft: Draft, record: Record, key: str) -> int | None:
    said = text_of(record.get("estimated_minutes")).strip()
    if not said:
        return None
    try:
        return parse_duration(said if said[-1:].isalpha() else f"{said}m")
    except BadDuration:
        message = f"“estimated_minutes” is left out: “{shown(said)}” is no number of minutes."
        draft.lost(message, line=record.line, task=key)
        return None
