"""The tables that a plan is laid out in count the same days as the counter they are made from."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from projects.domain.plan.calendars import WEEK, Calendar, DayException, table_of

FIRST = date(2020, 1, 6)  # a Monday
LENGTH = 53 * WEEK
OFFSETS = st.integers(-30, LENGTH + 30)
WEEKS = st.text("01", min_size=7, max_size=7).filter(lambda week: "1" in week)
EXCEPTIONS = st.lists(st.tuples(OFFSETS, st.integers(0, 40), st.booleans()), max_size=8)


@given(WEEKS, EXCEPTIONS)
def test_a_table_says_of_each_day_what_the_calendar_says(week, exceptions):
    calendar = Calendar(
        weekdays=week,
        exceptions=tuple(
            DayException(
                first=FIRST + timedelta(days=offset),
                last=FIRST + timedelta(days=offset + length),
                is_working=is_working,
            )
            for offset, length, is_working in exceptions
        ),
    )

    table = table_of(calendar, FIRST.toordinal(), LENGTH)

    worked = [d for d in range(LENGTH) if calendar.is_working(FIRST + timedelta(days=d))]
    assert table.days == worked
    assert table.before == [sum(d < day for d in worked) for day in range(LENGTH + 1)]
