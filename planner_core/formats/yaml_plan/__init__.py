"""The plan document in YAML: the format that keeps everything a plan holds. JSON is read as its subset."""

from __future__ import annotations

import re

from planner_core.formats.document import Document, Written
from planner_core.formats.registry import Format
from planner_core.formats.source import Source
from planner_core.formats.yaml_plan.reader import read_plan, read_plans
from planner_core.formats.yaml_plan.schema import json_schema
from planner_core.formats.yaml_plan.writer import write_plan

_MARKS = re.compile(
    r"^[ \t]*[\"']?(taskplanner|tasks|execution_groups|depends_on|conflict_zones)[\"']?[ \t]*:", re.M
)
_OTHER_FILES = frozenset({".md", ".markdown", ".csv", ".jsonl"})
_OTHER_FORMATS = re.compile(r"^(apiVersion|work_packages)[ \t]*:", re.M)
_MARKS_IN_JSON = re.compile(r"\"(taskplanner|tasks)\"\s*:")
_JSON = re.compile(r"\s*[\[{]")
_OUR_KEYS = re.compile(
    r"\"(taskplanner|depends_on|depends_on_completion|conflict_zones|execution_groups)\"\s*:"
)
_OTHER_KEYS = re.compile(r"\"(dependencies|subtasks|testStrategy|blocked_by|issue_type)\"\s*:")


def _fits(source: Source) -> bool:
    if source.is_folder or source.suffix in _OTHER_FILES:
        return False
    text = source.text()
    if _JSON.match(text):
        return bool(_OUR_KEYS.search(text) or (_MARKS_IN_JSON.search(text) and not _OTHER_KEYS.search(text)))
    return bool(_MARKS.search(text) and not _OTHER_FORMATS.search(text))


def _write(document: Document) -> Written:
    return Written(write_plan(document.plan, document.progress))


FORMAT = Format(
    name="yaml",
    title="Taskplanner YAML",
    extensions=(".yaml", ".yml", ".json"),
    fits=_fits,
    read=read_plans,
    write=_write,
    separator="---\n",
)

__all__ = ["FORMAT", "json_schema", "read_plan", "write_plan"]
