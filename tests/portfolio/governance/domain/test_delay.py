"""Rules 2g and 3b with the worked example: 10 working days at 4,200."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portfolio.governance.domain.delay import (
    Ratified,
    delay_cost,
    delay_days,
    ratification,
    ratify_by,
    stops_spending,
)

NEEDED = date(2026, 3, 2)  # a Monday


def test_3b_example_ten_working_days_at_4200_are_42000():
    days = delay_days(NEEDED, date(2026, 2, 9), date(2026, 3, 16))

    assert (days, delay_cost(days, Decimal(4200))) == (10, Decimal(42000))


@pytest.mark.parametrize(
    ("until", "days"),
    [
        (date(2026, 2, 27), 0),
        (NEEDED, 0),
        (date(2026, 3, 3), 1),
        (date(2026, 3, 6), 4),
        (date(2026, 3, 8), 4),
        (date(2026, 3, 9), 5),
    ],
)
def test_3b_weekends_do_not_count(until, days):
    assert delay_days(NEEDED, date(2026, 1, 5), until) == days


def test_3b_before_it_is_asked_a_delay_costs_nothing():
    assert delay_days(NEEDED, date(2026, 3, 11), date(2026, 3, 16)) == 3
    assert delay_days(NEEDED, None, date(2026, 3, 16)) == 0
    assert delay_days(None, NEEDED, date(2026, 3, 16)) == 0
    assert delay_cost(5, None) is None


@pytest.mark.parametrize(
    ("after", "said", "standing", "stops"),
    [
        (0, None, Ratified.WAITING, False),
        (30, None, Ratified.WAITING, False),
        (31, None, Ratified.LAPSED, True),
        (31, True, Ratified.RATIFIED, False),
        (5, False, Ratified.REFUSED, True),
    ],
)
def test_2g_after_thirty_days_it_is_unratified_and_spending_stops(after, said, standing, stops):
    found = ratification(NEEDED, NEEDED + timedelta(days=after), said)

    assert (found, stops_spending(found)) == (standing, stops)
    assert ratify_by(NEEDED) == date(2026, 4, 1)
