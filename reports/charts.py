"""Portfolio pages' drawings: plain rows in, a finding with its figure and its table out."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pmo.common.page import figures
from pmo.common.page.charts import Chart, Column, bars_height, figure, plain, role, roles
from reports.domain.bars import CostBar, CoursePoint, Span
from reports.domain.overspend import Overspend
from reports.words.ledes import (
    cost_title,
    counted_figure,
    course_sentence,
    schedule_title,
)

LABEL = 34  # letters of a name beside a bar; the table has the whole name
NEAR = Decimal("0.02")  # a difference up to this share of the budget is drawn as neutral
ROOM = Decimal("0.28")  # share of the axis left free for the words at the end of a bar
MILLISECONDS = 86_400_000  # of a day, as Plotly counts lengths on a time axis
# bars from the top down, with a little air between a name and its bar
NAMES = {"type": "category", "autorange": "reversed", "ticks": "outside", "ticklen": 6}
NAMES["tickcolor"] = "rgba(0,0,0,0)"
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
        return MILLION, figures.scale("million", currency)
    if size >= THOUSAND:
        return THOUSAND, figures.scale("thousand", currency)
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


def variance_figure(bars: Sequence[CostBar], *, currency: str) -> dict[str, Any]:
    """Draw distances from approved budgets, the first bar on top."""
    unit, title = unit_of([bar.variance for bar in bars], currency)
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": labels(bar.name for bar in bars),
        "x": [float(figures.rounded(bar.variance / unit, 3)) for bar in bars],
        "text": [figures.signed_money(bar.variance, currency) for bar in bars],
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
            "title": {"text": f"Forecast minus approved, {title}"},
            "range": _range([bar.variance / unit for bar in bars]),
            "zeroline": True,
            "zerolinewidth": 2,
        },
        yaxis=NAMES,
    )


def variance_table(bars: Iterable[CostBar], *, currency: str) -> list[tuple[str, ...]]:
    return [
        (
            bar.name,
            figures.money(bar.approved, currency),
            figures.money(bar.forecast, currency),
            figures.signed_money(bar.variance, currency),
        )
        for bar in bars
    ]


def variance_columns(first: str) -> tuple[Column, ...]:
    return (
        Column(label=first),
        *(
            Column(label=label, is_number=True)
            for label in ("Approved", "Forecast", "Over or under")
        ),
    )


def cost_chart(
    bars: Sequence[CostBar], overspend: Overspend, *, currency: str, footnote: str, year: str = ""
) -> Chart:
    over = [bar for bar in bars if bar.project and bar.variance > 0][:3]
    named = figures.listing(
        f"{bar.name} {figures.money(bar.variance, currency)} over" for bar in over
    )
    return Chart(
        key="cost",
        title=cost_title(overspend, year=year),
        sentence=f"Forecast cost against approved budget. {named or 'No project is over'}.",
        figure=variance_figure(bars, currency=currency) if bars else None,
        columns=variance_columns("Project"),
        rows=variance_table(bars, currency=currency),
        footnote=footnote,
        reason="No project has both an approved budget and a forecast cost.",
    )


def steps_chart(
    bars: Sequence[CostBar], *, title: str, first: str, currency: str, footnote: str
) -> Chart:
    """Draw how groups add up to the whole difference: each bar starts where the one above ended."""
    total = sum((bar.variance for bar in bars), Decimal())
    words = figures.signed_money(total, currency)
    return Chart(
        key="steps",
        title=title,
        sentence=f"Forecast minus approved by {first.lower()}; together {words}.",
        figure=_steps(bars, total, currency) if bars else None,
        columns=variance_columns(first),
        rows=variance_table(bars, currency=currency),
        footnote=footnote,
        reason="No project has both an approved budget and a forecast cost.",
    )


def _steps(bars: Sequence[CostBar], total: Decimal, currency: str) -> dict[str, Any]:
    ends = [Decimal()]
    for bar in bars:
        ends.append(ends[-1] + bar.variance)
    unit, title = unit_of(ends, currency)
    amounts = [*(bar.variance for bar in bars), total]
    tones = [*(_tone(bar) for bar in bars), "over" if total > 0 else "under" if total else "flat"]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": labels([*(bar.name for bar in bars), "Together"]),
        "base": [*(float(end / unit) for end in ends[:-1]), 0.0],
        "x": [float(amount / unit) for amount in amounts],
        "text": [figures.signed_money(amount, currency) for amount in amounts],
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
            "title": {"text": f"Forecast minus approved, {title}"},
            "range": _range([end / unit for end in ends]),
            "zeroline": True,
            "zerolinewidth": 2,
        },
        yaxis=NAMES,
    )


def timeline_chart(spans: Sequence[Span], *, dated: int, late: int, today: date) -> Chart:
    worst = [span for span in spans if span.slip_days > 0][:3]
    named = figures.listing(f"{span.name} {figures.slip(span.slip_days)}" for span in worst)
    rest = dated - len(spans)
    drawn = f"The {len(spans)} worst of {counted_figure(dated, 'project')} are drawn. "
    return Chart(
        key="timeline",
        title=schedule_title(dated=dated, late=late),
        sentence=f"Planned and forecast finish. {named or 'No project finishes late'}.",
        figure=_timeline(spans, today) if spans else None,
        columns=(
            Column(label="Project"),
            Column(label="Planned finish"),
            Column(label="Forecast finish"),
            Column(label="Late or early", is_number=True),
        ),
        rows=[
            (s.name, figures.day(s.planned), figures.day(s.forecast), figures.slip(s.slip_days))
            for s in spans
        ],
        footnote=(drawn if rest > 0 else "")
        + "Gray: planned. Color: forecast, in the color of the status (hatched: no report)."
        " Diamond: next milestone. Dotted line: the day shown.",
        reason="No project has a start, a planned finish and a forecast finish.",
    )


def _timeline(spans: Sequence[Span], today: date) -> dict[str, Any]:
    names = labels(span.name for span in spans)
    ends = [
        max(span.planned, span.forecast, span.milestone_date or span.forecast) for span in spans
    ]
    first = min(span.start for span in spans) - timedelta(days=14)
    last = max(*ends, today) + timedelta(days=30)
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
        "text": [plain(f"{s.milestone}, {figures.day(s.milestone_date)}") for _, s in marked],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "symbol": "diamond",
            "size": 10,
            "color": role("text"),
            "line": {"width": 1, "color": "var(--surface)"},
        },
    }


def _length(start: date, end: date) -> int:
    return max((end - start).days, 0) * MILLISECONDS


def course_charts(points: Sequence[CoursePoint], *, currency: str) -> list[Chart]:
    """Draw how one project's forecasts moved over its frozen days; the last point is now."""
    return [_finish_course(points), _cost_course(points, currency)]


def _finish_course(points: Sequence[CoursePoint]) -> Chart:
    known = [point for point in points if point.forecast_finish]
    finishes = [point.forecast_finish for point in known if point.forecast_finish]
    moved = (finishes[-1] - finishes[0]).days if len(finishes) > 1 else None
    title = "Forecast finish"
    if moved:
        title = f"The forecast finish moved {counted_figure(abs(moved), 'day')}"
        title += " later" if moved > 0 else " earlier"
    elif moved == 0:
        title = "The forecast finish has not moved"
    return Chart(
        key="course-finish",
        title=title,
        sentence=_said(known, moved, ""),
        figure=_line(known, [finish.isoformat() for finish in finishes], date_axis=True),
        columns=(Column(label="As of"), Column(label="Forecast finish")),
        rows=[(figures.day(p.day), figures.day(p.forecast_finish)) for p in reversed(known)],
        reason="No forecast finish date was frozen yet.",
        size="small",
    )


def _cost_course(points: Sequence[CoursePoint], currency: str) -> Chart:
    known = [point for point in points if point.forecast_cost is not None]
    costs = [point.forecast_cost for point in known if point.forecast_cost is not None]
    moved = costs[-1] - costs[0] if len(costs) > 1 else None
    words = figures.signed_money(moved, currency) if moved is not None else ""
    title = "Forecast cost"
    if moved:
        title = f"The forecast cost {'rose' if moved > 0 else 'fell'}"
        title += f" by {figures.money(abs(moved), currency)}"
    elif moved is not None:
        title = "The forecast cost has not moved"
    unit, axis = unit_of(costs, currency)
    approved = [float(p.approved / unit) if p.approved is not None else None for p in known]
    return Chart(
        key="course-cost",
        title=title,
        sentence=_said(known, None, words),
        figure=_line(
            known, [float(cost / unit) for cost in costs], approved=approved, y_title=axis
        ),
        columns=(
            Column(label="As of"),
            Column(label="Approved", is_number=True),
            Column(label="Forecast", is_number=True),
        ),
        rows=[
            (
                figures.day(p.day),
                figures.money(p.approved, currency),
                figures.money(p.forecast_cost, currency),
            )
            for p in reversed(known)
        ],
        reason="No forecast cost was frozen yet.",
        size="small",
    )


def _said(known: Sequence[CoursePoint], days: int | None, money: str) -> str:
    if not known:
        return ""
    if len(known) == 1:
        return f"Only the forecast of {figures.day(known[0].day)} is known so far."
    return course_sentence(
        first=figures.day(known[0].day),
        last=figures.day(known[-1].day),
        moved_days=days,
        moved_money=money,
    )


def _line(
    points: Sequence[CoursePoint],
    values: Sequence[str] | Sequence[float],
    *,
    approved: Sequence[float | None] = (),
    y_title: str = "",
    date_axis: bool = False,
) -> dict[str, Any] | None:
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
    ends = [(only + timedelta(days=shift)).isoformat() for shift in (-7, 7)]
    return {"type": "date", "range": ends, "tickvals": [days[0]]}
