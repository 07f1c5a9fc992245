from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.calendar import (
    fiscal_year,
    fiscal_year_label,
    week_of,
    working_days,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    "day", [date(2026, 11, 16), date(2026, 11, 20), date(2026, 11, 22)], ids=str
)
def test_a_week_is_named_by_its_monday(day):
    assert week_of(day) == date(2026, 11, 16)


def test_a_week_over_new_year_belongs_to_the_monday_before_it():
    assert week_of(date(2027, 1, 1)) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("day", "start_month", "year"),
    [
        (date(2026, 6, 30), 7, 2026),
        (date(2026, 7, 1), 7, 2027),
        (date(2026, 12, 31), 1, 2026),
        (date(2027, 1, 1), 1, 2027),
        (date(2026, 9, 30), 10, 2026),
        (date(2026, 10, 1), 10, 2027),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in(day, start_month, year):
    assert fiscal_year(day, start_month=start_month) == year


@pytest.mark.parametrize(
    ("year", "start_month", "label"),
    [(2027, 7, "FY2026/27"), (2027, 1, "FY2027"), (2000, 10, "FY1999/00")],
)
def test_a_fiscal_year_is_written_with_both_years_it_touches(year, start_month, label):
    assert fiscal_year_label(year, start_month=start_month) == label


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 19), date(2026, 11, 20), 1),
        (date(2026, 11, 20), date(2026, 11, 22), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 21), date(2026, 11, 23), 1),
        (date(2026, 11, 16), date(2026, 11, 30), 10),
        (date(2026, 11, 30), date(2026, 11, 16), -10),
    ],
)
def test_working_days_leave_out_weekends(start, end, days):
    assert working_days(start, end) == days


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(one, two, three):
    first, second, third = sorted((one, two, three))

    assert working_days(first, third) == working_days(first, second) + working_days(second, third)
