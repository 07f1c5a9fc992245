"""The cards of money drawn over years and months: the finding, the table and what is not known."""

from collections.abc import Sequence
from decimal import Decimal

from pmo.common.page.charts import Chart, Column
from pmo.common.page.formats import DASH, count, listing, money, signed_money
from projects import charts
from projects.charts import SERIES, MonthBar, YearBar, month_name
from projects.domain.money import MonthSum
from projects.selectors.rollup import Lacking


def years_chart(bars: Sequence[YearBar], *, currency: str, gap: str = "") -> Chart:
    """Tell budget, spent and forecast of each fiscal year; `gap` says what the forecasts leave out."""
    drawn = [bar for bar in bars if any(v is not None for v in bar[1:4])]
    title = _years_finding(drawn, currency)
    if not drawn:
        reason = "No budget, cost or forecast belongs to a fiscal year yet."
        return Chart(key="years", title=title, sentence=title, figure=None, reason=reason)
    return Chart(
        key="years",
        title=title,
        sentence=f"Budget, spent and forecast by fiscal year. {title}. {gap}".rstrip(),
        figure=charts.years_figure(drawn, currency=currency),
        columns=[
            Column(label="Fiscal year"),
            *(Column(label=name, is_number=True) for name, _ in SERIES),
            Column(label="Over or under", is_number=True),
        ],
        rows=[_year_row(bar, currency) for bar in drawn],
        footnote=gap,
        size="small",
    )


def lacking_months(lacking: Lacking, *, active: int) -> str:
    """Say how many projects have no month to come, and which; "" when all have some."""
    if not lacking.projects:
        return ""
    rest = lacking.projects - len(lacking.names)
    named = listing([*lacking.names, *([f"{rest:,} more"] if rest else [])])
    of = count(active, "active project")
    if lacking.projects == 1:
        return (
            f"1 of {of} has no months to come ({named}): only what it spent counts, so the forecasts"
            " are at least what is shown."
        )
    return (
        f"{lacking.projects:,} of {of} have no months to come ({named}): only what they spent counts, so"
        " the forecasts are at least what is shown."
    )


def _years_finding(bars: Sequence[YearBar], currency: str) -> str:
    """Name the year that is furthest over its budget."""
    over = [(bar.over, bar) for bar in bars if bar.over is not None]
    if not over:
        return "Money by fiscal year"
    worst, bar = max(over, key=lambda pair: pair[0])
    if worst <= 0:
        if any(bar.is_least for bar in bars):
            return "Money by fiscal year"
        return "No fiscal year is over its budget or forecast to be"
    verb = "is forecast" if bar.final is None else "was"
    least = "at least " if bar.is_least else ""
    return f"{bar.label} {verb} {least}{money(worst, currency)} over its budget"


def _year_row(bar: YearBar, currency: str) -> list[str]:
    least = "at least " if bar.is_least else ""
    forecast = money(bar.forecast, currency)
    return [
        bar.label,
        money(bar.budget, currency),
        money(bar.spent, currency),
        forecast if bar.forecast is None else f"{least}{forecast}",
        DASH if bar.over is None else f"{least}{signed_money(bar.over, currency)}",
    ]


def months_chart(bars: Sequence[MonthBar], *, currency: str, year: str) -> Chart:
    """Tell spent beside forecast for each month of a fiscal year."""
    title = _months_finding(bars, currency, year)
    if not any(bar.spent is not None or bar.forecast is not None for bar in bars):
        reason = "Nothing was spent or forecast in these months."
        return Chart(key="months", title=title, sentence=title, figure=None, reason=reason)
    return Chart(
        key="months",
        title=title,
        sentence=f"Spent and forecast by month of {year}. {title}.",
        figure=charts.months_figure(bars, currency=currency),
        columns=[
            Column(label="Month"),
            Column(label="Spent", is_number=True),
            Column(label="Forecast", is_number=True),
        ],
        rows=[
            [month_name(bar.month), money(bar.spent, currency), money(bar.forecast, currency)]
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


def course_chart(sums: Sequence[MonthSum], *, budget: Decimal | None, currency: str) -> Chart:
    """Tell what is spent, and expected to be, from the start on, against the approved budget."""
    title = _course_finding(sums, budget, currency)
    if not sums:
        reason = "No cost is recorded and no month is forecast."
        return Chart(key="course", title=title, sentence=title, figure=None, reason=reason)
    return Chart(
        key="course",
        title=title,
        sentence=f"Spent since the start, month by month, and what is expected. {title}.",
        figure=charts.course_figure(sums, budget=budget, currency=currency),
        columns=[
            Column(label="End of"),
            Column(label="Since the start", is_number=True),
            Column(label="Known or expected"),
        ],
        rows=[
            [
                month_name(one.month),
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
    return f"The approved budget {verb} used up in {month_name(crossed.month)}"
