"""Micro-task Markdown: batches with checkboxes and times, trees, dependency matrices, `MT 1.1: title`."""

from __future__ import annotations

from planner_core.formats.microtasks.reader import NAME, fits, read
from planner_core.formats.microtasks.writer import write
from planner_core.formats.registry import Format

FORMAT = Format(NAME, "Micro-task Markdown", (".md", ".markdown"), fits, read, write)
