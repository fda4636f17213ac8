"""The job panel: who sees it, when it polls, cancelling, downloading."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from taskplanner.jobs import services
from taskplanner.jobs.models import Job, JobState
from taskplanner.jobs.registry import Result, ResultFile
from tests.cast import MEMBERS, Cast, Part
from tests.jobs.conftest import Enqueue

HTMX = {"HX-Request": "true"}


def finish(job: Job, file: ResultFile | None = None) -> None:
    """Have the job done."""
    now = timezone.now()
    claimed = services.claim_job(job_id=job.pk, now=now)
    assert claimed is not None
    services.finish_job(
        job_id=job.pk, fence=claimed.fence, result=Result(file=file), cancelled=False, now=now
    )


@pytest.mark.parametrize("part", MEMBERS)
def test_everyone_in_the_team_sees_the_job(cast: Cast, enqueue: Enqueue, part: Part) -> None:
    """The page works by its plain URL."""
    answer = cast.client(part).get(enqueue().get_absolute_url())
    assert answer.status_code == 200
    assert "<html" in answer.text
    assert "Waiting" in answer.text


@pytest.mark.parametrize("name", ["job", "cancel_job", "download_job_file"])
def test_outsiders_learn_nothing(cast: Cast, enqueue: Enqueue, name: str) -> None:
    """Another team's job answers like one that does not exist."""
    client = cast.client("outsider")
    for job_id in (enqueue().pk, uuid4()):
        url = reverse(name, args=[job_id])
        answer = client.post(url) if name == "cancel_job" else client.get(url)
        assert answer.status_code == 404


def test_signed_out_people_are_sent_to_sign_in(cast: Cast, enqueue: Enqueue) -> None:
    """A plain request is redirected; a panel sends the whole window there instead of showing that page."""
    job, client = enqueue(), cast.client("signed_out")
    assert client.get(job.get_absolute_url()).status_code == 302
    answer = client.get(
        job.get_absolute_url(), headers={**HTMX, "HX-Current-URL": "http://testserver/plans/7/?tab=timeline"}
    )
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fplans%2F7%2F%3Ftab%3Dtimeline"
    assert answer.content == b""


def test_only_an_open_job_polls(cast: Cast, enqueue: Enqueue) -> None:
    """The panel of a job that is over does not ask again."""
    job, client = enqueue(), cast.client("viewer")
    answer = client.get(job.get_absolute_url(), headers=HTMX)
    assert "<html" not in answer.text
    assert 'hx-trigger="every 1s"' in answer.text
    assert "HX-Request" in answer["Vary"]
    finish(job)
    assert "hx-trigger" not in client.get(job.get_absolute_url(), headers=HTMX).text


def test_the_poll_that_finds_the_job_over_tells_the_page(cast: Cast, enqueue: Enqueue) -> None:
    """`jobFinished` is fired by the poll only, not when a panel of a job long over is loaded."""
    job, client = enqueue(), cast.client("viewer")
    poll = {**HTMX, "HX-Trigger": f"job-panel-{job.pk}"}
    assert "HX-Trigger" not in client.get(job.get_absolute_url(), headers=poll)
    finish(job)
    assert "HX-Trigger" not in client.get(job.get_absolute_url(), headers=HTMX)
    answer = client.get(job.get_absolute_url(), headers=poll)
    assert json.loads(answer["HX-Trigger"]) == {"jobFinished": {"job": str(job.pk)}}


@pytest.mark.parametrize(
    ("part", "status"), [("viewer", 403), ("member", 302), ("lead", 302), ("owner", 302)]
)
def test_members_cancel(cast: Cast, enqueue: Enqueue, part: Part, status: int) -> None:
    """A viewer may look but not stop; the others are sent back to the job's page."""
    job = enqueue()
    assert cast.client(part).post(reverse("cancel_job", args=[job.pk])).status_code == status
    job.refresh_from_db()
    assert job.state == (JobState.QUEUED if part == "viewer" else JobState.CANCELLED)


def test_cancelling_by_get_is_refused(cast: Cast, enqueue: Enqueue) -> None:
    """Only a form cancels."""
    assert cast.client("owner").get(reverse("cancel_job", args=[enqueue().pk])).status_code == 405


def test_cancelling_twice_is_harmless(cast: Cast, enqueue: Enqueue) -> None:
    """The second click finds the job cancelled."""
    job, client = enqueue(), cast.client("member")
    for _ in range(2):
        answer = client.post(reverse("cancel_job", args=[job.pk]), headers=HTMX)
        assert answer.status_code == 200
        assert "Cancelled" in answer.text


def test_the_file_is_downloaded_under_its_name(cast: Cast, enqueue: Enqueue) -> None:
    """It comes as an attachment, byte by byte; before there is one the answer is 404."""
    job, client = enqueue(), cast.client("viewer")
    url = reverse("download_job_file", args=[job.pk])
    assert client.get(url).status_code == 404
    finish(job, ResultFile("Übersicht.pdf", "application/pdf", b"%PDF-1.7"))
    answer = client.get(url)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (
        200,
        b"%PDF-1.7",
        "application/pdf",
    )
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%9Cbersicht.pdf"


def test_what_a_handler_reports_is_escaped(cast: Cast, enqueue: Enqueue) -> None:
    """Nothing that came from a plan becomes markup."""
    job = enqueue()
    Job.objects.update(message="<b>T1</b>", detail={"<i>": "<script>"})
    page = cast.client("viewer").get(job.get_absolute_url()).text
    assert "&lt;b&gt;T1&lt;/b&gt;" in page
    assert "<script>" not in page
