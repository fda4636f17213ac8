"""CSV (RFC 4180): a row a task, columns by name; for spreadsheets, and from them."""

from planner_core.formats.csv_tasks.columns import recognized
from planner_core.formats.csv_tasks.reader import read, table
from planner_core.formats.csv_tasks.writer import write
from planner_core.formats.registry import Format
from planner_core.formats.source import Source

_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ""})
_HEAD = 4_000


def _fits(source: Source) -> bool:
    """Whether the first line names a task's column and at least one more."""
    if source.is_folder or source.suffix not in _SUFFIXES:
        return False
    head = source.text()[:_HEAD].lstrip("\n").split("\n", 2)
    columns = recognized(table("\n".join(head[: 2 if head[0].startswith("sep=") else 1])).header)
    return len(columns) > 1 and bool({"key", "title"} & columns.keys())


FORMAT = Format(name="csv", title="CSV", extensions=(".csv", ".tsv"), fits=_fits, read=read, write=write)
