"""One project's money by fiscal year, and who booked what on which line."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Min, Q, Sum
from django.db.models.functions import TruncMonth

from pmo.organization.current import organization
from projects.domain.calendar import fiscal_year, fiscal_year_label
from projects.domain.kinds import CostKind
from projects.domain.money import over_budget
from projects.models import BudgetLine, Project
from projects.selectors.figures import (
    NO_COMMITTED,
    NO_SPENT,
    NO_YEAR_BUDGET,
    NO_YEAR_FORECAST,
    Amount,
    total,
)

FARTHEST_YEAR = 40  # from today


class Year(NamedTuple):
    """One fiscal year of one project."""

    year: int
    label: str
    budget: Amount = NO_YEAR_BUDGET
    spent: Amount = NO_SPENT
    committed: Amount = NO_COMMITTED
    forecast: Amount = NO_YEAR_FORECAST
    has_ended: bool = False

    @property
    def final(self) -> Decimal | None:
        """Return what a year that has ended cost; None before its end and where no cost is recorded."""
        return self.spent.value if self.has_ended else None

    @property
    def variance(self) -> Decimal | None:
        """Once the year has ended, an old forecast of it counts only where no cost is recorded."""
        return over_budget(budget=self.budget.value, forecast=self.forecast.value, final=self.final)


class BookedLine(NamedTuple):
    """A budget line and what was booked on it by `as_of`; 0 means that nothing was."""

    line: BudgetLine
    year_label: str
    spent: Decimal
    committed: Decimal


class DatedLater(NamedTuple):
    """What is dated after a day, and so does not count on it; `first` is the earliest such day."""

    spent: Decimal
    committed: Decimal
    first: date | None


class Made(NamedTuple):
    """One forecast: when it was made, for what, and the amount or why there is none."""

    made_on: date
    label: str
    amount: Decimal | None
    reason: str


def label_of(year: int | None) -> str:
    if year is None:
        return "Whole life"
    return fiscal_year_label(year, start_month=organization().fiscal_year_start_month)


def years_of(project: Project, *, as_of: date) -> list[Year]:
    """Return every fiscal year that has a budget, a cost or a forecast, oldest first."""
    parts: dict[int, dict[str, Amount]] = defaultdict(dict)
    for year, amounts in _budgets(project).items():
        parts[year]["budget"] = total(amounts)
    for (year, name), amount in _costs(project, as_of).items():
        parts[year][name] = Amount(amount)
    entries = project.forecast_entries.filter(fiscal_year__isnull=False, made_on__lte=as_of)
    for entry in entries.order_by("made_on", "pk"):
        parts[int(entry.fiscal_year or 0)]["forecast"] = Amount(entry.amount, entry.stated_reason)
    running = fiscal_year(as_of, start_month=organization().fiscal_year_start_month)
    return [
        Year(year, label_of(year), has_ended=year < running, **parts[year])
        for year in sorted(parts)
    ]


def _budgets(project: Project) -> dict[int, list[Amount]]:
    found: dict[int, list[Amount]] = defaultdict(list)
    lines = project.budget_lines.filter(fiscal_year__isnull=False).order_by("pk")
    for year, amount, reason in lines.values_list("fiscal_year", "amount", "stated_reason"):
        found[int(year or 0)].append(Amount(amount, reason))
    return found


def _costs(project: Project, as_of: date) -> dict[tuple[int, str], Decimal]:
    """
    Sum by month in the database: a project may have thousands of entries.

    A payment lowers the commitment in the year in which that was made.
    """
    names = {CostKind.ACTUAL.value: "spent", CostKind.COMMITMENT.value: "committed"}
    rows = (
        project.cost_entries.filter(entry_date__lte=as_of)
        .order_by()
        .annotate(month=TruncMonth("entry_date"), committed_in=TruncMonth("commitment__entry_date"))
        .values_list("kind", "month", "committed_in")
        .annotate(sum=Sum("amount"))
    )
    found: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    start = organization().fiscal_year_start_month
    for kind, month, committed_in, amount in rows:
        found[fiscal_year(month, start_month=start), names[kind]] += amount
        if committed_in:
            found[fiscal_year(committed_in, start_month=start), "committed"] -= amount
    return found


def dated_later(project: Project, *, as_of: date) -> DatedLater:
    """Sum the costs and commitments that begin to count on a later day."""
    found = project.cost_entries.filter(entry_date__gt=as_of).aggregate(
        spent=Sum("amount", filter=Q(kind=CostKind.ACTUAL.value)),
        committed=Sum("amount", filter=Q(kind=CostKind.COMMITMENT.value)),
        first=Min("entry_date"),
    )
    none = Decimal()
    return DatedLater(found["spent"] or none, found["committed"] or none, found["first"])


def lines_of(project: Project, *, as_of: date) -> list[BookedLine]:
    """Return the budget lines, whole-life first, each with what was booked on it."""
    booked = {
        pk: (spent or Decimal(), (committed or Decimal()) - (paid or Decimal()))
        for pk, spent, committed, paid in project.cost_entries.filter(
            entry_date__lte=as_of, line__isnull=False
        )
        .order_by()
        .values("line")
        .annotate(
            spent=Sum("amount", filter=Q(kind=CostKind.ACTUAL.value)),
            committed=Sum("amount", filter=Q(kind=CostKind.COMMITMENT.value)),
            paid=Sum("amount", filter=Q(commitment__isnull=False)),
        )
        .values_list("line", "spent", "committed", "paid")
    }
    lines = sorted(
        project.budget_lines.with_counting()
        .select_related("funding_source")
        .order_by("category", "kind", "pk"),
        key=lambda line: line.fiscal_year or 0,
    )
    nothing = (Decimal(), Decimal())
    return [
        BookedLine(line, label_of(line.fiscal_year), *booked.get(line.pk, nothing))
        for line in lines
    ]


def forecasts_of(project: Project, *, limit: int) -> list[Made]:
    """Return what was forecast last, the latest first."""
    entries = project.forecast_entries.order_by("-made_on", "-pk")[:limit]
    return [Made(e.made_on, label_of(e.fiscal_year), e.amount, e.stated_reason) for e in entries]


def year_choices(project: Project, *, today: date) -> list[tuple[int, str]]:
    """
    Return the fiscal years a form offers: the project's own and five ahead.

    A year far from today, which a slip of the finger left somewhere, is offered where it is used and
    not with all those in between.
    """
    start = organization().fiscal_year_start_month
    dates = (project.start_date, project.baseline_finish_date, project.forecast_finish_date, today)
    known = [fiscal_year(day, start_month=start) for day in dates if day]
    rows = project.budget_lines.filter(fiscal_year__isnull=False).values_list("fiscal_year")
    used = [int(year) for (year,) in rows if year]
    running = fiscal_year(today, start_month=start)
    near = [year for year in (*known, *used, running + 5) if abs(year - running) <= FARTHEST_YEAR]
    offered = {*range(min(near), max(near) + 1), *used}
    return [(year, label_of(year)) for year in sorted(offered)]
