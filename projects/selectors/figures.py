"""
The figures of projects, for many at once in a fixed number of queries.

This is the one home of approved budget, spent, forecast, milestone counts and measured colors: pages,
snapshots, reports and the API all ask here. Money is in the organization's currency.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db.models import Sum

from projects.domain.calendar import fiscal_year
from projects.domain.health import (
    NOT_MEASURED,
    Axis,
    CostFacts,
    Measure,
    ScheduleFacts,
    measure_cost,
    measure_overall,
    measure_schedule,
)
from projects.domain.kinds import CostKind
from projects.measures import provided
from projects.models import BudgetLine, CostEntry, ForecastEntry, Milestone, Project

SOON = timedelta(days=30)


class Amount(NamedTuple):
    """An amount, or None with the reason why it is not known."""

    value: Decimal | None
    reason: str = ""


NO_APPROVED = Amount(None, "No budget approved.")
NO_SPENT = Amount(None, "No cost recorded.")
NO_COMMITTED = Amount(None, "No commitment recorded.")
NO_FORECAST = Amount(None, "No forecast made.")
NO_YEAR_BUDGET = Amount(None, "No budget for this fiscal year.")
NO_YEAR_FORECAST = Amount(None, "No forecast for this fiscal year.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    approved: Amount = NO_APPROVED
    spent: Amount = NO_SPENT
    committed: Amount = NO_COMMITTED
    forecast: Amount = NO_FORECAST
    fiscal_year: int = 0
    year_budget: Amount = NO_YEAR_BUDGET
    year_forecast: Amount = NO_YEAR_FORECAST

    @property
    def variance(self) -> Decimal | None:
        """Forecast minus approved, positive = over; None when either is not known."""
        if self.forecast.value is None or self.approved.value is None:
            return None
        return self.forecast.value - self.approved.value


class Next(NamedTuple):
    name: str
    due: date
    slip_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestones:
    total: int = 0
    done: int = 0
    late: int = 0
    due_soon: int = 0
    next: Next | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything measured about one project at one date."""

    money: Money
    milestones: Milestones
    measures: Mapping[Axis, Measure] = field(default_factory=dict)
    overall: Measure = NOT_MEASURED


def figures_of(projects: Iterable[Project], *, as_of: date) -> dict[int, Figures]:
    """Return the figures by project id; nothing dated after `as_of` counts."""
    rows = list(projects)
    ids = [project.pk for project in rows]
    money = money_of(ids, as_of=as_of)
    milestones = milestones_of(ids, as_of=as_of)
    others = provided(ids, as_of)
    found = {}
    for project in rows:
        measures = {
            Axis.SCHEDULE: measure_schedule(
                ScheduleFacts(
                    start=project.start_date,
                    baseline_finish=project.baseline_finish_date,
                    forecast_finish=project.forecast_finish_date,
                    actual_finish=project.actual_finish_date,
                    milestones_overdue=milestones[project.pk].late,
                ),
                as_of=as_of,
            ),
            Axis.COST: measure_cost(
                CostFacts(
                    approved=money[project.pk].approved.value,
                    forecast=money[project.pk].forecast.value,
                    spent=money[project.pk].spent.value,
                )
            ),
        }
        for axis, by_project in others.items():
            measures[axis] = by_project.get(project.pk, NOT_MEASURED)
        found[project.pk] = Figures(
            money=money[project.pk],
            milestones=milestones[project.pk],
            measures=measures,
            overall=measure_overall(measures),
        )
    return found


def money_of(ids: Collection[int], *, as_of: date) -> dict[int, Money]:
    """Return approved, spent, committed and forecast money by project id."""
    year = fiscal_year(as_of, start_month=settings.FISCAL_YEAR_START_MONTH)
    budgets = _budgets(ids, year)
    costs = _costs(ids, as_of)
    forecasts = _forecasts(ids, year, as_of)
    found = {}
    for pk in ids:
        parts: dict[str, Amount] = {**budgets[pk], **costs[pk], **forecasts[pk]}
        found[pk] = Money(fiscal_year=year, **parts)
    return found


def _budgets(ids: Collection[int], year: int) -> dict[int, dict[str, Amount]]:
    whole: dict[int, list[Amount]] = defaultdict(list)
    yearly: dict[int, list[Amount]] = defaultdict(list)
    this_year: dict[int, list[Amount]] = defaultdict(list)
    lines = BudgetLine.objects.filter(project__in=ids).order_by("pk")
    for pk, line_year, amount, reason in lines.values_list(
        "project_id", "fiscal_year", "amount", "stated_reason"
    ):
        (whole if line_year is None else yearly)[pk].append(Amount(amount, reason))
        if line_year == year:
            this_year[pk].append(Amount(amount, reason))
    found: dict[int, dict[str, Amount]] = defaultdict(dict)
    for pk in ids:
        if lines_of := whole[pk] or yearly[pk]:
            found[pk]["approved"] = total(lines_of)
        if this_year[pk]:
            found[pk]["year_budget"] = total(this_year[pk])
    return found


def total(amounts: Collection[Amount]) -> Amount:
    """Sum what is known; the reason names what is not."""
    known = [amount.value for amount in amounts if amount.value is not None]
    reasons = "; ".join(dict.fromkeys(a.reason for a in amounts if a.value is None and a.reason))
    return Amount(sum(known, Decimal()) if known else None, reasons)


def _costs(ids: Collection[int], as_of: date) -> dict[int, dict[str, Amount]]:
    names = {CostKind.ACTUAL.value: "spent", CostKind.COMMITMENT.value: "committed"}
    rows = (
        CostEntry.objects.filter(project__in=ids, entry_date__lte=as_of)
        .order_by()
        .values_list("project_id", "kind")
        .annotate(total=Sum("amount"))
    )
    found: dict[int, dict[str, Amount]] = defaultdict(dict)
    for pk, kind, amount in rows:
        found[pk][names[kind]] = Amount(amount)
    return found


def _forecasts(ids: Collection[int], year: int, as_of: date) -> dict[int, dict[str, Amount]]:
    """Read oldest first, so that the latest entry of each kind is what stays."""
    rows = (
        ForecastEntry.objects.filter(project__in=ids, made_on__lte=as_of)
        .order_by("made_on", "pk")
        .values_list("project_id", "fiscal_year", "amount", "stated_reason")
    )
    found: dict[int, dict[str, Amount]] = defaultdict(dict)
    for pk, entry_year, amount, reason in rows:
        if entry_year is None:
            found[pk]["forecast"] = Amount(amount, reason)
        elif entry_year == year:
            found[pk]["year_forecast"] = Amount(amount, reason)
    return found


def milestones_of(ids: Collection[int], *, as_of: date) -> dict[int, Milestones]:
    """Count milestones by project id; the next one is the earliest that is not done."""
    rows = (
        Milestone.objects.filter(project__in=ids)
        .order_by("due_date", "pk")
        .values_list("project_id", "name", "baseline_date", "actual_date", "due_date")
    )
    grouped: dict[int, list[tuple[str, date | None, date | None, date]]] = defaultdict(list)
    for pk, name, baseline, actual, due in rows:
        grouped[pk].append((name, baseline, actual, due))
    return {pk: _count(grouped[pk], as_of) for pk in ids}


def _count(rows: list[tuple[str, date | None, date | None, date]], as_of: date) -> Milestones:
    undone = [(name, base, due) for name, base, actual, due in rows if not actual or actual > as_of]
    upcoming = None
    if undone:
        name, base, due = undone[0]
        upcoming = Next(name, due, (due - base).days if base else None)
    return Milestones(
        total=len(rows),
        done=len(rows) - len(undone),
        late=sum(due < as_of for _, _, due in undone),
        due_soon=sum(as_of <= due <= as_of + SOON for _, _, due in undone),
        next=upcoming,
    )
