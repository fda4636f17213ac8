"""Running one job: claim its row, call its handler under a heartbeat, record what came of it."""

from __future__ import annotations

import threading
from types import TracebackType
from uuid import UUID

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections
from django.utils import timezone

from taskplanner.jobs import services
from taskplanner.jobs.errors import JobError
from taskplanner.jobs.registry import JobContext, find_handler

HEARTBEATS_A_LEASE = 6
HEARTBEAT_AT_MOST = 1.0  # seconds: how late progress and a cancellation may be

log = structlog.get_logger(__name__)


class Heartbeat:
    """A thread that renews the lease, stores the progress, and tells the handler to stop when it has to."""

    def __init__(self, claimed: services.ClaimedJob, context: JobContext) -> None:
        self._claimed = claimed
        self._context = context
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat {claimed.id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        pause = min(HEARTBEAT_AT_MOST, settings.JOB_LEASE_SECONDS / HEARTBEATS_A_LEASE)
        try:
            while not self._ended.wait(pause):
                self._renew()
        finally:
            connections.close_all()

    def _renew(self) -> None:
        try:
            go_on = services.renew_lease(
                job_id=self._claimed.id,
                fence=self._claimed.fence,
                progress=self._context.reported,
                now=timezone.now(),
            )
        except DatabaseError as error:
            # The next beat tries again; if none succeeds, the lease runs out and the fence protects the row.
            log.warning("lease not renewed", job=str(self._claimed.id), error=str(error))
            connections.close_all()
            return
        if not go_on:
            self._context.request_stop()


def run_job(job_id: UUID) -> None:
    """Do the job if it is there to be done. Running it twice, at once or later, is safe."""
    claimed = services.claim_job(job_id=job_id, now=timezone.now())
    if claimed is None:
        return
    context = JobContext(
        job_id=claimed.id,
        team_id=claimed.team_id,
        actor_id=claimed.actor_id,
        arguments=claimed.arguments,
    )
    with structlog.contextvars.bound_contextvars(job=str(job_id), kind=claimed.kind, fence=claimed.fence):
        log.info("job started")
        try:
            _do(claimed, context)
        except SoftTimeLimitExceeded:
            _fail(
                claimed, f"It took longer than {settings.CELERY_TASK_SOFT_TIME_LIMIT} seconds.", retry=False
            )
        except JobError as error:
            _fail(claimed, str(error), retry=False)
        except Exception as error:
            # Whatever a handler raises must end in the row, where people see it.
            log.exception("job raised")
            _fail(claimed, f"{type(error).__name__}: {error}", retry=True)


def _do(claimed: services.ClaimedJob, context: JobContext) -> None:
    handler = find_handler(claimed.kind)
    with Heartbeat(claimed, context):
        result = handler(context)
    still_ours = services.finish_job(
        job_id=claimed.id,
        fence=claimed.fence,
        result=result,
        cancelled=context.stopped_early,
        now=timezone.now(),
    )
    log.info("job finished" if still_ours else "job lost to another worker")


def _fail(claimed: services.ClaimedJob, error: str, *, retry: bool) -> None:
    still_ours = services.fail_job(
        job_id=claimed.id, fence=claimed.fence, error=error, retry=retry, now=timezone.now()
    )
    log.info("job failed" if still_ours else "job lost to another worker", error=error)
