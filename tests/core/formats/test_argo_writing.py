"""Plans as Argo workflows: valid, runnable, and nothing in them that someone typed is taken for code."""

from __future__ import annotations

import json
import os
import warnings
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings

import planner_core as core
from planner_core.examples import EXAMPLES, read_example
from planner_core.formats.argo import FORMAT
from planner_core.formats.argo.names import Names
from planner_core.formats.argo.values import text_of, texts_of, value_of, value_of_list, without_templates
from planner_core.formats.document import Document, Written
from planner_core.items import Claim
from planner_core.vocabulary import ClaimMode
from tests.core.formats.argo_checks import problems_of
from tests.core.short_plans import plan, task
from tests.core.strategies import lines, plans

SCHEMA = os.environ.get("ARGO_SCHEMA", "")
KIND = "io.argoproj.workflow.v1alpha1.Workflow"


def written(content: core.Plan) -> Written:
    assert FORMAT.write is not None
    return FORMAT.write(Document(content))


def steps_of(content: core.Plan) -> dict[str, dict[str, Any]]:
    workflow = yaml.safe_load(written(content).text)
    return {step["name"]: step for step in workflow["spec"]["templates"][0]["dag"]["tasks"]}


@cache
def validator() -> Any:
    """Validates a workflow against the published schema, whose own choice of a kind is ambiguous."""
    schema = json.loads(Path(SCHEMA).read_text("utf-8"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its $schema names no known version
        kind = jsonschema.validators.validator_for(schema)
        return kind({"$ref": f"#/definitions/{KIND}", "definitions": schema["definitions"]})


def schema_errors(text: str) -> list[str]:
    return [error.message for error in validator().iter_errors(yaml.safe_load(text))]


needs_schema = pytest.mark.skipif(
    not Path(SCHEMA).is_file(), reason="ARGO_SCHEMA does not name the published JSON Schema of Argo Workflows"
)


@needs_schema
@pytest.mark.parametrize("name", dict(EXAMPLES))
def test_examples_validate_against_the_published_schema(name: str) -> None:
    """Every example plan is a valid workflow."""
    numbers = count()
    assert not schema_errors(written(read_example(name, new_uid=lambda: f"u{next(numbers)}").plan).text)


@needs_schema
@given(plans())
@settings(max_examples=200, deadline=None)
def test_plans_validate_against_the_published_schema(content: core.Plan) -> None:
    """Whatever a plan holds, it is a valid workflow."""
    assert not schema_errors(written(content).text)


@pytest.mark.parametrize("name", dict(EXAMPLES))
def test_examples_pass_our_own_checks(name: str) -> None:
    """Every example plan has known keys only, legal names, and templates and dependencies that exist."""
    numbers = count()
    assert not problems_of(written(read_example(name, new_uid=lambda: f"u{next(numbers)}").plan).text)


@given(plans())
@settings(max_examples=200, deadline=None)
def test_plans_pass_our_own_checks(content: core.Plan) -> None:
    """Whatever people typed, no key is unknown, no name illegal, and no text a template of its own."""
    assert not problems_of(written(content).text)


def test_the_checks_find_what_is_wrong() -> None:
    """Our own checks report unknown keys, illegal and missing names, both ways to wait, and templates."""
    text = written(plan(task("A", title="one"), task("B"), links=["A>B"])).text
    assert not problems_of(text)
    for old, new in (
        ("name: a\n", "name: A\n"),
        ("template: work", "template: play"),
        ("dependencies: [a]", "dependencies: [c]"),
        ("dependencies: [a]", "depends: a"),
        ("value: one", "value: '{{workflow.name}}'"),
        ("- /plan/brief.md", "- '{{inputs.parameters.task}}'"),
        ("dependencies: [a]", "dependencies: [b]"),
    ):
        assert old in text
        assert problems_of(text.replace(old, new, 1)), new


def test_agents_are_the_parallelism() -> None:
    """The workflow runs as many pods at once as there are agents."""
    assert yaml.safe_load(written(plan(task("A"), agent_count=7)).text)["spec"]["parallelism"] == 7


def test_tasks_that_exclude_each_other_share_a_mutex() -> None:
    """Two tasks on one file hold the same lock, a task between two files holds both, others hold none."""
    content = plan(
        task("A", modifies=["a.py"]),
        task("B", modifies=["a.py", "b.py"]),
        task("C", modifies=["b.py"]),
        task("D", modifies=["d.py"]),
        task("E", modifies=["a.py"]),
    )
    workflow = yaml.safe_load(written(content).text)
    templates = {each["name"]: each for each in workflow["spec"]["templates"]}
    locks = {
        name: [
            lock["name"] for lock in templates[step["template"]].get("synchronization", {}).get("mutexes", [])
        ]
        for name, step in steps_of(content).items()
    }
    assert locks["d"] == []
    assert locks["a"] == locks["e"]
    assert len(locks["a"]) == len(locks["c"]) == 1
    assert sorted(locks["b"]) == sorted([*locks["a"], *locks["c"]])
    assert len(templates) == 5  # the DAG, and one for each of the four sets of locks


def test_tasks_of_one_named_agent_share_a_mutex() -> None:
    """What one agent is to do does not run at once."""
    anna = core.Agent("anna", "Anna", "i")
    content = plan(task("A", agent="anna"), task("B", agent="anna"), task("C"), agents=[anna])
    steps = steps_of(content)
    assert steps["a"]["template"] == steps["b"]["template"] != steps["c"]["template"]


def test_phases_end_in_a_step_which_the_next_one_waits_for_if_they_are_kept() -> None:
    """A phase's end waits for its last tasks; the next phase's first tasks wait for it only if kept."""
    phases = (core.Phase("p", "Found: it", "i"), core.Phase("q", "API", "j"))
    tasks = [task("A", phase="p"), task("B", phase="p"), task("C", phase="q"), task("D", phase="q")]
    links = ["A>B", "C>D"]
    loose = steps_of(plan(*tasks, links=links, phases=phases))
    assert loose["phase-1-found-it"]["dependencies"] == ["b"]
    assert loose["phase-2-api"]["dependencies"] == ["d", "phase-1-found-it"]
    assert "dependencies" not in loose["c"]
    kept = steps_of(plan(*tasks, links=links, phases=phases, keep_phases=True))
    assert kept["c"]["dependencies"] == ["phase-1-found-it"]
    assert kept["d"]["dependencies"] == ["c"]


def test_a_task_carries_its_key_its_files_and_its_brief() -> None:
    """The key is a parameter as it is spelled; the brief names files, criteria and the stop rule."""
    claims = (Claim(ClaimMode.MODIFIES, "db/x.sql"),)
    content = plan(core.Task("u", "MT 1.1", "i", estimate=45, acceptance=("It runs",), claims=claims))
    given_values = steps_of(content)["mt-1-1"]["arguments"]["parameters"]
    parameters = {each["name"]: each["value"] for each in given_values}
    assert parameters["task"] == "MT 1.1"
    assert parameters["estimate"] == "45m"
    assert json.loads(parameters["modifies"]) == ["db/x.sql"]
    assert "- [ ] It runs" in parameters["brief"]
    assert "Stop rule" in parameters["brief"]


def test_keys_that_look_alike_get_names_of_their_own() -> None:
    """Names are legal and unique whatever the keys are."""
    keys = ("A.1", "A-1", "1", "日本")
    steps = steps_of(plan(*(core.Task(f"u{number}", key, "i") for number, key in enumerate(keys))))
    assert sorted(steps) == ["a-1", "a-1-2", "task", "task-1"]


@given(lines())
def test_values_come_back_and_hold_no_template(text: str) -> None:
    """A typed text is given back whole, and Argo finds no template in its value."""
    for given_text in (text, "{{" + text + "}}", '"' + text, "$(" + text + ")", text + "{{="):
        value = value_of(given_text)
        assert text_of(value) == given_text
        assert "{{" not in value
        assert "$(" not in value
    assert texts_of(value_of_list([text, "{{x}}"])) == [text, "{{x}}"]
    assert "{{" not in value_of_list([text, "{{x}}"])


def test_values_that_are_no_json_are_texts() -> None:
    """A value that someone else wrote is taken as it is; a list that is none has no texts."""
    assert text_of('"open') == '"open'
    assert text_of('"a" b') == '"a" b'
    assert texts_of("no list") == []
    assert texts_of('{"a": 1}') == []
    assert texts_of("[" * 100_000) == []
    assert without_templates("{{{a}}}") == "{ { {a} } }"


def test_names_are_cut_and_stay_unique() -> None:
    """A hundred long texts that start alike give a hundred legal names."""
    names = Names()
    found = {names.new("very " * 40 + str(number), "task") for number in range(100)}
    assert len(found) == 100
    assert max(map(len, found)) <= 60


def test_what_a_workflow_cannot_hold_is_reported() -> None:
    """Each loss names its task and field; a plan that fits in whole has none."""
    assert written(plan(task("A", title="t", estimate=5, modifies=["a"]))).lost == ()
    content = plan(task("A", priority=1, description="d"), task("B", parent="a"))
    notes = {(note.task, note.message) for note in written(content).lost}
    assert ("A", "Not written: priority, description.") in notes
