"""Reads JSON that people and tools have handled: each object with its line, each number as it is spelled."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from planner_core.errors import InvalidPlan, Problem

MAX_DEPTH = 100
_DEEPEST_LIST = 3

# Only run over text that is known to be JSON: strings are skipped as a whole, so that each bracket counts.
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]]', re.DOTALL)


class Figure(str):
    """A number as the file spells it: `29.10` stays `29.10`, and no number is too long."""

    __slots__ = ()


class Record(dict[str, "Value"]):
    """An object; `line` is where it starts, `doubled` the names that occur in it more than once.

    Of a name that occurs more than once the last value holds, as in every common reader of JSON.
    """

    __slots__ = ("doubled", "line")

    def __init__(self, pairs: Iterable[tuple[str, Value]] = ()) -> None:
        super().__init__(pairs)
        self.line = 1
        self.doubled: tuple[str, ...] = ()


Value: TypeAlias = "Record | list[Value] | str | bool | None"


def parse(text: str, *, line: int = 1) -> Value:
    """The value that a JSON text holds; `line` is the number of its first line.

    Numbers, and the NaN and Infinity of lenient writers, are Figures. Control characters within strings are
    let through. Takes time linear in the text. Raises InvalidPlan with line and column of what is no JSON,
    and of what is nested more than `MAX_DEPTH` levels deep.
    """
    records: list[Record] = []

    def collected(pairs: list[tuple[str, Value]]) -> Record:
        record = Record(pairs)
        if len(record) < len(pairs):
            times = Counter(name for name, _ in pairs)
            record.doubled = tuple(name for name in record if times[name] > 1)
        records.append(record)
        return record

    try:
        value: Value = json.loads(
            text,
            strict=False,
            object_pairs_hook=collected,
            parse_int=Figure,
            parse_float=Figure,
            parse_constant=Figure,
        )
    except json.JSONDecodeError as error:
        message = f"This is no JSON: {error.msg[:1].lower()}{error.msg[1:]}."
        raise _invalid(message, line + error.lineno - 1, error.colno) from error
    except RecursionError as error:
        raise _invalid(_too_deep(), line, 1) from error
    _locate(text, line, records)
    return value


def _locate(text: str, line: int, records: list[Record]) -> None:
    """Gives each object its line. The parser has finished them in the order of their closing braces."""
    finished = iter(records)
    open_lines: list[int] = []
    seen = 0
    for match in _BRACKETS.finditer(text):
        bracket = match[0]
        if bracket in "{[":
            line += text.count("\n", seen, match.start())
            seen = match.start()
            open_lines.append(line)
            if len(open_lines) > MAX_DEPTH:
                raise _invalid(_too_deep(), line, seen - text.rfind("\n", 0, seen))
        elif bracket == "]":
            open_lines.pop()
        elif bracket == "}":
            next(finished).line = open_lines.pop()


def _too_deep() -> str:
    return f"This is nested more than {MAX_DEPTH} levels deep. Flatten it."


def _invalid(message: str, line: int, column: int) -> InvalidPlan:
    return InvalidPlan((Problem(message, line=line, column=column),))


def text_of(value: Value, depth: int = 0) -> str:
    """A value as text: lists and objects as Markdown lists, the deeper ones as JSON; nothing for null."""
    if depth > _DEEPEST_LIST and isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(
            "- " + text_of(each, depth + 1).replace("\n", "\n  ") for each in value if each is not None
        )
    return "\n".join(
        f"{name}:\n{text_of(each, depth + 1)}"
        if isinstance(each, (list, dict))
        else f"{name}: {text_of(each)}"
        for name, each in value.items()
        if each not in (None, "", [], {})
    )


def texts_of(value: Value) -> list[str]:
    """The texts of a list, or a lone value as the only one; nothing for null and what is empty."""
    values = value if isinstance(value, list) else [value]
    return [text for text in (text_of(each).strip() for each in values) if text]


def moment_of(value: Value) -> datetime | None:
    """A time as ISO 8601 writes it; None for anything else, and for the year 1, which means none."""
    try:
        moment = datetime.fromisoformat(text_of(value).strip())
    except ValueError:
        return None
    return moment if moment.year > 1 else None
