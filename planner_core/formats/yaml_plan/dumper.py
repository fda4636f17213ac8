"""Plain values to readable YAML: block style, short lists and mappings inline, look-alikes quoted."""

from __future__ import annotations

import re
from typing import Any

import yaml

INLINE = 100

# No line is folded: every value stands whole on its line, so that a change shows as one.
_ENDLESS = 1 << 20
# What other YAML readers take for a number, for a boolean, or (a last `?` in a list) for syntax.
_TAKEN_ELSEWHERE = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|0[ox][0-9a-fA-F]+|[yYnN]|.*\?")
_PLAIN_LINES = re.compile("[^\t\r\x85\u2028\u2029\ufeff]*")


class Inline(dict[str, Any]):
    """A mapping to write on one line."""


class InlineList(list[Any]):
    """A list to write on one line."""


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None
    if "\n" in text:
        style = "|" if _may_be_literal(text) else '"'
    elif _TAKEN_ELSEWHERE.fullmatch(text):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _may_be_literal(text: str) -> bool:
    lines = text.split("\n")
    return (
        _PLAIN_LINES.fullmatch(text) is not None
        and not lines[0].startswith(" ")
        and lines[0] != ""
        and not text.endswith("\n\n")
        and all(line == line.rstrip() for line in lines)
    )


_Dumper.add_representer(str, _text)
_Dumper.add_representer(
    Inline, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)
_Dumper.add_representer(
    InlineList, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def compact(value: Any) -> Any:
    """The value with each list and mapping that fits on one line marked to be written on one."""
    if isinstance(value, list):
        items = [compact(item) for item in value]
        fits = all(
            not isinstance(item, list | dict) or isinstance(item, Inline | InlineList) for item in items
        )
        return InlineList(items) if fits and _width(items) <= INLINE else items
    if isinstance(value, dict):
        entries = {key: compact(item) for key, item in value.items()}
        fits = all(
            not isinstance(item, list | dict) or isinstance(item, Inline | InlineList)
            for item in entries.values()
        )
        return Inline(entries) if fits and _width(entries) <= INLINE else entries
    return value


def _width(value: Any) -> int:
    if isinstance(value, list):
        return 2 + sum(_width(item) + 2 for item in value)
    if isinstance(value, dict):
        return 2 + sum(len(key) + 2 + _width(item) + 2 for key, item in value.items())
    text = str(value)
    return _ENDLESS if "\n" in text else len(text)


def dump(data: dict[str, Any]) -> str:
    """The YAML text of plain values, in their own order; the same values always give the same text."""
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_ENDLESS, indent=2)
    return str(text)
