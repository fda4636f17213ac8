"""The one function that Celery calls."""

from uuid import UUID

from taskplanner.celery import app
from taskplanner.jobs.runner import run_job
from taskplanner.jobs.services import WAKE


@app.task(name=WAKE)
def wake(job_id: str) -> None:
    """Look at the job with this id and do what its row says."""
    run_job(UUID(job_id))
