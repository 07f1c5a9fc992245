"""Drawings of one project's money; plain figures in, chart cards out."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from pmo.common.page import charts
from pmo.common.page.figures import DASH, axis_ticks, money, rounded, signed_money
from projects.domain.money import MonthSum, over_budget

SERIES = (("Budget", "text"), ("Spent", "accent"), ("Forecast", "flat"))
MILLION = Decimal(1_000_000)


class YearBar(NamedTuple):
    """The money of one fiscal year; None where nothing is known. `final` is what an ended one cost."""

    label: str
    budget: Decimal | None
    spent: Decimal | None
    forecast: Decimal | None
    final: Decimal | None = None

    @property
    def over(self) -> Decimal | None:
        return over_budget(budget=self.budget, forecast=self.forecast, final=self.final)


def years_chart(bars: Sequence[YearBar], *, currency: str) -> charts.Chart:
    """Draw budget, spent and forecast side by side for each fiscal year."""
    drawn = [bar for bar in bars if any(v is not None for v in bar[1:])]
    title = _finding(drawn, currency)
    if not drawn:
        return charts.Chart(
            key="years",
            title=title,
            sentence=title,
            figure=None,
            reason="No budget, cost or forecast belongs to a fiscal year yet.",
        )
    return charts.Chart(
        key="years",
        title=title,
        sentence=f"Budget, spent and forecast by fiscal year. {title}.",
        figure=_figure(drawn, currency),
        columns=[
            charts.Column(label="Fiscal year"),
            *(charts.Column(label=name, is_number=True) for name, _ in SERIES),
            charts.Column(label="Over or under", is_number=True),
        ],
        rows=[_row(bar, currency) for bar in drawn],
        size="small",
    )


def _finding(bars: Sequence[YearBar], currency: str) -> str:
    """Name the year that is furthest over its budget."""
    over = [(bar.over, bar) for bar in bars if bar.over is not None]
    if not over:
        return "Money by fiscal year"
    worst, bar = max(over, key=lambda pair: pair[0])
    if worst <= 0:
        return "No fiscal year is over its budget or forecast to be"
    verb = "is forecast" if bar.final is None else "was"
    return f"{bar.label} {verb} {money(worst, currency)} over its budget"


def _figure(bars: Sequence[YearBar], currency: str) -> charts.Figure:
    values = {
        "Budget": [bar.budget for bar in bars],
        "Spent": [bar.spent for bar in bars],
        "Forecast": [bar.forecast for bar in bars],
    }
    traces = [
        {
            "type": "bar",
            "name": name,
            "x": [charts.plain(bar.label) for bar in bars],
            "y": [None if v is None else _millions(v) for v in values[name]],
            "hovertext": [money(v, currency) for v in values[name]],
            "hoverinfo": "text+name",
            "marker": {"color": charts.role(color)},
        }
        for name, color in SERIES
        if any(v is not None for v in values[name])
    ]
    return charts.figure(
        traces,
        barmode="group",
        showlegend=True,
        legend={"orientation": "h", "y": 1.15},
        height=240,
        xaxis={"type": "category"},
        yaxis=axis_ticks(currency, "M") | {"rangemode": "tozero"},
    )


def _row(bar: YearBar, currency: str) -> list[str]:
    amounts = [money(v, currency) for v in (bar.budget, bar.spent, bar.forecast)]
    over = DASH if bar.over is None else signed_money(bar.over, currency)
    return [bar.label, *amounts, over]


class MonthBar(NamedTuple):
    """The money of one month; None where nothing was recorded or forecast."""

    month: date
    spent: Decimal | None
    forecast: Decimal | None
    is_over: bool


def months_chart(bars: Sequence[MonthBar], *, currency: str, year: str) -> charts.Chart:
    """Draw spent beside forecast for each month of a fiscal year."""
    title = _months_finding(bars, currency, year)
    drawn = any(bar.spent is not None or bar.forecast is not None for bar in bars)
    if not drawn:
        reason = "Nothing was spent or forecast in these months."
        return charts.Chart(key="months", title=title, sentence=title, figure=None, reason=reason)
    values = {"Spent": [bar.spent for bar in bars], "Forecast": [bar.forecast for bar in bars]}
    traces = [
        {
            "type": "bar",
            "name": name,
            "x": [f"{bar.month:%b %Y}" for bar in bars],
            "y": [None if v is None else _millions(v) for v in values[name]],
            "hovertext": [money(v, currency) for v in values[name]],
            "hoverinfo": "text+name",
            "marker": {"color": charts.role(color)},
        }
        for name, color in (("Spent", "accent"), ("Forecast", "flat"))
    ]
    return charts.Chart(
        key="months",
        title=title,
        sentence=f"Spent and forecast by month of {year}. {title}.",
        figure=charts.figure(traces, barmode="group", **_month_layout(currency)),
        columns=[
            charts.Column(label="Month"),
            charts.Column(label="Spent", is_number=True),
            charts.Column(label="Forecast", is_number=True),
        ],
        rows=[
            [f"{bar.month:%b %Y}", money(bar.spent, currency), money(bar.forecast, currency)]
            for bar in bars
        ],
        size="small",
    )


def _months_finding(bars: Sequence[MonthBar], currency: str, year: str) -> str:
    """Compare the months that are over and had a forecast."""
    over = [(bar.spent or Decimal(), bar.forecast) for bar in bars if bar.is_over]
    known = [(spent, forecast) for spent, forecast in over if forecast is not None]
    if not known:
        return f"Spent and forecast by month, {year}"
    gap = sum((spent - forecast for spent, forecast in known), Decimal())
    if not gap:
        return f"{year} is spent as its months were forecast"
    side = "more" if gap > 0 else "less"
    return f"{money(abs(gap), currency)} {side} was spent in {year} than the months said"


def course_chart(
    sums: Sequence[MonthSum], *, budget: Decimal | None, currency: str
) -> charts.Chart:
    """Draw what is spent, and expected to be, from the start on, against the approved budget."""
    title = _course_finding(sums, budget, currency)
    if not sums:
        reason = "No cost is recorded and no month is forecast."
        return charts.Chart(key="course", title=title, sentence=title, figure=None, reason=reason)
    traces = [
        _course("Spent", [one for one in sums if not one.is_expected], "accent", "solid", currency),
        _course("Expected", _expected(sums), "flat", "dash", currency),
    ]
    if budget is not None:
        ends = [MonthSum(sums[0].month, budget, False), MonthSum(sums[-1].month, budget, False)]
        traces.append(_course("Approved budget", ends, "text", "dot", currency))
    return charts.Chart(
        key="course",
        title=title,
        sentence=f"Spent since the start, month by month, and what is expected. {title}.",
        figure=charts.figure([t for t in traces if t["x"]], **_month_layout(currency)),
        columns=[
            charts.Column(label="End of"),
            charts.Column(label="Since the start", is_number=True),
            charts.Column(label="Known or expected"),
        ],
        rows=[
            [
                f"{one.month:%b %Y}",
                money(one.total, currency),
                "Expected" if one.is_expected else "Spent",
            ]
            for one in sums
        ],
        size="small",
    )


def _course_finding(sums: Sequence[MonthSum], budget: Decimal | None, currency: str) -> str:
    if not sums or budget is None:
        return "Money since the start"
    crossed = next((one for one in sums if one.total > budget), None)
    if crossed is None:
        left = budget - sums[-1].total
        if not left:
            return "The months end exactly at the approved budget"
        return f"The months end {money(left, currency)} under the approved budget"
    verb = "will be" if crossed.is_expected else "was"
    return f"The approved budget {verb} used up in {crossed.month:%b %Y}"


def _expected(sums: Sequence[MonthSum]) -> list[MonthSum]:
    """Begin where the known line ends, so that the two meet."""
    known = [one for one in sums if not one.is_expected]
    coming = [one for one in sums if one.is_expected]
    return [*known[-1:], *coming] if coming else []


def _course(
    name: str, sums: Sequence[MonthSum], color: str, dash: str, currency: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [f"{one.month:%b %Y}" for one in sums],
        "y": [_millions(one.total) for one in sums],
        "hovertext": [money(one.total, currency) for one in sums],
        "hoverinfo": "text+name",
        "line": {"color": charts.role(color), "dash": dash},
    }


def _month_layout(currency: str) -> dict[str, Any]:
    return {
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.15},
        "height": 240,
        "xaxis": {"type": "category", "nticks": 6},
        "yaxis": axis_ticks(currency, "M") | {"rangemode": "tozero"},
    }


def _millions(value: Decimal) -> float:
    return float(rounded(value / MILLION, 3))
