"""The forms of a plan: its own fields, and what stands between its tasks."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.validators import RegexValidator

import planner_core as core
from taskplanner.plans.forms.fields import DurationField
from taskplanner.plans.forms.seen import read_seen, rebased

_MODES = [(mode.value, mode.value) for mode in core.ClaimMode]
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"


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
    reason = forms.CharField(
        max_length=2000,
        required=False,
        validators=[RegexValidator(_CONTROL, "It holds a control character. Remove it.", inverse_match=True)],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

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
        return read_seen(self.cleaned_data["seen"], _PLAN_FIELDS)

    def values(self) -> dict[str, Any]:
        """The values of a valid form, as the core has them."""
        values = {name: self.cleaned_data[name] for name in _PLAN_FIELDS}
        values["description"] = values["description"].replace("\r\n", "\n")
        return values

    def over(self, plan: core.Plan) -> PlanForm:
        """A stale but valid form over the plan as it is now: only what the person changed is kept."""
        return PlanForm(plan, rebased(self, PlanForm(plan), _PLAN_FIELDS))


_PLAN_FIELDS = [name for name in PlanForm.base_fields if name != "seen"]


class DrawingForm(forms.Form):
    """A drawing of the plan as a file."""

    view = forms.ChoiceField(choices=[(view.value, view.value) for view in core.View])
    format = forms.ChoiceField(choices=[(name, name.upper()) for name in ("pdf", "svg", "png")])
    theme = forms.ChoiceField(choices=[(name, name) for name in ("light", "dark")])
