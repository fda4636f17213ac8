"""`taskplanner convert`, and what every command does with folders, ZIPs and files of several plans."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from planner_core.cli import app
from planner_core.cli.outputs import NOTES_SHOWN
from planner_core.formats import Format, format_named

KITCHEN = "plan: Kitchen\ntasks: {A: {modifies: [sink/*]}, B: {modifies: [sink/a]}}\n"
TWO_PLANS = f"{KITCHEN}---\nplan: Bath\ntasks: {{C: {{}}}}\n"
TABLE = "key,title,depends_on,colour\nA,Sow,,red\nB,Reap,A;X,\n"


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "garden.csv"
    file.write_text(TABLE)
    return file


@pytest.fixture
def two_plans(tmp_path: Path) -> Path:
    file = tmp_path / "house.yaml"
    file.write_text(TWO_PLANS)
    return file


def report_at(file: Path) -> Any:
    return json.loads(file.read_text())


def test_a_conversion_ends_in_a_report_on_screen_and_in_a_file(table: Path, tmp_path: Path) -> None:
    """Counts, and each thing that was lost with its line, its task and a message."""
    out, report = tmp_path / "plan.yaml", tmp_path / "report.json"
    result = run("convert", table, "--to", "yaml", "-o", out, "--report", report)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert f"{table}:3: lost: B: B waits for X" in result.stderr
    assert "2 tasks, 1 dependency, 0 claims; 0 repaired, 0 guessed, 2 lost." in result.stderr
    found = report_at(report)
    assert list(found) == ["format", "tasks", "dependencies", "claims", "repaired", "guessed", "lost"]
    assert (found["format"], found["tasks"], found["dependencies"], found["claims"]) == ("csv", 2, 1, 0)
    assert [list(entry) for entry in found["lost"]] == [["line", "task", "message"]] * 2
    assert [(entry["line"], entry["task"]) for entry in found["lost"]] == [(1, None), (3, "B")]
    assert "depends_on: [A]" in out.read_text()


def test_what_the_target_cannot_hold_is_in_the_report(tmp_path: Path) -> None:
    """Written as a table, a plan loses what no column holds."""
    report = tmp_path / "report.json"
    text = "plan: P\npairs: [{tasks: [A, B], together: true}]\ntasks: {A: {}, B: {}}\n"
    result = run("convert", "-", "--to", "csv", "--report", report, stdin=text)
    assert result.exit_code == 0
    assert result.stdout.startswith("key,title,")
    assert any("verdict" in entry["message"] for entry in report_at(report)["lost"])


def test_the_screen_shows_the_first_notes_and_the_file_all(tmp_path: Path) -> None:
    """A terminal is not flooded; how many more there are is said."""
    report = tmp_path / "report.json"
    text = "key,title,estimate\n" + "".join(f"T{number},x,soon\n" for number in range(NOTES_SHOWN + 7))
    result = run("convert", "-", "--from", "csv", "-o", tmp_path / "out", "--report", report, stdin=text)
    assert result.stderr.count("is not understood") == NOTES_SHOWN
    assert "7 more; --report writes all of them" in result.stderr
    assert len(report_at(report)["lost"]) == NOTES_SHOWN + 7


def test_several_plans_become_a_stream_whose_report_sums_them(two_plans: Path, tmp_path: Path) -> None:
    """Each is a document, and the stream is read as the same plans again."""
    out, report = tmp_path / "out.yaml", tmp_path / "report.json"
    result = run("convert", two_plans, "-o", out, "--report", report)
    assert result.exit_code == 0
    first, second = out.read_text().split("---\n")
    assert first.startswith("taskplanner: 1\nplan: Kitchen\n")
    assert second.startswith("taskplanner: 1\nplan: Bath\n")
    assert run("convert", out).stdout == out.read_text()
    assert (report_at(report)["tasks"], report_at(report)["claims"]) == (3, 2)


def test_one_of_several_plans_is_taken_by_its_name(two_plans: Path) -> None:
    """--plan picks it; a name that there is not is refused with those there are."""
    result = run("convert", two_plans, "--plan", "Bath", "--to", "csv")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].startswith("C,")
    refused = run("convert", two_plans, "--plan", "Attic")
    assert refused.exit_code == 2
    assert "no plan “Attic”" in refused.stderr
    assert "Kitchen, Bath" in refused.stderr
    again = run("convert", "-", "--plan", "Bath", stdin=TWO_PLANS.replace("Kitchen", "Bath"))
    assert again.exit_code == 2
    assert "Several plans are called “Bath”" in again.stderr


@pytest.mark.parametrize(
    "command", [["convert", "--to", "csv"], ["schedule"], ["render", "-o", "unused.dot"]], ids=lambda c: c[0]
)
def test_what_takes_one_plan_asks_which(command: list[str], two_plans: Path) -> None:
    """The names are listed, and nothing is written; exit 2."""
    result = run(*command, two_plans)
    assert result.exit_code == 2
    assert "Choose one with --plan: Kitchen, Bath." in result.stderr
    assert result.stdout == ""
    assert not Path("unused.dot").exists()


def test_check_looks_at_each_of_several_plans(two_plans: Path) -> None:
    """Conflicts are listed under their plan's name, and name it in the JSON."""
    result = run("check", two_plans)
    assert result.exit_code == 1
    assert "Kitchen\nA and B:" in result.stdout
    assert "Bath\n1 task, 0 conflicts." in result.stdout
    (conflict,) = json.loads(run("check", two_plans, "--json").stdout)["conflicts"]
    assert (conflict["plan"], conflict["tasks"]) == ("Kitchen", ["A", "B"])
    assert run("check", two_plans, "--plan", "Bath").exit_code == 0


def test_a_file_that_may_be_two_things_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command says which, and how to choose; exit 2."""
    yaml = format_named("yaml")
    twins = [Format(name, name, (), lambda _: True, yaml.read, yaml.write) for name in ("one", "two")]
    file = tmp_path / "plan.txt"
    file.write_text("tasks: {A: {}}")
    monkeypatch.setattr("planner_core.formats.registry.all_formats", lambda: twins)
    for command in ("check", "schedule"):
        result = run(command, file)
        assert result.exit_code == 2
        assert "plan.txt may be one or two" in result.stderr
        assert "--from one or --from two" in result.stderr
        assert run(command, file, "--from", "two").exit_code == 0


def test_every_command_reads_every_format(table: Path, tmp_path: Path) -> None:
    """A table is checked, scheduled and drawn as it is."""
    assert run("check", table).exit_code == 0
    assert json.loads(run("schedule", table, "--json").stdout)["sequential"] == {"makespan": 60}
    drawing = tmp_path / "plan.dot"
    assert run("render", table, "-o", drawing).exit_code == 0
    assert "Reap" in drawing.read_text()


def test_a_zip_is_read_as_what_is_in_it(tmp_path: Path) -> None:
    """Here a single table."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("garden.csv", TABLE)
    file = tmp_path / "upload.zip"
    file.write_bytes(packed.getvalue())
    assert run("convert", file, "--to", "csv").stdout.splitlines()[1].startswith("A,Sow")
    assert run("check", "-", stdin=packed.getvalue()).exit_code == 0


def test_a_folder_of_nothing_known_is_refused(tmp_path: Path) -> None:
    """Links in it are not followed, and other files not looked at."""
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    (tmp_path / "passwords.csv").symlink_to("/etc/passwd")
    result = run("check", tmp_path)
    assert result.exit_code == 2
    assert "fits no format" in result.stderr


def test_a_report_that_cannot_be_written_is_told(table: Path, tmp_path: Path) -> None:
    """A folder is no file; exit 2."""
    result = run("convert", table, "-o", tmp_path / "out", "--report", tmp_path)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
