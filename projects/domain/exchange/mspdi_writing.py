"""A plan as Microsoft Project XML (MSPDI), in the order of elements that its schema asks for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from xml.sax.saxutils import escape

from projects.domain.exchange.mspdi_values import (
    CENTS,
    CONSTRAINTS,
    ELAPSED_DAYS,
    FINISHING,
    LAG_PARTS,
    LARGEST_UID,
    LINK_KINDS,
    MINUTES_OF_24_HOURS,
    MINUTES_PER_DAY,
    NAMESPACE,
    OUR_FIELD_ALIAS,
    OUR_FIELD_ID,
    OUR_FIELD_NAME,
    PLAIN_DAYS,
)
from projects.domain.exchange.planfile import (
    BaselineRow,
    CalendarRow,
    ExceptionRow,
    LinkRow,
    PlanFile,
    TaskRow,
)
from projects.domain.kinds import TaskKind

SAVE_VERSION = 14  # Project 2010 and later
MORNING, EVENING = time(8), time(17)
HOURS = ((time(8), time(12)), (time(13), time(17)))
HOURS_PER_DAY = MINUTES_PER_DAY // 60
CONSTRAINT_CODES = {constraint: code for code, constraint in CONSTRAINTS.items()}
LINK_CODES = {kind: code for code, kind in LINK_KINDS.items()}
DAYS_A_WEEK = 7
CURRENCY_CODES = {"$": "USD", "€": "EUR", "£": "GBP", "CA$": "CAD", "A$": "AUD"}
ISO_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
UNKNOWN_CURRENCY = "X" * 3  # of ISO 4217: no currency
LONGEST_SYMBOL = 20


def write_mspdi(
    plan: PlanFile, *, currency: str = "$", is_behind: bool = False, made_at: datetime
) -> bytes:
    """
    Return the file; rows keep a numeric key as their UID, others get one.

    `currency` is a sign or a code, written behind amounts or before them.
    """
    uids = _numbers([task.key for task in plan.tasks])
    calendars = _with_default(plan)
    calendar_uids = _numbers([calendar.key for calendar in calendars])
    default = calendar_uids[plan.default_calendar or calendars[0].key]
    parts = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        f'<Project xmlns="{NAMESPACE}">',
        *_header(plan, _money(currency, is_behind=is_behind), made_at, default),
        "<ExtendedAttributes><ExtendedAttribute>",
        _tag("FieldID", OUR_FIELD_ID),
        _tag("FieldName", OUR_FIELD_NAME),
        _tag("Alias", OUR_FIELD_ALIAS),
        "</ExtendedAttribute></ExtendedAttributes>",
        "<Calendars>",
        *(_calendar(calendar, calendar_uids[calendar.key]) for calendar in calendars),
        "</Calendars><Tasks>",
        *_tasks(plan, uids, calendar_uids),
        "</Tasks></Project>\n",
    ]
    return "".join(parts).encode("utf-8")


def _numbers(keys: Iterable[str]) -> dict[str, int]:
    """Give each key a number: its own where it is one, else the next that is free."""
    numbers: dict[str, int] = {}
    waiting = []
    for key in keys:
        if key.isascii() and key.isdecimal() and 0 < int(key) <= LARGEST_UID and str(int(key)) == key:  # fmt: skip
            numbers[key] = int(key)
        else:
            waiting.append(key)
    taken = set(numbers.values())
    free = (number for number in range(1, LARGEST_UID) if number not in taken)
    return numbers | dict(zip(waiting, free, strict=False))


def _with_default(plan: PlanFile) -> tuple[CalendarRow, ...]:
    known = {calendar.key for calendar in plan.calendars}
    if plan.calendars and (plan.default_calendar is None or plan.default_calendar in known):
        return plan.calendars
    key = plan.default_calendar or "standard"
    return (CalendarRow(key=key, name="Standard"), *plan.calendars)


def _money(currency: str, *, is_behind: bool) -> list[str]:
    code = currency if ISO_CODE.fullmatch(currency) else CURRENCY_CODES.get(currency)
    is_apart = is_behind or currency[-1:].isalpha()
    return [
        _tag("CurrencyDigits", 2),
        _tag("CurrencySymbol", currency[:LONGEST_SYMBOL]),
        _tag("CurrencyCode", code or UNKNOWN_CURRENCY),
        # 0 before, 1 behind, 2 before and apart, 3 behind and apart
        _tag("CurrencySymbolPosition", int(is_behind) + 2 * int(is_apart)),
    ]


def _header(plan: PlanFile, money: Iterable[str], made_at: datetime, calendar: int) -> list[str]:
    days = [day for task in plan.tasks for day in (task.start, task.finish) if day]
    start = plan.start or min(days, default=made_at.date())
    return [
        _tag("SaveVersion", SAVE_VERSION),
        _tag("Name", plan.title),
        _tag("Title", plan.title),
        _tag("CreationDate", made_at.strftime("%Y-%m-%dT%H:%M:%S")),
        _tag("ScheduleFromStart", 1),
        *([_tag("StartDate", _at(plan.start, MORNING))] if plan.start else []),
        _tag("FinishDate", _at(max([start, *days]), EVENING)),
        *money,
        _tag("CalendarUID", calendar),
        _tag("DefaultStartTime", MORNING.isoformat()),
        _tag("DefaultFinishTime", EVENING.isoformat()),
        _tag("MinutesPerDay", MINUTES_PER_DAY),
        _tag("MinutesPerWeek", MINUTES_PER_DAY * 5),
        _tag("DaysPerMonth", 20),
        _tag("DefaultTaskType", 1),
        _tag("DurationFormat", PLAIN_DAYS),
        _tag("HonorConstraints", 1),
        _tag("NewTasksEffortDriven", 0),
        _tag("NewTasksEstimated", 0),
        *([_tag("StatusDate", _at(plan.status_on, EVENING))] if plan.status_on else []),
        _tag("NewTasksAreManual", 0),
    ]


def _calendar(calendar: CalendarRow, uid: int) -> str:
    days = []
    for file_day in range(1, DAYS_A_WEEK + 1):
        # Sunday is 1 in the file; our week starts on Monday
        works = calendar.weekdays[(file_day - 2) % DAYS_A_WEEK] == "1"
        days.append(
            f"<WeekDay>{_tag('DayType', file_day)}{_tag('DayWorking', int(works))}"
            f"{_working_times() if works else ''}</WeekDay>"
        )
    exceptions = "".join(_exception(exception) for exception in calendar.exceptions)
    return (
        f"<Calendar>{_tag('UID', uid)}{_tag('Name', calendar.name)}{_tag('IsBaseCalendar', 1)}"
        f"{_tag('BaseCalendarUID', -1)}<WeekDays>{''.join(days)}</WeekDays>"
        f"{f'<Exceptions>{exceptions}</Exceptions>' if exceptions else ''}</Calendar>"
    )


def _exception(exception: ExceptionRow) -> str:
    occurrences = (exception.last - exception.first).days + 1
    return (
        f"<Exception>{_tag('EnteredByOccurrences', 0)}<TimePeriod>"
        f"{_tag('FromDate', _at(exception.first, time(0)))}"
        f"{_tag('ToDate', _at(exception.last, time(23, 59)))}</TimePeriod>"
        f"{_tag('Occurrences', occurrences)}"
        f"{_tag('Name', exception.name) if exception.name else ''}{_tag('Type', 1)}"
        f"{_tag('DayWorking', int(exception.is_working))}"
        f"{_working_times() if exception.is_working else ''}</Exception>"
    )


def _working_times() -> str:
    spans = "".join(
        f"<WorkingTime>{_tag('FromTime', begin.isoformat())}{_tag('ToTime', end.isoformat())}</WorkingTime>"
        for begin, end in HOURS
    )
    return f"<WorkingTimes>{spans}</WorkingTimes>"


def _tasks(
    plan: PlanFile, uids: Mapping[str, int], calendar_uids: Mapping[str, int]
) -> Iterable[str]:
    links: dict[str, list[LinkRow]] = defaultdict(list)
    for link in plan.links:
        links[link.successor].append(link)
    baseline = {row.task: row for row in plan.baseline}
    outline: list[int] = []
    for position, task in enumerate(plan.tasks, start=1):
        outline = _next_outline(outline, task.depth)
        yield "".join(
            [
                "<Task>",
                *_identity(task, uids[task.key], position, ".".join(map(str, outline))),
                *_schedule(task),
                *_progress_and_cost(task),
                *_conditions(task, calendar_uids),
                *(_link(link, uids) for link in links[task.key]),
                *_our_value(task),
                *_baseline(baseline.get(task.key)),
                "</Task>",
            ]
        )


def _next_outline(outline: list[int], depth: int) -> list[int]:
    above = (outline + [1] * depth)[:depth]
    number = outline[depth] + 1 if len(outline) > depth else 1
    return [*above, number]


def _identity(task: TaskRow, uid: int, position: int, outline: str) -> list[str]:
    return [
        _tag("UID", uid),
        _tag("ID", position),
        _tag("Name", task.name),
        _tag("Active", 1),
        _tag("Manual", 0),
        _tag("Type", 1),
        _tag("IsNull", 0),
        _tag("OutlineNumber", outline),
        _tag("OutlineLevel", task.depth + 1),
    ]


def _is_milestone(task: TaskRow) -> bool:
    return not task.is_summary and task.duration == 0


def _schedule(task: TaskRow) -> list[str]:
    """Return dates and duration; a milestone stands at the end of its day."""
    parts = []
    if task.start:
        parts.append(_tag("Start", _at(task.start, EVENING if _is_milestone(task) else MORNING)))
    if task.finish:
        parts.append(_tag("Finish", _at(task.finish, EVENING)))
    if not task.is_summary:
        parts += [_tag("Duration", _duration(task.duration)), _tag("DurationFormat", PLAIN_DAYS)]
    return [
        *parts,
        _tag("EffortDriven", 0),
        _tag("Estimated", 0),
        _tag("Milestone", int(_is_milestone(task))),
        _tag("Summary", int(task.is_summary)),
    ]


def _progress_and_cost(task: TaskRow) -> list[str]:
    if task.is_summary:
        return []
    parts = []
    if task.planned_cost is not None:
        parts += [_tag("FixedCost", _hundredths(task.planned_cost)), _tag("FixedCostAccrual", 2)]
    parts.append(_tag("PercentComplete", task.percent_complete))
    if task.planned_cost is not None:
        parts.append(_tag("Cost", _hundredths(task.planned_cost)))
    if task.actual_start:
        parts.append(_tag("ActualStart", _at(task.actual_start, MORNING)))
    if task.actual_finish:
        parts.append(_tag("ActualFinish", _at(task.actual_finish, EVENING)))
    return parts


def _conditions(task: TaskRow, calendar_uids: Mapping[str, int]) -> list[str]:
    parts = [_tag("ConstraintType", CONSTRAINT_CODES[task.constraint])]
    parts.append(_tag("CalendarUID", calendar_uids[task.calendar] if task.calendar else -1))
    if task.constraint_date:
        at = EVENING if task.constraint in FINISHING else MORNING
        parts.append(_tag("ConstraintDate", _at(task.constraint_date, at)))
    if task.notes:
        parts.append(_tag("Notes", task.notes))
    return parts


def _link(link: LinkRow, uids: Mapping[str, int]) -> str:
    per_day = MINUTES_OF_24_HOURS if link.is_elapsed else MINUTES_PER_DAY
    return (
        f"<PredecessorLink>{_tag('PredecessorUID', uids[link.predecessor])}"
        f"{_tag('Type', LINK_CODES[link.kind])}{_tag('CrossProject', 0)}"
        f"{_tag('LinkLag', link.lag * per_day * LAG_PARTS)}"
        f"{_tag('LagFormat', ELAPSED_DAYS if link.is_elapsed else PLAIN_DAYS)}</PredecessorLink>"
    )


def _our_value(task: TaskRow) -> list[str]:
    support = ":support" if task.kind is TaskKind.SUPPORT else ""
    if task.number is None and not support:
        return []
    value = f"rounds:{'' if task.number is None else task.number}{support}"
    return [
        f"<ExtendedAttribute>{_tag('FieldID', OUR_FIELD_ID)}{_tag('Value', value)}</ExtendedAttribute>"
    ]


def _baseline(row: BaselineRow | None) -> list[str]:
    if row is None:
        return []
    parts = [_tag("Number", 0), _tag("Interim", 0)]
    if row.start:
        parts.append(_tag("Start", _at(row.start, MORNING)))
    if row.finish:
        parts.append(_tag("Finish", _at(row.finish, EVENING)))
    if row.cost is not None:
        parts.append(_tag("Cost", _hundredths(row.cost)))
    return ["<Baseline>", *parts, "</Baseline>"]


def _at(day: date, moment: time) -> str:
    return f"{day.isoformat()}T{moment.isoformat()}"


def _duration(days: int) -> str:
    return f"PT{days * HOURS_PER_DAY}H0M0S"


def _hundredths(amount: Decimal) -> str:
    return f"{(amount * CENTS).to_integral_value():f}"


def _tag(name: str, value: object) -> str:
    return f"<{name}>{escape(_legal(str(value)))}</{name}>"


def _legal(text: str) -> str:
    """Drop the characters that XML cannot hold."""
    return "".join(
        c
        for c in text
        if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
    )
