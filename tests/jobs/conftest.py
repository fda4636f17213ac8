"""Fixtures of the jobs' tests: kinds of job that exist for one test, and no broker."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from taskplanner.jobs import registry, services
from taskplanner.jobs.models import Job
from taskplanner.jobs.registry import Handler, JobContext, Result
from taskplanner.jobs.services import enqueue_job
from tests.cast import Cast

Enqueue = Callable[..., Job]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The jobs for which a message was sent; none reaches a broker."""
    messages: list[UUID] = []

    def remember(*, job_id: UUID) -> bool:
        messages.append(job_id)
        return True

    monkeypatch.setattr(services, "send_wake_up", remember)
    return messages


@pytest.fixture
def enqueue(cast: Cast, sent: list[UUID], monkeypatch: pytest.MonkeyPatch) -> Enqueue:
    """`enqueue(handler, **arguments)`: a stored job that this function does."""

    def store(handler: Handler = lambda context: Result(), **arguments: object) -> Job:
        monkeypatch.setitem(registry._handlers, "test.kind", handler)
        return enqueue_job(kind="test.kind", arguments=arguments, team=cast.team, actor=cast.member)

    return store


@pytest.fixture
def context(cast: Cast) -> JobContext:
    """A context as a handler is given it."""
    return JobContext(job_id=UUID(int=1), team_id=cast.team.pk, actor_id=None, arguments={})
