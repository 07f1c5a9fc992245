"""The drawings of where a project or a portfolio will land; plain figures in, chart cards out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pmo.common.page import figures
from pmo.common.page.charts import Chart, Column, Figure, bars_height, figure, plain, role
from projects.domain.earning.bridge import UNEXPLAINED, Bridge
from projects.domain.earning.delays import Delays
from projects.domain.earning.frozen_course import PlannedCourse, Took
from reports.charts import NAMES, unit_of
from reports.selectors.forecast import Then

# name, where the bar begins, its length, its color role and the words at its end
Step = tuple[str, Decimal, Decimal, str, str]
Points = Sequence[tuple[date, Decimal]]
DATES: dict[str, Any] = {"type": "date", "nticks": 6}
ROOM = Decimal("0.3")  # of the axis, for the words at the end of a bar
CURVE_NOTE = (
    "What was planned by past weeks is as it was frozen then; the line steps where a new baseline"
    " took over."
)
VISIBLE = Decimal(
    "0.5"
)  # steps that are smaller than this share of the start need an axis of their own
FEW_STEPS = 5  # leave a large frame half empty
LOWEST, HIGHEST = "Lowest estimate", "Highest estimate"
LEGEND: dict[str, Any] = {"orientation": "h", "y": 1.15, "traceorder": "normal"}


def _scaled(points: Points, unit: Decimal) -> dict[str, Any]:
    return {
        "x": [day.isoformat() for day, _ in points],
        "y": [float(figures.rounded(amount / unit, 3)) for _, amount in points],
        "type": "scatter",
        "hoverinfo": "skip",
    }


def _line(name: str, points: Points, unit: Decimal, color: str, **line: Any) -> dict[str, Any]:
    mode = "lines+markers" if len(points) == 1 else "lines"
    drawn = {"color": role(color), "width": 3} | line
    return {**_scaled(points, unit), "name": name, "mode": mode, "line": drawn}


def s_curve(
    *,
    title: str,
    planned: PlannedCourse,
    earned: Points,
    spent: Points,
    landing: Sequence[tuple[str, Points]],
    currency: str,
    reason: str,
) -> Chart:
    """Draw what was planned, earned and spent, and the estimates from today to the finish."""
    points_planned = planned.points
    every = [amount for points in (points_planned, earned, spent) for _, amount in points]
    every += [amount for _, points in landing for _, amount in points]
    unit, axis = unit_of(every, currency)
    traces = [
        _line("Planned", points_planned, unit, "flat", dash="dash"),
        _line("Earned", earned, unit, "accent"),
        _line("Spent", spent, unit, "over", shape="hv"),
        *_range(landing, unit),
    ]
    drawn = figure(
        [trace for trace in traces if trace["x"]],
        showlegend=True,
        legend=LEGEND,
        xaxis=DATES,
        yaxis={"title": {"text": axis}, "rangemode": "tozero"},
        **_marks(planned.took),
    )
    return Chart(
        key="s-curve",
        title=title,
        sentence=f"Planned, earned and spent over time. {title}.",
        figure=drawn if points_planned else None,
        columns=(
            Column(label="On"),
            *(Column(label=name, is_number=True) for name in ("Planned", "Earned", "Spent")),
        ),
        rows=_curve_rows(planned, earned, spent, currency),
        footnote=CURVE_NOTE if planned.took else "",
        reason=reason,
    )


def _range(landing: Sequence[tuple[str, Points]], unit: Decimal) -> list[dict[str, Any]]:
    """Draw the lowest and the highest estimate as the edges of a hatched field, the others as lines."""
    traces = []
    for name, points in landing:
        if name == LOWEST:
            edge = _line(name, points, unit, "muted", width=1) | {"showlegend": False}
        elif name == HIGHEST:
            hatched = {"shape": "/", "size": 6, "solidity": 0.15, "fgcolor": role("muted")}
            edge = _line("Range", points, unit, "muted", width=1)
            edge |= {"fill": "tonexty", "fillpattern": hatched}
        else:
            edge = _line(name, points, unit, "text", dash="dot", width=2)
        traces.append(edge)
    return traces


def _marks(took: Sequence[Took]) -> dict[str, Any]:
    """Mark the days from which a later baseline says what was planned."""
    return {
        "shapes": [
            {
                "type": "line",
                "x0": one.day.isoformat(),
                "x1": one.day.isoformat(),
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": role("line"), "width": 1, "dash": "dot"},
            }
            for one in took
        ],
        "annotations": [
            {
                "x": one.day.isoformat(),
                "y": 1,
                "yref": "paper",
                "yanchor": "top",
                "xanchor": "left",
                "showarrow": False,
                # one below the other: baselines may follow each other within weeks
                "yshift": -16 * number,
                "text": f"Baseline {one.baseline}",
                "font": {"size": 12, "color": role("muted")},
            }
            for number, one in enumerate(took)
        ],
    }


def _curve_rows(
    planned: PlannedCourse, earned: Points, spent: Points, currency: str
) -> list[tuple[str, ...]]:
    columns = [dict(points) for points in (planned.points, earned, spent)]
    marks = {one.day: f" (baseline {one.baseline} from here)" for one in planned.took}
    days = sorted({day for column in columns for day in column})
    return [
        (
            f"{figures.day(day)}{marks.get(day, '')}",
            *(figures.money(column.get(day), currency) for column in columns),
        )
        for day in days
    ]


def memory_chart(
    past: Sequence[Then], *, title: str, approved: Decimal | None, currency: str, first: str = ""
) -> Chart:
    """
    Draw what the manager forecast beside what the work so far implied, at each frozen day.

    `first` says when a first day will be frozen.
    """
    said = [(then.day, then.forecast_cost) for then in past if then.forecast_cost is not None]
    implied = [(then.day, then.eac) for then in past if then.eac is not None]
    known = [amount for _, amount in (*said, *implied)]
    unit, axis = unit_of(known, currency)
    level = [(then.day, approved) for then in past if approved is not None]
    traces = [
        _line("Approved plan", level, unit, "flat", dash="dash", width=2),
        _line("The manager’s forecast", said, unit, "accent", shape="hv"),
        _line("Calculated", implied, unit, "over"),
    ]
    drawn = figure(
        [trace for trace in traces if trace["x"]],
        height=260,
        showlegend=True,
        legend=LEGEND,
        xaxis=DATES,
        yaxis={"title": {"text": axis}},
    )
    return Chart(
        key="memory",
        title=title,
        sentence=f"The forecasts of this project as they were made. {title}.",
        figure=drawn if known else None,
        columns=(
            Column(label="As of"),
            Column(label="Forecast cost", is_number=True),
            Column(label="Calculated", is_number=True),
            Column(label="Forecast finish"),
            Column(label="Finish at the pace then"),
        ),
        rows=[
            (
                figures.day(then.day),
                figures.money(then.forecast_cost, currency),
                figures.money(then.eac, currency),
                figures.day(then.forecast_finish),
                figures.day(then.finish_at_pace),
            )
            for then in reversed(past)
        ],
        reason=f"No forecast was frozen yet. {first}".strip(),
        size="small",
    )


def money_unit(bridge: Bridge | None, currency: str) -> tuple[Decimal, str]:
    """Choose what one step of a bridge's axis is worth, and its title."""
    return unit_of([bridge.start, bridge.end] if bridge else [], currency)


def bridge_chart(
    bridge: Bridge | None,
    *,
    key: str,
    title: str,
    ends: tuple[str, str],
    write: Callable[[Decimal], str],
    signed: Callable[[Decimal], str],
    unit: Decimal,
    axis: str,
    reason: str,
    footnote: str = "",
) -> Chart:
    """Draw a waterfall: the first end, a bar for each cause, the last end."""
    if bridge is None:
        return Chart(key=key, title=title, sentence=title, figure=None, reason=reason)
    first, last = ends
    steps: list[Step] = [
        (first, Decimal(), bridge.start, "flat", write(bridge.start)),
        *(
            (bar.label, bar.before, bar.amount, _tone(bar.code, bar.amount), signed(bar.amount))
            for bar in bridge.bars
        ),
        (last, Decimal(), bridge.end, "accent", write(bridge.end)),
    ]
    low, high, is_cut = _span(bridge)
    if is_cut:
        footnote = f"{footnote} The axis does not start at zero.".strip()
    drawn = _waterfall(steps, unit=unit, axis=axis, span=(low, high))
    return Chart(
        key=key,
        title=title,
        sentence=f"From {first.lower()} to {last.lower()}, by cause. {title}.",
        figure=drawn,
        columns=(
            Column(label="Step"),
            Column(label="Amount", is_number=True),
            Column(label="What it is made of"),
        ),
        rows=[
            (first, write(bridge.start), ""),
            *((bar.label, signed(bar.amount), "; ".join(bar.words)) for bar in bridge.bars),
            (last, write(bridge.end), ""),
        ],
        footnote=footnote,
        size="small" if len(steps) <= FEW_STEPS else "",
    )


def finishes_chart(
    bridge: Bridge | None, found: Delays | None, *, title: str, reason: str
) -> Chart:
    """Draw the average project's way; the table tells the projects apart that an average hides."""
    chart = bridge_chart(
        bridge,
        key="finish-bridge",
        title=title,
        ends=("First baselines", "Forecasts now"),
        write=_tenths,
        signed=_tenths,
        unit=Decimal(1),
        axis="Days later, average project",
        reason=reason,
    )
    if bridge is None or found is None:
        return chart
    means = {bar.code: bar.amount for bar in bridge.bars}
    means[found.whole.code] = bridge.difference
    without = f"; {found.left_out:,} cannot be compared" if found.left_out else ""
    return replace(
        chart,
        columns=(
            Column(label="Cause"),
            Column(label="On average", is_number=True),
            Column(label="Projects", is_number=True),
            Column(label="Median", is_number=True),
            Column(label="Furthest"),
        ),
        rows=[
            (
                one.label,
                _tenths(means[one.code]),
                f"{one.projects:,}",
                _tenths(one.middle),
                f"{one.furthest.name}, {_tenths(one.furthest.days)}",
            )
            for one in (*found.causes, found.whole)
        ],
        footnote=(
            f"{found.later:,} of {figures.count(found.whole.projects, 'project')} later than first"
            f" approved{without}. The table says how many projects each cause moved, and whom furthest."
        ),
    )


def _tenths(days: Decimal) -> str:
    digits = 0 if days == days.to_integral_value() else 1
    return f"{figures.number(days, digits, plus=True)} {'day' if abs(days) == 1 else 'days'}"


def _waterfall(
    steps: Sequence[Step], *, unit: Decimal, axis: str, span: tuple[Decimal, Decimal]
) -> Figure:
    """Draw the steps from top to bottom: their names stay readable on a phone."""
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [plain(label) for label, *_ in steps],
        "x": [float(figures.rounded(amount / unit, 3)) for _, _, amount, _, _ in steps],
        "base": [float(figures.rounded(before / unit, 3)) for _, before, *_ in steps],
        "text": [words for *_, words in steps],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {"color": [role(color) for *_, color, _ in steps]},
    }
    return figure(
        [trace],
        height=bars_height(len(steps)),
        bargap=0.3,
        xaxis={
            "title": {"text": axis},
            "zeroline": True,
            "nticks": 5,
            "range": [float(figures.rounded(end / unit, 3)) for end in span],
        },
        yaxis=NAMES,
    )


def _span(bridge: Bridge) -> tuple[Decimal, Decimal, bool]:
    """Return the ends of the axis with room for words, and whether it had to leave zero out."""
    levels = [bridge.start, bridge.end, *(bar.after for bar in bridge.bars)]
    low, high = min(levels), max(levels)
    # around the steps only, where they would be hairlines on an axis from zero
    if bridge.bars and low > 0 and high - low <= low * VISIBLE:
        room = (high - low or low) / 2
        return max(low - room, Decimal()), high + room, True
    low, high = min(low, Decimal()), max(high, Decimal())
    room = (high - low or Decimal(1)) * ROOM
    return low - room if low < 0 else low, high + room, False


def _tone(code: str, amount: Decimal) -> str:
    if code == UNEXPLAINED:
        return "none"
    return "over" if amount > 0 else "under"
