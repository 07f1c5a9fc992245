"""
A schedule in a spreadsheet: one row a task, its level in a column, costs in columns beside it.

Values that formulas left in the file are used; the formulas are counted and not followed. Times of day
are rounded to the nearest midnight, noon to the next, except where durations are working days: a day that
begins at eight and ends at five is that day. A sheet without durations has those from its first to its
last days: of every day where work begins or ends on a weekend, else of Monday to Friday. Whatever is
assumed stands in the report.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from projects.domain.exchange.counting import Counting, Span, counting_of, worked
from projects.domain.exchange.durations import ASSUMED, SaidDuration, duration_of
from projects.domain.exchange.planfile import (
    EVERY_DAY,
    LONGEST_CALENDAR,
    LONGEST_DURATION,
    LONGEST_KEY,
    LONGEST_NAME,
    CalendarRow,
    PlanFile,
    PlanFileError,
    ReadingLedger,
    TaskRow,
    clean,
    steady_depths,
    summaries,
)
from projects.domain.exchange.sheets import PlanSheet, SheetRow, read_sheet
from projects.domain.kinds import Constraint, TaskKind

FORMAT = "workbook"
MOST_TASKS = 20_000
CENT = Decimal("0.01")
MOST_MONEY = Decimal(10) ** 12
ALL = 100
EVERY_DAY_KEY, EVERY_DAY_NAME = "every-day", "Every day"
HALF_A_DAY = timedelta(hours=12)
ALL_COSTS = "cost"
OTHER_COSTS = ("actual", "total", "baseline", "remaining")  # not what is planned
NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,9})?", re.ASCII)
MONEY = re.compile(r"[^\d.,+-]{0,4}([+-]?\d[\d,]{0,20}(?:\.\d{1,9})?)[^\d.,]{0,4}", re.ASCII)
SUPPORT_TYPES = ("temporary", "equipment")
ALIASES: Mapping[str, tuple[str, ...]] = {
    "name": ("task name", "name", "activity", "activity name", "task"),
    "level": ("task nesting", "nesting level", "outline level", "level", "indent"),
    "start": ("planned start", "start", "start date", "planned start date"),
    "finish": ("planned end", "planned finish", "end", "finish", "end date", "finish date"),
    "duration": ("duration", "duration days", "planned duration"),
    "actual_start": ("actual start", "actual start date"),
    "actual_finish": ("actual end", "actual finish", "actual finish date"),
    "type": ("task type", "type"),
    "id": ("synchronization id", "wbs", "wbs id", "wbs code", "activity id", "display id", "id"),
    "percent": ("% complete", "percent complete", "provided progress %", "progress %", "progress"),
}
OF_DATES = "the dates are kept, the dependencies are not."
OF_DURATIONS = "the values are kept, the formulas are not."
CALCULATED = {  # one, many, and what stays of them
    "start": ("planned start", "planned starts", OF_DATES),
    "finish": ("planned finish", "planned finishes", OF_DATES),
    "actual_start": ("actual start", "actual starts", OF_DATES),
    "actual_finish": ("actual finish", "actual finishes", OF_DATES),
    "duration": ("duration", "durations", OF_DURATIONS),
}


@dataclass(slots=True)
class Columns:
    """Which column holds what."""

    of: dict[str, int] = field(default_factory=dict)
    costs: list[int] = field(default_factory=list)
    whole_cost: int | None = None  # the column named exactly "Cost"

    def value(self, row: SheetRow, name: str) -> object:
        return row.value(self.of[name]) if name in self.of else None

    def span(self, row: SheetRow) -> Span:
        """Return when a row begins and ends, and how long it says that it takes."""
        begin, close = (_moment(self.value(row, name)) for name in ("start", "finish"))
        return Span(begin, close, _said(self.value(row, "duration")))


def read_workbook_plan(data: bytes) -> PlanFile:
    """Read the first sheet with tasks; raises PlanFileError with a sentence for the user."""
    sheet = read_sheet(data)
    columns = _columns(sheet)
    rows = [row for row in sheet.rows if _text(columns.value(row, "name"))]
    if not rows:
        raise PlanFileError("No row below the headers has a task name.")
    if len(rows) > MOST_TASKS:
        raise PlanFileError(f"The sheet has more than {MOST_TASKS:,} tasks. Split it.")
    ledger = ReadingLedger()
    _check_calculated(sheet, columns, rows)
    depths = _depths(columns, rows, ledger)
    below = summaries(depths)
    leaves = [row for row, over in zip(rows, below, strict=True) if not over]
    counting = counting_of([columns.span(row) for row in leaves], ledger)
    maker = _Maker(columns=columns, counting=counting, ledger=ledger)
    tasks = tuple(
        maker.task(row, depth, is_summary=over)
        for row, depth, over in zip(rows, depths, below, strict=True)
    )
    _report(sheet, columns, rows, tasks, ledger)
    every_day = CalendarRow(key=EVERY_DAY_KEY, name=EVERY_DAY_NAME, weekdays=EVERY_DAY)
    return PlanFile(
        title=clean(sheet.name, LONGEST_CALENDAR),
        format=FORMAT,
        start=min((task.start for task in tasks if task.start), default=None),
        calendars=(every_day,) if any(task.calendar for task in tasks) else (),
        tasks=tasks,
        losses=ledger.losses(),
    )


def _text(value: object) -> str:
    return "" if value is None else clean(str(value), LONGEST_NAME)


def _words(header: object) -> str:
    return " ".join(str(header or "").lower().replace("_", " ").split())


def _columns(sheet: PlanSheet) -> Columns:
    columns = Columns()
    headers: dict[str, int] = {}
    for index, header in enumerate(sheet.headers):
        headers.setdefault(_words(header), index)
    for name, aliases in ALIASES.items():
        found = next((headers[alias] for alias in aliases if alias in headers), None)
        if found is not None and found not in columns.of.values():
            columns.of[name] = found
    columns.costs = [
        index
        for words, index in headers.items()
        if words.endswith(f" {ALL_COSTS}") and not words.startswith(OTHER_COSTS)
    ]
    columns.whole_cost = headers.get(ALL_COSTS)
    needed = [("name", "Task Name"), ("start", "Planned Start"), ("finish", "Planned End")]
    if "duration" in columns.of:
        needed.pop()  # a start and a duration say when it ends
    if missing := [word for name, word in needed if name not in columns.of]:
        raise PlanFileError(
            f"The sheet “{sheet.name}” has no column {' and no column '.join(f'“{word}”' for word in missing)} in its first row with headers."
        )
    return columns


def _check_calculated(sheet: PlanSheet, columns: Columns, rows: Sequence[SheetRow]) -> None:
    """Refuse dates that are formulas without a stored value."""
    column = columns.of["start"]
    formulas = [row for row in rows if (row.number, column) in sheet.formulas]
    if formulas and all(row.value(column) is None for row in formulas):
        raise PlanFileError(
            "The dates are formulas that were never calculated. Open the file in Excel, save it "
            "and upload it again."
        )


def _depths(columns: Columns, rows: Sequence[SheetRow], ledger: ReadingLedger) -> list[int]:
    levels = [int(_amount(columns.value(row, "level")) or 0) for row in rows]
    lowest = min(levels)
    depths = steady_depths([level - lowest for level in levels])
    ledger.changed(
        "Outline levels",
        "A row lies at most one level below the row above it.",
        count=sum(level - lowest != depth for level, depth in zip(levels, depths, strict=True)),
    )
    return depths


def _said(value: object) -> SaidDuration | None:
    """Return a duration that is a number of days, or is said in words."""
    amount = _amount(value)
    if amount is not None:
        return SaidDuration(amount)
    return duration_of(value) if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None  # noqa: DTZ001 - a sheet knows no zones


def _midnight(value: object) -> date | None:
    """Return the nearest midnight; noon belongs to the next day."""
    moment = _moment(value)
    return (moment + HALF_A_DAY).date() if moment else None


def _whole(said: SaidDuration) -> int:
    """Return whole days, halves up; less than one becomes one."""
    return min(max(int(said.days + Decimal("0.5")), 1), LONGEST_DURATION)


def _amount(value: object) -> Decimal | None:
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    amount = Decimal(str(value))
    return amount if amount.is_finite() and abs(amount) <= MOST_MONEY else None


def _money(value: object) -> Decimal | None:
    """Return an amount, also one that is written with its sign and commas."""
    found = MONEY.fullmatch(value.strip()) if isinstance(value, str) else None
    return _amount(found[1].replace(",", "") if found else value)


@dataclass(slots=True)
class _Maker:
    """Turns rows of the sheet into rows of the plan."""

    columns: Columns
    counting: Counting
    ledger: ReadingLedger
    _keys: set[str] = field(default_factory=set)

    def task(self, row: SheetRow, depth: int, *, is_summary: bool) -> TaskRow:
        raw = str(self.columns.value(row, "name"))
        name = clean(raw, LONGEST_NAME)
        label = f"{row.number} {name}"
        if raw != raw.strip():
            self.ledger.changed("Blanks around names", "Taken off.", task=label)
        key = self._key(row, label)
        cost = self._cost(row, label)
        if is_summary:
            if cost:
                self.ledger.lost("Costs of summary rows", "A summary row adds up the rows below it and costs nothing of its own.", task=f"{label}: {cost:,.2f}")  # fmt: skip
            return TaskRow(key=key, name=name, depth=depth, is_summary=True)
        start, finish, duration, is_every_day = self._planned(row, label)
        started, finished, percent = self._progress(row, label)
        is_milestone = duration == 0
        return TaskRow(
            key=key,
            name=name,
            depth=depth,
            kind=TaskKind.MILESTONE if is_milestone else self._kind(row, label),
            calendar=EVERY_DAY_KEY if is_every_day else None,
            duration=duration,
            constraint=Constraint.START_NOT_BEFORE if start else Constraint.NONE,
            constraint_date=start,
            start=start,
            finish=finish,
            actual_start=started,
            actual_finish=finished,
            percent_complete=percent,
            planned_cost=cost,
        )

    def _key(self, row: SheetRow, label: str) -> str:
        value = self.columns.value(row, "id")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        key = _text(value)[:LONGEST_KEY]
        if not key or key in self._keys:
            key = f"row {row.number}"
            self.ledger.changed("Rows without an id of their own", "They go by their row in the sheet: keep the order of rows when you import again.", task=label)  # fmt: skip
        self._keys.add(key)
        return key

    def _kind(self, row: SheetRow, label: str) -> TaskKind:
        said = _words(self.columns.value(row, "type"))
        if said.startswith(SUPPORT_TYPES):
            self.ledger.changed("Temporary works and equipment", "Kept as support: they take time and money and do not count as work done.", task=label)  # fmt: skip
            return TaskKind.SUPPORT
        return TaskKind.WORK

    def _cost(self, row: SheetRow, label: str) -> Decimal | None:
        """Return the cost, or the sum of the cost columns; None when all are blank or nothing."""
        columns, whole = self.columns.costs, self.columns.whole_cost
        if whole is not None and row.value(whole) not in (None, ""):
            if any(_money(row.value(column)) for column in columns):
                self.ledger.changed("Costs in parts", "The column “Cost” counts as the whole; other columns of costs are not added to it.", task=label)  # fmt: skip
            columns = [whole]
        values = [row.value(column) for column in columns]
        amounts = [_money(value) for value in values]
        unread = sum(
            v not in (None, "") and a is None for v, a in zip(values, amounts, strict=True)
        )
        self.ledger.lost("Costs that cannot be read", "They are no amounts.", task=label, count=unread)  # fmt: skip
        total = sum((amount for amount in amounts if amount is not None), Decimal(0))
        if total < 0:
            self.ledger.lost("Negative costs", "A planned cost is not below zero.", task=label)
        return total.quantize(CENT) if total > 0 else None

    def _planned(self, row: SheetRow, label: str) -> tuple[date | None, date | None, int, bool]:
        """Return first and last day worked, the days from one to the other, and if all of them count."""
        begin, close = (_moment(self.columns.value(row, name)) for name in ("start", "finish"))
        said = self._duration(row, label)
        is_point = said.days == 0 if said else self._is_point(row, begin, close)
        if is_point and begin and (close is None or (close - begin).days < 1):
            return begin.date(), begin.date(), 0, self.counting.is_every_day
        if said is not None and said.is_elapsed and begin is not None:
            self.ledger.changed("Durations around the clock", "They count every day of the calendar “Every day”.", task=label)  # fmt: skip
            return begin.date(), begin.date() + timedelta(days=_whole(said) - 1), _whole(said), True
        if begin is None or close is None:
            return self._half_dated(begin, said, label)
        if not self.counting.is_every_day:
            return self._worked_days(begin.date(), close.date(), said, label)
        return self._every_day(begin, close, said, label)

    def _duration(self, row: SheetRow, label: str) -> SaidDuration | None:
        value = self.columns.value(row, "duration")
        said = _said(value)
        if said is None and value not in (None, ""):
            self.ledger.changed("Durations that cannot be read", "The dates say how long the task takes.", task=label)  # fmt: skip
        elif said is not None and not said.is_plain:
            self.ledger.changed("Durations in other units", ASSUMED, task=label)
        return said

    def _is_point(self, row: SheetRow, begin: datetime | None, close: datetime | None) -> bool:
        """True for what the sheet calls a milestone, or what ends as it begins."""
        if begin is None or begin != close:
            return False
        is_named = _words(self.columns.value(row, "type")).startswith("milestone")
        return is_named or begin.time() != time()

    def _half_dated(
        self, begin: datetime | None, said: SaidDuration | None, label: str
    ) -> tuple[date | None, date | None, int, bool]:
        start = begin.date() if begin else None
        if said is not None and said.days > 0:
            self.ledger.changed("Tasks without an end" if begin else "Tasks without dates", "They take as long as their duration says.", task=label)  # fmt: skip
            return start, None if begin else start, _whole(said), self.counting.is_every_day
        self.ledger.changed("Tasks without dates", "They take one day, as early as their links allow.", task=label)  # fmt: skip
        return start, start, 1, self.counting.is_every_day

    def _worked_days(
        self, start: date, end: date, said: SaidDuration | None, label: str
    ) -> tuple[date, date, int, bool]:
        """Take the working days that are said; holidays of a calendar that is not in the sheet count."""
        length = worked(start, end)
        if said is not None and said.days > 0:
            if said.days != _whole(said):
                self.ledger.changed("Durations", "Rounded to whole days; less than one day becomes one.", task=label)  # fmt: skip
            elif _whole(said) != length:
                self.ledger.changed("Durations and dates", "From first to last day there are more or fewer working days than the duration says; the duration counts.", task=label)  # fmt: skip
            length = _whole(said)
        elif length <= 0:
            length = 1
            self.ledger.changed("Tasks shorter than a day", "They become one day.", task=label)
        return start, end, min(length, LONGEST_DURATION), False

    def _every_day(
        self, begin: datetime, close: datetime, said: SaidDuration | None, label: str
    ) -> tuple[date, date, int, bool]:
        if any(moment.time() != time() for moment in (begin, close)):
            self.ledger.changed("Times of day", "Planned dates are rounded to the nearest midnight, noon to the next.", task=label)  # fmt: skip
        start, end = (begin + HALF_A_DAY).date(), (close + HALF_A_DAY).date()
        length = (end - start).days + self.counting.is_end_worked
        if length <= 0:
            length = 1
            self.ledger.changed("Tasks shorter than a day", "They become one day.", task=label)
        elif said is not None and said.days != length:
            self.ledger.changed("Durations", "Counted from the rounded dates.", task=label)
        length = min(length, LONGEST_DURATION)
        return start, start + timedelta(days=length - 1), length, True

    def _progress(self, row: SheetRow, label: str) -> tuple[date | None, date | None, int]:
        values = [self.columns.value(row, name) for name in ("actual_start", "actual_finish")]
        started, end = (_midnight(value) for value in values)
        moments = [_moment(value) for value in values]
        if any(moment and (moment.hour or moment.minute or moment.second) for moment in moments):
            self.ledger.changed("Times of day of actual dates", "Rounded to the nearest midnight, noon to the next.", task=label)  # fmt: skip
        percent = _amount(self.columns.value(row, "percent")) or Decimal(0)
        if "percent" in self.columns.of and row.is_share(self.columns.of["percent"]):
            percent *= ALL
        whole = min(max(int(percent + Decimal("0.5")), 0), ALL)
        if end is None:
            return started, None, whole
        if not self.counting.is_end_worked:
            end -= timedelta(days=1)
        started = started or end
        if whole != ALL:
            self.ledger.changed("Finished tasks", "What has an actual end is 100 % complete.", task=label)  # fmt: skip
        return started, max(started, end), ALL


def _report(
    sheet: PlanSheet,
    columns: Columns,
    rows: Sequence[SheetRow],
    tasks: Sequence[TaskRow],
    ledger: ReadingLedger,
) -> None:
    levels = Counter(task.depth for task in tasks)
    spread = " / ".join(str(levels[level]) for level in sorted(levels))
    ledger.kept("Tasks", f"In {len(levels)} levels: {spread} rows.", count=len(tasks))
    costed = [task for task in tasks if task.planned_cost is not None]
    costs = [*columns.costs] if columns.whole_cost is None else [columns.whole_cost, *columns.costs]
    names = ", ".join(str(sheet.headers[column]) for column in costs)
    total = sum((task.planned_cost or Decimal(0) for task in costed), Decimal(0))
    ledger.kept("Planned costs", f"{total:,.2f} in total, one sum for each task of {names}.", count=len(costed))  # fmt: skip
    numbers = {row.number for row in rows}
    for name, (one, many, stays) in CALCULATED.items():
        column = columns.of.get(name, -1)
        count = sum((number, column) in sheet.formulas for number in numbers)
        said = f"1 {one} is a formula" if count == 1 else f"{count} {many} are formulas"
        ledger.lost(f"Formulas of {many}", f"{said} on other rows; {stays}", count=count)
    dated = sum(task.constraint is Constraint.START_NOT_BEFORE for task in tasks)
    ledger.changed("Planned starts", "A sheet holds no links: each task starts no earlier than its planned start.", count=dated)  # fmt: skip
    twice = Counter(task.name for task in tasks)
    ledger.kept(
        "Names that occur twice",
        f"Rows go by their id: {', '.join(name for name, count in twice.items() if count > 1)}.",
        count=sum(count > 1 for count in twice.values()),
    )
    ledger.changed("Empty rows", "Left out.", count=sheet.blank_rows)
    used = {*columns.of.values(), *costs}
    unread = [
        str(header)
        for index, header in enumerate(sheet.headers)
        if header
        and index not in used
        and any(row.value(index) not in (None, 0, "") for row in rows)
    ]
    ledger.lost("Columns with no place here", f"{', '.join(unread)}.", count=len(unread))
