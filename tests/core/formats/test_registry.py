"""The registry finds the formats by itself, and the format of a file by its name and its text."""

from __future__ import annotations

from itertools import count

import pytest

import planner_core as core
from planner_core.formats import (
    AmbiguousFormatError,
    Format,
    Source,
    UnknownFormatError,
    all_formats,
    detected_format,
    fitting_formats,
    format_named,
    read_plan,
)


def test_every_module_with_a_format_is_registered_under_its_name() -> None:
    """YAML is found, reads and writes, and answers to its name in any case."""
    assert [each.name for each in all_formats()] == sorted(each.name for each in all_formats())
    assert format_named("YAML") in all_formats()


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    """The message lists what there is."""
    with pytest.raises(UnknownFormatError, match="yaml"):
        format_named("excel")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("plan.yaml", "tasks: {}", ["yaml"]),
        ("plan.json", '{"tasks": {}}', ["yaml"]),
        ("plan", "tasks:\n  A: {}\n", ["yaml"]),
        ("plan.txt", "dear diary", []),
    ],
)
def test_a_file_is_known_by_its_name_or_its_text(name: str, text: str, expected: list[str]) -> None:
    """Text and name both fitting wins; else the text, else the name; else no format fits."""
    assert [each.name for each in fitting_formats(Source.of(name, text))] == expected


def test_a_single_file_that_fits_nothing_is_taken_for_a_plan_document() -> None:
    """Its reader then says what is wrong with it; a folder that fits nothing is refused."""
    for name in ("plan.YML", "plan.txt"):
        assert detected_format(Source.of(name, "anything")).name == "yaml"
    with pytest.raises(UnknownFormatError, match="holiday fits no format"):
        detected_format(Source("holiday", {"photos/list.yaml": b"- beach"}))


def test_a_file_that_fits_two_formats_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names both; where the name of the file fits one only, that is it."""
    reader = format_named("yaml").read
    twins = [Format(name, name, (f".{name}",), lambda _: True, reader) for name in ("one", "two")]
    monkeypatch.setattr("planner_core.formats.registry.all_formats", lambda: twins)
    with pytest.raises(AmbiguousFormatError, match=r"plan\.txt may be one or two") as asked:
        detected_format(Source.of("plan.txt", "anything"))
    assert asked.value.formats == tuple(twins)
    assert detected_format(Source.of("plan.two", "anything")) == twins[1]


def test_a_binary_file_is_refused_before_its_format_is_looked_for() -> None:
    """The message says that it is no text."""
    with pytest.raises(core.InvalidPlan, match="no text"):
        detected_format(Source.of("plan.yaml", b"\x00\x01"))


def test_a_format_writes_what_it_read() -> None:
    """Reader and writer of the registered format are each other's inverse on a canonical text."""
    numbers = count()
    yaml = format_named("yaml")
    document = read_plan("tasks: {A: {}, B: {depends_on: [A]}}", new_uid=lambda: f"u{next(numbers)}")
    assert yaml.read is not None
    assert yaml.write is not None
    written = yaml.write(document)
    (again,) = yaml.read(Source.of("plan.yaml", written.text), new_uid=lambda: f"v{next(numbers)}")
    assert yaml.write(again) == written


def test_a_backlog_task_with_a_checklist_of_ids_is_no_spec_kit_list() -> None:
    """A file with a task's head is that task, whatever boxes stand in it."""
    head = "---\nid: shop-1\ntitle: Basket\nstatus: To Do\n---\n\n## Plan\n\n"
    text = head + "- [ ] T001 Add the table\n- [ ] T002 Add the page\n"
    found = detected_format(Source.of("shop-1 - Basket.md", text.encode()))
    assert found.name == "backlog"
