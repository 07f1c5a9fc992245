"""
Everything a portfolio page shows, from snapshot rows, in a fixed number of queries.

The one home of portfolio totals: dashboard, budget page and exports ask here. A total is made of the
rows that its reader may see; the rest is only counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Abs

from pmo.accounts.models import User
from portfolio.models import Portfolio
from projects.domain.stages import REPORTING
from reports.domain.bars import CostBar, Span
from reports.domain.findings import Overspend
from reports.domain.periods import Period, period_of
from reports.models import Freeze, FreezeKind, Snapshot
from reports.models.snapshots import LIVE, SnapshotQuerySet
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
# rows that a page counts and that a link to its list keeps: one definition for both
SHOWN: Mapping[str, Q] = {
    "disputed": Q(is_disputed=True),
    "worse": _WORSE,
    "silenced": Q(overall="none") & ~Q(overall_before="none"),
    "better": _BETTER,
    "over": _OVER,
    "slipped": Q(finish_slip_days__gt=0),
    "late": Q(milestones_late__gt=0),
    "risks": Q(high_risks__gt=0),
    "due": Q(update_due=True),
    "decisions": ~Q(help_needed=""),
}


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
    # forecast and approved over the projects that have both, so that the difference is their own
    comparable: int = 0
    approved: Decimal | None = None
    forecast: Decimal | None = None
    over: int = 0
    over_sum: Decimal | None = None
    dated: int = 0
    slipped: int = 0
    milestones_open: int = 0
    milestones_late: int = 0
    open_risks: int = 0
    high_risks: int = 0

    @property
    def colors(self) -> dict[str, int]:
        return {"red": self.red, "amber": self.amber, "none": self.none, "green": self.green}

    @property
    def variance(self) -> Decimal | None:
        """Forecast minus approved, positive = over."""
        if self.forecast is None or self.approved is None:
            return None
        return self.forecast - self.approved

    @property
    def share(self) -> Decimal | None:
        """Variance as a share of the approved budget; None without one."""
        return (
            self.variance / self.approved if self.variance is not None and self.approved else None
        )

    @property
    def updates_in(self) -> int:
        return self.reporting - self.due


def _count(condition: Q) -> Count:
    return Count("pk", filter=condition)


def _totals(today: date) -> dict[str, Any]:
    both = Q(cost_variance__isnull=False)
    return {
        "projects": Count("pk"),
        **{color: _count(Q(overall=color)) for color in ("red", "amber", "none", "green")},
        **{
            name: _count(SHOWN[name])
            for name in ("worse", "better", "silenced", "disputed", "decisions", "over", "slipped")
        },
        "decisions_late": _count(SHOWN["decisions"] & Q(help_due__lt=today)),
        "reporting": _count(Q(stage__in=[stage.value for stage in REPORTING])),
        "due": _count(SHOWN["due"]),
        "comparable": _count(both),
        "approved": Sum("approved_budget", filter=both),
        "forecast": Sum("forecast_cost", filter=both),
        "over_sum": Sum("cost_variance", filter=_OVER),
        "dated": _count(Q(finish_slip_days__isnull=False)),
        "milestones_open": Sum(F("milestones") - F("milestones_done"), default=0),
        "milestones_late": Sum("milestones_late", default=0),
        "open_risks": Sum("open_risks", default=0),
        "high_risks": Sum("high_risks", default=0),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Whose eyes, which portfolio (None = all projects) and which day a page looks at."""

    user: User
    today: date
    period: Period
    portfolio: Portfolio | None = None
    days: tuple[date, ...] = ()  # that can be shown, newest first
    # the portfolio was chosen for the reader: nothing is live, only its imported days are
    is_archive: bool = False

    @property
    def day(self) -> date:
        """The day the figures are judged at."""
        return self.period.shown or self.today

    def all_rows(self) -> SnapshotQuerySet:
        """Return the shown day's active rows, whoever may see them; for counting only."""
        if self.period.is_too_early:
            return Snapshot.objects.none()
        return self.at(self.period.shown)

    def rows(self) -> SnapshotQuerySet:
        return self.all_rows().visible_to(self.user)

    def at(self, day: date | None) -> SnapshotQuerySet:
        """Return one day's active rows of the projects that were in the portfolio then; None is now."""
        rows = Snapshot.objects.at(day or LIVE).active()
        return rows.of_portfolio(self.portfolio, on=day or self.today)


class Scale(NamedTuple):
    """How many rows there are, and how many the reader may not see."""

    total: int
    hidden: int


def look(
    *,
    user: User,
    portfolios: Sequence[Portfolio],
    code: str,
    asked: date | None,
    today: date,
) -> View:
    """
    Choose what a page looks at: the portfolio of this code ("" = all projects), on the day asked for.

    Weekly freezes belong to the whole organization, imported days to one portfolio. Where the only
    portfolio was imported and nothing in it reports any more, its last imported day is shown unless
    another day is asked for: "now" would say nothing but "No report".
    """
    freezes = list(Freeze.objects.order_by("date").values_list("date", "portfolio_id", "kind"))
    imported = {pk for _, pk, kind in freezes if kind == FreezeKind.IMPORT}
    portfolio = next((one for one in portfolios if one.code == code), None)
    if portfolio is None and len(portfolios) == 1 and portfolios[0].pk in imported:
        portfolio = portfolios[0]
    ours = {day for day, pk, _ in freezes if pk is None or (portfolio and pk == portfolio.pk)}
    view = View(
        user=user,
        today=today,
        portfolio=portfolio,
        period=period_of(ours, asked=asked, today=today),
        days=tuple(sorted(ours, reverse=True)),
    )
    if asked or portfolio is None or portfolio.pk not in imported:
        return view
    if view.rows().exclude(overall="none").exists():
        return view
    last = max(day for day, pk, _ in freezes if pk == portfolio.pk)
    return replace(view, period=period_of(ours, asked=last, today=today), is_archive=True)


def totals_of(view: View) -> Totals:
    """Return the totals of the shown day, in one query."""
    if view.period.is_too_early:
        return Totals()
    return Totals(**view.rows().aggregate(**_totals(view.day)))


def before_of(view: View) -> Totals | None:
    """Return what the key figures compare with, of the freeze before; None without one."""
    if view.period.before is None:
        return None
    rows = view.at(view.period.before).visible_to(view.user)
    counted = {"red": _count(Q(overall="red")), "amber": _count(Q(overall="amber"))}
    return Totals(
        **rows.aggregate(
            **counted,
            milestones_late=Sum("milestones_late", default=0),
            high_risks=Sum("high_risks", default=0),
        )
    )


def scale_of(view: View, *, visible: int) -> Scale:
    """Count what is hidden from the reader; the rows themselves are never read."""
    total = view.all_rows().count()
    return Scale(total, max(total - visible, 0))


def color_counts(rows: SnapshotQuerySet) -> dict[str, int]:
    """Count rows by declared color, in one query."""
    counts = {"red": 0, "amber": 0, "none": 0, "green": 0}
    counts.update(rows.order_by().values_list("overall").annotate(Count("pk")))
    return counts


def cost_bars(view: View, totals: Totals) -> list[CostBar]:
    """Return the largest differences, most over first, and one bar for all others."""
    names = ("project_id", "name", "approved_budget", "forecast_cost", "cost_variance")
    found = (
        view.rows()
        .filter(cost_variance__isnull=False)
        .order_by(Abs("cost_variance").desc(), "name", "pk")
        .values_list(*names)
    )
    bars = [
        CostBar(project=pk, name=name, approved=approved, forecast=forecast, variance=variance)
        for pk, name, approved, forecast, variance in found[:COST_BARS]
    ]
    bars.sort(key=lambda bar: (-bar.variance, bar.name))
    others = totals.comparable - len(bars)
    if others > 0 and totals.approved is not None and totals.forecast is not None:
        approved = totals.approved - sum((bar.approved for bar in bars), Decimal())
        forecast = totals.forecast - sum((bar.forecast for bar in bars), Decimal())
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


def overspend_of(totals: Totals, bars: Iterable[CostBar]) -> Overspend:
    over = sorted((bar.variance for bar in bars if bar.project and bar.variance > 0), reverse=True)
    return Overspend(
        comparable=totals.comparable,
        over=totals.over,
        over_sum=totals.over_sum or Decimal(),
        largest=tuple(over),
    )


def spans(view: View) -> list[Span]:
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


class Decision(NamedTuple):
    """What a project asks for; `due` None when nobody said by when."""

    project: int
    code: str
    name: str
    color: str
    what: str
    who: str
    due: date | None


def decisions(view: View) -> list[Decision]:
    """Return what waits for a decision, soonest first."""
    rows = (
        view.rows()
        .filter(SHOWN["decisions"])
        .order_by(F("help_due").asc(nulls_last=True), "rank", "name", "pk")
        .values_list(
            "project_id", "code", "name", "overall", "help_needed", "help_from", "help_due"
        )
    )
    return [Decision(*row) for row in rows[:DECISIONS_SHOWN]]


class TopRisk(NamedTuple):
    project: int
    code: str
    name: str
    title: str
    score: int


def top_risks(view: View) -> list[TopRisk]:
    """Return the highest risk of each of the worst projects, as frozen with them."""
    rows = (
        view.rows()
        .filter(top_risk_score__isnull=False)
        .order_by("-top_risk_score", "name", "pk")
        .values_list("project_id", "code", "name", "top_risk", "top_risk_score")
    )
    return [TopRisk(*row[:4], row[4] or 0) for row in rows[:RISKS_SHOWN]]


def frozen_risks(view: View) -> tuple[int, int]:
    """Return how many risks were open on a frozen day, and how many of them high."""
    found = view.rows().aggregate(
        open=Sum("open_risks", default=0), high=Sum("high_risks", default=0)
    )
    return found["open"], found["high"]


def risk_counts(view: View) -> dict[tuple[int, int], int]:
    """Count today's open threats by (likelihood, impact); registers keep no past."""
    return map_counts(Risk.objects.filter(project__in=view.rows().values("project_id")))


def high_of(counts: Mapping[tuple[int, int], int]) -> int:
    grades = {Band.HIGH, Band.EXTREME}
    return sum(count for cell, count in counts.items() if band(*cell) in grades)
