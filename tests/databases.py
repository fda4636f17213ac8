"""What tests do to the database around a request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def strict_database() -> Iterator[None]:
    """Refuse what PostgreSQL refuses of a text: NUL characters and lone surrogates, in JSON too."""

    def check(value: Any) -> None:
        if isinstance(value, str):
            assert "\0" not in value, "a NUL character goes to the database"
            assert not re.search(r"\\u0000|\\ud[89ab]..(?!\\ud[c-f])", value), "as JSON, no less"
            value.encode()
        elif isinstance(value, list | tuple):
            for each in value:
                check(each)

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        check(params or ())
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield
