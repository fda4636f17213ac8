"""The job panel: how far a job is, stopping it, downloading its file."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from planner_core.vocabulary import Role
from taskplanner.accounts.access import require_role
from taskplanner.accounts.models import Membership
from taskplanner.accounts.selectors import role_at_least
from taskplanner.htmx import HtmxHttpRequest, render_fragment, trigger, wants_fragment
from taskplanner.jobs.models import Job
from taskplanner.jobs.presenters import present_job
from taskplanner.jobs.selectors import all_jobs
from taskplanner.jobs.services import request_cancel


def _fetch(request: HtmxHttpRequest, job_id: UUID, role: Role) -> tuple[Job, Membership]:
    job = get_object_or_404(all_jobs(), pk=job_id)
    return job, require_role(request, job.team, role)


def _show(request: HtmxHttpRequest, job: Job, membership: Membership) -> HttpResponse:
    panel = present_job(job, may_cancel=role_at_least(membership.role, Role.MEMBER))
    response = render_fragment(request, "jobs/job.html", "job-panel", {"panel": panel})
    polled = wants_fragment(request) and request.htmx.trigger == f"job-panel-{job.pk}"
    return trigger(response, "jobFinished", {"job": str(job.pk)}) if polled and not job.is_open else response


@login_required
@require_GET
@never_cache
def job(request: HtmxHttpRequest, job_id: UUID) -> HttpResponse:
    """The panel of a job, or its page; only a job that waits or runs asks for itself again.

    The poll that finds the job over fires `jobFinished` on the page.
    """
    return _show(request, *_fetch(request, job_id, Role.VIEWER))


@login_required
@require_POST
def cancel_job(request: HtmxHttpRequest, job_id: UUID) -> HttpResponse:
    """Stop a job; one that is over stays as it is."""
    job, membership = _fetch(request, job_id, Role.MEMBER)
    request_cancel(job_id=job.pk, now=timezone.now())
    if not wants_fragment(request):
        return redirect(job)
    job.refresh_from_db(fields=["state", "cancel_requested", "finished"])
    return _show(request, job, membership)


@login_required
@require_GET
@never_cache
def download_job_file(request: HtmxHttpRequest, job_id: UUID) -> HttpResponse:
    """The file that a job made; 404 while there is none."""
    job, _ = _fetch(request, job_id, Role.VIEWER)
    if job.file_content is None:
        raise Http404
    disposition = content_disposition_header(as_attachment=True, filename=job.file_name) or "attachment"
    return HttpResponse(
        bytes(job.file_content),
        content_type=job.file_type,
        headers={"Content-Disposition": disposition},
    )
