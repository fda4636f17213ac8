"""What can be done to projects and plans."""

from taskplanner.plans.services.changing import (
    Blame,
    LeadNeeded,
    NothingToUndo,
    PlanGone,
    StaleChange,
    change_plan,
    latest_redoable,
    latest_undoable,
    redo_change,
    require_lead,
    undo_change,
)
from taskplanner.plans.services.files import BadFileList, StaleFileList, set_files
from taskplanner.plans.services.progress import (
    BadProgress,
    StaleProgress,
    check_progress,
    set_progress,
    store_progress,
)
from taskplanner.plans.services.projects import (
    NameTaken,
    create_plan,
    create_project,
    delete_plan,
    delete_project,
    rename_project,
)

__all__ = [
    "BadFileList",
    "BadProgress",
    "Blame",
    "LeadNeeded",
    "NameTaken",
    "NothingToUndo",
    "PlanGone",
    "StaleChange",
    "StaleFileList",
    "StaleProgress",
    "change_plan",
    "check_progress",
    "create_plan",
    "create_project",
    "delete_plan",
    "delete_project",
    "latest_redoable",
    "latest_undoable",
    "redo_change",
    "rename_project",
    "require_lead",
    "set_files",
    "set_progress",
    "store_progress",
    "undo_change",
]
