"""What happens to the row when a worker runs a job."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from pytest_django import Settings

from taskplanner.jobs import runner, services
from taskplanner.jobs.errors import JobError
from taskplanner.jobs.models import Job, JobState
from taskplanner.jobs.registry import JobContext, Result, find_handler, register_handler
from taskplanner.jobs.runner import run_job
from taskplanner.jobs.worker import wake
from tests.jobs.conftest import Enqueue

WAIT = 10.0  # seconds until a test gives up; nothing is expected to take that long


def test_a_job_runs_to_its_result(enqueue: Enqueue) -> None:
    """The handler is given its arguments, and what it returns is in the row."""
    job = enqueue(lambda context: Result({"double": context.arguments["number"] * 2}), number=21)
    wake(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == (JobState.DONE, {"double": 42}, 1)


def test_running_twice_is_safe(enqueue: Enqueue) -> None:
    """A second message for the same job does nothing."""
    runs: list[int] = []

    def handler(context: JobContext) -> Result:
        runs.append(1)
        return Result()

    job = enqueue(handler)
    run_job(job.pk)
    run_job(job.pk)
    assert runs == [1]


def test_what_a_handler_says_is_shown(enqueue: Enqueue) -> None:
    """A JobError ends the job with its message."""

    def handler(context: JobContext) -> Result:
        raise JobError("The plan was deleted.")

    job = enqueue(handler)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "The plan was deleted.")


def test_what_a_handler_did_not_expect_is_tried_again(enqueue: Enqueue) -> None:
    """Any other exception puts the job back in line, with what was raised in the row."""

    def handler(context: JobContext) -> Result:
        raise KeyError("makespan")

    job = enqueue(handler)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == (JobState.QUEUED, "KeyError: 'makespan'", 1)


def test_a_job_that_takes_too_long_fails(enqueue: Enqueue, settings: Settings) -> None:
    """Celery's soft time limit ends the job for good: a second attempt would take as long."""
    settings.CELERY_TASK_SOFT_TIME_LIMIT = 5

    def handler(context: JobContext) -> Result:
        raise SoftTimeLimitExceeded

    job = enqueue(handler)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "It took longer than 5 seconds.")


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_stores_progress_and_stops_a_cancelled_job(
    enqueue: Enqueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the handler works, its progress becomes visible, and a cancellation reaches it."""
    monkeypatch.setattr(runner, "HEARTBEAT_AT_MOST", 0.05)
    seen = threading.Event()

    def handler(context: JobContext) -> Result:
        context.progress(30, "looking", {"makespan": 90})
        deadline = time.monotonic() + WAIT
        while not context.should_stop() and time.monotonic() < deadline:
            if not seen.is_set() and Job.objects.filter(pk=context.job_id, percent=30).exists():
                seen.set()
                services.request_cancel(job_id=context.job_id, now=timezone.now())
            time.sleep(0.01)
        return Result({"best": 90})

    job = enqueue(handler)
    run_job(job.pk)
    job.refresh_from_db()
    assert seen.is_set()
    assert (job.state, job.message, job.result) == (JobState.CANCELLED, "looking", {"best": 90})


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_the_lease(
    enqueue: Enqueue, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """A job may run much longer than its lease as long as its worker lives."""
    settings.JOB_LEASE_SECONDS = 0.5
    monkeypatch.setattr(runner, "HEARTBEAT_AT_MOST", 0.05)
    claims: list[object] = []

    def handler(context: JobContext) -> Result:
        first = Job.objects.get(pk=context.job_id).lease_expires
        assert first is not None
        deadline = time.monotonic() + WAIT
        while timezone.now() < first + timedelta(seconds=0.2) and time.monotonic() < deadline:
            time.sleep(0.05)
        claims.append(services.claim_job(job_id=context.job_id, now=timezone.now()))
        return Result()

    job = enqueue(handler)
    run_job(job.pk)
    job.refresh_from_db()
    assert claims == [None]
    assert (job.state, job.attempts) == (JobState.DONE, 1)


def test_progress_is_kept_in_bounds(context: JobContext) -> None:
    """Percentages beyond 0 to 100 are clipped, long messages cut to what the row holds."""
    context.progress(250.4, "x" * 500)
    assert (context.reported.percent, len(context.reported.message)) == (100, 200)
    context.progress(-3)
    assert context.reported.percent == 0


def test_a_kind_has_one_handler() -> None:
    """Registering a kind twice is a mistake that shows at once."""

    def handler(context: JobContext) -> Result:
        return Result()

    assert register_handler("test.once")(handler) is handler
    assert find_handler("test.once") is handler
    with pytest.raises(ValueError, match="already have a handler"):
        register_handler("test.once")(handler)
