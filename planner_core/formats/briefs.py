"""What whoever does a task is told: its files, its handoffs, when it is done, and when to stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from planner_core.conflicts import find_conflicts
from planner_core.durations import format_duration
from planner_core.formats.document import Document, Note
from planner_core.formats.yaml_plan.groups import execution_groups
from planner_core.items import DEFAULT_PRIORITY, Artefact, Handoff, Task, TaskProgress
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode, Status

MAX_BESIDE = 20
# What nobody needs to be told to do (again).
SETTLED = frozenset({Status.COMPLETED, Status.CANCELLED})

_BACKTICKS = re.compile("`+")
_MODES = {
    ClaimMode.MODIFIES: "You may change",
    ClaimMode.CREATES: "You may create",
    ClaimMode.READS: "Read, and leave as they are",
}


def in_backticks(text: str) -> str:
    """A text as Markdown code, whatever backticks it holds."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


class Briefs:
    """The briefs of one plan's scheduled tasks, in Markdown; nothing in them depends on the order of asking.

    `mention` writes a path pattern the way the tool that reads the brief likes to be pointed to a file.
    """

    def __init__(self, plan: Plan, mention: Callable[[str], str] = in_backticks) -> None:
        self._plan = plan
        self._mention = mention
        self._names: dict[str, str] = {}
        for items in (plan.phases, plan.tracks, plan.agents):
            self._names |= {item.uid: item.name for item in items}
        self._received: dict[str, list[Handoff]] = {}
        self._left: dict[str, list[Handoff]] = {}
        for handoff in plan.handoffs:
            for uid in handoff.receivers:
                self._received.setdefault(uid, []).append(handoff)
            for uid in handoff.sources:
                self._left.setdefault(uid, []).append(handoff)

    def text(self, task: Task, beside: Iterable[Task] = ()) -> str:
        """A task's brief, which ends without a line break; `beside` are those that run at the same time."""
        around = list(self._around(task))
        parts = [
            _heading(task),
            task.description.strip("\n"),
            self._facts(task, around),
            self._files(task, beside),
            *(self._handed_over(handoff) for handoff in self._of(self._received, task, around)),
            *(self._to_leave(handoff) for handoff in self._of(self._left, task, around)),
            _listed("## Done when", task.acceptance, "- [ ] "),
        ]
        return "\n\n".join(part for part in parts if part)

    def _around(self, task: Task) -> Iterator[Task]:
        parent = task.parent
        while parent is not None:
            summary = self._plan.task_by_uid[parent]
            yield summary
            parent = summary.parent

    def _of(
        self, handoffs: Mapping[str, Sequence[Handoff]], task: Task, around: Iterable[Task]
    ) -> Iterator[Handoff]:
        for each in (task, *around):
            yield from handoffs.get(each.uid, ())

    def _facts(self, task: Task, around: Sequence[Task]) -> str:
        plan = self._plan
        before = [_named(p) for each in (task, *around) for p in plan.predecessors_of(each.uid)]
        facts = {
            "Part of": ", ".join(_named(each) for each in reversed(around)),
            "Phase": self._names[task.phase] if task.phase else "",
            "Track": self._names[task.track] if task.track else "",
            "For": self._names[task.agent] if task.agent else "",
            "Skills": ", ".join(task.skills),
            "Layer": task.layer.value if task.layer else "",
            "Bounded context": task.bounded_context,
            "Estimate": "" if task.estimate is None else format_duration(task.estimate),
            "Priority": "" if task.priority == DEFAULT_PRIORITY else f"{task.priority} of 5 (1 comes first)",
            "You settle": "; ".join(task.decides),
            "Finished before you start": ", ".join(before),
        }
        return "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)

    def _files(self, task: Task, beside: Iterable[Task]) -> str:
        lines = ["## Files", ""]
        for mode, words in _MODES.items():
            found = [claim.pattern for claim in task.claims if claim.mode is mode]
            if found:
                lines.append(f"- {words}: {', '.join(map(self._mention, found))}")
        if not any(claim.mode is not ClaimMode.READS for claim in task.claims):
            lines.append("- No file is yours to change yet.")
        others = list(beside)
        for other in others[:MAX_BESIDE]:
            theirs = [
                in_backticks(claim.pattern) for claim in other.claims if claim.mode is not ClaimMode.READS
            ]
            if theirs:
                lines.append(f"- At work beside you, {_named(other)} owns {', '.join(theirs)}")
        if len(others) > MAX_BESIDE:
            more = len(others) - MAX_BESIDE
            lines.append(f"- {more} more tasks are at work beside you; their files are not yours either.")
        stop = (
            "Stop rule: these files are yours, all others are not. If you need to change or create another "
            "file, stop at once, leave it as it is, and report which file you need and why. Go on only when "
            "the plan gives it to you."
        )
        return "\n".join([*lines, "", stop])

    def _handed_over(self, handoff: Handoff) -> str:
        title = f"## Handed over to you by {self._keys(handoff.sources)}"
        body = [
            handoff.summary.strip("\n"),
            handoff.key_context.strip("\n"),
            _listed("Use:", [_artefact(each) for each in handoff.artefacts]),
            *_lists_of(handoff),
            _listed("Check before you rely on it:", handoff.criteria, "- [ ] "),
        ]
        return "\n\n".join([title, *(part for part in body if part)])

    def _to_leave(self, handoff: Handoff) -> str:
        title = f"## What {self._keys(handoff.receivers)} will get from you"
        body = [
            handoff.summary.strip("\n"),
            handoff.key_context.strip("\n"),
            _listed("Leave:", [_artefact(each) for each in handoff.artefacts]),
            *_lists_of(handoff),
            _listed("It is accepted when:", handoff.criteria, "- [ ] "),
        ]
        return "\n\n".join([title, *(part for part in body if part)])

    def _keys(self, uids: Iterable[str]) -> str:
        return ", ".join(_named(self._plan.task_by_uid[uid]) for uid in uids)


def _named(task: Task) -> str:
    return f"{task.key} ({task.title})" if task.title else task.key


def _heading(task: Task) -> str:
    return f"# {task.key}: {task.title}" if task.title else f"# {task.key}"


def _listed(title: str, lines: Sequence[str], bullet: str = "- ") -> str:
    return "\n".join([title, "", *(bullet + line for line in lines)]) if lines else ""


def _lists_of(handoff: Handoff) -> Iterator[str]:
    yield _listed("Decided:", handoff.decisions)
    yield _listed("Next steps:", handoff.next_steps)
    yield _listed("Open questions:", handoff.open_questions)


def _artefact(artefact: Artefact) -> str:
    said = [in_backticks(_on_one_line(artefact.path))]
    if artefact.symbol:
        said.append(in_backticks(_on_one_line(artefact.symbol)))
    if artefact.signature:
        said.append(in_backticks(_on_one_line(artefact.signature)))
    line = " ".join(said)
    for words, text in (("Use", artefact.use), ("Avoid", artefact.avoid), ("Check", artefact.check)):
        if text.strip():
            line += f". {words}: {_on_one_line(text)}"
    return line


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def waves_of(plan: Plan) -> list[tuple[Task, ...]]:
    """The scheduled tasks in waves, in order: no wave holds tasks that an exclusion keeps apart.

    Where the plan has phases, no wave reaches over the end of one.
    """
    waves: list[tuple[Task, ...]] = []
    for kind, keys in execution_groups(plan, find_conflicts(plan).apart):
        tasks = tuple(plan.task_by_key[key] for key in keys)
        waves.extend([tasks] if kind == "parallel" else [(task,) for task in tasks])
    return waves


def open_waves(document: Document) -> tuple[list[tuple[Task, ...]], tuple[Task, ...]]:
    """The waves without what is completed or cancelled, which comes second, in the order of the plan."""
    settled = [
        task
        for task in document.plan.leaves
        if document.progress.get(task.uid, TaskProgress()).status in SETTLED
    ]
    uids = {task.uid for task in settled}
    left = (tuple(task for task in wave if task.uid not in uids) for wave in waves_of(document.plan))
    return [wave for wave in left if wave], tuple(settled)


def beside_the_briefs(document: Document) -> Iterator[Note]:
    """What a plan holds and its waves and briefs do not say: that of summary tasks, dates, settings."""
    plan = document.plan
    for task in plan.tasks:
        unsaid = {
            "description": task.description,
            "acceptance": task.acceptance,
            "claims": task.claims,
            "estimate": task.estimate is not None,
            "decides": task.decides,
        }
        if task.uid in plan.children and (names := [name for name, value in unsaid.items() if value]):
            yield Note(f"Of this summary task is left out: {', '.join(names)}.", task=task.key)
        progress = document.progress.get(task.uid, TaskProgress())
        told = progress.status in SETTLED or progress.status is Status.PENDING
        if not told or progress != TaskProgress(progress.status):
            yield Note(f"Its progress ({progress.status.value}) is left out.", task=task.key)
    for verdict in plan.verdicts:
        first, second = (plan.task_by_uid[uid].key for uid in (verdict.first, verdict.second))
        yield Note(f"The verdict on {first} and {second} is kept in the waves alone.")
    if plan.threshold is not None or plan.weights is not None:
        yield Note("The plan's threshold and weights are left out.")
