"""Epics of ccpm: a folder of numbered tasks in Markdown, with analyses that part them into streams."""

from __future__ import annotations

from planner_core.formats.ccpm.reader import fits, read_ccpm
from planner_core.formats.registry import Format

FORMAT = Format(name="ccpm", title="ccpm epic", extensions=(".md",), fits=fits, read=read_ccpm)
