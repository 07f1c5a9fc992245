"""The drawings of where a project or a portfolio will land; plain figures and the words of them in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from pmo.common.page import formats
from pmo.common.page.charts import Figure, bars_height, figure, plain, role
from projects.domain.earning.bridge import UNEXPLAINED, Bridge
from projects.domain.earning.frozen_course import PlannedCourse, Took
from reports.charts import NAMES, unit_of

# name, where the bar begins, its length, its color role and the words at its end
Step = tuple[str, Decimal, Decimal, str, str]
Points = Sequence[tuple[date, Decimal]]
Write = Callable[[Decimal], str]
LOWEST, HIGHEST, EXPECTED = "low", "high", "expected"  # the estimates that are drawn ahead of today
DATES: dict[str, Any] = {"type": "date", "nticks": 6}
ROOM = Decimal("0.3")  # of the axis, for the words at the end of a bar
VISIBLE = Decimal(
    "0.5"
)  # steps that are smaller than this share of the start need an axis of their own
FEW_STEPS = 5  # leave a large frame half empty
LEGEND: dict[str, Any] = {"orientation": "h", "y": 1.15, "traceorder": "normal"}


class Waterfall(NamedTuple):
    """A drawn bridge; `is_cut` where its axis does not start at zero, `is_small` where it is short."""

    figure: Figure
    is_cut: bool
    is_small: bool


def _scaled(points: Points, unit: Decimal) -> dict[str, Any]:
    return {
        "x": [day.isoformat() for day, _ in points],
        "y": [float(formats.rounded(amount / unit, 3)) for _, amount in points],
        "type": "scatter",
        "hoverinfo": "skip",
    }


def _line(name: str, points: Points, unit: Decimal, color: str, **line: Any) -> dict[str, Any]:
    mode = "lines+markers" if len(points) == 1 else "lines"
    drawn = {"color": role(color), "width": 3} | line
    return {**_scaled(points, unit), "name": name, "mode": mode, "line": drawn}


class CurveNames(NamedTuple):
    """How the lines of the curve are called; `low` stands unnamed at the edge of the range."""

    planned: str
    earned: str
    spent: str
    low: str
    range: str
    expected: str


def curve_figure(
    names: CurveNames,
    *,
    planned: PlannedCourse,
    earned: Points,
    spent: Points,
    landing: Mapping[str, Points],
    marks: Sequence[str],
    currency: str,
) -> Figure:
    """Draw what was planned, earned and spent, and the estimates from today to the finish."""
    points_planned = planned.points
    every = [amount for points in (points_planned, earned, spent) for _, amount in points]
    every += [amount for points in landing.values() for _, amount in points]
    unit, axis = unit_of(every, currency)
    traces = [
        _line(names.planned, points_planned, unit, "flat", dash="dash"),
        _line(names.earned, earned, unit, "accent"),
        _line(names.spent, spent, unit, "over", shape="hv"),
        *(_ahead(key, points, names, unit) for key, points in landing.items()),
    ]
    return figure(
        [trace for trace in traces if trace["x"]],
        showlegend=True,
        legend=LEGEND,
        xaxis=DATES,
        yaxis={"title": {"text": axis}, "rangemode": "tozero"},
        **_marks(planned.took, marks),
    )


def _ahead(key: str, points: Points, names: CurveNames, unit: Decimal) -> dict[str, Any]:
    """Draw the lowest and the highest estimate as the edges of a hatched field, the other as a line."""
    if key == LOWEST:
        return _line(names.low, points, unit, "muted", width=1) | {"showlegend": False}
    if key == HIGHEST:
        hatched = {"shape": "/", "size": 6, "solidity": 0.15, "fgcolor": role("muted")}
        edge = _line(names.range, points, unit, "muted", width=1)
        return edge | {"fill": "tonexty", "fillpattern": hatched}
    return _line(names.expected, points, unit, "text", dash="dot", width=2)


def _marks(took: Sequence[Took], words: Sequence[str]) -> dict[str, Any]:
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
                "text": words[number],
                "font": {"size": 12, "color": role("muted")},
            }
            for number, one in enumerate(took)
        ],
    }


def memory_figure(
    names: Sequence[str], *, level: Points, said: Points, implied: Points, currency: str
) -> Figure:
    """Draw the approved plan, what the manager forecast, and what the work so far implied."""
    unit, axis = unit_of([amount for _, amount in (*said, *implied)], currency)
    approved, forecast, calculated = names
    traces = [
        _line(approved, level, unit, "flat", dash="dash", width=2),
        _line(forecast, said, unit, "accent", shape="hv"),
        _line(calculated, implied, unit, "over"),
    ]
    return figure(
        [trace for trace in traces if trace["x"]],
        height=260,
        showlegend=True,
        legend=LEGEND,
        xaxis=DATES,
        yaxis={"title": {"text": axis}},
    )


def money_unit(bridge: Bridge | None, currency: str) -> tuple[Decimal, str]:
    """Choose what one step of a bridge's axis is worth, and its title."""
    return unit_of([bridge.start, bridge.end] if bridge else [], currency)


def waterfall(
    bridge: Bridge, *, ends: tuple[str, str], write: Write, signed: Write, unit: Decimal, axis: str
) -> Waterfall:
    """Draw the way from the first end to the last, a bar for each cause."""
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
    return Waterfall(
        _waterfall(steps, unit=unit, axis=axis, span=(low, high)),
        is_cut=is_cut,
        is_small=len(steps) <= FEW_STEPS,
    )


def _waterfall(
    steps: Sequence[Step], *, unit: Decimal, axis: str, span: tuple[Decimal, Decimal]
) -> Figure:
    """Draw the steps from top to bottom: their names stay readable on a phone."""
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [plain(label) for label, *_ in steps],
        "x": [float(formats.rounded(amount / unit, 3)) for _, _, amount, _, _ in steps],
        "base": [float(formats.rounded(before / unit, 3)) for _, before, *_ in steps],
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
            "range": [float(formats.rounded(end / unit, 3)) for end in span],
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
