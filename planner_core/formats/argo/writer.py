"""Writes a plan as an Argo workflow: one DAG of its scheduled tasks, with a lock for each exclusion.

- `spec.parallelism` is the number of agents: each task is a pod, the ends of phases are none.
- Exclusions become mutexes: one for each clique of tasks that must not overlap. Tasks with the same locks
  share a template. Argo takes all locks of a template together, so that no two tasks wait for each other.
- Each phase ends in a step of the DAG. Where the plan keeps its phases, the next one starts after it.
- What people typed stands in values of parameters only, never in a name, a command or a template (see
  `values`); a task's name is made of its key, which is a parameter, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from planner_core.durations import format_duration
from planner_core.formats.argo.names import Names, slug
from planner_core.formats.argo.values import value_of, value_of_list, without_templates
from planner_core.formats.briefs import Briefs
from planner_core.formats.document import Document, Note, Written
from planner_core.formats.yaml_plan.dumper import compact, dump
from planner_core.items import DEFAULT_PRIORITY, Task, TaskProgress
from planner_core.plan import DEFAULT_ESTIMATE, Plan
from planner_core.scheduling.from_plan import has_phases, phase_groups, problem_of
from planner_core.vocabulary import ClaimMode

VERSION = "1"
MARK = "taskplanner/argo"
PHASES = "taskplanner/phases"
AGENTS = "taskplanner/agents"
TITLE = "workflows.argoproj.io/title"
DESCRIPTION = "workflows.argoproj.io/description"
ENTRY = "plan"
PHASE_END = "phase-finished"
KEY = "task"
# A task's parameters beside its key, in the order in which they are written.
PARAMETERS = (
    "title", "estimate", "within", "phase", "agent", "modifies", "creates", "reads", "decides",
    "parallel-safe", "brief",
)  # fmt: skip

_BRIEF = "/plan/brief.md"
_HEAD = f"""\
# Argo Workflows 3.6 or later: earlier ones know no list of mutexes.
# Set image and command to what does a task. It finds what to do in the file {_BRIEF}.
# To have a person let each phase pass, write "suspend: {{}}" in the template {PHASE_END}.
"""


def write_argo(document: Document) -> Written:
    """The plan as a Workflow. What only its summary tasks say is lost, and so is its progress.

    The same plan always gives the same text. O(n + edges + exclusions), beside the search for conflicts.
    """
    writing = _Writing(document.plan)
    return Written(_HEAD + dump(writing.workflow()), tuple(_lost(document)))


class _Writing:
    """One plan on its way into a workflow; tasks are numbered by their place in `leaves`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.slug = slug(plan.title, "plan", 40)
        names = Names()
        self.names = [names.new(task.key, "task") for task in plan.leaves]
        self.groups = phase_groups(plan) if has_phases(plan) else ()
        self.phases = [_phase_of(plan, group) for group in self.groups]
        self.phase_ends = [
            names.new(f"phase {number} {phase}", "phase") for number, phase in enumerate(self.phases, 1)
        ]
        self.briefs = Briefs(plan)
        self.locks = _locks(plan)
        self.templates = _templates_of(self.locks)

    def workflow(self) -> dict[str, Any]:
        annotations = {MARK: VERSION, TITLE: value_of(self.plan.title)}
        named = {
            PHASES: [phase.name for phase in self.plan.phases],
            AGENTS: [agent.name for agent in self.plan.agents],
        }
        annotations |= {name: value_of_list(names) for name, names in named.items() if names}
        if self.plan.description:
            annotations[DESCRIPTION] = value_of(self.plan.description)
        arguments = [{"name": "image", "value": "busybox:1.37"}, {"name": "command", "value": "cat"}]
        return {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Workflow",
            "metadata": {"generateName": f"{self.slug}-", "annotations": annotations},
            "spec": {
                "entrypoint": ENTRY,
                "parallelism": self.plan.agent_total,
                "arguments": {"parameters": compact(arguments)},
                "templates": [
                    {"name": ENTRY, "dag": {"tasks": list(self._steps())}},
                    *(self._template(name, locks) for locks, name in self.templates.items()),
                    *([_PHASE_END] if self.groups else []),
                ],
            },
        }

    def _steps(self) -> Iterator[dict[str, Any]]:
        """The tasks in the order of the plan; a phase ends after the last task up to it."""
        group_of = {place: number for number, group in enumerate(self.groups) for place in group}
        before = self.plan.leaf_graph.predecessors
        unfinished = [len(group) for group in self.groups]
        ended = 0
        for place in range(len(self.names)):
            waits = [self.names[predecessor] for predecessor in before[place]]
            number = group_of.get(place, 0)
            if self.plan.keep_phases and number and all(group_of[p] < number for p in before[place]):
                waits.append(self.phase_ends[number - 1])
            yield self._step(place, waits)
            if self.groups:
                unfinished[number] -= 1
            while ended < len(unfinished) and not unfinished[ended]:
                yield self._phase_end(ended)
                ended += 1

    def _phase_end(self, number: int) -> dict[str, Any]:
        group = set(self.groups[number])
        last = [p for p in self.groups[number] if group.isdisjoint(self.plan.leaf_graph.successors[p])]
        arguments = {"parameters": [{"name": "phase", "value": value_of(self.phases[number])}]}
        return {
            "name": self.phase_ends[number],
            "template": PHASE_END,
            "dependencies": compact([*(self.names[place] for place in last), *self.phase_ends[:number][-1:]]),
            "arguments": compact(arguments),
        }

    def _step(self, place: int, dependencies: Sequence[str]) -> dict[str, Any]:
        task = self.plan.leaves[place]
        values = {KEY: value_of(task.key), **self._values(task)}
        parameters = [compact({"name": name, "value": value}) for name, value in values.items()]
        step = {"name": self.names[place], "template": self.templates[self.locks[place]]}
        waits = {"dependencies": compact(list(dependencies))} if dependencies else {}
        return {**step, **waits, "arguments": {"parameters": parameters}}

    def _values(self, task: Task) -> dict[str, str]:
        plan = self.plan
        above = list(_above(plan, task))
        phase = next((each.phase for each in (task, *above) if each.phase), None)
        claims = {
            mode.value: [claim.pattern for claim in task.claims if claim.mode is mode] for mode in ClaimMode
        }
        lists = {"within": [each.key for each in reversed(above)], **claims, "decides": list(task.decides)}
        texts = {
            "title": task.title,
            "estimate": "" if task.estimate is None else format_duration(task.estimate),
            "phase": next((each.name for each in plan.phases if each.uid == phase), ""),
            "agent": next((each.name for each in plan.agents if each.uid == task.agent), ""),
            "parallel-safe": "" if task.parallel_safe is None else str(task.parallel_safe).lower(),
        }
        values = {name: value_of(text) for name, text in texts.items() if text}
        values |= {name: value_of_list(found) for name, found in lists.items() if found}
        values["brief"] = without_templates(self.briefs.text(task))
        return {name: values[name] for name in PARAMETERS if name in values}

    def _template(self, name: str, locks: tuple[int, ...]) -> dict[str, Any]:
        inputs = {
            "parameters": [
                {"name": KEY},
                *(compact({"name": parameter, "default": ""}) for parameter in PARAMETERS),
            ],
            "artifacts": [{"name": "brief", "path": _BRIEF, "raw": {"data": "{{inputs.parameters.brief}}"}}],
        }
        mutexes = [{"name": f"{self.slug}-{lock + 1}"} for lock in locks]
        container = {
            "image": "{{workflow.parameters.image}}",
            "command": ["{{workflow.parameters.command}}"],
            "args": [_BRIEF],
        }
        synchronization = {"synchronization": {"mutexes": mutexes}} if mutexes else {}
        return {"name": name, **synchronization, "inputs": inputs, "container": container}


# It lets the workflow pass at once and takes no agent: a step that is no pod does not count.
_PHASE_END = {
    "name": PHASE_END,
    "inputs": {"parameters": [{"name": "phase"}]},
    "suspend": {"duration": "0"},
}


def _above(plan: Plan, task: Task) -> Iterator[Task]:
    while task.parent is not None:
        task = plan.task_by_uid[task.parent]
        yield task


def _phase_of(plan: Plan, group: Iterable[int]) -> str:
    """The name of the phase that a group of `phase_groups` is: the latest that one of its tasks declares."""
    rank = {phase.uid: place for place, phase in enumerate(plan.phases)}
    declared = [
        rank[each.phase]
        for place in group
        for each in (plan.leaves[place], *_above(plan, plan.leaves[place]))
        if each.phase is not None
    ]
    return plan.phases[max(declared, default=0)].name


def _locks(plan: Plan) -> list[tuple[int, ...]]:
    """For each scheduled task the numbers of the cliques that it belongs to, ascending."""
    found: list[list[int]] = [[] for _ in plan.leaves]
    for number, clique in enumerate(problem_of(plan).exclusions):
        for place in clique:
            found[place].append(number)
    return [tuple(numbers) for numbers in found]


def _templates_of(locks: Sequence[tuple[int, ...]]) -> dict[tuple[int, ...], str]:
    """For each distinct set of locks the name of its template, in the order of their first tasks."""
    names: dict[tuple[int, ...], str] = {}
    for each in locks:
        if each not in names:
            names[each] = f"work-with-locks-{len(names) + (() not in names)}" if each else "work"
    return names


def _lost(document: Document) -> Iterator[Note]:
    plan = document.plan
    for task in plan.tasks:
        yield from _lost_of(plan, task, document.progress.get(task.uid, TaskProgress()))
    for handoff in plan.handoffs:
        sources, receivers = (
            ", ".join(plan.task_by_uid[uid].key for uid in uids)
            for uids in (handoff.sources, handoff.receivers)
        )
        yield Note(f"The handoff from {sources} to {receivers} is only told in the briefs.")
    for verdict in plan.verdicts:
        keys = [plan.task_by_uid[uid].key for uid in (verdict.first, verdict.second)]
        kept = "who locks whom" if not verdict.together else "who does not lock whom"
        yield Note(f"The verdict on {keys[0]} and {keys[1]} is kept as {kept} only, without its reason.")
    for agent in plan.agents:
        if agent.skills:
            yield Note(f"The skills of {agent.name} are not written.")
    for track in plan.tracks:
        yield Note(f"The track “{track.name}” is not written.")
    if plan.default_estimate != DEFAULT_ESTIMATE:
        estimate = format_duration(plan.default_estimate)
        yield Note(f"That tasks without an estimate take {estimate} is not written.")
    if plan.keep_phases and len(phase_groups(plan) if has_phases(plan) else ()) < 2:
        yield Note("That phases are kept is not written: there are no two of them with tasks.")
    if plan.threshold is not None or plan.weights is not None:
        yield Note("The plan's threshold and weights are not written.")


def _lost_of(plan: Plan, task: Task, progress: TaskProgress) -> Iterator[Note]:
    told = {"description": task.description, "acceptance": task.acceptance}
    untold = {
        "priority": task.priority != DEFAULT_PRIORITY,
        "layer": task.layer is not None,
        "bounded context": task.bounded_context,
        "track": task.track is not None,
        "skills": task.skills,
    }
    if task.uid in plan.children:
        untold |= told | {
            "title": task.title,
            "claims": task.claims,
            "estimate": task.estimate is not None,
            "decides": task.decides,
            "agent": task.agent is not None,
            "parallel_safe": task.parallel_safe is not None,
        }
        told = {}
        yield Note("It is a summary task: its parts carry its key and its dependencies.", task=task.key)
    if names := [name for name, value in told.items() if value]:
        yield Note(f"Only told in its brief: {', '.join(names)}.", task=task.key)
    if names := [name for name, value in untold.items() if value]:
        yield Note(f"Not written: {', '.join(names)}.", task=task.key)
    if progress != TaskProgress():
        yield Note(f"Its progress ({progress.status.value}) is not written.", task=task.key)
