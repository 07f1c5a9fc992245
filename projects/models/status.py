"""The weekly status update: a draft while it is written, unchangeable once published."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import AppendOnlyError
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import SmallCount
from pmo.common.records.fields import Line, Prose
from projects.domain.colors import Color
from projects.domain.health import Axis
from projects.models.money import money_field
from projects.models.project import InProject, InProjectQuerySet, Project

PERCENT = "Percent complete goes from 0 to 100."


class UpdateState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class StatusUpdateQuerySet(InProjectQuerySet["StatusUpdate"]):
    def published(self) -> Self:
        return self.filter(state=UpdateState.PUBLISHED)

    def drafts(self) -> Self:
        return self.filter(state=UpdateState.DRAFT)

    def newest_first(self) -> Self:
        return self.order_by("-week", "-revision", "-pk")

    def latest_per_project(self, *, until: date, before: datetime | None = None) -> Self:
        """
        Keep each project's last published update of a week not after `until`.

        `before` keeps the last that was published before then.
        """
        found = StatusUpdate.objects.filter(
            project=OuterRef("project"), state=UpdateState.PUBLISHED, week__lte=until
        )
        if before:
            found = found.filter(published_at__lt=before)
        last = found.order_by("-week", "-revision").values("pk")[:1]
        return self.filter(pk=Subquery(last))

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyError("A published status update is never changed; save a draft by itself.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("A published status update is never removed.")


def color_field(**options: Any) -> "models.CharField[Any, Any]":
    return models.CharField(max_length=5, choices=Color.choices(), **options)


class StatusUpdate(InProject):
    """
    What the manager says about one project in one week.

    Published rows never change; a correction is a new revision of the same week. An axis without a
    color was not judged. `help_needed` is required when the overall color is red.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="status_updates")
    week = Day()
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=UpdateState, default=UpdateState.DRAFT)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="status_updates")
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    overall = color_field(blank=True, default="")
    overall_note = Prose(max_length=280)
    schedule = color_field(blank=True, default="")
    schedule_note = Prose(max_length=280)
    cost = color_field(blank=True, default="")
    cost_note = Prose(max_length=280)
    scope = color_field(blank=True, default="")
    scope_note = Prose(max_length=280)
    risk = color_field(blank=True, default="")
    risk_note = Prose(max_length=280)
    resources = color_field(blank=True, default="")
    resources_note = Prose(max_length=280)
    quality = color_field(blank=True, default="")
    quality_note = Prose(max_length=280)
    # the color in the words of whoever published it, where that scale is not ours ("Amber/Red")
    published_rating = Line(max_length=60, blank=True, default="")

    done = Prose(max_length=1000)
    next_steps = Prose(max_length=1000)
    help_needed = Prose(max_length=280)
    help_from = Line(max_length=120, blank=True, default="")
    help_due = Day(null=True, blank=True)

    percent_complete = SmallCount(null=True, blank=True, least=0, most=100, said=PERCENT)
    forecast_cost = money_field(null=True, blank=True)
    forecast_finish_date = Day(null=True, blank=True)
    # milestone id -> {"forecast": ISO date or "", "actual": ISO date or ""}, only what the writer
    # touched; applied at publishing
    milestone_dates = models.JSONField(default=dict, blank=True)

    objects = StatusUpdateQuerySet.as_manager()
    _is_sealed = False

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="draft"), name="statusupdate_one_draft"
            ),
            models.UniqueConstraint(
                fields=["project", "week", "revision"],
                condition=Q(state="published"),
                name="statusupdate_revision_once",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None)
                | Q(state="published", published_at__isnull=False),
                name="statusupdate_published_has_time",
            ),
            models.CheckConstraint(
                # a rating published elsewhere came without an ask
                condition=~Q(state="published", overall="red", help_needed="", published_rating=""),
                name="statusupdate_red_asks",
                violation_error_message="A red project must say what decision or help it needs.",
            ),
            models.CheckConstraint(
                condition=Q(percent_complete=None) | Q(percent_complete__lte=100),
                name="statusupdate_percent_in_range",
                violation_error_message="Percent complete cannot be more than 100.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "state", "-week", "-revision"], name="statusupdate_latest"
            ),
            models.Index(fields=["week", "state"], name="statusupdate_by_week"),
        ]

    def __str__(self) -> str:
        return f"{self.project}, week of {self.week}"

    def get_absolute_url(self) -> str:
        return address_of("projects:status_update", self.pk)

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        row = super().from_db(db, field_names, values, **options)
        row._is_sealed = row.__dict__.get("state") == UpdateState.PUBLISHED
        return row

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._is_sealed:
            raise AppendOnlyError(
                "A published status update is never changed; correct it by another."
            )
        super().save(*args, **kwargs)
        self._is_sealed = self.is_published

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self._is_sealed:
            raise AppendOnlyError("A published status update is never removed.")
        return super().delete(*args, **kwargs)

    def color_of(self, axis: Axis) -> Color:
        return Color(getattr(self, axis.value) or Color.NONE)

    def note_of(self, axis: Axis) -> str:
        return str(getattr(self, axis.note))

    @property
    def is_published(self) -> bool:
        return self.state == UpdateState.PUBLISHED
