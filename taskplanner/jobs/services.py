"""Everything that changes a job's row, by conditional UPDATEs: the loser of a race changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from taskplanner.accounts.models import Team, User
from taskplanner.celery import app
from taskplanner.jobs.models import Job, JobState
from taskplanner.jobs.registry import Progress, Result, find_handler

WAKE = "taskplanner.jobs.wake"
# The filesystem transport slows down when many messages lie in its folder.
MESSAGES_AT_MOST = 50
GAVE_UP = "The worker stopped without a word at every attempt."

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ClaimedJob:
    """A job that this worker owns as long as its fence holds."""

    id: UUID
    fence: int
    kind: str
    arguments: Mapping[str, Any]
    team_id: int
    actor_id: int | None


@dataclass(frozen=True)
class Swept:
    """What one sweep did: jobs whose worker vanished, jobs given up, messages sent."""

    requeued: int
    given_up: int
    sent: int


def enqueue_job(*, kind: str, arguments: Mapping[str, Any], team: Team, actor: User | None) -> Job:
    """Store a job and wake a worker up once the surrounding transaction is committed.

    Raises UnknownKindError for a kind without a handler, TypeError for arguments that JSON cannot hold.
    """
    find_handler(kind)
    now = timezone.now()
    crowded = _messages_under_way(now) >= MESSAGES_AT_MOST
    job = Job.objects.create(
        kind=kind,
        arguments=dict(arguments),
        team=team,
        created_by=actor,
        created=now,
        woken=None if crowded else now,
    )
    if not crowded:
        transaction.on_commit(lambda: send_wake_up(job_id=job.id))
    return job


def send_wake_up(*, job_id: UUID) -> bool:
    """Send the message that makes a worker look at the job; tell whether the broker took it.

    A broker that is away costs time, not the job: the sweep sends the message again.
    """
    try:
        app.send_task(WAKE, args=[str(job_id)], retry=False)
    except (BrokerError, OSError) as error:
        log.warning("wake-up not sent", job=str(job_id), error=str(error))
        return False
    return True


def claim_job(*, job_id: UUID, now: datetime) -> ClaimedJob | None:
    """Make this worker the owner of a job that waits, or whose lease has run out; else return None."""
    with transaction.atomic():
        claimed = (
            Job.objects.filter(pk=job_id, attempts__lt=F("max_attempts"), cancel_requested=False)
            .filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_expires__lt=now))
            .update(
                state=JobState.RUNNING,
                fence=F("fence") + 1,
                attempts=F("attempts") + 1,
                lease_expires=now + _lease(),
                started=now,
                percent=0,
                message="",
                detail={},
            )
        )
        if not claimed:
            return None
        job = Job.objects.only("fence", "kind", "arguments", "team_id", "created_by_id").get(pk=job_id)
    return ClaimedJob(
        id=job.pk,
        fence=job.fence,
        kind=job.kind,
        arguments=job.arguments,
        team_id=job.team_id,
        actor_id=job.created_by_id,
    )


def renew_lease(*, job_id: UUID, fence: int, progress: Progress, now: datetime) -> bool:
    """Prolong the lease and store the progress; tell whether the worker should go on.

    False where the job is no longer this worker's, and where its cancellation was asked for.
    """
    renewed = _owned(job_id, fence).update(
        lease_expires=now + _lease(),
        percent=progress.percent,
        message=progress.message,
        detail=dict(progress.detail),
    )
    return bool(renewed) and not Job.objects.filter(pk=job_id, cancel_requested=True).exists()


def finish_job(*, job_id: UUID, fence: int, result: Result, cancelled: bool, now: datetime) -> bool:
    """Store the result and apply its effect in one transaction; tell whether the job was still this worker's.

    A job that was cancelled keeps what its handler returned, but its effect is not applied.
    """
    file = result.file
    outcome = {} if cancelled else {"percent": 100}
    with transaction.atomic():
        finished = _owned(job_id, fence).update(
            state=JobState.CANCELLED if cancelled else JobState.DONE,
            lease_expires=None,
            result=dict(result.data),
            file_name=file.name if file else "",
            file_type=file.content_type if file else "",
            file_content=file.content if file else None,
            error="",
            finished=now,
            **outcome,
        )
        if finished and not cancelled and result.apply is not None:
            result.apply()
    return bool(finished)


def fail_job(*, job_id: UUID, fence: int, error: str, retry: bool, now: datetime) -> bool:
    """Record what went wrong; tell whether the job was still this worker's.

    With `retry`, the job waits for its next attempt while it has one left and nobody cancelled it, and is
    dead otherwise. Without, it has failed.
    """
    owned = _owned(job_id, fence)
    final = {"error": error, "lease_expires": None, "finished": now}
    if not retry:
        return bool(owned.update(state=JobState.FAILED, **final))
    if owned.filter(attempts__lt=F("max_attempts"), cancel_requested=False).update(
        state=JobState.QUEUED, lease_expires=None, woken=now, error=error
    ):
        send_wake_up(job_id=job_id)
        return True
    if owned.filter(cancel_requested=True).update(state=JobState.CANCELLED, **final):
        return True
    return bool(owned.update(state=JobState.DEAD, **final))


def request_cancel(*, job_id: UUID, now: datetime) -> bool:
    """Cancel a job that waits, ask the worker of one that runs to stop; tell whether there was one.

    Asking twice is harmless.
    """
    job = Job.objects.filter(pk=job_id)
    if job.filter(state=JobState.QUEUED).update(
        state=JobState.CANCELLED, cancel_requested=True, finished=now
    ):
        return True
    return bool(job.filter(state=JobState.RUNNING).update(cancel_requested=True))


def sweep_jobs(*, now: datetime) -> Swept:
    """Put right what killed workers and lost messages left behind.

    Running jobs whose lease has run out wait again, or are cancelled where that was asked for, or dead where
    no attempt is left. Jobs that wait without a message, or whose message woke nobody, get one, oldest first,
    at most MESSAGES_AT_MOST under way.
    """
    expired = Job.objects.filter(state=JobState.RUNNING, lease_expires__lt=now)
    expired.filter(cancel_requested=True).update(state=JobState.CANCELLED, lease_expires=None, finished=now)
    given_up = expired.filter(attempts__gte=F("max_attempts")).update(
        state=JobState.DEAD, lease_expires=None, finished=now, error=GAVE_UP
    )
    requeued = expired.update(state=JobState.QUEUED, lease_expires=None, woken=None)
    room = MESSAGES_AT_MOST - _messages_under_way(now)
    sent = 0
    if room > 0:
        silent = Job.objects.filter(state=JobState.QUEUED).filter(
            Q(woken__isnull=True) | Q(woken__lt=now - _lease())
        )
        for job_id in list(silent.order_by("created", "pk").values_list("pk", flat=True)[:room]):
            if not send_wake_up(job_id=job_id):
                break
            Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(woken=now)
            sent += 1
    return Swept(requeued=requeued, given_up=given_up, sent=sent)


def _owned(job_id: UUID, fence: int) -> QuerySet[Job]:
    return Job.objects.filter(pk=job_id, fence=fence, state=JobState.RUNNING)


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _messages_under_way(now: datetime) -> int:
    return Job.objects.filter(state=JobState.QUEUED, woken__gte=now - _lease()).count()
