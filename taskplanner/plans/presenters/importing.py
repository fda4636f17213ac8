"""What an import would change: a base version and a list of edits, signed so that it comes back as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core import signing
from pydantic import TypeAdapter

import planner_core as core
from taskplanner.plans.presenters.workspace import Workspace

_SALT = "taskplanner.plans.import"
_PROGRESS: TypeAdapter[dict[str, core.TaskProgress]] = TypeAdapter(dict[str, core.TaskProgress])
_SHOWN = 200


@dataclass(frozen=True)
class ImportPreview:
    """What an import would do, in sentences, and the figures before and after."""

    signed: str
    sentences: tuple[str, ...]
    more: int
    tasks: tuple[int, int]
    conflicts: tuple[int, int]
    makespans: tuple[str, str]


@dataclass(frozen=True)
class PreviewedImport:
    """A preview that came back."""

    version: int
    edits: Sequence[core.Edit]
    progress: Mapping[str, core.TaskProgress]


def present_import(workspace: Workspace, document: core.Document) -> ImportPreview:
    """Preview a document as the new content of the plan; tasks are matched by key."""
    before = workspace.plan
    after = core.matched_by_key(before, document.plan)
    edits = core.replacing_plan(before, after)
    uids = {task.key: task.uid for task in after.tasks}
    keys = {task.uid: task.key for task in document.plan.tasks}
    progress = {uids[keys[uid]]: each for uid, each in document.progress.items()}
    payload = {
        "plan": workspace.row.pk,
        "version": workspace.row.version,
        "edits": core.dump_edits(edits),
        "progress": _PROGRESS.dump_python(progress, mode="json"),
    }
    sentences = core.describe_each(before, edits)
    return ImportPreview(
        signed=signing.dumps(payload, salt=_SALT, compress=True),
        sentences=tuple(sentences[:_SHOWN]),
        more=max(0, len(sentences) - _SHOWN),
        tasks=(len(before.tasks), len(after.tasks)),
        conflicts=(len(workspace.findings.conflicts), len(core.find_conflicts(after).conflicts)),
        makespans=(
            core.format_duration(workspace.comparison.parallel.makespan),
            core.format_duration(core.compare(after).parallel.makespan),
        ),
    )


def read_preview(workspace: Workspace, signed: str) -> PreviewedImport:
    """The preview that `present_import` signed. Raises PlannerError for any other text, or another plan's."""
    try:
        payload = signing.loads(signed, salt=_SALT, max_age=24 * 3600)
    except signing.BadSignature as error:
        raise core.PlannerError("This preview is broken or too old. Choose the file again.") from error
    if payload["plan"] != workspace.row.pk:
        raise core.PlannerError("This preview belongs to another plan. Choose the file again.")
    return PreviewedImport(
        payload["version"],
        core.load_edits(payload["edits"]),
        _PROGRESS.validate_python(payload["progress"]),
    )
