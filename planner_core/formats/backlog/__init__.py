"""Backlog.md: a folder of Markdown files with a head, one for each task."""

from __future__ import annotations

from planner_core.formats.backlog.reader import NAME, fits, read
from planner_core.formats.registry import Format

FORMAT = Format(NAME, "Backlog.md", (".md",), fits, read)
