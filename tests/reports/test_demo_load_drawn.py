"""The demo loaded on the day drawn from the commit, and in the last minutes of a week in a new fiscal year."""

from datetime import date, time

import pytest
from django.test import override_settings

from tests.calendar_plugin import drawn
from tests.reports.demo_days import check, loaded_on

SUNDAY_NIGHT = time(23, 50)


@pytest.mark.django_db
@pytest.mark.either
def test_demo_loads_on_the_day_drawn_from_the_commit(client):
    day, zone = drawn()

    with override_settings(TIME_ZONE=zone), loaded_on(day):
        check(client, day)


@pytest.mark.django_db
@pytest.mark.either
def test_demo_loads_as_a_fiscal_year_begins_on_a_sunday(client):
    day = date(2029, 7, 1)

    with override_settings(TIME_ZONE="Pacific/Auckland"), loaded_on(day, SUNDAY_NIGHT):
        check(client, day)
