"""Counting working days; the values of B-11 are Microsoft's and IBM's own."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.workdays import MONDAY_TO_FRIDAY, Workdays

HOLIDAYS = [date(2012, 11, 22), date(2012, 12, 4), date(2013, 1, 21)]
IBM = [
    date(2001, 12, 24),
    date(2001, 12, 25),
    date(2001, 12, 26),
    date(2001, 12, 31),
    date(2002, 1, 1),
]


def off(days):
    return [(day, day, False) for day in days]


@pytest.mark.parametrize(("holidays", "wanted"), [(0, 110), (1, 109), (3, 107)])
def test_between_counts_as_networkdays_does(holidays, wanted):
    days = Workdays("1111100", off(HOLIDAYS[:holidays]))

    assert days.between(date(2012, 10, 1), date(2013, 3, 1)) == wanted


def test_between_and_nth_with_the_holidays_of_another_handbook():
    days = Workdays("1111100", off(IBM))

    assert days.between(date(2001, 12, 15), date(2002, 1, 15)) == 17
    assert Workdays("1111100", off(IBM[:2])).between(date(2001, 12, 3), date(2001, 12, 28)) == 18


@pytest.mark.parametrize(
    ("holidays", "wanted"),
    [
        ([], date(2009, 4, 30)),
        ([date(2008, 11, 26), date(2008, 12, 4), date(2009, 1, 21)], date(2009, 5, 5)),
    ],
)
def test_nth_counts_as_workday_does(holidays, wanted):
    days = Workdays("1111100", off(holidays))

    # WORKDAY counts from the day after its start
    assert days.nth(151, since=date(2008, 10, 2)) == wanted


def test_worked_weekend_counts_and_a_long_closure_does_not():
    days = Workdays(
        "1111100",
        [
            (date(2026, 1, 1), date(2026, 1, 31), False),
            (date(2026, 1, 10), date(2026, 1, 11), True),
        ],
    )

    assert days.between(date(2026, 1, 1), date(2026, 1, 31)) == 2
    assert days.nth(3, since=date(2026, 1, 1)) == date(2026, 2, 2)


def test_reversed_dates_hold_no_day():
    assert MONDAY_TO_FRIDAY.between(date(2026, 1, 9), date(2026, 1, 5)) == 0


@pytest.mark.parametrize("week", ["0000000", "111110", "11111000"])
def test_week_without_work_or_of_another_length_is_refused(week):
    with pytest.raises(ValueError, match="A week has seven days"):
        Workdays(week)


@given(
    st.text("01", min_size=7, max_size=7).filter(lambda week: "1" in week),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 400),
    st.lists(st.tuples(st.integers(-20, 420), st.integers(0, 10), st.booleans()), max_size=4),
)
def test_counting_agrees_with_looking_at_every_day(week, first, length, exceptions):
    changed = [
        (first + timedelta(days=start), first + timedelta(days=start + more), is_worked)
        for start, more, is_worked in exceptions
    ]
    days = Workdays(week, changed)

    def worked(day):
        said = [is_worked for one, last, is_worked in changed if one <= day <= last]
        return said[-1] if said else week[day.weekday()] == "1"

    every = [first + timedelta(days=number) for number in range(length + 1)]
    wanted = [day for day in every if worked(day)]
    assert days.between(first, every[-1]) == len(wanted)
    for number, day in enumerate(wanted, start=1):
        assert days.nth(number, since=first) == day


@given(
    st.text("01", min_size=7, max_size=7).filter(lambda week: "1" in week),
    st.lists(st.tuples(st.integers(-20, 420), st.integers(0, 10), st.booleans()), max_size=6),
    st.integers(1, 300),
)
def test_a_count_is_reached_on_the_day_that_reaches_it(week, exceptions, number):
    start = date(2026, 1, 1)
    days = Workdays(
        week,
        [
            (start + timedelta(days=first), start + timedelta(days=first + more), is_worked)
            for first, more, is_worked in exceptions
        ],
    )
    count = days.through(start.toordinal()) + number

    day = days.at(count)

    assert (days.through(day - 1), days.through(day)) == (count - 1, count)


def test_exceptions_over_all_of_time_are_no_work():
    always = (date.min, date.max)
    days = Workdays("1111100", [(*always, number % 2 == 0) for number in range(1_000)])

    assert days.between(*always) == 0
    assert Workdays("1111100", [(*always, True)]).between(*always) == date.max.toordinal()
