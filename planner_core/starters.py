"""Starter plans: the usual shapes of parallel work, to begin from instead of an empty plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from planner_core.items import Claim, Dependency, Handoff, Phase, Task, Track
from planner_core.plan import Plan
from planner_core.ranks import ranks
from planner_core.vocabulary import ClaimMode, Layer

NewUid: TypeAlias = Callable[[], str]


@dataclass(frozen=True, slots=True)
class StarterTask:
    """One task of a starter. `after` names the keys it waits for, `group` its phase or its track.

    `notes` are handoffs it receives: the key of the source and the summary.
    """

    key: str
    title: str
    estimate: int | None = None
    after: tuple[str, ...] = ()
    creates: tuple[str, ...] = ()
    modifies: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    layer: Layer | None = None
    group: str = ""
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Starter:
    """A plan to begin from. `tracks` says whether the tasks' groups are tracks; else they are phases."""

    name: str
    title: str
    description: str
    tasks: tuple[StarterTask, ...]
    agents: int
    tracks: bool = False

    def build(self, new_uid: NewUid) -> Plan:
        """The plan, with uids from `new_uid`; tasks, phases and tracks in the order of the starter."""
        uids = {task.key: new_uid() for task in self.tasks}
        names = list(dict.fromkeys(task.group for task in self.tasks if task.group))
        groups = {name: (new_uid(), rank) for name, rank in zip(names, ranks(len(names)), strict=True)}
        tasks = [
            self._task(task, uids[task.key], rank, groups.get(task.group, (None, ""))[0])
            for task, rank in zip(self.tasks, ranks(len(self.tasks)), strict=True)
        ]
        return Plan(
            title=self.title,
            description=self.description,
            tasks=tuple(tasks),
            dependencies=tuple(
                Dependency(uids[key], uids[task.key]) for task in self.tasks for key in task.after
            ),
            phases=() if self.tracks else tuple(Phase(*item) for item in _named(groups)),
            tracks=tuple(Track(*item) for item in _named(groups)) if self.tracks else (),
            handoffs=tuple(
                Handoff(new_uid(), (uids[source],), (uids[task.key],), summary)
                for task in self.tasks
                for source, summary in task.notes
            ),
            agent_count=self.agents,
        )

    def _task(self, task: StarterTask, uid: str, rank: str, group: str | None) -> Task:
        modes = (
            (ClaimMode.CREATES, task.creates),
            (ClaimMode.MODIFIES, task.modifies),
            (ClaimMode.READS, task.reads),
        )
        return Task(
            uid=uid,
            key=task.key,
            rank=rank,
            title=task.title,
            estimate=task.estimate,
            layer=task.layer,
            phase=None if self.tracks else group,
            track=group if self.tracks else None,
            claims=tuple(Claim(mode, pattern) for mode, patterns in modes for pattern in patterns),
        )


def _named(groups: dict[str, tuple[str, str]]) -> Sequence[tuple[str, str, str]]:
    return [(uid, name, rank) for name, (uid, rank) in groups.items()]


_LAYERS_AT_ONCE = Starter(
    name="layers-at-once",
    title="Layers at once",
    description="Database, interface and tests are begun side by side; then they are connected in order.",
    agents=3,
    tasks=(
        StarterTask(
            "MT 1.1", "Database schema", 15, (), ("db/schema/*",), layer=Layer.DATABASE, group="Shells"
        ),
        StarterTask("MT 1.2", "UI component shell", 10, (), ("src/ui/*",), layer=Layer.UI, group="Shells"),
        StarterTask("MT 1.3", "Test structure", 10, (), ("tests/*",), layer=Layer.TEST, group="Shells"),
        StarterTask(
            "MT 2.1",
            "API endpoint",
            20,
            after=("MT 1.1",),
            creates=("src/api/*",),
            reads=("db/schema/*",),
            layer=Layer.API,
            group="Connection",
            notes=(
                ("MT 1.1", "The schema is final: read it, and change it only through a task of its own."),
            ),
        ),
        StarterTask(
            "MT 2.2",
            "Connect the UI to the API",
            15,
            after=("MT 1.2", "MT 2.1"),
            modifies=("src/ui/*",),
            reads=("src/api/*",),
            layer=Layer.UI,
            group="Connection",
            notes=(("MT 2.1", "The endpoint's address, its fields and its error codes."),),
        ),
        StarterTask(
            "MT 2.3",
            "Integration tests",
            20,
            after=("MT 1.3", "MT 2.2"),
            modifies=("tests/*",),
            reads=("src/api/*", "src/ui/*"),
            layer=Layer.TEST,
            group="Connection",
        ),
    ),
)

_LAYER_AFTER_LAYER = Starter(
    name="layer-after-layer",
    title="Layer after layer",
    description="The implementation comes first, alone; tests, docs and configuration follow together.",
    agents=3,
    tasks=(
        StarterTask(
            "T001", "Implementation", None, (), (), ("src/*",), layer=Layer.CORE, group="Implementation"
        ),
        StarterTask(
            "T002",
            "Tests",
            after=("T001",),
            modifies=("tests/*",),
            reads=("src/*",),
            layer=Layer.TEST,
            group="Around it",
            notes=(("T001", "What is public, how to call it, and which cases are easy to miss."),),
        ),
        StarterTask(
            "T003",
            "Documentation",
            after=("T001",),
            modifies=("docs/*",),
            reads=("src/*",),
            layer=Layer.DOCS,
            group="Around it",
            notes=(("T001", "The public names, with one example of each."),),
        ),
        StarterTask(
            "T004",
            "Configuration",
            after=("T001",),
            modifies=("config/*",),
            reads=("src/*",),
            layer=Layer.CONFIG,
            group="Around it",
            notes=(("T001", "Which settings are read, and their defaults."),),
        ),
    ),
)


def _feature(number: int, name: str) -> tuple[StarterTask, StarterTask]:
    """A feature's own schema and endpoint, in files that no other feature touches."""
    folder = f"src/features/{name.lower()}"
    schema, endpoint = f"MT {number}.1", f"MT {number}.2"
    return (
        StarterTask(
            schema,
            f"{name}: schema",
            None,
            (),
            (f"{folder}/schema/*",),
            layer=Layer.DATABASE,
            group="Features",
        ),
        StarterTask(
            endpoint,
            f"{name}: endpoint",
            after=(schema,),
            creates=(f"{folder}/api/*",),
            reads=(f"{folder}/schema/*",),
            layer=Layer.API,
            group="Features",
            notes=((schema, "The fields and their limits are settled."),),
        ),
    )


_FEATURE = Starter(
    name="features",
    title="Feature by feature",
    description="Independent features grow side by side, each in its own files; integration tests come last.",
    agents=3,
    tasks=(
        *_feature(1, "Profile"),
        *_feature(2, "Settings"),
        *_feature(3, "Billing"),
        StarterTask(
            "MT 4.1",
            "Integration tests",
            after=("MT 1.2", "MT 2.2", "MT 3.2"),
            creates=("tests/integration/*",),
            reads=("src/features/**",),
            layer=Layer.TEST,
            group="Integration",
        ),
    ),
)

_PACKAGE = Starter(
    name="packages",
    title="Package by package",
    description="Each package has one task that owns all of it; integration tests come last.",
    agents=3,
    tasks=(
        StarterTask(
            "T001", "API package", None, (), (), ("packages/api/",), layer=Layer.API, group="Packages"
        ),
        StarterTask(
            "T002",
            "Database package",
            None,
            (),
            (),
            ("packages/db/",),
            layer=Layer.DATABASE,
            group="Packages",
        ),
        StarterTask(
            "T003", "Shared package", None, (), (), ("packages/shared/",), layer=Layer.CORE, group="Packages"
        ),
        StarterTask(
            "T004",
            "Integration tests",
            after=("T001", "T002", "T003"),
            creates=("tests/integration/*",),
            reads=("packages/**",),
            layer=Layer.TEST,
            group="Integration",
        ),
    ),
)


def _operation(key: str, title: str, minutes: int, file: str) -> StarterTask:
    """An endpoint in a file of its own: it adds to the API and changes nothing that is there."""
    return StarterTask(
        key,
        title,
        minutes,
        after=("MT 1.1", "MT 1.2"),
        creates=(f"src/api/{file}.ts",),
        reads=("database/migrations/*", "src/types/*"),
        layer=Layer.API,
        group="Operations",
        notes=(("MT 1.2", "The types are shared by all four operations: import them, add none."),),
    )


_CRUD = Starter(
    name="crud",
    title="Create, read, update, delete",
    description="Four operations on one kind of record side by side, on a common schema and common types.",
    agents=2,
    tasks=(
        StarterTask(
            "MT 1.1",
            "Database schema",
            15,
            creates=("database/migrations/*",),
            layer=Layer.DATABASE,
            group="Foundation",
        ),
        StarterTask("MT 1.2", "Types", 10, (), ("src/types/*",), layer=Layer.CORE, group="Foundation"),
        _operation("MT 2.1", "Create", 20, "create"),
        _operation("MT 2.2", "Read: list and one", 15, "read"),
        _operation("MT 2.3", "Update", 20, "update"),
        _operation("MT 2.4", "Delete", 15, "delete"),
        StarterTask(
            "MT 3.1",
            "Integration tests",
            15,
            after=("MT 2.1", "MT 2.2", "MT 2.3", "MT 2.4"),
            creates=("tests/integration/*",),
            reads=("src/api/*",),
            layer=Layer.TEST,
            group="Integration",
        ),
    ),
)


def _track(number: int, name: str) -> tuple[StarterTask, StarterTask]:
    """Two hours of work in a folder of its own: the parts, then the way in for the others."""
    folder = name.lower().replace(" ", "_")
    first, second = f"T{2 * number - 1:03}", f"T{2 * number:03}"
    return (
        StarterTask(first, f"{name}: the parts", 60, (), (f"src/{folder}/parts/*",), group=name),
        StarterTask(
            second,
            f"{name}: the way in",
            60,
            after=(first,),
            creates=(f"src/{folder}/entry.py",),
            reads=(f"src/{folder}/parts/*",),
            group=name,
        ),
    )


_WAY_IN = "The entry module is all that other tracks may import; its names are settled."

_THREE_TRACKS = Starter(
    name="three-tracks",
    title="Three tracks and integration",
    description="Three tracks of two hours need nothing of each other; two tasks then join and check them.",
    agents=3,
    tracks=True,
    tasks=(
        *_track(1, "Track one"),
        *_track(2, "Track two"),
        *_track(3, "Track three"),
        StarterTask(
            "T007",
            "Connect the tracks",
            60,
            after=("T002", "T004", "T006"),
            creates=("src/integration/*",),
            reads=("src/track_one/*", "src/track_two/*", "src/track_three/*"),
            layer=Layer.INTEGRATION,
            group="Integration",
            notes=(("T002", _WAY_IN), ("T004", _WAY_IN), ("T006", _WAY_IN)),
        ),
        StarterTask(
            "T008",
            "Tests of the whole",
            30,
            after=("T007",),
            creates=("tests/integration/*",),
            reads=("src/integration/*",),
            layer=Layer.TEST,
            group="Integration",
        ),
    ),
)

STARTERS: tuple[Starter, ...] = (
    _LAYERS_AT_ONCE,
    _LAYER_AFTER_LAYER,
    _FEATURE,
    _PACKAGE,
    _CRUD,
    _THREE_TRACKS,
)
"""The starters, in the order in which they are offered."""
