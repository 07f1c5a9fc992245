"""
What projects draw on funding sources, and which money will lapse.

Everything here is of the projects it is given, which are those the reader may see. Money of other
projects shows nowhere, not even inside a sum: where a source also pays for projects that the reader
may not see, what is left of it is unknown to that reader, and the reason says so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from projects.domain.calendar import month_of, months_from
from projects.domain.kinds import CostKind
from projects.domain.money import NOTHING, LineMoney, lapsing, to_come
from projects.models import (
    BudgetLine,
    CostEntry,
    FundingSource,
    MonthForecast,
    Project,
    ProjectQuerySet,
)
from projects.selectors.facts import CENT
from projects.selectors.figures import Amount, total

NO_AMOUNT = Amount(None, "No amount is set for this source.")
NOT_ALLOTTED = Amount(None, "Nothing of it is allotted.")
PARTLY_HIDDEN = Amount(None, "Projects that you may not see draw on it, too.")
NO_EXPIRY = Amount(None, "It does not expire.")
NO_MONTHS = Amount(None, "No months are forecast.")

ACTUAL = Q(kind=CostKind.ACTUAL.value)
COMMITTED = Q(kind=CostKind.COMMITMENT.value)
PAID = Q(commitment__isnull=False)
EXPIRY = "line__funding_source__expires_on"
MONTH_IN_TIME = Q(**{f"{EXPIRY}__isnull": True}) | Q(month__lte=F(EXPIRY))
Months = dict[date, Decimal]
IN_TIME = Q(**{f"{EXPIRY}__isnull": True}) | Q(entry_date__lte=F(EXPIRY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """
    What one project draws on one source: allotted, spent, still committed, forecast at completion.

    `allotted` is of the lines that make up the approved budget; costs are those on any of its lines.
    `left` is what will lapse; None without an expiry or an allotment, with the reason.
    """

    project_id: int
    source_id: int
    allotted: Amount = NOT_ALLOTTED
    spent: Decimal = Decimal()
    committed: Decimal = Decimal()
    forecast: Amount = NO_MONTHS
    left: Amount = NO_EXPIRY

    @property
    def lapses(self) -> bool:
        return bool(self.left.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMoney:
    """One source with the draws of the projects it was asked for."""

    source: FundingSource
    draws: tuple[Draw, ...] = ()
    has_hidden: bool = False

    @property
    def allotted(self) -> Amount:
        known = [draw.allotted for draw in self.draws if draw.allotted != NOT_ALLOTTED]
        return total(known) if known else NOT_ALLOTTED

    @property
    def spent(self) -> Decimal:
        return sum((draw.spent for draw in self.draws), Decimal())

    @property
    def committed(self) -> Decimal:
        return sum((draw.committed for draw in self.draws), Decimal())

    @property
    def forecast(self) -> Amount:
        """Sum of the projects that have months."""
        known = [draw.forecast for draw in self.draws if draw.forecast.value is not None]
        return total(known) if known else NO_MONTHS

    @property
    def unallotted(self) -> Amount:
        """What no project was given; below 0 it is over-allotted."""
        if self.source.amount is None:
            return NO_AMOUNT
        if self.has_hidden:
            return PARTLY_HIDDEN
        return Amount(self.source.amount - (self.allotted.value or Decimal()))

    @property
    def over_allotted(self) -> Decimal:
        """How much more is allotted than there is; 0 when that is not known."""
        return max(-(self.unallotted.value or Decimal()), Decimal())

    @property
    def left(self) -> Amount:
        """Sum over the projects: what one leaves, another cannot spend without a new allotment."""
        if self.source.expires_on is None:
            return NO_EXPIRY
        known = [draw.left for draw in self.draws if draw.left.value is not None]
        return total(known) if known else NOT_ALLOTTED


@dataclass(frozen=True, slots=True)
class _Booked:
    """Sums of one line, all of them and those up to its source's expiry; `late` months come after."""

    spent: Decimal = NOTHING
    committed: Decimal = NOTHING
    late: Decimal = NOTHING
    in_time: LineMoney = LineMoney()  # noqa: RUF009 - frozen


NOTHING_BOOKED = _Booked()


def sources_of(
    sources: Iterable[FundingSource], projects: ProjectQuerySet, *, as_of: date
) -> list[SourceMoney]:
    """Return the sources in their order, each with what these projects draw on it."""
    rows = list(sources)
    everywhere = BudgetLine.objects.filter(funding_source__in=[source.pk for source in rows])
    counts = dict(everywhere.order_by().values_list("funding_source").annotate(n=Count("pk")))
    drawing = everywhere.filter(project__in=projects.values("pk"))
    lines = _read(drawing)
    seen = Counter(line.funding_source_id for line in lines)
    return [
        replace(found, has_hidden=counts.get(found.source.pk, 0) > seen[found.source.pk])
        for found in _with_draws(rows, drawing, lines, as_of)
    ]


def funding_of(project: Project, lines: Iterable[BudgetLine], *, as_of: date) -> list[SourceMoney]:
    """
    Return what one project draws on each source that its lines name, the earliest expiry first.

    The lines are all of the project, read with `with_counting`. Whether others draw on the sources
    is not asked.
    """
    drawn = [line for line in lines if line.funding_source]
    sources = {line.funding_source for line in drawn if line.funding_source}
    rows = sorted(sources, key=lambda one: (one.expires_on or date.max, one.pk))
    drawing = BudgetLine.objects.filter(project=project, funding_source__isnull=False)
    return _with_draws(rows, drawing, drawn, as_of)


def _read(drawing: "QuerySet[BudgetLine]") -> list[BudgetLine]:
    columns = ("project_id", "funding_source_id", "fiscal_year", "amount", "stated_reason")
    return list(drawing.with_counting().only(*columns).order_by("pk"))  # type: ignore[attr-defined]  # the model's own queryset


def _with_draws(
    sources: list[FundingSource],
    drawing: "QuerySet[BudgetLine]",
    lines: list[BudgetLine],
    as_of: date,
) -> list[SourceMoney]:
    booked = _booked(drawing, as_of) if lines else {}
    draws: dict[int, list[Draw]] = defaultdict(list)
    for draw in _draws(sources, lines, booked, as_of):
        draws[draw.source_id].append(draw)
    return [
        SourceMoney(source=source, draws=tuple(sorted(draws[source.pk], key=_most_left_first)))
        for source in sources
    ]


def expiring(projects: ProjectQuerySet, *, as_of: date) -> list[SourceMoney]:
    """Return the sources that will lapse in part, the earliest first; past expiries are over."""
    sources = FundingSource.objects.filter(expires_on__gte=as_of).order_by("expires_on", "pk")
    rows = list(sources)
    drawing = BudgetLine.objects.filter(
        funding_source__in=[source.pk for source in rows], project__in=projects.values("pk")
    )
    found = _with_draws(rows, drawing, _read(drawing), as_of) if rows else []
    return [one for one in found if one.left.value]


def _most_left_first(draw: Draw) -> tuple[Decimal, int]:
    return -(draw.left.value or Decimal()), draw.project_id


def _draws(
    sources: list[FundingSource],
    lines: list[BudgetLine],
    booked: dict[int, _Booked],
    as_of: date,
) -> Iterable[Draw]:
    by_key = {source.pk: source for source in sources}
    grouped: dict[tuple[int, int], list[BudgetLine]] = defaultdict(list)
    for line in lines:
        grouped[line.funding_source_id or 0, line.project_id].append(line)
    for (source, project), drawn in grouped.items():
        yield _draw(by_key[source], project, drawn, booked, as_of=as_of)


def _draw(
    source: FundingSource,
    project: int,
    lines: list[BudgetLine],
    booked: dict[int, _Booked],
    *,
    as_of: date,
) -> Draw:
    counting = [Amount(line.amount, line.stated_reason) for line in lines if line.counts]  # type: ignore[attr-defined]  # annotated
    sums = [booked.get(line.pk, NOTHING_BOOKED) for line in lines]
    spent = sum((one.spent for one in sums), Decimal())
    found = Draw(
        project_id=project,
        source_id=source.pk,
        allotted=total(counting) if counting else NOT_ALLOTTED,
        spent=spent,
        committed=sum((one.committed for one in sums), Decimal()),
        forecast=Amount(sum((x.late + to_come(x.in_time, as_of=as_of) for x in sums), start=spent))
        if any(one.in_time.months for one in sums)
        else NO_MONTHS,
    )
    if source.expires_on is None:
        return found
    if found.allotted.value is None:
        return replace(found, left=found.allotted)
    left = lapsing(
        allotted=found.allotted.value,
        lines=[one.in_time for one in sums],
        expires_on=source.expires_on,
        as_of=as_of,
    )
    return replace(found, left=Amount(left, found.allotted.reason))


def _booked(lines: "QuerySet[BudgetLine]", as_of: date) -> dict[int, _Booked]:
    """Sum what was booked on the lines by the day, and their months from that day's on."""
    running = month_of(as_of)
    keys = lines.values("pk")
    months = _months(keys, as_of)
    sums = (
        CostEntry.objects.filter(line__in=keys, entry_date__lte=as_of)
        .order_by()
        .values("line")
        .annotate(
            spent=_sum(ACTUAL),
            committed=_sum(COMMITTED),
            paid=_sum(PAID),
            spent_in_time=_sum(ACTUAL & IN_TIME),
            committed_in_time=_sum(COMMITTED & IN_TIME),
            paid_in_time=_sum(PAID & IN_TIME),
            running=_sum(ACTUAL & Q(entry_date__gte=running)),
        )
        .values_list(
            "line",
            "spent",
            "committed",
            "paid",
            "spent_in_time",
            "committed_in_time",
            "paid_in_time",
            "running",
        )
    )
    found = {
        pk: _Booked(late=late, in_time=LineMoney(months=m)) for pk, (m, late) in months.items()
    }
    for pk, *booked in sums:
        # SQLite adds decimals up as floats
        spent, committed, paid, *in_time, this_month = (v.quantize(CENT) for v in booked)
        coming, late = months.get(pk, ({}, NOTHING))
        money = LineMoney(
            spent=in_time[0],
            committed=in_time[1] - in_time[2],
            spent_this_month=this_month,
            months=coming,
        )
        found[pk] = _Booked(spent, committed - paid, late, money)
    return found


def _months(keys: "QuerySet[Any, Any]", as_of: date) -> dict[int, tuple[Months, Decimal]]:
    """
    Sum each line's months from the running one on, and apart what begins after the expiry.

    What follows the running month stands in the next one: more rows would say nothing more.
    """
    running, following = months_from(as_of, 2)
    rows = (
        MonthForecast.objects.filter(line__in=keys, month__gte=running)
        .standing(as_of=as_of)
        .order_by()
        .values("line")
        .annotate(
            now=_sum(Q(month=running)),
            coming=_sum(Q(month__gt=running) & MONTH_IN_TIME),
            late=_sum(Q(month__gt=running) & ~MONTH_IN_TIME),
        )
        .values_list("line", "now", "coming", "late")
    )
    return {
        pk: ({running: now.quantize(CENT), following: coming.quantize(CENT)}, late.quantize(CENT))
        for pk, now, coming, late in rows
    }


def _sum(condition: Q) -> Coalesce:
    return Coalesce(Sum("amount", filter=condition), Decimal(), output_field=DecimalField())
