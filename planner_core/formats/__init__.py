"""Reading and writing plans. One module a format, found by the registry; the plan document is YAML."""

from planner_core.formats.document import Document, NewUid, Note, Report
from planner_core.formats.registry import (
    Format,
    UnknownFormatError,
    all_formats,
    fitting_formats,
    format_named,
)
from planner_core.formats.yaml_plan import json_schema, read_plan, write_plan

__all__ = [
    "Document",
    "Format",
    "NewUid",
    "Note",
    "Report",
    "UnknownFormatError",
    "all_formats",
    "fitting_formats",
    "format_named",
    "json_schema",
    "read_plan",
    "write_plan",
]
