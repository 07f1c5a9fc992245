"""The demo loaded on days on which it once could not be."""

from datetime import date, time

import pytest
from django.test import override_settings

from tests.reports.demo_days import NOON, check, loaded_on

MONDAY_MORNING = time(0, 5)


@pytest.mark.django_db
@pytest.mark.either
@pytest.mark.parametrize(
    ("day", "at"),
    [(date(2026, 11, 23), MONDAY_MORNING), (date(2026, 11, 27), NOON), (date(2027, 8, 5), NOON)],
    ids=str,
)
def test_demo_loads_where_a_closed_project_has_a_new_year(client, day, at):
    with override_settings(TIME_ZONE="America/Los_Angeles"), loaded_on(day, at):
        check(client, day)
