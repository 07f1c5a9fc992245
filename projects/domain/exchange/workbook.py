"""
A schedule in a spreadsheet: one row a task, its level in a column, costs in columns beside it.

Values that formulas left in the file are used; the formulas are counted and not followed. Times of day
are rounded to the nearest midnight, noon to the next.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

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
WEEKDAYS = 5
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

    def value(self, row: SheetRow, name: str) -> object:
        return row.value(self.of[name]) if name in self.of else None


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
    counting = _counting(columns, [row for row, over in zip(rows, below, strict=True) if not over])
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
        if words.endswith(" cost") and not words.startswith(("actual", "total", "baseline"))
    ]
    if missing := [word for name, word in (("name", "Task Name"), ("start", "Planned Start"), ("finish", "Planned End")) if name not in columns.of]:  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Counting:
    """How the sheet counts days: up to the end, through it, or working days through it."""

    is_end_worked: bool
    is_every_day: bool


def _counting(columns: Columns, leaves: Sequence[SheetRow]) -> Counting:
    """Find the way of counting under which most durations agree with their dates."""
    ways = (Counting(False, True), Counting(True, True), Counting(True, False))
    agreeing = dict.fromkeys(ways, 0)
    for row in leaves:
        start, finish = (_moment(columns.value(row, name)) for name in ("start", "finish"))
        said = _amount(columns.value(row, "duration"))
        if start is None or finish is None or said is None:
            continue
        apart = Decimal((finish - start) / timedelta(days=1)).quantize(CENT)
        for way in ways:
            length = apart + way.is_end_worked
            if not way.is_every_day:
                length = Decimal(_worked(start.date(), finish.date()))
            agreeing[way] += length == said.quantize(CENT)
    best = max(ways, key=lambda way: agreeing[way])
    return best if agreeing[best] else ways[1]


def _worked(first: date, last: date) -> int:
    """Count Monday to Friday from the first to the last day."""
    days = (last - first).days + 1
    if not 0 < days <= LONGEST_DURATION * 2:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * WEEKDAYS + sum((first.weekday() + day) % 7 < WEEKDAYS for day in range(rest))


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None  # noqa: DTZ001 - a sheet knows no zones


def _midnight(value: object) -> date | None:
    """Return the nearest midnight; noon belongs to the next day."""
    moment = _moment(value)
    return (moment + timedelta(hours=12)).date() if moment else None


def _amount(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    amount = Decimal(str(value))
    return amount if amount.is_finite() and abs(amount) <= MOST_MONEY else None


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
        start, finish, duration = self._planned(row, label)
        started, finished, percent = self._progress(row, label)
        is_milestone = duration == 0
        return TaskRow(
            key=key,
            name=name,
            depth=depth,
            kind=TaskKind.MILESTONE if is_milestone else self._kind(row, label),
            calendar=EVERY_DAY_KEY if self.counting.is_every_day else None,
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
        """Return the sum of the cost columns; None when all are blank or nothing."""
        amounts = [_amount(row.value(column)) for column in self.columns.costs]
        total = sum((amount for amount in amounts if amount is not None), Decimal(0))
        if total < 0:
            self.ledger.lost("Negative costs", "A planned cost is not below zero.", task=label)
        return total.quantize(CENT) if total > 0 else None

    def _planned(self, row: SheetRow, label: str) -> tuple[date | None, date | None, int]:
        """Return first and last day worked, and the whole days from one to the other."""
        values = [self.columns.value(row, name) for name in ("start", "finish")]
        moments = [_moment(value) for value in values]
        if any(moment and (moment.hour or moment.minute or moment.second) for moment in moments):
            self.ledger.changed("Times of day", "Planned dates are rounded to the nearest midnight, noon to the next.", task=label)  # fmt: skip
        start, end = (_midnight(value) for value in values)
        if start is None or end is None:
            self.ledger.changed("Tasks without dates", "They take one day, as early as their links allow.", task=label)  # fmt: skip
            return start, start, 1
        said = _amount(self.columns.value(row, "duration"))
        length = (end - start).days + self.counting.is_end_worked
        if not self.counting.is_every_day:
            length = _worked(start, end)
        if length <= 0 and not (said == 0 and end == start):
            length = 1
            self.ledger.changed("Tasks shorter than a day", "They become one day.", task=label)
        elif said is not None and said != length:
            self.ledger.changed("Durations", "Counted from the rounded dates.", task=label)
        length = min(max(length, 0), LONGEST_DURATION)
        if not self.counting.is_every_day:
            return start, end, length
        return start, start + timedelta(days=max(length - 1, 0)), length

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
    names = ", ".join(str(sheet.headers[column]) for column in columns.costs)
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
    used = {*columns.of.values(), *columns.costs}
    unread = [
        str(header)
        for index, header in enumerate(sheet.headers)
        if header
        and index not in used
        and any(row.value(index) not in (None, 0, "") for row in rows)
    ]
    ledger.lost("Columns with no place here", f"{', '.join(unread)}.", count=len(unread))
