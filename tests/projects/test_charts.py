import json
from decimal import Decimal

from projects.charts import YearBar, years_chart

THIS = YearBar("FY2026/27", Decimal(2_000_000), Decimal(500_000), Decimal(2_400_000))
NEXT = YearBar("FY2027/28", Decimal(1_000_000), None, Decimal(1_100_000))


def test_the_title_names_the_year_that_is_furthest_over():
    chart = years_chart([THIS, NEXT], currency="$")

    assert chart.title == "FY2026/27 is forecast $400\u00a0k over its budget"
    assert chart.sentence == f"Budget, spent and forecast by fiscal year. {chart.title}."


def test_the_figure_and_the_table_show_the_same_amounts():
    chart = years_chart([THIS, NEXT], currency="$")

    drawn = {trace["name"]: trace["y"] for trace in chart.figure["data"]}
    assert drawn == {"Budget": [2.0, 1.0], "Spent": [0.5, None], "Forecast": [2.4, 1.1]}
    assert chart.rows == [
        ["FY2026/27", "$2.0\u00a0M", "$500\u00a0k", "$2.4\u00a0M", "+$400\u00a0k"],
        ["FY2027/28", "$1.0\u00a0M", "–", "$1.1\u00a0M", "+$100\u00a0k"],
    ]
    json.dumps(chart.figure)


def test_years_under_their_budget_are_said_to_be():
    chart = years_chart([THIS._replace(forecast=Decimal(1_900_000))], currency="$")

    assert chart.title == "No fiscal year is forecast over its budget"


def test_years_that_cannot_be_compared_have_the_topic_for_a_title():
    chart = years_chart([THIS._replace(forecast=None)], currency="$")

    assert chart.title == "Money by fiscal year"
    assert chart.rows[0][-1] == "–"


def test_nothing_is_drawn_without_amounts():
    chart = years_chart([YearBar("FY2026/27", None, None, None)], currency="$")

    assert chart.figure is None
    assert chart.reason == "No budget, cost or forecast belongs to a fiscal year yet."
