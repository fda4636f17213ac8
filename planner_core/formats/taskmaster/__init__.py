"""task-master: the `tasks.json` of its projects, with one plan a tag."""

from planner_core.formats.registry import Format
from planner_core.formats.taskmaster.reader import fits, read
from planner_core.formats.taskmaster.writer import write

FORMAT = Format(
    name="task-master",
    title="task-master (tasks.json)",
    extensions=(".json",),
    fits=fits,
    read=read,
    write=write,
)
