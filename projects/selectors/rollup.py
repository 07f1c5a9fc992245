"""
Money of many projects by fiscal year and by kind, category, source, unit or program.

Each sum counts once. Year lines say how approved money is spread over years and are summed by year;
what is approved is the sum of the lines that make up approved budgets, and is never added to the
years. A commitment stands in the year in which it was made, less what was paid against it, which is
spent in the year in which it was paid.

Projects that ended (closed or cancelled) are in it: money spent stays in its year. They stand on a
line of their own, beside the parts: nothing of them is to come, and what was budgeted for later years
is free again.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Coalesce, TruncMonth

from pmo.accounts.models import Unit
from pmo.common.folding import fold
from pmo.common.records.search import as_read
from pmo.organization.current import organization
from projects.domain.calendar import fiscal_months, fiscal_year, month_of
from projects.domain.kinds import BudgetKind, CostKind
from projects.domain.namesakes import Named, told_apart
from projects.domain.stages import ACTIVE
from projects.models import (
    BudgetLine,
    CostEntry,
    FundingSource,
    MonthForecast,
    Program,
    ProjectQuerySet,
)
from projects.selectors.facts import CENT
from projects.selectors.figures import NO_YEAR_BUDGET, Amount
from projects.selectors.years import label_of

NO_FORECAST = Amount(None, "No month of it is forecast.")
Part = str | None  # the name of a part; None is that of ended projects


class MoneySplit(NamedTuple):
    """
    A way to split money: the path from a budget line, or from a cost's project.

    What is a record of `model` is split by its id and called by its name; `tag` tells namesakes apart.
    """

    noun: str
    path: str
    nameless: str
    of_project: bool = False
    model: type[FundingSource | Unit | Program] | None = None
    tag: str = ""


PARTS: Mapping[str, MoneySplit] = {
    "kind": MoneySplit("kind", "kind", "On no budget line"),
    "category": MoneySplit("category", "category", "On no budget line"),
    "source": MoneySplit(
        "funding source", "funding_source", "No source named", model=FundingSource, tag="code"
    ),
    "unit": MoneySplit(
        "unit", "project__unit", "", of_project=True, model=Unit, tag="parent__name"
    ),
    "program": MoneySplit(
        "program", "project__program", "In no program", of_project=True, model=Program, tag="code"
    ),
}
IS_ACTIVE = Q(project__stage__in=[stage.value for stage in ACTIVE])
ENDED: Part = None
ENDED_LABEL = "Ended projects"
NAMED = 3  # projects of a list whose names a sentence holds
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


class Lacking(NamedTuple):
    """How many active projects have no month to come, and the names of the first few."""

    projects: int = 0
    names: tuple[str, ...] = ()


class YearMoney(NamedTuple):
    """One fiscal year, or the whole life (None): its sum, its parts and what ended projects add."""

    year: int | None
    whole: SplitMoney
    parts: tuple[SplitMoney, ...]
    ended: SplitMoney | None = None
    is_over: bool = False

    @property
    def lines(self) -> tuple[SplitMoney, ...]:
        """Return what adds up to the whole: the parts, then the ended projects."""
        return (*self.parts, self.ended) if self.ended else self.parts

    @property
    def granted(self) -> Decimal | None:
        """Return the budgets of projects that still run; None where none of them has one."""
        known = [one.budget.value for one in self.parts if one.budget.value is not None]
        return sum(known, Decimal()) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsRollup:
    """
    The years, oldest first, and what the same money is over the whole life.

    Of an active project without months to come the forecast holds only what it spent: `lacking` says
    which those are, so that the sums can say how much they are "at least".
    """

    years: tuple[YearMoney, ...]
    life: YearMoney
    lacking: Lacking

    @property
    def approved(self) -> Decimal | None:
        """Return what is approved of the projects that still run."""
        return self.life.granted

    @property
    def spread(self) -> Decimal:
        """Return how much of that is given to fiscal years."""
        return sum((one.granted or Decimal() for one in self.years), Decimal())


@dataclass(slots=True)
class _Gathering:
    """Sums by year (None: whole life) and part."""

    as_of: date
    found: dict[int | None, dict[Part, _Sums]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(_Sums))
    )

    @property
    def this_year(self) -> int:
        return self.year_of(self.as_of)

    def year_of(self, day: date) -> int:
        return fiscal_year(day, start_month=organization().fiscal_year_start_month)

    def book(self, day: date, part: Part, sums: _Sums) -> None:
        """Count in the year of a day, and in the whole life."""
        self.found[self.year_of(day)][part].add(sums)
        self.found[None][part].add(sums)


def rollup_of(projects: ProjectQuerySet, by: str, *, as_of: date) -> YearsRollup:
    """
    Add up the projects' money by fiscal year, each year split into parts, in six statements.

    One more says what the parts are called that have an id.
    """
    part, ids = PARTS[by], projects.values("pk")
    gathering = _Gathering(as_of)
    _add_budgets(gathering, BudgetLine.objects.filter(project__in=ids), part)
    costs = CostEntry.objects.filter(project__in=ids, entry_date__lte=as_of)
    _add_costs(gathering, costs, part)
    months = MonthForecast.objects.filter(IS_ACTIVE, project__in=ids).standing(as_of=as_of)
    _add_months(gathering, months, costs, part)
    years = sorted(year for year in gathering.found if year is not None)
    labels = KIND_LABELS if by == "kind" else _labels(part, gathering)
    return YearsRollup(
        years=tuple(_year(year, gathering.found[year], labels, as_of) for year in years),
        life=_year(None, gathering.found[None], labels, as_of),
        lacking=_lacking(projects, months.filter(month__gte=month_of(as_of))),
    )


class EndedMoney(NamedTuple):
    """What projects that ended spent in one fiscal year."""

    label: str
    spent: Decimal
    projects: int


def spent_by_ended(projects: ProjectQuerySet, *, as_of: date) -> EndedMoney:
    """Sum what those of the projects that ended spent in the fiscal year of a day, in one statement."""
    start = organization().fiscal_year_start_month
    year = fiscal_year(as_of, start_month=start)
    first = fiscal_months(year, start_month=start)[0]
    found = (
        CostEntry.objects.filter(project__in=projects.ended().order_by().values("pk"))
        .filter(kind=CostKind.ACTUAL.value, entry_date__range=(first, as_of))
        .aggregate(spent=Sum("amount"), projects=Count("project", distinct=True))
    )
    return EndedMoney(label_of(year), found["spent"] or Decimal(), found["projects"])


def _lacking(projects: ProjectQuerySet, coming: "QuerySet[MonthForecast]") -> Lacking:
    """Find the active projects without a month to come: their names are counted here, too."""
    without = projects.active().exclude(pk__in=coming.values("project"))
    names = list(without.order_by(*as_read("name", "pk")).values_list("name", flat=True))
    return Lacking(len(names), tuple(names[:NAMED]))


def _labels(part: MoneySplit, gathering: _Gathering) -> Mapping[str, str]:
    """Return what the records are called by whose ids the money is split, namesakes told apart."""
    if part.model is None:
        return {}
    keys = {key for parts in gathering.found.values() for key in parts if key is not None}
    ids = [int(key) for key in keys if key.isdecimal()]
    found = part.model._base_manager.filter(pk__in=ids).order_by("pk")
    rows = list(found.values_list("pk", "name", part.tag))
    names = told_apart(Named(name, (tag or "",)) for _, name, tag in rows)
    return {str(pk): name for (pk, *_), name in zip(rows, names, strict=True)}


class PhasedMoney(NamedTuple):
    """What is spent of one project with its months to come; without any, what is spent alone."""

    amount: Decimal = Decimal()
    has_months: bool = False


def phased_of(projects: "QuerySet[Any]", *, as_of: date) -> dict[int, PhasedMoney]:
    """Return, by project, what `rollup_of` adds up over the whole life, in four statements."""
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    running = month_of(as_of)
    actual = CostEntry.objects.filter(
        project__in=projects, entry_date__lte=as_of, kind=CostKind.ACTUAL.value
    ).order_by()
    months = MonthForecast.objects.filter(IS_ACTIVE, project__in=projects).standing(as_of=as_of)
    coming = months.filter(month__gt=running).order_by()
    for rows in (actual, coming):
        summed = rows.values("project").annotate(sum=Sum("amount"))
        for pk, amount in summed.values_list("project", "sum"):
            amounts[pk] += amount.quantize(CENT)
    with_months = set(coming.values_list("project", flat=True).distinct())
    now = months.filter(month=running)
    spent = _spent_in(running, actual)
    for pk, line, amount in now.values_list("project", "line", "amount"):
        with_months.add(pk)
        amounts[pk] += _left(amount, spent.get((pk, line)))
    return {pk: PhasedMoney(amounts[pk], pk in with_months) for pk in amounts.keys() | with_months}


def _spent_in(
    running: date, actual: "QuerySet[CostEntry]"
) -> dict[tuple[int, int | None], Decimal]:
    """Return what the running month has spent, by project and budget line."""
    booked = actual.filter(entry_date__gte=running).values("project", "line")
    summed = booked.annotate(sum=Sum("amount")).values_list("project", "line", "sum")
    return {(project, line): amount for project, line, amount in summed}


def _left(forecast: Decimal, spent: Decimal | None) -> Decimal:
    """Return what the running month still expects; a month over its forecast expects nothing more."""
    return max(forecast - (spent or Decimal()), Decimal()).quantize(CENT)


def _split(rows: "QuerySet[Any]", part: MoneySplit, *, from_cost: bool) -> "QuerySet[Any]":
    """Name each row's part: that of its line, or of its project; ENDED where the project ended."""
    path = f"line__{part.path}" if from_cost and not part.of_project else part.path
    named = Coalesce(Cast(F(path), CharField()), Value(part.nameless))
    split: QuerySet[Any] = rows.order_by().annotate(part=Case(When(IS_ACTIVE, then=named)))
    return split


def _add_budgets(gathering: _Gathering, lines: "QuerySet[BudgetLine]", part: MoneySplit) -> None:
    split = _split(lines.with_counting(), part, from_cost=False)  # type: ignore[attr-defined]  # the model's own queryset
    rows = split.values("fiscal_year", "part", "counts").annotate(sum=Sum("amount"))
    for year, name, counts, amount in rows.values_list("fiscal_year", "part", "counts", "sum"):
        sums = _Sums(budget=None if amount is None else amount.quantize(CENT))
        is_free_again = name is ENDED and year is not None and year > gathering.this_year
        if year is not None and not is_free_again:
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
    spent = _spent_in(running, costs.filter(kind=CostKind.ACTUAL.value).order_by())
    now = _split(months.filter(month=running), part, from_cost=True)
    for project, line, name, amount in now.values_list("project", "line", "part", "amount"):
        left = _left(amount, spent.get((project, line)))
        gathering.book(running, name, _Sums(to_come=left))


def _year(
    year: int | None, parts: Mapping[Part, _Sums], labels: Mapping[str, str], as_of: date
) -> YearMoney:
    whole = _Sums()
    for sums in parts.values():
        whole.add(sums)
    this = fiscal_year(as_of, start_month=organization().fiscal_year_start_month)
    is_over = year is not None and year < this
    running = [key for key in parts if key is not None]
    keys = sorted(running, key=lambda key: (fold(labels.get(key, key)), key))
    return YearMoney(
        year,
        _money(label_of(year), whole, is_over=is_over or (ENDED in parts and not keys)),
        tuple(_money(labels.get(key, key), parts[key], is_over=is_over) for key in keys),
        _money(ENDED_LABEL, parts[ENDED], is_over=True) if ENDED in parts else None,
        is_over,
    )


def _money(label: str, sums: _Sums, *, is_over: bool) -> SplitMoney:
    """What is over will cost what it cost; anything else needs a forecast month to be known."""
    known = is_over or sums.to_come is not None
    return SplitMoney(
        label=label,
        budget=NO_YEAR_BUDGET if sums.budget is None else Amount(sums.budget),
        spent=sums.spent,
        committed=sums.committed,
        forecast=Amount(sums.spent + (sums.to_come or Decimal())) if known else NO_FORECAST,
    )
