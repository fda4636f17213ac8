"""The plan document is read in every spelling, and refused with every problem at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from itertools import count as numbers

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.errors import InvalidPlan, Problem
from planner_core.examples import EXAMPLES, example_text
from planner_core.formats import Document, Source, format_named, read_plan, write_plan
from planner_core.formats.yaml_plan.tree import MAX_BYTES, MAX_DEPTH, MAX_NODES
from planner_core.vocabulary import ClaimMode, Layer, Status


def read(text: str | bytes) -> Document:
    uids = numbers()
    return read_plan(text, new_uid=lambda: f"r{next(uids)}")


def plan(text: str | bytes) -> core.Plan:
    return read(text).plan


def problems(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(InvalidPlan) as refused:
        read(text)
    return refused.value.problems


def only(text: str | bytes) -> Problem:
    found = problems(text)
    assert len(found) == 1, found
    return found[0]


def place(problem: Problem) -> tuple[int | None, int | None]:
    return problem.line, problem.column


def order(found: core.Plan) -> set[tuple[str, str]]:
    key = {task.uid: task.key for task in found.tasks}
    return {(key[link.predecessor], key[link.successor]) for link in found.dependencies}


WHOLE = """\
taskplanner: 1
plan: Comments
description: About them
agents: [Ann, {name: Bo, skills: [sql]}]
phases: [Foundation, API]
tracks: [Back]
settings: {threshold: 0.5, weights: {file: 0.4}, keep_phases: true, default_estimate: 20m, agent_count: 5}
pairs:
  - {tasks: [T001, T002], together: false, reason: both touch the table}
tasks:
  T001:
    title: Model
    description: What it is
    acceptance: [it stands]
    estimate: 45m
    priority: 1
    layer: database
    context: comments
    track: Back
    phase: Foundation
    agent: Bo
    skills: [sql]
    parallel_safe: true
    decides: [soft delete]
    modifies: [src/models/comment.py]
    creates: database/migrations/*
    reads: [docs/*]
  T002:
    parent: Sum
    depends_on: [T001]
    handoffs:
      - from: T001
        summary: It is final
        decisions: [no more fields]
        key_context: none
        next_steps: [use it]
        open_questions: [who deletes?]
        criteria: [tests pass]
        artefacts:
          - src/models/comment.py
          - {path: b.py, symbol: B, signature: B(), use: u, avoid: a, check: c}
  Sum: {}
progress:
  T001: {status: completed, started: 2025-01-15T09:05:00Z, finished: 2025-01-15 10:05:00}
  T002: blocked
"""


def test_every_field_is_read() -> None:
    """A document that uses everything becomes a plan that has everything."""
    document = read(WHOLE)
    found = document.plan
    first, second, summary = found.tasks
    assert (found.title, found.description, found.agent_count) == ("Comments", "About them", 5)
    assert [(agent.name, agent.skills) for agent in found.agents] == [("Ann", ()), ("Bo", ("sql",))]
    assert (found.threshold, found.weights) == (0.5, (("file", 0.4),))
    assert (found.keep_phases, found.default_estimate) == (True, 20)
    assert (first.title, first.description, first.acceptance) == ("Model", "What it is", ("it stands",))
    assert (first.estimate, first.priority, first.layer) == (45, 1, Layer.DATABASE)
    assert (first.bounded_context, first.skills, first.decides) == ("comments", ("sql",), ("soft delete",))
    assert first.parallel_safe is True
    assert first.agent == found.agents[1].uid
    assert first.phase == found.phases[0].uid
    assert first.track == found.tracks[0].uid
    assert [(claim.mode, claim.pattern) for claim in first.claims] == [
        (ClaimMode.MODIFIES, "src/models/comment.py"),
        (ClaimMode.CREATES, "database/migrations/*"),
        (ClaimMode.READS, "docs/*"),
    ]
    assert second.parent == summary.uid
    (verdict,) = found.verdicts
    assert (verdict.together, verdict.reason) == (False, "both touch the table")
    (handoff,) = found.handoffs
    assert (handoff.sources, handoff.receivers) == ((first.uid,), (second.uid,))
    assert handoff.artefacts[1] == core.Artefact("b.py", "B", "B()", "u", "a", "c")
    assert document.progress[first.uid].finished is not None
    assert document.progress[second.uid].status is Status.BLOCKED
    assert document.report is not None
    assert (document.report.tasks, document.report.dependencies, document.report.claims) == (3, 1, 3)


@pytest.mark.parametrize(
    "text",
    [
        "tasks: {A: {}, B: {depends_on: [A]}}",
        "tasks: {A: {}, B: {depends_on: A}}",
        "tasks: {A: {}, B: {depends_on_completion: [A]}}",
        "tasks: {A: {blocks: [B]}, B: {}}",
        "tasks: {A: , B: {depends_on: [A], depends_on_completion: [A]}}",
        "tasks: [{key: A}, {key: B, depends_on: [A]}]",
        "tasks: [A, {id: B, depends_on: [A]}]",
        "- key: A\n- key: B\n  depends_on: [A]\n",
        "A: {}\nB:\n  depends_on: [A]\n",
        "plan: x\nA:\nB: {depends_on: [A]}\n",
        "tasks: {A: , B: }\nexecution_groups: [{sequential: [A, B]}]",
        "tasks: {A: , B: }\nexecution_groups: [{parallel: [A]}, {parallel: [B]}]",
        "execution_groups: [{sequential: [A, B]}]",
        '{"tasks": {"A": {}, "B": {"depends_on": ["A"]}}}',
        "\ufefftasks: {A: {}, B: {depends_on: [A]}}",
        "tasks: {A: {}, B: {depends_on: [A]}}\r\n",
    ],
)
def test_the_same_order_in_many_spellings(text: str) -> None:
    """Mapping or list, with or without a head, stated forwards, backwards or by groups: B waits for A."""
    found = plan(text)
    assert [task.key for task in found.tasks] == ["A", "B"]
    assert order(found) == {("A", "B")}


def test_execution_groups_are_an_order_only_where_no_task_declares_one() -> None:
    """A group waits for all of the one before it, unless a task declares what it waits for."""
    groups = "execution_groups: [{parallel: [A, B]}, {sequential: [C, D]}]"
    everything = {("A", "C"), ("B", "C"), ("C", "D")}
    assert order(plan(f"tasks: {{A: , B: , C: , D: }}\n{groups}")) == everything
    assert order(plan(f"tasks: {{A: {{blocks: []}}, B: , C: , D: }}\n{groups}")) == everything
    assert order(plan(f"tasks: {{A: , B: , C: , D: {{depends_on: [A]}}}}\n{groups}")) == {("A", "D")}
    assert order(plan(f"tasks: {{A: , B: , C: , D: {{depends_on: []}}}}\n{groups}")) == set()


def test_conflict_zones_are_what_a_task_modifies() -> None:
    """Both spellings of a claim to change files are one."""
    (task,) = plan("task-5: {conflict_zones: [src/api/*], modifies: [src/api/*, b.py]}").tasks
    assert [(claim.mode, claim.pattern) for claim in task.claims] == [
        (ClaimMode.MODIFIES, "b.py"),
        (ClaimMode.MODIFIES, "src/api/*"),
    ]


def test_can_run_with_is_a_verdict_on_each_pair() -> None:
    """Stated from one side or both it is one verdict, and a pair's own reason is kept."""
    text = "tasks: {A: {can_run_with: [B, C]}, B: {can_run_with: [A]}, C: }\n"
    found = plan(text + "pairs: [{tasks: [C, A], together: true, reason: checked}]")
    assert {(verdict.together, verdict.reason) for verdict in found.verdicts} == {
        (True, ""),
        (True, "checked"),
    }
    assert "both allowed and forbidden" in only(text + "pairs: [{tasks: [B, A], together: false}]").message


@pytest.mark.parametrize(
    "text",
    [
        "tasks: {S: {children: [A, B]}, A: , B: }",
        "tasks: {S: , A: {parent: S}, B: {parent: S}}",
        "tasks: {S: {children: {A: , B: {}}}}",
        "tasks: [{key: S, children: [{key: A}, {id: B}]}]",
    ],
)
def test_summary_tasks_by_children_or_parent(text: str) -> None:
    """A summary task names its children, holds them, or is named by them."""
    found = plan(text)
    summary = found.task_by_key["S"]
    assert [task.key for task in found.children[summary.uid]] == ["A", "B"]


def test_keys_keep_their_spelling() -> None:
    """A key that YAML would take for a number, a date or a boolean stays as it is spelled."""
    text = "tasks:\n  1.10: {title: 007}\n  1.1: {depends_on: [1.10]}\n  2025-01-15: {title: yes}\n  no:\n"
    found = plan(text)
    assert [task.key for task in found.tasks] == ["1.10", "1.1", "2025-01-15", "no"]
    assert [task.title for task in found.tasks] == ["007", "", "yes", ""]


def test_phases_tracks_and_agents_that_only_tasks_name_are_taken_from_them_and_reported() -> None:
    """Where the head has no such list, the order of appearance is the order, and the report says so."""
    document = read("tasks: {A: {phase: Two, agent: Ann, track: x}, B: {phase: One}}")
    assert [phase.name for phase in document.plan.phases] == ["Two", "One"]
    assert [agent.name for agent in document.plan.agents] == ["Ann"]
    assert document.report is not None
    assert len(document.report.guessed) == 3


def test_all_problems_are_told_at_once_in_the_order_of_their_places() -> None:
    """Each problem says where it is, which task, which field, and what to do."""
    text = (
        "plan: x\n"
        "tasks:\n"
        "  T001:\n"
        "    titel: Model\n"
        "    estimate: soon\n"
        "    depends_on: [T002]\n"
        "  T002:\n"
        "    depends_on: [T001, T0O3]\n"
        "    modifies: [/etc/passwd]\n"
        "    layer: roof\n"
        "  T003: {priority: high, phase: ''}\n"
        "pairs: [{tasks: [T001]}]\n"
        "progress: {T009: done}\n"
    )
    found = problems(text)
    assert [(*place(each), each.task, each.field) for each in found] == [
        (4, 5, "T001", "titel"),
        (5, 15, "T001", "estimate"),
        (6, 5, "T001", "depends_on"),
        (8, 24, "T002", "depends_on"),
        (9, 16, "T002", "modifies"),
        (10, 12, "T002", "layer"),
        (11, 20, "T003", "priority"),
        (12, 9, None, "pairs"),
        (12, 17, None, "pairs"),
        (13, 18, None, "progress"),
    ]
    said = [each.message for each in found]
    assert "Did you mean title?" in said[0]
    assert "“soon” is no duration" in said[1]
    assert "T001 → T002 → T001" in said[2]
    assert "There is no task T0O3. Did you mean T003?" in said[3]
    assert "database, core, api" in said[5]


@pytest.mark.parametrize(
    ("text", "expected", "at"),
    [
        ("tasks: {A: {title: &x a}}", "Anchors", (1, 20)),
        ("tasks: {A: {title: a}, B: *x}", "Aliases", (1, 27)),
        ("tasks: {A: {title: !!python/object:os.system a}}", "Tags", (1, 20)),
        ("tasks: !!set {A}", "Tags", (1, 8)),
        ("tasks:\n  A: {}\n  A: {}\n", "“A” stands here twice, first in line 2", (3, 3)),
        ("tasks: {A: {title: a, title: b}}", "“title” stands here twice", (1, 23)),
        ("tasks: [{key: A}, {key: A}]", "The key A is used twice, first in line 1", (1, 25)),
        ("tasks: [{title: A}]", "no key", (1, 9)),
        ("tasks: {? [A] : {}}", "A name is expected", (1, 11)),
        ("a: " + "[" * 40, "nested more than", (1, 3 + MAX_DEPTH)),
        ("plan: a\n---\nplan: b\n", "several documents", (3, 1)),
        ("tasks: {A: {title: a}\n", "not readable as YAML", (2, 1)),
        ("", "The file is empty", (1, 1)),
        ("just a text", "only a text", (1, 1)),
        ("tasks: {A: {title: \x07}}", "U+0007", (1, 20)),
        ("tasks: {A: {priority: " + "9" * 5000 + "}}", "too large", (1, 23)),
        ("tasks: {A: {priority: 0x10}}", "a whole number is expected", (1, 23)),
        ("tasks: {A: {estimate: -5}}", "no duration", (1, 23)),
        ("tasks: {A: {title: [a]}}", "a text is expected", (1, 20)),
        ("tasks: {A: B}", "a mapping is expected", (1, 12)),
        ("tasks: A", "a mapping is expected", (1, 8)),
        ("tasks: {}\nprogress: {A: {started: 2025-02-30}}", "2025-02-30", (2, 25)),
        ("tasks: {A: }\nprogress: {A: {started: 0001-01-01T00:00:00+14:00}}", "out of range", (2, 25)),
        ("tasks: {}\nsettings: {threshold: .nan}", "a number is expected", (2, 23)),
        ("tasks: {}\nsettings: {threshold: nan}", "0 to 100", (2, 12)),
        ("tasks: {}\nagents: 0", "greater than or equal to 1", (2, 9)),
        ("tasks: {}\nagents: many", "a whole number is expected", (2, 9)),
        ("taskplanner: 2\ntasks: {}", "version 1", (1, 14)),
        ("taskplanner: 1\ntask: {}", "Did you mean tasks?", (2, 1)),
        ("tasks: {A: {phase: B}}\nphases: [C]", "There is no phase “B”", (1, 20)),
        ("tasks: {A: {depends_on: [A]}}", "cannot wait for itself", (1, 13)),
        ("tasks: {A: {handoffs: [{from: []}]}}", "at least one task", (1, 24)),
        ("tasks: {A: }\nhandoffs: [{from: A}]", "at least one task", (2, 12)),
        ("tasks: {A: , B: }\nexecution_groups: [{parallel: [A, A]}]", "twice", (2, 35)),
        ("tasks: {A: }\nexecution_groups: [{}]", "either", (2, 20)),
        ("tasks: {A: , S: {children: [A]}, R: {children: [A]}}", "already a part of another", (1, 49)),
        ("tasks: {A: {parent: B}, B: {parent: A}}", "contain each other", (1, 13)),
    ],
)
def test_what_is_refused_says_where_and_why(text: str, expected: str, at: tuple[int, int]) -> None:
    """YAML's traps, broken shapes and broken references each get a message with a place."""
    found = problems(text)
    assert any(expected in problem.message and place(problem) == at for problem in found), found


def test_files_that_are_no_utf8_text_or_too_large_are_refused() -> None:
    """Other encodings are named; a stray byte is found; size is checked before anything is read."""
    assert "UTF-16" in only("tasks: {}".encode("utf-16")).message
    assert place(only(b"tasks:\n  A: {title: \xff}\n")) == (2, 14)
    assert "larger than" in only("a" * (MAX_BYTES + 1)).message
    assert "larger than" in only(b"\xff" * (MAX_BYTES + 1)).message
    assert "U+D800" in only("tasks: \ud800").message


def test_files_of_too_many_values_are_refused_while_they_are_read() -> None:
    """Small values make a large tree: they are counted, and so are tasks before they are looked at."""
    assert "values" in only("tasks: [" + "[]," * (MAX_NODES + 1) + "]").message
    assert "10000 tasks" in only("tasks: {" + "".join(f"T{n}: no, " for n in range(10_001)) + "}").message


def test_a_stream_is_as_many_plans_as_it_has_documents() -> None:
    """Each is named by its title, empty documents are skipped, and problems of all are told together."""
    reader = format_named("yaml").read
    assert reader is not None
    uids = numbers()

    def named(text: str) -> list[str]:
        found = reader(Source.of("s.yaml", text), new_uid=lambda: f"u{next(uids)}")
        return [document.name for document in found]

    assert named("---\nplan: a\n---\n---\nplan: b\n...\n") == ["a", "b"]
    with pytest.raises(InvalidPlan) as refusal:
        named("tasks: {A: {estimate: soon}}\n---\ntasks: {B: {colour: red}}\n")
    assert [problem.line for problem in refusal.value.problems] == [1, 3]


def test_deep_summary_tasks_are_refused() -> None:
    """Summary tasks nest to a depth that people can follow, and programs too."""
    chain = "".join(f"  T{n}: {{parent: T{n - 1}}}\n" for n in range(1, 3000))
    found = problems(f"tasks:\n  T0: {{}}\n{chain}  Z: {{depends_on: [T0]}}\n")
    assert "more than 30 levels" in found[0].message


def test_groups_that_would_make_too_many_dependencies_are_refused() -> None:
    """Two large parallel groups after one another multiply; that is counted before it is done."""
    names = [", ".join(f"{letter}{n}" for n in range(2000)) for letter in "ab"]
    text = f"execution_groups: [{{parallel: [{names[0]}]}}, {{parallel: [{names[1]}]}}]"
    assert "too many dependencies" in only(text).message


def test_very_many_problems_are_cut_short() -> None:
    """Of thousands of problems the first five hundred are told, and how many there are besides."""
    found = problems("tasks: {A: {" + ", ".join(f"k{n}: 1" for n in range(700)) + "}}")
    assert len(found) == 501
    assert "200 more problems" in found[-1].message


SOURCES = (WHOLE, *(example_text(name) for name, _ in EXAMPLES))
FRAGMENTS = (
    "&a ", "*a", "!!int ", "{", "}", "[", "]", ": ", "- ", "\n", "\t", "'", '"', "|\n", ">-\n", "? ", "<<: ",
    "---\n", "9" * 400, "2025-13-45", "null", "~", "yes", "\x00", "\ufeff", "\u2028", "depends_on", "tasks:",
    "T001", "#", "%",
)  # fmt: skip


def mutated(source: str, chance: random.Random) -> bytes:
    data = source
    for _ in range(chance.randint(1, 3)):
        at, to = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        kind = chance.randrange(5)
        if kind == 0:
            data = data[:at] + chance.choice(FRAGMENTS) + data[at:]
        elif kind == 1:
            data = data[:at] + data[min(to, at + 40) :]
        elif kind == 2:
            data = data[:at] + data[at : at + 60] + data[at:]
        elif kind == 3:
            lines = data.split("\n")
            chance.shuffle(lines)
            data = "\n".join(lines)
        else:
            data = data[:at] + chr(chance.randrange(0x250)) + data[at + 1 :]
    encoded = data.encode()
    if chance.random() < 0.1:
        at = chance.randrange(len(encoded) + 1)
        encoded = encoded[:at] + bytes([chance.randrange(256)]) + encoded[at:]
    return encoded


def test_mutated_files_are_read_or_refused(
    count: Callable[[int, int], int], record_figure: Callable[[str], None]
) -> None:
    """Whatever a file holds, it is a plan that can be written again or it is refused with its problems."""
    chance, total, refused = random.Random(5), count(200, 2000), 0
    for _ in range(total):
        source = mutated(chance.choice(SOURCES), chance)
        try:
            document = read(source)
        except InvalidPlan:
            refused += 1
            continue
        assert plan(write_plan(document.plan, document.progress)).title == document.plan.title
    record_figure(f"{total} mutated files: {total - refused} read, {refused} refused, 0 other")
    assert 0 < refused < total


@given(st.text() | st.binary())
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_or_refused(source: str | bytes) -> None:
    """No text and no bytes make the reader fail in another way."""
    with suppress(InvalidPlan):
        assert read(source).report
