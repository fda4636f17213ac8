"""Projects, and plans as rows. Rows of a plan are written by `mapping` alone, for the one door `change_plan`.

Every row of a plan names its plan, and is deleted with it. References inside a plan are enforced by the
database at the end of the transaction, and are nobody's cue to delete anything.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from planner_core.vocabulary import ClaimMode, Layer, Status
from taskplanner.accounts.models import Team

UID_LENGTH = 40
KEY_LENGTH = 80
NAME_LENGTH = 300
RANK_LENGTH = 100
PATTERN_LENGTH = 400


class Project(models.Model):
    """One code base: its plans and its file list, one path a line; the revision counts the list's changes."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(max_length=NAME_LENGTH)
    files = models.TextField(blank=True)
    files_revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "name"], name="project_name_once_in_team"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.pk])


class Plan(models.Model):
    """A plan's own fields and its version, which counts its changes and serves as its lock."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="plans")
    version = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=NAME_LENGTH)
    description = models.TextField(blank=True)
    agent_count = models.PositiveSmallIntegerField()
    keep_phases = models.BooleanField(default=False)
    default_estimate = models.PositiveIntegerField()
    threshold = models.FloatField(null=True)
    weights = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(agent_count__gte=1), name="plan_has_an_agent"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class Phase(models.Model):
    """A phase of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="phases")
    uid = models.CharField(max_length=UID_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)
    rank = models.CharField(max_length=RANK_LENGTH)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "uid"], name="phase_uid_once_in_plan"),
            models.UniqueConstraint(fields=["plan", "name"], name="phase_name_once_in_plan"),
        ]

    def __str__(self) -> str:
        return self.name


class Track(models.Model):
    """A track of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tracks")
    uid = models.CharField(max_length=UID_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)
    rank = models.CharField(max_length=RANK_LENGTH)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "uid"], name="track_uid_once_in_plan"),
            models.UniqueConstraint(fields=["plan", "name"], name="track_name_once_in_plan"),
        ]

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """A named agent of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="agents")
    uid = models.CharField(max_length=UID_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)
    rank = models.CharField(max_length=RANK_LENGTH)
    skills = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "uid"], name="agent_uid_once_in_plan"),
            models.UniqueConstraint(fields=["plan", "name"], name="agent_name_once_in_plan"),
        ]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """A task of a plan, without its claims and its progress. `estimate` is in minutes."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    uid = models.CharField(max_length=UID_LENGTH)
    key = models.CharField(max_length=KEY_LENGTH)
    rank = models.CharField(max_length=RANK_LENGTH)
    title = models.CharField(max_length=NAME_LENGTH, blank=True)
    description = models.TextField(blank=True)
    acceptance = models.JSONField(default=list)
    estimate = models.PositiveIntegerField(null=True)
    priority = models.PositiveSmallIntegerField()
    layer = models.CharField(max_length=20, null=True, choices=[(layer, layer) for layer in Layer])
    bounded_context = models.CharField(max_length=NAME_LENGTH, blank=True)
    phase = models.ForeignKey(Phase, on_delete=models.DO_NOTHING, null=True, related_name="tasks")
    track = models.ForeignKey(Track, on_delete=models.DO_NOTHING, null=True, related_name="tasks")
    agent = models.ForeignKey(Agent, on_delete=models.DO_NOTHING, null=True, related_name="tasks")
    parent = models.ForeignKey("self", on_delete=models.DO_NOTHING, null=True, related_name="children")
    skills = models.JSONField(default=list)
    parallel_safe = models.BooleanField(null=True)
    decides = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "uid"], name="task_uid_once_in_plan"),
            models.UniqueConstraint(fields=["plan", "key"], name="task_key_once_in_plan"),
            models.CheckConstraint(condition=Q(priority__range=(1, 5)), name="task_priority_1_to_5"),
        ]

    def __str__(self) -> str:
        return self.key


class Claim(models.Model):
    """What a task does with the paths that a pattern matches."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="claims")
    task = models.ForeignKey(Task, on_delete=models.DO_NOTHING, related_name="claims")
    mode = models.CharField(max_length=10, choices=[(mode, mode) for mode in ClaimMode])
    pattern = models.CharField(max_length=PATTERN_LENGTH)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "mode", "pattern"], name="claim_once_on_task"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.pattern}"


class Dependency(models.Model):
    """That the predecessor must be finished before the successor starts."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="dependencies")
    predecessor = models.ForeignKey(Task, on_delete=models.DO_NOTHING, related_name="successor_links")
    successor = models.ForeignKey(Task, on_delete=models.DO_NOTHING, related_name="predecessor_links")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="dependency_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="dependency_joins_two_tasks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} before {self.successor_id}"


class Verdict(models.Model):
    """The lead's own word on a pair of tasks, named in order of uid."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="verdicts")
    first = models.ForeignKey(Task, on_delete=models.DO_NOTHING, related_name="verdicts_as_first")
    second = models.ForeignKey(Task, on_delete=models.DO_NOTHING, related_name="verdicts_as_second")
    together = models.BooleanField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="verdict_once_on_pair"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="verdict_is_on_two_tasks"),
        ]

    def __str__(self) -> str:
        return f"{'together' if self.together else 'never together'}: {self.first_id}, {self.second_id}"


class Handoff(models.Model):
    """The content of a handoff: its texts as one JSON object, written and read by `mapping`."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="handoffs")
    uid = models.CharField(max_length=UID_LENGTH)
    content = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "uid"], name="handoff_uid_once_in_plan"),
        ]

    def __str__(self) -> str:
        return self.uid


class HandoffEnd(models.Model):
    """A task at one end of a handoff, in the order of `position`."""

    class Side(models.TextChoices):
        SOURCE = "source"
        RECEIVER = "receiver"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="handoff_ends")
    handoff = models.ForeignKey(Handoff, on_delete=models.DO_NOTHING, related_name="ends")
    task = models.ForeignKey(Task, on_delete=models.DO_NOTHING, related_name="handoff_ends")
    side = models.CharField(max_length=10, choices=Side.choices)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handoff", "task"], name="task_once_at_handoff"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.task_id}"


class Change(models.Model):
    """A list of edits that someone applied together: what made this version of the plan.

    `edits` are the core's, as JSON, in the edit format of their time. An undo reverts a change, a redo
    an undo. The creation is what the plan held from the start: nobody undoes it.
    """

    class Kind(models.TextChoices):
        CREATION = "creation"
        EDIT = "edit"
        UNDO = "undo"
        REDO = "redo"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="changes"
    )
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.EDIT)
    reverts = models.OneToOneField("self", on_delete=models.CASCADE, null=True, related_name="reverted_by")
    sentence = models.TextField()
    edits = models.JSONField()
    edit_format = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "version"], name="change_once_a_version"),
            models.CheckConstraint(
                condition=Q(kind__in=["creation", "edit"], reverts__isnull=True)
                | Q(kind__in=["undo", "redo"], reverts__isnull=False),
                name="change_reverts_when_undo_or_redo",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["plan", "actor", "-version"], name="change_of_actor")]

    def __str__(self) -> str:
        return f"{self.version}: {self.sentence}"


class TaskProgress(models.Model):
    """How far a task is. Beside the plan: refers to it by (plan, uid), and outlives an undone removal."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="progress")
    task_uid = models.CharField(max_length=UID_LENGTH)
    status = models.CharField(max_length=12, choices=[(status, status) for status in Status])
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "task_uid"], name="progress_once_a_task"),
        ]

    def __str__(self) -> str:
        return f"{self.task_uid}: {self.status}"
