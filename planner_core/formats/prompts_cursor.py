"""Prompts for Cursor: one a task, to be pasted into an agent of its own; plain paths are mentioned with @."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner_core.formats.briefs import in_backticks
from planner_core.formats.document import Document, Written
from planner_core.formats.prompts import Tool, one_a_task, write_prompts
from planner_core.formats.registry import Format
from planner_core.items import Task
from planner_core.plan import Plan

# What names one file or folder, and ends where the next word starts.
_PLAIN = re.compile(r"[\w.+/-]+")


def _mention(pattern: str) -> str:
    return f"@{pattern.lstrip('/')}" if _PLAIN.fullmatch(pattern) else in_backticks(pattern)


def _opening(plan: Plan, wave: Sequence[Task]) -> str:
    others = len(wave) - 1
    beside = f", while {others} other agents work on theirs" if others > 1 else ""
    beside = ", while another agent works on another one" if others == 1 else beside
    return f"Do the one task below, a part of the plan “{plan.title}”{beside}."


_TOOL = Tool(
    "Cursor",
    "Open an agent for each task of a wave and paste the task's block into it.",
    one_a_task(_opening),
    _mention,
)


def _write(document: Document) -> Written:
    return write_prompts(document, _TOOL)


FORMAT = Format(
    name="prompts-cursor",
    title="Prompts for Cursor",
    extensions=(".md",),
    fits=lambda source: False,
    write=_write,
)
