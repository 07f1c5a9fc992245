"""
Money of many projects by fiscal year and by kind, category, source, unit or program.

Each sum counts once. Year lines say how approved money is spread over years and are summed by year;
what is approved is the sum of the lines that make up approved budgets, and is never added to the
years. A commitment stands in the year in which it was made, less what was paid against it, which is
spent in the year in which it was paid.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Sum, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Coalesce, TruncMonth

from pmo.organization.current import organization
from projects.domain.calendar import fiscal_year, month_of
from projects.domain.kinds import BudgetKind, CostKind
from projects.models import BudgetLine, CostEntry, MonthForecast, ProjectQuerySet
from projects.selectors.facts import CENT
from projects.selectors.figures import NO_YEAR_BUDGET, Amount
from projects.selectors.years import label_of

NO_FORECAST = Amount(None, "No month of it is forecast.")


class MoneySplit(NamedTuple):
    """A way to split money: the path from a budget line, or from a cost's project."""

    noun: str
    path: str
    nameless: str
    of_project: bool = False


PARTS: Mapping[str, MoneySplit] = {
    "kind": MoneySplit("kind", "kind", "On no budget line"),
    "category": MoneySplit("category", "category", "On no budget line"),
    "source": MoneySplit("funding source", "funding_source__name", "No source named"),
    "unit": MoneySplit("unit", "project__unit__name", "", of_project=True),
    "program": MoneySplit("program", "project__program__name", "In no program", of_project=True),
}
KIND_LABELS = dict(BudgetKind.choices())


@dataclass(slots=True)
class _Sums:
    budget: Decimal | None = None
    spent: Decimal = Decimal()
    committed: Decimal = Decimal()
    to_come: Decimal | None = None

    def add(self, other: "_Sums") -> None:
        for name in ("budget", "to_come"):
            if (value := getattr(other, name)) is not None:
                setattr(self, name, (getattr(self, name) or Decimal()) + value)
        self.spent += other.spent
        self.committed += other.committed


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitMoney:
    """Budget, spent, committed and forecast of one year, or of the whole life, of one part or all."""

    label: str
    budget: Amount
    spent: Decimal
    committed: Decimal
    forecast: Amount

    @property
    def variance(self) -> Decimal | None:
        """Forecast minus budget, positive = over; None when either is not known."""
        if self.forecast.value is None or self.budget.value is None:
            return None
        return self.forecast.value - self.budget.value


class YearMoney(NamedTuple):
    """One fiscal year, or the whole life (None): its sum and its parts."""

    year: int | None
    whole: SplitMoney
    parts: tuple[SplitMoney, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsRollup:
    """
    The years, oldest first, and what the same money is over the whole life.

    Of a project without months to come the forecast holds only what it spent: `with_months` says
    how many have some.
    """

    years: tuple[YearMoney, ...] = ()
    life: YearMoney
    with_months: int = 0

    @property
    def spread(self) -> Decimal:
        """Return how much of the approved money is given to fiscal years."""
        return sum((one.whole.budget.value or Decimal() for one in self.years), Decimal())


@dataclass(slots=True)
class _Gathering:
    """Sums by year (None: whole life) and part."""

    as_of: date
    found: dict[int | None, dict[str, _Sums]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(_Sums))
    )

    def year_of(self, day: date) -> int:
        return fiscal_year(day, start_month=organization().fiscal_year_start_month)

    def book(self, day: date, part: str, sums: _Sums) -> None:
        """Count in the year of a day, and in the whole life."""
        self.found[self.year_of(day)][part].add(sums)
        self.found[None][part].add(sums)


def rollup_of(projects: ProjectQuerySet, by: str, *, as_of: date) -> YearsRollup:
    """Add up the projects' money by fiscal year, each year split into parts, in six statements."""
    part, ids = PARTS[by], projects.values("pk")
    gathering = _Gathering(as_of)
    _add_budgets(gathering, BudgetLine.objects.filter(project__in=ids), part)
    costs = CostEntry.objects.filter(project__in=ids, entry_date__lte=as_of)
    _add_costs(gathering, costs, part)
    months = MonthForecast.objects.filter(project__in=ids).standing(as_of=as_of)
    _add_months(gathering, months, costs, part)
    years = sorted(year for year in gathering.found if year is not None)
    labels = KIND_LABELS if by == "kind" else {}
    return YearsRollup(
        years=tuple(_year(year, gathering.found[year], labels, as_of) for year in years),
        life=_year(None, gathering.found[None], labels, as_of),
        with_months=months.filter(month__gte=month_of(as_of))
        .aggregate(n=Count("project", distinct=True))
        .get("n", 0),
    )


def _split(rows: "QuerySet[Any]", part: MoneySplit, *, from_cost: bool) -> "QuerySet[Any]":
    """Name each row's part: that of its line, or of its project."""
    path = f"line__{part.path}" if from_cost and not part.of_project else part.path
    named = Coalesce(Cast(F(path), CharField()), Value(part.nameless))
    split: QuerySet[Any] = rows.order_by().annotate(part=named)
    return split


def _add_budgets(gathering: _Gathering, lines: "QuerySet[BudgetLine]", part: MoneySplit) -> None:
    split = _split(lines.with_counting(), part, from_cost=False)  # type: ignore[attr-defined]  # the model's own queryset
    rows = split.values("fiscal_year", "part", "counts").annotate(sum=Sum("amount"))
    for year, name, counts, amount in rows.values_list("fiscal_year", "part", "counts", "sum"):
        sums = _Sums(budget=None if amount is None else amount.quantize(CENT))
        if year is not None:
            gathering.found[year][name].add(sums)
        if counts:
            gathering.found[None][name].add(sums)


def _add_costs(gathering: _Gathering, costs: "QuerySet[CostEntry]", part: MoneySplit) -> None:
    rows = (
        _split(costs, part, from_cost=True)
        .annotate(month=TruncMonth("entry_date"), committed_in=TruncMonth("commitment__entry_date"))
        .values("part", "kind", "month", "committed_in")
        .annotate(sum=Sum("amount"))
        .values_list("part", "kind", "month", "committed_in", "sum")
    )
    for name, kind, month, committed_in, total in rows:
        amount = total.quantize(CENT)
        is_spent = kind == CostKind.ACTUAL
        gathering.book(month, name, _Sums(spent=amount) if is_spent else _Sums(committed=amount))
        if committed_in:
            gathering.book(committed_in, name, _Sums(committed=-amount))


def _add_months(
    gathering: _Gathering,
    months: "QuerySet[MonthForecast]",
    costs: "QuerySet[CostEntry]",
    part: MoneySplit,
) -> None:
    """Count the months to come; of the running one, line by line, what is not spent yet."""
    running = month_of(gathering.as_of)
    coming = _split(months.filter(month__gt=running), part, from_cost=True)
    sums = coming.values("part", "month").annotate(sum=Sum("amount"))
    for name, month, amount in sums.values_list("part", "month", "sum"):
        gathering.book(month, name, _Sums(to_come=amount.quantize(CENT)))
    booked = (
        costs.filter(kind=CostKind.ACTUAL.value, entry_date__gte=running)
        .order_by()
        .values("project", "line")
        .annotate(sum=Sum("amount"))
    )
    spent = {(p, line): v for p, line, v in booked.values_list("project", "line", "sum")}
    now = _split(months.filter(month=running), part, from_cost=True)
    for project, line, name, amount in now.values_list("project", "line", "part", "amount"):
        left = max(amount - spent.get((project, line), Decimal()), Decimal())
        gathering.book(running, name, _Sums(to_come=left.quantize(CENT)))


def _year(
    year: int | None, parts: Mapping[str, _Sums], labels: Mapping[str, str], as_of: date
) -> YearMoney:
    whole = _Sums()
    for sums in parts.values():
        whole.add(sums)
    this = fiscal_year(as_of, start_month=organization().fiscal_year_start_month)
    is_over = year is not None and year < this
    return YearMoney(
        year,
        _money(label_of(year), whole, is_over=is_over),
        tuple(
            _money(labels.get(name, name), parts[name], is_over=is_over) for name in sorted(parts)
        ),
    )


def _money(label: str, sums: _Sums, *, is_over: bool) -> SplitMoney:
    """A year that is over will cost what it cost; any other needs a forecast month to be known."""
    known = is_over or sums.to_come is not None
    return SplitMoney(
        label=label,
        budget=NO_YEAR_BUDGET if sums.budget is None else Amount(sums.budget),
        spent=sums.spent,
        committed=sums.committed,
        forecast=Amount(sums.spent + (sums.to_come or Decimal())) if known else NO_FORECAST,
    )
