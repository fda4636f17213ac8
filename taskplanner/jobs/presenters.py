"""What the job panel shows."""

from __future__ import annotations

from dataclasses import dataclass

from taskplanner.jobs.models import Job, JobState

_TONES = {
    JobState.QUEUED: "pending",
    JobState.RUNNING: "in_progress",
    JobState.DONE: "completed",
    JobState.FAILED: "failed",
    JobState.DEAD: "failed",
    JobState.CANCELLED: "cancelled",
}


@dataclass(frozen=True)
class JobPanel:
    """A job as its panel shows it.

    `figures` are the labels and values that its handler reports; `links`, labels and addresses, are what the
    result's `links` say there is to see, and `notes` what it says about the doing.
    """

    job: Job
    title: str
    tone: str
    status: str
    attempt: str
    figures: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    may_cancel: bool


def present_job(job: Job, *, may_cancel: bool) -> JobPanel:
    """Compute the panel of a job for somebody who may or may not cancel jobs."""
    state = JobState(job.state)
    result = job.result or {}
    stopping = job.cancel_requested and state == JobState.RUNNING
    return JobPanel(
        job=job,
        title=_words(job.kind),
        tone=_TONES[state],
        status="Stopping" if stopping else state.label,
        attempt=f"attempt {job.attempts} of {job.max_attempts}" if job.attempts > 1 else "",
        figures=tuple((_words(name), str(value)) for name, value in job.detail.items()),
        links=tuple((label, url) for label, url in result.get("links", ())),
        notes=tuple(result.get("notes", ())),
        may_cancel=may_cancel and job.is_open and not job.cancel_requested,
    )


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").replace(".", ": ").capitalize()
