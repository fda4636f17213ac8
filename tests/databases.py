"""What tests do to the database around a request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
            value.encode()
            if value.startswith(("{", "[")):
                held = None
                with suppress(ValueError, RecursionError):  # it is no JSON after all
                    held = json.loads(value)
                check(held)
        elif isinstance(value, dict):
            check([*value, *value.values()])
        elif isinstance(value, list | tuple):
            for each in value:
                check(each)

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        check(params or ())
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield
