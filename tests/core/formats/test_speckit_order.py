"""The order that a tasks.md states in prose, tables and arrows is found; what it only hints at is not."""

from __future__ import annotations

from itertools import count

import pytest

from planner_core.formats import Document, Source, format_named

HEAD = """# Tasks: Harbour

## Phase 1: Setup

- [ ] T001 One
- [ ] T002 Two

## Phase 2: Foundational (Blocking)

- [ ] T003 Three
- [ ] T004 Four

## Phase 3: User Story 1 - Boats (Priority: P1)

- [ ] T005 [US1] Five
- [ ] T006 [US1] Six

## Phase 4: User Story 2 - Berths (Priority: P2)

- [ ] T007 [US2] Seven
- [ ] T008 [US2] Eight

## Phase 5: User Story 3 - Fees (Priority: P2)

- [ ] T009 [US3] Nine
- [ ] T010 [US3] Ten

## Phase 6: Polish

- [ ] T011 Eleven
- [ ] T012 Twelve
"""
SILENT = "\n## Dependencies\n\n" + "".join(f"- Phase {number}: no dependencies\n" for number in range(1, 7))


def read(text: str) -> Document:
    """The plan in a text."""
    reader = format_named("spec-kit").read
    assert reader is not None
    numbers = count()
    (document,) = reader(Source.of("tasks.md", text), new_uid=lambda: f"u{next(numbers)}")
    return document


def edges(document: Document) -> set[str]:
    """The dependencies as “predecessor > successor”, phases by their figures."""
    keys = {task.uid: task.key.replace("Phase ", "") for task in document.plan.tasks}
    return {f"{keys[link.predecessor]}>{keys[link.successor]}" for link in document.plan.dependencies}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # tasks
        ("- T003 blocks T005, T006", "T003>T005 T003>T006"),
        ("- T005 depends on T003 and T004; T007 depends on T005", "T003>T005 T004>T005 T005>T007"),
        ("- T001→T002→T003", "T001>T002 T002>T003"),
        ("- T001 -> T002, T003", "T001>T002 T001>T003"),
        ("- T009–T010 in parallel after T008", "T008>T009 T008>T010"),
        ("- After T008, T009–T010 in parallel", "T008>T009 T008>T010"),
        ("- T001 + T002 (in parallel), then T003 → T004", "T001>T003 T002>T003 T003>T004"),
        ("- T005 must complete before T006", "T005>T006"),
        ("- Tests (T005-T006) before implementation (T007)", "T005>T007 T006>T007"),
        ("- T005 waits for T001..T002", "T001>T005 T002>T005"),
        # phases and stories
        ("- **Phase 6**: Depends on Phase 5 and Phase 4", "5>6 4>6"),
        ("- **US3 (Phase 5)** depends on Foundational + US1", "2>5 3>5"),
        ("- US3 depends on US1, US2 depends on US1", "3>5 3>4"),
        ("- **User Story 3 (P2)**: Can start after Foundational (Phase 2) - May integrate with US1", "2>5"),
        ("- **User Stories (Phase 3+)**: All depend on Foundational phase completion", "2>3 2>4 2>5"),
        ("- **User Stories (Phases 3–5)**: All depend on Phase 2 - they may overlap", "2>3 2>4 2>5"),
        (
            "- **Foundational (Phase 2)**: Depends on Setup completion - BLOCKS all user stories",
            "1>2 2>3 2>4 2>5",
        ),
        ("- **Polish (Final Phase)**: Depends on all desired user stories being complete", "3>6 4>6 5>6"),
        ("- US1 (Boats - Phase 3) depends on Phase 1 - required by US2 and US3", "1>3 3>4 3>5"),
        ("- Phase 1 → 2 → 3", "1>2 2>3"),
        ("- US2 must follow US1", "3>4"),
        ("- US1 must be complete before all other work; it blocks all user stories", "3>4 3>5"),
        ("- P2 stories can start after US1", "3>4 3>5"),
        ("- Once Foundational completes, US1 and US2 can start", "2>3 2>4"),
        ("- US3 can run in parallel with US1/US2 (only depends on Setup)", "1>5"),
        ("- Phase 3: T005 depends on Phase 2", "2>T005"),
        # French
        ("- **US3 (Phase 5)** : dépend de Foundational + US1 (compte requis) + US2", "2>5 3>5 4>5"),
        ("- **Polish (Phase 6)**: dépend de toutes les US livrées.", "3>6 4>6 5>6"),
        ("- US2 — dépend de US1 ; peut s'exécuter en parallèle de US3", "3>4"),
        ("- Après T003, lancer T005 et T006", "T003>T005 T003>T006"),
        ("- T003 bloque T005", "T003>T005"),
        ("- US2 nécessite US1", "3>4"),
        # Korean
        ("- US3는 Foundational과 US1에 의존", "2>5 3>5"),
        ("- **US2 (Phase 4)**: US1 완료 후 시작", "3>4"),
        ("- Phase 2 완료 후 US1, US2 시작 가능", "2>3 2>4"),
        ("- T003은 T002 이후", "T002>T003"),
        ("- T003 의존성: T001, T002", "T001>T003 T002>T003"),
        ("- Phase 2는 모든 사용자 스토리를 차단", "2>3 2>4 2>5"),
        # nothing is stated
        ("- US2: No dependencies on other stories", ""),
        ("- US2 is independent of US1 and T005", ""),
        ("- US1 and US2 can run in parallel with US3", ""),
        ("- T005 may land before T006", ""),
        ("- US2 does not depend on US1", ""),
        ("- Setup is not required for user stories", ""),
        ("- Models before services, see T005", ""),
        ("- `load()` → `list` of T005", ""),
    ],
)
def test_what_a_line_states(line: str, expected: str) -> None:
    """In English, French and Korean, by ids, figures and the names of phases."""
    assert edges(read(HEAD + SILENT + line + "\n")) == set(expected.split())


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [
        ("(depends on T001, T002)", "T001>T008 T002>T008"),
        ("— depends on T001", "T001>T008"),
        ("(depends on T001-T003)", "T001>T008 T002>T008 T003>T008"),
        ("(after T003)", "T003>T008"),
        ("[depends: T003]", "T003>T008"),
        ("(requires T003; blocks T009)", "T003>T008 T008>T009"),
        ("(dépend de T003)", "T003>T008"),
        ("(T003 완료 후)", "T003>T008"),
        ("(depends on US1)", "3>T008"),
        ("so that T003 goes green", ""),
        ("used until Phase 5", ""),
        ("in parallel with T003", ""),
    ],
)
def test_what_a_task_says_of_itself(suffix: str, expected: str) -> None:
    """A task's own line is about that task."""
    text = (HEAD + SILENT).replace("Eight", f"Eight {suffix}")
    assert edges(read(text)) == set(expected.split())


def test_lines_below_a_task_say_what_it_waits_for() -> None:
    """“Depends on: …” as an indented line, bold or not."""
    text = (HEAD + SILENT).replace("Eight\n", "Eight\n  - Dependencies: T003, T004\n")
    text = text.replace("Seven\n", "Seven\n  - **Depends on**: T001\n")
    assert edges(read(text)) == {"T003>T008", "T004>T008", "T001>T007"}


def test_a_table_of_stories() -> None:
    """The column of dependencies counts, the one of parallel work does not; brackets are remarks."""
    table = (
        "\n| Story | Depends on | Can parallelize with |\n|---|---|---|\n"
        "| US1 (Boats) | Foundational | US2 |\n| US2 | US1 (needs boats) | US3 |\n| US3 | None | T001 |\n"
    )
    assert edges(read(HEAD + SILENT + table)) == {"2>3", "3>4"}


def test_drawings_with_arrows() -> None:
    """Arrows on a line of a drawing, and the names that a Mermaid graph gives to tasks."""
    mermaid = "\n```mermaid\ngraph TD\n  A[T001] --> B[T002]\n  B --> C[T003]\n```\n"
    drawing = f"{mermaid}\n```\nUS1 ──► US2 ──► US3\n```\n"
    assert edges(read(HEAD + SILENT + drawing)) == {"T001>T002", "T002>T003", "3>4", "4>5"}


def test_drawn_lines_are_followed() -> None:
    """Round corners, past branches, down and back, from the plain ends to the arrowheads."""
    drawing = """
```
Phase 1 (Setup) ──────┐
                      │
Phase 2 (Base) ◄──────┘
      │
      ├──► US1 (Boats) ───┐
      │                   ├──► Phase 6 (Polish)
      └──► US2 (Berths) ──┘
               │
               ▼
              US3
```
"""
    assert edges(read(HEAD + SILENT + drawing)) == {"1>2", "2>3", "2>4", "3>6", "4>6", "4>5"}


def test_all_tasks_but_the_last() -> None:
    """The one that does not run beside the others comes after them; that is a guess."""
    document = read(
        HEAD + SILENT + "- **Phase 3**: All tasks except T006 (verification) can run in parallel\n"
    )
    assert edges(document) == {"T005>T006"}
    assert document.report is not None
    assert any(note.task == "T006" for note in document.report.guessed)


def test_a_phase_speaks_of_itself() -> None:
    """Headings, notes and “Dependencies:” lines of a phase are about that phase."""
    text = (HEAD + SILENT).replace("## Phase 6: Polish", "## Phase 6: Polish (depends on Phase 3)")
    text = text.replace("- [ ] T007", "**Dependencies**: Requires both US1 and Setup\n\n- [ ] T007")
    text = text.replace("- [ ] T009", "**⚠️ NOTE**: This phase must complete BEFORE Phase 6.\n\n- [ ] T009")
    assert edges(read(text)) == {"3>6", "3>4", "1>4", "5>6"}


def test_the_template_rules_where_the_file_is_silent() -> None:
    """Setup, then foundation, then the stories side by side, then polish: each a guess that is told."""
    document = read(HEAD)
    assert edges(document) == {"1>2", "2>3", "2>4", "2>5", "3>6", "4>6", "5>6"}
    assert document.report is not None
    guesses = [note for note in document.report.guessed if "template" in note.message]
    assert len(guesses) == 7
    stated = read(HEAD + "\n## Dependencies\n\n- US1 depends on Setup\n")
    assert "2>3" not in edges(stated)


def test_the_older_template() -> None:
    """Phases such as 3.1, tests before implementation, and a heading that says what it must come before."""
    document = read(
        "# Tasks: Quay\n\n## Phase 3.1: Setup\n- [ ] T001 One\n- [ ] T002 Two\n\n"
        "## Phase 3.2: Tests First (TDD) ⚠️ MUST COMPLETE BEFORE 3.3\n"
        "- [ ] T003 [P] Three\n- [ ] T004 [P] Four\n\n"
        "## Phase 3.3: Core Implementation\n- [ ] T005 Five\n- [ ] T006 Six\n\n"
        "## Phase 3.4: Integration\n- [ ] T007 Seven\n- [ ] T008 Eight\n\n"
        "## Phase 3.5: Polish\n- [ ] T009 Nine\n- [ ] T010 Ten\n\n"
        "## Dependencies\n- Tests (T003-T004) before implementation (T005-T006)\n- T005 blocks T007\n"
        "- Implementation before polish (T009-T010)\n"
    )
    assert {"3.2>3.3", "T005>T007", "3.3>3.5"} <= edges(document)
    assert not any("T003>" in edge and "T004" in edge for edge in edges(document))


def test_stories_that_share_a_phase_or_lie_in_one() -> None:
    """A phase of two stories stands for both; a story below a phase is a part of it."""
    shared = read(
        "## Phase 1: User Story 1 — AND — User Story 2\n- [ ] T001 [US1] a\n- [ ] T002 [US2] b\n\n"
        "## Phase 2: User Story 3\n- [ ] T003 [US3] c\n- [ ] T004 [US3] d\n\n"
        "## Dependencies\n- US3 depends on US2\n"
    )
    assert edges(shared) == {"1>2"}
    inside = read(
        "## Phase 1: All\n### User Story 1: a\n- [ ] T001 [US1] a\n- [ ] T002 [US1] b\n\n"
        "### User Story 2: b\n- [ ] T003 [US2] c\n- [ ] T004 [US2] d\n\n"
        "## Dependencies\n- US2 depends on US1\n"
    )
    assert edges(inside) == {"US1>US2"}


def test_stories_known_by_their_labels_alone() -> None:
    """Where no heading names a story its tasks stand for it."""
    document = read(
        "## Phase 1: All\n- [ ] T001 [US1] a\n- [ ] T002 [US2] b\n- [ ] T003 [US2] c\n\n"
        "## Dependencies\n- US2 depends on US1\n"
    )
    assert edges(document) == {"T001>T002", "T001>T003"}


def test_what_is_stated_of_things_that_are_not_there_is_told() -> None:
    """An unknown task, story or phase, and a circle, are named with their lines."""
    document = read(
        HEAD + SILENT + "- T005 depends on T099\n- US2 depends on US9\n- T001 → T002\n- T002 → T001\n"
    )
    assert edges(document) == {"T001>T002"}
    assert document.report is not None
    lost = {note.line: note.message for note in document.report.lost}
    first = HEAD.count("\n") + SILENT.count("\n") + 1
    assert "T099" in lost[first]
    assert "US9" in lost[first + 1]
    assert "circle" in lost[first + 3]
