"""Small plans in every format that is read, in the project's own words, and ways to damage them."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping

from planner_core.examples import EXAMPLES, example_text
from planner_core.formats import Source

TASKMASTER = {
    "master": {
        "tasks": [
            {
                "id": 1, "title": "Draw the map", "description": "Paper first.", "status": "done",
                "dependencies": [], "priority": "high",
                "subtasks": [
                    {"id": 1, "title": "Coast", "dependencies": [], "status": "done"},
                    {"id": 2, "title": "Rivers", "dependencies": [1], "status": "pending"},
                ],
            },
            {"id": 2, "title": "Print it", "dependencies": [1, "9"], "status": "review", "details": "Ink"},
        ],
        "metadata": {},
    },
    "later": {"tasks": [{"id": "7", "title": "Fold it", "dependencies": [], "subtasks": []}]},
}  # fmt: skip

BEADS = "\n".join(
    json.dumps(row)
    for row in (
        {"id": "bd-1", "title": "Kiln", "status": "open", "priority": 1, "issue_type": "epic"},
        {
            "id": "bd-1.1", "title": "Bricks", "status": "closed", "estimated_minutes": 30,
            "issue_type": "task", "closed_at": "2024-05-01T10:00:00Z",
            "dependencies": [{"issue_id": "bd-1.1", "depends_on_id": "bd-1", "type": "parent-child"}],
        },
        {
            "id": "bd-2", "title": "Fire", "status": "in_progress", "issue_type": "task",
            "dependencies": [{"issue_id": "bd-2", "depends_on_id": "bd-1.1", "type": "blocks"}],
        },
    )
)  # fmt: skip

SPEC_KIT = """\
# Tasks: Lending shelf

## Phase 1: Setup

- [x] T001 Create the project in `pyproject.toml`
- [ ] T002 [P] Add linting in tox.ini

## Phase 2: User Story 1 - Lend a book (Priority: P1)

- [ ] T003 [P] [US1] Write the loan model in src/models/loan.py (depends on T001)
- [ ] T004 [P] [US1] Write the reader model in src/models/reader.py
- [ ] T005 [US1] Lend in src/services/lend.py (depends on T003, T004)

## Dependencies

- Phase 2 depends on Phase 1
"""

BACKLOG = {
    "backlog/tasks/task-1 - Choose-a-name.md": """\
---
id: task-1
title: Choose a name
status: Done
assignee: [mira]
labels: []
dependencies: []
priority: high
onStatusChange: echo changed
---

## Description

<!-- SECTION:DESCRIPTION:BEGIN -->
Short, and easy to say.
<!-- SECTION:DESCRIPTION:END -->

## Acceptance Criteria

<!-- AC:BEGIN -->
- [x] #1 Nobody else has it
<!-- AC:END -->
""",
    "backlog/tasks/task-2 - Paint-the-sign.md": """\
---
id: task-2
title: Paint the sign
status: To Do
dependencies:
  - task-1
modified_files: [assets/sign.svg]
---

## Description

Two coats.
""",
}

CCPM = {
    ".claude/epics/harbour/epic.md": "---\nname: harbour\nstatus: backlog\n---\n\n# Epic: harbour\n",
    ".claude/epics/harbour/1.md": """\
---
name: Dredge
status: open
created: 2024-05-01T10:00:00Z
depends_on: []
parallel: true
conflicts_with: [2]
---

# Task: Dredge

## Acceptance Criteria

- [ ] Deep enough

## Effort Estimate

- Size: M
- Hours: 6
""",
    ".claude/epics/harbour/2.md": (
        "---\nname: Build the pier\nstatus: closed\ndepends_on: [1]\nparallel: false\n---\n\n# Task: Pier\n"
    ),
}

SPEC_KITTY = """\
work_packages:
  - id: WP01
    title: Ground floor
    dependencies: []
    owned_files: [src/ground/**]
    requirement_refs: [FR-001]
    subtasks: [T001, T002]
    prompt_file: tasks/WP01.md
  - id: WP02
    title: Roof
    dependencies: [WP01]
    owned_files: [src/roof/**]
    subtasks: [T003]
"""

GSD = {
    ".planning/phases/01-base/01-01-PLAN.md": """\
---
phase: 01-base
plan: 01
type: execute
wave: 1
depends_on: []
files_modified: [src/base.py]
autonomous: true
must_haves:
  truths: [It stands]
  artifacts:
    - path: src/base.py
      provides: the base
---

<objective>Lay the base.</objective>
""",
    ".planning/phases/01-base/01-02-PLAN.md": (
        "---\nphase: 01-base\nplan: 02\ntype: execute\nwave: 2\ndepends_on: [01-01]\n"
        "files_modified: [src/wall.py]\nautonomous: true\n---\n\n<objective>Raise the wall.</objective>\n"
    ),
}

MICRO_TASKS = """\
# Ferry timetable

## Parallel Batch 1 (Start all simultaneously)

- [ ] MT 1.1: Table of harbours (15 min)
- [ ] MT 1.2: Table of ferries (20 min)

## Parallel Batch 2 (After batch 1)

- [ ] MT 2.1: Table of crossings (25 min)
  - Dependencies: 1.1, 1.2
"""

ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: mill-}
spec:
  entrypoint: main
  parallelism: 2
  templates:
    - name: main
      dag:
        tasks:
          - {name: dam, template: work}
          - {name: wheel, template: work, dependencies: [dam]}
    - name: work
      container: {image: alpine, command: [echo]}
"""

CSV = "key,title,estimate,depends_on,modifies\nA,Sow,1h,,field/*\nB,Reap,2h,A,field/north\n"


def samples() -> Mapping[str, Source]:
    """A source or more for each format that is read, by a name of its own."""
    found = {
        "task-master": Source.of("tasks.json", json.dumps(TASKMASTER, indent=2)),
        "beads": Source.of("issues.jsonl", BEADS),
        "spec-kit": Source.of("tasks.md", SPEC_KIT),
        "backlog": Source("shop", {path: text.encode() for path, text in BACKLOG.items()}),
        "ccpm": Source("harbour", {path: text.encode() for path, text in CCPM.items()}),
        "spec-kitty": Source.of("wps.yaml", SPEC_KITTY),
        "gsd": Source("base", {path: text.encode() for path, text in GSD.items()}),
        "micro-tasks": Source.of("batches.md", MICRO_TASKS),
        "argo": Source.of("workflow.yaml", ARGO),
        "csv": Source.of("plan.csv", CSV),
    }
    return found | {f"example {name}": Source.of(f"{name}.yaml", example_text(name)) for name, _ in EXAMPLES}


_FRAGMENTS = (
    "{", "}", "[", "]", ": ", "- ", "\n", "\t", "'", '"', "`", "|\n", ">-\n", "? ", "<<: ", "---\n",
    "&a ", "*a", "!!python/object:os.system ", "null", "true", "-1", "9" * 400, "1e999", "NaN", "2025-13-45",
    "\x00", "\x1b[31m", "\ufeff", "\u2028", "\u202e", "depends_on", "dependencies", "tasks", "id", "T001",
    "T001-T999999999", "T003→T004", "#", "##", "- [ ] ", "- [x] T001 ", "[P]", "[US1]", "(depends on T005)",
    "<!--", "-->", "```\n", "**", "$(id)", "{{x}}", "../../etc/passwd", "\\ud800", ",", ";", "|", "\r",
    "(" * 200, "[" * 200, "-" * 300, "a" * 5_000, " " * 500, "* " * 300, "\n" * 50,
)  # fmt: skip


def mutated(source: Source, chance: random.Random) -> Source:
    """The source with a few of its bytes or lines damaged; of a folder, one file, a name, or a file less."""
    files = dict(source.files)
    path = chance.choice(sorted(files))
    files[path] = _mutated(files[path], chance)
    if not source.is_folder:
        return Source(source.name, files)
    kind = chance.randrange(8)
    if kind == 0 and len(files) > 1:
        del files[path]
    elif kind == 1:
        files[path.replace(chance.choice(path), chance.choice(["", "-", "task-9", "é"]), 1)] = files.pop(path)
    elif kind == 2:
        files[path.replace(".md", " copy.md")] = files[path]
    return Source(source.name, files)


def _mutated(content: bytes, chance: random.Random) -> bytes:
    text = content.decode()
    for _ in range(chance.randint(1, 4)):
        at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        to = min(to, at + 80)
        kind = chance.randrange(8)
        if kind <= 2:
            text = text[:at] + chance.choice(_FRAGMENTS) + text[at:]
        elif kind == 3:
            text = text[:at] + text[to:]
        elif kind == 4:
            text = text[:to] + text[at:to] * chance.choice([1, 2, 30]) + text[to:]
        elif kind == 5:
            lines = text.split("\n")
            chance.shuffle(lines)
            text = "\n".join(lines)
        elif kind == 6:
            text = text[:at]
        else:
            text = (
                text[:at]
                + chr(chance.choice([chance.randrange(0x80), chance.randrange(0xD800)]))
                + text[at + 1 :]
            )
    damaged = text.encode("utf-8", "replace")
    kind = chance.randrange(20)
    if kind == 0:
        at = chance.randrange(len(damaged) + 1)
        damaged = damaged[:at] + bytes([chance.randrange(256)]) + damaged[at:]
    elif kind == 1:
        damaged = text.encode("utf-16", "replace")
    elif kind == 2:
        damaged = b"\xef\xbb\xbf" + damaged.replace(b"\n", b"\r\n")
    return damaged
