"""Phases, tracks and named agents as the settings panel lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import planner_core as core


@dataclass(frozen=True)
class Row:
    """A phase, track or agent; `above` is the uid after which it goes when it moves up."""

    uid: str
    name: str
    above: str


@dataclass(frozen=True)
class Kind:
    """One list of the panel."""

    name: str
    title: str
    hint: str
    rows: tuple[Row, ...]


def present_rows(plan: core.Plan) -> tuple[Kind, ...]:
    """The three lists of the panel."""
    return (
        Kind("phase", "Phases", "Groups of tasks, in order.", _rows(plan.phases)),
        Kind("track", "Tracks", "Rows of work inside the plan.", _rows(plan.tracks)),
        Kind("agent", "Named agents", "Where any is named, they are all there are.", _rows(plan.agents)),
    )


def _rows(items: Sequence[core.Phase | core.Track | core.Agent]) -> tuple[Row, ...]:
    uids = ["", "", *(item.uid for item in items)]
    return tuple(Row(item.uid, item.name, uids[place]) for place, item in enumerate(items))
