"""Between the rows of a plan and the core's plan: loading all of it, and writing the difference of two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Model, Value
from django.db.models.functions import Concat
from pydantic import TypeAdapter

import planner_core as core
from taskplanner.plans import models

_LISTS = ("acceptance", "skills", "decides")
_REFERENCES = ("phase", "track", "agent", "parent")
_TASK_FIELDS = tuple(f.name for f in fields(core.Task) if f.name != "claims")
_LOADED = tuple(f"{name}__uid" if name in _REFERENCES else name for name in _TASK_FIELDS)
_TASK_COLUMNS = tuple(name for name in _TASK_FIELDS if name not in ("uid", *_REFERENCES))
_MODES = {mode.value: mode for mode in core.ClaimMode}
_HANDOFF_COLUMNS = ("uid", "sources", "receivers")
_PLAN_FIELDS = (
    "title",
    "description",
    "agent_count",
    "keep_phases",
    "default_estimate",
    "threshold",
    "weights",
)
_HANDOFF: TypeAdapter[core.Handoff] = TypeAdapter(core.Handoff)
# No key, name or rank holds a control character: a placeholder that starts with one is free.
_PLACEHOLDER = "\x01"
# How often a plan is loaded without a lock before it is loaded under one.
_ATTEMPTS = 4
# SQLite takes 32,766 parameters in a statement.
_BATCH = 10_000

Item = TypeVar("Item")


def load_plan(row: models.Plan) -> core.Plan:
    """The whole plan at one version, in ten queries whatever its size.

    No lock is taken: where others change the plan meanwhile, what was loaded is dropped, `row` is read again,
    and so on; only a plan that changes all the time is locked at last. Raises Plan.DoesNotExist where the
    plan was deleted.
    """
    for _ in range(_ATTEMPTS):
        try:
            content = _load(row)
        except core.InvalidPlan:
            # Parts of two versions need not fit together.
            if _is_current(row):
                raise
        else:
            if _is_current(row):
                return content
        row.refresh_from_db()
    with transaction.atomic():
        row.refresh_from_db(from_queryset=models.Plan.objects.select_for_update())
        return _load(row)


def _is_current(row: models.Plan) -> bool:
    return models.Plan.objects.filter(pk=row.pk, version=row.version).exists()


def _load(row: models.Plan) -> core.Plan:
    plan_id = row.pk
    claims: dict[str, list[core.Claim]] = {}
    for uid, mode, pattern in models.Claim.objects.filter(plan_id=plan_id).values_list(
        "task__uid", "mode", "pattern"
    ):
        claims.setdefault(uid, []).append(core.Claim(_MODES[mode], pattern))
    tasks = models.Task.objects.filter(plan_id=plan_id).values_list(*_LOADED)
    links = models.Dependency.objects.filter(plan_id=plan_id).values_list(
        "predecessor__uid", "successor__uid"
    )
    verdicts = models.Verdict.objects.filter(plan_id=plan_id).values_list(
        "first__uid", "second__uid", "together", "reason"
    )
    return core.Plan(
        **{name: getattr(row, name) for name in _PLAN_FIELDS if name != "weights"},
        weights=None if row.weights is None else tuple((name, value) for name, value in row.weights),
        tasks=tuple(_task(values, claims) for values in tasks),
        dependencies=tuple(core.Dependency(*link) for link in links),
        verdicts=tuple(core.Verdict(*values) for values in verdicts),
        phases=tuple(core.Phase(*values) for values in _named(models.Phase, plan_id)),
        tracks=tuple(core.Track(*values) for values in _named(models.Track, plan_id)),
        agents=tuple(
            core.Agent(uid, name, rank, tuple(skills))
            for uid, name, rank, skills in _named(models.Agent, plan_id, "skills")
        ),
        handoffs=tuple(_load_handoffs(plan_id)),
    )


def _task(values: tuple[Any, ...], claims: Mapping[str, list[core.Claim]]) -> core.Task:
    found = dict(zip(_TASK_FIELDS, values, strict=True))
    for name in _LISTS:
        found[name] = tuple(found[name])
    if found["layer"] is not None:
        found["layer"] = core.Layer(found["layer"])
    return core.Task(**found, claims=tuple(claims.get(found["uid"], ())))


def _named(model: type[Model], plan_id: int, *more: str) -> Iterable[tuple[Any, ...]]:
    rows: Iterable[tuple[Any, ...]] = model._default_manager.filter(plan_id=plan_id).values_list(
        "uid", "name", "rank", *more
    )
    return rows


def _load_handoffs(plan_id: int) -> Iterable[core.Handoff]:
    ends: dict[tuple[str, str], list[str]] = {}
    rows = models.HandoffEnd.objects.filter(plan_id=plan_id).order_by("position")
    for handoff, side, task in rows.values_list("handoff__uid", "side", "task__uid"):
        ends.setdefault((handoff, side), []).append(task)
    for uid, content in models.Handoff.objects.filter(plan_id=plan_id).values_list("uid", "content"):
        yield _HANDOFF.validate_python(
            {
                **content,
                "uid": uid,
                "sources": ends.get((uid, models.HandoffEnd.Side.SOURCE), []),
                "receivers": ends.get((uid, models.HandoffEnd.Side.RECEIVER), []),
            }
        )


def save_difference(row: models.Plan, before: core.Plan, after: core.Plan) -> None:
    """Write what differs between two versions of a plan; call it inside the change's transaction.

    Loading the plan again gives exactly `after`. The plan's own row is set, and saved by the caller. How many
    queries it takes depends on what differs (a kind of item at a time, in batches), not on the plan's size.
    """
    for name in _PLAN_FIELDS:
        setattr(row, name, getattr(after, name))
    _Writer(row.pk, before, after).write()


class _Writer:
    """Removes what is gone, from the leaves inward; then adds and updates, from the roots outward."""

    def __init__(self, plan_id: int, before: core.Plan, after: core.Plan) -> None:
        self.plan_id = plan_id
        self.before = before
        self.after = after
        self.old_tasks, self.new_tasks = _differing(before.tasks, after.tasks)
        self.old_claims, self.new_claims = _claims(self.old_tasks), _claims(self.new_tasks)
        self._pks: dict[type[Model], dict[str, int]] = {}

    def write(self) -> None:
        before, after = self.before, self.after
        self._unlink()
        self._save_items(models.Phase, before.phases, after.phases, _plain_values)
        self._save_items(models.Track, before.tracks, after.tracks, _plain_values)
        self._save_items(models.Agent, before.agents, after.agents, _agent_values)
        self._save_items(
            models.Task, map(_bare, self.old_tasks), map(_bare, self.new_tasks), self._task_values
        )
        self._save_parents()
        self._link()

    def _rows(self, model: type[Model]) -> Any:
        return model._default_manager.filter(plan_id=self.plan_id)

    def _pk(self, model: type[Model], uid: str) -> int:
        if uid not in self._pks.setdefault(model, {}):
            self._pks[model] = dict(self._rows(model).values_list("uid", "pk"))
        return self._pks[model][uid]

    def _task_pk(self, uid: str) -> int:
        return self._pk(models.Task, uid)

    def _unlink(self) -> None:
        before, after = self.before, self.after
        links = set(before.dependencies) - set(after.dependencies)
        self._delete(
            models.Dependency,
            ("predecessor__uid", "successor__uid"),
            {(link.predecessor, link.successor) for link in links},
        )
        verdicts = set(before.verdicts) - set(after.verdicts)
        self._delete(
            models.Verdict,
            ("first__uid", "second__uid"),
            {(verdict.first, verdict.second) for verdict in verdicts},
        )
        handoffs = {handoff.uid for handoff in set(before.handoffs) - set(after.handoffs)}
        if handoffs:
            self._rows(models.HandoffEnd).filter(handoff__uid__in=handoffs).delete()
            self._rows(models.Handoff).filter(uid__in=handoffs).delete()
        gone = self.old_claims - self.new_claims
        self._delete(
            models.Claim,
            ("task__uid", "mode", "pattern"),
            {(uid, claim.mode.value, claim.pattern) for uid, claim in gone},
        )

    def _delete(self, model: type[Model], names: tuple[str, ...], gone: set[tuple[str, ...]]) -> None:
        """Delete the rows in which the values of these names together are among those gone."""
        if not gone:
            return
        near = self._rows(model).filter(**{f"{names[0]}__in": {values[0] for values in gone}})
        pks = [pk for pk, *values in near.values_list("pk", *names) if tuple(values) in gone]
        for start in range(0, len(pks), _BATCH):
            self._rows(model).filter(pk__in=pks[start : start + _BATCH]).delete()

    def _save_items(
        self,
        model: type[Model],
        before: Iterable[Any],
        after: Iterable[Any],
        values: Callable[[Any], dict[str, Any]],
    ) -> None:
        old, new = ({item.uid: item for item in items} for items in (before, after))
        if gone := old.keys() - new.keys():
            self._rows(model).filter(uid__in=gone).delete()
        written = [item for uid, item in new.items() if item != old.get(uid)]
        if not written:
            return
        self._free_names(model, old, written)
        rows = [(item, values(item)) for item in written]
        model._default_manager.bulk_create(
            [model(plan_id=self.plan_id, uid=item.uid, **found) for item, found in rows],
            update_conflicts=True,
            unique_fields=["plan", "uid"],
            update_fields=list(rows[0][1]),
        )

    def _free_names(self, model: type[Model], old: Mapping[str, Any], written: Sequence[Any]) -> None:
        """Names are unique at every moment: items can trade theirs only by way of a placeholder."""
        name = "key" if model is models.Task else "name"
        moved = [
            item.uid
            for item in written
            if item.uid in old and getattr(old[item.uid], name) != getattr(item, name)
        ]
        if moved and len(written) > 1:
            self._rows(model).filter(uid__in=moved).update(**{name: Concat(Value(_PLACEHOLDER), F("uid"))})

    def _task_values(self, task: core.Task) -> dict[str, Any]:
        found = {name: getattr(task, name) for name in _TASK_COLUMNS}
        for name, model in (("phase", models.Phase), ("track", models.Track), ("agent", models.Agent)):
            uid = getattr(task, name)
            found[f"{name}_id"] = None if uid is None else self._pk(model, uid)
        return found

    def _save_parents(self) -> None:
        """After the tasks themselves: a parent may be as new as its child."""
        parents = {task.uid: task.parent for task in self.old_tasks}
        children: dict[str | None, list[str]] = {}
        for task in self.new_tasks:
            if parents.get(task.uid) != task.parent:
                children.setdefault(task.parent, []).append(task.uid)
        for parent, uids in children.items():
            pk = None if parent is None else self._task_pk(parent)
            self._rows(models.Task).filter(uid__in=uids).update(parent_id=pk)

    def _link(self) -> None:
        before, after, pk = self.before, self.after, self._task_pk
        new_claims = self.new_claims - self.old_claims
        models.Claim.objects.bulk_create(
            models.Claim(plan_id=self.plan_id, task_id=pk(uid), mode=claim.mode, pattern=claim.pattern)
            for uid, claim in sorted(new_claims, key=lambda pair: (pair[0], pair[1].mode, pair[1].pattern))
        )
        models.Dependency.objects.bulk_create(
            models.Dependency(
                plan_id=self.plan_id, predecessor_id=pk(link.predecessor), successor_id=pk(link.successor)
            )
            for link in _added(before.dependencies, after.dependencies)
        )
        models.Verdict.objects.bulk_create(
            models.Verdict(
                plan_id=self.plan_id,
                first_id=pk(verdict.first),
                second_id=pk(verdict.second),
                together=verdict.together,
                reason=verdict.reason,
            )
            for verdict in _added(before.verdicts, after.verdicts)
        )
        self._add_handoffs(_added(before.handoffs, after.handoffs))

    def _add_handoffs(self, handoffs: Sequence[core.Handoff]) -> None:
        models.Handoff.objects.bulk_create(
            models.Handoff(plan_id=self.plan_id, uid=handoff.uid, content=_content(handoff))
            for handoff in handoffs
        )
        sides = models.HandoffEnd.Side
        models.HandoffEnd.objects.bulk_create(
            models.HandoffEnd(
                plan_id=self.plan_id,
                handoff_id=self._pk(models.Handoff, handoff.uid),
                task_id=self._task_pk(uid),
                side=side,
                position=position,
            )
            for handoff in handoffs
            for side, uids in ((sides.SOURCE, handoff.sources), (sides.RECEIVER, handoff.receivers))
            for position, uid in enumerate(uids)
        )


def _differing(
    before: Iterable[core.Task], after: Iterable[core.Task]
) -> tuple[list[core.Task], list[core.Task]]:
    """The tasks of each side that are not the same on the other."""
    old, new = ({task.uid: task for task in tasks} for tasks in (before, after))

    def same(uid: str) -> bool:
        # Most tasks are the very same object on both sides, which says it at once.
        left, right = old.get(uid), new.get(uid)
        return left is right or left == right

    return [old[uid] for uid in old if not same(uid)], [new[uid] for uid in new if not same(uid)]


def _added(before: Iterable[Item], after: Iterable[Item]) -> list[Item]:
    there = set(before)
    return [item for item in after if item not in there]


def _claims(tasks: Iterable[core.Task]) -> set[tuple[str, core.Claim]]:
    return {(task.uid, claim) for task in tasks for claim in task.claims}


def _bare(task: core.Task) -> core.Task:
    """The task as its own row holds it: claims are rows apart, the parent is set when all tasks stand."""
    return replace(task, claims=(), parent=None)


def _plain_values(item: core.Phase | core.Track) -> dict[str, Any]:
    return {"name": item.name, "rank": item.rank}


def _agent_values(item: core.Agent) -> dict[str, Any]:
    return {"name": item.name, "rank": item.rank, "skills": item.skills}


def _content(handoff: core.Handoff) -> dict[str, Any]:
    return {name: text for name, text in asdict(handoff).items() if name not in _HANDOFF_COLUMNS}
