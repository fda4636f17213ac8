"""Gestures on phases, tracks and agents: all three are named, ordered, and referred to by tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeAlias

from planner_core.edits import AgentEdit, Edit, PhaseEdit, TaskFieldEdit, TrackEdit
from planner_core.errors import PlannerError, StaleEdit
from planner_core.gestures.order import place
from planner_core.items import Agent, Phase, Track
from planner_core.plan import Plan

Row: TypeAlias = Phase | Track | Agent
Kind: TypeAlias = Literal["phase", "track", "agent"]

_EDITS: Mapping[Kind, Callable[..., Edit]] = {"phase": PhaseEdit, "track": TrackEdit, "agent": AgentEdit}


def adding_phase(plan: Plan, *, uid: str, name: str, after: str | None = None) -> list[Edit]:
    """A new phase after the phase `after`, at the end where that is None."""
    return _adding(plan, "phase", Phase(uid, name, ""), after)


def renaming_phase(plan: Plan, uid: str, name: str) -> list[Edit]:
    """Another name for a phase."""
    return _changing(plan, "phase", uid, name=name)


def moving_phase(plan: Plan, uid: str, after: str | None) -> list[Edit]:
    """The phase directly after another one, or first where `after` is None."""
    return _moving(plan, "phase", uid, after)


def removing_phase(plan: Plan, uid: str) -> list[Edit]:
    """The phase taken out; its tasks stay and have no phase."""
    return _removing(plan, "phase", uid)


def adding_track(plan: Plan, *, uid: str, name: str, after: str | None = None) -> list[Edit]:
    """A new track after the track `after`, at the end where that is None."""
    return _adding(plan, "track", Track(uid, name, ""), after)


def renaming_track(plan: Plan, uid: str, name: str) -> list[Edit]:
    """Another name for a track."""
    return _changing(plan, "track", uid, name=name)


def moving_track(plan: Plan, uid: str, after: str | None) -> list[Edit]:
    """The track directly after another one, or first where `after` is None."""
    return _moving(plan, "track", uid, after)


def removing_track(plan: Plan, uid: str) -> list[Edit]:
    """The track taken out; its tasks stay and have no track."""
    return _removing(plan, "track", uid)


def adding_agent(
    plan: Plan, *, uid: str, name: str, skills: Sequence[str] = (), after: str | None = None
) -> list[Edit]:
    """A new named agent after the agent `after`, at the end where that is None."""
    return _adding(plan, "agent", Agent(uid, name, "", tuple(skills)), after)


def renaming_agent(plan: Plan, uid: str, name: str) -> list[Edit]:
    """Another name for an agent."""
    return _changing(plan, "agent", uid, name=name)


def setting_skills(plan: Plan, uid: str, skills: Sequence[str]) -> list[Edit]:
    """What an agent can do, in place of what was said before."""
    return _changing(plan, "agent", uid, skills=tuple(skills))


def moving_agent(plan: Plan, uid: str, after: str | None) -> list[Edit]:
    """The agent directly after another one, or first where `after` is None."""
    return _moving(plan, "agent", uid, after)


def removing_agent(plan: Plan, uid: str) -> list[Edit]:
    """The agent taken out; its tasks stay and have no agent."""
    return _removing(plan, "agent", uid)


def _rows(plan: Plan, kind: Kind) -> Mapping[str, Row]:
    rows: Mapping[Kind, Sequence[Row]] = {"phase": plan.phases, "track": plan.tracks, "agent": plan.agents}
    return {row.uid: row for row in rows[kind]}


def _known(plan: Plan, kind: Kind, uid: str) -> Row:
    row = _rows(plan, kind).get(uid)
    if row is None:
        raise StaleEdit(f"That {kind} is not in the plan, or no longer.", f"{kind}:{uid}")
    return row


def _adding(plan: Plan, kind: Kind, row: Row, after: str | None) -> list[Edit]:
    rows = _rows(plan, kind)
    if row.uid in rows:
        raise PlannerError(f"There is a {kind} with the uid {row.uid} already.")
    others = list(rows.values())
    position = len(others) if after is None else others.index(_known(plan, kind, after)) + 1
    ranks = place(others, row.uid, position)
    added = _EDITS[kind](row.uid, None, replace(row, rank=ranks.pop(row.uid)))
    return [added, *_ranking(rows, kind, ranks)]


def _changing(plan: Plan, kind: Kind, uid: str, **fields: Any) -> list[Edit]:
    row = _known(plan, kind, uid)
    changed = replace(row, **fields)
    return [] if changed == row else [_EDITS[kind](uid, row, changed)]


def _moving(plan: Plan, kind: Kind, uid: str, after: str | None) -> list[Edit]:
    row = _known(plan, kind, uid)
    rows = _rows(plan, kind)
    others = [other for other in rows.values() if other.uid != uid]
    if after == uid:
        return []
    position = 0 if after is None else others.index(_known(plan, kind, after)) + 1
    if list(rows).index(uid) == position:
        return []
    ranks = place(others, uid, position)
    moved = _EDITS[kind](uid, row, replace(row, rank=ranks.pop(uid)))
    return [moved, *_ranking(rows, kind, ranks)]


def _ranking(rows: Mapping[str, Row], kind: Kind, ranks: Mapping[str, str]) -> list[Edit]:
    return [_EDITS[kind](uid, rows[uid], replace(rows[uid], rank=rank)) for uid, rank in ranks.items()]


def _removing(plan: Plan, kind: Kind, uid: str) -> list[Edit]:
    row = _known(plan, kind, uid)
    freed = [TaskFieldEdit(task.uid, kind, uid, None) for task in plan.tasks if getattr(task, kind) == uid]
    return [_EDITS[kind](uid, row, None), *freed]
