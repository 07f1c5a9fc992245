from datetime import date

import pytest

from reports.domain.periods import FrozenDay, Period, freeze_before, freeze_on_or_before, period_of

TODAY = date(2026, 11, 21)
WEEKS = [date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 15)]


def period(days, *, early=(), asked=None, today=TODAY):
    freezes = [*map(FrozenDay, days), *(FrozenDay(day, is_early=True) for day in early)]
    return period_of(freezes, asked=asked, today=today)


@pytest.mark.parametrize("asked", [None, TODAY, date(2027, 1, 1)])
def test_now_is_compared_with_the_last_freeze(asked):
    found = period(WEEKS, asked=asked)

    assert found == Period(asked=asked, before=WEEKS[2], earlier=WEEKS[2], first=WEEKS[0])
    assert found.is_now


def test_a_frozen_day_is_shown_with_its_neighbors():
    found = period(WEEKS[::-1], asked=WEEKS[1])

    assert found == Period(
        asked=WEEKS[1],
        shown=WEEKS[1],
        before=WEEKS[0],
        earlier=WEEKS[0],
        after=WEEKS[2],
        first=WEEKS[0],
    )
    assert found.is_exact
    assert not found.is_now


def test_a_day_between_shows_the_freeze_before_it():
    found = period(WEEKS, asked=date(2026, 11, 14))

    assert (found.shown, found.before, found.after) == (WEEKS[1], WEEKS[0], WEEKS[2])
    assert not found.is_exact


def test_the_first_freeze_has_nothing_before_it():
    found = period(WEEKS, asked=WEEKS[0])

    assert (found.shown, found.before) == (WEEKS[0], None)
    assert not found.is_weekly(TODAY)


def test_a_day_before_the_first_freeze_shows_nothing():
    found = period(WEEKS, asked=date(2026, 10, 31))

    assert found == Period(asked=date(2026, 10, 31), first=WEEKS[0], is_too_early=True)
    assert not found.is_now


def test_without_any_freeze_now_stands_alone():
    assert period([], asked=None) == Period()
    assert period([], asked=date(2026, 1, 1)).is_too_early


@pytest.mark.parametrize(
    ("freezes", "asked", "weekly"),
    [
        (WEEKS, None, True),
        ([date(2026, 11, 8)], None, True),
        ([date(2026, 11, 7)], None, False),
        (WEEKS, date(2026, 11, 15), True),
        ([date(2022, 3, 31), date(2023, 3, 31)], date(2023, 3, 31), False),
        ([date(2026, 11, 8), date(2026, 11, 13)], date(2026, 11, 13), True),  # Sunday, then Friday
        ([date(2026, 11, 20)], None, False),  # frozen on Friday of this very week
    ],
)
def test_a_week_is_called_a_week_only_when_it_is_one(freezes, asked, weekly):
    assert period(freezes, asked=asked).is_weekly(TODAY) is weekly


WEDNESDAY, MONDAY = date(2026, 11, 18), date(2026, 11, 16)


def test_an_early_freeze_is_shown_and_compared_with_the_week_before():
    found = period(WEEKS, early=[WEDNESDAY], asked=WEDNESDAY)

    assert (found.shown, found.is_early, found.before) == (WEDNESDAY, True, WEEKS[2])
    assert found.is_weekly(TODAY)


def test_now_and_the_next_week_are_compared_with_the_week_not_with_what_was_taken_early():
    sunday = date(2026, 11, 22)
    now = period(WEEKS, early=[WEDNESDAY])
    later = period([*WEEKS, sunday], early=[WEDNESDAY], asked=sunday, today=date(2026, 11, 25))

    assert (now.before, now.before_is_early, now.earlier) == (WEEKS[2], False, WEDNESDAY)
    assert (later.before, later.is_early, later.earlier) == (WEEKS[2], False, WEDNESDAY)


def test_what_was_taken_early_is_compared_with_where_there_is_nothing_else():
    found = period([], early=[MONDAY, WEDNESDAY])

    assert (found.before, found.before_is_early) == (WEDNESDAY, True)
    assert not found.is_weekly(TODAY)


def test_what_was_taken_today_is_no_past_of_today():
    found = period([], early=[TODAY])

    assert (found.before, found.earlier, found.is_now) == (None, None, True)


def test_of_a_day_that_was_frozen_twice_its_end_is_shown():
    found = period(WEEKS, early=[WEEKS[2]], asked=WEEKS[2])

    assert (found.shown, found.is_early, found.before) == (WEEKS[2], False, WEEKS[1])


def test_a_freeze_is_compared_with_an_earlier_day_only():
    twice = [FrozenDay(WEEKS[2]), FrozenDay(WEEKS[2], is_early=True)]

    assert freeze_before(twice, WEEKS[2]) is None
    assert freeze_before(twice, TODAY) == FrozenDay(WEEKS[2])


@pytest.mark.parametrize(
    ("frozen", "key"),
    [
        (FrozenDay(WEDNESDAY), "2026-11-18"),
        (FrozenDay(WEDNESDAY, is_early=True), "2026-11-18-early"),
    ],
)
def test_a_freeze_is_named_and_found_again(frozen, key):
    assert frozen.key == key
    assert FrozenDay.of(key) == frozen


@pytest.mark.parametrize("text", ["", "early", "2026-11-18-late", "2026-11-18-early-early"])
def test_what_names_no_freeze_is_refused(text):
    with pytest.raises(ValueError, match="isoformat"):
        FrozenDay.of(text)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (date(2026, 11, 7), None),
        (date(2026, 11, 8), FrozenDay(date(2026, 11, 8))),
        (date(2026, 11, 12), FrozenDay(date(2026, 11, 11), is_early=True)),
        (date(2026, 11, 15), FrozenDay(date(2026, 11, 15))),
        (date(2027, 1, 1), FrozenDay(date(2026, 11, 15))),
    ],
)
def test_the_last_freeze_up_to_a_day_is_found_and_the_end_of_a_day_frozen_twice(asked, found):
    freezes = [
        FrozenDay(date(2026, 11, 15)),
        FrozenDay(date(2026, 11, 15), is_early=True),
        FrozenDay(date(2026, 11, 11), is_early=True),
        FrozenDay(date(2026, 11, 8)),
    ]

    assert freeze_on_or_before(freezes, asked) == found
