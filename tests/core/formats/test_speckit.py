"""spec-kit's tasks.md is read as it is written in the wild: its dialects of tasks, labels and paths."""

from __future__ import annotations

from itertools import combinations, count

import pytest

from planner_core.conflicts import find_conflicts
from planner_core.errors import InvalidPlan
from planner_core.formats import Document, Report, Source, detected_format
from planner_core.formats.speckit.named_files import named_files
from planner_core.items import TaskProgress
from planner_core.vocabulary import ClaimMode, Status


def read(text: str) -> Document:
    """The plan in a text, which is known for what it is."""
    source = Source.of("tasks.md", text)
    chosen = detected_format(source)
    assert chosen.name == "spec-kit"
    assert chosen.read is not None
    numbers = count()
    (document,) = chosen.read(source, new_uid=lambda: f"u{next(numbers)}")
    return document


def report_of(document: Document) -> Report:
    """Its report."""
    assert document.report is not None
    return document.report


def leaves(document: Document) -> list[str]:
    """The keys of the tasks that the file itself has."""
    return [task.key for task in document.plan.leaves]


def test_a_file_as_the_template_makes_it() -> None:
    """Title, phases, labels, paths, times and boxes each find their place."""
    document = read(
        "# Tasks: Bird counts\n\n**Input**: design documents\n\n"
        "## Format: `[ID] [P?] [Story] Description`\n\n- **[P]**: can run in parallel\n\n"
        "## Phase 1: Setup (Shared)\n\n"
        "- [x] T001 Create the folders\n"
        "- [X] T002 [P] Add `pyproject.toml` (45 min)\n\n"
        "## Phase 2: User Story 1 - Count birds (Priority: P2) 🎯 MVP\n\n### Tests\n\n"
        "- [ ] T003 [P] [US1] Test counting in tests/test_count.py\n"
        "- [ ] T004 [US1] Count in `src/birds/count.py`\n"
    )
    plan = document.plan
    assert plan.title == "Bird counts"
    assert leaves(document) == ["T001", "T002", "T003", "T004"]
    names = [phase.name for phase in plan.phases]
    assert names == ["Setup (Shared)", "User Story 1 - Count birds (Priority: P2) 🎯 MVP"]
    second, fourth = plan.task_by_key["T002"], plan.task_by_key["T004"]
    assert second.estimate == 45
    assert [claim.pattern for claim in second.claims] == ["pyproject.toml"]
    assert fourth.title == "Count"
    assert fourth.priority == 2
    assert [claim.pattern for claim in fourth.claims] == ["src/birds/count.py"]
    assert [track.name for track in plan.tracks] == ["US1"]
    assert document.progress[second.uid].status is Status.COMPLETED
    assert fourth.uid not in document.progress


@pytest.mark.parametrize(
    ("line", "key", "title", "status"),
    [
        ("- [ ] T001 Plain", "T001", "Plain", Status.PENDING),
        ("* [x] **T001** Bold", "T001", "Bold", Status.COMPLETED),
        ("- [ ] **T001**: Bold with a colon", "T001", "Bold with a colon", Status.PENDING),
        ("- [ ] T001a A letter", "T001a", "A letter", Status.PENDING),
        ("- [ ] `T001` In code", "T001", "In code", Status.PENDING),
        ("- [-] T001 Put off", "T001", "Put off", Status.DEFERRED),
        ("- [~] T001 Begun", "T001", "Begun", Status.IN_PROGRESS),
        ("- [ ] ~~T001~~ - REMOVED", "T001", "REMOVED", Status.CANCELLED),
        ("- ~~T001~~ - REMOVED: not needed", "T001", "REMOVED: not needed", Status.CANCELLED),
        ("- [x] T001 ~~Add a cache~~ **SUPERSEDED**", "T001", "Add a cache SUPERSEDED", Status.CANCELLED),
        ("- [ ] T001 Sail [BLOCKED: no wind]", "T001", "Sail", Status.BLOCKED),
        ("- [ ] **1.5 Create the entity**", "1.5", "Create the entity", Status.PENDING),
        ("  - [ ] T001 Indented", "T001", "Indented", Status.PENDING),
        ("1. [ ] T001 Numbered", "T001", "Numbered", Status.PENDING),
        ("- [ ] T001 [EXECUTOR: mira] [SEQUENTIAL] [P] Labelled", "T001", "Labelled", Status.PENDING),
    ],
)
def test_the_dialects_of_a_task(line: str, key: str, title: str, status: Status) -> None:
    """Marks, ids and labels are taken off; what is left is the title."""
    document = read(f"## Phase 1: Setup\n\n{line}\n\n- [ ] T900 Another one\n")
    task = document.plan.task_by_key[key]
    assert task.title == title
    assert document.progress.get(task.uid, TaskProgress()).status is status


def test_what_is_no_task() -> None:
    """Notes about `[P]`, blocks of code, comments and checklists hold no tasks; the report says where."""
    document = read(
        "---\ntitle: x\n---\n# Tasks: Nets\n\n<!--\n- [ ] T090 A sample\n-->\n\n"
        "## Phase 1: Setup\n\n- [ ] T001 Mend the net\n\n"
        "```bash\n- [ ] T091 In code\n```\n\n"
        "## Notes\n\n- [P] = different files\n- T001 is small\n\n"
        "## Validation Checklist\n\n- [ ] All nets are mended\n"
    )
    assert leaves(document) == ["T001"]
    assert [note.line for note in report_of(document).lost] == [7, 15, 25]


def test_lines_below_a_task_belong_to_it() -> None:
    """Indented checkboxes are criteria, other indented lines the description; their files are claimed."""
    document = read(
        "## Phase 1: Setup\n\n"
        "- [ ] T001 Rig the mast\n  - [x] It stands\n  - [ ] It holds\n"
        "  Use oak.\n  → Artifacts: rig/mast.py\n"
    )
    (task,) = document.plan.leaves
    assert task.acceptance == ("It stands", "It holds")
    assert task.description == "Use oak.\n→ Artifacts: rig/mast.py"
    assert [claim.pattern for claim in task.claims] == ["rig/mast.py"]
    assert any("1 of its 2" in note.message for note in report_of(document).lost)


def test_tasks_without_ids_or_boxes() -> None:
    """Without any id they get one; without any box, headings with ids are the tasks."""
    document = read("## Phase 1: Setup\n\n- [ ] Sow\n- [x] Water\n")
    assert leaves(document) == ["T001", "T002"]
    assert len([note for note in report_of(document).guessed if "without an id" in note.message]) == 2
    headings = Source.of(
        "tasks.md",
        "## Phase 1: Setup\n\n### T001: Sow\n\n- **Files**: beds.py\n\n### T002: Water\n",
    )
    reader = detected_format(Source.of("tasks.md", "- [ ] T001 x")).read
    assert reader is not None
    numbers = count()
    (other,) = reader(headings, new_uid=lambda: f"u{next(numbers)}")
    assert [(task.key, task.title) for task in other.plan.leaves] == [("T001", "Sow"), ("T002", "Water")]


def test_an_id_used_twice_is_told_apart() -> None:
    """The second one gets another key; what names the id means the first."""
    document = read(
        "## Phase 1: Setup\n\n- [ ] T001 One\n- [ ] T001 Other\n- [ ] T002 Third (depends on T001)\n"
    )
    assert leaves(document) == ["T001", "T001~2", "T002"]
    (third,) = [task for task in document.plan.leaves if task.key == "T002"]
    assert [task.key for task in document.plan.predecessors_of(third.uid)] == ["T001"]
    assert any(note.line == 4 for note in report_of(document).repaired)


def test_a_text_without_tasks_is_refused() -> None:
    """The message shows what a task looks like."""
    reader = detected_format(Source.of("tasks.md", "- [ ] T001 x")).read
    assert reader is not None
    with pytest.raises(InvalidPlan, match="T001"):
        reader(Source.of("tasks.md", "# Nothing\n"), new_uid=lambda: "u")


# --- files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "modifies"),
    [
        ("Add a page in src/app/page.tsx", ["src/app/page.tsx"]),
        ("Add a page in `src/app/page.tsx`.", ["src/app/page.tsx"]),
        ("Add a page (src/app/page.tsx)", ["src/app/page.tsx"]),
        ("Update README.md and docs/guide.md", ["README.md", "docs/guide.md"]),
        ("Create the folder `src/ui/canvas/`", ["src/ui/canvas/"]),
        ("Seed in migrations/seed/ (3 hours)", ["migrations/seed/"]),
        ("Edit src/a.py, src/b.py; and src/c.py", ["src/a.py", "src/b.py", "src/c.py"]),
        ("See [src/a.py](../../src/a.py#L3)", []),
        ("Write [the log](../logs/a.txt)", ["logs/a.txt"]),
        ("Draw app/(main)/users/[id]/page.tsx", ["app/(main)/users/[id]/page.tsx"]),
        ("Schemas in src/{a, b}.ts", ["src/{a,b}.ts"]),
        ("Put it in backend/.../protocol/", ["backend/**/protocol/"]),
        ("Add `.env.example` and the Dockerfile", [".env.example", "Dockerfile"]),
        ("Fix line src/a.py:12", ["src/a.py"]),
        ("Test src/a.test.ts/src/b.test.ts", ["src/a.test.ts", "src/b.test.ts"]),
        ("Handle GET/POST and and/or, e.g. for Node.js 4.1.x", []),
        ("Fetch https://example.org/a/b.json", []),
        ("Serve POST /api/v1/users/{id}", []),
        ("Read ~/.config/app.toml", []),
    ],
)
def test_the_files_that_a_task_names(text: str, modifies: list[str]) -> None:
    """Paths with a known ending, folders with a slash, dot files: bare, in code, in brackets, in links."""
    assert list(named_files([text]).modifies) == modifies


def test_design_documents_are_read_unless_they_are_written() -> None:
    """“per plan.md” reads; “update quickstart.md” modifies."""
    files = named_files(["Model it per data-model.md and contracts/api.md", "Update quickstart.md"])
    assert files.reads == ("data-model.md", "contracts/api.md")
    assert files.modifies == ("quickstart.md",)


def test_parallel_tasks_that_name_one_file_are_conflicts() -> None:
    """`[P]` silences nothing and orders nothing: each pair of a phase with a file in common is reported."""
    document = read(
        "## Phase 1: Setup\n\n- [ ] T001 Begin\n\n"
        "## Phase 2: User Story 1 - Boats (P1)\n\n"
        "- [ ] T002 [P] [US1] Hull in src/boat.py\n"
        "- [ ] T003 [P] [US1] Mast in `src/boat.py`\n"
        "- [ ] T004 [P] [US1] Tests (src/boat.py, tests/test_boat.py)\n"
        "- [ ] T005 [P] [US1] Flags in src/flag.py\n\n"
        "## Dependencies\n\n- **US1 (Phase 2)**: depends on Setup\n"
    )
    plan = document.plan
    found = {
        frozenset((plan.task_by_uid[each.first].key, plan.task_by_uid[each.second].key))
        for each in find_conflicts(plan).conflicts
    }
    assert found == {frozenset(pair) for pair in combinations(("T002", "T003", "T004"), 2)}
    modes = {claim.mode for task in plan.tasks for claim in task.claims}
    assert modes == {ClaimMode.MODIFIES}
