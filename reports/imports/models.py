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
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
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
    STOPPED = "stopped", "Stopped"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"
    FORGOTTEN = "forgotten", "Forgotten, nobody applied it"


WROTE = (ImportState.APPLIED, ImportState.STOPPED, ImportState.UNDOING, ImportState.UNDONE)
OVER = (*WROTE, ImportState.DISCARDED, ImportState.FORGOTTEN)


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the user's own runs, and for who may undo them those of others that wrote something."""
        if isinstance(user, AnonymousUser):
            return self.none()
        mine = Q(created_by=user)
        if scope_of(user, Permission.IMPORT_UNDO).everywhere:
            # whoever may undo everybody's imports finds those that wrote something
            mine |= Q(state__in=list(WROTE))
        return self.filter(mine)

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
    `effects` is what the import did beside its rows, as `services.effects` keeps it for an undo.
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
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # how often somebody let it be written
    is_to_stop = models.BooleanField(default=False)  # somebody asked to stop between two chunks
    headers = models.JSONField(default=list)  # of the file, for the rows that are handed back
    effects = models.JSONField(default=list)
    # position of a row -> place of a cell in it -> what stands there instead of the file's text
    mends = models.JSONField(default=dict)
    # the first import of several sheets of one workbook, of those that were chosen with it
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="followers"
    )

    objects = ImportRunQuerySet.as_manager()

    trail_label = "reports.importrun"

    class Meta:
        db_table = "reports_importrun"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(ImportState)), name="importrun_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(state__in=list(WROTE)) & Q(applied_at__isnull=False))
                | (~Q(state__in=list(WROTE)) & Q(applied_at=None)),
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

    @property
    def sheet(self) -> str:
        """The sheet of the workbook that was named; "" for the likeliest and for no workbook."""
        source = self.document.get("source") or {}
        return str(source.get("sheet") or "")


class RowState(models.TextChoices):
    READY = "ready", "To be written"
    WRITTEN = "written", "Written"
    UNCHANGED = "unchanged", "Unchanged"
    LEFT_OUT = "left_out", "Left out"
    REFUSED = "refused", "Handed back"
    UNDONE = "undone", "Undone"
    KEPT = "kept", "Kept at the undo"


class StagedRowQuerySet(models.QuerySet["StagedRow"]):
    def of(self, run: ImportRun) -> Self:
        """Keep the rows of the run's last check, in the order of the file."""
        return self.filter(run=run, check_number=run.checks).order_by("position")

    def to_write(self) -> Self:
        """Keep what waits to be written, oldest day first; rows without a day come last."""
        return self.filter(state=RowState.READY).order_by(
            models.F("as_of").asc(nulls_last=True), "position"
        )


class StagedRow(models.Model):
    """
    One row of a checked file: what it says, what it would change, and what became of it.

    `cells` are the file's texts in its own order, emptied where they may identify a patient and after
    some days. `changes` lists [field, label, old, new] as pages write them; `problems` lists
    [line, column, field, what is wrong, what would be right]; `warnings` are as `services.warned` keeps them.
    `effects` is what was written, as `services.effects` keeps it for an undo.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    check_number = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=10, blank=True, default="")  # of a record in a column
    state = models.CharField(max_length=10, choices=RowState)
    outcome = models.CharField(max_length=10, blank=True, default="")
    as_of = models.DateField(null=True)
    key = models.CharField(
        max_length=80, blank=True, default=""
    )  # rows of one record have the same
    code = models.TextField(blank=True, default="")
    name = models.TextField(blank=True, default="")
    cells = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    has_warnings = models.BooleanField(default=False)
    project = models.PositiveBigIntegerField(null=True)  # its id; the project may be removed
    effects = models.JSONField(default=list)

    objects = StagedRowQuerySet.as_manager()

    trail_label = "reports.importrow"

    class Meta:
        db_table = "reports_importrow"
        constraints = [
            models.UniqueConstraint(
                fields=["run", "check_number", "position"], name="importrow_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(RowState)), name="importrow_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["run", "check_number", "state", "position"], name="importrow_by_state"
            )
        ]

    def __str__(self) -> str:
        return f"line {self.line}"

    @property
    def effect(self) -> str:
        """What the row does or did, in a word."""
        if self.state in {RowState.READY, RowState.WRITTEN}:
            return {"created": "New", "updated": "Changed"}.get(self.outcome, "Unchanged")
        return RowState(self.state).label


class Spared(models.Model):
    """A row behind a fence that may go, for as long as one transaction of an undo."""

    of_table = models.CharField(max_length=63)
    row = models.BigIntegerField()

    class Meta:
        db_table = "reports_importspared"
        constraints = [
            models.UniqueConstraint(fields=["of_table", "row"], name="importspared_once")
        ]

    def __str__(self) -> str:
        return f"{self.of_table}:{self.row}"
