"""Portfolio pages' drawings: plain rows in, figures out; words make them cards."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pmo.common.local.days import moved
from pmo.common.page import formats
from pmo.common.page.charts import Figure, bars_height, figure, plain, role, roles
from reports.domain.bars import CostBar, CoursePoint, Span

LABEL = 34  # letters of a name beside a bar; the table has the whole name
NEAR = Decimal("0.02")  # a difference up to this share of the budget is drawn as neutral
ROOM = Decimal("0.28")  # share of the axis left free for the words at the end of a bar
MILLISECONDS = 86_400_000  # of a day, as Plotly counts lengths on a time axis
# bars from the top down, with a little air between a name and its bar
NAMES: dict[str, Any] = {
    "type": "category",
    "autorange": "reversed",
    "ticks": "outside",
    "ticklen": 6,
}
NAMES["tickcolor"] = role("clear")
MILLION, THOUSAND = Decimal(1_000_000), Decimal(1_000)


def labels(names: Iterable[str]) -> list[str]:
    """Shorten names for an axis; equal ones get an invisible tail, or their bars would merge."""
    found: list[str] = []
    for name in names:
        label = name if len(name) <= LABEL else f"{name[: LABEL - 1].rstrip()}…"
        while plain(label) in found:
            label += "\N{ZERO WIDTH SPACE}"
        found.append(plain(label))
    return found


def unit_of(amounts: Sequence[Decimal], currency: str) -> tuple[Decimal, str]:
    """Choose what one step of a money axis is worth, and its title."""
    size = max((abs(amount) for amount in amounts), default=Decimal())
    if size >= MILLION:
        return MILLION, formats.scale("million", currency)
    if size >= THOUSAND:
        return THOUSAND, formats.scale("thousand", currency)
    return Decimal(1), currency


def _tone(bar: CostBar) -> str:
    if abs(bar.variance) <= bar.approved * NEAR:
        return "flat"
    return "over" if bar.variance > 0 else "under"


def _range(amounts: Sequence[Decimal]) -> list[float]:
    """Return the ends of an axis around zero with room for the words at the bars' ends."""
    low, high = min(*amounts, Decimal()), max(*amounts, Decimal())
    room = (high - low or Decimal(1)) * ROOM
    return [float(low - room) if low < 0 else 0.0, float(high + room) if high > 0 else 0.0]


def variance_figure(bars: Sequence[CostBar], *, axis: str, currency: str) -> Figure:
    """Draw distances from approved budgets, the first bar on top; `axis` has a slot for the {unit}."""
    unit, title = unit_of([bar.variance for bar in bars], currency)
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": labels(bar.name for bar in bars),
        "x": [float(formats.rounded(bar.variance / unit, 3)) for bar in bars],
        "text": [formats.signed_money(bar.variance, currency) for bar in bars],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": roles([_tone(bar) for bar in bars])},
        "hoverinfo": "skip",
    }
    return figure(
        [trace],
        height=bars_height(len(bars)),
        bargap=0.35,
        xaxis={
            "title": {"text": axis.format(unit=title)},
            "range": _range([bar.variance / unit for bar in bars]),
            "zeroline": True,
            "zerolinewidth": 2,
        },
        yaxis=NAMES,
    )


def steps_figure(bars: Sequence[CostBar], *, together: str, axis: str, currency: str) -> Figure:
    """Draw how groups add up: each bar starts where the one above ended, the last (`together`) at zero."""
    total = sum((bar.variance for bar in bars), Decimal())
    ends = [Decimal()]
    for bar in bars:
        ends.append(ends[-1] + bar.variance)
    unit, title = unit_of(ends, currency)
    amounts = [*(bar.variance for bar in bars), total]
    tones = [*(_tone(bar) for bar in bars), "over" if total > 0 else "under" if total else "flat"]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": labels([*(bar.name for bar in bars), together]),
        "base": [*(float(end / unit) for end in ends[:-1]), 0.0],
        "x": [float(amount / unit) for amount in amounts],
        "text": [formats.signed_money(amount, currency) for amount in amounts],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": roles(tones)},
        "hoverinfo": "skip",
    }
    return figure(
        [trace],
        height=bars_height(len(amounts)),
        bargap=0.35,
        xaxis={
            "title": {"text": axis.format(unit=title)},
            "range": _range([end / unit for end in ends]),
            "zeroline": True,
            "zerolinewidth": 2,
        },
        yaxis=NAMES,
    )


def timeline_figure(spans: Sequence[Span], *, today: date) -> Figure:
    """Draw each project's forecast above its plan, its next milestone, and the day shown."""
    names = labels(span.name for span in spans)
    ends = [
        max(span.planned, span.forecast, span.milestone_date or span.forecast) for span in spans
    ]
    first = moved(min(span.start for span in spans), -14)
    last = moved(max(*ends, today), 30)
    line = {"color": role("text"), "width": 1.5, "dash": "dot"}
    day = today.isoformat()
    return figure(
        [*_span_bars(spans, names), _diamonds(spans, names)],
        height=bars_height(len(spans)),
        barmode="overlay",
        xaxis={"type": "date", "nticks": 6, "range": [first.isoformat(), last.isoformat()]},
        yaxis=NAMES,
        shapes=[
            {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "line": line}
        ],
    )


def _span_bars(spans: Sequence[Span], names: Sequence[str]) -> list[dict[str, Any]]:
    """Draw the forecast above the plan; a project without a report is hatched."""
    common = {
        "type": "bar",
        "orientation": "h",
        "y": list(names),
        "base": [span.start.isoformat() for span in spans],
        "hoverinfo": "skip",
    }
    planned = {
        "name": "Planned",
        "x": [_length(span.start, span.planned) for span in spans],
        "width": 0.26,
        "offset": 0.14,
        "marker": {"color": role("flat")},
    }
    forecast = {
        "name": "Forecast",
        "x": [_length(span.start, span.forecast) for span in spans],
        "width": 0.42,
        "offset": -0.32,
        "marker": {
            "color": roles([span.color for span in spans]),
            "pattern": {"shape": ["/" if span.color == "none" else "" for span in spans]},
        },
    }
    return [common | planned, common | forecast]


def _diamonds(spans: Sequence[Span], names: Sequence[str]) -> dict[str, Any]:
    marked = [(name, span) for name, span in zip(names, spans, strict=True) if span.milestone_date]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Next milestone",
        "y": [name for name, _ in marked],
        "x": [span.milestone_date.isoformat() for _, span in marked if span.milestone_date],
        "text": [plain(f"{s.milestone}, {formats.day(s.milestone_date)}") for _, s in marked],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "symbol": "diamond",
            "size": 10,
            "color": role("text"),
            "line": {"width": 1, "color": role("surface")},
        },
    }


def _length(start: date, end: date) -> int:
    return max((end - start).days, 0) * MILLISECONDS


def course_figure(
    points: Sequence[CoursePoint],
    values: Sequence[str] | Sequence[float],
    *,
    approved: Sequence[float | None] = (),
    y_title: str = "",
    date_axis: bool = False,
) -> Figure | None:
    """Draw one line of forecasts, and the approved amount dashed under it; None without a point."""
    if not points:
        return None
    days = [point.day.isoformat() for point in points]
    mode = "lines+markers" if len(points) == 1 else "lines"
    traces: list[dict[str, Any]] = []
    if any(value is not None for value in approved):
        traces.append(
            {
                "type": "scatter",
                "mode": mode,
                "name": "Approved",
                "x": days,
                "y": list(approved),
                "line": {"color": role("flat"), "width": 2, "dash": "dash", "shape": "hv"},
                "hoverinfo": "skip",
            }
        )
    traces.append(
        {
            "type": "scatter",
            "mode": mode,
            "name": "Forecast",
            "x": days,
            "y": list(values),
            "line": {"color": role("accent"), "width": 3, "shape": "hv"},
            "hoverinfo": "skip",
        }
    )
    y_axis: dict[str, Any] = {"title": {"text": y_title}}
    if date_axis:
        y_axis = _days_axis([str(value) for value in values])
    return figure(
        traces,
        height=240,
        showlegend=len(traces) > 1,
        xaxis=_days_axis(days) | {"nticks": 6},
        yaxis=y_axis,
    )


def _days_axis(days: Sequence[str]) -> dict[str, Any]:
    """Return an axis of dates; around a single day it shows a fortnight, not its milliseconds."""
    if len(set(days)) > 1:
        return {"type": "date"}
    only = date.fromisoformat(days[0])
    ends = [moved(only, shift).isoformat() for shift in (-7, 7)]
    return {"type": "date", "range": ends, "tickvals": [days[0]]}
