"""Runs the command as `python -m planner_core.cli`."""

from planner_core.cli.commands import main

main()
