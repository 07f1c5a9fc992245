"""The cards of a portfolio's and a project's drawings: the finding, its figure and its table."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from pmo.common.page import formats
from pmo.common.page.charts import Chart, Column, Figure
from reports import charts
from reports.domain.bars import CostBar, CoursePoint, Span
from reports.domain.overspend import Overspend
from reports.words.card_titles import cost_title, counted_figure, course_sentence, schedule_title

DIFFERENCE_AXIS = "Forecast minus approved, {unit}"


def variance_figure(bars: Sequence[CostBar], *, currency: str) -> Figure:
    return charts.variance_figure(bars, axis=DIFFERENCE_AXIS, currency=currency)


def variance_table(bars: Iterable[CostBar], *, currency: str) -> list[tuple[str, ...]]:
    return [
        (
            bar.name,
            formats.money(bar.approved, currency),
            formats.money(bar.forecast, currency),
            formats.signed_money(bar.variance, currency),
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
    named = formats.listing(
        f"{bar.name} {formats.money(bar.variance, currency)} over" for bar in over
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
    words = formats.signed_money(total, currency)
    return Chart(
        key="steps",
        title=title,
        sentence=f"Forecast minus approved by {first.lower()}; together {words}.",
        figure=charts.steps_figure(
            bars, together="Together", axis=DIFFERENCE_AXIS, currency=currency
        )
        if bars
        else None,
        columns=variance_columns(first),
        rows=variance_table(bars, currency=currency),
        footnote=footnote,
        reason="No project has both an approved budget and a forecast cost.",
    )


def timeline_chart(spans: Sequence[Span], *, dated: int, late: int, today: date) -> Chart:
    worst = [span for span in spans if span.slip_days > 0][:3]
    named = formats.listing(f"{span.name} {formats.slip(span.slip_days)}" for span in worst)
    rest = dated - len(spans)
    drawn = f"The {len(spans)} worst of {counted_figure(dated, 'project')} are drawn. "
    return Chart(
        key="timeline",
        title=schedule_title(dated=dated, late=late),
        sentence=f"Planned and forecast finish. {named or 'No project finishes late'}.",
        figure=charts.timeline_figure(spans, today=today) if spans else None,
        columns=(
            Column(label="Project"),
            Column(label="Planned finish"),
            Column(label="Forecast finish"),
            Column(label="Late or early", is_number=True),
        ),
        rows=[
            (s.name, formats.day(s.planned), formats.day(s.forecast), formats.slip(s.slip_days))
            for s in spans
        ],
        footnote=(drawn if rest > 0 else "")
        + "Gray: planned. Color: forecast, in the color of the status (hatched: no report)."
        " Diamond: next milestone. Dotted line: the day shown.",
        reason="No project has a start, a planned finish and a forecast finish.",
    )


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
        figure=charts.course_figure(
            known, [finish.isoformat() for finish in finishes], date_axis=True
        ),
        columns=(Column(label="As of"), Column(label="Forecast finish")),
        rows=[(formats.day(p.day), formats.day(p.forecast_finish)) for p in reversed(known)],
        reason="No forecast finish date was frozen yet.",
        size="small",
    )


def _cost_course(points: Sequence[CoursePoint], currency: str) -> Chart:
    known = [point for point in points if point.forecast_cost is not None]
    costs = [point.forecast_cost for point in known if point.forecast_cost is not None]
    moved = costs[-1] - costs[0] if len(costs) > 1 else None
    words = formats.signed_money(moved, currency) if moved is not None else ""
    title = "Forecast cost"
    if moved:
        title = f"The forecast cost {'rose' if moved > 0 else 'fell'}"
        title += f" by {formats.money(abs(moved), currency)}"
    elif moved is not None:
        title = "The forecast cost has not moved"
    unit, axis = charts.unit_of(costs, currency)
    approved = [float(p.approved / unit) if p.approved is not None else None for p in known]
    return Chart(
        key="course-cost",
        title=title,
        sentence=_said(known, None, words),
        figure=charts.course_figure(
            known, [float(cost / unit) for cost in costs], approved=approved, y_title=axis
        ),
        columns=(
            Column(label="As of"),
            Column(label="Approved", is_number=True),
            Column(label="Forecast", is_number=True),
        ),
        rows=[
            (
                formats.day(p.day),
                formats.money(p.approved, currency),
                formats.money(p.forecast_cost, currency),
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
        return f"Only the forecast of {formats.day(known[0].day)} is known so far."
    return course_sentence(
        first=formats.day(known[0].day),
        last=formats.day(known[-1].day),
        moved_days=days,
        moved_money=money,
    )
