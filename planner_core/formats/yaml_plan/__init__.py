"""The plan document in YAML: the format that keeps everything a plan holds. JSON is read as its subset."""

from __future__ import annotations

import re

from planner_core.formats.document import Document
from planner_core.formats.registry import Format
from planner_core.formats.yaml_plan.reader import read_plan
from planner_core.formats.yaml_plan.schema import json_schema
from planner_core.formats.yaml_plan.writer import write_plan

_MARKS = re.compile(
    r"^\s*[\"']?(taskplanner|tasks|execution_groups|depends_on|conflict_zones)[\"']?\s*:", re.M
)


def _fits(text: str) -> bool:
    return _MARKS.search(text) is not None


def _write(document: Document) -> str:
    return write_plan(document.plan, document.progress)


FORMAT = Format(
    name="yaml",
    title="Taskplanner YAML",
    extensions=(".yaml", ".yml", ".json"),
    fits=_fits,
    read=read_plan,
    write=_write,
)

__all__ = ["FORMAT", "json_schema", "read_plan", "write_plan"]
