"""Folders of other tools: ccpm epics, spec-kitty work packages, GSD plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats import ccpm, gsd, spec_kitty
from planner_core.formats.document import Document
from planner_core.formats.registry import Format, detected_format
from planner_core.formats.source import Source
from planner_core.items import Artefact
from planner_core.vocabulary import Status

EPIC = {
    "epic.md": "---\nname: Search\nstatus: backlog\nprogress: 10%\n---\nFind things.\n",
    "001.md": """---
name: Index the pages
status: closed
created: 2025-01-01T10:00:00Z
depends_on: []
parallel: true
conflicts_with: []
---

# Task: Index the pages

## Description
Build the index.

## Acceptance Criteria
- [ ] Finds a page by its title
- [x] Leaves drafts out

## Technical Details
- Files affected: `src/index.py`, `src/schema.sql` (new)

## Effort Estimate
- Size: M
- Hours: 6
""",
    "2.md": """---
name: Search box
status: in-progress
depends_on: [001, 99]
parallel: false
conflicts_with: ["3"]
---
Where people type.
## Effort Estimate
- Hours: 2-4
""",
    "3.md": """---
name: Results: the page
status: odd
depends_on: ["#1"]
parallel: true
---
## Description
Shows what was found.
""",
    "3-analysis.md": """---
issue: 3
---
## Overview
Two streams.

### Stream A: Markup
**Scope**: The template
**Files**:
- `templates/results.html`
- src/static/*.css
**Can Start**: immediately
**Estimated Hours**: 1.5
**Dependencies**: none

### Stream B: Paging
**Files**: `src/paging.py` (new file), `src/views.py`
**Can Start**: after Stream A is done
**Estimated Hours**: 2

## Coordination Points
They meet in the view.
""",
}
PACKAGES = """work_packages:
- id: WP01
  title: Schema
  dependencies: []
  owned_files: [src/schema.py, "src/models/**"]
  requirement_refs: [FR-001]
  subtasks: [T001, T002]
  prompt_file: tasks/WP01.md
- id: WP02
  title: API
  dependencies: [WP01, WP09]
  owned_files:
  - src/api.py
  create_intent: [src/api.py]
  lane: for_review
  role: implementer
"""
PLAN = """---
phase: {phase}
plan: {plan}
type: execute
wave: {wave}
depends_on: {depends_on}
files_modified: [{files}]
autonomous: true
requirements: [R-1]
must_haves:
  truths:
    - "Themes can be chosen"
  artifacts:
    - path: src/theme.py
      provides: the theme table
  key_links:
    - from: src/page.py
      to: src/theme.py
      via: import
---

<objective>
Build it ({plan}).

Purpose: joy.
</objective>
"""


def plan_page(phase: str, plan: str, depends_on: str, files: str, wave: int = 1) -> str:
    return PLAN.format(phase=phase, plan=plan, depends_on=depends_on, files=files, wave=wave)


GSD = {
    "phases/01-base/01-01-PLAN.md": plan_page("01-base", "01", "[]", "src/theme.py"),
    "phases/01-base/01-02-PLAN.md": plan_page("01-base", "02", "[01]", "src/page.py", 2),
    "phases/02-look/02-01-PLAN.md": plan_page("02-look", "01", '["01-01", "01-base-02"]', "src/look.css"),
    "phases/01-base/01-01-SUMMARY.md": (
        "---\nphase: 01-base\nplan: 01\nprovides: [x]\ncompleted: 2026-01-15\n---\n"
    ),
}


def folder(name: str, files: Mapping[str, str]) -> Source:
    return Source(name, {path: text.encode() for path, text in files.items()})


def read_all(chosen: Format, source: Source) -> list[Document]:
    assert chosen.read is not None
    numbers = count()
    return chosen.read(source, new_uid=lambda: f"r{next(numbers)}")


def read(chosen: Format, source: Source) -> Document:
    [document] = read_all(chosen, source)
    return document


def notes_of(document: Document, kind: str) -> list[tuple[str | None, str]]:
    return [(note.task, note.message) for note in getattr(document.report, kind)]


def order_of(document: Document) -> set[tuple[str, str]]:
    keys = {uid: task.key for uid, task in document.plan.task_by_uid.items()}
    return {(keys[link.predecessor], keys[link.successor]) for link in document.plan.dependencies}


def claims_of(document: Document, key: str) -> list[tuple[str, str]]:
    return [(claim.mode.value, claim.pattern) for claim in document.plan.task_by_key[key].claims]


def status_of(document: Document, key: str) -> Status:
    return document.progress.get(document.plan.task_by_key[key].uid, core.TaskProgress()).status


@pytest.mark.parametrize(
    ("chosen", "source"),
    [
        (ccpm.FORMAT, folder("search", EPIC)),
        (gsd.FORMAT, folder(".planning", GSD)),
        (gsd.FORMAT, Source.of("PLAN.md", GSD["phases/01-base/01-01-PLAN.md"])),
        (spec_kitty.FORMAT, Source.of("wps.yaml", PACKAGES)),
        (spec_kitty.FORMAT, folder("kitty-specs", {"one/wps.yaml": PACKAGES})),
    ],
    ids=lambda each: each.name,
)
def test_each_is_detected(chosen: Format, source: Source) -> None:
    """A source fits its own format and no other one."""
    assert detected_format(source) is chosen


def test_an_epic_is_a_plan() -> None:
    """Numbered files are tasks under their own spelling, in the order of their numbers."""
    document = read(ccpm.FORMAT, folder("search", EPIC))
    assert (document.plan.title, document.plan.description, document.name) == (
        "Search",
        "Find things.",
        "search",
    )
    assert [task.key for task in document.plan.tasks] == ["001", "2", "3", "3.A", "3.B"]
    first = document.plan.task_by_key["001"]
    assert (first.title, first.estimate, first.parallel_safe) == ("Index the pages", 360, True)
    assert first.acceptance == ("Finds a page by its title", "Leaves drafts out")
    assert first.description.startswith("Build the index.\n\n## Technical Details")
    assert claims_of(document, "001") == [("modifies", "src/index.py"), ("creates", "src/schema.sql")]


def test_references_between_files_are_numbers_however_spelled() -> None:
    """`001`, `1` and `#1` are one task; a missing one is reported, and conflicts are verdicts."""
    document = read(ccpm.FORMAT, folder("search", EPIC))
    assert order_of(document) == {("001", "2"), ("001", "3"), ("3.A", "3.B")}
    assert any("99" in message for _, message in notes_of(document, "lost"))
    [verdict] = document.plan.verdicts
    keys = {document.plan.task_by_uid[uid].key for uid in (verdict.first, verdict.second)}
    assert (keys, verdict.together) == ({"2", "3"}, False)


def test_streams_of_an_analysis_are_parts() -> None:
    """A stream has its files and hours, and waits for the streams that it starts after."""
    document = read(ccpm.FORMAT, folder("search", EPIC))
    parts = document.plan.children[document.plan.task_by_key["3"].uid]
    assert [(part.key, part.title, part.estimate) for part in parts] == [
        ("3.A", "Markup", 90),
        ("3.B", "Paging", 120),
    ]
    assert claims_of(document, "3.A") == [
        ("modifies", "src/static/*.css"),
        ("modifies", "templates/results.html"),
    ]
    assert claims_of(document, "3.B") == [("modifies", "src/views.py"), ("creates", "src/paging.py")]
    assert parts[0].description == "The template\nCan start: immediately"


def test_a_stream_that_names_no_file_claims_none() -> None:
    """Prose where files are expected is no claim, and no error."""
    files = {**EPIC, "3-analysis.md": "### Stream A: x\n**Files**: to be decided\n"}
    assert claims_of(read(ccpm.FORMAT, folder("search", files)), "3.A") == []


def test_what_an_epic_says_beyond_a_plan_is_named() -> None:
    """Dates, prose of an analysis, unknown statuses and guesses are in the report."""
    document = read(ccpm.FORMAT, folder("search", EPIC))
    assert (status_of(document, "001"), status_of(document, "2")) == (Status.COMPLETED, Status.IN_PROGRESS)
    lost = " ".join(message for _, message in notes_of(document, "lost"))
    for words in ("status, progress", "created", "“odd”", "Coordination Points", "Overview"):
        assert words in lost
    assert ("2", "Of its hours “2-4” the most are taken.") in notes_of(document, "guessed")
    assert document.plan.task_by_key["2"].estimate == 240
    assert any(task == "3" and "line by line" in message for task, message in notes_of(document, "repaired"))
    assert document.plan.task_by_key["3"].title == "Results: the page"


def test_several_epics_are_several_plans() -> None:
    """Each folder with numbered files is a plan of its own."""
    files = {f"epics/{name}/{path}": text for name in ("b", "a") for path, text in EPIC.items()}
    assert [document.name for document in read_all(ccpm.FORMAT, folder(".claude", files))] == ["a", "b"]


def test_work_packages_are_tasks() -> None:
    """Owned files are claims, subtasks stand in the description, lanes are progress."""
    document = read(spec_kitty.FORMAT, Source.of("wps.yaml", PACKAGES))
    assert order_of(document) == {("WP01", "WP02")}
    assert claims_of(document, "WP01") == [("modifies", "src/models/**"), ("modifies", "src/schema.py")]
    assert claims_of(document, "WP02") == [("creates", "src/api.py")]
    told = document.plan.task_by_key["WP01"].description
    assert told == "Requirements: FR-001\n\nSubtasks:\n- T001\n- T002\n\nPrompt file: tasks/WP01.md"
    assert status_of(document, "WP02") is Status.REVIEW
    lost = [message for _, message in notes_of(document, "lost")]
    assert any("WP09" in message for message in lost)
    assert any("role" in message for message in lost)


def test_a_mission_s_prompts_are_told() -> None:
    """Where the folder has a package's prompt file, its text is in the description."""
    files = {"one/wps.yaml": PACKAGES, "one/tasks/WP01.md": "---\nwp: 1\n---\nMake the tables.\n"}
    document = read(spec_kitty.FORMAT, folder("kitty-specs", files))
    assert document.plan.task_by_key["WP01"].description.endswith("Make the tables.")
    assert document.name == "one"


def test_work_packages_under_their_ids_are_read() -> None:
    """A mapping of packages is as good as a list, and a missing id is made up visibly."""
    document = read(spec_kitty.FORMAT, Source.of("wps.yaml", "work_packages:\n  WP7: {title: t}\n"))
    assert [task.key for task in document.plan.tasks] == ["WP7"]
    document = read(spec_kitty.FORMAT, Source.of("wps.yaml", "work_packages:\n- {title: t}\n- text\n"))
    assert [task.key for task in document.plan.tasks] == ["WP01"]
    assert len(notes_of(document, "repaired")) == len(notes_of(document, "lost")) == 1


def test_gsd_plans_are_tasks_in_phases() -> None:
    """Plans are named by phase and number, and found by any of their names."""
    document = read(gsd.FORMAT, folder(".planning", GSD))
    assert [task.key for task in document.plan.tasks] == ["01-01", "01-02", "02-01"]
    assert order_of(document) == {("01-01", "01-02"), ("01-01", "02-01"), ("01-02", "02-01")}
    assert [phase.name for phase in document.plan.phases] == ["01-base", "02-look"]
    second = document.plan.task_by_key["01-02"]
    assert second.title == "Build it (02)."
    assert second.acceptance == ("Themes can be chosen",)
    assert "src/page.py → src/theme.py: import" in second.description
    assert claims_of(document, "01-02") == [("modifies", "src/page.py"), ("creates", "src/theme.py")]


def test_what_a_gsd_plan_must_yield_is_handed_over() -> None:
    """Artefacts go to the plans that depend on theirs, as a guess that is named."""
    document = read(gsd.FORMAT, folder(".planning", GSD))
    by_uid = document.plan.task_by_uid
    handoff = next(each for each in document.plan.handoffs if by_uid[each.sources[0]].key == "01-01")
    assert sorted(by_uid[uid].key for uid in handoff.receivers) == ["01-02", "02-01"]
    assert handoff.artefacts == (Artefact("src/theme.py", use="the theme table"),)
    assert any("handed to the plans" in message for _, message in notes_of(document, "guessed"))


def test_a_summary_says_that_its_plan_is_done() -> None:
    """A plan with a summary is completed at its date; what else the summary says is named."""
    document = read(gsd.FORMAT, folder(".planning", GSD))
    how_far = document.progress[document.plan.task_by_key["01-01"].uid]
    assert (how_far.status, how_far.finished) == (Status.COMPLETED, datetime(2026, 1, 15, tzinfo=UTC))
    assert any(task == "01-01" and "provides" in message for task, message in notes_of(document, "lost"))
    assert status_of(document, "01-02") is Status.PENDING


def test_a_plan_without_dependencies_waits_for_the_wave_before() -> None:
    """Where a later wave declares nothing, its order is guessed from the waves of its phase."""
    late = "\n".join(
        line for line in plan_page("01-base", "02", "", "b.py", 2).split("\n") if "depends_on" not in line
    )
    files = {"01-01-PLAN.md": GSD["phases/01-base/01-01-PLAN.md"], "01-02-PLAN.md": late}
    document = read(gsd.FORMAT, folder("p", files))
    assert order_of(document) == {("01-01", "01-02")}
    assert any("being in wave 2" in message for _, message in notes_of(document, "guessed"))


@pytest.mark.parametrize(
    ("chosen", "source"),
    [
        (ccpm.FORMAT, folder("f", {"x.md": "text"})),
        (gsd.FORMAT, folder("f", {"x.md": "text"})),
        (spec_kitty.FORMAT, folder("f", {"x.md": "text"})),
        (spec_kitty.FORMAT, Source.of("wps.yaml", "work_packages: [")),
    ],
)
def test_folders_of_something_else_are_refused(chosen: Format, source: Source) -> None:
    """A folder without what is looked for is refused in a sentence."""
    with pytest.raises(core.InvalidPlan):
        read_all(chosen, source)


@given(
    st.data(),
    st.sampled_from([(ccpm.FORMAT, EPIC), (gsd.FORMAT, GSD), (spec_kitty.FORMAT, {"wps.yaml": PACKAGES})]),
)
@settings(max_examples=200, deadline=None)
def test_mutated_folders_never_crash(data: st.DataObject, case: tuple[Format, Mapping[str, str]]) -> None:
    """With any stretch of any file overwritten, a folder is read or refused, nothing else."""
    chosen, files = case
    path = data.draw(st.sampled_from(sorted(files)))
    text = files[path]
    start = data.draw(st.integers(0, len(text)))
    junk = data.draw(
        st.text(max_size=8) | st.sampled_from(["---\n", "[", "- ", ": ", "**", "`", "\x00", "\ufeff"])
    )
    changed = text[:start] + junk + text[start + data.draw(st.integers(0, 30)) :]
    try:
        read_all(chosen, folder("f", {**files, path: changed}))
    except core.InvalidPlan as error:
        problems = error.problems
    else:
        return
    assert problems
