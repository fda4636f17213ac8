"""What each item of a plan must satisfy by itself: names, lengths, ranges, patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from planner_core.durations import LONGEST, format_duration
from planner_core.errors import Problem
from planner_core.items import UID, Agent, Handoff, Phase, Task, Track, Verdict
from planner_core.paths import check_pattern
from planner_core.ranks import RANK

MAX_KEY = 80
MAX_NAME = 300
MAX_TEXT = 20_000
MAX_LIST = 500

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


class _Content(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def tasks(self) -> tuple[Task, ...]: ...
    @property
    def phases(self) -> tuple[Phase, ...]: ...
    @property
    def tracks(self) -> tuple[Track, ...]: ...
    @property
    def agents(self) -> tuple[Agent, ...]: ...
    @property
    def handoffs(self) -> tuple[Handoff, ...]: ...
    @property
    def verdicts(self) -> tuple[Verdict, ...]: ...
    @property
    def default_estimate(self) -> int: ...


def check_items(plan: _Content) -> Iterator[Problem]:
    """Everything wrong with the items of a plan taken one by one, and with names that occur twice."""
    if reason := _bad_line(plan.title, MAX_NAME, required=True):
        yield Problem(f"The plan's title {reason}", field="title")
    if reason := _bad_text(plan.description):
        yield Problem(f"The plan's description {reason}", field="description")
    if not 0 <= plan.default_estimate <= LONGEST:
        yield Problem(f"The default estimate is 0 to {LONGEST} minutes.", field="default_estimate")
    uids: Sequence[Iterable[str]] = [
        [item.uid for item in items]
        for items in (plan.tasks, plan.phases, plan.tracks, plan.agents, plan.handoffs)
    ]
    for group in uids:
        yield from _check_uids(group)
    rows: tuple[Task | Phase | Track | Agent, ...] = (*plan.tasks, *plan.phases, *plan.tracks, *plan.agents)
    for ranked in rows:
        if not RANK.fullmatch(ranked.rank):
            yield Problem(f"“{ranked.rank}” is no rank.")
    for task in plan.tasks:
        yield from _check_task(task)
    yield from _check_names("key", [task.key for task in plan.tasks], MAX_KEY)
    yield from _check_names("phase", [phase.name for phase in plan.phases], MAX_NAME)
    yield from _check_names("track", [track.name for track in plan.tracks], MAX_NAME)
    yield from _check_names("agent", [agent.name for agent in plan.agents], MAX_NAME)
    for agent in plan.agents:
        for reason in _bad_lines(agent.skills):
            yield Problem(f"A skill of {agent.name} {reason}", field="agents")
    for verdict in plan.verdicts:
        if reason := _bad_text(verdict.reason):
            yield Problem(f"The reason of a verdict {reason}", field="pairs")
    for handoff in plan.handoffs:
        yield from _check_handoff(handoff)


def _check_uids(uids: Iterable[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for uid in uids:
        if not UID.fullmatch(uid):
            yield Problem(f"“{uid}” is no uid: 1 to 40 letters, digits and underscores.")
        if uid in seen:
            yield Problem(f"The uid {uid} is used twice.")
        seen.add(uid)


def _check_names(what: str, names: Iterable[str], longest: int) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in names:
        if reason := _bad_line(name, longest, required=True):
            yield Problem(f"The {what} “{name[:MAX_KEY]}” {reason}", field=what)
        elif name in seen:
            owner = name if what == "key" else None
            yield Problem(f"The {what} {name} is used twice. Rename one.", task=owner, field=what)
        seen.add(name)


def _check_task(task: Task) -> Iterator[Problem]:
    for name in ("title", "bounded_context"):
        if reason := _bad_line(getattr(task, name), MAX_NAME):
            yield Problem(f"Its {name.replace('_', ' ')} {reason}", task=task.key, field=name)
    if reason := _bad_text(task.description):
        yield Problem(f"Its description {reason}", task=task.key, field="description")
    for name in ("skills", "decides"):
        for reason in _bad_lines(getattr(task, name)):
            yield Problem(f"An entry of {name} {reason}", task=task.key, field=name)
    for reason in _bad_lines(task.acceptance, longest=MAX_TEXT):
        yield Problem(f"An acceptance criterion {reason}", task=task.key, field="acceptance")
    if task.estimate is not None and not 0 <= task.estimate <= LONGEST:
        longest = format_duration(LONGEST)
        yield Problem(f"Its estimate must be 0 to {longest}.", task=task.key, field="estimate")
    if not 1 <= task.priority <= 5:
        yield Problem("Its priority is a number from 1 (first) to 5.", task=task.key, field="priority")
    if len(task.claims) > MAX_LIST:
        yield Problem(f"It has more than {MAX_LIST} claims. Use wider patterns.", task=task.key)
    for claim in task.claims:
        if reason := check_pattern(claim.pattern):
            yield Problem(f"“{claim.pattern[:MAX_KEY]}”: {reason}", task=task.key, field=claim.mode.value)


def _check_handoff(handoff: Handoff) -> Iterator[Problem]:
    texts = [handoff.summary, handoff.key_context]
    lists = (handoff.decisions, handoff.next_steps, handoff.open_questions, handoff.criteria)
    for artefact in handoff.artefacts:
        texts += [artefact.path, artefact.symbol, artefact.signature]
        texts += [artefact.use, artefact.avoid, artefact.check]
        if not artefact.path:
            yield Problem("An artefact of a handoff says where it is: its path.", field="handoffs")
    for text in texts:
        if reason := _bad_text(text):
            yield Problem(f"A text of a handoff {reason}", field="handoffs")
    for lines in lists:
        for reason in _bad_lines(lines, longest=MAX_TEXT):
            yield Problem(f"An entry of a handoff {reason}", field="handoffs")


def _bad_line(text: str, longest: int, *, required: bool = False) -> str | None:
    if len(text) > longest:
        return f"is longer than {longest} characters. Shorten it."
    if _CONTROL.search(text):
        return "holds a line break or a control character. Remove it."
    if text != text.strip():
        return "starts or ends with a space. Remove it."
    if required and not text:
        return "is empty. Fill it in."
    return None


def _bad_lines(lines: Sequence[str], longest: int = MAX_NAME) -> Iterator[str]:
    if len(lines) > MAX_LIST:
        yield f"is one of more than {MAX_LIST}. Keep fewer."
    for line in lines:
        if reason := _bad_line(line, longest, required=True):
            yield reason


def _bad_text(text: str) -> str | None:
    if len(text) > MAX_TEXT:
        return f"is longer than {MAX_TEXT} characters. Shorten it."
    if _CONTROL_IN_TEXT.search(text):
        return "holds a control character. Remove it."
    return None
