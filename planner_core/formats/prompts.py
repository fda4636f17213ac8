"""A page of prompts to copy, wave by wave; what differs from tool to tool is in the formats' own modules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from planner_core.durations import format_duration
from planner_core.formats.briefs import Briefs, beside_the_briefs, in_backticks, open_waves
from planner_core.formats.document import Document, Written
from planner_core.items import Task
from planner_core.plan import Plan

_BACKTICKS = re.compile("`{3,}")
_MARKUP = re.compile(r"([\\`*_<>\[\]#~|])")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text to copy, and the heading above it; a wave's only prompt has none."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """What prompts are for. `prompts` makes those of a wave, given the plan, its briefs and the wave.

    `how` says to a person how the page is used; `mention` writes a path the way the tool likes it.
    """

    name: str
    how: str
    prompts: Callable[[Plan, Briefs, Sequence[Task]], list[Prompt]]
    mention: Callable[[str], str] = in_backticks


def write_prompts(document: Document, tool: Tool) -> Written:
    """The prompts of a plan's waves as one page of Markdown, each in a block of its own that can be copied.

    Tasks that are completed or cancelled get none.
    """
    return Written("\n\n".join(_parts(document, tool)) + "\n", tuple(beside_the_briefs(document)))


def _parts(document: Document, tool: Tool) -> Iterator[str]:
    plan = document.plan
    waves, settled = open_waves(document)
    briefs = Briefs(plan, tool.mention)
    yield f"# {in_heading(plan.title)}: prompts for {tool.name}"
    if plan.description.strip():
        yield block(plan.description.strip("\n"))
    count = sum(map(len, waves))
    yield (
        f"Tasks: {count}, in {len(waves)} waves, by at most {plan.agent_total} agents at once. {tool.how} "
        "Go on to the next wave when all tasks of a wave are finished, merged and checked."
    )
    if settled:
        yield f"Already settled, so without a prompt: {', '.join(in_heading(task.key) for task in settled)}."
    for number, wave in enumerate(waves, 1):
        keys = ", ".join(in_heading(task.key) for task in wave)
        yield f"## Wave {number} of {len(waves)}: {keys} ({_length(plan, wave)})"
        for prompt in tool.prompts(plan, briefs, wave):
            if prompt.heading:
                yield f"### {in_heading(prompt.heading)}"
            yield block(prompt.text)


def _length(plan: Plan, wave: Sequence[Task]) -> str:
    longest = format_duration(max(plan.duration_of(task) for task in wave))
    assumed = any(task.estimate is None for task in wave)
    together = "" if len(wave) == 1 else f"{len(wave)} side by side, the longest "
    return f"{together}{longest}{', partly assumed' if assumed else ''}"


def in_heading(text: str) -> str:
    """A line that people typed, so that Markdown shows it as it is."""
    return _MARKUP.sub(r"\\\1", text)


def block(text: str) -> str:
    """A text in a fenced block that nothing in it closes."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def one_a_task(opening: Callable[[Plan, Sequence[Task]], str]) -> Callable[..., list[Prompt]]:
    """Prompts for tools that are given one task at a time: an opening and the task's brief."""

    def prompts(plan: Plan, briefs: Briefs, wave: Sequence[Task]) -> list[Prompt]:
        found = []
        for task in wave:
            brief = briefs.text(task, [other for other in wave if other is not task])
            heading = f"{task.key}: {task.title}" if task.title else task.key
            found.append(Prompt(heading, f"{opening(plan, wave)}\n\n{brief}"))
        return found

    return prompts
