"""The `taskplanner` command: its output, its JSON, its exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from planner_core.cli import app
from planner_core.examples import EXAMPLES, example_text
from planner_core.formats import json_schema

COLLIDING = "tasks: {A: {modifies: [src/*]}, B: {modifies: [src/a.py]}}\n"
BROKEN = "tasks:\n  T001: {depends_on: [T002]}\n  T002: {depends_on: [T001, T03]}\n  T003: {estimate: soon}\n"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A file with 5, then 45, 60 and 50 side by side, then 5, then 15 minutes."""
    file = tmp_path / "plan.yaml"
    file.write_text(example_text("user-profile"))
    return file


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def printed(result: Result) -> Any:
    return json.loads(result.stdout)


def test_schedule_prints_the_whole_comparison_as_json(plan: Path) -> None:
    """The JSON has its documented shape and the figures 180 alone, 85 with three agents."""
    result = run("schedule", plan, "--agents", 3, "--json")
    assert result.exit_code == 0
    found = printed(result)
    assert list(found) == [
        "unit",
        "assumed",
        "sequential",
        "phases",
        "parallel",
        "unlimited",
        "critical_path",
        "speedup",
        "saved",
    ]
    assert (found["unit"], found["assumed"], found["sequential"]) == ("minutes", [], {"makespan": 180})
    parallel = found["parallel"]
    assert list(parallel) == ["agents", "makespan", "lower_bound", "proved", "tasks"]
    assert [parallel[name] for name in ("agents", "makespan", "lower_bound", "proved")] == [3, 85, 85, True]
    assert parallel["tasks"][0] == {"task": "plan-feature", "start": 0, "finish": 5, "agent": "Agent 1"}
    assert found["phases"]["makespan"] == found["unlimited"]["makespan"] == 85
    assert [len(group) for group in found["phases"]["groups"]] == [1, 3, 1, 1]
    assert (found["speedup"], found["saved"]) == (2.12, 95)


def test_schedule_prints_a_table_for_people(plan: Path) -> None:
    """Makespans, the proof, each task's times and the critical path are there, without colour codes."""
    result = run("schedule", plan)
    assert result.exit_code == 0
    for said in (
        "3h",
        "1h 25m",
        "proved shortest",
        "backend-impl",
        "Saved: 1h 35m",
        "Critical path: plan-feature",
    ):
        assert said in result.stdout
    assert "\x1b" not in result.stdout


def test_schedule_names_the_tasks_whose_duration_is_assumed() -> None:
    """A task without an estimate takes the default, and both forms of output say so."""
    text = "tasks: {A: {}, B: {estimate: 10m}}"
    assert "Assumed 30m each: A" in run("schedule", "-", stdin=text).stdout
    assert printed(run("schedule", "-", "--json", stdin=text))["assumed"] == ["A"]


def test_fewer_agents_take_longer(plan: Path) -> None:
    """`--agents` stands in for the plan's own number."""
    assert printed(run("schedule", plan, "--agents", 1, "--json"))["parallel"]["makespan"] == 180
    assert run("schedule", plan, "--agents", 0).exit_code == 2


def test_check_is_content_with_the_examples() -> None:
    """No errors, no conflicts: exit 0."""
    for name, _ in EXAMPLES:
        result = run("check", "-", "--json", stdin=example_text(name))
        assert result.exit_code == 0
        assert printed(result) == {"errors": [], "conflicts": [], "lint": []}


def test_check_lists_conflicts_with_their_evidence_and_fails() -> None:
    """Two tasks that may change the same file are a finding: exit 1, with both claims and a path."""
    result = run("check", "-", "--json", stdin=COLLIDING)
    assert result.exit_code == 1
    (conflict,) = printed(result)["conflicts"]
    assert (conflict["tasks"], conflict["kind"]) == (["A", "B"], "file")
    (evidence,) = conflict["evidence"]
    assert evidence["first"] == {"mode": "modifies", "pattern": "src/*"}
    assert evidence["path"] == "src/a.py"
    told = run("check", "-", stdin=COLLIDING)
    assert told.exit_code == 1
    assert "A and B: Both write the same files" in told.stdout
    assert "2 tasks, 1 conflict." in told.stdout


@pytest.mark.parametrize(("level", "status"), [("errors", 0), ("conflicts", 1), ("lint", 1)])
def test_fail_on_sets_what_fails(level: str, status: int) -> None:
    """Conflicts fail at their own level and the one that asks for more, not where only errors do."""
    assert run("check", "-", "--fail-on", level, stdin=COLLIDING).exit_code == status
    assert run("check", "-", "--fail-on", level, stdin=BROKEN).exit_code == 2


def test_check_tells_all_errors_at_once_as_json() -> None:
    """Each error has its message, line, column, task and field; the cycle is spelled; exit 2."""
    result = run("check", "-", "--json", stdin=BROKEN)
    assert result.exit_code == 2
    found = printed(result)
    assert (found["conflicts"], found["lint"]) == ([], [])
    assert [list(error) for error in found["errors"]] == [["message", "line", "column", "task", "field"]] * 3
    assert [(e["line"], e["column"], e["task"], e["field"]) for e in found["errors"]] == [
        (2, 10, "T001", "depends_on"),
        (3, 29, "T002", "depends_on"),
        (4, 20, "T003", "estimate"),
    ]
    assert "T001 → T002 → T001" in found["errors"][0]["message"]
    assert "Did you mean T003?" in found["errors"][1]["message"]


@pytest.mark.parametrize("command", [["check"], ["schedule"], ["convert"], ["render", "-o", "x.svg"]])
def test_errors_go_to_standard_error_with_their_place(command: list[str], tmp_path: Path) -> None:
    """Every command refuses a broken plan the same way: `file:line:column: message`, exit 2."""
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN)
    result = run(*command, file)
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert lines[1].startswith(f"{file}:3:29: T002: There is no task T03.")
    assert len(lines) == 3
    assert result.stdout == ""


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A missing file is an error like any other, with exit 2, as text and as JSON."""
    missing = tmp_path / "none.yaml"
    assert "cannot be read" in run("check", missing).stderr
    result = run("check", missing, "--json")
    assert result.exit_code == 2
    (error,) = printed(result)["errors"]
    assert error["line"] is None
    assert run("schedule", missing).exit_code == 2


def test_a_refused_file_cannot_steer_the_terminal() -> None:
    """Control characters from a file come out as replacement characters."""
    result = run("check", "-", stdin='"\\e[31mred": 1\n')
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr
    assert "�[31mred" in result.stderr


def test_convert_writes_the_canonical_form_and_says_what_was_guessed(tmp_path: Path) -> None:
    """Any spelling goes in, the one spelling comes out, to a file or to standard output; twice is once."""
    text = "execution_groups: [{sequential: [A, B]}]"
    result = run("convert", "-", stdin=text)
    assert result.exit_code == 0
    assert "depends_on: [A]" in result.stdout
    assert "no task declares a dependency" in result.stderr
    target = tmp_path / "out.yaml"
    assert run("convert", "-", "--to", "yaml", "--from", "yaml", "-o", target, stdin=text).stdout == ""
    assert target.read_text() == result.stdout == run("convert", target).stdout


def test_convert_refuses_formats_it_does_not_know_and_files_it_cannot_write(tmp_path: Path) -> None:
    """The message lists the formats, or says why the file cannot be written; exit 2."""
    for option in ("--to", "--from"):
        result = run("convert", "-", option, "excel", stdin="tasks: {}")
        assert result.exit_code == 2
        assert "yaml" in result.stderr
    result = run("convert", "-", "-o", tmp_path, stdin="tasks: {}")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_schema_prints_the_published_schema() -> None:
    """What is printed is the JSON Schema."""
    result = run("schema")
    assert result.exit_code == 0
    assert printed(result) == json_schema()


@pytest.mark.parametrize("view", ["graph", "timeline", "ownership"])
@pytest.mark.parametrize(
    ("kind", "start"), [("svg", b"<svg "), ("dot", b"digraph"), ("pdf", b"%PDF"), ("png", b"\x89PNG")]
)
def test_render_draws_every_view_in_every_format(
    plan: Path, tmp_path: Path, view: str, kind: str, start: bytes
) -> None:
    """The file is what its name or `--format` says, in either theme."""
    named, asked = tmp_path / f"picture.{kind}", tmp_path / "picture"
    assert run("render", plan, "--view", view, "-o", named).exit_code == 0
    assert (
        run("render", plan, "--view", view, "--format", kind, "--theme", "dark", "-o", asked).exit_code == 0
    )
    assert named.read_bytes().startswith(start)
    assert asked.read_bytes().startswith(start)


def test_the_drawings_show_the_plan(plan: Path, tmp_path: Path) -> None:
    """The graph has the tasks, the timeline as many lanes as agents were asked for."""
    graph, timeline = tmp_path / "graph.svg", tmp_path / "timeline.svg"
    run("render", plan, "-o", graph)
    run("render", plan, "--view", "timeline", "--agents", 2, "-o", timeline)
    assert "backend-impl" in graph.read_text()
    assert "Agent 2" in timeline.read_text()
    assert "Agent 3" not in timeline.read_text()


def test_render_asks_for_a_format_where_the_name_has_none(plan: Path, tmp_path: Path) -> None:
    """Without `--format` and without a known ending nothing is drawn."""
    result = run("render", plan, "-o", tmp_path / "picture")
    assert result.exit_code == 2
    assert "--format" in result.stderr


def test_a_drawing_that_fails_is_told(plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no Graphviz, the message says how to get it; exit 2, no file."""
    monkeypatch.setenv("TASKPLANNER_GRAPHVIZ", "none")
    result = run("render", plan, "-o", tmp_path / "picture.svg")
    assert result.exit_code == 2
    assert "Graphviz" in result.stderr
    assert not (tmp_path / "picture.svg").exists()
