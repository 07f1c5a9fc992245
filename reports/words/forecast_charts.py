"""The cards of where a project or a portfolio will land: the finding, its drawing and its table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pmo.common.page import formats
from pmo.common.page.charts import Chart, Column
from projects.domain.earning.bridge import Bridge
from projects.domain.earning.delays import Delays
from projects.domain.earning.frozen_course import PlannedCourse, Took
from reports import forecast_charts as draw
from reports.forecast_charts import CurveNames, Points, Write, money_unit
from reports.selectors.forecast import Then
from reports.words.forecast import CALCULATED, FIRST_BASELINES, FORECASTS_NOW

__all__ = ["bridge_chart", "finishes_chart", "memory_chart", "money_unit", "s_curve"]

CURVE = CurveNames("Planned", "Earned", "Spent", "Lowest estimate", "Range", CALCULATED)
MEMORY = ("Approved plan", "The manager’s forecast", CALCULATED)
CURVE_NOTE = (
    "What was planned by past weeks is as it was frozen then; the line steps where a new baseline"
    " took over."
)
CUT_AXIS = "The axis does not start at zero."
AVERAGE_DAYS = "Days later, average project"


def s_curve(
    *,
    title: str,
    planned: PlannedCourse,
    earned: Points,
    spent: Points,
    landing: Mapping[str, Points],
    currency: str,
    reason: str,
) -> Chart:
    """Show what was planned, earned and spent, and the estimates from today to the finish."""
    drawn = draw.curve_figure(
        CURVE,
        planned=planned,
        earned=earned,
        spent=spent,
        landing=landing,
        marks=[f"Baseline {one.baseline}" for one in planned.took],
        currency=currency,
    )
    return Chart(
        key="s-curve",
        title=title,
        sentence=f"Planned, earned and spent over time. {title}.",
        figure=drawn if planned.points else None,
        columns=(
            Column(label="On"),
            *(Column(label=name, is_number=True) for name in CURVE[:3]),
        ),
        rows=_curve_rows(planned, earned, spent, currency),
        footnote=CURVE_NOTE if planned.took else "",
        reason=reason,
    )


def _curve_rows(
    planned: PlannedCourse, earned: Points, spent: Points, currency: str
) -> list[tuple[str, ...]]:
    columns = [dict(points) for points in (planned.points, earned, spent)]
    marks = {one.day: _marked(one) for one in planned.took}
    days = sorted({day for column in columns for day in column})
    return [
        (
            marks.get(day, formats.day(day)),
            *(formats.money(column.get(day), currency) for column in columns),
        )
        for day in days
    ]


def _marked(one: Took) -> str:
    return f"{formats.day(one.day)} (baseline {one.baseline} from here)"


def memory_chart(
    past: Sequence[Then], *, title: str, approved: Decimal | None, currency: str, first: str = ""
) -> Chart:
    """
    Show what the manager forecast beside what the work so far implied, at each frozen day.

    `first` says when a first day will be frozen.
    """
    said = [(then.day, then.forecast_cost) for then in past if then.forecast_cost is not None]
    implied = [(then.day, then.eac) for then in past if then.eac is not None]
    level = [(then.day, approved) for then in past if approved is not None]
    drawn = draw.memory_figure(MEMORY, level=level, said=said, implied=implied, currency=currency)
    return Chart(
        key="memory",
        title=title,
        sentence=f"The forecasts of this project as they were made. {title}.",
        figure=drawn if said or implied else None,
        columns=(
            Column(label="As of"),
            Column(label="Forecast cost", is_number=True),
            Column(label=CALCULATED, is_number=True),
            Column(label="Forecast finish"),
            Column(label="Finish at the pace then"),
        ),
        rows=[
            (
                formats.day(then.day),
                formats.money(then.forecast_cost, currency),
                formats.money(then.eac, currency),
                formats.day(then.forecast_finish),
                formats.day(then.finish_at_pace),
            )
            for then in reversed(past)
        ],
        reason=f"No forecast is frozen yet. {first}".strip(),
        size="small",
    )


def bridge_chart(
    bridge: Bridge | None,
    *,
    key: str,
    title: str,
    ends: tuple[str, str],
    write: Write,
    signed: Write,
    unit: Decimal,
    axis: str,
    reason: str,
    footnote: str = "",
) -> Chart:
    """Show a way from one end to another: a bar for each cause, and what it is made of."""
    if bridge is None:
        return Chart(key=key, title=title, sentence=title, figure=None, reason=reason)
    first, last = ends
    drawn = draw.waterfall(bridge, ends=ends, write=write, signed=signed, unit=unit, axis=axis)
    return Chart(
        key=key,
        title=title,
        sentence=f"From {first.lower()} to {last.lower()}, by cause. {title}.",
        figure=drawn.figure,
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
        footnote=f"{footnote} {CUT_AXIS}".strip() if drawn.is_cut else footnote,
        size="small" if drawn.is_small else "",
    )


def finishes_chart(
    bridge: Bridge | None, found: Delays | None, *, title: str, reason: str
) -> Chart:
    """Show the average project's way; the table tells the projects apart that an average hides."""
    chart = bridge_chart(
        bridge,
        key="finish-bridge",
        title=title,
        ends=(FIRST_BASELINES, FORECASTS_NOW),
        write=_tenths,
        signed=_tenths,
        unit=Decimal(1),
        axis=AVERAGE_DAYS,
        reason=reason,
    )
    if bridge is None or found is None:
        return chart
    means = {bar.code: bar.amount for bar in bridge.bars}
    means[found.whole.code] = bridge.difference
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
        footnote=_delays_note(found),
    )


def _delays_note(found: Delays) -> str:
    """Say how many projects are later than first approved, and what the table adds to the average."""
    later = f"{found.later:,} of {formats.count(found.whole.projects, 'project')} later than first approved"
    if found.left_out:
        later = f"{later}; {found.left_out:,} cannot be compared"
    return f"{later}. The table says how many projects each cause moved, and which one furthest."


def _tenths(days: Decimal) -> str:
    digits = 0 if days == days.to_integral_value() else 1
    return f"{formats.number(days, digits, plus=True)} {'day' if abs(days) == 1 else 'days'}"
