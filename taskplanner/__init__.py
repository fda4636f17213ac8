"""The Django project: the web app around planner_core."""
