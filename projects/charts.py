"""Drawings of one project's money, or of many: plain figures in, figures out; words make them cards."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from pmo.common.page import charts
from pmo.common.page.formats import axis_ticks, money, rounded
from projects.domain.money import MonthSum, over_budget

SERIES = (("Budget", "text"), ("Spent", "accent"), ("Forecast", "flat"))
MILLION = Decimal(1_000_000)


class YearBar(NamedTuple):
    """
    The money of one fiscal year; None where nothing is known. `final` is what an ended one cost.

    `is_least`: the forecast leaves out what is not known of some projects, so that it is at least that.
    """

    label: str
    budget: Decimal | None
    spent: Decimal | None
    forecast: Decimal | None
    final: Decimal | None = None
    is_least: bool = False

    @property
    def over(self) -> Decimal | None:
        """Forecast minus budget; None where only a part of the forecast is known and it may be under."""
        over = over_budget(budget=self.budget, forecast=self.forecast, final=self.final)
        return None if self.is_least and over is not None and over <= 0 else over


class MonthBar(NamedTuple):
    """The money of one month; None where nothing was recorded or forecast."""

    month: date
    spent: Decimal | None
    forecast: Decimal | None
    is_over: bool


def month_name(month: date) -> str:
    return f"{month:%b %Y}"


def years_figure(bars: Sequence[YearBar], *, currency: str) -> charts.Figure:
    """Draw budget, spent and forecast side by side for each fiscal year."""
    names = [charts.plain(bar.label) for bar in bars]
    amounts = (
        [bar.budget for bar in bars],
        [bar.spent for bar in bars],
        [bar.forecast for bar in bars],
    )
    traces = [
        _columns(name, names, values, color, currency)
        for (name, color), values in zip(SERIES, amounts, strict=True)
    ]
    return charts.figure(traces, barmode="group", **_layout(currency))


def months_figure(bars: Sequence[MonthBar], *, currency: str) -> charts.Figure:
    """Draw spent beside forecast for each month."""
    names = [month_name(bar.month) for bar in bars]
    traces = [
        _columns("Spent", names, [bar.spent for bar in bars], "accent", currency),
        _columns("Forecast", names, [bar.forecast for bar in bars], "flat", currency),
    ]
    return charts.figure(traces, barmode="group", **_layout(currency, nticks=6))


def course_figure(
    sums: Sequence[MonthSum], *, budget: Decimal | None, currency: str
) -> charts.Figure:
    """Draw what is spent, and expected to be, from the start on, against the approved budget."""
    traces = [
        _course("Spent", [one for one in sums if not one.is_expected], "accent", "solid", currency),
        _course("Expected", _expected(sums), "flat", "dash", currency),
    ]
    if budget is not None:
        ends = [MonthSum(sums[0].month, budget, False), MonthSum(sums[-1].month, budget, False)]
        traces.append(_course("Approved budget", ends, "text", "dot", currency))
    return charts.figure([t for t in traces if t["x"]], **_layout(currency, nticks=6))


def _columns(
    name: str, names: list[str], values: Iterable[Decimal | None], color: str, currency: str
) -> dict[str, Any]:
    known = list(values)
    return {
        "type": "bar",
        "name": name,
        "x": names,
        "y": [None if v is None else _millions(v) for v in known],
        "hovertext": [money(v, currency) for v in known],
        "hoverinfo": "text+name",
        "marker": {"color": charts.role(color)},
    }


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
        "x": [month_name(one.month) for one in sums],
        "y": [_millions(one.total) for one in sums],
        "hovertext": [money(one.total, currency) for one in sums],
        "hoverinfo": "text+name",
        "line": {"color": charts.role(color), "dash": dash},
    }


def _layout(currency: str, **axis: int) -> dict[str, Any]:
    return {
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.15},
        "height": 240,
        "xaxis": {"type": "category", **axis},
        "yaxis": axis_ticks(currency, "M") | {"rangemode": "tozero"},
    }


def _millions(value: Decimal) -> float:
    return float(rounded(value / MILLION, 3))
