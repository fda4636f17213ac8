"""What a person does to a plan, as lists of edits.

A gesture is a pure function `(plan, ...) -> list[Edit]`. It refuses, with a PlannerError that is a whole
sentence, what can be seen to be wrong from the plan at hand; a task, phase, track or agent that is not there
(any more) is a StaleEdit. What only the result shows is refused when the edits are applied.
"""

from planner_core.gestures.links import connecting, disconnecting, ruling
from planner_core.gestures.replacement import matched_by_key, matched_by_title, replacing_plan
from planner_core.gestures.rows import (
    adding_agent,
    adding_phase,
    adding_track,
    moving_agent,
    moving_phase,
    moving_track,
    removing_agent,
    removing_phase,
    removing_track,
    renaming_agent,
    renaming_phase,
    renaming_track,
    setting_skills,
)
from planner_core.gestures.tasks import (
    adding_claim,
    adding_task,
    editing_plan,
    editing_task,
    moving_task,
    next_key,
    removing_claim,
    removing_tasks,
    setting_claims,
    setting_plan_field,
)
from planner_core.gestures.updating import updating_plan

__all__ = [
    "adding_agent",
    "adding_claim",
    "adding_phase",
    "adding_task",
    "adding_track",
    "connecting",
    "disconnecting",
    "editing_plan",
    "editing_task",
    "matched_by_key",
    "matched_by_title",
    "moving_agent",
    "moving_phase",
    "moving_task",
    "moving_track",
    "next_key",
    "removing_agent",
    "removing_claim",
    "removing_phase",
    "removing_tasks",
    "removing_track",
    "renaming_agent",
    "renaming_phase",
    "renaming_track",
    "replacing_plan",
    "ruling",
    "setting_claims",
    "setting_plan_field",
    "setting_skills",
    "updating_plan",
]
