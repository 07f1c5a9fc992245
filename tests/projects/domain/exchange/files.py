"""Schedule files written by hand for the tests, and plans made by hypothesis."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import xlsxwriter
from hypothesis import strategies as st

from projects.domain.exchange import (
    BaselineRow,
    CalendarRow,
    ExceptionRow,
    LinkRow,
    PlanFile,
    TaskRow,
    read_mspdi,
)
from projects.domain.exchange.planfile import steady_depths, summaries
from projects.domain.kinds import Constraint, LinkKind, TaskKind

START = date(2026, 3, 2)


def at(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour)  # noqa: DTZ001 - schedule files know no zones


MADE_AT = at(2026, 1, 5, 12)


def mspdi(tasks: str = "", *, header: str = "", calendars: str = "", rest: str = "") -> bytes:
    """Return a file of Microsoft Project around some tasks."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Project xmlns="http://schemas.microsoft.com/project"><SaveVersion>14</SaveVersion>'
        f"{header}<Calendars>{calendars}</Calendars><Tasks>{tasks}</Tasks>{rest}</Project>"
    )
    return text.encode()


def task(uid: int, name: str = "", *, level: int = 1, hours: int = 40, more: str = "") -> str:
    """Return one task; `more` are elements after the others (their order does not matter for reading)."""
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>{name or f'Task {uid}'}</Name>"
        f"<OutlineLevel>{level}</OutlineLevel><Duration>PT{hours}H0M0S</Duration>"
        f"<DurationFormat>7</DurationFormat>{more}</Task>"
    )


def link(uid: int, *, kind: int = 1, lag: int = 0, shape: int = 7, more: str = "") -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>{kind}</Type>"
        f"<LinkLag>{lag}</LinkLag><LagFormat>{shape}</LagFormat>{more}</PredecessorLink>"
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


def said(plan: PlanFile, fate: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {loss.what: (loss.count, loss.tasks) for loss in plan.losses if loss.fate.value == fate}


def only(data: bytes) -> TaskRow:
    rows = read_mspdi(data).tasks
    assert len(rows) == 1
    return rows[0]


def workbook(headers: list[str], rows: list[list[object]]) -> bytes:
    """Return an XLSX file; a text that starts with "=" is a formula, with its value after "|"."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        share = book.add_format({"num_format": "0.00%"})
        sheet = book.add_worksheet("Site")
        for number, row in enumerate([headers, *rows]):
            for column, value in enumerate(row):
                if isinstance(value, datetime | date):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, str) and value.startswith("="):
                    formula, _, stored = value.partition("|")
                    serial = (
                        (date.fromisoformat(stored) - date(1899, 12, 30)).days if stored else ""
                    )
                    sheet.write_formula(number, column, formula, day, serial)
                elif isinstance(value, float) and headers[column].endswith("%"):
                    sheet.write_number(number, column, value, share)
                elif value is not None:
                    sheet.write(number, column, value)
    return stream.getvalue()


DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30
)
MONEY = st.integers(1, 10**12).map(lambda cents: Decimal(cents) / 100)


@st.composite
def calendars(draw):
    rows = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        firsts = draw(st.lists(DAYS, max_size=4, unique=True))
        exceptions = tuple(
            ExceptionRow(
                first=first,
                last=first + timedelta(days=draw(st.integers(0, 9))),
                is_working=draw(st.booleans()),
                name=draw(WORDS | st.just("")),
            )
            for first in sorted(firsts)
        )
        week = draw(st.from_regex(r"[01]{7}", fullmatch=True).filter(lambda text: "1" in text))
        rows.append(
            CalendarRow(key=str(number), name=draw(WORDS), weekdays=week, exceptions=exceptions)
        )
    return tuple(rows)


@st.composite
def leaves(draw, key: str, depth: int, calendar_keys: list[str]):
    duration = draw(st.integers(0, 300))
    started = draw(st.none() | DAYS)
    finished = None if started is None else draw(st.none() | st.just(started + timedelta(days=9)))
    constraint = draw(st.sampled_from(Constraint))
    start = draw(st.none() | DAYS)
    return TaskRow(
        key=key,
        name=draw(WORDS),
        depth=depth,
        number=draw(st.none() | st.integers(0, 10**9)),
        kind=TaskKind.MILESTONE
        if duration == 0
        else draw(st.sampled_from([TaskKind.WORK, TaskKind.SUPPORT])),
        calendar=draw(st.none() | st.sampled_from(calendar_keys)),
        duration=duration,
        constraint=constraint,
        constraint_date=None if constraint is Constraint.NONE else draw(DAYS),
        start=start,
        finish=None if start is None else start + timedelta(days=duration),
        actual_start=started,
        actual_finish=finished,
        percent_complete=100 if finished else draw(st.integers(0, 100)),
        planned_cost=draw(st.none() | MONEY),
        notes=draw(WORDS | st.just("")),
    )


@st.composite
def plans(draw):
    """Return any plan that Microsoft Project's file can hold without loss."""
    used = draw(calendars())
    keys = [str(uid) for uid in draw(st.lists(st.integers(1, 2_000_000), min_size=1, max_size=8, unique=True))]  # fmt: skip
    depths = steady_depths(draw(st.lists(st.integers(0, 4), min_size=len(keys), max_size=len(keys))))  # fmt: skip
    rows = [
        TaskRow(key=key, name=draw(WORDS), depth=depth, is_summary=True)
        if is_summary
        else draw(leaves(key, depth, [calendar.key for calendar in used]))
        for key, depth, is_summary in zip(keys, depths, summaries(depths), strict=True)
    ]
    named = {row.calendar for row in rows} | {"1"}
    pairs = draw(st.sets(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=8))
    links = tuple(
        LinkRow(
            predecessor=before,
            successor=after,
            kind=draw(st.sampled_from(LinkKind)),
            lag=(lag := draw(st.integers(-99, 99))),
            is_elapsed=lag != 0 and draw(st.booleans()),
        )
        for after in keys
        for before in keys
        if before != after and (before, after) in pairs
    )
    return PlanFile(
        title=draw(WORDS),
        format="mspdi",
        start=draw(st.none() | DAYS),
        status_on=draw(st.none() | DAYS),
        default_calendar="1",
        calendars=tuple(calendar for calendar in used if calendar.key in named),
        tasks=tuple(rows),
        links=links,
        baseline=tuple(
            BaselineRow(task=row.key, start=START, finish=START, cost=draw(st.none() | MONEY))
            for row in rows
            if draw(st.booleans())
        ),
    )
