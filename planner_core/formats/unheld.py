"""Names what a plan holds and a format that it is written in does not: each value, with its task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from planner_core.durations import format_duration
from planner_core.formats.document import Document, Note
from planner_core.formats.mending import shown
from planner_core.items import Task, TaskProgress
from planner_core.plan import DEFAULT_AGENTS, DEFAULT_ESTIMATE, Plan


def unheld(document: Document, held: Set[str]) -> Iterator[Note]:
    """A note for each value that is not the default and whose field's name is not among the held ones.

    The plan's own fields come first, then each task's in the order of the tasks. Of the agents, formats that
    hold a task's agent hold those that have a task, without their skills, in the order of their first tasks.
    """
    plan = document.plan
    yield from _of_plan(plan, held)
    yield from _of_agents(plan, held)
    names = {item.uid: item.name for items in (plan.phases, plan.tracks, plan.agents) for item in items}
    for task in plan.tasks:
        progress = document.progress.get(task.uid, TaskProgress())
        for name, value in _of_task(plan, task, progress, names):
            if name not in held:
                yield Note(f"Its {name.replace('_', ' ')} is left out: {value}.", task=task.key)


def _of_plan(plan: Plan, held: Set[str]) -> Iterator[Note]:
    values = [("plan_title", shown(plan.title))]
    if plan.description:
        values.append(("plan_description", shown(plan.description)))
    if not plan.agents and plan.agent_count != DEFAULT_AGENTS:
        values.append(("number_of_agents", str(plan.agent_count)))
    if plan.keep_phases:
        values.append(("keep_phases", "yes"))
    if plan.default_estimate != DEFAULT_ESTIMATE:
        values.append(("default_estimate", format_duration(plan.default_estimate)))
    if plan.threshold is not None:
        values.append(("threshold", str(plan.threshold)))
    if plan.weights is not None:
        values.append(("weights", ", ".join(f"{name} {weight}" for name, weight in plan.weights)))
    values += [("phase", phase.name) for phase in plan.phases]
    values += [("track", track.name) for track in plan.tracks]
    for name, value in values:
        if name not in held:
            yield Note(f"The {name.removeprefix('plan_').replace('_', ' ')} is left out: {value}.")
    for handoff in plan.handoffs if "handoffs" not in held else ():
        sources, receivers = (
            ", ".join(plan.task_by_uid[uid].key for uid in uids)
            for uids in (handoff.sources, handoff.receivers)
        )
        message = f"The handoff from {sources} to {receivers} is left out"
        yield Note(f"{message}: {shown(handoff.summary)}." if handoff.summary.strip() else f"{message}.")
    for verdict in plan.verdicts if "verdicts" not in held else ():
        first, second = (plan.task_by_uid[uid].key for uid in (verdict.first, verdict.second))
        word = "together" if verdict.together else "never together"
        yield Note(f"The verdict “{word}” on {first} and {second} is left out.")


def _of_agents(plan: Plan, held: Set[str]) -> Iterator[Note]:
    busy = list(dict.fromkeys(task.agent for task in plan.tasks if task.agent is not None))
    for agent in plan.agents:
        if "agent" not in held or agent.uid not in busy:
            yield Note(f"The agent {agent.name} is left out.")
        elif agent.skills:
            yield Note(f"The skills of the agent {agent.name} are left out: {', '.join(agent.skills)}.")
    if "agent" in held and busy != [agent.uid for agent in plan.agents if agent.uid in busy]:
        yield Note("The order of the agents is left out: they follow their first tasks.")


def _of_task(
    plan: Plan, task: Task, progress: TaskProgress, names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    if task.description:
        yield "description", shown(task.description)
    if task.acceptance:
        yield "acceptance", shown("; ".join(task.acceptance))
    if task.estimate is not None:
        yield "estimate", format_duration(task.estimate)
    if task.layer is not None:
        yield "layer", task.layer.value
    if task.bounded_context:
        yield "bounded_context", task.bounded_context
    for name, uid in (("phase", task.phase), ("track", task.track), ("agent", task.agent)):
        if uid is not None:
            yield name, names[uid]
    if task.parent is not None:
        yield "parent", plan.task_by_uid[task.parent].key
    if task.skills:
        yield "skills", ", ".join(task.skills)
    if task.parallel_safe is not None:
        yield "parallel_safe", "yes" if task.parallel_safe else "no"
    if task.decides:
        yield "decides", ", ".join(task.decides)
    for claim in task.claims:
        yield "claims", f"{claim.mode.value} {claim.pattern}"
    if progress.started is not None:
        yield "started", progress.started.isoformat()
    if progress.finished is not None:
        yield "finished", progress.finished.isoformat()
