"""A variance report in words, of few projects and of many."""

from reports.words.variance import BARS, variance_sheet
from tests.reports.domain.test_variance import line, page


def sheet(*lines):
    return variance_sheet(page(*lines), marks=(), currency="$")


def test_where_nothing_runs_that_is_all_there_is_to_say():
    assert sheet().lede == "There is no running project here that you can see."


def test_the_chart_says_who_is_over_and_draws_the_others_too():
    chart = sheet(line(1, 100, 400), line(2, 100, 90), line(3, 100, 100)).chart

    assert chart.title == "One project causes the overspend"
    assert [row[0] for row in chart.rows] == ["P1", "P2"]
    assert chart.footnote == ""


def test_a_chart_of_many_draws_the_largest_and_counts_the_rest():
    many = [line(number, 100, 100 + number) for number in range(1, BARS + 3)]

    chart = sheet(*many, line(99, 500, 100)).chart

    assert len(chart.rows) == BARS
    assert chart.rows[-1] == ("P99", "$500", "$100", "−$400")
    assert chart.footnote == f"The {BARS} largest; 3 smaller ones not drawn."
