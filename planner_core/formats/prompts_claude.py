"""Prompts for Claude Code: one message a wave, which launches a subagent for each of its tasks."""

from __future__ import annotations

from collections.abc import Sequence

from planner_core.formats.briefs import Briefs
from planner_core.formats.document import Document, Written
from planner_core.formats.prompts import Prompt, Tool, write_prompts
from planner_core.formats.registry import Format
from planner_core.items import Task
from planner_core.plan import Plan


def _wave(plan: Plan, briefs: Briefs, wave: Sequence[Task]) -> list[Prompt]:
    texts = [briefs.text(task, [other for other in wave if other is not task]) for task in wave]
    parts = [
        _launch(plan, wave),
        *(
            f"===== Subagent {number} of {len(wave)}: {task.key} =====\n\n{text}"
            for number, (task, text) in enumerate(zip(wave, texts, strict=True), 1)
        ),
        "===== End of the subagents' parts =====",
        (
            "When all of them have reported, say for each task which files it changed, which of its "
            "criteria are met, and how that was checked. If one stopped because it needs a file that is not "
            "its own, do not let it go on and do not change the file yourself: report the task, the file and "
            "the reason, so that the plan can be changed."
        ),
    ]
    return [Prompt("", "\n\n".join(parts))]


def _launch(plan: Plan, wave: Sequence[Task]) -> str:
    if len(wave) == 1:
        first = "Launch 1 subagent with the Task tool."
    else:
        first = (
            f"Launch {len(wave)} subagents with the Task tool, all in one message, so that they work side by "
            "side."
        )
    if len(wave) > plan.agent_total:
        first += f" Let at most {plan.agent_total} work at once, and start the next when one is done."
    each = "it" if len(wave) == 1 else "each"
    return (
        f"This is a part of the plan “{plan.title}”. {first} Give {each} its part below, whole and "
        "unchanged. Do none of this work yourself meanwhile."
    )


_TOOL = Tool("Claude Code", "Paste one block at a time: each launches a wave.", _wave)


def _write(document: Document) -> Written:
    return write_prompts(document, _TOOL)


FORMAT = Format(
    name="prompts-claude",
    title="Prompts for Claude Code",
    extensions=(".md",),
    fits=lambda source: False,
    write=_write,
)
