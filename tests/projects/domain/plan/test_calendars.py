"""Working days count as the spreadsheet functions do; exceptions go both ways."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.plan import calendars
from projects.domain.plan.calendars import (
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    Calendar,
    DayException,
    ScheduleError,
    finish_of,
    networkdays,
    workday,
)

CASES = json.loads((Path(__file__).parents[3] / "cases" / "plan.json").read_text(encoding="utf-8"))[
    "calendars"
]
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@st.composite
def work_calendars(draw):
    week = draw(st.text("01", min_size=7, max_size=7).filter(lambda text: "1" in text))
    ranges = draw(st.lists(st.tuples(DAYS, st.integers(0, 40), st.booleans()), max_size=4))
    return Calendar(
        weekdays=week,
        exceptions=tuple(
            DayException(first=day, last=day + timedelta(days=length), is_working=works)
            for day, length, works in ranges
        ),
    )


def parsed(value):
    return date.fromisoformat(value) if isinstance(value, str) else value


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_published_value(case):
    days = [date.fromisoformat(day) for day in case["holidays"]]
    calendar = Calendar(exceptions=tuple(DayException(first=day, last=day) for day in days))
    function = getattr(calendars, case["function"])

    assert function(calendar, *map(parsed, case["arguments"])) == parsed(case["expected"])


def test_a_weekend_can_be_worked_and_the_later_exception_counts():
    calendar = Calendar(
        exceptions=(
            DayException(first=date(2026, 12, 24), last=date(2027, 1, 3)),
            DayException(first=date(2026, 12, 26), last=date(2026, 12, 27), is_working=True),
        )
    )

    worked = [d for d in range(24, 32) if calendar.is_working(date(2026, 12, d))]

    assert worked == [26, 27]
    assert networkdays(calendar, date(2026, 12, 21), date(2027, 1, 4)) == 3 + 2 + 1
    assert workday(calendar, date(2026, 12, 23), 1) == date(2026, 12, 26)


@given(work_calendars(), DAYS, st.integers(1, 300))
def test_counting_forth_and_back(calendar, start, days):
    finish = workday(calendar, start, days)

    assert calendar.is_working(finish)
    assert networkdays(calendar, start + timedelta(days=1), finish) == days
    assert workday(calendar, finish + timedelta(days=1), -days) > start


@given(work_calendars(), DAYS, st.integers(0, 400))
def test_a_count_is_the_sum_of_its_days(calendar, start, length):
    end = start + timedelta(days=length)

    counted = sum(calendar.is_working(start + timedelta(days=i)) for i in range(length + 1))

    assert networkdays(calendar, start, end) == counted
    assert networkdays(calendar, end, start) == (-counted if length else counted)


@pytest.mark.parametrize(
    ("start", "duration", "finish"),
    [
        (date(2026, 11, 2), 5, date(2026, 11, 6)),
        (date(2026, 11, 2), 6, date(2026, 11, 9)),
        (date(2026, 11, 6), 1, date(2026, 11, 6)),
        (date(2026, 11, 7), 1, date(2026, 11, 9)),
        (date(2026, 11, 7), 0, date(2026, 11, 7)),
    ],
)
def test_a_task_finishes_on_the_last_day_worked(start, duration, finish):
    assert finish_of(MONDAY_TO_FRIDAY, start, duration) == finish


def test_no_days_is_the_same_day_and_every_day_counts_calendar_days():
    assert workday(MONDAY_TO_FRIDAY, date(2026, 11, 7), 0) == date(2026, 11, 7)
    assert workday(EVERY_DAY, date(2026, 11, 7), 10) == date(2026, 11, 17)
    assert workday(EVERY_DAY, date(2026, 11, 7), -10) == date(2026, 10, 28)


def test_a_day_centuries_away_is_refused_in_words():
    with pytest.raises(ScheduleError, match="far too large"):
        workday(MONDAY_TO_FRIDAY, date(2026, 11, 7), 400_000)
    with pytest.raises(ScheduleError, match="no working days"):
        workday(Calendar(weekdays="0000000"), date(2026, 11, 7), 1)
