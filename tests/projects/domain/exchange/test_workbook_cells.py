"""Cells of a schedule in a spreadsheet as people type them: each is read, or stands in the report."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.domain.exchange import read_workbook_plan
from tests.projects.domain.exchange.files import at, workbook

HEADERS = ["Task Name", "Duration", "Start", "Finish", "Cost"]
START, FINISH = at(2027, 1, 4), at(2027, 1, 8)


def report(plan):
    """Return what was changed or lost with the rows and cells that are named for it."""
    return {loss.what: loss.tasks for loss in plan.losses if loss.fate.value != "kept"}


def read(*cells, headers=HEADERS):
    return read_workbook_plan(workbook(headers, [list(cells)]))


@pytest.mark.parametrize(
    ("cell", "days", "told"),
    [
        ("1,200 hrs", 150, "two ways"),
        ("1,200", 1200, "two ways"),
        ("1,200 days", 1200, "two ways"),
        ("1,200.5 hrs", 150, "Rounded"),
        ("1,200,000 min", 2500, ""),
        ("1.200 days", 1, "two ways"),
        ("1,5 days", 2, "Rounded"),
        ("1,5", 2, "Rounded"),
        ("0,125 days", 1, "Rounded"),
        ("10 days", 10, ""),
        ("12", 5, "Counted from the rounded dates"),
        ("0 days", 5, "Durations and dates"),
        ("~10 days", 5, "Durations that cannot be read: 2 Dig: “~10 days”"),
        ("-3 days", 5, "Durations that cannot be read: 2 Dig: “-3 days”"),
        (-3, 5, "Durations that cannot be read: 2 Dig: “-3”"),
        ("1 200 hrs", 5, "Durations that cannot be read"),
        ("1,20,000 hrs", 5, "Durations that cannot be read"),
        ("30000 days", 20_000, "Long durations"),
    ],
)
def test_duration_is_read_by_its_commas_or_said(cell, days, told):
    plan = read("Dig", cell, START, FINISH, None)

    said = [f"{x.what}: {', '.join(x.tasks)} {x.why}" for x in plan.losses if x.fate != "kept"]
    assert plan.tasks[0].duration == days
    assert any(told in one for one in said), said


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2027-01-04", date(2027, 1, 4)),
        ("2027/1/4", date(2027, 1, 4)),
        ("2027-01-04 08:00", date(2027, 1, 4)),
        ("2027-01-04T08:00:00Z", date(2027, 1, 4)),
        ("4 Jan 2027", date(2027, 1, 4)),
        ("January 4, 2027", date(2027, 1, 4)),
        ("Mon 4 January 2027 8:00 AM", date(2027, 1, 4)),
        ("29/01/2027", date(2027, 1, 29)),
        ("01/29/2027", date(2027, 1, 29)),
    ],
)
def test_date_written_as_text_is_read(cell, day):
    plan = read("Dig", 5, cell, None, None)

    assert plan.tasks[0].start == day
    assert "Tasks without dates" not in report(plan)
    assert "Dates that cannot be read" not in report(plan)


@pytest.mark.parametrize(
    "cell",
    ["TBD", "mid January", "04/01/2027", "2027-02-30", "Q1 2027", 46026, "9999-12-31", "#REF!"],
)
def test_date_that_cannot_be_read_is_said_with_its_text(cell):
    plan = read("Dig", 5, cell, FINISH, None)

    told = report(plan)
    assert told["Dates that cannot be read"] == (f"2 Dig: “{cell}”",)
    assert "Tasks without dates" not in told
    assert told["Tasks whose dates cannot be read"] == ("2 Dig",)


@pytest.mark.parametrize("name", ["Actual Start", "Actual Finish"])
def test_actual_dates_are_read_as_text_or_said(name):
    headers = [*HEADERS, name]
    done = read("Dig", 5, START, FINISH, None, "2027-01-04", headers=headers).tasks[0]
    told = report(read("Dig", 5, START, FINISH, None, "soon", headers=headers))

    assert done.actual_start or done.actual_finish
    assert told["Dates that cannot be read"] == ("2 Dig: “soon”",)


def test_order_of_day_and_month_is_what_fits_all_dates_and_is_said():
    rows = [
        ["Dig", 4, "04/01/2027", "07/01/2027", None],
        ["Pour", 5, "25/01/2027", "29/01/2027", None],
    ]

    plan = read_workbook_plan(workbook(HEADERS, rows))

    assert plan.tasks[0].start == date(2027, 1, 4)
    assert [(x.why, x.count) for x in plan.losses if x.what == "Dates as text"] == [
        ("Read with the day first: nothing else fits all of them.", 2)
    ]


def test_day_outside_what_a_plan_may_have_is_said():
    assert "Dates that cannot be read" in report(read("Dig", 5, at(2300, 1, 1), FINISH, None))


@pytest.mark.parametrize(
    ("headers", "cells", "why"),
    [
        (["Task Name", "Duration", "Start"], ("~10 days", START), "Nothing else says how long"),
        (HEADERS, ("~10 days", START, None, None), "Nothing else says how long"),
        (HEADERS, ("~10 days", START, FINISH, None), "The dates say how long"),
    ],
)
def test_only_dates_that_are_there_say_how_long_a_task_takes(headers, cells, why):
    plan = read("Dig", *cells, headers=headers)

    assert [
        x.why[: len(why)] for x in plan.losses if x.what == "Durations that cannot be read"
    ] == [why]


@pytest.mark.parametrize(
    ("cell", "cost", "told"),
    [
        ("1,200", "1200", "Costs that can be read in two ways"),
        ("$1,250.50", "1250.50", ""),
        ("1.250,50 €", "1250.50", ""),
        ("1250,5", "1250.50", ""),
        ("2k", "2000", ""),
        ("USD 2,500,000", "2500000", ""),
        ("₫ 900", "900", ""),
        (1200.5, "1200.50", ""),
        ("about 900", None, "Costs that cannot be read"),
        ("12%", None, "Costs that cannot be read"),
        ("5-10", None, "Costs that cannot be read"),
    ],
)
def test_cost_is_read_by_its_decimal_mark_or_said(cell, cost, told):
    plan = read("Dig", 5, START, FINISH, cell)

    assert plan.tasks[0].planned_cost == (Decimal(cost) if cost else None)
    about = {what: named for what, named in report(plan).items() if what.startswith("Costs")}
    assert about == ({told: (f"2 Dig: “{cell}”",)} if told else {})


@pytest.mark.parametrize(
    ("header", "cost"),
    [
        ("Cost", 5),
        ("Cost ($)", 5),
        ("Cost (USD)", 5),
        ("Cost [€]", 5),
        ("Cost ($k)", 5000),
        ("Cost (in thousands)", 5000),
        ("Labor Cost ($)", 5),
    ],
)
def test_unit_in_the_header_of_a_cost_is_understood(header, cost):
    headers = [*HEADERS[:4], header]

    assert read("Dig", 5, START, FINISH, 5, headers=headers).tasks[0].planned_cost == cost


def test_unit_that_is_none_leaves_the_column_out_and_says_so():
    plan = read("Dig", 5, START, FINISH, 5, headers=[*HEADERS[:4], "Cost (days)"])

    assert plan.tasks[0].planned_cost is None
    assert [x.why for x in plan.losses if x.what == "Columns with no place here"] == [
        "Cost (days)."
    ]


@pytest.mark.parametrize(
    ("header", "days"), [("Duration (days)", 2), ("Duration (weeks)", 10), ("Duration (hrs)", 1)]
)
def test_unit_in_the_header_of_durations_counts(header, days):
    plan = read("Dig", 2, START, headers=["Task Name", header, "Start"])

    assert plan.tasks[0].duration == days


@pytest.mark.parametrize(
    ("cell", "percent", "told"),
    [("50%", 50, ""), ("50", 50, ""), ("half", 0, "Progress that cannot be read"), (140, 100, "Progress")],
)  # fmt: skip
def test_progress_is_read_as_text_or_said(cell, percent, told):
    plan = read("Dig", 5, START, FINISH, None, cell, headers=[*HEADERS, "Progress"])

    assert plan.tasks[0].percent_complete == percent
    assert {what for what in report(plan) if what.startswith("Progress")} == ({told} - {""})


DIGITS = st.text("0123456789.,", min_size=1, max_size=9)
UNITS = st.sampled_from(["", " days", " hrs", "w", " ed", " fortnights"])
TYPED = st.one_of(
    DIGITS,
    st.builds(lambda number, unit: number + unit, DIGITS, UNITS),
    st.dates(date(1890, 1, 1), date(2300, 1, 1)).map(str),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)).map("{:%d/%m/%Y}".format),
    st.text("0123456789/-. JanFeb$€%kM", min_size=1, max_size=12),
    st.integers(-9, 90_000),
    st.booleans(),
)
MEANINGS = {1: "duration", 2: "start", 3: "finish", 4: "planned_cost"}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(MEANINGS)), TYPED)
def test_no_cell_is_left_out_or_reread_without_a_line_in_the_report(column, typed):
    """A cell says what its value without decoration says, or a line of the report names its row."""
    cells = ["Dig", 5, START, FINISH, 100]
    cells[column] = typed
    if isinstance(typed, str) and not typed.strip():
        return
    plan = read(*cells)
    named = [task for tasks in report(plan).values() for task in tasks if task.startswith("2 Dig")]
    task = plan.tasks[0]
    if named:
        return
    said = str(getattr(task, MEANINGS[column])).removesuffix(".00")
    text = str(typed)
    if column == 4:
        plain = "".join(char for char in text if char.isdigit()).strip("0")
        assert "".join(char for char in said if char.isdigit()).strip("0") == plain, (text, said)
    elif column == 1:
        # without a line a duration is a whole number that agrees with the dates, in days
        assert said in {"5", "0"} or not text.replace(",", "").startswith(said + "."), (text, said)
    else:
        year, month, day = said.split("-")
        assert year in text or year[2:] in text, (text, said)
        assert str(int(day)) in text, (text, said)
        assert str(int(month)) in text or any(name in text for name in ("Jan", "Feb")), (text, said)
