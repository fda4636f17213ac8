"""The published JSON Schema takes what is written, and the spellings that are read."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

import planner_core as core
from planner_core.examples import EXAMPLES, example_text
from planner_core.formats import json_schema, write_plan
from tests.core.strategies import plans

VALIDATOR = Draft202012Validator(json_schema())


def faults(text: str) -> list[Any]:
    return list(VALIDATOR.iter_errors(yaml.safe_load(text)))


def test_the_schema_is_a_valid_schema() -> None:
    """It follows draft 2020-12 and says so."""
    Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$schema"].endswith("2020-12/schema")


@given(plans())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_written_document_fits_the_schema(plan: core.Plan) -> None:
    """What the writer writes, any plan at all, validates."""
    assert faults(write_plan(plan)) == []


@pytest.mark.parametrize(
    "text",
    [
        *(example_text(name) for name, _ in EXAMPLES),
        "A: {}\nB: {depends_on: A}\nC:\n",
        "- {key: A}\n- {id: 1, estimate: 45, conflict_zones: [a/*], can_run_with: [A]}\n",
        "{agents: [Ann, {name: Bo, skills: [x]}], tasks: [{key: A}], progress: {A: completed}}",
    ],
)
def test_accepted_spellings_fit_the_schema(text: str) -> None:
    """Tasks alone, in a list, with bare texts where a mapping could stand: all validate."""
    assert faults(text) == []


@pytest.mark.parametrize(
    "text",
    ["tasks: {A: {titel: x}}", "tasks: {A: {layer: roof}}", "- {title: no key}\n", "plan: 3\ntasks: 4\n"],
)
def test_mistakes_do_not_fit_the_schema(text: str) -> None:
    """Unknown names, unknown layers and tasks without a key are caught by an editor that knows the schema."""
    assert faults(text)
