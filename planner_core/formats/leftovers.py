"""Fields that a reader leaves out of many tasks, told once each."""

from __future__ import annotations

from planner_core.formats.draft import Draft
from planner_core.formats.mending import shown


class Leftovers:
    """Counts how many tasks have a field that is left out, and where the first of them is."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}
        self._lines: dict[str, int] = {}

    def add(self, name: str, line: int) -> None:
        """Counts a field of one task."""
        self._times[name] = self._times.get(name, 0) + 1
        self._lines.setdefault(name, line)

    def tell(self, draft: Draft, what: str) -> None:
        """Notes each field that was counted, with the line of the first task that has it."""
        for name, times in self._times.items():
            again = f", here and in {times - 1} more {what}" if times > 1 else ""
            draft.lost(f"“{shown(name)}” is left out{again}.", line=self._lines[name])
