from datetime import date

import pytest

from reports.domain.periods import Period, period_of

TODAY = date(2026, 11, 21)
WEEKS = [date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 15)]


@pytest.mark.parametrize("asked", [None, TODAY, date(2027, 1, 1)])
def test_now_is_compared_with_the_last_freeze(asked):
    period = period_of(WEEKS, asked=asked, today=TODAY)

    assert period == Period(asked=asked, before=WEEKS[2], first=WEEKS[0])
    assert period.is_now


def test_a_frozen_day_is_shown_with_its_neighbors():
    period = period_of(reversed(WEEKS), asked=WEEKS[1], today=TODAY)

    assert period == Period(
        asked=WEEKS[1], shown=WEEKS[1], before=WEEKS[0], after=WEEKS[2], first=WEEKS[0]
    )
    assert period.is_exact
    assert not period.is_now


def test_a_day_between_shows_the_freeze_before_it():
    period = period_of(WEEKS, asked=date(2026, 11, 14), today=TODAY)

    assert (period.shown, period.before, period.after) == (WEEKS[1], WEEKS[0], WEEKS[2])
    assert not period.is_exact


def test_the_first_freeze_has_nothing_before_it():
    period = period_of(WEEKS, asked=WEEKS[0], today=TODAY)

    assert (period.shown, period.before) == (WEEKS[0], None)
    assert not period.is_weekly(TODAY)


def test_a_day_before_the_first_freeze_shows_nothing():
    period = period_of(WEEKS, asked=date(2026, 10, 31), today=TODAY)

    assert period == Period(asked=date(2026, 10, 31), first=WEEKS[0], is_too_early=True)
    assert not period.is_now


def test_without_any_freeze_now_stands_alone():
    assert period_of([], asked=None, today=TODAY) == Period()
    assert period_of([], asked=date(2026, 1, 1), today=TODAY).is_too_early


@pytest.mark.parametrize(
    ("freezes", "asked", "weekly"),
    [
        (WEEKS, None, True),
        ([date(2026, 11, 8)], None, True),
        ([date(2026, 11, 7)], None, False),
        (WEEKS, date(2026, 11, 15), True),
        ([date(2022, 3, 31), date(2023, 3, 31)], date(2023, 3, 31), False),
    ],
)
def test_a_week_is_called_a_week_only_when_it_is_one(freezes, asked, weekly):
    assert period_of(freezes, asked=asked, today=TODAY).is_weekly(TODAY) is weekly
