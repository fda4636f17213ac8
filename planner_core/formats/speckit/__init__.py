"""spec-kit's `tasks.md`: phases, `- [ ] T001 [P] [US1] text in path`, and prose about order."""

from __future__ import annotations

import re

from planner_core.formats.registry import Format
from planner_core.formats.source import Source
from planner_core.formats.speckit.reader import NAME, read
from planner_core.formats.speckit.writer import write

_TASK = re.compile(r"^[ \t]*[-*+][ \t]+\[[ xX~-]?\][ \t]+[*~`\[]{0,4}T-?\d{2,5}", re.M)
_PHASE = re.compile(r"^#{1,4}[ \t]+\W{0,6}(?:phase|étape|фаза|단계)[ \t]*\d", re.M | re.I)
_MICRO_TASK = re.compile(
    r"\bMT[ -]?\d+(?:\.\d+)*[*`]{0,3}[ \t]*:|^#{1,6}[ \t]+(?:parallel|sequential)[ \t]+batch\b", re.I | re.M
)
_BOX = re.compile(r"^[ \t]*[-*+][ \t]+\[[ xX~-]?\]", re.M)

# The head of a file that is one task by itself, with a checklist in it.
_TASK_FILE = re.compile(r"---\n(?:.*\n){0,40}?id:")


def fits(source: Source) -> bool:
    """Whether a Markdown file holds checkboxes with ids such as T001, or phases with checkboxes."""
    if source.is_folder or source.suffix not in (".md", ".markdown", ".txt", ""):
        return False
    text = source.text()
    if _TASK_FILE.match(text):
        return False
    found = _TASK.search(text) or (_PHASE.search(text) and _BOX.search(text))
    return bool(found) and not _MICRO_TASK.search(text)


FORMAT = Format(NAME, "spec-kit tasks.md", (".md", ".markdown"), fits, read, write)
