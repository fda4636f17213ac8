"""The columns of a table of tasks, by the names that people give them, and what their cells say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from planner_core.vocabulary import Status

COLUMNS = (
    "key", "title", "estimate", "depends_on", "modifies", "creates", "reads", "phase", "track", "status",
    "started", "finished", "priority", "parent", "agent", "layer", "bounded_context", "skills",
    "parallel_safe", "decides", "acceptance", "description",
)  # fmt: skip
"""The columns that are written, in order."""

_OTHER_NAMES = {
    "key": "id task_id task_key issue issue_id issue_key ticket number no nr wbs",
    "title": "name task_name summary subject work_item",
    "estimate": "duration effort time minutes estimate_minutes estimated_minutes estimate_min",
    "hours": "estimate_hours estimated_hours estimate_h duration_hours",
    "days": "estimate_days estimated_days duration_days",
    "depends_on": "dependencies dependency depends predecessors predecessor blocked_by after waits_for "
    "depends_on_completion prerequisites requires",
    "blocks": "successors successor blocking before",
    "modifies": "files file paths path conflict_zones files_modified changes touches",
    "creates": "files_created new_files",
    "reads": "files_read",
    "phase": "milestone stage",
    "track": "workstream stream lane",
    "status": "state",
    "started": "started_at actual_start",
    "finished": "finished_at completed_at closed_at actual_finish",
    "priority": "prio",
    "parent": "parent_id parent_key parent_task part_of",
    "agent": "assignee assigned_to owner resource who",
    "layer": "",
    "bounded_context": "context",
    "skills": "skill labels",
    "parallel_safe": "parallel",
    "decides": "decisions",
    "acceptance": "acceptance_criteria criteria",
    "description": "details notes body",
}
_COLUMN_OF = {name: column for column, names in _OTHER_NAMES.items() for name in (column, *names.split())}

_STATUS_WORDS = {
    Status.PENDING: "todo to_do open new not_started backlog ready planned no false 0",
    Status.IN_PROGRESS: "doing started active wip working",
    Status.REVIEW: "in_review testing qa",
    Status.BLOCKED: "on_hold waiting",
    Status.COMPLETED: "done complete closed finished resolved x yes true 1 100",
    Status.FAILED: "error broken",
    Status.DEFERRED: "postponed later",
    Status.CANCELLED: "canceled wontfix wont_do abandoned",
}
_STATUS_OF = {
    word: status for status, words in _STATUS_WORDS.items() for word in (status.value, *words.split())
}
_PRIORITY_OF = {
    "critical": 1, "highest": 1, "urgent": 1, "p0": 1, "high": 2, "p1": 2, "medium": 3, "normal": 3,
    "p2": 3, "low": 4, "p3": 4, "lowest": 5, "p4": 5,
}  # fmt: skip
_TRUTH_OF = {"true": True, "yes": True, "1": True, "x": True, "false": False, "no": False, "0": False}
_NOT_WORDS = re.compile(r"[\W_]+")
# What a spreadsheet would take for a formula; an apostrophe in front makes it a text there.
_FORMULA = tuple("=+-@")


def recognized(header: Sequence[str]) -> dict[str, int]:
    """The place of each known column. `task` is the key where there is a title besides, else the title."""
    found: dict[str, int] = {}
    words = [_word(cell) for cell in header]
    for place, word in enumerate(words):
        column = _COLUMN_OF.get(word)
        if column is not None and column not in found:
            found[column] = place
    if "task" in words:
        found.setdefault("key" if "title" in found else "title", words.index("task"))
    return found


def status_of(cell: str) -> Status | None:
    """The status that a word means, or None."""
    return _STATUS_OF.get(_word(cell))


def priority_of(cell: str) -> int | None:
    """The priority that a number or a word means, or None; it may be out of range."""
    text = cell.strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else _PRIORITY_OF.get(_word(text))


def truth_of(cell: str) -> bool | None:
    """What yes and no mean, or None."""
    return _TRUTH_OF.get(_word(cell))


def _word(cell: str) -> str:
    return _NOT_WORDS.sub("_", cell.strip().lower()).strip("_")


def split_list(cell: str, separators: str) -> list[str]:
    """The entries of a list in one cell; quotes around an entry, and braces inside it, keep separators in."""
    entries: list[str] = []
    current: list[str] = []
    quoted, blank, depth, place = False, True, 0, 0
    while place < len(cell):
        char = cell[place]
        if quoted and char == '"' and cell[place + 1 : place + 2] == '"':
            current.append('"')
            place += 1
        elif char == '"' and (quoted or blank):
            quoted = not quoted
        elif not quoted and char in separators and depth == 0:
            entries.append("".join(current).strip())
            current, blank = [], True
        else:
            depth += 0 if quoted else (char == "{") - (char == "}" and depth > 0)
            blank = blank and char.isspace()
            current.append(char)
        place += 1
    entries.append("".join(current).strip())
    return [entry for entry in entries if entry]


def joined_list(entries: Iterable[str]) -> str:
    """The entries as one cell that `split_list` splits again, whatever its separators."""
    return "; ".join(
        '"' + entry.replace('"', '""') + '"' if re.search(r'[;,"\n{}]', entry) else entry for entry in entries
    )


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `unguarded` gives it back."""
    needs = cell.startswith(_FORMULA) or (cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")))
    return "'" + cell if needs else cell


def unguarded(cell: str) -> str:
    """What a cell says, without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell
