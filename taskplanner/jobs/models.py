"""The job's row: the one truth about what there is to do, who does it, and what came of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse


class JobState(models.TextChoices):
    """Where a job stands. Queued and running are on the way; the others are final."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    DEAD = "dead", "Given up"
    CANCELLED = "cancelled", "Cancelled"


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)


class Job(models.Model):
    """Work done in the background for a team.

    A worker owns a running job by its `fence` until `lease_expires`: every write it makes is conditional on
    the fence, so a worker that lost its job can change nothing. `failed` means that the handler said why it
    cannot be done; `dead` that `max_attempts` workers died or raised.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    fence = models.PositiveIntegerField(default=0)
    lease_expires = models.DateTimeField(null=True)
    # When a message was last sent for it; null: none yet, the sweep sends one when the broker has room.
    woken = models.DateTimeField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    cancel_requested = models.BooleanField(default=False)
    result = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    file_name = models.CharField(max_length=200, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    file_content = models.BinaryField(null=True)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="jobs"
    )
    created = models.DateTimeField()
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="job_state_is_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(name="job_percent_is_a_percentage", condition=Q(percent__lte=100)),
            models.CheckConstraint(
                name="job_attempts_are_limited", condition=Q(attempts__lte=F("max_attempts"))
            ),
            models.CheckConstraint(
                name="job_has_a_lease_while_running",
                condition=Q(state=JobState.RUNNING, lease_expires__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_expires__isnull=True)),
            ),
            models.CheckConstraint(
                name="job_is_finished_when_final",
                condition=Q(state__in=OPEN_STATES, finished__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(finished__isnull=False)),
            ),
            models.CheckConstraint(
                name="job_file_has_a_name",
                condition=Q(file_name="", file_content__isnull=True)
                | (~Q(file_name="") & Q(file_content__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="job_open", fields=["state", "created"], condition=Q(state__in=OPEN_STATES)),
            models.Index(name="job_team_newest", fields=["team", "-created"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.state})"

    def get_absolute_url(self) -> str:
        """The page that shows how far the job is and what came of it."""
        return reverse("job", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in OPEN_STATES

    @property
    def has_file(self) -> bool:
        """Whether its result is a file to download."""
        return self.file_name != ""
