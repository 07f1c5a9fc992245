"""The charts and lists of a portfolio page, from the rows its reader may see, a query each."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Sum
from django.db.models.functions import Abs

from pmo.common.folding import fold
from pmo.common.records.search import as_read
from reports.domain.bars import CostBar, Span
from reports.domain.key_figures import KeyMoney
from reports.selectors.key_figures import YEAR_VARIANCE, shown
from reports.selectors.visible_rows import VisibleRows
from risks.domain.matrix import Band, band
from risks.models import Risk
from risks.selectors import map_counts

COST_BARS, TIMELINE_BARS, DECISIONS_SHOWN, RISKS_SHOWN = 12, 15, 8, 8


def cost_bars(view: VisibleRows, money: KeyMoney | None) -> list[CostBar]:
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
    found = rows.order_by(Abs(names[-1]).desc(), *as_read("name", "pk")).values_list(*names)
    bars = [
        CostBar(project=pk, name=name, approved=approved, forecast=forecast, variance=variance)
        for pk, name, approved, forecast, variance in found[:COST_BARS]
    ]
    bars.sort(key=lambda bar: (-bar.variance, fold(bar.name)))
    others = money.compared - len(bars)
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
        .order_by(*as_read("-finish_slip_days", "name", "pk"))
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
        .filter(shown("decisions"))
        .order_by(F("help_due").asc(nulls_last=True), *as_read("rank", "name", "pk"))
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
        .order_by(*as_read("-top_risk_score", "name", "pk"))
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
