"""Micro-task Markdown: batches, phases, trees, matrices and the notation are read; batches are written."""

from __future__ import annotations

from itertools import count

import pytest

import planner_core as core
from planner_core.errors import InvalidPlan
from planner_core.formats import Document, Report, Source, detected_format, format_named
from planner_core.items import Claim
from planner_core.vocabulary import ClaimMode, Layer, Status

BATCHES = """# Tea stall

## Parallel Batch 1 (Start all simultaneously)
- [x] MT 1.1: Boil water (15 min)
- [ ] MT 1.2: Wash cups (10 min)

## Sequential Batch 2 (After Batch 1 completes)
- [ ] MT 2.1: Brew (20 min)
- [ ] MT 2.2: Pour (1h 5m)
"""
NOTATION = """# Tea stall

MT 1.1: Boil water
  Dependencies: None
  Parallel with: 1.2

MT 1.2: Wash cups
  Dependencies: None
  Parallel with: MT 1.1

MT 2.1: Brew
  Dependencies: 1.1 (water)
  Parallel with: None

MT 2.2: Pour
  Dependencies: 1.2 (cups), 2.1 (tea), 9.9
"""
TREE = """## How

```
PARALLEL:
├── MT 1.1: Draw the table (db layer)
└── MT 1.2: Draw the page (ui layer)

THEN SEQUENTIAL:
├── MT 2.1: Join them
└── MT 2.2: Test them (test layer)
```

## By feature

```
PARALLEL:
├── Feature A:
│   ├── MT 1.1: Profile table
│   └── MT 1.2: Profile page
└── Feature B:
    └── MT 2.1: Settings table
```
"""
PHASES = """## Phase 1: Ground (Parallel - 20 min)
PARALLEL:
- MT 1.1: Dig (15 min)
- MT 1.2: Measure (10 min)
Estimated: 20 min (longest task)

## Phase 2: Walls (Sequential - 30 min)
SEQUENTIAL:
- MT 2.1: Bricks (15 min)
- MT 2.2: Plaster (15 min)

Total Time: 50 min
"""
MATRIX = """
| Task   | Depends On     | Can Parallelize With |
|--------|----------------|----------------------|
| Table  | None           | Shell                |
| API in | Table          | API out              |
| API out| Table          | API in               |
| Tests  | All API        | Manual               |
"""


def read_all(text: str) -> list[Document]:
    """The plans in a text, which is known for what it is."""
    source = Source.of("tasks.md", text)
    chosen = detected_format(source)
    assert chosen.name == "micro-tasks"
    assert chosen.read is not None
    numbers = count()
    return chosen.read(source, new_uid=lambda: f"u{next(numbers)}")


def read(text: str) -> Document:
    """The one plan in a text."""
    (document,) = read_all(text)
    return document


def report_of(document: Document) -> Report:
    """Its report."""
    assert document.report is not None
    return document.report


def edges(document: Document) -> set[str]:
    """The dependencies as “predecessor > successor”, without the letters in front."""
    keys = {task.uid: task.key.removeprefix("MT ") for task in document.plan.tasks}
    return {f"{keys[link.predecessor]}>{keys[link.successor]}" for link in document.plan.dependencies}


def test_batches_with_checkboxes_and_times() -> None:
    """Without stated dependencies each batch waits for the one before, as a guess that is told."""
    document = read(BATCHES)
    assert document.plan.title == "Tea stall"
    assert [(task.key, task.title, task.estimate) for task in document.plan.tasks] == [
        ("MT 1.1", "Boil water", 15),
        ("MT 1.2", "Wash cups", 10),
        ("MT 2.1", "Brew", 20),
        ("MT 2.2", "Pour", 65),
    ]
    assert edges(document) == {"1.1>2.1", "1.2>2.1", "2.1>2.2"}
    assert len(report_of(document).guessed) == 1
    (done,) = document.progress.values()
    assert done.status is Status.COMPLETED


def test_the_notation() -> None:
    """Dependencies hold as they are stated; “parallel with” is a verdict; unknown ids are told."""
    document = read(NOTATION)
    assert edges(document) == {"1.1>2.1", "1.2>2.2", "2.1>2.2"}
    (verdict,) = document.plan.verdicts
    assert verdict.together
    (lost,) = report_of(document).lost
    assert "9.9" in lost.message
    assert lost.line == 16


def test_trees_and_several_plans_in_one_file() -> None:
    """Each block of code is a plan, called as its heading; features are summary tasks, layers are known."""
    first, second = read_all(TREE)
    assert [document.name for document in (first, second)] == ["How", "By feature"]
    assert edges(first) == {"1.1>2.1", "1.2>2.1", "2.1>2.2"}
    assert [task.layer for task in first.plan.tasks] == [Layer.DATABASE, Layer.UI, None, Layer.TEST]
    assert first.plan.tasks[0].title == "Draw the table"
    children = {
        second.plan.task_by_uid[uid].key: [task.key for task in tasks]
        for uid, tasks in second.plan.children.items()
    }
    assert children == {"Feature A": ["MT 1.1", "MT 1.2"], "Feature B": ["MT 2.1"]}
    assert edges(second) == set()


def test_phases_with_sums_of_time() -> None:
    """Phases become phases; sums are left out by name, for they are computed."""
    document = read(PHASES)
    assert [phase.name for phase in document.plan.phases] == ["Ground", "Walls"]
    assert edges(document) == {"1.1>2.1", "1.2>2.1", "2.1>2.2"}
    assert [note.line for note in report_of(document).lost] == [5, 12]


def test_a_dependency_matrix() -> None:
    """Rows are tasks by name; “All API” are all tasks that start so; unknown names are told."""
    document = read(MATRIX)
    assert edges(document) == {"Table>API in", "Table>API out", "API in>Tests", "API out>Tests"}
    assert len(document.plan.verdicts) == 1
    lost = " ".join(note.message for note in report_of(document).lost)
    assert "Shell" in lost
    assert "Manual" in lost


def test_a_list_of_what_is_done_says_how_far_tasks_are() -> None:
    """A block of known tasks with ticks and arrows adds their statuses."""
    document = read(
        BATCHES
        + "\n```\nCompleted:\n✓ MT 1.2: Wash cups (8 min)\nIn Progress:\n→ MT 2.1: Brew (5/20 min)\n```\n"
    )
    keys = {task.uid: task.key for task in document.plan.tasks}
    statuses = {keys[uid]: progress.status for uid, progress in document.progress.items()}
    assert statuses == {
        "MT 1.1": Status.COMPLETED,
        "MT 1.2": Status.COMPLETED,
        "MT 2.1": Status.IN_PROGRESS,
    }


def test_a_text_without_tasks_is_refused() -> None:
    """The message shows what a task looks like."""
    reader = format_named("micro-tasks").read
    assert reader is not None
    with pytest.raises(InvalidPlan, match=r"MT 1\.1"):
        reader(Source.of("a.md", "## Parallel Batch 1\n\nnothing\n"), new_uid=lambda: "u")


def test_batches_are_written_with_boxes_and_times() -> None:
    """Each batch after the one before it; two tasks that modify one file are never in the same batch."""
    claim = (Claim(ClaimMode.MODIFIES, "src/tea.py"),)
    plan = core.Plan(
        title="Tea stall",
        tasks=(
            core.Task("a", "MT 1.1", "1", title="Boil", estimate=15, claims=claim),
            core.Task("b", "MT 1.2", "2", title="Wash", estimate=90, claims=claim),
            core.Task("c", "MT 1.3", "3", title="Sweep"),
            core.Task("d", "serve-tea", "4", title="Serve"),
        ),
        dependencies=(core.Dependency("a", "d"),),
    )
    progress = {"a": core.TaskProgress(Status.COMPLETED)}
    writer = format_named("micro-tasks").write
    assert writer is not None
    written = writer(Document(plan, progress))
    assert [note.message.split(":")[0] for note in written.lost] == ["The order of the tasks is left out"]
    assert (
        written.text
        == (
            "# Tea stall\n\n"
            "## Parallel Batch 1 (Start all simultaneously)\n"
            "- [x] MT 1.1: Boil (15m)\n  - Dependencies: None\n  - **Modifies**: src/tea.py\n"
            "- [ ] MT 1.3: Sweep\n  - Dependencies: None\n"
            "\n## Sequential Batch 2 (After Batch 1 completes)\n"
            "- [ ] MT 1.2: Wash (1h 30m)\n  - Dependencies: None\n  - **Modifies**: src/tea.py\n"
            "- [ ] **serve-tea**: Serve\n  - Dependencies: MT 1.1\n"
        )
        or [note.message for note in written.lost] == []
    )
