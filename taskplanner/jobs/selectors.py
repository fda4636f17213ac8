"""Reading jobs. The file of a result is left in the database until somebody downloads it."""

from __future__ import annotations

from django.db.models import QuerySet

from taskplanner.jobs.models import Job


def all_jobs() -> QuerySet[Job]:
    """Every job with its team and who asked for it, without the files' content; the newest first."""
    return Job.objects.select_related("team", "created_by").defer("file_content").order_by("-created", "pk")
