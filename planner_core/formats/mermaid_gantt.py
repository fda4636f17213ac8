"""A plan's schedule as a Mermaid Gantt chart: a section an agent, a bar a task, the critical ones marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from planner_core.formats.document import Document, Note, Written
from planner_core.formats.mermaid import escaped
from planner_core.formats.registry import Format
from planner_core.formats.unheld import unheld
from planner_core.items import TaskProgress
from planner_core.scheduling.chain import critical_chain
from planner_core.scheduling.comparison import compare
from planner_core.scheduling.from_plan import problem_of
from planner_core.vocabulary import Status

_HELD = frozenset({"plan_title", "number_of_agents", "keep_phases", "default_estimate", "estimate", "agent"})
# The chart's clock starts at midnight of a year's first day: so that %j counts the days of the plan.
_START = datetime(2000, 1, 1)
_DAY = 24 * 60
# What at the start of a line is a command or a date to Mermaid, in capitals or not.
_COMMANDS = re.compile(
    r"\d{4}-|gantt|dateFormat|inclusiveEndDates|topAxis|axisFormat|tickInterval|includes|excludes|todayMarker|"
    r"week|title|acc|section|click|href|call",
    re.IGNORECASE,
)
_TAGS = {
    Status.COMPLETED: "done",
    Status.CANCELLED: "done",
    Status.IN_PROGRESS: "active",
    Status.REVIEW: "active",
}


def write_gantt(document: Document) -> Written:
    """The plan's schedule on its agents as a Gantt chart, which starts at 00:00 of day 1."""
    lost = list(unheld(document, _HELD))
    if count := len(document.plan.dependencies):
        lost.append(Note(f"The dependencies are left out ({count}): bars show when, not why."))
    lost += [
        Note("It is a summary task, which has no bar.", task=task.key)
        for task in document.plan.tasks
        if task.uid in document.plan.children
    ]
    return Written("\n".join(_lines(document)) + "\n", tuple(lost))


def _lines(document: Document) -> Iterator[str]:
    plan = document.plan
    comparison = compare(plan)
    critical = set(critical_chain(problem_of(plan), comparison.parallel))
    yield "gantt"
    yield f"  title {escaped(plan.title)}"
    yield "  dateFormat YYYY-MM-DD HH:mm"
    yield f"  axisFormat {'%H:%M' if comparison.parallel.makespan <= _DAY else 'day %j, %H:%M'}"
    times = sorted(enumerate(comparison.tasks), key=lambda each: (each[1].agent, each[1].start, each[0]))
    section = None
    for place, time in times:
        if time.agent != section:
            section = time.agent
            yield f"  section {escaped(time.agent_name)}"
        task = plan.leaves[place]
        status = document.progress.get(task.uid, TaskProgress()).status
        tags = [_TAGS[status]] if status in _TAGS else []
        tags += ["crit"] if place in critical else []
        tags += ["milestone"] if time.finish == time.start else []
        start = _START + timedelta(minutes=time.start)
        name = _name(f"{task.key} {task.title}".strip())
        data = [*tags, f"t{place + 1}", f"{start:%Y-%m-%d %H:%M}", f"{time.finish - time.start}m"]
        yield f"  {name} :{', '.join(data)}"


def _name(text: str) -> str:
    """The text as the name of a bar, which stands at the start of a line."""
    if _COMMANDS.match(text):
        return f"#{ord(text[0])};{escaped(text)[1:]}"
    return escaped(text)


FORMAT = Format(
    name="mermaid-gantt",
    title="Mermaid Gantt chart",
    extensions=(".mmd", ".mermaid"),
    fits=lambda source: False,
    write=write_gantt,
)
