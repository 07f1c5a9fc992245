"""Approved budget, costs and forecasts. Amounts are in the organization's currency, two places."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pmo.common.fields import Line
from pmo.common.models import AppendOnlyError, Versioned
from projects.domain.kinds import BudgetKind, CostKind
from projects.models.project import InProject, InProjectQuerySet, Project


def money_field(**options: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=16, decimal_places=2, **options)


def amount_or_reason(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(amount__isnull=False) | ~Q(stated_reason=""),
        name=name,
        violation_error_message="Give an amount, or say why there is none.",
    )


class BudgetLine(InProject, Versioned):
    """
    Approved money for one category.

    Without a fiscal year the line is whole-life money; with one it is the part planned for that
    year. A project's approved budget is the sum of its whole-life lines, or, when it has none, of
    all its year lines: never both.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="budget_lines")
    category = Line(max_length=80)
    kind = models.CharField(
        max_length=12,
        choices=[(k.value, k.label) for k in BudgetKind],
        default=BudgetKind.CAPITAL.value,
    )
    fiscal_year = models.PositiveSmallIntegerField(null=True, blank=True)
    amount = money_field(null=True, blank=True)
    stated_reason = Line(max_length=200, blank=True, default="")
    approved_on = models.DateField(null=True, blank=True)

    objects = InProjectQuerySet["BudgetLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "category", "kind", "fiscal_year"],
                name="budgetline_once_per_year",
                violation_error_message="This project already has this line; change that one.",
            ),
            models.UniqueConstraint(
                fields=["project", "category", "kind"],
                condition=Q(fiscal_year=None),
                name="budgetline_once_whole_life",
                violation_error_message="This project already has this line; change that one.",
            ),
            amount_or_reason("budgetline_amount_or_reason"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="budgetline_not_negative",
                violation_error_message="An approved amount cannot be negative.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.category)

    def get_absolute_url(self) -> str:
        return reverse("projects:budget_line_edit", args=[self.pk])


class CostEntry(InProject, Versioned):
    """Money spent (actual) or bound by a contract (commitment). Credits are negative."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="cost_entries")
    line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="cost_entries"
    )
    kind = models.CharField(
        max_length=12, choices=[(k.value, k.label) for k in CostKind], default=CostKind.ACTUAL.value
    )
    entry_date = models.DateField()
    amount = money_field()
    note = Line(max_length=200, blank=True, default="")

    objects = InProjectQuerySet["CostEntry"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["project", "kind", "entry_date"], name="costentry_by_project")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.entry_date}"

    def get_absolute_url(self) -> str:
        return reverse("projects:cost_entry_edit", args=[self.pk])


class ForecastEntryQuerySet(InProjectQuerySet["ForecastEntry"]):
    """Kept for ever: the latest entry is the forecast, the others are its memory."""

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyError("A forecast is never changed; make a new one.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("A forecast is never removed.")


class ForecastEntry(InProject):
    """What the project, or its share of a fiscal year, was expected to cost, on the day it was said."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="forecast_entries")
    fiscal_year = models.PositiveSmallIntegerField(null=True, blank=True)
    amount = money_field(null=True, blank=True)
    stated_reason = Line(max_length=200, blank=True, default="")
    made_on = models.DateField()

    objects = ForecastEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            amount_or_reason("forecastentry_amount_or_reason"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="forecastentry_not_negative",
                violation_error_message="A forecast cost cannot be negative.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "fiscal_year", "-made_on", "-id"], name="forecastentry_latest"
            )
        ]

    def __str__(self) -> str:
        return f"Forecast of {self.made_on}"
