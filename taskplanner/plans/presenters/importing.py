"""What documents would make or change: base versions and edits, signed so that they come back whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from pydantic import TypeAdapter

import planner_core as core
from taskplanner.plans.presenters.conflict_rows import ConflictRow, present_conflicts
from taskplanner.plans.presenters.drawings import Drawing, draw_plan
from taskplanner.plans.presenters.workspace import Workspace

_SALT = "taskplanner.plans.import"
_PROGRESS: TypeAdapter[dict[str, core.TaskProgress]] = TypeAdapter(dict[str, core.TaskProgress])
_SHOWN = 200
_SHOWN_CONFLICTS = 20
_DRAWN = 5


@dataclass(frozen=True)
class ImportPreview:
    """What an import into a plan would do, in sentences, and the figures before and after."""

    signed: str
    sentences: tuple[str, ...]
    more: int
    tasks: tuple[int, int]
    conflicts: tuple[int, int]
    makespans: tuple[str, str]
    report: core.Report | None


@dataclass(frozen=True)
class NewPlanPreview:
    """A plan that a document would make: what it looks like, where it collides, and how the reading went."""

    title: str
    tasks: int
    dependencies: int
    makespan: str
    drawing: Drawing
    conflicts: tuple[ConflictRow, ...]
    conflict_count: int
    report: core.Report | None


@dataclass(frozen=True)
class Previewed:
    """A preview that came back: edits from a base version (0: none), progress, and that seen before."""

    version: int
    title: str
    edits: Sequence[core.Edit]
    progress: Mapping[str, core.TaskProgress]
    seen: Mapping[str, core.TaskProgress]


def present_import(workspace: Workspace, document: core.Document, *, mode: str, match: str) -> ImportPreview:
    """Preview a document for the plan: as its new content, or as an update of it.

    Raises core.InvalidPlan where an update and the plan together break a rule.
    """
    before = workspace.plan
    matcher = core.matched_by_title if match == "title" else core.matched_by_key
    gesture = core.updating_plan if mode == "update" else core.replacing_plan
    matched = matcher(before, document.plan)
    edits = gesture(before, matched)
    after = core.apply_edits(before, edits)
    # Both plans have their tasks in the same order: matching changes uids and nothing else.
    uids = {old.uid: new.uid for old, new in zip(_by_place(document.plan), _by_place(matched), strict=True)}
    stated = {uids[uid]: each for uid, each in document.progress.items()}
    seen = {uid: workspace.progress.get(uid, core.TaskProgress()) for uid in stated}
    progress = {uid: each for uid, each in stated.items() if each != seen[uid]}
    sentences = core.describe_each(before, edits)
    for uid, each in progress.items():
        sentences.append(f"sets {after.task_by_uid[uid].key} to {each.status.value.replace('_', ' ')}")
    payload = _payload(workspace.row.version, before.title, edits, progress)
    payload |= {"plan": workspace.row.pk, "seen": _PROGRESS.dump_python(seen, mode="json")}
    return ImportPreview(
        signed=_signed([payload]),
        sentences=tuple(sentences[:_SHOWN]),
        more=max(0, len(sentences) - _SHOWN),
        tasks=(len(before.tasks), len(after.tasks)),
        conflicts=(len(workspace.findings.conflicts), len(core.find_conflicts(after).conflicts)),
        makespans=(_makespan(workspace.comparison), _makespan(core.compare(after))),
        report=document.report,
    )


def _by_place(plan: core.Plan) -> list[core.Task]:
    return sorted(plan.tasks, key=lambda task: task.key)


def present_new_plans(documents: Sequence[core.Document]) -> tuple[tuple[NewPlanPreview, ...], str]:
    """Preview the plans that documents would make, and all of them signed."""
    payloads = [
        _payload(
            0,
            document.plan.title,
            core.replacing_plan(core.Plan(title=document.plan.title), document.plan),
            document.progress,
        )
        for document in documents
    ]
    shown = (_new_plan(document, drawn=place < _DRAWN) for place, document in enumerate(documents))
    return tuple(shown), _signed(payloads)


def _new_plan(document: core.Document, *, drawn: bool) -> NewPlanPreview:
    plan = document.plan
    findings = core.find_conflicts(plan)
    comparison = core.compare(plan, findings=findings)
    statuses = {uid: progress.status for uid, progress in document.progress.items()}
    return NewPlanPreview(
        title=plan.title,
        tasks=len(plan.tasks),
        dependencies=len(plan.dependencies),
        makespan=_makespan(comparison),
        drawing=draw_plan(plan, core.View.GRAPH, findings, comparison, statuses, link="")
        if drawn
        else Drawing(reason=f"Of several plans the first {_DRAWN} are drawn here."),
        conflicts=present_conflicts(None, plan, findings.conflicts[:_SHOWN_CONFLICTS]),
        conflict_count=len(findings.conflicts) + findings.unlisted,
        report=document.report,
    )


def _makespan(comparison: core.Comparison) -> str:
    return core.format_duration(comparison.parallel.makespan)


def _payload(
    version: int, title: str, edits: Sequence[core.Edit], progress: Mapping[str, core.TaskProgress]
) -> dict[str, Any]:
    return {
        "version": version,
        "title": title,
        "edits": core.dump_edits(edits),
        "progress": _PROGRESS.dump_python(dict(progress), mode="json"),
    }


def _signed(payloads: list[dict[str, Any]]) -> str:
    return signing.dumps(payloads, salt=_SALT, compress=True)


def read_preview(workspace: Workspace, signed: str) -> Previewed:
    """The preview that `present_import` signed. Raises PlannerError for any other text, or another plan's."""
    return _read(signed, lambda payload: payload.get("plan") == workspace.row.pk)[0]


def read_new_plans(signed: str) -> list[Previewed]:
    """The previews that `present_new_plans` signed. Raises PlannerError for any other text."""
    return _read(signed, lambda payload: "plan" not in payload)


def _read(signed: str, fits: Callable[[Mapping[str, Any]], bool]) -> list[Previewed]:
    try:
        payloads = signing.loads(signed, salt=_SALT, max_age=24 * 3600)
    except signing.BadSignature as error:
        raise core.PlannerError("This preview is broken or too old. Choose the file again.") from error
    if not all(map(fits, payloads)):
        raise core.PlannerError("This preview belongs to another plan. Choose the file again.")
    return [
        Previewed(
            payload["version"],
            payload["title"],
            core.load_edits(payload["edits"]),
            _PROGRESS.validate_python(payload["progress"]),
            _PROGRESS.validate_python(payload.get("seen", {})),
        )
        for payload in payloads
    ]
