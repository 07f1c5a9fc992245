"""Schedule files on their way into a plan, and what is needed to take one back."""

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from pmo.accounts.models import User
from pmo.common.models import Job
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Line
from projects.models.project import InProject, InProjectQuerySet, Project


class PlanImportState(models.TextChoices):
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked, not written"
    APPLIED = "applied", "Written"
    UNDONE = "undone", "Undone"
    DISCARDED = "discarded", "Discarded"
    FORGOTTEN = "forgotten", "Forgotten, nobody wrote it"


OPEN = (PlanImportState.CHECKING, PlanImportState.CHECKED)


class PlanImportQuerySet(InProjectQuerySet["PlanImport"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep what belongs to projects the user may see; files and former plans load when asked for."""
        return super().visible_to(user).defer("content", "before")

    def left_open(self, *, before: datetime) -> Self:
        """Keep the files that wait since before then, and that nobody had checked again."""
        last = Q(job=None) | Q(job__created_at__lt=before)
        return self.filter(last, state__in=OPEN, imported_at__lt=before)

    def for_list(self) -> Self:
        """Keep what was not discarded, newest first, without the files and plans in it."""
        return (
            self.exclude(state=PlanImportState.DISCARDED)
            .select_related("imported_by", "job")
            .defer("content", "before", "losses", "baseline")
            .order_by("-imported_at", "-pk")
        )


class PlanImport(InProject):
    """
    One schedule file for a project's plan.

    `content` is emptied once the file is written, discarded or forgotten; `digest` (SHA-256) still says which
    file it was. The plan's digests tell whether somebody changed it since.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="plan_imports")
    file_name = Line(max_length=200)
    digest = models.CharField(max_length=64)
    format = models.CharField(max_length=20, blank=True, default="")
    content = models.BinaryField(default=bytes)
    state = models.CharField(
        max_length=10, choices=PlanImportState, default=PlanImportState.CHECKED
    )
    checks = models.PositiveSmallIntegerField(default=0)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")  # the last one
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField()
    losses = models.JSONField(default=list)  # what is kept, changed and lost
    counts = models.JSONField(default=dict)
    baseline = models.JSONField(default=list)  # what the file says was approved, row by row
    plan_digest = models.CharField(
        max_length=64, blank=True, default=""
    )  # of the plan that the file was checked against
    before = models.JSONField(default=dict)  # the whole plan as it was
    after_digest = models.CharField(max_length=64, blank=True, default="")
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = PlanImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(PlanImportState)), name="planimport_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["applied", "undone"], applied_at__isnull=False)
                | Q(state__in=["checking", "checked", "discarded", "forgotten"], applied_at=None),
                name="planimport_applied_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False)
                | (~Q(state="undone") & Q(undone_at=None)),
                name="planimport_undone_has_time",
            ),
        ]
        indexes = [models.Index(fields=["project", "-imported_at"], name="planimport_by_project")]

    def __str__(self) -> str:
        return str(self.file_name)

    @property
    def is_open(self) -> bool:
        """Say whether it may still be written or discarded."""
        return self.state in OPEN

    @property
    def trouble(self) -> str:
        """Return why its last job refused the file; "" where none did, or it is written by now."""
        is_written = self.state in {PlanImportState.APPLIED, PlanImportState.UNDONE}
        return "" if self.job is None or is_written else str(self.job.error)

    def get_absolute_url(self) -> str:
        return address_of("projects:plan_import", self.pk)
