"""Argo Workflows: a plan as a DAG that a cluster can run, and DAG workflows read back as plans."""

from __future__ import annotations

import re

from planner_core.formats.argo.reader import read_argo
from planner_core.formats.argo.writer import write_argo
from planner_core.formats.registry import Format
from planner_core.formats.source import Source

_MARK = re.compile(r"^[ \t]*[\"']?apiVersion[\"']?[ \t]*:[ \t]*[\"']?argoproj\.io/", re.M)


def _fits(source: Source) -> bool:
    return not source.is_folder and _MARK.search(source.text()) is not None


FORMAT = Format(
    name="argo",
    title="Argo Workflows",
    extensions=(".yaml", ".yml", ".json"),
    fits=_fits,
    read=read_argo,
    write=write_argo,
    separator="---\n",
)
