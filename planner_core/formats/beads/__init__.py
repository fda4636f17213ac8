"""beads: the issues of a project, one JSON object a line."""

from planner_core.formats.beads.reader import fits, read
from planner_core.formats.beads.writer import write
from planner_core.formats.registry import Format

FORMAT = Format(
    name="beads",
    title="beads (issues.jsonl)",
    extensions=(".jsonl",),
    fits=fits,
    read=read,
    write=write,
)
