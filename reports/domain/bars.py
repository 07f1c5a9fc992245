"""What the charts of a portfolio draw: plain rows of names, amounts and dates."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CostBar:
    """A distance from an approved budget, positive = over; `project` None stands for several."""

    name: str
    approved: Decimal
    forecast: Decimal
    variance: Decimal
    project: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One project's planned and forecast time; the three dates are known."""

    project: int
    name: str
    color: str
    start: date
    planned: date
    forecast: date
    slip_days: int
    milestone: str
    milestone_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePoint:
    """One frozen day of one project; None where it was not known."""

    day: date
    declared: str
    measured: str
    approved: Decimal | None
    forecast_cost: Decimal | None
    forecast_finish: date | None
