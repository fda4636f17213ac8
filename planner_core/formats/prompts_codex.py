"""Prompts for Codex: one a task, for a session that works alone on a branch of its own."""

from __future__ import annotations

from collections.abc import Sequence

from planner_core.formats.document import Document, Written
from planner_core.formats.prompts import Tool, one_a_task, write_prompts
from planner_core.formats.registry import Format
from planner_core.items import Task
from planner_core.plan import Plan


def _opening(plan: Plan, wave: Sequence[Task]) -> str:
    return (
        f"Do the one task below, a part of the plan “{plan.title}”, from start to end without asking back. "
        "What it builds on exists already: use it where the handoffs say it is, and write no second version "
        "of it. If something it builds on is missing, stop and report that a task before it is not finished. "
        "Run the checks that its criteria name before you say that it is done."
    )


_TOOL = Tool(
    "Codex",
    "Start a session for each task of a wave, on a branch of its own, with the task's block as its prompt.",
    one_a_task(_opening),
)


def _write(document: Document) -> Written:
    return write_prompts(document, _TOOL)


FORMAT = Format(
    name="prompts-codex",
    title="Prompts for Codex",
    extensions=(".md",),
    fits=lambda source: False,
    write=_write,
)
