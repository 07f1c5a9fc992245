"""Reading Microsoft Project's XML: what is kept, what changes, what is lost, and that it is said."""

import random
import re
import time
from datetime import date
from decimal import Decimal

import pytest

from projects.domain.exchange import (
    LinkRow,
    PlanFileError,
    read_mspdi,
    write_mspdi,
)
from projects.domain.exchange.guarded_xml import XmlLimits
from projects.domain.kinds import Constraint, LinkKind, TaskKind
from tests.projects.domain.exchange.files import (
    MADE_AT,
    TIMES,
    calendar,
    day,
    exception,
    link,
    mspdi,
    only,
    said,
    task,
)


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
