"""One project month by month: what was spent and committed, and what the months to come expect."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q, Sum
from django.db.models.functions import TruncMonth

from pmo.organization.current import organization
from projects.domain.calendar import fiscal_months, month_of, months_from
from projects.domain.kinds import CostKind
from projects.domain.money import LineMoney, MonthSum, at_completion, to_come
from projects.models import BudgetLine, MonthForecast, Project
from projects.selectors.facts import CENT
from projects.selectors.figures import NO_APPROVED, Amount
from projects.selectors.figures import total as total_of

NO_MONTHS = Amount(None, "No month to come is forecast.")
LONGEST_COURSE = 60  # years

# id of the budget line (None: of no line), first day of the month
Key = tuple[int | None, date]


@dataclass(frozen=True, kw_only=True)
class ProjectMonths:
    """Costs and forecasts by line and month; what is absent was not recorded or not forecast."""

    as_of: date
    lines: tuple[BudgetLine, ...] = ()
    spent: Mapping[Key, Decimal] = field(default_factory=dict)
    committed: Mapping[Key, Decimal] = field(default_factory=dict)
    paid: Mapping[int | None, Decimal] = field(default_factory=dict)  # against commitments, by line
    forecast: Mapping[Key, Decimal] = field(default_factory=dict)
    last_entry: int = 0  # the highest id of a forecast, for whoever edits them

    @cached_property
    def by_line(self) -> dict[int | None, LineMoney]:
        """Return the money of each line that has any; None is what belongs to no line."""
        keys = {key[0] for part in (self.spent, self.committed, self.forecast) for key in part}
        return {key: self._line(key) for key in keys}

    def _line(self, key: int | None) -> LineMoney:
        def of(part: Mapping[Key, Decimal]) -> Decimal:
            return sum((amount for (line, _), amount in part.items() if line == key), Decimal())

        return LineMoney(
            spent=of(self.spent),
            committed=of(self.committed) - self.paid.get(key, Decimal()),
            spent_this_month=self.spent.get((key, month_of(self.as_of)), Decimal()),
            months={month: v for (line, month), v in self.forecast.items() if line == key},
        )

    @cached_property
    def has_months(self) -> bool:
        """Say whether a month from this one on is forecast."""
        running = month_of(self.as_of)
        return any(month >= running for _, month in self.forecast)

    @cached_property
    def at_completion(self) -> Amount:
        """Spent to date plus the months to come."""
        if not self.has_months:
            return NO_MONTHS
        return Amount(at_completion(self.by_line.values(), as_of=self.as_of))

    @property
    def spent_to_date(self) -> Decimal:
        return sum(self.spent.values(), Decimal())

    @property
    def to_come(self) -> Decimal:
        return sum((to_come(x, as_of=self.as_of) for x in self.by_line.values()), Decimal())

    @property
    def open_commitments(self) -> Decimal:
        return sum((line.committed for line in self.by_line.values()), Decimal())

    def forecast_in(self, month: date) -> Decimal | None:
        """Return the forecast of a month over all lines; None when none was made."""
        found = [v for (_, m), v in self.forecast.items() if m == month]
        return sum(found, Decimal()) if found else None


def months_of(project: Project, *, as_of: date) -> ProjectMonths:
    """Read a project's months as known on a day, in three statements."""
    spent: dict[Key, Decimal] = defaultdict(Decimal)
    committed: dict[Key, Decimal] = defaultdict(Decimal)
    paid: dict[int | None, Decimal] = defaultdict(Decimal)
    is_payment = ExpressionWrapper(Q(commitment__isnull=False), output_field=BooleanField())
    costs = (
        project.cost_entries.filter(entry_date__lte=as_of)
        .order_by()
        .annotate(month=TruncMonth("entry_date"), is_payment=is_payment)
        .values("line", "kind", "month", "is_payment")
        .annotate(sum=Sum("amount"))
        .values_list("line", "kind", "month", "is_payment", "sum")
    )
    for line, kind, month, is_paid, total in costs:
        amount = total.quantize(CENT)
        part = spent if kind == CostKind.ACTUAL else committed
        part[line, month] += amount
        if is_paid:
            paid[line] += amount
    forecast: dict[Key, Decimal] = {}
    last = 0
    rows = MonthForecast.objects.filter(project=project).standing(as_of=as_of)
    for pk, line, month, amount in rows.values_list("pk", "line", "month", "amount"):
        forecast[line, month] = amount.quantize(CENT)
        last = max(last, pk)
    lines = project.budget_lines.with_counting().select_related("funding_source")
    return ProjectMonths(
        as_of=as_of,
        lines=tuple(lines.order_by("category", "kind", "pk")),
        spent=dict(spent),
        committed=dict(committed),
        paid=dict(paid),
        forecast=forecast,
        last_entry=last,
    )


class MonthCell(NamedTuple):
    """One month of one line; None where nothing was recorded or forecast."""

    line: BudgetLine | None
    month: date
    spent: Decimal | None
    committed: Decimal | None
    forecast: Decimal | None
    is_open: bool  # may be forecast: not over, and inside the line's fiscal year

    @property
    def name(self) -> str:
        return f"m{self.line.pk if self.line else 0}_{self.month:%Y%m}"


class MonthRow(NamedTuple):
    month: date
    is_over: bool
    cells: tuple[MonthCell, ...]
    spent: Decimal | None
    forecast: Decimal | None


class LineColumn(NamedTuple):
    """One line of the grid with its sums over all months, not only those shown."""

    line: BudgetLine | None
    money: LineMoney
    to_come: Decimal

    @property
    def label(self) -> str:
        return str(self.line) if self.line else "No line"


class MonthGrid(NamedTuple):
    """A fiscal year of months by budget line."""

    year: int
    columns: tuple[LineColumn, ...]
    rows: tuple[MonthRow, ...]

    @property
    def approved(self) -> Amount:
        """Return what is approved on the lines shown; the reason names what is not known of it."""
        lines = [column.line for column in self.columns if column.line]
        if not lines:
            return NO_APPROVED
        return total_of([Amount(line.amount, line.stated_reason) for line in lines])

    @property
    def cells(self) -> list[MonthCell]:
        return [cell for row in self.rows for cell in row.cells]


def grid_of(months: ProjectMonths, year: int) -> MonthGrid:
    """
    Lay out the twelve months of a fiscal year.

    The lines are those that make up the approved budget and hold in the year, and those with money
    in it, so that a whole-life line and its spread over years are not both offered.
    """
    shown = fiscal_months(year, start_month=organization().fiscal_year_start_month)
    running = month_of(months.as_of)
    lines = _lines_of(months, year, frozenset(shown))
    columns = []
    for line in lines:
        money = months.by_line.get(line.pk if line else None, LineMoney())
        columns.append(LineColumn(line, money, to_come(money, as_of=months.as_of)))
    rows = []
    for month in shown:
        cells = tuple(_cell(months, line, month, year, running) for line in lines)
        known = [v for (_, m), v in months.spent.items() if m == month]
        spent = sum(known, Decimal()) if known else None
        rows.append(MonthRow(month, month < running, cells, spent, months.forecast_in(month)))
    return MonthGrid(year, tuple(columns), tuple(rows))


def _lines_of(months: ProjectMonths, year: int, shown: frozenset[date]) -> list[BudgetLine | None]:
    parts = (months.spent, months.committed, months.forecast)
    used = {line for part in parts for line, month in part if month in shown}
    found: list[BudgetLine | None] = [
        line
        for line in months.lines
        if line.pk in used or (line.counts and line.fiscal_year in (None, year))  # type: ignore[attr-defined]  # annotated
    ]
    return [*found, None] if None in used or not found else found


def _cell(
    months: ProjectMonths, line: BudgetLine | None, month: date, year: int, running: date
) -> MonthCell:
    key = (line.pk if line else None, month)
    return MonthCell(
        line=line,
        month=month,
        spent=months.spent.get(key),
        committed=months.committed.get(key),
        forecast=months.forecast.get(key),
        is_open=month >= running and (line is None or line.fiscal_year in (None, year)),
    )


def course_of(months: ProjectMonths) -> list[MonthSum]:
    """
    Return what is spent from the start to the end of each month, and then what is expected.

    What a slip of the finger dates long before the others is in the first month shown; what it
    forecasts for long after today is not shown.
    """
    spent: dict[date, Decimal] = defaultdict(Decimal)
    for (_, month), amount in months.spent.items():
        spent[month] += amount
    known, running = sorted(spent), month_of(months.as_of)
    coming = sorted({m for _, m in months.forecast if m >= running}) if months.has_months else []
    if not known and not coming:
        return []
    last = max([*known[-1:], *coming[-1:], running] if known else coming)
    last = min(last, date(min(running.year + LONGEST_COURSE, date.max.year), 12, 1))
    first = max(min([*known[:1], *coming[:1]]), date(max(last.year - LONGEST_COURSE, 1), 1, 1))
    found, total = [], sum((spent[month] for month in known if month < first), Decimal())
    for month in months_from(first, _months_between(first, last) + 1):
        total += spent.get(month, Decimal())
        if coming and month >= running:
            total += sum((_coming(months, line, month) for line in months.by_line), Decimal())
        found.append(MonthSum(month, total, is_expected=bool(coming) and month >= running))
    return found


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _coming(months: ProjectMonths, line: int | None, month: date) -> Decimal:
    """Return what a month still expects of a line: in the running one what is not spent yet."""
    forecast = months.forecast.get((line, month), Decimal())
    if month > month_of(months.as_of):
        return forecast
    return max(forecast - months.spent.get((line, month), Decimal()), Decimal())
