"""Documents over a megabyte are read in the background."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from taskplanner.jobs.models import Job, JobState
from taskplanner.jobs.runner import run_job
from taskplanner.plans.models import Plan
from tests.plans.views.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 5_000


def large_file(text: str = "An account of what is to be done. " * 8) -> SimpleUploadedFile:
    """A task-master file of more than a megabyte, each task after the one before it."""
    tasks = [
        {"id": n, "title": f"Task {n}", "description": text, "dependencies": [n - 1] if n > 1 else []}
        for n in range(1, COUNT + 1)
    ]
    content = json.dumps({"master": {"tasks": tasks}}).encode()
    assert len(content) > 1_000_000
    return SimpleUploadedFile("tasks.json", content)


def test_a_large_document_becomes_a_plan_by_a_job(stage: Stage) -> None:
    """The person is sent to the job at once; when it is done, all tasks are there, and a link to them."""
    before = set(Plan.objects.values_list("pk", flat=True))
    sent = stage.post_to_project("member", "preview_plans", upload=large_file(), text="")
    job = Job.objects.get()
    assert sent.status_code == 302
    assert sent["Location"] == job.get_absolute_url()
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    (row,) = Plan.objects.exclude(pk__in=before)
    assert row.tasks.count() == COUNT
    assert row.dependencies.count() == COUNT - 1
    page = stage.cast.client("member").get(job.get_absolute_url())
    assert row.project.get_absolute_url() in page.content.decode()


def test_a_large_document_that_cannot_be_read_fails_with_its_reason(stage: Stage) -> None:
    """The job says what is wrong and makes nothing."""
    before = Plan.objects.count()
    broken = SimpleUploadedFile("tasks.json", b'{"master": {"tasks": [' + b" " * 1_100_000)
    stage.post_to_project("member", "preview_plans", upload=broken, text="")
    job = Job.objects.get()
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "not readable" in job.error
    assert Plan.objects.count() == before
