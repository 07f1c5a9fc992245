import json
from datetime import date
from decimal import Decimal

import pytest

from projects.charts import MonthBar, YearBar
from projects.domain.money import MonthSum
from projects.selectors.rollup import Lacking
from projects.words.money_charts import course_chart, lacking_months, months_chart, years_chart

THIS = YearBar("FY2026/27", Decimal(2_000_000), Decimal(500_000), Decimal(2_400_000))
NEXT = YearBar("FY2027/28", Decimal(1_000_000), None, Decimal(1_100_000))


def test_the_title_names_the_year_that_is_furthest_over():
    chart = years_chart([THIS, NEXT], currency="$")

    assert chart.title == "FY2026/27 is forecast $400K over its budget"
    assert chart.sentence == f"Budget, spent and forecast by fiscal year. {chart.title}."


def test_the_figure_and_the_table_show_the_same_amounts():
    chart = years_chart([THIS, NEXT], currency="$")

    drawn = {trace["name"]: trace["y"] for trace in chart.figure["data"]}
    assert drawn == {"Budget": [2.0, 1.0], "Spent": [0.5, None], "Forecast": [2.4, 1.1]}
    assert chart.rows == [
        ["FY2026/27", "$2.0M", "$500K", "$2.4M", "+$400K"],
        ["FY2027/28", "$1.0M", "–", "$1.1M", "+$100K"],
    ]
    json.dumps(chart.figure)


def test_years_under_their_budget_are_said_to_be():
    chart = years_chart([THIS._replace(forecast=Decimal(1_900_000))], currency="$")

    assert chart.title == "No fiscal year is over its budget or forecast to be"


def test_a_year_that_has_ended_is_judged_by_what_it_cost():
    ended = THIS._replace(spent=Decimal(2_100_000), final=Decimal(2_100_000))

    chart = years_chart([ended], currency="$")

    assert chart.title == "FY2026/27 was $100K over its budget"
    assert chart.rows[0][-1] == "+$100K"


def test_years_that_cannot_be_compared_have_the_topic_for_a_title():
    chart = years_chart([THIS._replace(forecast=None)], currency="$")

    assert chart.title == "Money by fiscal year"
    assert chart.rows[0][-1] == "–"


def test_nothing_is_drawn_without_amounts():
    chart = years_chart([YearBar("FY2026/27", None, None, None)], currency="$")

    assert chart.figure is None
    assert chart.reason == "No budget, cost or forecast belongs to a fiscal year yet."


def test_a_forecast_that_lacks_a_part_is_at_least_that_and_never_said_to_be_under():
    over = THIS._replace(is_least=True)
    under = NEXT._replace(forecast=Decimal(900_000), is_least=True)

    some = years_chart([over, under], currency="$", gap="One has no months.")
    none = years_chart([under], currency="$")

    assert some.title == "FY2026/27 is forecast at least $400K over its budget"
    assert [row[3:] for row in some.rows] == [
        ["at least $2.4M", "at least +$400K"],
        ["at least $900K", "–"],
    ]
    assert some.figure["data"][2]["y"] == [2.4, 0.9]
    assert some.footnote == "One has no months."
    assert none.title == "Money by fiscal year"


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (Lacking(), ""),
        (Lacking(1, ("Bed tracking",)), "1 of 46 active projects has no months to come (Bed "),
        (Lacking(2, ("A", "B")), "2 of 46 active projects have no months to come (A and B): "),
        (
            Lacking(7, ("A", "B", "C")),
            "7 of 46 active projects have no months to come (A, B, C and 4 more): ",
        ),
    ],
)
def test_the_gap_names_how_many_and_which(lacking, said):
    found = lacking_months(lacking, active=46)

    assert found.startswith(said)
    assert bool(found) == bool(said)


MONTHS = [date(2026, month, 1) for month in (9, 10, 11)]


def bars(*rows):
    """One bar for each (spent, forecast, whether the month is over)."""
    return [
        MonthBar(
            month,
            None if spent is None else Decimal(spent),
            None if forecast is None else Decimal(forecast),
            is_over,
        )
        for month, (spent, forecast, is_over) in zip(MONTHS, rows, strict=False)
    ]


class TestMonths:
    def chart(self, *rows):
        return months_chart(bars(*rows), currency="$", year="FY2026/27")

    @pytest.mark.parametrize(
        ("rows", "title"),
        [
            (
                [(700, 500, True), (300, 400, True), (9, 9999, False)],
                "$100 more was spent in FY2026/27 than the months said",
            ),
            ([(None, 500, True)], "$500 less was spent in FY2026/27 than the months said"),
            ([(500, 500, True)], "FY2026/27 is spent as its months were forecast"),
            ([(500, None, True), (1, 2, False)], "Spent and forecast by month, FY2026/27"),
        ],
    )
    def test_title_compares_the_months_that_are_over_and_were_forecast(self, rows, title):
        assert self.chart(*rows).title == title

    def test_figure_and_table_show_the_same(self):
        chart = self.chart((1_500_000, 2_000_000, True), (None, 250_000, False))

        drawn = {trace["name"]: trace["y"] for trace in chart.figure["data"]}
        assert drawn == {"Spent": [1.5, None], "Forecast": [2.0, 0.25]}
        assert chart.rows == [
            ["Sep 2026", "$1.5M", "$2.0M"],
            ["Oct 2026", "–", "$250K"],
        ]
        json.dumps(chart.figure)

    def test_nothing_is_drawn_without_amounts(self):
        chart = self.chart((None, None, True))

        assert (chart.figure, chart.reason) == (
            None,
            "Nothing was spent or forecast in these months.",
        )


class TestCourse:
    SUMS = (
        MonthSum(MONTHS[0], Decimal(1_000_000), False),
        MonthSum(MONTHS[1], Decimal(1_500_000), False),
        MonthSum(MONTHS[2], Decimal(2_500_000), True),
    )

    @pytest.mark.parametrize(
        ("budget", "title"),
        [
            (3_000_000, "The months end $500K under the approved budget"),
            (2_500_000, "The months end exactly at the approved budget"),
            (2_000_000, "The approved budget will be used up in Nov 2026"),
            (1_200_000, "The approved budget was used up in Oct 2026"),
            (None, "Money since the start"),
        ],
    )
    def test_title_says_when_the_budget_is_used_up(self, budget, title):
        wanted = None if budget is None else Decimal(budget)

        assert course_chart(self.SUMS, budget=wanted, currency="$").title == title

    def test_the_expected_line_begins_where_the_known_one_ends(self):
        chart = course_chart(self.SUMS, budget=Decimal(3_000_000), currency="$")

        drawn = {trace["name"]: (trace["x"], trace["y"]) for trace in chart.figure["data"]}
        assert drawn == {
            "Spent": (["Sep 2026", "Oct 2026"], [1.0, 1.5]),
            "Expected": (["Oct 2026", "Nov 2026"], [1.5, 2.5]),
            "Approved budget": (["Sep 2026", "Nov 2026"], [3.0, 3.0]),
        }
        assert [row[2] for row in chart.rows] == ["Spent", "Spent", "Expected"]
        assert [column.is_number for column in chart.columns] == [False, True, False]
        json.dumps(chart.figure)

    def test_without_a_budget_or_months_has_the_known_line_only(self):
        chart = course_chart(self.SUMS[:2], budget=None, currency="$")

        assert [trace["name"] for trace in chart.figure["data"]] == ["Spent"]

    def test_nothing_is_drawn_without_money(self):
        chart = course_chart([], budget=None, currency="$")

        assert (chart.figure, chart.reason) == (
            None,
            "No cost is recorded and no month is forecast.",
        )
