"""Reading and writing plans. One module a format, found by the registry; the plan document is YAML."""

from planner_core.formats.archive import source_of
from planner_core.formats.document import Document, NewUid, Note, Report, Written
from planner_core.formats.reading import documents_of
from planner_core.formats.registry import (
    AmbiguousFormatError,
    Format,
    UnknownFormatError,
    all_formats,
    detected_format,
    fitting_formats,
    format_named,
)
from planner_core.formats.source import Source
from planner_core.formats.yaml_plan import json_schema, read_plan, write_plan

__all__ = [
    "AmbiguousFormatError",
    "Document",
    "Format",
    "NewUid",
    "Note",
    "Report",
    "Source",
    "UnknownFormatError",
    "Written",
    "all_formats",
    "detected_format",
    "documents_of",
    "fitting_formats",
    "format_named",
    "json_schema",
    "read_plan",
    "source_of",
    "write_plan",
]
