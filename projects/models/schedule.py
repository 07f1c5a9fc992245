"""Milestones: what must be true when, as planned, as forecast and as it came."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import SmallCount
from pmo.common.records.fields import Line
from projects.domain.kinds import MilestoneKind
from projects.models.project import InProject, InProjectQuerySet, Project

HEAVIEST = 100
WEIGHT = "The weight is a whole number from 1 to 100."


class MilestoneQuerySet(InProjectQuerySet["Milestone"]):
    def undone(self) -> Self:
        return self.filter(actual_date=None)

    def overdue(self, as_of: date) -> Self:
        """Keep what should be done by `as_of`, as forecast, and is not."""
        return self.undone().filter(due_date__lt=as_of)

    def by_date(self) -> Self:
        return self.order_by("due_date", "pk")


class Milestone(InProject, Versioned):
    """One point in a project's plan. `due_date` is actual, else forecast, else baseline."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    name = Line(max_length=200)
    kind = models.CharField(
        max_length=12,
        choices=MilestoneKind.choices(),
        default=MilestoneKind.DELIVERABLE.value,
    )
    baseline_date = Day(null=True, blank=True)
    forecast_date = Day(null=True, blank=True)
    actual_date = Day(null=True, blank=True)
    weight = SmallCount(default=1, least=1, most=HEAVIEST, said=WEIGHT)
    due_date = models.GeneratedField(
        expression=Coalesce("actual_date", "forecast_date", "baseline_date"),
        output_field=models.DateField(null=True),
        db_persist=True,
    )

    searched = ("name", "project__name", "project__code")
    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                name="milestone_name_once",
                violation_error_message="This project already has a milestone of this name.",
            ),
            models.CheckConstraint(
                condition=Q(baseline_date__isnull=False) | Q(forecast_date__isnull=False),
                name="milestone_has_a_date",
                violation_error_message="Give the milestone a baseline or a forecast date.",
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1) & Q(weight__lte=100),
                name="milestone_weight_in_range",
                violation_error_message=WEIGHT,
            ),
        ]
        indexes = [
            models.Index(F("project"), F("due_date"), name="milestone_by_date"),
            models.Index(F("due_date"), name="milestone_due"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("projects:milestone_edit", self.pk)

    @property
    def slip_days(self) -> int | None:
        """Days from baseline to actual or forecast, positive = late; None without a baseline."""
        if self.baseline_date is None or self.due_date is None:
            return None
        return int((self.due_date - self.baseline_date).days)
