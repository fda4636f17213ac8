"""Writes a plan as Markdown that is read back at once, so that what is lost is known and not presumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from planner_core.errors import InvalidPlan
from planner_core.formats.document import Document, NewUid, Note, Written
from planner_core.formats.mending import shown
from planner_core.formats.source import Source
from planner_core.items import Task, TaskProgress
from planner_core.plan import DEFAULT_AGENTS, DEFAULT_ESTIMATE
from planner_core.vocabulary import Status

PLAINLY, SPELLED_OUT = 0, 1
"""How a task is written: as people would, or with every value as a field below it."""

Render = Callable[[Document, Mapping[str, int]], str]
Read = Callable[..., list[Document]]


@dataclass(frozen=True, slots=True)
class _Fact:
    task: str | None
    aspect: str
    value: str


def written_and_read(document: Document, render: Render, read: Read, file_name: str) -> Written:
    """The text that `render` makes of a document, and a note for each thing that `read` does not find in it.

    `render` gets, by uid, how each task is to be written; those that would be misread are spelled out. Reads
    the text at most three times.
    """
    care = {task.uid: PLAINLY for task in document.plan.tasks}
    wanted = set(_facts(document))
    uids = {task.key: task.uid for task in document.plan.tasks}
    while True:
        text = render(document, care)
        found = set(_read_back(text, read, file_name))
        misread = {uids[fact.task] for fact in wanted ^ found if fact.task in uids}
        strange = any(fact.task is not None and fact.task not in uids for fact in found - wanted)
        careless = [uid for uid in (uids.values() if strange else misread) if care[uid] == PLAINLY]
        if not careless:
            break
        for uid in careless:
            care[uid] = SPELLED_OUT
    missing = [fact for fact in _facts(document) if fact not in found]
    return Written(text, tuple(_note(fact) for fact in missing))


def _read_back(text: str, read: Read, file_name: str) -> Iterator[_Fact]:
    numbers = count()
    new_uid: NewUid = lambda: f"r{next(numbers)}"  # noqa: E731  # a name for a type, not for a function
    try:
        documents = read(Source.of(file_name, text), new_uid=new_uid)
    except InvalidPlan:
        # A plan without tasks is no file of most formats; what it holds is missing then.
        return
    yield from _facts(documents[0])


def _note(fact: _Fact) -> Note:
    about = "Its" if fact.task is not None else "The"
    said = f": {shown(fact.value)}" if fact.value else ""
    return Note(f"{about} {fact.aspect} is left out{said}.", task=fact.task)


def _facts(document: Document) -> Iterator[_Fact]:
    """All that a document says beyond defaults, in words: the plan's own first, then each task's."""
    plan = document.plan
    said: list[tuple[str, str]] = [
        ("title", plan.title),
        ("description", plan.description),
        ("wish to keep the phases", "yes" if plan.keep_phases else ""),
        ("threshold", "" if plan.threshold is None else str(plan.threshold)),
        ("weights", "" if plan.weights is None else str(plan.weights)),
        ("order of the tasks", " ".join(task.key for task in plan.tasks)),
        ("order of the phases", " ".join(phase.name for phase in plan.phases)),
        ("order of the tracks", " ".join(track.name for track in plan.tracks)),
        ("order of the agents", " ".join(agent.name for agent in plan.agents)),
        ("default estimate", str(plan.default_estimate) if plan.default_estimate != DEFAULT_ESTIMATE else ""),
        *(
            ("skills of an agent", f"{agent.name}: {skill}")
            for agent in plan.agents
            for skill in agent.skills
        ),
    ]
    if plan.agent_count != DEFAULT_AGENTS and not plan.agents:
        said.append(("number of agents", str(plan.agent_count)))
    for handoff in plan.handoffs:
        ends = [[plan.task_by_uid[uid].key for uid in uids] for uids in (handoff.sources, handoff.receivers)]
        said.append(("handoff", f"from {', '.join(ends[0])} to {', '.join(ends[1])} {handoff.summary}"))
    for verdict in plan.verdicts:
        keys = " and ".join(sorted(plan.task_by_uid[uid].key for uid in (verdict.first, verdict.second)))
        said.append(
            ("verdict", f"{keys} {'together' if verdict.together else 'never together'} {verdict.reason}")
        )
    yield from (_Fact(None, aspect, value) for aspect, value in said if value)
    names = {item.uid: item.name for items in (plan.phases, plan.tracks, plan.agents) for item in items}
    for task in plan.tasks:
        yield _Fact(task.key, "place in the plan", "")
        progress = document.progress.get(task.uid, TaskProgress())
        for aspect, value in _of_task(task, progress, names):
            if value:
                yield _Fact(task.key, aspect, value)
        if task.parent is not None:
            yield _Fact(task.key, "summary task", plan.task_by_uid[task.parent].key)
        for predecessor in plan.predecessors_of(task.uid):
            yield _Fact(task.key, "dependency on", predecessor.key)


def _of_task(task: Task, progress: TaskProgress, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "title", task.title
    yield "description", task.description
    yield from (
        ("criterion of acceptance", f"{place}. {each}") for place, each in enumerate(task.acceptance, 1)
    )
    yield "estimate", "" if task.estimate is None else f"{task.estimate} minutes"
    yield "priority", str(task.priority)
    yield "layer", task.layer.value if task.layer else ""
    yield "bounded context", task.bounded_context
    yield from (("skill", f"{place}. {each}") for place, each in enumerate(task.skills, 1))
    yield "parallel safety", "" if task.parallel_safe is None else "yes" if task.parallel_safe else "no"
    yield from (("decided question", f"{place}. {each}") for place, each in enumerate(task.decides, 1))
    for aspect, uid in (("phase", task.phase), ("track", task.track), ("agent", task.agent)):
        yield aspect, names[uid] if uid else ""
    yield from ((f"claim that it {claim.mode.value}", claim.pattern) for claim in task.claims)
    yield "status", progress.status.value if progress.status is not Status.PENDING else ""
    for aspect, moment in (("start", progress.started), ("finish", progress.finished)):
        yield aspect, moment.isoformat() if moment else ""
