"""Plans and edits for property tests: small, valid, and full of what people type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

import planner_core as core
from planner_core.edits import PLAN_FIELDS, TASK_FIELDS
from planner_core.items import Artefact, Claim, sorted_claims
from planner_core.plan import MAX_AGENTS
from planner_core.ranks import ranks
from planner_core.vocabulary import ClaimMode, Layer, Status

Item = TypeVar("Item")

HOSTILE_LINES = (
    "yes", "no", "y", "on", "null", "~", "1e3", "1_000", "007", "0x1F", "0o17", "1.10", ".5", "1:30",
    "2025-01-15", "2025-01-15T09:05:00Z", "=", "<<", "- a", "a: b", "a #b", "#b", "? a", "| a", "> a", "!a",
    "&a", "*a", "@a", "`a`", "%a", "a?", "{a: b}", "[a]", "a,b", "'a'", '"a"', '\\"]; x[', "<b>a</b>", "<a>",
    "---", "...", "tasks", "MT 1.1", "ünï → 日本", "🚀 go", "a\u00a0b", "\ufeffa", "\u200bz", "a\u0301",
    "x" * 140,
)  # fmt: skip
HOSTILE_TEXTS = (
    "\n", "\n\na", "a\n", "a\n\n", " a", "a ", "a\n  b\nc", "  a\nb", "a \nb", "a\n\n\nb", "\ta\tb", "a\n\tb",
    "---\na", "a\n...\nb", "# a\n# b", "- a\n- b\n", "a: b\nc: d\n", "a\u2028b\nc", "a\u0085b", "🚀\nb\n",
)  # fmt: skip
PATTERNS = (
    "src/**", "src/api/*", "src/api/users.py", "src/models/comment.py", "docs/", "docs/*.md", "*.md",
    "/README.md",
    "tests/**/test_?.py", "database/migrations/*", "a b/c#d.txt", "src/[a-c]*.ts", "[!x]y", "ünï/日本.txt",
)  # fmt: skip
WEIGHT_NAMES = ("file", "api", "database", "likeness")


def lines(*, empty: bool = False, longest: int = 20) -> SearchStrategy[str]:
    """Single-line texts that a plan accepts: hostile ones, and any characters but control ones."""
    characters = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
    free = st.text(characters, min_size=1, max_size=longest).map(str.strip).filter(bool)
    words = st.sampled_from(HOSTILE_LINES)
    return st.one_of(st.just(""), words, free) if empty else words | free


def texts() -> SearchStrategy[str]:
    """Texts of several lines that a plan accepts."""
    characters = st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t\u0085")
    free = st.text(characters, max_size=30)
    return st.one_of(st.just(""), st.sampled_from((*HOSTILE_LINES, *HOSTILE_TEXTS)), free)


def claims() -> SearchStrategy[tuple[Claim, ...]]:
    """Up to three claims, sorted as a task keeps them."""
    one = st.builds(Claim, st.sampled_from(ClaimMode), st.sampled_from(PATTERNS))
    return st.lists(one, max_size=3).map(sorted_claims)


def _tuples(items: SearchStrategy[Item], longest: int = 2) -> SearchStrategy[tuple[Item, ...]]:
    return st.lists(items, max_size=longest).map(tuple)


def _some(uids: list[str]) -> SearchStrategy[str | None]:
    return st.sampled_from([None, *uids])


@st.composite
def tasks(draw: DrawFn, uid: str, key: str, rank: str, places: Mapping[str, list[str]]) -> core.Task:
    """A task under a parent, in a phase, on a track, with an agent: each one of `places` or none."""
    rare = draw(st.booleans())
    return core.Task(
        uid=uid,
        key=key,
        rank=rank,
        title=draw(lines(empty=True)),
        description=draw(texts()) if rare else "",
        acceptance=draw(_tuples(lines())) if rare else (),
        estimate=draw(st.none() | st.integers(0, 240)),
        priority=draw(st.integers(1, 5)),
        layer=draw(st.none() | st.sampled_from(Layer)) if rare else None,
        bounded_context=draw(lines(empty=True)) if rare else "",
        track=draw(_some(places["track"])),
        phase=draw(_some(places["phase"])),
        parent=draw(_some(places["parent"])),
        agent=draw(_some(places["agent"])),
        skills=draw(_tuples(lines())) if rare else (),
        parallel_safe=draw(st.sampled_from([None, None, None, True, False])),
        decides=draw(_tuples(lines())) if rare else (),
        claims=draw(claims()),
    )


@st.composite
def plans(draw: DrawFn, max_tasks: int = 8) -> core.Plan:
    """A valid plan of up to `max_tasks` tasks, which may hold everything that a plan can hold."""
    count = draw(st.integers(0, max_tasks))
    uids = [f"t{number}" for number in range(count)]
    keys = draw(st.lists(lines(), min_size=count, max_size=count, unique=True))
    keys = [key[:80].strip() for key in keys]
    if len(set(keys)) < count or draw(st.booleans()):
        keys = [f"T{number:03}" for number in range(1, count + 1)]
    phases = [core.Phase(f"p{i}", name, rank) for i, name, rank in _ranked(draw)]
    tracks = [core.Track(f"k{i}", name, rank) for i, name, rank in _ranked(draw)]
    agents = [core.Agent(f"a{i}", name, rank, draw(_tuples(lines()))) for i, name, rank in _ranked(draw)]
    found = []
    for index, (uid, key, rank) in enumerate(zip(uids, keys, ranks(count), strict=True)):
        parents = uids[:index] if draw(st.integers(0, 4)) == 0 else []
        places = {
            "track": [track.uid for track in tracks],
            "phase": [phase.uid for phase in phases],
            "agent": [agent.uid for agent in agents],
            "parent": parents,
        }
        found.append(draw(tasks(uid, key, rank, places)))
    plan = core.Plan(
        title=draw(lines()),
        description=draw(texts()),
        tasks=tuple(found),
        phases=tuple(phases),
        tracks=tuple(tracks),
        agents=tuple(agents),
        handoffs=tuple(draw(_handoffs(uids))),
        verdicts=tuple(draw(_verdicts(uids))),
        agent_count=draw(st.integers(1, 9) | st.just(MAX_AGENTS)),
        keep_phases=draw(st.booleans()),
        default_estimate=draw(st.sampled_from([30, 0, 45, 90])),
        threshold=draw(st.none() | st.floats(0, 100)),
        weights=draw(st.none() | _weights()),
    )
    return _with_dependencies(plan, draw(st.permutations(uids)), draw(_pairs_of(uids)))


def _ranked(draw: DrawFn) -> list[tuple[int, str, str]]:
    names = draw(st.lists(lines(), max_size=3, unique=True))
    return [
        (index, name, rank) for index, (name, rank) in enumerate(zip(names, ranks(len(names)), strict=True))
    ]


def _weights() -> SearchStrategy[tuple[tuple[str, float], ...]]:
    chosen = st.dictionaries(st.sampled_from(WEIGHT_NAMES), st.floats(0, 100))
    return chosen.map(lambda weights: tuple(sorted(weights.items())))


def _pairs_of(uids: list[str]) -> SearchStrategy[list[tuple[str, str]]]:
    if len(uids) < 2:
        return st.just([])
    pair = st.lists(st.sampled_from(uids), min_size=2, max_size=2, unique=True).map(
        lambda two: (two[0], two[1])
    )
    return st.lists(pair, max_size=2 * len(uids), unique_by=lambda two: tuple(sorted(two)))


@st.composite
def _verdicts(draw: DrawFn, uids: list[str]) -> list[core.Verdict]:
    return [
        core.Verdict(min(pair), max(pair), draw(st.booleans()), draw(lines(empty=True)))
        for pair in draw(_pairs_of(uids))[:2]
    ]


@st.composite
def _handoffs(draw: DrawFn, uids: list[str]) -> list[core.Handoff]:
    found = []
    for index in range(draw(st.integers(0, 2)) if len(uids) > 1 else 0):
        several = draw(st.lists(st.sampled_from(uids), min_size=2, max_size=4, unique=True))
        cut = draw(st.integers(1, len(several) - 1))
        artefacts = st.builds(Artefact, lines(), *[lines(empty=True)] * 2, *[texts()] * 3)
        found.append(
            core.Handoff(
                uid=f"h{index}",
                sources=tuple(several[:cut]),
                receivers=tuple(several[cut:]),
                summary=draw(texts()),
                decisions=draw(_tuples(lines())),
                key_context=draw(texts()),
                next_steps=draw(_tuples(lines())),
                open_questions=draw(_tuples(lines())),
                artefacts=draw(_tuples(artefacts)),
                criteria=draw(_tuples(lines())),
            )
        )
    return found


def _with_dependencies(plan: core.Plan, order: list[str], pairs: list[tuple[str, str]]) -> core.Plan:
    """The plan with these pairs as dependencies, in that order; those of summary tasks only if they fit."""
    place = {uid: index for index, uid in enumerate(order)}
    links = tuple(core.Dependency(*sorted(pair, key=place.__getitem__)) for pair in pairs)
    try:
        return replace(plan, dependencies=links)
    except core.InvalidPlan:
        among_leaves = (
            link for link in links if {link.predecessor, link.successor} <= plan.leaf_index.keys()
        )
        return replace(plan, dependencies=tuple(among_leaves))


def progress_of(plan: core.Plan) -> SearchStrategy[dict[str, core.TaskProgress]]:
    """How far some of a plan's tasks are, by uid."""
    moments = st.none() | st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))
    how_far = st.builds(core.TaskProgress, st.sampled_from(Status), moments, moments)
    uids = [task.uid for task in plan.tasks]
    return st.dictionaries(st.sampled_from(uids), how_far) if uids else st.just({})


def edits_for(plan: core.Plan) -> SearchStrategy[core.Edit]:
    """An edit of every kind whose before-values hold; the plan after it may break a rule."""
    makers = [_plan_field_edits(plan), _added_tasks(), _item_edits(plan)]
    if plan.tasks:
        makers += [_task_field_edits(plan), _claim_edits(plan), _removed_tasks(plan)]
    if len(plan.tasks) > 1:
        makers += [_dependency_edits(plan), _verdict_edits(plan), _handoff_edits(plan)]
    return st.one_of(makers)


@st.composite
def _plan_field_edits(draw: DrawFn, plan: core.Plan) -> core.Edit:
    other = draw(plans(max_tasks=0))
    field = draw(st.sampled_from(PLAN_FIELDS))
    return core.PlanFieldEdit(field, getattr(plan, field), getattr(other, field))


@st.composite
def _task_field_edits(draw: DrawFn, plan: core.Plan) -> core.Edit:
    task = draw(st.sampled_from(plan.tasks))
    places = {
        "phase": [phase.uid for phase in plan.phases],
        "track": [track.uid for track in plan.tracks],
        "agent": [agent.uid for agent in plan.agents],
        "parent": [other.uid for other in plan.tasks],
    }
    rank = draw(st.sampled_from(ranks(20)))
    other = draw(tasks(task.uid, draw(lines()), rank, places))
    field = draw(st.sampled_from(TASK_FIELDS))
    return core.TaskFieldEdit(task.uid, field, getattr(task, field), getattr(other, field))


@st.composite
def _added_tasks(draw: DrawFn) -> core.Edit:
    nowhere: dict[str, list[str]] = {"phase": [], "track": [], "agent": [], "parent": []}
    task = draw(tasks("new", draw(lines()), draw(st.sampled_from(ranks(20))), nowhere))
    return core.TaskEdit(task.uid, None, task)


@st.composite
def _removed_tasks(draw: DrawFn, plan: core.Plan) -> core.Edit:
    task = draw(st.sampled_from(plan.tasks))
    return core.TaskEdit(task.uid, task, None)


@st.composite
def _claim_edits(draw: DrawFn, plan: core.Plan) -> core.Edit:
    task = draw(st.sampled_from(plan.tasks))
    claim = draw(st.builds(Claim, st.sampled_from(ClaimMode), st.sampled_from(PATTERNS)))
    there = claim in task.claims
    return core.ClaimEdit(task.uid, claim.mode, claim.pattern, there, not there)


@st.composite
def _two(draw: DrawFn, plan: core.Plan) -> list[str]:
    uids = [task.uid for task in plan.tasks]
    return draw(st.lists(st.sampled_from(uids), min_size=2, max_size=2, unique=True))


@st.composite
def _dependency_edits(draw: DrawFn, plan: core.Plan) -> core.Edit:
    first, second = draw(_two(plan))
    there = core.Dependency(first, second) in plan.dependencies
    return core.DependencyEdit(first, second, there, not there)


@st.composite
def _verdict_edits(draw: DrawFn, plan: core.Plan) -> core.Edit:
    first, second = sorted(draw(_two(plan)))
    before = next((v for v in plan.verdicts if (v.first, v.second) == (first, second)), None)
    new = core.Verdict(first, second, draw(st.booleans()), draw(lines(empty=True)))
    after = new if before is None else draw(st.sampled_from([new, None]))
    return core.VerdictEdit(first, second, before, after)


@st.composite
def _handoff_edits(draw: DrawFn, plan: core.Plan) -> core.Edit:
    source, receiver = draw(_two(plan))
    changes = draw(st.booleans())
    if plan.handoffs and changes:
        before = draw(st.sampled_from(plan.handoffs))
        after = draw(st.sampled_from([None, replace(before, summary=draw(texts()))]))
        return core.HandoffEdit(before.uid, before, after)
    return core.HandoffEdit("new", None, core.Handoff("new", (source,), (receiver,), draw(texts())))


@st.composite
def _item_edits(draw: DrawFn, plan: core.Plan) -> core.Edit:
    kinds: list[tuple[Any, Any, tuple[Any, ...]]] = [
        (core.PhaseEdit, core.Phase, plan.phases),
        (core.TrackEdit, core.Track, plan.tracks),
        (core.AgentEdit, core.Agent, plan.agents),
    ]
    edit, make, there = draw(st.sampled_from(kinds))
    new = make("new", draw(lines()), draw(st.sampled_from(ranks(20))))
    if not there or draw(st.booleans()):
        made: core.Edit = edit("new", None, new)
        return made
    before = draw(st.sampled_from(there))
    renamed = replace(before, name=draw(lines()))
    changed: core.Edit = edit(before.uid, before, draw(st.sampled_from([None, renamed])))
    return changed


def canonical(plan: core.Plan) -> core.Plan:
    """The plan with its uids and ranks numbered anew by its order, so that equal content compares equal."""
    new = {task.uid: f"t{index:05}" for index, task in enumerate(plan.tasks)}
    named: list[tuple[str, tuple[Any, ...]]] = [("p", plan.phases), ("k", plan.tracks), ("a", plan.agents)]
    for letter, items in named:
        new |= {item.uid: f"{letter}{index:05}" for index, item in enumerate(items)}
    handoffs = sorted(
        (
            replace(
                handoff,
                uid="",
                sources=tuple(new[uid] for uid in handoff.sources),
                receivers=tuple(new[uid] for uid in handoff.receivers),
            )
            for handoff in plan.handoffs
        ),
        key=lambda handoff: (
            [getattr(handoff, each.name) for each in fields(handoff) if each.name != "artefacts"]
            + [repr(handoff.artefacts)]
        ),
    )
    verdicts = (
        replace(verdict, first=min(pair), second=max(pair))
        for verdict in plan.verdicts
        for pair in [(new[verdict.first], new[verdict.second])]
    )
    return replace(
        plan,
        tasks=tuple(
            replace(
                task,
                uid=new[task.uid],
                rank=rank,
                phase=new.get(task.phase or ""),
                track=new.get(task.track or ""),
                agent=new.get(task.agent or ""),
                parent=new.get(task.parent or ""),
            )
            for task, rank in zip(plan.tasks, ranks(len(plan.tasks)), strict=True)
        ),
        dependencies=tuple(core.Dependency(new[d.predecessor], new[d.successor]) for d in plan.dependencies),
        phases=_renumbered(plan.phases, new),
        tracks=_renumbered(plan.tracks, new),
        agents=_renumbered(plan.agents, new),
        handoffs=tuple(replace(handoff, uid=f"h{index:05}") for index, handoff in enumerate(handoffs)),
        verdicts=tuple(verdicts),
    )


def _renumbered(items: tuple[Any, ...], new: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple(
        replace(item, uid=new[item.uid], rank=rank)
        for item, rank in zip(items, ranks(len(items)), strict=True)
    )
