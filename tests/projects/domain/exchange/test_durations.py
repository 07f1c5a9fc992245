"""Durations in words, and sheets that say them so, or not at all."""

from datetime import date
from decimal import Decimal

import pytest

from projects.domain.exchange import read_workbook_plan
from projects.domain.exchange.durations import duration_of
from projects.domain.kinds import TaskKind
from tests.projects.domain.exchange.files import at, workbook

WORKED = ["Task Name", "Duration", "Start", "Finish", "Cost"]


def said(plan, fate="changed"):
    return {loss.what: loss.count for loss in plan.losses if loss.fate.value == fate}


@pytest.mark.parametrize(
    ("text", "days", "is_elapsed"),
    [
        ("10 days", "10", False),
        ("1 day?", "1", False),
        ("10d", "10", False),
        ("0 days", "0", False),
        ("2 wks", "10", False),
        ("2 Weeks", "10", False),
        ("1 mon", "20", False),
        ("1.5 months", "30", False),
        ("3h", "0.375", False),
        ("4 hrs", "0.5", False),
        ("240 min", "0.5", False),
        ("1,5 days", "1.5", False),
        ("1 week 2 days", "7", False),
        ("1 wk, 2 d", "7", False),
        ("5 working days", "5", False),
        ("4 ed", "4", True),
        ("4 edays", "4", True),
        ("48 ehrs", "2", True),
        ("1 ewk", "7", True),
        ("1 emon", "30", True),
        ("3 elapsed days", "3", True),
        ("3 calendar days", "3", True),
    ],
)
def test_duration_in_words_is_read(text, days, is_elapsed):
    found = duration_of(text)

    assert (found.days, found.is_elapsed) == (Decimal(days), is_elapsed)


@pytest.mark.parametrize(
    "text", ["", "soon", "days", "10", "-3 days", "3 fortnights", "1 ed 2 days", "e", "3 e"]
)
def test_what_is_no_duration_is_none(text):
    assert duration_of(text) is None


def test_durations_in_words_keep_working_days_and_the_milestone():
    plan = read_workbook_plan(
        workbook(
            WORKED,
            [
                ["Dig", "10 days", at(2026, 1, 5), at(2026, 1, 16), 1200],
                ["Pour", "2 wks", at(2026, 1, 19), at(2026, 1, 30), None],
                ["Dry", "4 ed", at(2026, 1, 31), at(2026, 2, 3), None],
                ["Look", "3h", at(2026, 2, 4), at(2026, 2, 4), None],
                ["Go-live", "0 days", at(2026, 2, 4), at(2026, 2, 4), None],
            ],
        )
    )

    assert [(t.name, t.duration, t.kind, t.calendar, t.start, t.finish) for t in plan.tasks] == [
        ("Dig", 10, TaskKind.WORK, None, date(2026, 1, 5), date(2026, 1, 16)),
        ("Pour", 10, TaskKind.WORK, None, date(2026, 1, 19), date(2026, 1, 30)),
        ("Dry", 4, TaskKind.WORK, "every-day", date(2026, 1, 31), date(2026, 2, 3)),
        ("Look", 1, TaskKind.WORK, None, date(2026, 2, 4), date(2026, 2, 4)),
        ("Go-live", 0, TaskKind.MILESTONE, None, date(2026, 2, 4), date(2026, 2, 4)),
    ]
    assert plan.tasks[0].planned_cost == Decimal("1200.00")
    changed = said(plan)
    assert changed["Durations in other units"] == 2
    assert changed["Durations around the clock"] == 1
    assert changed["Durations"] == 1
    assert "Days of work assumed" not in changed


@pytest.mark.parametrize("finish", [(2026, 1, 16), (2026, 1, 16, 17)])
def test_without_durations_the_days_from_start_to_finish_count_and_it_is_said(finish):
    headers = ["Task Name", "Start", "Finish"]
    start = at(2026, 1, 5, 8) if len(finish) > 3 else at(2026, 1, 5)

    plan = read_workbook_plan(workbook(headers, [["Dig", start, at(*finish)]]))

    task = plan.tasks[0]
    assert (task.duration, task.calendar, task.finish) == (10, None, date(2026, 1, 16))
    assert plan.calendars == ()
    assert said(plan)["Days of work assumed"] == 1


def test_without_durations_work_on_weekends_makes_every_day_count():
    rows = [["Dig", at(2026, 1, 5), at(2026, 1, 17)], ["Pour", at(2026, 1, 19), at(2026, 1, 20)]]

    plan = read_workbook_plan(workbook(["Task Name", "Start", "Finish"], rows))

    assert [(task.duration, task.calendar) for task in plan.tasks] == [
        (13, "every-day"),
        (2, "every-day"),
    ]
    assert "weekends" in next(x.why for x in plan.losses if x.what == "Days of work assumed")


@pytest.mark.parametrize(
    ("kind", "hour", "duration"),
    [("Milestone", 0, 0), ("", 17, 0), ("", 0, 1), ("Construct", 0, 1)],
)
def test_without_durations_a_milestone_is_what_is_named_so_or_ends_as_it_begins(
    kind, hour, duration
):
    moment = at(2026, 2, 4, hour)
    rows = [["Go-live", moment, moment, kind]]

    task = read_workbook_plan(workbook(["Task Name", "Start", "Finish", "Type"], rows)).tasks[0]

    assert (task.duration, task.start, task.finish) == (
        duration,
        date(2026, 2, 4),
        date(2026, 2, 4),
    )


def test_milestone_of_a_sheet_that_counts_every_day_takes_no_day():
    rows = [
        ["Dig", 11, at(2026, 1, 5), at(2026, 1, 15), None],
        ["Go-live", 0, at(2026, 1, 15, 17), at(2026, 1, 15, 17), None],
    ]

    task = read_workbook_plan(workbook(WORKED, rows)).tasks[1]

    assert (task.duration, task.kind, task.start) == (0, TaskKind.MILESTONE, date(2026, 1, 15))


def test_duration_that_holidays_make_shorter_counts_and_is_said():
    rows = [
        ["Dig", "10 days", at(2026, 1, 5), at(2026, 1, 16), None],
        ["Pour", "4 days", at(2026, 1, 19), at(2026, 1, 23), None],
    ]

    plan = read_workbook_plan(workbook(WORKED, rows))

    assert [task.duration for task in plan.tasks] == [10, 4]
    assert said(plan)["Durations and dates"] == 1


def test_start_and_duration_are_enough():
    plan = read_workbook_plan(
        workbook(["Task Name", "Duration", "Start"], [["Dig", "2 wks", at(2026, 1, 5)]])
    )

    assert (plan.tasks[0].start, plan.tasks[0].duration, plan.tasks[0].calendar) == (
        date(2026, 1, 5),
        10,
        None,
    )
    assert said(plan)["Tasks without an end"] == 1


def test_duration_that_cannot_be_read_is_said():
    plan = read_workbook_plan(
        workbook(WORKED, [["Dig", "a while", at(2026, 1, 5), at(2026, 1, 9), None]])
    )

    assert plan.tasks[0].duration == 5
    assert said(plan)["Durations that cannot be read"] == 1


def test_cost_is_the_whole_and_its_parts_count_where_it_is_empty():
    headers = ["Task Name", "Start", "Finish", "Cost", "Labor Cost", "Remaining Cost"]
    day = at(2026, 1, 5)
    rows = [
        ["Dig", day, day, "$1,250.50", 900, 5],
        ["Pour", day, day, None, 300, 5],
        ["Dry", day, day, "much", None, 5],
    ]

    plan = read_workbook_plan(workbook(headers, rows))

    assert [task.planned_cost for task in plan.tasks] == [
        Decimal("1250.50"),
        Decimal("300.00"),
        None,
    ]
    assert said(plan)["Costs in parts"] == 1
    assert said(plan, "lost") == {"Costs that cannot be read": 1, "Columns with no place here": 1}
