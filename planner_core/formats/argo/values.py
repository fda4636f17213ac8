"""What people typed as values of parameters: as it is, else as JSON, so that Argo finds no template in it.

Argo replaces whatever stands between two pairs of braces, at several times and without a way to escape it;
Kubernetes does so with a dollar sign and a parenthesis. A text that holds such a thing, or that could be
mistaken for one that was wrapped up, becomes a JSON string with its braces and dollar signs as codes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

_WRAPPED_UP = re.compile(r'\A"|\{\{|\}\}|\$[({]')
_CODES = {"{": "\\u007b", "}": "\\u007d", "$": "\\u0024"}
_CODED = re.compile(r"[{}$]")


def value_of(text: str) -> str:
    """A text as a parameter's value; `text_of` gives it back."""
    return _json(text) if _WRAPPED_UP.search(text) else text


def value_of_list(texts: Sequence[str]) -> str:
    """Texts as a parameter's value, a JSON list; `texts_of` gives them back."""
    return _json(list(texts))


def text_of(value: str) -> str:
    """The text that a value stands for; any other value as it is."""
    if not value.startswith('"'):
        return value
    read = _read(value)
    return read if isinstance(read, str) else value


def texts_of(value: str) -> list[str]:
    """The texts that a value stands for; none where it is no JSON list of texts."""
    read = _read(value)
    return [each for each in read if isinstance(each, str)] if isinstance(read, list) else []


def without_templates(text: str) -> str:
    """A text to be read by people or agents, in which braces that follow each other are set apart."""
    return re.sub(r"\{(?=\{)|\}(?=\})", lambda brace: brace[0] + " ", text)


def _json(value: str | list[str]) -> str:
    # Braces and dollar signs stand in strings alone: there is no object in what is written.
    return _CODED.sub(lambda found: _CODES[found[0]], json.dumps(value, ensure_ascii=False))


def _read(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
