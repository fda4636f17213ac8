"""The forms of the editor and of the project pages: what people type, as the core's values."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from django import forms

import planner_core as core

_PRIORITIES = [(1, "1 · first"), (2, "2 · high"), (3, "3 · normal"), (4, "4 · low"), (5, "5 · last")]
_SAFETY = [("", "as computed"), ("yes", "yes, except for what ownership forbids"), ("no", "no, never")]
_STATUSES = [(status.value, status.value.replace("_", " ")) for status in core.Status]
_MODES = [(mode.value, mode.value) for mode in core.ClaimMode]
_FLAGS = {"": None, "yes": True, "no": False}


class LineField(forms.CharField):
    """A name or title: one line, without control characters."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in text):
            raise forms.ValidationError("Write it in one line, without control characters.")
        return text


class DurationField(forms.CharField):
    """Minutes, typed as `45m`, `1h 30m`, `2h` or `1d`; empty is None."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return core.parse_duration(text)
        except core.BadDuration as error:
            raise forms.ValidationError(str(error)) from error


class LinesField(forms.CharField):
    """Entries, one a line; blank lines are dropped."""

    def __init__(self, *, rows: int = 2, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def clean(self, value: Any) -> Any:
        return tuple(line.strip() for line in super().clean(value).splitlines() if line.strip())


class WordsField(forms.CharField):
    """Entries, separated by commas."""

    def clean(self, value: Any) -> Any:
        return tuple(word.strip() for word in super().clean(value).split(",") if word.strip())


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
        seen = _read_seen(self.cleaned_data["seen"], _FIELDS)
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
        return TaskForm(plan, task, _rebased(self, TaskForm(plan, task), _FIELDS))


_FIELDS = [name for name in TaskForm.base_fields if name != "seen"]


def _read_seen(text: str, fields: Collection[str]) -> dict[str, Any]:
    try:
        seen = json.loads(text)
        if not isinstance(seen, dict) or seen.keys() - set(fields):
            raise ValueError
    except (ValueError, RecursionError) as error:  # too deep a nesting is no form of ours either
        raise forms.ValidationError("The form is incomplete. Load the page again.") from error
    return seen


def _rebased(form: TaskForm | PlanForm, fresh: forms.Form, fields: Collection[str]) -> Any:
    """What was typed in the fields that the person changed, and what a fresh form shows in the others."""
    data = {name: form.data.get(name) for name in form.data}
    seen, values = form.cleaned_data["seen"], form.values()
    for name in fields:
        if name in seen and values[name] == seen[name]:
            data[name] = fresh.initial[name]
    data["seen"] = fresh.initial["seen"]
    return data


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


class PairForm(forms.Form):
    """Two different tasks of the plan: who comes first, and who waits."""

    predecessor = forms.ChoiceField(label="This task comes first")
    successor = forms.ChoiceField(label="This task waits for it")

    def __init__(self, plan: core.Plan, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="pair-%s")
        options = [("", "choose a task")]
        options += [(task.uid, f"{task.key} {task.title}"[:80]) for task in plan.tasks]
        for name in ("predecessor", "successor"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options


class ClaimForm(forms.Form):
    """A task, a pattern, and what the task does with what it matches."""

    task = forms.ChoiceField()
    pattern = forms.CharField(
        max_length=400, widget=forms.TextInput(attrs={"placeholder": "src/api/**", "spellcheck": "false"})
    )
    mode = forms.ChoiceField(choices=_MODES)

    def __init__(
        self, plan: core.Plan, data: Any = None, initial: Any = None, auto_id: str = "claim-%s"
    ) -> None:
        super().__init__(data, initial=initial, auto_id=auto_id)
        field = self.fields["task"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(task.uid, f"{task.key} {task.title}"[:80]) for task in plan.tasks]


class VerdictForm(forms.Form):
    """The lead's word on a pair of tasks, with a reason; or its withdrawal."""

    ruling = forms.ChoiceField(
        choices=[("together", "may run together"), ("never", "never together"), ("none", "no verdict")]
    )
    reason = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="verdict-%s")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("ruling") in ("together", "never") and not data.get("reason"):
            self.add_error("reason", "Say why, for those who read the plan later.")
        return data


class AgentCountForm(forms.Form):
    """How many agents work on the plan."""

    agents = forms.IntegerField(min_value=1, max_value=999)


class PlanForm(forms.Form):
    """The plan's own fields."""

    title = forms.CharField(max_length=300)
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    default_estimate = DurationField(help_text="For tasks without an estimate")
    keep_phases = forms.BooleanField(
        required=False, label="A phase starts when the one before it is finished"
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, plan: core.Plan, data: Any = None) -> None:
        seen = {name: getattr(plan, name) for name in _PLAN_FIELDS}
        initial = seen | {
            "default_estimate": core.format_duration(plan.default_estimate),
            "seen": json.dumps(seen),
        }
        super().__init__(data, initial=initial, auto_id="plan-%s")

    def clean_seen(self) -> dict[str, Any]:
        """The values the person was shown."""
        return _read_seen(self.cleaned_data["seen"], _PLAN_FIELDS)

    def values(self) -> dict[str, Any]:
        """The values of a valid form, as the core has them."""
        values = {name: self.cleaned_data[name] for name in _PLAN_FIELDS}
        values["description"] = values["description"].replace("\r\n", "\n")
        return values

    def over(self, plan: core.Plan) -> PlanForm:
        """A stale but valid form over the plan as it is now: only what the person changed is kept."""
        return PlanForm(plan, _rebased(self, PlanForm(plan), _PLAN_FIELDS))


_PLAN_FIELDS = [name for name in PlanForm.base_fields if name != "seen"]


class NameForm(forms.Form):
    """A name: of a project, a phase, a track or an agent."""

    name = LineField(max_length=300)


class NewPlanForm(forms.Form):
    """A plan to begin: from a starter, else empty with a title."""

    title = LineField(max_length=300, required=False)
    starter = forms.ChoiceField(
        required=False, choices=[(starter.name, starter.title) for starter in core.STARTERS]
    )

    def content(self, new_uid: Callable[[], str]) -> core.Plan:
        """The plan that a valid form asks for."""
        for starter in core.STARTERS:
            if starter.name == self.cleaned_data["starter"]:
                return starter.build(new_uid)
        return core.Plan(title=self.cleaned_data["title"] or "Untitled plan")


class ProjectForm(forms.Form):
    """A new project in one of the person's teams."""

    team = forms.ChoiceField()
    name = LineField(max_length=300, widget=forms.TextInput(attrs={"placeholder": "Name of the code base"}))

    def __init__(self, teams: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, auto_id="project-%s")
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = teams


class FilesForm(forms.Form):
    """A project's file list: pasted, or uploaded as a text file."""

    paths = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "code"}),
        help_text="One path a line, as git ls-files prints them",
    )
    upload = forms.FileField(required=False, label="Or a file that holds the list")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def text(self) -> str:
        """The list that was given: the uploaded file where there is one."""
        upload = self.cleaned_data.get("upload")
        given: str = upload.read().decode(errors="replace") if upload else self.cleaned_data["paths"]
        return given


class DocumentForm(forms.Form):
    """A plan document: a file, or its text."""

    upload = forms.FileField(required=False, label="A YAML file")
    text = forms.CharField(
        required=False,
        strip=False,
        label="Or its text",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("upload") and not (data.get("text") or "").strip():
            raise forms.ValidationError("Choose a file or paste the text of a plan.")
        return data

    def document(self) -> bytes:
        """What was given, as bytes: the file where there is one."""
        upload = self.cleaned_data.get("upload")
        data: bytes = upload.read() if upload else self.cleaned_data["text"].encode(errors="replace")
        return data


class DrawingForm(forms.Form):
    """A drawing of the plan as a file."""

    view = forms.ChoiceField(choices=[(view.value, view.value) for view in core.View])
    format = forms.ChoiceField(choices=[(name, name.upper()) for name in ("pdf", "svg", "png")])
    theme = forms.ChoiceField(choices=[(name, name) for name in ("light", "dark")])
