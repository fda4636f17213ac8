"""Writes a plan as its canonical document: one spelling, one order, nothing that is only the default."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from planner_core.conflicts import find_conflicts
from planner_core.durations import format_duration
from planner_core.formats.yaml_plan.dumper import compact, dump
from planner_core.formats.yaml_plan.groups import Step, execution_groups
from planner_core.formats.yaml_plan.schema import VERSION
from planner_core.items import DEFAULT_PRIORITY, Artefact, Handoff, Task, TaskProgress
from planner_core.plan import DEFAULT_AGENTS, DEFAULT_ESTIMATE, Plan
from planner_core.vocabulary import ClaimMode


def write_plan(plan: Plan, progress: Mapping[str, TaskProgress] | None = None) -> str:
    """The plan, with the progress of its tasks (by uid), as a YAML text that `read_plan` reads back.

    What is read back is the same plan up to uids and ranks, and is written as the same text again.
    """
    return dump(_Writing(plan).document(progress or {}))


class _Writing:
    """One plan on its way into a document, with the order and the names that its parts refer to."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.position = {task.uid: index for index, task in enumerate(plan.tasks)}
        self.names: dict[str, str] = {}
        for items in (plan.phases, plan.tracks, plan.agents):
            self.names |= {item.uid: item.name for item in items}
        self.steps = execution_groups(plan, find_conflicts(plan).apart)
        # Groups are read as the order of tasks that declare none: tasks that wait for nothing then say so.
        self.says_none = not plan.dependencies and len(plan.leaves) > 1 and not _side_by_side(self.steps)
        self.handoffs = sorted(plan.handoffs, key=self._handoff_order)
        self.received: dict[str, list[Handoff]] = {}
        for handoff in self.handoffs:
            if len(handoff.receivers) == 1:
                self.received.setdefault(handoff.receivers[0], []).append(handoff)

    def document(self, progress: Mapping[str, TaskProgress]) -> dict[str, Any]:
        plan = self.plan
        shared = [self._handoff(handoff, None) for handoff in self.handoffs if len(handoff.receivers) > 1]
        head = {
            "taskplanner": VERSION,
            "plan": plan.title,
            "description": plan.description,
            "agents": compact(self._agents()),
            "phases": compact([phase.name for phase in plan.phases]),
            "tracks": compact([track.name for track in plan.tracks]),
            "settings": compact(self._settings()),
            "pairs": [compact(pair) for pair in self._pairs()],
        }
        rest = {
            "handoffs": shared,
            "execution_groups": [{kind: compact(list(keys))} for kind, keys in self.steps],
            "progress": self._progress(progress),
        }
        tasks = {task.key: self._task(task) for task in plan.tasks}
        return {**_filled(head), "tasks": tasks, **_filled(rest)}

    def _agents(self) -> int | list[Any]:
        if not self.plan.agents:
            return self.plan.agent_count
        return [
            {"name": agent.name, "skills": list(agent.skills)} if agent.skills else agent.name
            for agent in self.plan.agents
        ]

    def _settings(self) -> dict[str, Any]:
        plan = self.plan
        settings: dict[str, Any] = {"threshold": plan.threshold}
        settings["weights"] = None if plan.weights is None else dict(plan.weights)
        settings["keep_phases"] = plan.keep_phases or None
        if plan.default_estimate != DEFAULT_ESTIMATE:
            settings["default_estimate"] = format_duration(plan.default_estimate)
        if plan.agents and plan.agent_count != DEFAULT_AGENTS:
            settings["agent_count"] = plan.agent_count
        return {name: value for name, value in settings.items() if value is not None}

    def _keys(self, uids: tuple[str, ...]) -> list[str]:
        return [self.plan.task_by_uid[uid].key for uid in uids]

    def _pairs(self) -> list[dict[str, Any]]:
        pairs = []
        for verdict in self.plan.verdicts:
            places = sorted((self.position[verdict.first], self.position[verdict.second]))
            pairs.append((places, verdict))
        return [
            _filled(
                {
                    "tasks": [self.plan.tasks[place].key for place in places],
                    "together": verdict.together,
                    "reason": verdict.reason,
                }
            )
            for places, verdict in sorted(pairs, key=lambda pair: pair[0])
        ]

    def _task(self, task: Task) -> dict[str, Any]:
        predecessors = [predecessor.key for predecessor in self.plan.predecessors_of(task.uid)]
        claims = {mode.value: [c.pattern for c in task.claims if c.mode is mode] for mode in ClaimMode}
        entries = {
            "title": task.title,
            "description": task.description,
            "parent": self.plan.task_by_uid[task.parent].key if task.parent else None,
            "phase": self.names[task.phase] if task.phase else None,
            "track": self.names[task.track] if task.track else None,
            "layer": task.layer.value if task.layer else None,
            "context": task.bounded_context,
            "estimate": None if task.estimate is None else format_duration(task.estimate),
            "priority": None if task.priority == DEFAULT_PRIORITY else task.priority,
            "agent": self.names[task.agent] if task.agent else None,
            "skills": list(task.skills),
            "parallel_safe": task.parallel_safe,
            "depends_on": predecessors,
            **claims,
            "decides": list(task.decides),
            "acceptance": list(task.acceptance),
        }
        written = {name: compact(value) for name, value in _filled(entries).items()}
        if self.says_none and task.uid in self.plan.leaf_index:
            written["depends_on"] = compact([])
        if received := self.received.get(task.uid):
            written["handoffs"] = [self._handoff(handoff, task.uid) for handoff in received]
        return written

    def _handoff(self, handoff: Handoff, receiver: str | None) -> dict[str, Any]:
        sources = self._keys(handoff.sources)
        entries = {
            "from": sources[0] if len(sources) == 1 else sources,
            "to": [] if receiver else self._keys(handoff.receivers),
            "summary": handoff.summary,
            "decisions": list(handoff.decisions),
            "key_context": handoff.key_context,
            "next_steps": list(handoff.next_steps),
            "open_questions": list(handoff.open_questions),
            "criteria": list(handoff.criteria),
            "artefacts": [_artefact(artefact) for artefact in handoff.artefacts],
        }
        return {name: compact(value) for name, value in _filled(entries).items()}

    def _handoff_order(self, handoff: Handoff) -> tuple[list[int], list[int], str]:
        receivers = [self.position[uid] for uid in handoff.receivers]
        sources = [self.position[uid] for uid in handoff.sources]
        return receivers, sources, json.dumps(self._handoff(handoff, None))

    def _progress(self, progress: Mapping[str, TaskProgress]) -> dict[str, Any]:
        found = ((task.key, progress.get(task.uid, TaskProgress())) for task in self.plan.tasks)
        return {
            key: compact(
                _filled(
                    {
                        "status": how_far.status.value,
                        "started": _moment(how_far.started),
                        "finished": _moment(how_far.finished),
                    }
                )
            )
            for key, how_far in found
            if how_far != TaskProgress()
        }


def _side_by_side(steps: Sequence[Step]) -> bool:
    return len(steps) == 1 and steps[0][0] == "parallel"


def _artefact(artefact: Artefact) -> str | dict[str, Any]:
    entries = _filled({each.name: getattr(artefact, each.name) for each in fields(artefact)})
    return artefact.path if len(entries) == 1 else entries


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _filled(entries: dict[str, Any]) -> dict[str, Any]:
    """The entries that say something; False and 0 do."""
    return {name: value for name, value in entries.items() if value not in (None, "", [], {})}
