"""The job's row: enqueued, claimed, renewed, finished, failed, cancelled, swept."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from taskplanner.jobs import services
from taskplanner.jobs.errors import UnknownKindError
from taskplanner.jobs.models import Job, JobState
from taskplanner.jobs.registry import Progress, Result, ResultFile
from tests.cast import Cast
from tests.jobs.conftest import Enqueue

NOW = timezone.now()
LATER = NOW + timedelta(minutes=5)


def claim(job: Job) -> services.ClaimedJob:
    """Claim a job that is there to be claimed."""
    claimed = services.claim_job(job_id=job.pk, now=NOW)
    assert claimed is not None
    return claimed


def state_of(job: Job) -> str:
    """The state in the database."""
    job.refresh_from_db()
    return job.state


def test_a_message_is_sent_only_when_the_transaction_is_committed(
    enqueue: Enqueue, sent: list[UUID], django_capture_on_commit_callbacks: object
) -> None:
    """Whoever asks for a job inside a transaction wakes nobody before the row is there to be seen."""
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a pytest-django fixture
        job = enqueue()
        assert sent == []
    assert sent == [job.pk]


def test_an_unknown_kind_is_refused(cast: Cast) -> None:
    """A job that no handler can do is never stored."""
    with pytest.raises(UnknownKindError, match="no handler is registered for jobs of the kind 'nothing'"):
        services.enqueue_job(kind="nothing", arguments={}, team=cast.team, actor=None)
    assert not Job.objects.exists()


def test_a_job_is_claimed_once(enqueue: Enqueue) -> None:
    """The second worker that the same job wakes up gets nothing while the first holds the lease."""
    job = enqueue(size=3)
    claimed = claim(job)
    assert (claimed.fence, claimed.arguments) == (1, {"size": 3})
    assert services.claim_job(job_id=job.pk, now=NOW) is None
    assert services.claim_job(job_id=uuid4(), now=NOW) is None


def test_a_job_whose_lease_has_run_out_is_claimed_anew(enqueue: Enqueue) -> None:
    """The next owner has a higher fence, and the one before can neither renew, finish nor fail the job."""
    job = enqueue()
    old = claim(job)
    new = services.claim_job(job_id=job.pk, now=LATER)
    assert new is not None
    assert new.fence == old.fence + 1
    assert not services.renew_lease(job_id=job.pk, fence=old.fence, progress=Progress(50), now=LATER)
    assert not services.fail_job(job_id=job.pk, fence=old.fence, error="late", retry=True, now=LATER)
    applied: list[str] = []
    late = Result(apply=lambda: applied.append("late"))
    assert not services.finish_job(job_id=job.pk, fence=old.fence, result=late, cancelled=False, now=LATER)
    assert applied == []
    assert state_of(job) == JobState.RUNNING
    assert job.percent == 0


def test_a_renewed_lease_keeps_the_job(enqueue: Enqueue) -> None:
    """Who renews in time is not overtaken, and the progress is stored with it."""
    job = enqueue()
    claimed = claim(job)
    told = Progress(40, "looking", {"makespan": 85})
    assert services.renew_lease(job_id=job.pk, fence=claimed.fence, progress=told, now=LATER)
    assert services.claim_job(job_id=job.pk, now=LATER) is None
    assert state_of(job) == JobState.RUNNING
    assert (job.percent, job.message, job.detail) == (40, "looking", {"makespan": 85})


def test_the_result_and_its_effect_are_stored_together(enqueue: Enqueue) -> None:
    """A finished job has its data and its file, and its effect was applied."""
    job = enqueue()
    claimed = claim(job)
    applied: list[int] = []
    result = Result(
        {"makespan": 85}, ResultFile("plan.yaml", "text/yaml", b"tasks: {}"), lambda: applied.append(1)
    )
    assert services.finish_job(job_id=job.pk, fence=claimed.fence, result=result, cancelled=False, now=NOW)
    assert state_of(job) == JobState.DONE
    assert (job.result, job.file_name, bytes(job.file_content or b"")) == (
        {"makespan": 85},
        "plan.yaml",
        b"tasks: {}",
    )
    assert (applied, job.percent, job.finished) == ([1], 100, NOW)
    assert not services.finish_job(
        job_id=job.pk, fence=claimed.fence, result=result, cancelled=False, now=NOW
    )
    assert applied == [1]


def test_an_effect_that_raises_leaves_the_job_unfinished(enqueue: Enqueue) -> None:
    """The row says done only if the effect is there."""
    job = enqueue()
    claimed = claim(job)

    def break_down() -> None:
        raise RuntimeError("no room")

    with pytest.raises(RuntimeError):
        services.finish_job(
            job_id=job.pk, fence=claimed.fence, result=Result(apply=break_down), cancelled=False, now=NOW
        )
    assert state_of(job) == JobState.RUNNING


def test_a_job_that_raises_is_tried_three_times(enqueue: Enqueue, sent: list[UUID]) -> None:
    """It waits again after the first two failures, each with a message, and is dead after the third."""
    job = enqueue()
    for attempt, expected in enumerate((JobState.QUEUED, JobState.QUEUED, JobState.DEAD), start=1):
        claimed = claim(job)
        assert services.fail_job(job_id=job.pk, fence=claimed.fence, error="boom", retry=True, now=NOW)
        assert (state_of(job), job.attempts, job.error) == (expected, attempt, "boom")
    assert sent == [job.pk, job.pk]
    assert services.claim_job(job_id=job.pk, now=LATER) is None


def test_a_failure_without_retry_is_final(enqueue: Enqueue) -> None:
    """A job that cannot be done at any attempt fails at once."""
    job = enqueue()
    claimed = claim(job)
    assert services.fail_job(job_id=job.pk, fence=claimed.fence, error="no such plan", retry=False, now=NOW)
    assert (state_of(job), job.finished) == (JobState.FAILED, NOW)


def test_a_waiting_job_is_cancelled_at_once(enqueue: Enqueue) -> None:
    """Nobody can claim it any more, and cancelling twice is harmless."""
    job = enqueue()
    assert services.request_cancel(job_id=job.pk, now=NOW)
    assert state_of(job) == JobState.CANCELLED
    assert not services.request_cancel(job_id=job.pk, now=LATER)
    assert job.finished == NOW
    assert services.claim_job(job_id=job.pk, now=NOW) is None


def test_the_worker_of_a_running_job_is_told_to_stop(enqueue: Enqueue) -> None:
    """Its next heartbeat says so; the best result so far is kept and no effect applied."""
    job = enqueue()
    claimed = claim(job)
    assert services.request_cancel(job_id=job.pk, now=NOW)
    assert not services.renew_lease(job_id=job.pk, fence=claimed.fence, progress=Progress(10), now=NOW)
    applied: list[int] = []
    best = Result({"makespan": 90}, apply=lambda: applied.append(1))
    assert services.finish_job(job_id=job.pk, fence=claimed.fence, result=best, cancelled=True, now=NOW)
    assert (state_of(job), job.result, job.percent, applied) == (JobState.CANCELLED, {"makespan": 90}, 10, [])


def test_a_cancelled_job_that_raises_is_not_tried_again(enqueue: Enqueue) -> None:
    """Cancelling outranks retrying."""
    job = enqueue()
    claimed = claim(job)
    services.request_cancel(job_id=job.pk, now=NOW)
    assert services.fail_job(job_id=job.pk, fence=claimed.fence, error="boom", retry=True, now=NOW)
    assert state_of(job) == JobState.CANCELLED


def test_the_sweep_wakes_jobs_whose_worker_vanished(enqueue: Enqueue, sent: list[UUID]) -> None:
    """A lease that has run out puts the job back, with a new message; sweeping again does nothing."""
    job = enqueue()
    claim(job)
    assert services.sweep_jobs(now=NOW) == services.Swept(0, 0, 0)
    assert services.sweep_jobs(now=LATER) == services.Swept(requeued=1, given_up=0, sent=1)
    assert (state_of(job), sent) == (JobState.QUEUED, [job.pk])
    assert services.sweep_jobs(now=LATER) == services.Swept(0, 0, 0)


def test_the_sweep_gives_up_jobs_that_killed_three_workers(enqueue: Enqueue) -> None:
    """A job that takes its worker down each time does not come back for ever."""
    job = enqueue()
    Job.objects.update(attempts=2)
    claim(job)
    assert services.sweep_jobs(now=LATER) == services.Swept(requeued=0, given_up=1, sent=0)
    assert (state_of(job), job.error) == (JobState.DEAD, services.GAVE_UP)


def test_the_sweep_cancels_for_a_worker_that_cannot(enqueue: Enqueue) -> None:
    """A job whose cancellation was asked for ends cancelled although its worker is gone."""
    job = enqueue()
    claim(job)
    services.request_cancel(job_id=job.pk, now=NOW)
    services.sweep_jobs(now=LATER)
    assert state_of(job) == JobState.CANCELLED


def test_a_lost_message_is_sent_again(enqueue: Enqueue, sent: list[UUID]) -> None:
    """A job that still waits after the time of a lease gets another message."""
    job = enqueue()
    assert services.sweep_jobs(now=job.created).sent == 0
    assert services.sweep_jobs(now=job.created + timedelta(minutes=1)).sent == 1
    assert sent == [job.pk]


def test_messages_under_way_are_limited(
    enqueue: Enqueue,
    sent: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    """Jobs beyond the limit get their message from the sweep, the oldest first, as room appears."""
    monkeypatch.setattr(services, "MESSAGES_AT_MOST", 2)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a pytest-django fixture
        jobs = [enqueue() for _ in range(4)]
    assert sent == [jobs[0].pk, jobs[1].pk]
    now = timezone.now()
    assert services.sweep_jobs(now=now).sent == 0
    services.claim_job(job_id=jobs[0].pk, now=now)
    assert services.sweep_jobs(now=now).sent == 1
    assert sent[2:] == [jobs[2].pk]


def test_a_broker_that_is_away_costs_no_job(enqueue: Enqueue, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep stops sending when the broker refuses, and the job stays in line."""
    job = enqueue()
    monkeypatch.setattr(services, "send_wake_up", lambda *, job_id: False)
    assert services.sweep_jobs(now=LATER).sent == 0
    assert state_of(job) == JobState.QUEUED


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "asleep"},
        {"percent": 101},
        {"attempts": 4},
        {"state": "running"},
        {"lease_expires": NOW},
        {"state": "done"},
        {"finished": NOW},
        {"file_name": "plan.yaml"},
        {"file_content": b"tasks"},
    ],
    ids=lambda broken: ",".join(broken),
)
def test_the_database_refuses_impossible_rows(enqueue: Enqueue, broken: dict[str, object]) -> None:
    """States, leases, ends and files that contradict each other cannot be stored."""
    enqueue()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(**broken)
