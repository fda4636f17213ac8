"""The registry finds the formats by itself, and the format of a file by its name and its text."""

from __future__ import annotations

from itertools import count

import pytest

from planner_core.formats import (
    Source,
    UnknownFormatError,
    all_formats,
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
        ("plan.YML", "anything", ["yaml"]),
        ("plan.json", '{"tasks": {}}', ["yaml"]),
        ("plan", "tasks:\n  A: {}\n", ["yaml"]),
        ("plan.txt", "dear diary", []),
    ],
)
def test_a_file_is_known_by_its_name_or_its_text(name: str, text: str, expected: list[str]) -> None:
    """Name and text both fitting wins; else the name, else the text; else no format fits."""
    assert [each.name for each in fitting_formats(Source.of(name, text))] == expected


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
