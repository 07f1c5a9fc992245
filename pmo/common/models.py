"""Records that belong to no app in particular: the audit trail, background jobs, attributions."""

from datetime import datetime
from typing import NoReturn, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from pmo.common.records.fields import Line

M = TypeVar("M", bound=models.Model, covariant=True)  # noqa: PLC0105 - as in the stubs


class AppendOnlyError(Exception):
    """Somebody tried to rewrite or remove a row that must stay as it was written."""


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Refuses to change or remove rows: the past stays as it was."""

    def update(self, **_kwargs: object) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never removed.")


class Versioned(models.Model):
    """A record people edit: `version` goes up by one with each save, so that no edit is lost."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True


class AuditHead(models.Model):
    """The end of the audit chain; one row, locked while a new event is appended."""

    sequence = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"event {self.sequence}"


class AuditEvent(models.Model):
    """
    Who did what to which record; written only by `pmo.common.records.audit.record`.

    `body` is the exact text that was hashed; the other columns repeat parts of it for searching.
    """

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="audit_events"
    )
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=100)
    scope = models.CharField(max_length=100, blank=True, default="")
    body = models.TextField()
    previous_mac = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64, unique=True)

    objects = AppendOnlyQuerySet["AuditEvent"].as_manager()

    class Meta:
        constraints = [
            # two events after the same one would be a fork
            models.UniqueConstraint(fields=["previous_mac"], name="auditevent_one_successor")
        ]
        indexes = [
            models.Index(fields=["target", "-sequence"], name="auditevent_by_target"),
            models.Index(fields=["scope", "-sequence"], name="auditevent_by_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> Self:
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])

    def ready(self, *, now: datetime) -> Self:
        """Keep what may be started: due, and not held by a worker whose lease still runs."""
        free = models.Q(lease_until=None) | models.Q(lease_until__lt=now)
        return self.open().filter(free, due_at__lte=now)


class Job(models.Model):
    """A long piece of work as a row: Celery only carries its id."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs"
    )
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True, default="")
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="job_once_per_key"),
            models.CheckConstraint(
                condition=models.Q(state__in=list(JobState)), name="job_state_known"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="job_ready")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_finished(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}


class Heartbeat(models.Model):
    """
    When the clock last ticked: proof that scheduler and worker are both alive. One row.

    `doubted` is what the clock says where that is too far from the last tick to be believed.
    """

    at = models.DateTimeField()
    doubted = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.at.isoformat()


class Submission(models.Model):
    """
    One form or call of the API that was done, so that it is not done again.

    `key` is made of the key that was sent, of who sent it and where to, `body` of what it said:
    neither can be read back. `answer` is what the second sender hears.
    """

    key = models.CharField(max_length=64, primary_key=True)
    body = models.CharField(max_length=64)
    answer = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="submission_by_age")]

    def __str__(self) -> str:
        return self.key


class Attribution(models.Model):
    """A sentence that the license of imported data asks to be shown wherever it is."""

    text = Line(max_length=300, unique=True)

    def __str__(self) -> str:
        return str(self.text)
