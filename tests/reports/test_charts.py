from datetime import date
from decimal import Decimal

import pytest

from pmo.common.page import charts as common
from reports import charts
from reports.domain.bars import CostBar, CoursePoint, Span
from reports.domain.overspend import Overspend
from reports.words import portfolio_charts as cards

TODAY = date(2026, 11, 21)


def bar(name, variance, approved=1_000_000, project=1):
    return CostBar(
        name=name,
        approved=Decimal(approved),
        forecast=Decimal(approved + variance),
        variance=Decimal(variance),
        project=project,
    )


def span(name, slip, color="red", milestone=None):
    planned = date(2026, 12, 1)
    return Span(
        project=1,
        name=name,
        color=color,
        start=date(2026, 1, 1),
        planned=planned,
        forecast=date.fromordinal(planned.toordinal() + slip),
        slip_days=slip,
        milestone="Go-live",
        milestone_date=milestone,
    )


def point(day, *, cost=None, finish=None, approved=None):
    return CoursePoint(
        day=day,
        declared="green",
        measured="green",
        approved=approved,
        forecast_cost=cost,
        forecast_finish=finish,
    )


def test_labels_are_short_harmless_and_different():
    long = "Ambient documentation pilot of the whole hospital"

    found = charts.labels(["<b>Wing</b>", "Beds", "Beds", long])

    assert found[0] == "&lt;b&gt;Wing&lt;/b&gt;"
    assert found[1] == "Beds"
    assert found[2] == "Beds\N{ZERO WIDTH SPACE}"
    assert found[3] == "Ambient documentation pilot of th…"


def test_cost_bars_carry_amount_words_and_tone():
    bars = [bar("Wing", 2_210_000), bar("Wi-Fi", 20_000), bar("Beds", 0), bar("MRI", -50_000)]
    overspend = Overspend(
        comparable=4, over=2, over_sum=Decimal(2_230_000), largest=(Decimal(2_210_000),)
    )

    chart = cards.cost_chart(bars, overspend, currency="$", footnote="Of 4 projects.")

    (trace,) = chart.figure["data"]
    assert trace["y"] == ["Wing", "Wi-Fi", "Beds", "MRI"]
    assert trace["x"] == [2.21, 0.02, 0.0, -0.05]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in trace["text"]] == [
        "+$2.2M",
        "+$20K",
        "$0",
        "−$50K",
    ]
    assert trace["marker"]["color"] == common.roles(["over", "flat", "flat", "under"])
    assert chart.figure["layout"]["xaxis"]["title"]["text"] == "Forecast minus approved, $ million"
    assert chart.figure["layout"]["yaxis"]["autorange"] == "reversed"
    assert chart.title == "One project causes most of the overspend"
    assert chart.sentence.startswith("Forecast cost against approved budget. Wing $2.2")
    assert [row[0] for row in chart.rows] == ["Wing", "Wi-Fi", "Beds", "MRI"]
    assert [column.is_number for column in chart.columns] == [False, True, True, True]
    assert chart.footnote == "Of 4 projects."


@pytest.mark.parametrize(
    ("variance", "unit"),
    [(1_000_000, "$ million"), (999_999, "$ thousand"), (999, "$")],
)
def test_the_axis_takes_the_unit_of_the_largest_bar(variance, unit):
    figure = cards.variance_figure([bar("Wing", variance)], currency="$")

    assert figure["layout"]["xaxis"]["title"]["text"] == f"Forecast minus approved, {unit}"


def test_the_axis_leaves_room_for_words_on_both_sides():
    figure = cards.variance_figure([bar("Wing", 2_000_000), bar("MRI", -1_000_000)], currency="$")

    low, high = figure["layout"]["xaxis"]["range"]
    assert low < -1.5
    assert high > 2.5


def test_cost_chart_without_amounts_says_why():
    chart = cards.cost_chart(
        [], Overspend(comparable=0, over=0, over_sum=Decimal()), currency="$", footnote=""
    )

    assert chart.figure is None
    assert chart.reason == "No project has both an approved budget and a forecast cost."


def test_timeline_draws_plan_forecast_milestone_and_today():
    spans = [
        span("Wing", 24, milestone=date(2026, 12, 4)),
        span("Beds", 0, color="none"),
        span("MRI", -3, color="green"),
    ]

    chart = cards.timeline_chart(spans, dated=9, late=1, today=TODAY)

    planned, forecast, diamonds = chart.figure["data"]
    day = charts.MILLISECONDS
    assert planned["x"] == [334 * day] * 3
    assert forecast["x"] == [358 * day, 334 * day, 331 * day]
    assert forecast["marker"]["color"] == common.roles(["red", "none", "green"])
    assert forecast["marker"]["pattern"]["shape"] == ["", "/", ""]
    assert (diamonds["x"], diamonds["y"]) == (["2026-12-04"], ["Wing"])
    assert diamonds["text"] == ["Go-live, 4 Dec 2026"]
    (line,) = chart.figure["layout"]["shapes"]
    assert (line["x0"], line["x1"]) == ("2026-11-21", "2026-11-21")
    assert chart.title == "One project finishes later than planned"
    assert chart.sentence == "Planned and forecast finish. Wing 24 days late."
    assert chart.footnote.startswith("The 3 worst of 9 projects are drawn.")
    assert [row[3] for row in chart.rows] == ["24 days late", "on time", "3 days early"]


def test_timeline_without_dates_says_why():
    chart = cards.timeline_chart([], dated=0, late=0, today=TODAY)

    assert chart.figure is None
    assert chart.reason == "No project has a start, a planned finish and a forecast finish."


def test_course_draws_finish_and_cost_over_the_frozen_days():
    points = [
        point(date(2026, 11, 8), cost=Decimal(1_000_000), finish=date(2027, 1, 1)),
        point(date(2026, 11, 15)),
        point(
            TODAY, cost=Decimal(1_250_000), finish=date(2027, 1, 25), approved=Decimal(1_000_000)
        ),
    ]

    finish, cost = cards.course_charts(points, currency="$")

    assert finish.title == "The forecast finish moved 24 days later"
    assert finish.sentence == (
        "From 8 Nov 2026 to 21 Nov 2026 the forecast finish moved 24 days later."
    )
    assert finish.figure["data"][0]["x"] == ["2026-11-08", "2026-11-21"]
    assert finish.figure["data"][0]["y"] == ["2027-01-01", "2027-01-25"]
    assert finish.rows == [("21 Nov 2026", "25 Jan 2027"), ("8 Nov 2026", "1 Jan 2027")]
    assert cost.title.replace("\N{NO-BREAK SPACE}", " ") == "The forecast cost rose by $250K"
    approved, forecast = cost.figure["data"]
    assert approved["y"] == [None, 1.0]
    assert forecast["y"] == [1.0, 1.25]


@pytest.mark.parametrize(
    ("finish", "cost", "titles"),
    [
        (date(2027, 1, 1), Decimal(5), ("The forecast finish has not moved", "has not moved")),
        (date(2026, 12, 31), Decimal(3), ("moved 1 day earlier", "fell by $2")),
        (None, None, ("Forecast finish", "Forecast cost")),
    ],
)
def test_course_titles(finish, cost, titles):
    points = [
        point(date(2026, 11, 8), cost=Decimal(5), finish=date(2027, 1, 1)),
        point(TODAY, cost=cost, finish=finish),
    ]

    found = cards.course_charts(points, currency="$")

    assert all(title in chart.title for title, chart in zip(titles, found, strict=True))


def test_course_of_a_single_day_shows_days_and_no_milliseconds():
    points = [point(TODAY, cost=Decimal(5), finish=date(2027, 1, 1))]

    finish, cost = cards.course_charts(points, currency="$")

    assert cost.figure["layout"]["xaxis"]["tickvals"] == ["2026-11-21"]
    assert finish.figure["layout"]["yaxis"]["range"] == ["2026-12-25", "2027-01-08"]


def test_course_without_any_figure_says_so():
    finish, cost = cards.course_charts([point(TODAY)], currency="$")

    assert (finish.figure, finish.title, finish.reason) == (
        None,
        "Forecast finish",
        "No forecast finish date was frozen yet.",
    )
    assert (cost.figure, cost.title) == (None, "Forecast cost")
