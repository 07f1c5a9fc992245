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
from typing import Any, NamedTuple

from django.db.models import QuerySet

from pmo.common.records.prepared import prepared
from pmo.organization.current import organization
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
from projects.models import Project
from projects.rules import axes_in_use, health_rules
from projects.selectors.facts import (
    Facts,
    TableFact,
    by_source,
    in_order,
    milestone_facts,
    money_facts,
    read,
    together,
)

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
class ProjectMoney:
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

    money: ProjectMoney
    milestones: Milestones
    measures: Mapping[Axis, Measure] = field(default_factory=dict)
    overall: Measure = NOT_MEASURED


def figures_of(
    projects: Iterable[Project],
    *,
    as_of: date,
    facts: Facts | None = None,
    measured: Mapping[Axis, Mapping[int, Measure]] | None = None,
) -> dict[int, Figures]:
    """
    Return the figures by project id; nothing dated after `as_of` counts.

    `facts` and `measured` are for a caller that has read the rows, or measured the axes of higher
    apps, together with others.
    """
    rows = list(projects)
    ids = [project.pk for project in rows]
    facts = facts if facts is not None else by_source(_figure_rows(ids, as_of))
    money = money_in(ids, facts, as_of=as_of)
    milestones = _milestones(ids, facts, as_of)
    others = measured if measured is not None else provided(ids, as_of)
    rules, in_use = health_rules(), axes_in_use()
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
                rules=rules,
            ),
            Axis.COST: measure_cost(
                CostFacts(
                    approved=money[project.pk].approved.value,
                    forecast=money[project.pk].forecast.value,
                    spent=money[project.pk].spent.value,
                ),
                rules=rules,
            ),
        }
        for axis, by_project in others.items():
            measures[axis] = by_project.get(project.pk, NOT_MEASURED)
        found[project.pk] = Figures(
            money=money[project.pk],
            milestones=milestones[project.pk],
            measures=measures,
            # what is measured on an axis that nobody is asked about decides nothing
            overall=measure_overall({a: one for a, one in measures.items() if a in in_use}),
        )
    return found


def figure_facts(ids: Collection[int], *, as_of: date) -> list["QuerySet[Any, Any]"]:
    """Return the queries of everything that `figures_of` counts."""
    return [*money_facts(ids, as_of=as_of), *milestone_facts(ids)]


@prepared
def _figure_rows(ids: Collection[int], as_of: date) -> "QuerySet[Any, Any]":
    return together(figure_facts(ids, as_of=as_of))


def money_of(ids: Collection[int], *, as_of: date) -> dict[int, ProjectMoney]:
    """Return approved, spent, committed and forecast money by project id."""
    return money_in(ids, read(money_facts(ids, as_of=as_of)), as_of=as_of)


def money_in(ids: Collection[int], facts: Facts, *, as_of: date) -> dict[int, ProjectMoney]:
    """Add up the money of facts that are read already."""
    year = fiscal_year(as_of, start_month=organization().fiscal_year_start_month)
    budgets = _budgets(ids, facts.get("budget", []), year)
    costs = _costs(facts.get("cost", []), facts.get("payment", []))
    forecasts = _forecasts(facts.get("forecast", []), year)
    found = {}
    for pk in ids:
        parts: dict[str, Amount] = {**budgets[pk], **costs[pk], **forecasts[pk]}
        found[pk] = ProjectMoney(fiscal_year=year, **parts)
    return found


def _budgets(
    ids: Collection[int], facts: list[TableFact], year: int
) -> dict[int, dict[str, Amount]]:
    whole: dict[int, list[Amount]] = defaultdict(list)
    yearly: dict[int, list[Amount]] = defaultdict(list)
    this_year: dict[int, list[Amount]] = defaultdict(list)
    for line in in_order(facts):
        amount = Amount(line.amount, line.text)
        (whole if line.number is None else yearly)[line.project_id].append(amount)
        if line.number == year:
            this_year[line.project_id].append(amount)
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


def _costs(facts: list[TableFact], payments: list[TableFact]) -> dict[int, dict[str, Amount]]:
    """What is committed is what was, less what was paid against it: that is spent by now."""
    names = {CostKind.ACTUAL.value: "spent", CostKind.COMMITMENT.value: "committed"}
    found: dict[int, dict[str, Amount]] = defaultdict(dict)
    for fact in facts:
        found[fact.project_id][names[fact.text]] = Amount(fact.amount)
    for paid in payments:
        open_before = found[paid.project_id].get("committed", Amount(Decimal())).value or Decimal()
        found[paid.project_id]["committed"] = Amount(open_before - (paid.amount or Decimal()))
    return found


def _forecasts(facts: list[TableFact], year: int) -> dict[int, dict[str, Amount]]:
    """Read oldest first, so that the latest entry of each kind is what stays."""
    found: dict[int, dict[str, Amount]] = defaultdict(dict)
    for fact in in_order(facts):
        if fact.number is None:
            found[fact.project_id]["forecast"] = Amount(fact.amount, fact.text)
        elif fact.number == year:
            found[fact.project_id]["year_forecast"] = Amount(fact.amount, fact.text)
    return found


def milestones_of(ids: Collection[int], *, as_of: date) -> dict[int, Milestones]:
    """Count milestones by project id; the next one is the earliest that is not done."""
    return _milestones(ids, read(milestone_facts(ids)), as_of)


def _milestones(ids: Collection[int], facts: Facts, as_of: date) -> dict[int, Milestones]:
    grouped: dict[int, list[TableFact]] = defaultdict(list)
    for fact in facts.get("milestone", []):
        grouped[fact.project_id].append(fact)
    return {pk: _count(grouped[pk], as_of) for pk in ids}


def _count(rows: list[TableFact], as_of: date) -> Milestones:
    undone = sorted(
        (row.third or date.max, row.pk or 0, row.text, row.first)
        for row in rows
        if row.second is None or row.second > as_of
    )
    upcoming = None
    if undone:
        due, _, name, base = undone[0]
        upcoming = Next(name, due, (due - base).days if base else None)
    return Milestones(
        total=len(rows),
        done=len(rows) - len(undone),
        late=sum(due < as_of for due, *_ in undone),
        due_soon=sum(as_of <= due <= as_of + SOON for due, *_ in undone),
        next=upcoming,
    )
