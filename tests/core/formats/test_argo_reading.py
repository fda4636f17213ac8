"""Argo workflows as plans: what we wrote comes back, and what others wrote is read or named."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.conflicts import find_conflicts
from planner_core.formats.argo import FORMAT
from planner_core.formats.document import Document, Report
from planner_core.formats.registry import detected_format
from planner_core.formats.source import Source
from planner_core.items import TaskProgress
from planner_core.scheduling.from_plan import has_phases, phase_groups, problem_of
from planner_core.vocabulary import Status
from tests.core.short_plans import plan, task
from tests.core.strategies import plans, progress_of

DIAMOND = """\
# release train
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  generateName: release-train-
spec:
  entrypoint: train
  parallelism: 2
  templates:
  - name: train
    dag:
      tasks:
      - name: checkout
        template: run
      - name: lint
        template: run
        depends: checkout
        arguments: {parameters: [{name: what, value: lint}]}
      - name: unit
        template: run
        dependencies: [checkout]
      - name: ship
        template: gate
        depends: (lint.Succeeded && unit.Failed) || nowhere
        when: "{{workflow.parameters.ship}} == yes"
  - name: run
    inputs: {parameters: [{name: what}]}
    container: {image: busybox, command: [make]}
  - name: gate
    suspend: {}
"""


def read_all(text: str) -> list[Document]:
    assert FORMAT.read is not None
    numbers = count()
    return FORMAT.read(Source.of("flow.yaml", text), new_uid=lambda: f"r{next(numbers)}")


def read(text: str) -> Document:
    [document] = read_all(text)
    return document


def report_of(document: Document) -> Report:
    assert document.report is not None
    return document.report


def order_of(content: core.Plan) -> set[tuple[str, str]]:
    """The DAG of a plan: pairs of keys of its scheduled tasks."""
    keys = [each.key for each in content.leaves]
    return {(keys[before], keys[after]) for before, after in content.leaf_graph.edges}


def declared(content: core.Plan) -> set[tuple[str, str]]:
    by_uid = content.task_by_uid
    return {(by_uid[link.predecessor].key, by_uid[link.successor].key) for link in content.dependencies}


def excluded(content: core.Plan) -> set[frozenset[str]]:
    """The pairs of keys that conflicts and named agents keep apart, where no dependency does."""
    keys = [each.key for each in content.leaves]
    found = {frozenset((keys[i], keys[j])) for i, j in find_conflicts(content).exclusion_places}
    ordered = {
        frozenset((first.key, second.key))
        for first in content.leaves
        for second in content.leaves
        if first is not second and content.comes_before(first.uid, second.uid)
    }
    agents = {
        frozenset((keys[i], keys[j]))
        for clique in problem_of(content).exclusions
        for i in clique
        for j in clique
        if i < j
    }
    return (found | agents) - ordered


def names_above(content: core.Plan, each: core.Task) -> list[str]:
    found = []
    while each.parent is not None:
        each = content.task_by_uid[each.parent]
        found.append(each.key)
    return found


@given(st.data(), plans())
@settings(max_examples=200, deadline=None)
def test_reading_back_gives_the_same_dag(data: st.DataObject, content: core.Plan) -> None:
    """Keys, order, dependencies and exclusions come back, and each field does or is reported as lost."""
    assert FORMAT.write is not None
    progress = data.draw(progress_of(content))
    written = FORMAT.write(Document(content, progress))
    back = read(written.text).plan
    assert [each.key for each in back.leaves] == [each.key for each in content.leaves]
    assert order_of(back) == order_of(content)
    assert excluded(back) == excluded(content)
    assert (back.title, back.description) == (content.title, content.description)
    assert [each.name for each in back.phases] == [each.name for each in content.phases]
    assert [each.name for each in back.agents] == [each.name for each in content.agents]
    assert back.agent_total == content.agent_total
    assert [len(group) for group in phase_groups(back)] == [len(group) for group in phase_groups(content)]
    assert back.keep_phases == content.keep_phases or said(written.lost, None, "phases are kept")
    for before, after in zip(content.leaves, back.leaves, strict=True):
        assert names_above(back, after) == names_above(content, before)
        for field in ("title", "estimate", "claims", "decides", "parallel_safe"):
            assert getattr(after, field) == getattr(before, field), field
        for field in ("priority", "layer", "bounded_context", "skills", "description", "acceptance"):
            same = getattr(after, field) == getattr(before, field)
            assert same or said(written.lost, before.key, field.replace("_", " "))
        assert name_of(back.agents, after.agent) == name_of(content.agents, before.agent)
    for uid, how_far in progress.items():
        if how_far != TaskProgress():
            assert said(written.lost, content.task_by_uid[uid].key, "progress")


def said(notes: tuple[core.Note, ...], key: str | None, words: str) -> bool:
    return any(note.task == key and words in note.message for note in notes)


def name_of(agents: tuple[core.Agent, ...], uid: str | None) -> str | None:
    return next((agent.name for agent in agents if agent.uid == uid), None)


@given(plans())
@settings(max_examples=60, deadline=None)
def test_what_was_read_back_is_written_alike(content: core.Plan) -> None:
    """After one round nothing more is lost: names, order and locks stay as they are."""
    assert FORMAT.write is not None
    once = read(FORMAT.write(Document(content)).text).plan
    twice = read(FORMAT.write(Document(once)).text).plan
    assert order_of(twice) == order_of(once)
    assert excluded(twice) == excluded(once)
    assert has_phases(twice) == has_phases(once)


def test_a_workflow_is_detected() -> None:
    """A YAML file with the API version of Argo is taken for a workflow, by nothing else."""
    assert detected_format(Source.of("a.yaml", DIAMOND)) is FORMAT
    assert not FORMAT.fits(Source.of("a.yaml", "tasks: {A: {}}"))


def test_dependencies_are_read_in_both_spellings() -> None:
    """Lists and conditions order tasks; what a condition says beyond that is a guess, with its line."""
    document = read(DIAMOND)
    assert declared(document.plan) == {
        ("checkout", "lint"), ("checkout", "unit"), ("lint", "ship"), ("unit", "ship"),
    }  # fmt: skip
    assert (document.plan.title, document.plan.agent_count) == ("release-train", 2)
    [guess] = report_of(document).guessed
    assert (guess.line, guess.task) == (24, "ship")
    assert "lint.Succeeded && unit.Failed" in guess.message


def test_what_a_plan_does_not_hold_is_named() -> None:
    """Conditions, containers and unknown predecessors are reported as lost, with lines."""
    lost = report_of(read(DIAMOND)).lost
    assert any(note.task == "ship" and "when" in note.message for note in lost)
    assert any("container" in note.message and note.line == 26 for note in lost)
    assert any("nowhere" in note.message for note in lost)


def test_parameters_stand_in_the_description() -> None:
    """What a step passes to its template is kept where people can read it."""
    assert read(DIAMOND).plan.task_by_key["lint"].description == "Template: run\nwhat: lint"


def test_a_dag_inside_a_task_becomes_its_parts() -> None:
    """A task whose template is a DAG is a summary task; its parts are named after it."""
    text = DIAMOND.replace("  - name: gate\n    suspend: {}\n", "") + (
        "  - name: gate\n    dag:\n      tasks:\n"
        "      - {name: a, template: run}\n      - {name: b, template: run, dependencies: [a]}\n"
    )
    content = read(text).plan
    assert [each.key for each in content.children[content.task_by_key["ship"].uid]] == ["ship.a", "ship.b"]
    assert ("ship.a", "ship.b") in declared(content)
    assert ("unit", "ship.a") in order_of(content)


def test_a_dag_inside_itself_is_read_once() -> None:
    """A template that runs itself does not keep the reader busy."""
    text = DIAMOND.replace("template: gate", "template: train")
    document = read(text)
    assert len(document.plan.tasks) == 4
    assert any("inside itself" in note.message for note in report_of(document).lost)


def test_many_dags_inside_each_other_stop_at_the_limit() -> None:
    """Ten templates that each run the next one ten times would be ten billion tasks."""
    levels = "".join(
        f"  - name: l{n}\n    dag:\n      tasks:\n"
        + "".join(f"      - {{name: s{i}, template: l{n + 1}}}\n" for i in range(10))
        for n in range(10)
    )
    text = (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  entrypoint: l0\n  templates:\n{levels}"
    )
    document = read(text)
    assert len(document.plan.tasks) <= 10_000
    assert any("at most" in note.message for note in report_of(document).lost)


def test_steps_are_read_as_groups_one_after_another() -> None:
    """Where a workflow starts with steps, each group waits for the one before it."""
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: s}\nspec:\n  entrypoint: go\n"
        "  templates:\n  - name: go\n    steps:\n    - - {name: a, template: t}\n"
        "      - {name: b, template: t}\n    - - {name: c, template: t}\n  - name: t\n    suspend: {}\n"
    )
    assert declared(read(text).plan) == {("a", "c"), ("b", "c")}


def test_tasks_with_one_mutex_are_never_together() -> None:
    """A shared lock, old or new spelling, is a verdict on each pair that no dependency orders."""
    text = DIAMOND.replace(
        "    container: {image", "    synchronization: {mutex: {name: disk}}\n    container: {image"
    )
    content = read(text).plan
    [verdict] = content.verdicts
    keys = {content.task_by_uid[uid].key for uid in (verdict.first, verdict.second)}
    assert (keys, verdict.together) == ({"lint", "unit"}, False)
    assert read(text.replace("{mutex: {name: disk}}", "{mutexes: [{name: disk}]}")).plan.verdicts != ()


def test_a_pair_that_was_allowed_stays_allowed() -> None:
    """A verdict that two colliding tasks may run together comes back, because they share no lock."""
    assert FORMAT.write is not None
    content = plan(
        task("A", modifies=["x"]), task("B", modifies=["x"]), verdicts=(core.Verdict("a", "b", True, "fine"),)
    )
    back = read(FORMAT.write(Document(content)).text).plan
    assert [verdict.together for verdict in back.verdicts] == [True]


def test_several_workflows_in_a_file_are_several_plans() -> None:
    """Each workflow of a stream is a document; one of another kind is skipped, and the report says so."""
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
    found = read_all(f"{other}---\n{DIAMOND}---\n{DIAMOND}")
    assert [document.name for document in found] == ["release-train"] * 2
    assert any("no workflow" in note.message for note in report_of(found[0]).lost)


def test_progress_and_status_are_not_made_up() -> None:
    """A workflow says nothing of how far its tasks are, and neither does what is read."""
    assert FORMAT.write is not None
    content = plan(task("A"))
    written = FORMAT.write(Document(content, {"a": TaskProgress(Status.COMPLETED)}))
    assert [note.message for note in written.lost] == ["Its progress (completed) is not written."]
    assert read(written.text).progress == {}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("entrypoint: train", "entrypoint: plane", "“plane”, where it starts, is missing"),
        ("entrypoint: train", "entrypoint: run", "neither a DAG nor steps"),
        ("argoproj.io/v1alpha1", "batch/v1", "no Argo workflow"),
        ("dag:", "dag: [", "YAML"),
    ],
)
def test_what_is_no_plan_is_refused(old: str, new: str, words: str) -> None:
    """A file without a DAG to start with is refused in one sentence."""
    with pytest.raises(core.InvalidPlan, match=words):
        read(DIAMOND.replace(old, new))


@given(st.integers(0, len(DIAMOND) - 1), st.integers(0, 40), st.text(max_size=6))
@settings(max_examples=200, deadline=None)
def test_mutated_workflows_never_crash(start: int, length: int, junk: str) -> None:
    """A cut or overwritten workflow is read or refused, nothing else."""
    try:
        read_all(DIAMOND[:start] + junk + DIAMOND[start + length :])
    except core.InvalidPlan as error:
        problems = error.problems
    else:
        return
    assert problems
