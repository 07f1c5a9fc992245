"""Reading Microsoft Project's XML: what is kept, what changes, what is lost, and that it is said."""

import random
import re
import time
from datetime import date
from decimal import Decimal

import pytest

from projects.domain.exchange import (
    ExceptionRow,
    LinkRow,
    PlanFileError,
    TaskRow,
    read_mspdi,
    write_mspdi,
)
from projects.domain.exchange.guarded_xml import XmlLimits
from projects.domain.exchange.planfile import PlanFile
from projects.domain.exchange.recalculating import calendar_of
from projects.domain.kinds import Constraint, LinkKind, TaskKind
from projects.domain.plan.calendars import networkdays
from tests.projects.domain.exchange.files import MADE_AT, link, mspdi, task


def said(plan: PlanFile, fate: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {loss.what: (loss.count, loss.tasks) for loss in plan.losses if loss.fate.value == fate}


def only(data: bytes) -> TaskRow:
    rows = read_mspdi(data).tasks
    assert len(rows) == 1
    return rows[0]


def test_a_plain_plan_is_kept_whole():
    plan = read_mspdi(
        mspdi(
            task(0, "The project", level=0)
            + task(1, "Phase")
            + task(2, "Dig", level=2, hours=16)
            + task(3, "Done", level=2, hours=0, more=link(2, kind=1)),
            header="<Title>North wing</Title><StartDate>2026-03-02T08:00:00</StartDate>",
        )
    )

    assert plan.title == "North wing"
    assert plan.start == date(2026, 3, 2)
    assert [(t.key, t.name, t.depth, t.duration, t.kind, t.is_summary) for t in plan.tasks] == [
        ("1", "Phase", 0, 1, TaskKind.WORK, True),
        ("2", "Dig", 1, 2, TaskKind.WORK, False),
        ("3", "Done", 1, 0, TaskKind.MILESTONE, False),
    ]
    assert plan.links == (LinkRow(predecessor="2", successor="3"),)
    assert said(plan, "lost") == said(plan, "changed") == {}
    assert said(plan, "kept") == {"Tasks": (3, ()), "Links between tasks": (1, ())}


@pytest.mark.parametrize(
    ("hours", "days", "is_rounded"),
    [(8, 1, False), (12, 2, True), (11, 1, True), (1, 1, True), (0, 0, False), (400, 50, False)],
)
def test_durations_become_whole_days(hours, days, is_rounded):
    plan = read_mspdi(mspdi(task(1, hours=hours)))

    assert plan.tasks[0].duration == days
    assert said(plan, "changed") == ({"Durations": (1, ("1 Task 1",))} if is_rounded else {})


def test_the_files_own_length_of_a_day_counts():
    data = mspdi(task(1, hours=30), header="<MinutesPerDay>450</MinutesPerDay>")

    assert only(data).duration == 4


def test_a_duration_around_the_clock_counts_every_day():
    elapsed = task(1, hours=72).replace("<DurationFormat>7<", "<DurationFormat>8<")

    plan = read_mspdi(mspdi(elapsed))

    assert (plan.tasks[0].duration, plan.tasks[0].calendar) == (3, "every-day")
    assert [(c.key, c.weekdays) for c in plan.calendars] == [("every-day", "1111111")]
    assert said(plan, "changed") == {"Durations around the clock": (1, ("1 Task 1",))}


@pytest.mark.parametrize(
    ("kind", "lag", "shape", "expected"),
    [
        (1, 9600, 7, LinkRow(predecessor="1", successor="2", lag=2)),
        (1, 28800, 8, LinkRow(predecessor="1", successor="2", lag=2, is_elapsed=True)),
        (0, -4800, 7, LinkRow(predecessor="1", successor="2", kind=LinkKind.FINISH_FINISH, lag=-1)),
        (2, 0, 7, LinkRow(predecessor="1", successor="2", kind=LinkKind.START_FINISH)),
        (3, 0, 7, LinkRow(predecessor="1", successor="2", kind=LinkKind.START_START)),
        (1, 50, 19, LinkRow(predecessor="1", successor="2", lag=5)),
    ],
)
def test_links_keep_their_kind_and_lag(kind, lag, shape, expected):
    data = mspdi(task(1, hours=80) + task(2, more=link(1, kind=kind, lag=lag, shape=shape)))

    plan = read_mspdi(data)

    assert plan.links == (expected,)
    assert set(said(plan, "changed")) == ({"Lags in percent"} if shape == 19 else set())


def test_a_lag_of_hours_is_rounded_and_said():
    plan = read_mspdi(mspdi(task(1) + task(2, more=link(1, lag=3000))))

    assert plan.links[0].lag == 1
    assert said(plan, "changed") == {"Lags": (1, ("2 Task 2",))}


def test_links_that_lead_nowhere_or_twice_are_lost_and_said():
    plan = read_mspdi(
        mspdi(
            task(1)
            + task(2, more=link(1) + link(1) + link(2) + link(77))
            + task(3, more=link(1, more="<CrossProject>1</CrossProject>"))
        )
    )

    assert plan.links == (LinkRow(predecessor="1", successor="2"),)
    assert said(plan, "lost") == {
        "Links twice between two tasks": (2, ("2 Task 2", "2 Task 2")),
        "Links to tasks that are not read": (2, ("2 Task 2", "3 Task 3")),
    }


@pytest.mark.parametrize(
    ("code", "constraint"),
    [
        (0, Constraint.NONE),
        (2, Constraint.MUST_START),
        (3, Constraint.MUST_FINISH),
        (4, Constraint.START_NOT_BEFORE),
        (5, Constraint.START_NOT_AFTER),
        (6, Constraint.FINISH_NOT_BEFORE),
        (7, Constraint.FINISH_NOT_AFTER),
    ],
)
def test_constraints_by_their_code(code, constraint):
    more = f"<ConstraintType>{code}</ConstraintType><ConstraintDate>2026-04-01T08:00:00</ConstraintDate>"  # fmt: skip

    row = only(mspdi(task(1, more=more)))

    assert row.constraint is constraint
    assert row.constraint_date == (None if constraint is Constraint.NONE else date(2026, 4, 1))


def test_as_late_as_possible_and_dates_by_hand_are_changed_and_said():
    plan = read_mspdi(
        mspdi(
            task(1, more="<ConstraintType>1</ConstraintType>")
            + task(2, more="<Manual>1</Manual><Start>2026-05-04T08:00:00</Start>")
            + task(3, more="<ConstraintType>4</ConstraintType>")
        )
    )

    assert [(t.constraint, t.constraint_date) for t in plan.tasks] == [
        (Constraint.NONE, None),
        (Constraint.START_NOT_BEFORE, date(2026, 5, 4)),
        (Constraint.NONE, None),
    ]
    assert set(said(plan, "changed")) == {"As late as possible", "Tasks scheduled by hand"}
    assert set(said(plan, "lost")) == {"Constraints without a date"}


def test_progress_and_the_last_day_worked():
    more = (
        "<ActualStart>2026-03-02T08:00:00</ActualStart>"
        "<ActualFinish>2026-03-07T00:00:00</ActualFinish><PercentComplete>100</PercentComplete>"
    )

    row = only(mspdi(task(1, more=more)))

    assert (row.actual_start, row.actual_finish, row.percent_complete) == (
        date(2026, 3, 2),
        date(2026, 3, 6),
        100,
    )


def test_odd_progress_is_mended_and_said():
    plan = read_mspdi(
        mspdi(
            task(1, more="<ActualFinish>2026-03-06T17:00:00</ActualFinish>")
            + task(2, more="<PercentComplete>140</PercentComplete>")
        )
    )

    assert [(t.actual_start, t.percent_complete) for t in plan.tasks] == [
        (date(2026, 3, 6), 100),
        (None, 100),
    ]
    assert said(plan, "changed") == {"Progress": (2, ("1 Task 1", "2 Task 2"))}


def test_rows_that_are_no_work_of_this_plan_are_left_out():
    plan = read_mspdi(
        mspdi(
            task(1)
            + task(2, more="<Active>0</Active>")
            + task(3, more="<ExternalTask>1</ExternalTask>")
            + "<Task><UID>4</UID><ID>4</ID><IsNull>1</IsNull></Task>"
            + task(1, "Twin")
        )
    )

    assert [t.key for t in plan.tasks] == ["1"]
    assert said(plan, "lost") == {
        "Inactive tasks": (1, ("2 Task 2",)),
        "Tasks of other projects": (1, ("3 Task 3",)),
        "Tasks without a number of their own": (1, ("1 Twin",)),
    }


def test_costs_baselines_and_people():
    baseline = (
        "<Baseline><Number>0</Number><Start>2026-03-02T08:00:00</Start>"
        "<Finish>2026-03-06T17:00:00</Finish><Cost>90000</Cost></Baseline>"
        "<Baseline><Number>1</Number><Start>2026-03-02T08:00:00</Start></Baseline>"
    )
    plan = read_mspdi(
        mspdi(
            task(1, more="<FixedCost>100</FixedCost>")
            + task(2, level=2, more=f"<Cost>123456</Cost><ActualCost>5000</ActualCost>{baseline}"),
            rest="<Resources><Resource><UID>0</UID></Resource><Resource><UID>1</UID></Resource></Resources>"
            "<Assignments><Assignment><UID>1</UID><Work>PT40H30M0S</Work></Assignment><Assignment>"
            "<UID>2</UID><ResourceUID>-65535</ResourceUID><Work>PT8H0M0S</Work></Assignment></Assignments>",
        )
    )

    assert plan.cost == Decimal("1234.56")
    assert [(b.task, b.start, b.finish, b.cost) for b in plan.baseline] == [
        ("2", date(2026, 3, 2), date(2026, 3, 6), Decimal("900.00"))
    ]
    assert said(plan, "lost") == {
        "Fixed costs of summary rows": (1, ("1 Task 1: 1.00",)),
        "Further baselines": (1, ("2 Task 2",)),
        "People and machines": (1, ()),
        "Assignments": (1, ()),
        "Actual costs": (1, ()),
    }
    assert "40.5 hours of work in total" in next(
        loss.why for loss in plan.losses if loss.what == "Assignments"
    )


def day(number: int, works: int, times: str = "") -> str:
    return f"<WeekDay><DayType>{number}</DayType><DayWorking>{works}</DayWorking>{times}</WeekDay>"


TIMES = "<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>{}:00:00</ToTime></WorkingTime></WorkingTimes>"


def calendar(uid: int, week: str, exceptions: str = "", *, base: str = "") -> str:
    return (
        f"<Calendar><UID>{uid}</UID><Name>Calendar {uid}</Name>"
        f"{base or '<IsBaseCalendar>1</IsBaseCalendar>'}"
        f"<WeekDays>{week}</WeekDays><Exceptions>{exceptions}</Exceptions></Calendar>"
    )


def exception(first: str, last: str, *, works: int = 0, more: str = "<Type>1</Type>") -> str:
    return (
        f"<Exception><TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate>"
        f"</TimePeriod><Name>Holiday</Name>{more}<DayWorking>{works}</DayWorking></Exception>"
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


def test_other_things_with_no_place_here_are_named():
    more = (
        "<Deadline>2026-05-01T17:00:00</Deadline><LevelingDelay>100</LevelingDelay>"
        "<HyperlinkAddress>x</HyperlinkAddress><IsSubproject>1</IsSubproject>"
        "<ExtendedAttribute><FieldID>188743731</FieldID><Value>x</Value></ExtendedAttribute>"
    )
    plan = read_mspdi(
        mspdi(
            task(1, "N" * 250, more=more + f"<Notes>{'n' * 600}</Notes>")
            + task(2, " ", hours=8, more="<Milestone>1</Milestone><CalendarUID>9</CalendarUID>")
            + task(3, level=4),
            header="<ScheduleFromStart>0</ScheduleFromStart>",
        )
    )

    assert set(said(plan, "lost")) == {
        "Deadlines",
        "Leveling delays",
        "Hyperlinks",
        "Inserted projects",
        "Columns of your own",
    }
    assert set(said(plan, "changed")) == {
        "Long names",
        "Long notes",
        "Tasks without a name",
        "Outline levels",
        "Direction",
    }
    assert [(len(t.name), len(t.notes), t.depth) for t in plan.tasks] == [
        (200, 500, 0),
        (6, 0, 0),
        (6, 0, 1),
    ]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<Project xmlns="http://schemas.microsoft.com/project"><Title>&b;</Title></Project>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<Project xmlns="http://schemas.microsoft.com/project"><Title>&x;</Title></Project>"""
PARAMETER = (
    b"""<?xml version="1.0"?><!DOCTYPE Project SYSTEM "http://127.0.0.1:9/evil.dtd"><Project/>"""
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (BOMB, "declares its own document type"),
        (OUTSIDE, "declares its own document type"),
        (PARAMETER, "declares its own document type"),
        (b"", "damaged or breaks off near line 1"),
        (b"not xml", "damaged or breaks off near line 1"),
        (mspdi(task(1))[:-40], "damaged or breaks off"),
        (b"<html><body/></html>", "is not Project"),
        (b"<Project/>", "holds no tasks"),
        (mspdi(), "holds no tasks"),
        (b"<Project>" + b"<a>" * 30 + b"</a>" * 30 + b"</Project>", "more than 24 levels deep"),
        (b"<Project>" + b"<a>" * 200_000, "more than 24 levels deep"),
        (b'<?xml version="1.0" encoding="klingon"?><Project/>', "encoding is not read here"),
        (b'<?xml version="1.0" encoding="gb2312"?><Project/>', "encoding is not read here"),
        (b"<Project><Title>\xff\xfe</Title></Project>", "damaged or breaks off"),
        (b"PK\x03\x04", "damaged or breaks off"),
    ],
)
def test_what_is_no_plan_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(PlanFileError, match=sentence):
        read_mspdi(data)


def test_size_and_number_of_elements_are_bounded():
    data = mspdi(task(1) * 20)

    with pytest.raises(PlanFileError, match="larger than 1 MB"):
        read_mspdi(data + b" " * 2**20, limits=XmlLimits(size=2**20))
    with pytest.raises(PlanFileError, match="more than 100 elements"):
        read_mspdi(data, limits=XmlLimits(elements=100))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_other_encodings_are_read_as_the_file_declares_them(encoding):
    text = mspdi(task(1, "Café – Süd" if encoding != "iso-8859-1" else "Café Süd")).decode()
    data = text.replace("UTF-8", encoding).encode(encoding)

    assert only(data).name == ("Café – Süd" if encoding != "iso-8859-1" else "Café Süd")


def test_a_file_changed_at_random_is_read_or_refused_and_never_crashes():
    more = link(1, lag=4800) + "<Cost>5000</Cost><ActualStart>2026-03-02T08:00:00</ActualStart>"
    week = day(2, 1, TIMES.format(16)) + day(1, 0)
    good = mspdi(
        task(1) + task(2, level=2, more=more) + task(3, hours=0),
        header="<MinutesPerDay>480</MinutesPerDay><CalendarUID>1</CalendarUID>",
        calendars=calendar(1, week, exception("2026-12-24", "2026-12-26")),
    )
    texts = [match.span(1) for match in re.finditer(rb">([^<>]+)<", good)]
    rng = random.Random(20260302)  # noqa: S311 - repeatable, not secret
    read = 0
    for _ in range(1500):
        data = bytearray(good)
        if rng.random() < 0.5:
            first, last = rng.choice(texts)
            data[first:last] = bytes(rng.choices(b"0123456789-eE.T: NaP", k=rng.randint(0, 50)))
        for _ in range(rng.randint(0, 3)):
            spot = rng.randrange(len(data))
            data[spot : spot + rng.randint(0, 4)] = rng.randbytes(rng.randint(0, 3))
        try:
            plan = read_mspdi(bytes(data))
        except PlanFileError:
            continue
        read += 1
        assert read_mspdi(write_mspdi(plan, made_at=MADE_AT)).tasks
    assert 200 < read < 1400


@pytest.mark.slow
def test_five_thousand_tasks_are_read_in_seconds():
    rows = "".join(
        task(
            n,
            level=1 + (n % 50 != 0),
            more=(link(n - 1) if n > 1 else "") + "<Cost>5000</Cost>" * 40,
        )
        for n in range(1, 5001)
    )
    data = mspdi(rows)

    begin = time.process_time()
    plan = read_mspdi(data)
    spent = time.process_time() - begin

    assert len(plan.tasks) == 5000
    assert len(plan.links) == 4999
    assert spent < 6
