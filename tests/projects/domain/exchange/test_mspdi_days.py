"""Days in Microsoft Project's XML: calendars and what they are based on, ends in the morning, splits."""

from datetime import date

import pytest

from projects.domain.exchange import ExceptionRow, read_mspdi
from projects.domain.exchange.recalculating import calendar_of
from projects.domain.plan.calendars import networkdays
from tests.projects.domain.exchange.files import (
    TIMES,
    calendar,
    day,
    exception,
    mspdi,
    only,
    said,
    task,
)


def read_calendars(calendars: str):
    header = "<CalendarUID>1</CalendarUID>"
    return read_mspdi(mspdi(task(1), header=header, calendars=calendars))


def test_a_calendar_takes_what_it_does_not_say_from_its_base():
    base = calendar(2, day(1, 0) + day(6, 0) + day(7, 1), exception("2026-12-24", "2026-12-26"))
    mine = calendar(
        1,
        day(1, 1),
        exception("2026-05-02", "2026-05-02", works=1),
        base="<IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>2</BaseCalendarUID>",
    )

    plan = read_calendars(base + mine)

    assert plan.default_calendar == "1"
    assert [(c.key, c.weekdays) for c in plan.calendars] == [("1", "1111011")]
    assert plan.calendars[0].exceptions == (
        ExceptionRow(
            first=date(2026, 5, 2), last=date(2026, 5, 2), is_working=True, name="Holiday"
        ),
        ExceptionRow(first=date(2026, 12, 24), last=date(2026, 12, 26), name="Holiday"),
    )
    assert said(plan, "lost") == {"Calendars that no task uses": (1, ())}


def test_days_worked_in_a_derived_calendar_beat_the_holidays_of_its_base():
    base = calendar(
        2, day(2, 1), exception("2026-12-24", "2026-12-31") + exception("2026-05-25", "2026-05-25")
    )
    mine = calendar(
        1,
        "",
        exception("2026-12-21", "2026-12-27", works=1)
        + exception("2026-12-30", "2026-12-30", works=1),
        base="<IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>2</BaseCalendarUID>",
    )

    row = read_calendars(base + mine).calendars[0]

    found = calendar_of(row)
    december = [date(2026, 12, number) for number in range(21, 32)]
    assert [day.day for day in december if found.is_working(day)] == [
        21,
        22,
        23,
        24,
        25,
        26,
        27,
        30,
    ]
    assert networkdays(found, december[0], december[-1]) == 8
    assert not found.is_working(date(2026, 5, 25))


def test_holiday_of_the_nearest_calendar_beats_the_worked_days_of_its_base():
    base = calendar(2, day(2, 1), exception("2026-12-19", "2026-12-20", works=1))
    mine = calendar(
        1,
        "",
        exception("2026-12-14", "2026-12-19"),
        base="<IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>2</BaseCalendarUID>",
    )

    found = calendar_of(read_calendars(base + mine).calendars[0])

    assert [found.is_working(date(2026, 12, number)) for number in (18, 19, 20)] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("finish", "last"),
    [
        ("2026-03-07T08:00:00", (2026, 3, 6)),  # Saturday morning: Friday
        ("2026-03-09T08:00:00", (2026, 3, 6)),  # Monday morning: Friday
        ("2026-03-06T07:00:00", (2026, 3, 5)),
        ("2026-03-09T00:00:00", (2026, 3, 6)),
        ("2026-03-06T08:01:00", (2026, 3, 6)),
        ("2026-03-06T17:00:00", (2026, 3, 6)),
        ("2026-03-02T08:00:00", (2026, 3, 2)),  # the day of its start
    ],
)
def test_end_before_work_begins_is_the_last_working_day_before(finish, last):
    more = (
        f"<Start>2026-03-02T08:00:00</Start><Finish>{finish}</Finish>"
        f"<ActualStart>2026-03-02T08:00:00</ActualStart><ActualFinish>{finish}</ActualFinish>"
        f"<Baseline><Number>0</Number><Start>2026-03-02T08:00:00</Start><Finish>{finish}</Finish></Baseline>"
    )

    row = only(mspdi(task(1, more=more)))

    assert (row.finish, row.actual_finish) == (date(*last), date(*last))


def test_hour_at_which_work_begins_is_the_files():
    more = "<Start>2026-03-02T09:30:00</Start><Finish>2026-03-06T09:00:00</Finish>"
    header = "<DefaultStartTime>09:30:00</DefaultStartTime>"

    assert only(mspdi(task(1, more=more), header=header)).finish == date(2026, 3, 5)


def assignment(uid: int, *pieces: tuple[str, str, str], kind: int = 1) -> str:
    data = "".join(
        f"<TimephasedData><Type>{kind}</Type><UID>1</UID><Start>{first}T08:00:00</Start>"
        f"<Finish>{last}T17:00:00</Finish><Unit>2</Unit><Value>PT{hours}H0M0S</Value></TimephasedData>"
        for first, last, hours in pieces
    )
    return f"<Assignment><UID>1</UID><TaskUID>{uid}</TaskUID><ResourceUID>1</ResourceUID>{data}</Assignment>"


def test_splits_are_named():
    friday, monday, tuesday = "2026-03-06", "2026-03-09", "2026-03-10"
    assignments = (
        assignment(1, (friday, friday, "8"), (monday, monday, "8"))  # a weekend is no split
        + assignment(2, (friday, friday, "8"), (tuesday, tuesday, "8"))
        + assignment(3, (friday, friday, "8"), (monday, monday, "0"), (tuesday, tuesday, "8"))
        + assignment(4, (friday, friday, "8"), (tuesday, tuesday, "8"))
        + assignment(4, (monday, monday, "8"))  # somebody works on the day between
        + assignment(5, (friday, friday, "8"), (tuesday, tuesday, "8"), kind=4)  # of a baseline
    )
    stopped = f"<Stop>{friday}T17:00:00</Stop><Resume>{tuesday}T08:00:00</Resume>"
    going_on = f"<Stop>{friday}T17:00:00</Stop><Resume>{monday}T08:00:00</Resume>"
    tasks = (
        "".join(task(uid) for uid in range(1, 6)) + task(6, more=stopped) + task(7, more=going_on)
    )

    plan = read_mspdi(mspdi(tasks, rest=f"<Assignments>{assignments}</Assignments>"))

    assert said(plan, "lost")["Splits"] == (3, ("2 Task 2", "3 Task 3", "6 Task 6"))


def test_holidays_of_every_year_become_days():
    fixed = "<Type>2</Type><Month>11</Month><MonthDay>25</MonthDay>"
    fourth_thursday = "<Type>3</Type><Month>10</Month><MonthItem>7</MonthItem><MonthPosition>3</MonthPosition>"  # fmt: skip
    last_monday = "<Type>3</Type><Month>4</Month><MonthItem>4</MonthItem><MonthPosition>4</MonthPosition>"  # fmt: skip
    weekly = "<Type>6</Type><DaysOfWeek>2</DaysOfWeek>"
    plan = read_calendars(
        calendar(
            1,
            day(2, 1),
            "".join(
                exception("2026-01-01", "2027-12-31", more=more)
                for more in (fixed, fourth_thursday, last_monday, weekly)
            ),
        )
    )

    assert [row.first.isoformat() for row in plan.calendars[0].exceptions] == [
        "2026-05-25",
        "2026-11-26",
        "2026-12-25",
        "2027-05-31",
        "2027-11-25",
        "2027-12-25",
    ]
    assert said(plan, "lost") == {"Recurring exception days": (1, ())}


def test_short_days_alternative_weeks_and_old_exceptions():
    old = "<WeekDay><DayType>0</DayType><DayWorking>0</DayWorking><TimePeriod><FromDate>2026-07-03T00:00:00</FromDate><ToDate>2026-07-03T23:59:00</ToDate></TimePeriod></WeekDay>"  # fmt: skip
    week = day(2, 1, TIMES.format(16)) + day(6, 1, TIMES.format(12)) + old
    weeks = "<WorkWeeks><WorkWeek/><WorkWeek/></WorkWeeks></Calendar>"

    plan = read_calendars(calendar(1, week).replace("</Calendar>", weeks))

    assert [(row.first, row.is_working) for row in plan.calendars[0].exceptions] == [
        (date(2026, 7, 3), False)
    ]
    assert said(plan, "changed") == {"Days of different length": (1, ())}
    assert said(plan, "lost") == {"Alternative work weeks": (2, ())}
