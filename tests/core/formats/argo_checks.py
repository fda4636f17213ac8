"""Checks of a written workflow that the published schema leaves out, because it accepts unknown keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from planner_core.graph import Graph, find_cycle

KNOWN = {
    "workflow": {"apiVersion", "kind", "metadata", "spec"},
    "metadata": {"generateName", "annotations"},
    "spec": {"entrypoint", "parallelism", "arguments", "templates"},
    "template": {"name", "dag", "inputs", "container", "suspend", "synchronization"},
    "dag": {"tasks"},
    "task": {"name", "template", "dependencies", "arguments"},
    "arguments": {"parameters"},
    "parameter": {"name", "value", "default"},
    "inputs": {"parameters", "artifacts"},
    "artifact": {"name", "path", "raw"},
    "raw": {"data"},
    "container": {"image", "command", "args"},
    "synchronization": {"mutexes"},
    "mutex": {"name"},
    "suspend": {"duration"},
}
OUR_TEMPLATES = {
    "{{inputs.parameters.brief}}", "{{workflow.parameters.image}}", "{{workflow.parameters.command}}",
}  # fmt: skip
LEGAL = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
PARAMETER = re.compile(r"[a-z][-a-z0-9]*")


def problems_of(text: str) -> list[str]:
    """What is wrong with a written workflow, in no particular order."""
    return list(_problems(yaml.safe_load(text)))


def _problems(workflow: Any) -> Iterator[str]:
    spec = workflow["spec"]
    templates = {template["name"]: template for template in spec["templates"]}
    yield from _unknown("workflow", [workflow])
    yield from _unknown("metadata", [workflow["metadata"]])
    yield from _unknown("spec", [spec])
    yield from _names("template", [template["name"] for template in spec["templates"]])
    if not LEGAL.fullmatch(workflow["metadata"]["generateName"].removesuffix("-")):
        yield f"illegal generateName {workflow['metadata']['generateName']}"
    if spec["entrypoint"] not in templates:
        yield f"no template {spec['entrypoint']} to start with"
    if not isinstance(spec["parallelism"], int) or spec["parallelism"] < 1:
        yield f"parallelism {spec['parallelism']}"
    yield from _parameters(spec["arguments"]["parameters"])
    for template in templates.values():
        yield from _template(template)
        yield from _dag(template.get("dag", {"tasks": []}), templates)
    locks = [tuple(lock["name"] for lock in _mutexes(template)) for template in templates.values()]
    if len(set(filter(None, locks))) != len(list(filter(None, locks))):
        yield "two templates for one set of locks"
    yield from (
        f"template in {text!r}" for text in _texts(workflow) if "{{" in text and text not in OUR_TEMPLATES
    )


def _template(template: dict[str, Any]) -> Iterator[str]:
    yield from _unknown("template", [template])
    if len({"dag", "container", "suspend"} & template.keys()) != 1:
        yield f"template {template['name']} does not do one thing"
    for name in ("inputs", "container", "suspend", "synchronization"):
        yield from _unknown(name, [template[name]] if name in template else [])
    yield from _parameters(template.get("inputs", {}).get("parameters", []))
    artifacts = template.get("inputs", {}).get("artifacts", [])
    yield from _unknown("artifact", artifacts)
    yield from _unknown("raw", [artifact["raw"] for artifact in artifacts])
    yield from _unknown("mutex", _mutexes(template))
    yield from _names(f"lock of {template['name']}", [lock["name"] for lock in _mutexes(template)])
    # What runs is ours, to the letter: nothing typed comes near a command or a shell.
    container = template.get("container")
    if container and container != {
        "image": "{{workflow.parameters.image}}",
        "command": ["{{workflow.parameters.command}}"],
        "args": ["/plan/brief.md"],
    }:
        yield f"container {container}"


def _dag(dag: dict[str, Any], templates: dict[str, Any]) -> Iterator[str]:
    yield from _unknown("dag", [dag])
    tasks = {task["name"]: task for task in dag["tasks"]}
    yield from _names("task", [task["name"] for task in dag["tasks"]])
    yield from _unknown("task", tasks.values())
    yield from _unknown("arguments", [task["arguments"] for task in tasks.values()])
    for name, task in tasks.items():
        if task["template"] not in templates:
            yield f"{name} has no template {task['template']}"
            continue
        wants = templates[task["template"]]["inputs"]["parameters"]
        given = [parameter["name"] for parameter in task["arguments"]["parameters"]]
        yield from _parameters(task["arguments"]["parameters"])
        if not set(given) <= {parameter["name"] for parameter in wants}:
            yield f"{name} passes parameters that its template does not take: {given}"
        if missing := {each["name"] for each in wants if "default" not in each} - set(given):
            yield f"{name} does not pass {missing}"
        waits = task.get("dependencies", [])
        if len(set(waits)) != len(waits):
            yield f"{name} names a dependency twice"
        if missing := set(waits) - tasks.keys():
            yield f"{name} waits for {missing}"
    place = {name: number for number, name in enumerate(tasks)}
    edges = [
        (place[other], place[name])
        for name, task in tasks.items()
        for other in task.get("dependencies", [])
        if other in place
    ]
    if find_cycle(Graph.from_edges(len(place), edges)):
        yield "the tasks wait for each other in a circle"


def _parameters(parameters: list[dict[str, Any]]) -> Iterator[str]:
    yield from _unknown("parameter", parameters)
    names = [parameter["name"] for parameter in parameters]
    if len(set(names)) != len(names):
        yield f"a parameter twice: {names}"
    for parameter in parameters:
        if not PARAMETER.fullmatch(parameter["name"]):
            yield f"illegal parameter {parameter['name']}"
        if not all(isinstance(value, str) for value in parameter.values()):
            yield f"parameter {parameter} is no text"


def _mutexes(template: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = template.get("synchronization", {}).get("mutexes", [])
    return found


def _unknown(what: str, nodes: Iterable[dict[str, Any]]) -> Iterator[str]:
    for node in nodes:
        if unknown := node.keys() - KNOWN[what]:
            yield f"unknown keys of a {what}: {sorted(unknown)}"


def _names(what: str, names: list[str]) -> Iterator[str]:
    if len(set(names)) != len(names):
        yield f"a name of a {what} is used twice: {names}"
    yield from (f"illegal name of a {what}: {name}" for name in names if not LEGAL.fullmatch(name))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from _texts(list(node) + list(node.values()))
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)
