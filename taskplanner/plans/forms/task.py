"""The forms of a task."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from django import forms

import planner_core as core
from taskplanner.plans.forms.fields import DurationField, LinesField, WordsField
from taskplanner.plans.forms.seen import read_seen, rebased

_PRIORITIES = [(1, "1 · first"), (2, "2 · high"), (3, "3 · normal"), (4, "4 · low"), (5, "5 · last")]
_SAFETY = [("", "as computed"), ("yes", "yes, except for what ownership forbids"), ("no", "no, never")]
_STATUSES = [(status.value, status.value.replace("_", " ")) for status in core.Status]
_FLAGS = {"": None, "yes": True, "no": False}


class TaskForm(forms.Form):
    """Every field of a task but its claims and progress.

    `seen` carries the values the person was shown, so that only what they changed is written, and a change
    by somebody else in between is noticed.
    """

    key = forms.CharField(max_length=80)
    title = forms.CharField(max_length=300, required=False)
    estimate = DurationField(required=False, help_text="45m, 1h 30m, 2h or 1d")
    priority = forms.TypedChoiceField(choices=_PRIORITIES, coerce=int, initial=3)
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    acceptance = LinesField(label="Acceptance criteria", help_text="One a line", rows=3)
    phase = forms.ChoiceField(required=False)
    track = forms.ChoiceField(required=False)
    layer = forms.ChoiceField(required=False)
    bounded_context = forms.CharField(max_length=300, required=False)
    parent = forms.ChoiceField(required=False, label="Part of")
    agent = forms.ChoiceField(required=False)
    skills = WordsField(required=False, help_text="Separated by commas")
    parallel_safe = forms.ChoiceField(required=False, choices=_SAFETY, label="Safe beside other tasks")
    decides = LinesField(help_text="Design questions this task settles, one a line")
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, plan: core.Plan, task: core.Task | None, data: Any = None) -> None:
        super().__init__(data, initial=_initial(task) if task else None, auto_id="task-%s")
        choices = {
            "phase": [(phase.uid, phase.name) for phase in plan.phases],
            "track": [(track.uid, track.name) for track in plan.tracks],
            "agent": [(agent.uid, agent.name) for agent in plan.agents],
            "layer": [(layer.value, layer.value) for layer in core.Layer],
            "parent": [
                (other.uid, f"{other.key} {other.title}"[:60])
                for other in plan.tasks
                if task is None or other.uid != task.uid
            ],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "none"), *options]

    def clean_seen(self) -> dict[str, Any]:
        """The values the person was shown."""
        seen = read_seen(self.cleaned_data["seen"], _FIELDS)
        return {name: tuple(v) if isinstance(v, list) else v for name, v in seen.items()}

    def values(self) -> dict[str, Any]:
        """The values of a valid form, as the core has them, by field."""
        values = {name: self.cleaned_data[name] for name in _FIELDS}
        for name in ("phase", "track", "parent", "agent", "layer"):
            values[name] = values[name] or None
        values["parallel_safe"] = _FLAGS[values["parallel_safe"]]
        values["description"] = values["description"].replace("\r\n", "\n")
        return values

    def over(self, plan: core.Plan, task: core.Task) -> TaskForm:
        """A stale but valid form over the task as it is now: only what the person changed is kept."""
        return TaskForm(plan, task, rebased(self, TaskForm(plan, task), _FIELDS))


_FIELDS = [name for name in TaskForm.base_fields if name != "seen"]


def seen_values(task: core.Task) -> str:
    """What a task's form carries of the values it shows."""
    return json.dumps({name: getattr(task, name) for name in _FIELDS})


def _initial(task: core.Task) -> dict[str, Any]:
    values = {name: getattr(task, name) for name in _FIELDS}
    values["estimate"] = "" if task.estimate is None else core.format_duration(task.estimate)
    values["skills"] = ", ".join(task.skills)
    for name in ("acceptance", "decides"):
        values[name] = "\n".join(values[name])
    values["parallel_safe"] = {None: "", True: "yes", False: "no"}[task.parallel_safe]
    values["seen"] = seen_values(task)
    return values


class NewTaskForm(forms.Form):
    """A task in one line: a title, and an estimate where the lead has one."""

    title = forms.CharField(
        max_length=300, widget=forms.TextInput(attrs={"placeholder": "Title of the new task"})
    )
    estimate = DurationField(required=False, widget=forms.TextInput(attrs={"placeholder": "30m"}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="new-task-%s")


class ProgressForm(forms.Form):
    """Status and actual times of a task; times are in UTC."""

    status = forms.ChoiceField(choices=_STATUSES)
    started = forms.DateTimeField(
        required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    finished = forms.DateTimeField(
        required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    seen_status = forms.ChoiceField(choices=_STATUSES, widget=forms.HiddenInput)
    seen_started = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    seen_finished = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, progress: core.TaskProgress, data: Any = None) -> None:
        initial = {"status": progress.status.value, "seen_status": progress.status.value}
        for name in ("started", "finished"):
            time = getattr(progress, name)
            initial[name] = "" if time is None else time.strftime("%Y-%m-%dT%H:%M")
            initial[f"seen_{name}"] = "" if time is None else time.isoformat()
        super().__init__(data, initial=initial, auto_id="progress-%s")

    def over(self, progress: core.TaskProgress) -> ProgressForm:
        """What was typed, over the progress as it is now."""
        data, fresh = {name: self.data.get(name) for name in self.data}, ProgressForm(progress)
        for name in ("seen_status", "seen_started", "seen_finished"):
            data[name] = fresh.initial[name]
        return ProgressForm(progress, data)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("started", "finished", "seen_started", "seen_finished"):
            try:
                data[name] = data[name] and data[name].astimezone(UTC) if name in data else None
            except OverflowError:
                self.add_error(name, "This time is out of range.")
        return data

    def before(self) -> core.TaskProgress:
        """What the person was shown."""
        data = self.cleaned_data
        return core.TaskProgress(
            core.Status(data["seen_status"]), data["seen_started"], data["seen_finished"]
        )

    def after(self) -> core.TaskProgress:
        """What the person wants. A time they left alone keeps its seconds."""
        data, seen = self.cleaned_data, self.before()
        times = []
        for name in ("started", "finished"):
            old, new = getattr(seen, name), data[name]
            same = old is not None and new is not None and old.strftime("%F %R") == new.strftime("%F %R")
            times.append(old if same else new)
        return core.TaskProgress(core.Status(data["status"]), *times)
