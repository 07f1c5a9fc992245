"""Drawings of one project's money; plain figures in, chart cards out."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from pmo.common import charts
from pmo.common.figures import DASH, money, rounded, signed_money

SERIES = (("Budget", "text"), ("Spent", "accent"), ("Forecast", "flat"))
MILLION = Decimal(1_000_000)


class YearBar(NamedTuple):
    """The money of one fiscal year; None where nothing is known."""

    label: str
    budget: Decimal | None
    spent: Decimal | None
    forecast: Decimal | None

    @property
    def over(self) -> Decimal | None:
        """Forecast minus budget; None when either is not known."""
        if self.forecast is None or self.budget is None:
            return None
        return self.forecast - self.budget


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
    over = [(bar.over, bar.label) for bar in bars if bar.over is not None]
    if not over:
        return "Money by fiscal year"
    worst, label = max(over, key=lambda pair: pair[0])
    if worst <= 0:
        return "No fiscal year is forecast over its budget"
    return f"{label} is forecast {money(worst, currency)} over its budget"


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
            "y": [None if v is None else float(rounded(v / MILLION, 3)) for v in values[name]],
            "hovertext": [money(v, currency) for v in values[name]],
            "hoverinfo": "text+name",
            "marker": {"color": charts.role(color)},
        }
        for name, color in SERIES
    ]
    return charts.figure(
        traces,
        barmode="group",
        showlegend=True,
        legend={"orientation": "h", "y": 1.15},
        height=240,
        xaxis={"type": "category"},
        yaxis={"ticksuffix": " M", "tickprefix": currency, "rangemode": "tozero"},
    )


def _row(bar: YearBar, currency: str) -> list[str]:
    amounts = [money(v, currency) for v in (bar.budget, bar.spent, bar.forecast)]
    over = DASH if bar.over is None else signed_money(bar.over, currency)
    return [bar.label, *amounts, over]
