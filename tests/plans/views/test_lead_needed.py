"""Verdicts and settings are the lead's, by whatever way they come."""

from __future__ import annotations

import pytest

import planner_core as core
from taskplanner.plans.services import NothingToUndo, change_plan, undo_change
from taskplanner.plans.services.changing import LeadNeeded, require_lead
from tests.cast import Part
from tests.plans.views.stage import DOCUMENT, Stage, form_of

RULED = DOCUMENT + "pairs: [{tasks: [T002, T003], together: true, reason: only reads}]\n"
SETTLED = DOCUMENT.replace("agents: 2", "agents: 2\nsettings: {threshold: 0.9}")


@pytest.mark.parametrize("text", [RULED, SETTLED], ids=["a verdict", "a setting"])
@pytest.mark.parametrize(("part", "status"), [("member", 403), ("lead", 302)])
def test_an_import_that_rules_or_sets_takes_a_lead(stage: Stage, text: str, part: Part, status: int) -> None:
    """A member may preview such a document; making the change is refused, and nothing is written."""
    page = stage.post(part, "preview_import", text=text)
    before = stage.state()
    signed = form_of(page, stage.url("apply_import"))["preview"]
    answer = stage.post(part, "apply_import", preview=signed)
    assert answer.status_code == status
    assert (stage.state() == before) is (status == 403)


def test_a_member_may_import_tasks(stage: Stage) -> None:
    """Tasks, titles and the number of agents are a member's to change."""
    page = stage.post("member", "preview_import", text=DOCUMENT.replace("agents: 2", "agents: 5"))
    signed = form_of(page, stage.url("apply_import"))["preview"]
    assert stage.post("member", "apply_import", preview=signed).status_code == 302


def test_who_is_no_lead_any_more_does_not_take_a_verdict_back(stage: Stage) -> None:
    """Undo asks for the role that the change took."""
    row = stage.row
    first, second = stage.uid("T002"), stage.uid("T003")
    edits = core.ruling(stage.plan, first, second, True, "only reads")
    change_plan(plan=row, edits=edits, actor=stage.cast.lead)
    with pytest.raises(LeadNeeded):
        undo_change(plan=row, actor=stage.cast.lead, as_lead=False)
    undo_change(plan=row, actor=stage.cast.lead, as_lead=True)
    with pytest.raises(NothingToUndo):
        undo_change(plan=row, actor=stage.cast.lead)


def test_a_verdict_that_goes_with_its_task_is_no_ruling(stage: Stage) -> None:
    """Removing a task takes its verdicts along, and is a member's to do."""
    first, second = stage.uid("T002"), stage.uid("T003")
    ruled = core.apply_edits(stage.plan, core.ruling(stage.plan, first, second, True, "only reads"))
    require_lead(core.removing_tasks(ruled, [first]))
    with pytest.raises(LeadNeeded):
        require_lead(core.ruling(ruled, first, second, None))


def test_an_import_does_not_overwrite_progress_that_somebody_set_meanwhile(stage: Stage) -> None:
    """The preview remembers the progress it saw: where it changed since, nothing is written (409)."""
    page = stage.post("member", "preview_import", text=DOCUMENT + "progress: {T001: completed}\n")
    assert "sets T001 to completed" in page.content.decode()
    signed = form_of(page, stage.url("apply_import"))["preview"]
    uid = stage.plan.task_by_key["T001"].uid
    stage.row.progress.create(task_uid=uid, status="in_progress")
    assert stage.post("member", "apply_import", preview=signed).status_code == 409
    assert stage.row.progress.get().status == "in_progress"
