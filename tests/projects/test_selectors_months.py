"""Months of one project: every amount in its month, each sum once."""

from datetime import date
from decimal import Decimal

import pytest

from pmo.common.records import guards
from projects.charts import MonthSum
from projects.selectors.figures import Amount
from projects.selectors.months import NO_MONTHS, course_of, grid_of, months_of
from tests.factories import BudgetLineFactory, CostEntryFactory, MonthForecastFactory

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 20)
YEAR = 2027  # July 2026 to June 2027


@pytest.fixture
def line(project):
    return BudgetLineFactory(project=project)


def cost(project, line, month, amount, **fields):
    day = date(2026, month, 15)
    return CostEntryFactory(project=project, line=line, entry_date=day, amount=amount, **fields)


def forecast(project, line, year, month, amount, **fields):
    first = date(year, month, 1)
    return MonthForecastFactory(project=project, line=line, month=first, amount=amount, **fields)


def test_a_project_without_any_says_so(project):
    months = months_of(project, as_of=AS_OF)

    assert (months.at_completion, months.spent_to_date, months.to_come) == (NO_MONTHS, 0, 0)
    assert course_of(months) == []


def test_costs_and_forecasts_stand_in_their_months(project, line):
    cost(project, line, 10, 100)
    cost(project, line, 10, Decimal("0.50"))
    cost(project, None, 11, 30)
    order = cost(project, line, 9, 400, kind="commitment")
    cost(project, line, 11, 150, commitment=order)
    forecast(project, line, 2026, 10, 90)
    forecast(project, line, 2026, 11, 200)
    forecast(project, line, 2026, 12, 60)

    months = months_of(project, as_of=AS_OF)

    october, november = date(2026, 10, 1), date(2026, 11, 1)
    assert months.spent == {
        (line.pk, october): Decimal("100.50"),
        (None, november): 30,
        (line.pk, november): 150,
    }
    assert months.committed == {(line.pk, date(2026, 9, 1)): 400}
    assert (months.spent_to_date, months.open_commitments) == (Decimal("280.50"), 250)
    # 50 left of November and 60 of December
    assert (months.to_come, months.at_completion) == (110, Amount(Decimal("390.50")))


def test_what_was_said_or_spent_later_is_not_known_yet(project, line):
    cost(project, line, 12, 100)
    forecast(project, line, 2026, 12, 60, made_on=date(2026, 11, 21))

    months = months_of(project, as_of=AS_OF)

    assert (months.spent, months.forecast) == ({}, {})


def test_months_that_are_over_are_no_forecast(project, line):
    forecast(project, line, 2026, 10, 60)

    assert months_of(project, as_of=AS_OF).at_completion == NO_MONTHS


class TestGrid:
    def columns(self, project, year=YEAR):
        grid = grid_of(months_of(project, as_of=AS_OF), year)
        return [column.label for column in grid.columns]

    def test_has_the_twelve_months_of_the_year(self, project, line):
        grid = grid_of(months_of(project, as_of=AS_OF), YEAR)

        assert [row.month for row in grid.rows][::11] == [date(2026, 7, 1), date(2027, 6, 1)]
        assert [row.is_over for row in grid.rows] == [True] * 4 + [False] * 8
        assert [cell.is_open for cell in grid.cells] == [False] * 4 + [True] * 8

    def test_offers_no_spread_beside_whole_life_lines(self, project, line):
        BudgetLineFactory(project=project, category="Plan for the year", fiscal_year=YEAR)

        assert self.columns(project) == ["Build"]

    def test_offers_the_lines_of_the_year_where_there_is_no_other(self, project):
        BudgetLineFactory(project=project, category="Now", fiscal_year=YEAR)
        BudgetLineFactory(project=project, category="Then", fiscal_year=YEAR + 1)

        assert self.columns(project) == ["Now"]
        assert self.columns(project, YEAR + 1) == ["Then"]

    def test_shows_a_line_that_has_money_in_the_year(self, project, line):
        spread = BudgetLineFactory(project=project, category="Spread", fiscal_year=YEAR)
        cost(project, spread, 10, 5)
        cost(project, None, 10, 5)

        assert self.columns(project) == ["Build", "Spread", "No line"]

    def test_adds_up_what_is_approved_and_says_what_is_not_known(self, project):
        BudgetLineFactory(project=project, amount=300)
        BudgetLineFactory(project=project, amount=450, category="IT")

        assert grid_of(months_of(project, as_of=AS_OF), YEAR).approved == (750, "")

        BudgetLineFactory(
            project=project, amount=None, stated_reason="Not tendered", category="Move"
        )

        assert grid_of(months_of(project, as_of=AS_OF), YEAR).approved == (750, "Not tendered")

    def test_of_a_project_without_lines_has_one_column(self, project):
        assert self.columns(project) == ["No line"]

    def test_closes_the_months_outside_a_lines_own_year(self, project):
        line = BudgetLineFactory(project=project, fiscal_year=YEAR + 1)
        cost(project, line, 10, 5)

        grid = grid_of(months_of(project, as_of=AS_OF), YEAR)

        assert not any(cell.is_open for cell in grid.cells)


class TestCourse:
    def test_adds_up_what_was_spent_and_then_what_is_expected(self, project, line):
        cost(project, line, 9, 100)
        cost(project, line, 11, 30)
        forecast(project, line, 2026, 11, 50)
        forecast(project, line, 2027, 1, 70)

        assert course_of(months_of(project, as_of=AS_OF)) == [
            MonthSum(date(2026, 9, 1), Decimal(100), False),
            MonthSum(date(2026, 10, 1), Decimal(100), False),
            MonthSum(date(2026, 11, 1), Decimal(150), True),
            MonthSum(date(2026, 12, 1), Decimal(150), True),
            MonthSum(date(2027, 1, 1), Decimal(220), True),
        ]

    def test_ends_at_the_sum_of_spent_and_months_to_come(self, project, line):
        cost(project, line, 11, 80)
        forecast(project, line, 2026, 11, 50)
        forecast(project, None, 2026, 12, 20)
        months = months_of(project, as_of=AS_OF)

        assert course_of(months)[-1].total == months.at_completion.value == 100

    def test_begins_no_earlier_than_a_person_remembers(self, project, line):
        guards.take_down()  # as release 0.1 took it
        CostEntryFactory(project=project, line=line, entry_date=date(202, 6, 1), amount=7)
        cost(project, line, 11, 30)

        course = course_of(months_of(project, as_of=AS_OF))

        assert course[0] == MonthSum(date(1966, 1, 1), Decimal(7), False)
        assert (len(course), course[-1].total) == (731, 37)

    def test_without_months_is_what_was_spent(self, project, line):
        cost(project, line, 10, 100)

        assert course_of(months_of(project, as_of=AS_OF)) == [
            MonthSum(date(2026, 10, 1), Decimal(100), False),
            MonthSum(date(2026, 11, 1), Decimal(100), False),
        ]


def test_the_statements_are_few_for_any_number(project, django_assert_num_queries):
    for number in range(3):
        line = BudgetLineFactory(project=project, category=f"Line {number}")
        cost(project, line, 10, 100)
        forecast(project, line, 2026, 12, 20)

    with django_assert_num_queries(3):
        grid_of(months_of(project, as_of=AS_OF), YEAR)
