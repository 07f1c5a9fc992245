"""How far dates of milestones were off, worked out by hand."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.earning.memory import band_of
from projects.domain.earning.punctuality import (
    HORIZONS,
    DoneMilestone,
    Spread,
    asked_on,
    corrected,
    nearest_horizon,
    spread_of,
    spread_of_project,
)

DONE = date(2026, 6, 30)  # a Tuesday; four weeks before is Tuesday, 2 June
SUNDAYS = [date(2026, 5, 24), date(2026, 5, 31), date(2026, 6, 7)]
days_off = st.lists(st.integers(-400, 400), min_size=1, max_size=60)


def test_forecast_asked_is_the_last_that_was_frozen_by_then():
    assert asked_on(DONE, 4, SUNDAYS) == date(2026, 5, 31)
    assert asked_on(DONE, 4, [date(2026, 6, 2)]) == date(2026, 6, 2)
    assert asked_on(DONE, 4, [date(2026, 5, 27)]) == date(2026, 5, 27)


def test_forecast_more_than_a_week_older_is_another_horizon():
    assert asked_on(DONE, 4, [date(2026, 5, 26)]) is None
    assert asked_on(DONE, 4, [date(2026, 6, 3)]) is None
    assert asked_on(DONE, 4, []) is None


@given(day=st.integers(0, 400), weeks=st.sampled_from(HORIZONS))
def test_weekly_freezes_answer_every_day_once(day, weeks):
    done = DONE + timedelta(days=day)
    sundays = [date(2025, 1, 5) + timedelta(weeks=number) for number in range(200)]

    asked = asked_on(done, weeks, sundays)

    assert asked in sundays
    assert 0 <= ((done - asked).days - weeks * 7) <= 6


def test_milestone_is_compared_with_what_stood_then():
    said = {date(2026, 5, 31): date(2026, 6, 18), date(2026, 3, 29): date(2026, 7, 3)}
    one = DoneMilestone(name="Go-live", done=DONE, said=said)

    assert [(one.forecast(weeks), one.days(weeks)) for weeks in HORIZONS] == [
        (date(2026, 6, 18), 12),
        (None, None),
        (date(2026, 7, 3), -3),
        (None, None),
    ]


def test_spread_is_the_median_and_the_middle_four_fifths():
    # -5, 0, 0, 10, 20: ranks 0.4, 2 and 3.6 of 0 to 4
    assert spread_of({20: 1, 0: 2, -5: 1, 10: 1}, projects=2) == Spread(
        milestones=5, projects=2, median=Decimal(0), low=Decimal(-3), high=Decimal(16)
    )
    # twice 3, twice 8: the middle lies between
    assert spread_of({3: 2, 8: 2}, projects=1, least=4).median == Decimal("5.5")
    assert spread_of({7: 1}, projects=1, least=1).high == Decimal(7)


@pytest.mark.parametrize(
    ("misses", "reason"),
    [
        ({}, "No done milestone has a forecast from then; 5 are needed."),
        ({3: 1}, "Only 1 done milestone has a forecast from then; 5 are needed."),
        ({3: 2, 9: 2}, "Only 4 done milestones have a forecast from then; 5 are needed."),
    ],
)
def test_too_few_milestones_give_a_reason_and_no_figure(misses, reason):
    found = spread_of(misses, projects=1)

    assert (found.reason, found.median, found.low, found.high) == (reason, None, None, None)
    assert found.milestones == sum(misses.values())


@given(days_off)
def test_counted_misses_tell_what_the_single_ones_do(values):
    band = band_of([Decimal(value) for value in values], least=1)
    found = spread_of(Counter(values), projects=1, least=1)

    assert (found.low, found.median, found.high) == (band.low, band.median, band.high)
    assert found.milestones == len(values)


@given(days_off, st.integers(-100, 100))
def test_later_by_a_day_each_is_later_by_a_day_in_the_middle(values, shift):
    found = spread_of(Counter(values), projects=1, least=1)
    later = spread_of(Counter(value + shift for value in values), projects=1, least=1)

    assert later.median - found.median == later.high - found.high == shift


@given(days_off)
def test_order_of_low_middle_and_high(values):
    found = spread_of(Counter(values), projects=1, least=1)

    assert min(values) <= found.low <= found.median <= found.high <= max(values)


def test_project_counts_the_milestones_that_were_forecast_then():
    said = {date(2026, 5, 31): date(2026, 6, 18)}
    came = [DoneMilestone(name=str(n), done=DONE + timedelta(days=n), said=said) for n in range(5)]
    came.append(DoneMilestone(name="Unsaid", done=DONE, said={}))

    assert spread_of_project(came, 4) == Spread(
        milestones=5, projects=1, median=Decimal(14), low=Decimal("12.4"), high=Decimal("15.6")
    )
    assert spread_of_project(came, 13) == Spread(
        reason="No done milestone has a forecast from then; 5 are needed."
    )


def test_horizon_is_the_nearest_and_the_shorter_of_two():
    assert [nearest_horizon(days) for days in (0, 28, 42, 43, 400)] == [4, 4, 4, 8, 26]
    assert nearest_horizon(60, (4, 13)) == 13


def test_corrected_date_is_later_by_the_rounded_middle():
    assert corrected(DONE, Decimal("11.5")) == date(2026, 7, 12)
    assert corrected(DONE, Decimal(-3)) == date(2026, 6, 27)
    assert corrected(DONE, None) is None
