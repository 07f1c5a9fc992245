"""
Everything a portfolio page shows, from snapshot rows, in a fixed number of queries.

The one home of portfolio totals: dashboard, budget page and exports ask here. A total is made of the
rows that its reader may see; the rest is only counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Abs

from projects.domain.stages import REPORTING
from reports.domain.bars import CostBar, Span
from reports.domain.overspend import Overspend
from reports.models.snapshots import SnapshotQuerySet
from reports.selectors.visible_rows import VisibleRows
from risks.domain.matrix import Band, band
from risks.models import Risk
from risks.selectors import map_counts

COST_BARS, TIMELINE_BARS, DECISIONS_SHOWN, RISKS_SHOWN = 12, 15, 8, 8

_BETTER = Q(overall="green", overall_before__in=["amber", "red"]) | Q(
    overall="amber", overall_before="red"
)
_WORSE = Q(overall="red", overall_before__in=["amber", "green"]) | Q(
    overall="amber", overall_before="green"
)
_OVER = Q(cost_variance__gt=0)
YEAR_VARIANCE = F("year_forecast") - F("year_budget")
# rows that a page counts and that a link to its list keeps: one definition for both
SHOWN: Mapping[str, Q] = {
    "disputed": Q(is_disputed=True),
    "worse": _WORSE,
    "silenced": Q(overall="none") & ~Q(overall_before="none"),
    "better": _BETTER,
    "over": _OVER,
    "over_year": Q(year_forecast__gt=F("year_budget")),
    "slipped": Q(finish_slip_days__gt=0),
    "late": Q(milestones_late__gt=0),
    "risks": Q(high_risks__gt=0),
    "due": Q(update_due=True),
    "decisions": ~Q(help_needed=""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """
    Forecast against budget over the projects that have both, so that the difference is their own.

    Over the whole life; over one fiscal year where no project has both for its whole life.
    """

    is_year: bool
    comparable: int
    approved: Decimal
    forecast: Decimal
    over: int
    over_sum: Decimal

    @property
    def variance(self) -> Decimal:
        """Forecast minus approved, positive = over."""
        return self.forecast - self.approved

    @property
    def share(self) -> Decimal | None:
        """Variance as a share of the approved budget; None when that is zero."""
        return self.variance / self.approved if self.approved else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over the rows a reader may see. Money None: no project has it."""

    projects: int = 0
    red: int = 0
    amber: int = 0
    none: int = 0
    green: int = 0
    worse: int = 0
    better: int = 0
    silenced: int = 0  # reported at the freeze before, and not any more
    disputed: int = 0
    decisions: int = 0
    decisions_late: int = 0
    reporting: int = 0
    due: int = 0
    comparable: int = 0
    approved: Decimal | None = None
    forecast: Decimal | None = None
    over: int = 0
    over_sum: Decimal | None = None
    year_comparable: int = 0
    year_approved: Decimal | None = None
    year_sum: Decimal | None = None
    over_year: int = 0
    year_over_sum: Decimal | None = None
    fiscal_year: int | None = None
    dated: int = 0
    slipped: int = 0
    milestones_all: int = 0
    milestones_open: int = 0
    milestones_late: int = 0
    with_register: int = 0  # projects that registered a risk, open or not
    open_risks: int = 0
    high_risks: int = 0

    @property
    def colors(self) -> dict[str, int]:
        return {"red": self.red, "amber": self.amber, "none": self.none, "green": self.green}

    @property
    def money(self) -> Money | None:
        """Forecast against budget; None when no project has both, for its life or for the year."""
        zero = Decimal()
        if self.comparable:
            return Money(
                is_year=False,
                comparable=self.comparable,
                approved=self.approved or zero,
                forecast=self.forecast or zero,
                over=self.over,
                over_sum=self.over_sum or zero,
            )
        if self.year_comparable:
            return Money(
                is_year=True,
                comparable=self.year_comparable,
                approved=self.year_approved or zero,
                forecast=self.year_sum or zero,
                over=self.over_year,
                over_sum=self.year_over_sum or zero,
            )
        return None

    @property
    def updates_in(self) -> int:
        return self.reporting - self.due


def _count(condition: Q) -> Count:
    # not by primary key: the index of colors holds the project instead
    return Count("project", filter=condition)


def _totals(today: date) -> dict[str, Any]:
    both = Q(cost_variance__isnull=False)
    year = Q(year_budget__isnull=False, year_forecast__isnull=False)
    return {
        "projects": Count("project"),
        **{color: _count(Q(overall=color)) for color in ("red", "amber", "none", "green")},
        **{
            name: _count(SHOWN[name])
            for name in (
                "worse",
                "better",
                "silenced",
                "disputed",
                "decisions",
                "over",
                "over_year",
                "slipped",
            )
        },
        "decisions_late": _count(SHOWN["decisions"] & Q(help_due__lt=today)),
        "reporting": _count(Q(stage__in=[stage.value for stage in REPORTING])),
        "due": _count(SHOWN["due"]),
        "comparable": _count(both),
        "approved": Sum("approved_budget", filter=both),
        "forecast": Sum("forecast_cost", filter=both),
        "over_sum": Sum("cost_variance", filter=_OVER),
        "year_comparable": _count(year),
        "year_approved": Sum("year_budget", filter=year),
        "year_sum": Sum("year_forecast", filter=year),
        "year_over_sum": Sum(YEAR_VARIANCE, filter=SHOWN["over_year"]),
        "fiscal_year": Max("fiscal_year"),
        "dated": _count(Q(finish_slip_days__isnull=False)),
        "milestones_all": Sum("milestones", default=0),
        "milestones_open": Sum(F("milestones") - F("milestones_done"), default=0),
        "milestones_late": Sum("milestones_late", default=0),
        "with_register": _count(~Q(measured_risk="none")),
        "open_risks": Sum("open_risks", default=0),
        "high_risks": Sum("high_risks", default=0),
    }


def totals_of(view: VisibleRows) -> Totals:
    """Return the totals of the shown day, in one query."""
    if view.period.is_too_early:
        return Totals()
    return Totals(**view.rows().aggregate(**_totals(view.day)))


def before_of(view: VisibleRows) -> Totals | None:
    """Return what the key figures compare with, of the freeze before; None without one."""
    if view.period.before is None:
        return None
    before = view.at(view.period.before, is_early=view.period.before_is_early)
    rows = before.visible_to(view.user)
    counted = {"red": _count(Q(overall="red")), "amber": _count(Q(overall="amber"))}
    return Totals(
        **rows.aggregate(
            **counted,
            milestones_late=Sum("milestones_late", default=0),
            high_risks=Sum("high_risks", default=0),
        )
    )


def color_counts(rows: SnapshotQuerySet) -> dict[str, int]:
    """Count rows by declared color, in one query."""
    counts = {"red": 0, "amber": 0, "none": 0, "green": 0}
    counts.update(rows.order_by().values_list("overall").annotate(Count("project")))
    return counts


def cost_bars(view: VisibleRows, money: Money | None) -> list[CostBar]:
    """Return the largest differences, most over first, and one bar for all others."""
    if money is None:
        return []
    rows = view.rows()
    if money.is_year:
        rows = rows.annotate(difference=YEAR_VARIANCE).filter(difference__isnull=False)
        names = ("project_id", "name", "year_budget", "year_forecast", "difference")
    else:
        rows = rows.filter(cost_variance__isnull=False)
        names = ("project_id", "name", "approved_budget", "forecast_cost", "cost_variance")
    found = rows.order_by(Abs(names[-1]).desc(), "name", "pk").values_list(*names)
    bars = [
        CostBar(project=pk, name=name, approved=approved, forecast=forecast, variance=variance)
        for pk, name, approved, forecast, variance in found[:COST_BARS]
    ]
    bars.sort(key=lambda bar: (-bar.variance, bar.name))
    others = money.comparable - len(bars)
    if others > 0:
        approved = money.approved - sum((bar.approved for bar in bars), Decimal())
        forecast = money.forecast - sum((bar.forecast for bar in bars), Decimal())
        bars.append(
            CostBar(
                project=None,
                name="1 other" if others == 1 else f"{others:,} others",
                approved=approved,
                forecast=forecast,
                variance=forecast - approved,
            )
        )
    return bars


def overspend_of(money: Money | None, bars: Iterable[CostBar]) -> Overspend:
    if money is None:
        return Overspend(comparable=0, over=0, over_sum=Decimal())
    over = sorted((bar.variance for bar in bars if bar.project and bar.variance > 0), reverse=True)
    return Overspend(
        comparable=money.comparable,
        over=money.over,
        over_sum=money.over_sum,
        largest=tuple(over),
    )


def spans(view: VisibleRows) -> list[Span]:
    """Return the projects with the worst slips, latest first."""
    names = (
        "project_id",
        "name",
        "overall",
        "start_date",
        "baseline_finish",
        "forecast_finish",
        "finish_slip_days",
        "next_milestone",
        "next_milestone_date",
    )
    rows = (
        view.rows()
        .filter(finish_slip_days__isnull=False, start_date__isnull=False)
        .order_by("-finish_slip_days", "name", "pk")
        .values_list(*names)
    )
    return [
        Span(
            project=row[0],
            name=row[1],
            color=row[2],
            start=row[3],
            planned=row[4],
            forecast=row[5],
            slip_days=row[6],
            milestone=row[7],
            milestone_date=row[8],
        )
        for row in rows[:TIMELINE_BARS]
    ]


class WaitingDecision(NamedTuple):
    """What a project asks for; `due` None when nobody said by when."""

    project: int
    code: str
    name: str
    color: str
    what: str
    who: str
    due: date | None


def decisions(view: VisibleRows) -> list[WaitingDecision]:
    """Return what waits for a decision, soonest first."""
    rows = (
        view.rows()
        .filter(SHOWN["decisions"])
        .order_by(F("help_due").asc(nulls_last=True), "rank", "name", "pk")
        .values_list(
            "project_id", "code", "name", "overall", "help_needed", "help_from", "help_due"
        )
    )
    return [WaitingDecision(*row) for row in rows[:DECISIONS_SHOWN]]


class TopRisk(NamedTuple):
    project: int
    code: str
    name: str
    title: str
    score: int


def top_risks(view: VisibleRows) -> list[TopRisk]:
    """Return the highest risk of each of the worst projects, as frozen with them."""
    rows = (
        view.rows()
        .filter(top_risk_score__isnull=False)
        .order_by("-top_risk_score", "name", "pk")
        .values_list("project_id", "code", "name", "top_risk", "top_risk_score")
    )
    return [TopRisk(*row[:4], row[4] or 0) for row in rows[:RISKS_SHOWN]]


def frozen_risks(view: VisibleRows) -> tuple[int, int]:
    """Return how many risks were open on a frozen day, and how many of them high."""
    found = view.rows().aggregate(
        open=Sum("open_risks", default=0), high=Sum("high_risks", default=0)
    )
    return found["open"], found["high"]


def risk_counts(view: VisibleRows) -> dict[tuple[int, int], int]:
    """Count today's open threats by (likelihood, impact); registers keep no past."""
    return map_counts(Risk.objects.filter(project__in=view.rows().values("project_id")))


def high_of(counts: Mapping[tuple[int, int], int]) -> int:
    grades = {Band.HIGH, Band.EXTREME}
    return sum(count for cell, count in counts.items() if band(*cell) in grades)
