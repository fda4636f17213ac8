"""What people are told when the core or a service refuses: what, where, who was first, and what to do."""

from __future__ import annotations

from datetime import datetime

from django.utils.timesince import timesince

import planner_core as core
from taskplanner.plans.services import StaleChange


def explain(error: core.PlannerError) -> str:
    """The refusal in words, all problems together."""
    if isinstance(error, StaleChange):
        return explain_stale(error)
    if isinstance(error, core.InvalidPlan):
        return " ".join(_problem(problem) for problem in error.problems[:20])
    return str(error)


def explain_stale(error: StaleChange) -> str:
    """Who changed the target of a stale edit, to what, and when."""
    if error.blame is None:
        return f"{error} Nothing was changed; look again and repeat what you did."
    who = error.blame.actor or "The app"
    return (
        f"{who} was first, {_ago(error.blame.at)}: {error.blame.sentence}. "
        f"Your change of {error.what} was not made; look again and repeat it if you still want it."
    )


def _ago(at: datetime) -> str:
    said = timesince(at)
    return "just now" if said.startswith("0") else f"{said} ago"


def _problem(problem: core.Problem) -> str:
    return f"{problem.task}: {problem.message}" if problem.task else problem.message
