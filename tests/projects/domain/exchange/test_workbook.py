"""Schedules in spreadsheets: levels, rounded dates, costs, support, and what formulas leave behind."""

import random
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from projects.domain.exchange import PlanFile, PlanFileError, read_workbook_plan
from projects.domain.kinds import Constraint, TaskKind
from tests.projects.domain.exchange.files import at, workbook
from tests.tree import ROOT

HEADERS = ["Task Name", "Task Nesting", "Duration", "Planned Start", "Planned End", "Actual Start",
           "Actual End", "Task Type", "Synchronization ID", "Material Cost", "Labor Cost",
           "Provided Progress %"]  # fmt: skip


def said(plan: PlanFile, fate: str) -> dict[str, int]:
    return {loss.what: loss.count for loss in plan.losses if loss.fate.value == fate}


def row(name: str, level: int, *values: object) -> list[object]:
    return [name, float(level), *values]


def test_a_sheet_becomes_a_plan():
    data = workbook(
        HEADERS,
        [
            row("Site  ", 0, None, None, None, None, None, None, 100.0),
            row("Excavate", 1, 10, at(2026, 1, 5), at(2026, 1, 15), None, None, "Construct", "100-1", 10.5, 20),
            row("Crane", 1, 5, at(2026, 1, 5, 12), at(2026, 1, 10, 12), at(2026, 1, 5, 3), at(2026, 1, 11, 9), "Temporary", "100-2", None, None, 1.0),
        ],
    )  # fmt: skip

    plan = read_workbook_plan(data)

    assert [(t.key, t.name, t.depth, t.is_summary, t.kind) for t in plan.tasks] == [
        ("100", "Site", 0, True, TaskKind.WORK),
        ("100-1", "Excavate", 1, False, TaskKind.WORK),
        ("100-2", "Crane", 1, False, TaskKind.SUPPORT),
    ]
    dig, crane = plan.tasks[1:]
    assert (dig.start, dig.finish, dig.duration) == (date(2026, 1, 5), date(2026, 1, 14), 10)
    assert (dig.constraint, dig.constraint_date) == (Constraint.START_NOT_BEFORE, date(2026, 1, 5))
    assert dig.planned_cost == Decimal("30.50")
    assert (crane.start, crane.finish, crane.duration) == (date(2026, 1, 6), date(2026, 1, 10), 5)
    assert (crane.actual_start, crane.actual_finish, crane.percent_complete) == (
        date(2026, 1, 5),
        date(2026, 1, 10),
        100,
    )
    assert plan.calendars[0].weekdays == "1111111"
    assert said(plan, "changed") == {
        "Blanks around names": 1,
        "Temporary works and equipment": 1,
        "Times of day": 1,
        "Times of day of actual dates": 1,
        "Planned starts": 2,
    }


@pytest.mark.parametrize(
    ("duration", "length", "calendar", "finish"),
    [
        (11, 11, "every-day", date(2026, 1, 15)),  # through the end
        (9, 9, None, date(2026, 1, 15)),  # working days through the end
        (10, 10, "every-day", date(2026, 1, 14)),  # up to the end
        (None, 9, None, date(2026, 1, 15)),  # assumed
    ],
)
def test_the_way_of_counting_follows_from_durations_and_dates(duration, length, calendar, finish):
    start, end = at(2026, 1, 5), at(2026, 1, 15)

    task = read_workbook_plan(workbook(HEADERS, [row("Dig", 0, duration, start, end)])).tasks[0]

    assert (task.duration, task.calendar, task.finish) == (length, calendar, finish)


def test_formulas_keep_their_value_and_are_counted():
    start = at(2026, 1, 5)
    data = workbook(
        HEADERS,
        [
            row("Dig", 0, 10, start, "=D2+C2|2026-01-15"),
            row("Pour", 0, 2, "=E2|2026-01-15", "=D3+C3|2026-01-17"),
        ],
    )

    plan = read_workbook_plan(data)

    assert [(t.start, t.finish) for t in plan.tasks] == [
        (date(2026, 1, 5), date(2026, 1, 14)),
        (date(2026, 1, 15), date(2026, 1, 16)),
    ]
    assert [(loss.count, loss.why) for loss in plan.losses if loss.fate.value == "lost"] == [
        (1, "1 planned start is a formula on other rows; the dates are kept, the dependencies are not."),
        (2, "2 planned finishes are formulas on other rows; the dates are kept, the dependencies are not."),
    ]  # fmt: skip


def test_rows_without_dates_ids_or_order_are_mended_and_said():
    start = at(2026, 1, 5)
    data = workbook(
        [*HEADERS, "Crew"],
        [
            row("Dig", 0, 1, start, start, None, None, None, "7", None, None, None, "A"),
            row("Dig", 3, None, None, None, None, None, None, "7"),
            [],
            row("Pour", 0, 0, start, start, None, None, None, None, -5),
        ],
    )

    plan = read_workbook_plan(data)

    assert [(t.key, t.depth, t.duration, t.kind) for t in plan.tasks] == [
        ("7", 0, 1, TaskKind.WORK),
        ("row 3", 1, 1, TaskKind.WORK),
        ("row 5", 0, 0, TaskKind.MILESTONE),
    ]
    assert said(plan, "lost") == {"Negative costs": 1, "Columns with no place here": 1}
    assert said(plan, "kept")["Names that occur twice"] == 1
    assert said(plan, "changed") == {
        "Outline levels": 1,
        "Rows without an id of their own": 2,
        "Tasks without dates": 1,
        "Planned starts": 1,
        "Empty rows": 1,
    }


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 broken", "workbook is damaged"),
        (b"nothing", "workbook is damaged"),
        (workbook(["A", "B"], [["x", 1]]), "no column “Task Name”"),
        (workbook(HEADERS, []), "No row below the headers"),
        (workbook([], []), "first sheet is empty"),
        (workbook(HEADERS, [row("Dig", 0, 10, "=D9", "=D9")]), "never calculated"),
    ],
)
def test_what_is_no_schedule_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(PlanFileError, match=sentence):
        read_workbook_plan(data)


def test_a_workbook_changed_at_random_is_read_or_refused_and_never_crashes():
    start = at(2026, 1, 5)
    good = workbook(HEADERS, [row(f"Dig {n}", n % 3, 10, start, at(2026, 1, 15)) for n in range(9)])
    rng = random.Random(7)  # noqa: S311 - repeatable, not secret
    refused = 0
    for _ in range(200):
        data = bytearray(good)
        for _ in range(rng.randint(1, 5)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            read_workbook_plan(bytes(data))
        except PlanFileError:
            refused += 1
    assert refused > 20


RAW = ROOT.parent / "shared" / "data" / "hospital_4d_schedule"


@pytest.mark.raw
@pytest.mark.skipif(not RAW.is_dir(), reason="The workbook as published is not beside the project.")
@pytest.mark.slow
def test_the_hospital_construction_schedule():
    plan = read_workbook_plan(next(RAW.glob("*.xlsx")).read_bytes())

    assert len(plan.tasks) == 173
    assert sorted(Counter(t.depth for t in plan.tasks).items()) == [
        (0, 7),
        (1, 32),
        (2, 87),
        (3, 47),
    ]
    assert plan.cost == Decimal("185919023.00")
    dated = [t for t in plan.tasks if t.start]
    assert len(dated) == 142
    assert min(t.start for t in dated) == date(2013, 1, 2)
    assert max(t.finish for t in dated) == date(2014, 8, 11)
    assert Counter(t.kind for t in plan.tasks if not t.is_summary) == {
        TaskKind.WORK: 125,
        TaskKind.SUPPORT: 17,
    }
    assert sum(t.actual_start is not None for t in plan.tasks) == 18
    assert sum(t.actual_finish is not None for t in plan.tasks) == 11
    assert len({t.key for t in plan.tasks}) == 173
    lost = {loss.what: loss.why for loss in plan.losses if loss.fate.value == "lost"}
    assert lost["Formulas of planned starts"] == (
        "142 planned starts are formulas on other rows; the dates are kept, the dependencies are not."
    )
    assert said(plan, "lost")["Formulas of durations"] == 8
    assert said(plan, "changed")["Blanks around names"] == 3
    assert said(plan, "changed")["Empty rows"] == 826
    assert said(plan, "kept")["Names that occur twice"] == 2
