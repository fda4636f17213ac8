"""What a handler is given, what it returns, and the register of handlers by the kind of job they do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from taskplanner.jobs.errors import UnknownKindError


@dataclass(frozen=True)
class ResultFile:
    """A file that the person who asked for the job may download."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Result:
    """What a job came to.

    `data` is JSON. `apply`, where given, writes to the database: it runs once, in the transaction that marks
    the job as done, so that its effect happens exactly when the job counts as done.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    file: ResultFile | None = None
    apply: Callable[[], None] | None = None


@dataclass(frozen=True)
class Progress:
    """How far a job is: 0 to 100 percent, what it is doing, and figures to show (JSON)."""

    percent: int = 0
    message: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


class JobContext:
    """A handler's view of its job. All methods may be called from any thread and never touch the database."""

    def __init__(
        self, *, job_id: UUID, team_id: int, actor_id: int | None, arguments: Mapping[str, Any]
    ) -> None:
        self.job_id = job_id
        self.team_id = team_id
        self.actor_id = actor_id
        self.arguments = arguments
        self._stop = threading.Event()
        self._stop_seen = False
        self._progress = Progress()

    def progress(self, percent: float, message: str = "", detail: Mapping[str, Any] | None = None) -> None:
        """Report how far the job is; the next heartbeat, within about a second, stores it."""
        self._progress = Progress(max(0, min(100, round(percent))), message[:200], dict(detail or {}))

    def should_stop(self) -> bool:
        """Tell whether somebody cancelled the job, or another worker has it: a handler then returns soon.

        What it returns is kept (the best so far); the job counts as cancelled all the same, and `apply` of
        the result does not run.
        """
        if self._stop.is_set():
            self._stop_seen = True
            return True
        return False

    def request_stop(self) -> None:
        """Make `should_stop` true from now on; the heartbeat calls this."""
        self._stop.set()

    @property
    def reported(self) -> Progress:
        """What was reported last."""
        return self._progress

    @property
    def stopped_early(self) -> bool:
        """Whether the handler was told to stop."""
        return self._stop_seen


Handler = Callable[[JobContext], Result]
_handlers: dict[str, Handler] = {}


def register_handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function for a kind of job; a kind that is taken raises ValueError."""

    def register(handler: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"jobs of the kind {kind!r} already have a handler")
        _handlers[kind] = handler
        return handler

    return register


def find_handler(kind: str) -> Handler:
    """Return the function for a kind of job; raise UnknownKindError where there is none."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKindError(kind) from None
