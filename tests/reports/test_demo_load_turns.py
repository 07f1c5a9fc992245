"""The demo loaded where years turn, on a day that most years lack, and ahead of its day."""

from datetime import date, timedelta

import pytest

from tests.reports.demo_days import check, loaded_on


@pytest.mark.django_db
@pytest.mark.either
@pytest.mark.parametrize("day", [date(2028, 1, 1), date(2028, 2, 29)], ids=str)
def test_demo_loads_on_the_rare_days_of_the_calendar(client, day):
    with loaded_on(day):
        check(client, day)


@pytest.mark.django_db
@pytest.mark.either
def test_demo_loads_for_a_day_that_is_still_to_come(client):
    day = date(2027, 6, 30)

    with loaded_on(day, ahead=timedelta(days=200)):
        check(client, day)
