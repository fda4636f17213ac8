"""What people type in the editor and on the project pages, as the core's values."""

from taskplanner.plans.forms.plan import (
    AgentCountForm,
    ClaimForm,
    DrawingForm,
    PairForm,
    PlanForm,
    VerdictForm,
)
from taskplanner.plans.forms.project import (
    DocumentForm,
    ExportForm,
    FilesForm,
    ImportForm,
    NameForm,
    NewPlanForm,
    ProjectForm,
)
from taskplanner.plans.forms.task import NewTaskForm, ProgressForm, TaskForm, seen_values

__all__ = [
    "AgentCountForm",
    "ClaimForm",
    "DocumentForm",
    "DrawingForm",
    "ExportForm",
    "FilesForm",
    "ImportForm",
    "NameForm",
    "NewPlanForm",
    "NewTaskForm",
    "PairForm",
    "PlanForm",
    "ProgressForm",
    "ProjectForm",
    "TaskForm",
    "VerdictForm",
    "seen_values",
]
