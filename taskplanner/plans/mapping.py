"""Between the rows of a plan and the core's plan: loading all of it, and writing the difference of two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from django.db.models import Model
from pydantic import TypeAdapter

import planner_core as core
from taskplanner.plans import models

_PLAIN = ("uid", "key", "rank", "title", "description", "estimate", "priority", "bounded_context")
_LISTS = ("acceptance", "skills", "decides")
_REFERENCES = ("phase", "track", "agent", "parent")
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

Item = TypeVar("Item")


def load_plan(row: models.Plan) -> core.Plan:
    """The whole plan, in nine queries whatever its size."""
    plan_id = row.pk
    claims: dict[str, list[core.Claim]] = {}
    for uid, mode, pattern in models.Claim.objects.filter(plan_id=plan_id).values_list(
        "task__uid", "mode", "pattern"
    ):
        claims.setdefault(uid, []).append(core.Claim(core.ClaimMode(mode), pattern))
    names = [*_PLAIN, *_LISTS, "layer", "parallel_safe", *(f"{name}__uid" for name in _REFERENCES)]
    tasks = [
        _task(values, claims.get(values[0], ()))
        for values in models.Task.objects.filter(plan_id=plan_id).values_list(*names)
    ]
    links = models.Dependency.objects.filter(plan_id=plan_id).values_list(
        "predecessor__uid", "successor__uid"
    )
    verdicts = models.Verdict.objects.filter(plan_id=plan_id).values_list(
        "first__uid", "second__uid", "together", "reason"
    )
    return core.Plan(
        **{name: getattr(row, name) for name in _PLAN_FIELDS if name != "weights"},
        weights=None if row.weights is None else tuple((name, value) for name, value in row.weights),
        tasks=tuple(tasks),
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


def _task(values: tuple[Any, ...], claims: Iterable[core.Claim]) -> core.Task:
    plain, rest = values[: len(_PLAIN)], values[len(_PLAIN) :]
    acceptance, skills, decides, layer, parallel_safe, *references = rest
    return core.Task(
        **dict(zip(_PLAIN, plain, strict=True)),
        **dict(zip(_REFERENCES, references, strict=True)),
        acceptance=tuple(acceptance),
        skills=tuple(skills),
        decides=tuple(decides),
        layer=None if layer is None else core.Layer(layer),
        parallel_safe=parallel_safe,
        claims=tuple(claims),
    )


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

    Loading the plan again gives exactly `after`. The plan's own row is set, and saved by the caller.
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
        self._pks: dict[type[Model], dict[str, int]] = {}

    def write(self) -> None:
        before, after = self.before, self.after
        self._unlink()
        self._save_items(models.Phase, before.phases, after.phases, _plain_values)
        self._save_items(models.Track, before.tracks, after.tracks, _plain_values)
        self._save_items(models.Agent, before.agents, after.agents, _agent_values)
        self._save_tasks()
        self._link()

    def _pk(self, model: type[Model], uid: str) -> int:
        if uid not in self._pks.setdefault(model, {}):
            rows = model._default_manager.filter(plan_id=self.plan_id)
            self._pks[model] = dict(rows.values_list("uid", "pk"))
        return self._pks[model][uid]

    def _rows(self, model: type[Model]) -> Any:
        return model._default_manager.filter(plan_id=self.plan_id)

    def _unlink(self) -> None:
        for link in set(self.before.dependencies) - set(self.after.dependencies):
            self._rows(models.Dependency).filter(
                predecessor__uid=link.predecessor, successor__uid=link.successor
            ).delete()
        for verdict in set(self.before.verdicts) - set(self.after.verdicts):
            self._rows(models.Verdict).filter(first__uid=verdict.first, second__uid=verdict.second).delete()
        gone = [handoff.uid for handoff in set(self.before.handoffs) - set(self.after.handoffs)]
        if gone:
            self._rows(models.HandoffEnd).filter(handoff__uid__in=gone).delete()
            self._rows(models.Handoff).filter(uid__in=gone).delete()
        before, after = _claims(self.before), _claims(self.after)
        for uid, claim in before - after:
            self._rows(models.Claim).filter(task__uid=uid, mode=claim.mode, pattern=claim.pattern).delete()

    def _save_items(
        self,
        model: type[Model],
        before: Iterable[Any],
        after: Iterable[Any],
        values: Callable[[Any], dict[str, Any]],
    ) -> None:
        old, new = _by_uid(before), _by_uid(after)
        if gone := old.keys() - new.keys():
            self._rows(model).filter(uid__in=gone).delete()
        changed = [new[uid] for uid in old.keys() & new.keys() if old[uid] != new[uid]]
        self._free_names(model, old, changed)
        for item in changed:
            self._rows(model).filter(uid=item.uid).update(**values(item))
        model._default_manager.bulk_create(
            [model(plan_id=self.plan_id, **values(new[uid])) for uid in new if uid not in old]
        )

    def _free_names(self, model: type[Model], old: Mapping[str, Any], changed: Iterable[Any]) -> None:
        """Names are unique at every moment, so that items can trade theirs only by way of a placeholder."""
        name = "key" if model is models.Task else "name"
        moved = [item for item in changed if getattr(old[item.uid], name) != getattr(item, name)]
        for item in moved if len(moved) > 1 else ():
            self._rows(model).filter(uid=item.uid).update(**{name: _PLACEHOLDER + item.uid})

    def _save_tasks(self) -> None:
        parents = {task.uid: task.parent for task in self.before.tasks}

        def values(task: core.Task) -> dict[str, Any]:
            found: dict[str, Any] = {name: getattr(task, name) for name in (*_PLAIN, *_LISTS)}
            found.update(layer=task.layer, parallel_safe=task.parallel_safe)
            for name, model in (("phase", models.Phase), ("track", models.Track), ("agent", models.Agent)):
                uid = getattr(task, name)
                found[f"{name}_id"] = None if uid is None else self._pk(model, uid)
            return found

        self._save_items(models.Task, map(_bare, self.before.tasks), map(_bare, self.after.tasks), values)
        # Parents last: a parent may be as new as its child.
        for task in self.after.tasks:
            if parents.get(task.uid) != task.parent:
                parent = None if task.parent is None else self._pk(models.Task, task.parent)
                self._rows(models.Task).filter(uid=task.uid).update(parent_id=parent)

    def _link(self) -> None:
        def pk(uid: str) -> int:
            return self._pk(models.Task, uid)

        new_claims = _claims(self.after) - _claims(self.before)
        models.Claim.objects.bulk_create(
            models.Claim(plan_id=self.plan_id, task_id=pk(uid), mode=claim.mode, pattern=claim.pattern)
            for uid, claim in sorted(new_claims, key=lambda pair: (pair[0], pair[1].mode, pair[1].pattern))
        )
        models.Dependency.objects.bulk_create(
            models.Dependency(
                plan_id=self.plan_id, predecessor_id=pk(link.predecessor), successor_id=pk(link.successor)
            )
            for link in self.after.dependencies
            if link not in set(self.before.dependencies)
        )
        models.Verdict.objects.bulk_create(
            models.Verdict(
                plan_id=self.plan_id,
                first_id=pk(verdict.first),
                second_id=pk(verdict.second),
                together=verdict.together,
                reason=verdict.reason,
            )
            for verdict in self.after.verdicts
            if verdict not in set(self.before.verdicts)
        )
        for handoff in self.after.handoffs:
            if handoff not in set(self.before.handoffs):
                self._add_handoff(handoff)

    def _add_handoff(self, handoff: core.Handoff) -> None:
        content = asdict(handoff)
        row = models.Handoff.objects.create(
            plan_id=self.plan_id,
            uid=content.pop("uid"),
            content={name: text for name, text in content.items() if name not in ("sources", "receivers")},
        )
        sides = models.HandoffEnd.Side
        models.HandoffEnd.objects.bulk_create(
            models.HandoffEnd(
                plan_id=self.plan_id,
                handoff=row,
                task_id=self._pk(models.Task, uid),
                side=side,
                position=position,
            )
            for side, uids in ((sides.SOURCE, handoff.sources), (sides.RECEIVER, handoff.receivers))
            for position, uid in enumerate(uids)
        )


def _by_uid(items: Iterable[Any]) -> dict[str, Any]:
    return {item.uid: item for item in items}


def _claims(plan: core.Plan) -> set[tuple[str, core.Claim]]:
    return {(task.uid, claim) for task in plan.tasks for claim in task.claims}


_BARE_FIELDS = tuple(f.name for f in fields(core.Task) if f.name not in ("claims", "parent"))


def _bare(task: core.Task) -> core.Task:
    """The task as its own row holds it: claims are rows apart, the parent is set when all tasks stand."""
    return core.Task(**{name: getattr(task, name) for name in _BARE_FIELDS})


def _plain_values(item: core.Phase | core.Track) -> dict[str, Any]:
    return {"uid": item.uid, "name": item.name, "rank": item.rank}


def _agent_values(item: core.Agent) -> dict[str, Any]:
    return {"uid": item.uid, "name": item.name, "rank": item.rank, "skills": item.skills}
