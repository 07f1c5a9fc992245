"""Approved budget, costs and forecasts. Amounts are in the organization's currency, two places."""

from datetime import date
from decimal import Decimal
from typing import Any, NoReturn, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from pmo.common.local.days import Day, FiscalYear
from pmo.common.models import AppendOnlyError, Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import Bounded
from pmo.common.records.fields import Line, Prose
from projects.domain.kinds import BudgetKind, CostKind, FundingKind
from projects.models.project import InProject, InProjectQuerySet, Project

TOO_MUCH = Decimal(10) ** 13  # from here on a database of floats loses cents, then the amount


def within_reason(amount: Decimal) -> None:
    if abs(amount) >= TOO_MUCH:
        raise ValidationError("Give an amount below ten trillion.", code="too_much")


class Amount(Bounded, models.DecimalField):  # type: ignore[type-arg]  # Django has no generic fields at run time
    """An amount of money; `negative` is the sentence that refuses one below 0, "" lets it be."""

    most = TOO_MUCH - Decimal("0.01")

    def __init__(self, *args: Any, negative: str = "", **kwargs: Any) -> None:
        self.said = negative
        self.least = Decimal() if negative else -self.most
        if negative:
            self.default_validators = [MinValueValidator(0, negative)]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return it as Django's own: its bounds are no part of the schema."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs


def money_field(**options: Any) -> "models.DecimalField[Any, Any]":
    return Amount(max_digits=16, decimal_places=2, validators=[within_reason], **options)


def amount_or_reason(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(amount__isnull=False) | ~Q(stated_reason=""),
        name=name,
        violation_error_message="Give an amount, or say why there is none.",
    )


class FundingSource(Versioned):
    """Where money comes from, what it may be spent on and until when; None is no limit."""

    code = Line(max_length=30, unique=True)
    name = Line(max_length=120)
    kind = models.CharField(
        max_length=12,
        choices=FundingKind.choices(),
        default=FundingKind.CAPITAL.value,
    )
    restriction = Prose(max_length=500)  # what the money is bound to; empty is unrestricted
    amount = money_field(null=True, blank=True, negative="The amount cannot be negative.")
    available_from = Day(null=True, blank=True)
    expires_on = Day(null=True, blank=True)

    searched = ("name", "code")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="fundingsource_not_negative",
                violation_error_message="The amount cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(available_from=None)
                | Q(expires_on=None)
                | Q(expires_on__gte=models.F("available_from")),
                name="fundingsource_in_order",
                violation_error_message="The money expires before it is available.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("projects:funding_source", self.pk)


class BudgetLineQuerySet(InProjectQuerySet["BudgetLine"]):
    def with_counting(self) -> Self:
        """Add whether a line `counts` in the approved budget: whole-life, or where there is none any."""
        whole = BudgetLine.objects.filter(project=OuterRef("project"), fiscal_year=None)
        counts = ExpressionWrapper(
            Q(fiscal_year=None) | ~Exists(whole), output_field=models.BooleanField()
        )
        return self.annotate(counts=counts)


class BudgetLine(InProject, Versioned):
    """
    Approved money for one category.

    Without a fiscal year the line is whole-life money; with one it is the part planned for that
    year. `cost_center` is what the finance system books it under: postings are found by it. A
    project's approved budget is the sum of its whole-life lines, or, when it has none, of
    all its year lines: never both.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="budget_lines")
    category = Line(max_length=80)
    kind = models.CharField(
        max_length=12,
        choices=BudgetKind.choices(),
        default=BudgetKind.CAPITAL.value,
    )
    fiscal_year = FiscalYear(null=True, blank=True)
    amount = money_field(null=True, blank=True, negative="An approved amount cannot be negative.")
    stated_reason = Line(max_length=200, blank=True, default="")
    approved_on = Day(null=True, blank=True)
    cost_center = Line(max_length=40, blank=True, default="")
    funding_source = models.ForeignKey(
        FundingSource, models.PROTECT, null=True, blank=True, related_name="budget_lines"
    )

    objects = BudgetLineQuerySet.as_manager()

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
        return address_of("projects:budget_line_edit", self.pk)


class CostEntryQuerySet(InProjectQuerySet["CostEntry"]):
    def commitments(self) -> Self:
        """Keep what was committed, with `paid`: what was booked against each."""
        paid = Coalesce(
            Sum("payments__amount"), Decimal(), output_field=models.DecimalField(max_digits=18)
        )
        return self.filter(kind=CostKind.COMMITMENT.value).annotate(paid=paid)


class CostEntry(InProject, Versioned):
    """
    Money spent (actual) or bound by a contract (commitment). Credits are negative.

    An actual cost may be paid against a commitment of its project and line: the open commitment is
    what was committed, less what was paid against it. `source_id` is what another program knows it by
    (a posting of the ledger, a purchase order), once in each `source` and kind; empty for what was
    typed in here.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="cost_entries")
    line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="cost_entries"
    )
    kind = models.CharField(
        max_length=12, choices=CostKind.choices(), default=CostKind.ACTUAL.value
    )
    commitment = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="payments"
    )
    entry_date = Day()
    amount = money_field()
    note = Line(max_length=200, blank=True, default="")
    source = models.CharField(max_length=40, blank=True, default="")
    source_id = models.CharField(max_length=120, blank=True, default="")

    objects = CostEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(commitment=None) | Q(kind=CostKind.ACTUAL.value),
                name="costentry_payment_is_actual",
                violation_error_message="Only an actual cost is paid against a commitment.",
            ),
            models.UniqueConstraint(
                fields=["kind", "source", "source_id"],
                condition=~Q(source_id=""),
                name="costentry_once_per_source",
                violation_error_message="This posting is here already.",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "kind", "entry_date"], name="costentry_by_project")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.entry_date}"

    def get_absolute_url(self) -> str:
        return address_of("projects:cost_entry_edit", self.pk)


class MonthForecastQuerySet(InProjectQuerySet["MonthForecast"]):
    """Kept for ever: the latest entry of a month is its forecast."""

    def standing(self, *, as_of: date) -> Self:
        """Keep what stood on a day: of each line and month the last entry made by then."""
        line = Coalesce("line_id", 0)
        later = (
            MonthForecast.objects.filter(
                project=OuterRef("project"), month=OuterRef("month"), made_on__lte=as_of
            )
            .alias(of_line=line)
            .filter(of_line=OuterRef("of_line"))
            .filter(
                Q(made_on__gt=OuterRef("made_on"))
                | Q(made_on=OuterRef("made_on"), pk__gt=OuterRef("pk"))
            )
        )
        return self.alias(of_line=line).filter(~Exists(later), made_on__lte=as_of)

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyError("A forecast is never changed; make a new one.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("A forecast is never removed.")


class MonthForecast(InProject):
    """What was expected to be spent in a month, on the day it was said; 0 takes it back."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="month_forecasts")
    line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="month_forecasts"
    )
    month = Day()  # its first day
    amount = money_field()
    made_on = Day()

    objects = MonthForecastQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="monthforecast_first_day"),
        ]
        indexes = [
            models.Index(
                fields=["project", "month", "-made_on", "-id"], name="monthforecast_latest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.amount}"


class ForecastEntryQuerySet(InProjectQuerySet["ForecastEntry"]):
    """Kept for ever: the latest entry is the forecast, the others are its memory."""

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyError("A forecast is never changed; make a new one.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("A forecast is never removed.")


class ForecastEntry(InProject):
    """What the project, or its share of a fiscal year, was expected to cost, on the day it was said."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="forecast_entries")
    fiscal_year = FiscalYear(null=True, blank=True)
    amount = money_field(null=True, blank=True, negative="A forecast cost cannot be negative.")
    stated_reason = Line(max_length=200, blank=True, default="")
    made_on = Day()

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
