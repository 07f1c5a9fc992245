from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.communication.domain.timing import (
    LATE_FROM,
    Cadence,
    is_late,
    late_through,
    next_due,
    occurrence_after,
    shifted,
    working_days_late,
)

FIRST = date(2026, 1, 31)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
REPEATED = st.sampled_from([one for one in Cadence if one is not Cadence.ONCE])


@pytest.mark.parametrize(
    ("cadence", "after", "due"),
    [
        (Cadence.DAILY, date(2026, 2, 3), date(2026, 2, 4)),
        (Cadence.WEEKLY, date(2026, 2, 7), date(2026, 2, 14)),
        (Cadence.FORTNIGHTLY, date(2026, 2, 10), date(2026, 2, 14)),
        (Cadence.MONTHLY, date(2026, 2, 27), date(2026, 2, 28)),
        (Cadence.MONTHLY, date(2026, 2, 28), date(2026, 3, 31)),
        (Cadence.QUARTERLY, date(2026, 1, 31), date(2026, 4, 30)),
        (Cadence.QUARTERLY, date(2026, 12, 31), date(2027, 1, 31)),
        (Cadence.WEEKLY, None, FIRST),
        (Cadence.WEEKLY, date(2025, 12, 1), FIRST),
    ],
)
def test_next_occurrence(cadence, after, due):
    assert occurrence_after(FIRST, cadence, after) == due


@given(first=DAYS, cadence=REPEATED, after=DAYS)
def test_next_occurrence_is_later_and_the_one_before_it_is_not(first, cadence, after):
    due = occurrence_after(first, cadence, after)

    assert due > after or due == first
    assert occurrence_after(first, cadence, due - timedelta(days=1)) == due


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"cadence": Cadence.ONCE, "done_through": None}, FIRST),
        ({"cadence": Cadence.ONCE, "done_through": FIRST}, None),
        ({"cadence": Cadence.WEEKLY, "done_through": FIRST}, date(2026, 2, 7)),
        ({"cadence": Cadence.WEEKLY, "done_through": FIRST, "until": date(2026, 2, 6)}, None),
        ({"cadence": Cadence.WEEKLY, "done_through": None, "first": None}, None),
    ],
)
def test_when_a_message_is_due(fields, due):
    assert next_due(**{"first": FIRST, "until": None, **fields}) == due


def test_a_day_past_all_calendars_is_none():
    assert shifted(date.max, 1) is None
    assert shifted(None, -30) is None
    assert shifted(date(2026, 3, 31), -30) == date(2026, 3, 1)


# Monday 2 November 2026 is the day on which it was due
@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 11, 2), 0),
        (date(2026, 11, 3), 1),
        (date(2026, 11, 6), 4),
        (date(2026, 11, 8), 4),  # a weekend does not count
        (date(2026, 11, 9), 5),
    ],
)
def test_lateness_is_counted_in_working_days(today, days):
    assert working_days_late(date(2026, 11, 2), today) == days
    assert is_late(date(2026, 11, 2), today) is (days >= LATE_FROM)


@given(today=DAYS, back=st.integers(0, 30))
def test_what_is_late_is_exactly_what_was_due_by_then(today, back):
    due = today - timedelta(days=back)

    assert (due <= late_through(today)) is is_late(due, today)
