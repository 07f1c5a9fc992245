"""The week's rhythm, whatever days and hours an organization sets, west and east of UTC."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.calendar import week_of
from projects.domain.rhythm import (
    Rhythm,
    compile_at,
    due_at,
    freeze_day,
    is_week_before,
    remind_at,
    week_to_freeze,
)

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
RHYTHMS = st.builds(Rhythm, freeze_weekday=st.integers(0, 6), compile_weekday=st.integers(0, 6))
ZONES = ["America/Los_Angeles", "UTC", "Asia/Kolkata", "Pacific/Auckland"]
MONDAY = date(2026, 11, 16)
SUNDAYS = Rhythm()
FRIDAYS = Rhythm(due_weekday=2, due_time=time(9), remind_time=time(8), freeze_weekday=4)


@pytest.mark.parametrize("name", ZONES)
def test_updates_are_due_at_the_organization_s_own_hour(name):
    zone = ZoneInfo(name)

    assert due_at(MONDAY, SUNDAYS, zone=zone) == datetime(2026, 11, 20, 17, tzinfo=zone)
    assert due_at(MONDAY, FRIDAYS, zone=zone) == datetime(2026, 11, 18, 9, tzinfo=zone)
    assert remind_at(MONDAY, FRIDAYS, zone=zone) == datetime(2026, 11, 18, 8, tzinfo=zone)


@pytest.mark.parametrize(
    ("name", "week", "hours"),
    [
        ("America/New_York", date(2026, 10, 26), 7 * 24 + 1),  # clocks go back on 1 November
        ("America/New_York", date(2026, 3, 2), 7 * 24 - 1),  # and forward on 8 March
        ("Pacific/Auckland", date(2026, 9, 21), 7 * 24 - 1),
    ],
)
def test_a_week_with_a_change_of_clocks_keeps_its_hour(name, week, hours):
    zone = ZoneInfo(name)
    before, after = (due_at(day, SUNDAYS, zone=zone) for day in (week, week + timedelta(days=7)))

    assert (before.hour, after.hour) == (17, 17)
    assert (after.timestamp() - before.timestamp()) / 3600 == hours


@pytest.mark.parametrize(
    ("today", "sundays", "fridays"),
    [
        (date(2026, 11, 16), date(2026, 11, 15), date(2026, 11, 13)),
        (date(2026, 11, 20), date(2026, 11, 15), date(2026, 11, 13)),
        (date(2026, 11, 21), date(2026, 11, 15), date(2026, 11, 20)),
        (date(2026, 11, 22), date(2026, 11, 15), date(2026, 11, 20)),
        (date(2026, 11, 23), date(2026, 11, 22), date(2026, 11, 20)),
    ],
)
def test_the_freeze_that_should_exist_is_the_last_day_that_is_over(today, sundays, fridays):
    assert week_to_freeze(today, SUNDAYS) == sundays
    assert week_to_freeze(today, FRIDAYS) == fridays


@given(today=DAYS, rhythm=RHYTHMS)
def test_one_day_a_week_is_frozen_and_it_is_over(today, rhythm):
    day = week_to_freeze(today, rhythm)

    assert day.weekday() == rhythm.freeze_weekday
    assert timedelta(0) < today - day <= timedelta(days=7)
    assert freeze_day(week_of(day), rhythm) == day


@given(frozen=DAYS, rhythm=RHYTHMS)
def test_a_summary_is_compiled_on_its_weekday_within_a_week_after_the_freeze(frozen, rhythm):
    at = compile_at(frozen, rhythm, zone=ZoneInfo("UTC"))

    assert (at.weekday(), at.time()) == (rhythm.compile_weekday, rhythm.compile_time)
    assert timedelta(0) < at.date() - frozen <= timedelta(days=7)


def test_the_days_are_called_by_their_names():
    assert (SUNDAYS.freeze_day, SUNDAYS.compile_day) == ("Sunday", "Monday")
    assert FRIDAYS.freeze_day == "Friday"


@pytest.mark.parametrize(
    ("before", "day", "is_so"),
    [
        (date(2026, 11, 15), date(2026, 11, 22), True),
        (date(2026, 11, 15), date(2026, 11, 20), True),  # Sunday, then Friday
        (date(2026, 11, 13), date(2026, 11, 22), True),  # Friday, then Sunday
        (date(2026, 11, 18), date(2026, 11, 22), False),
        (date(2026, 11, 8), date(2026, 11, 22), False),
    ],
)
def test_last_week_is_the_reporting_week_before(before, day, is_so):
    assert is_week_before(before, day) is is_so
