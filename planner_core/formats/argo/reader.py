"""Reads Argo workflows: the DAG where a workflow starts, with the DAGs inside it, becomes a plan.

Of a workflow that `writer` made everything that it can hold comes back; of any other one the tasks, what they
wait for, and which of them share a lock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner_core.durations import BadDuration, parse_duration
from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.argo.locks import with_locks
from planner_core.formats.argo.values import text_of, texts_of
from planner_core.formats.argo.writer import AGENTS, DESCRIPTION, KEY, MARK, PHASE_END, PHASES, TITLE
from planner_core.formats.document import Document, NewUid
from planner_core.formats.draft import Draft
from planner_core.formats.source import Source
from planner_core.formats.yaml_plan.tree import MapNode, Scalar, Tree, problem_at, read_trees
from planner_core.formats.yaml_view import (
    entry_at,
    items_at,
    line_at,
    mappings_at,
    text_at,
    texts_at,
    value_at,
)
from planner_core.items import Agent, Phase
from planner_core.plan import MAX_NESTING, MAX_TASKS
from planner_core.ranks import ranks

_GROUP = "argoproj.io/"
_TERM = re.compile(r"(?P<name>[A-Za-z0-9_][-A-Za-z0-9_]*)(?P<outcome>\.[A-Za-z]+)?|(?P<other>\|\||!)")
_KEPT_OF_TASK = frozenset({"name", "template", "dependencies", "depends", "arguments", "inline"})
_KEPT_OF_TEMPLATE = frozenset({"name", "dag", "steps", "synchronization", "inputs"})
_KEPT_OF_SPEC = frozenset({"entrypoint", "templates", "parallelism"})
_KEPT_OF_METADATA = frozenset({"name", "generateName", "annotations"})
_NESTED_KEYS = "."


def read_argo(source: Source, *, new_uid: NewUid) -> list[Document]:
    """The workflows of a YAML or JSON text as plans, in their order; documents of other kinds are skipped.

    Raises InvalidPlan where there is no workflow, or where one does not start with a DAG or with steps.
    """
    found: list[Document] = []
    others: list[int] = []
    for tree, problems in read_trees(source.text()):
        if not text_at(tree, "apiVersion").startswith(_GROUP) or value_at(tree, "spec") is None:
            others.append(tree.place.line)
            continue
        reading = _Reading(tree, new_uid)
        for problem in problems:
            reading.draft.lost(problem.message, line=problem.line)
        for line in others:
            reading.draft.lost("This document is no workflow. It was skipped.", line=line)
        others.clear()
        found.append(reading.document())
    if not found:
        raise InvalidPlan((Problem("There is no Argo workflow in this file.", line=1, column=1),))
    return found


@dataclass
class _Scope:
    """The tasks of one DAG while it is read: where they hang, and which keys they got, by name."""

    prefix: str
    parent: str | None
    templates: tuple[str, ...]
    keys: dict[str, str] = field(default_factory=dict)


class _Reading:
    """One workflow on its way into a plan."""

    def __init__(self, tree: Tree, new_uid: NewUid) -> None:
        self.spec = value_at(tree, "spec", "workflowSpec") or value_at(tree, "spec")
        self.ours = bool(text_at(tree, "metadata", "annotations", MARK))
        self.new_uid = new_uid
        self.annotations = annotations = value_at(tree, "metadata", "annotations")
        titles = (text_at(annotations, TITLE), text_at(tree, "metadata", "name"))
        title = next(filter(None, titles), text_at(tree, "metadata", "generateName").rstrip("-"))
        description = value_at(annotations, DESCRIPTION)
        told = (description.text or "") if isinstance(description, Scalar) else ""
        self.templates = {
            name: template
            for template in mappings_at(self.spec, "templates")
            if (name := text_at(template, "name"))
        }
        self.entry = self._entry(tree)
        agents = text_at(self.spec, "parallelism") or text_at(self.entry, "parallelism")
        self.title = text_of(title)
        self.draft = Draft(
            "argo",
            title=self.title,
            name=self.title,
            description=text_of(told),
            new_uid=new_uid,
            agent_count=int(agents) if re.fullmatch(r"[0-9]{1,9}", agents) else None,
        )
        if agents and not re.fullmatch(r"[0-9]{1,9}", agents):
            self.draft.lost(f"parallelism is no number: {agents}.", line=line_at(self.spec, "parallelism"))
        self.summaries: dict[str, str] = {}
        self.phase_ends: set[str] = set()
        self.keeps_phases = False
        self.holders: dict[str, list[str]] = {}
        self.noted: set[str] = set()
        self.left = MAX_TASKS
        self._note_rest(tree)

    def _entry(self, tree: Tree) -> MapNode:
        name = text_at(self.spec, "entrypoint")
        dags = [each for each in self.templates.values() if items_at(each, "dag", "tasks")]
        entry = self.templates.get(name) or (dags[0] if not name and dags else None)
        if entry is None:
            what = f"the template “{name[:80]}”, where it starts," if name else "a template with a DAG"
            raise InvalidPlan(
                (problem_at(tree.place, f"This workflow has no plan in it: {what} is missing."),)
            )
        if value_at(entry, "dag") is None and value_at(entry, "steps") is None:
            name = text_at(entry, "name")[:80]
            message = f"The template “{name}”, where the workflow starts, is neither a DAG nor steps."
            raise InvalidPlan((problem_at(entry.place, message),))
        return entry

    def _note_rest(self, tree: Tree) -> None:
        """Notes what the workflow says beside its DAG; in our own ones it is what we always write."""
        if self.ours:
            return
        if not text_at(self.spec, "entrypoint"):
            name = text_at(self.entry, "name")
            self.draft.guessed(
                f"It names no template to start with; “{name}” is taken.", line=tree.place.line
            )
        self._note_unkept(tree, value_at(tree, "metadata"), _KEPT_OF_METADATA, "the workflow's metadata")
        self._note_unkept(tree, self.spec, _KEPT_OF_SPEC, "the workflow")
        kept = _KEPT_OF_TEMPLATE | {"parallelism"}
        self._note_unkept(tree, self.entry, kept, "the template where it starts")

    def _note_unkept(
        self, near: Tree, node: Tree | None, kept: frozenset[str], what: str, task: str | None = None
    ) -> None:
        names = [name for name in node.entries if name not in kept] if isinstance(node, MapNode) else []
        if names:
            line = (node or near).place.line
            self.draft.lost(f"Not kept of {what}: {', '.join(names)}.", line=line, task=task)

    def document(self) -> Document:
        name = text_at(self.entry, "name")
        self._tasks_of(self.entry, _Scope("", None, (name,)))
        read = self.draft.finish()
        plan = read.plan
        phases = {phase.name: phase.uid for phase in plan.phases}
        agents = {agent.name: agent.uid for agent in plan.agents}
        plan = replace(
            plan,
            phases=tuple(Phase(*each) for each in self._in_order(PHASES, phases)),
            agents=tuple(Agent(*each) for each in self._in_order(AGENTS, agents)),
            keep_phases=self.keeps_phases,
        )
        return with_locks(replace(read, plan=plan), self.holders, ours=self.ours)

    def _in_order(self, annotation: str, uids: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """The uid, name and rank of all that an annotation names, in its order, then of the others."""
        names = dict.fromkeys(texts_of(text_at(self.annotations, annotation)) if self.ours else ())
        every = [*names, *(name for name in uids if name not in names)]
        return [
            (uids.get(name) or self.new_uid(), name, rank)
            for name, rank in zip(every, ranks(len(every)), strict=True)
        ]

    def _tasks_of(self, template: MapNode, scope: _Scope) -> None:
        """Adds the tasks of a DAG or of steps, then what they wait for, which may come later."""
        self._note_target(template)
        pairs: list[tuple[MapNode, str, str]] = []
        groups = self._groups(template)
        for group in groups:
            for step in group:
                if self.left <= 0:
                    self._note_once(
                        "too many", f"A plan holds at most {MAX_TASKS} tasks: the rest is left out.", step
                    )
                    return
                name = text_at(step, "name")
                if self.ours and text_at(step, "template") == PHASE_END:
                    self.phase_ends.add(name)
                    continue
                self.left -= 1
                key = self._task(step, name, scope)
                scope.keys.setdefault(name, key)
                pairs.append((step, name, key))
        before: list[str] = []
        if value_at(template, "dag") is None:
            for group in groups:
                now = [scope.keys[name] for step in group if (name := text_at(step, "name")) in scope.keys]
                for successor in now:
                    for predecessor in before:
                        self.draft.depends(successor, predecessor, line=group[0].place.line)
                before = now or before
        for step, _, key in pairs:
            for name in self._waits_for(step, key):
                if name in self.phase_ends:
                    self.keeps_phases = True
                else:
                    line = line_at(step, "dependencies") or line_at(step, "depends")
                    self.draft.depends(key, scope.keys.get(name, scope.prefix + name), line=line)

    def _groups(self, template: MapNode) -> list[list[MapNode]]:
        """The steps of a template that come one after another; a DAG's tasks are one group."""
        if value_at(template, "dag") is not None:
            return [list(mappings_at(template, "dag", "tasks"))]
        groups = [list(mappings_at(group)) for group in items_at(template, "steps")]
        return [group for group in groups if group]

    def _task(self, step: MapNode, name: str, scope: _Scope) -> str:
        parameters = _parameters(step)
        if self.ours and KEY in parameters:
            key = self._our_task(step, parameters)
        else:
            key = self._any_task(step, name, parameters, scope)
        inline = value_at(step, "inline")
        template = inline if isinstance(inline, MapNode) else self.templates.get(text_at(step, "template"))
        if template is None:
            self._note_missing(step, key)
            return key
        for lock in _locks(template):
            self.holders.setdefault(lock, []).append(key)
        if not self.ours:
            self._look_into(template, step, key, scope)
        return key

    def _our_task(self, step: MapNode, parameters: Mapping[str, str]) -> str:
        line = step.place.line
        texts = {name: text_of(value) for name, value in parameters.items()}
        parent = None
        for above in texts_of(parameters.get("within", "")):
            if above not in self.summaries:
                self.summaries[above] = self.draft.task(above, line=line, parent=parent)
            parent = self.summaries[above]
        estimate = None
        if given := texts.get("estimate"):
            try:
                estimate = parse_duration(given)
            except BadDuration as error:
                self.draft.lost(str(error), line=line, task=texts[KEY])
        return self.draft.task(
            texts[KEY],
            line=line,
            title=texts.get("title", ""),
            estimate=estimate,
            parent=parent,
            phase=texts.get("phase") or None,
            agent=texts.get("agent") or None,
            modifies=texts_of(parameters.get("modifies", "")),
            creates=texts_of(parameters.get("creates", "")),
            reads=texts_of(parameters.get("reads", "")),
            decides=texts_of(parameters.get("decides", "")),
            parallel_safe={"true": True, "false": False}.get(texts.get("parallel-safe", "")),
        )

    def _any_task(self, step: MapNode, name: str, parameters: Mapping[str, str], scope: _Scope) -> str:
        template = text_at(step, "template") or text_at(step, "templateRef", "template")
        told = [f"Template: {template}"] if template else []
        told += [f"{parameter}: {value}" for parameter, value in parameters.items()]
        key = self.draft.task(
            scope.prefix + name, line=step.place.line, description="\n".join(told), parent=scope.parent
        )
        self._note_unkept(step, step, _KEPT_OF_TASK, "the task", key)
        if entry := entry_at(step, "arguments", "artifacts"):
            self.draft.lost("Its artifacts are not kept.", line=entry.place.line, task=key)
        return key

    def _look_into(self, template: MapNode, step: MapNode, key: str, scope: _Scope) -> None:
        """Reads the DAG inside a task as its parts; what else a template does is only noted."""
        name = text_at(template, "name") or f"of {key}"
        names = [each for each in template.entries if each not in _KEPT_OF_TEMPLATE]
        if names:
            message = f"Not kept of the template “{name}”: {', '.join(names)}."
            self._note_once(f"template {name}", message, template)
        if value_at(template, "steps") is not None:
            count = sum(map(len, self._groups(template)))
            message = f"The {count} steps inside the template “{name}” are not kept: they are how it is done."
            self._note_once(f"steps {name}", message, template)
        elif value_at(template, "dag") is None:
            return
        elif name in scope.templates or len(scope.templates) > MAX_NESTING:
            message = f"The template “{name}” runs inside itself, or too deep. It is read as one task here."
            self.draft.lost(message, line=step.place.line, task=key)
        else:
            inner = f"{key}{_NESTED_KEYS}"
            self._tasks_of(template, _Scope(inner, key, (*scope.templates, name)))

    def _waits_for(self, step: MapNode, key: str) -> Iterator[str]:
        """The names of the steps that a step waits for, each once."""
        names = texts_at(step, "dependencies")
        condition = text_at(step, "depends")
        if names and condition:
            message = "It has dependencies and depends, where Argo takes one of them. Both are read."
            self.draft.repaired(message, line=step.place.line, task=key)
        plain = True
        for term in _TERM.finditer(condition):
            plain = plain and not term["other"] and term["outcome"] in (None, ".Succeeded")
            names += [term["name"]] if term["name"] else []
        if not plain:
            message = f"It is read as waiting until all of these have finished: {condition}."
            self.draft.guessed(message, line=line_at(step, "depends"), task=key)
        return iter(dict.fromkeys(names))

    def _note_target(self, template: MapNode) -> None:
        if target := text_at(template, "dag", "target"):
            message = f"It runs only what leads to {target}; the plan has all tasks."
            self.draft.lost(message, line=line_at(template, "dag", "target"))

    def _note_missing(self, step: MapNode, key: str) -> None:
        name = text_at(step, "template")
        if name:
            message = f"Its template “{name}” is not in the workflow."
            self.draft.lost(message, line=line_at(step, "template"), task=key)

    def _note_once(self, what: str, message: str, near: Tree) -> None:
        if what not in self.noted:
            self.noted.add(what)
            self.draft.lost(message, line=near.place.line)


def _parameters(step: MapNode) -> dict[str, str]:
    """A step's arguments as they are spelled; a value that is no text is left out."""
    found: dict[str, str] = {}
    for parameter in mappings_at(step, "arguments", "parameters"):
        value = value_at(parameter, "value")
        if (name := text_at(parameter, "name")) and isinstance(value, Scalar):
            found[name] = value.text or ""
    return found


def _locks(template: MapNode) -> Sequence[str]:
    """The names of the mutexes that a template holds."""
    several = [text_at(each, "name") for each in mappings_at(template, "synchronization", "mutexes")]
    one = text_at(template, "synchronization", "mutex", "name")
    return [name for name in dict.fromkeys([*several, one]) if name]
