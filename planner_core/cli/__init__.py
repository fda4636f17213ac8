"""The `taskplanner` command: check, schedule, draw and convert plans without a server.

Exit status: 0 where all is well, 1 where `check` finds something at or above `--fail-on`, 2 where a plan
cannot be read, is invalid or cannot be drawn.
"""

from planner_core.cli.commands import app, main

__all__ = ["app", "main"]
