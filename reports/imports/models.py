"""
Imports: the named mappings of tables, and each run from upload to the applied rows.

Tables and the trail call them what they were called before this wing had a label of its own.
"""

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import Job, Versioned
from pmo.common.records.fields import Line
from portfolio.models import Portfolio


class ImportProfile(Versioned):
    """A mapping that somebody saved; `document` is what `profile_from_dict` reads."""

    name = Line(
        max_length=80,
        unique=True,
        error_messages={"unique": "Another profile already has this name."},
    )
    document = models.JSONField(default=dict)

    trail_label = "reports.importprofile"

    class Meta:
        db_table = "reports_importprofile"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="importprofile_name_not_blank")
        ]

    def __str__(self) -> str:
        return str(self.name)


class ImportState(models.TextChoices):
    MAPPING = "mapping", "Choose columns"
    CHECKING = "checking", "Being checked"
    FAULTY = "faulty", "Has problems"
    READY = "ready", "Ready to apply"
    APPLYING = "applying", "Being applied"
    APPLIED = "applied", "Applied"
    DISCARDED = "discarded", "Discarded"
    FORGOTTEN = "forgotten", "Forgotten, nobody applied it"


OVER = (ImportState.APPLIED, ImportState.DISCARDED, ImportState.FORGOTTEN)


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the user's own runs: a file may name projects that nobody else may see."""
        if isinstance(user, AnonymousUser):
            return self.none()
        return self.filter(created_by=user)

    def left_open(self, *, before: datetime) -> Self:
        """Keep the runs that wait since before then, and that nobody had checked again."""
        last = Q(job=None) | Q(job__created_at__lt=before)
        return self.exclude(state__in=OVER).filter(last, created_at__lt=before)

    def for_list(self) -> Self:
        return self.select_related("portfolio").defer("content", "report").order_by("-pk")


class ImportRun(models.Model):
    """
    One file on its way in.

    `document` is the mapping as it was when the file was checked. `content` is emptied once the
    rows are applied or the run is discarded or forgotten; `digest` (SHA-256) still says which file it was.
    """

    file_name = Line(max_length=200)
    content = models.BinaryField(default=bytes)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    document = models.JSONField(default=dict)
    portfolio = models.ForeignKey(
        Portfolio, models.PROTECT, null=True, blank=True, related_name="import_runs"
    )
    as_of = Day(null=True, blank=True)  # None: as the rows say, or today
    is_complete = models.BooleanField(default=False)  # projects not in the file leave the portfolio
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.MAPPING)
    report = models.JSONField(default=dict)
    checks = models.PositiveSmallIntegerField(default=0)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="import_runs")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    trail_label = "reports.importrun"

    class Meta:
        db_table = "reports_importrun"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(ImportState)), name="importrun_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(state="applied") & Q(applied_at__isnull=False))
                | (~Q(state="applied") & Q(applied_at=None)),
                name="importrun_applied_has_time",
            ),
        ]
        indexes = [models.Index(fields=["created_by", "-id"], name="importrun_by_person")]

    def __str__(self) -> str:
        return str(self.file_name)

    def get_absolute_url(self) -> str:
        return reverse("reports:import_detail", args=[self.pk])

    def scoped_by(self) -> None:
        """Belong to no project: the permission to import is asked for itself."""

    @property
    def is_open(self) -> bool:
        return self.state not in OVER
