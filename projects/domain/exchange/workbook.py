"""
A schedule in a spreadsheet: one row a task, its level in a column, costs in columns beside it.

Values that formulas left in the file are used; the formulas are counted and not followed. Times of day
are rounded to the nearest midnight, noon to the next, except where durations are working days: a day that
begins at eight and ends at five is that day. A sheet without durations has those from its first to its
last days: of every day where work begins or ends on a weekend, else of Monday to Friday. Whatever is
assumed stands in the report.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from pmo.common.tabular.dates import DateOrder
from projects.domain.exchange.cells import ALL, amount_of, is_blank, moment_of, percent_of
from projects.domain.exchange.columns import (
    HALF_A_DAY,
    MOMENTS,
    Columns,
    columns_of,
    unread_headers,
    words_of,
)
from projects.domain.exchange.counting import Counting, counting_of, worked
from projects.domain.exchange.durations import ASSUMED, SaidDuration
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
LONGEST_QUOTED = 60
EVERY_DAY_KEY, EVERY_DAY_NAME = "every-day", "Every day"
SUPPORT_TYPES = ("temporary", "equipment")
OF_DATES = "the dates are kept, the dependencies are not."
OF_DURATIONS = "the values are kept, the formulas are not."
CALCULATED = {  # one, many, and what stays of them
    "start": ("planned start", "planned starts", OF_DATES),
    "finish": ("planned finish", "planned finishes", OF_DATES),
    "actual_start": ("actual start", "actual starts", OF_DATES),
    "actual_finish": ("actual finish", "actual finishes", OF_DATES),
    "duration": ("duration", "durations", OF_DURATIONS),
}


def read_workbook_plan(data: bytes) -> PlanFile:
    """Read the first sheet with tasks; raises PlanFileError with a sentence for the user."""
    sheet = read_sheet(data)
    columns = columns_of(sheet)
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
    levels = [int(amount_of(columns.value(row, "level")) or 0) for row in rows]
    lowest = min(levels)
    depths = steady_depths([level - lowest for level in levels])
    ledger.changed(
        "Outline levels",
        "A row lies at most one level below the row above it.",
        count=sum(level - lowest != depth for level, depth in zip(levels, depths, strict=True)),
    )
    values = [columns.value(row, "level") for row in rows]
    unread = sum(not is_blank(value) and amount_of(value) is None for value in values)
    ledger.lost("Outline levels that cannot be read", "These rows stand on top.", count=unread)
    return depths


def _quoted(label: str, value: object) -> str:
    """Name a row with what its cell says."""
    return f"{label}: “{clean(str(value), LONGEST_QUOTED)}”"


def _whole(said: SaidDuration) -> int:
    """Return whole days, halves up; less than one becomes one."""
    return min(max(int(said.days + Decimal("0.5")), 1), LONGEST_DURATION)


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
        if len(clean(raw, len(raw))) > LONGEST_NAME:
            self.ledger.changed("Long names", f"Cut to {LONGEST_NAME} characters.", task=label)
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
        said = words_of(self.columns.value(row, "type"))
        if said.startswith(SUPPORT_TYPES):
            self.ledger.changed("Temporary works and equipment", "Kept as support: they take time and money and do not count as work done.", task=label)  # fmt: skip
            return TaskKind.SUPPORT
        return TaskKind.WORK

    def _cost(self, row: SheetRow, label: str) -> Decimal | None:
        """Return the cost, or the sum of the cost columns; None when all are blank or nothing."""
        columns, whole = self.columns.costs, self.columns.whole_cost
        if whole is not None and not is_blank(row.value(whole)):
            if any(self.columns.money(row, column) for column in columns):
                self.ledger.changed("Costs in parts", "The column “Cost” counts as the whole; other columns of costs are not added to it.", task=label)  # fmt: skip
            columns = [whole]
        amounts = [self.columns.money(row, column) for column in columns]
        unread = [
            str(row.value(column)).strip()
            for column, amount in zip(columns, amounts, strict=True)
            if amount is None and not is_blank(row.value(column))
        ]
        for text in unread:
            self.ledger.lost("Costs that cannot be read", "They are no amounts.", task=_quoted(label, text))  # fmt: skip
        for column in columns:
            if self.columns.is_doubtful_money(row, column):
                self.ledger.changed("Costs that can be read in two ways", "Three digits behind a comma are thousands, behind a point a part.", task=_quoted(label, row.value(column)))  # fmt: skip
        total = sum((amount for amount in amounts if amount is not None), Decimal(0))
        if total < 0:
            self.ledger.lost("Negative costs", "A planned cost is not below zero.", task=label)
        return total.quantize(CENT) if total > 0 else None

    def _planned(self, row: SheetRow, label: str) -> tuple[date | None, date | None, int, bool]:
        """Return first and last day worked, the days from one to the other, and if all of them count."""
        begin, close = (self.columns.moment(row, name) for name in ("start", "finish"))
        said = self._duration(row, label, is_dated=begin is not None and close is not None)
        is_point = said.days == 0 if said else self._is_point(row, begin, close)
        for text in self.columns.unread(row, *MOMENTS):
            self.ledger.lost("Dates that cannot be read", "They are no days of a calendar, or could be two.", task=_quoted(label, text))  # fmt: skip
        if is_point and begin and (close is None or (close - begin).days < 1):
            return begin.date(), begin.date(), 0, self.counting.is_every_day
        if said is not None and said.is_elapsed and begin is not None:
            self.ledger.changed("Durations around the clock", "They count every day of the calendar “Every day”.", task=label)  # fmt: skip
            self._rounded(said, label)
            return begin.date(), begin.date() + timedelta(days=_whole(said) - 1), _whole(said), True
        if begin is None or close is None:
            return self._half_dated(row, begin, close, said, label)
        if not self.counting.is_every_day:
            return self._worked_days(begin.date(), close.date(), said, label)
        return self._every_day(begin, close, said, label)

    def _duration(self, row: SheetRow, label: str, *, is_dated: bool) -> SaidDuration | None:
        value = self.columns.value(row, "duration")
        said = self.columns.said(row)
        if said is None:
            if not is_blank(value):
                why = "The dates say how long the task takes." if is_dated else "Nothing else says how long the task takes: it takes one day."  # fmt: skip
                self.ledger.changed("Durations that cannot be read", why, task=_quoted(label, value))  # fmt: skip
            return None
        if not said.is_plain:
            self.ledger.changed("Durations in other units", ASSUMED, task=label)
        if said.is_doubtful:
            self.ledger.changed("Durations that can be read in two ways", "Three digits behind a comma are thousands, behind a point a part.", task=_quoted(label, value))  # fmt: skip
        if said.days > LONGEST_DURATION:
            self.ledger.changed("Long durations", f"Cut to {LONGEST_DURATION:,} days.", task=_quoted(label, value))  # fmt: skip
        return said

    def _rounded(self, said: SaidDuration, label: str) -> bool:
        """Say that a duration is rounded, if it is."""
        is_rounded = said.days % 1 != 0
        if is_rounded:
            self.ledger.changed("Durations", "Rounded to whole days; less than one day becomes one.", task=label)  # fmt: skip
        return is_rounded

    def _is_point(self, row: SheetRow, begin: datetime | None, close: datetime | None) -> bool:
        """True for what the sheet calls a milestone, or what ends as it begins."""
        if begin is None or begin != close:
            return False
        is_named = words_of(self.columns.value(row, "type")).startswith("milestone")
        return is_named or begin.time() != time()

    def _half_dated(
        self,
        row: SheetRow,
        begin: datetime | None,
        close: datetime | None,
        said: SaidDuration | None,
        label: str,
    ) -> tuple[date | None, date | None, int, bool]:
        start = begin.date() if begin else None
        what = "Tasks without an end" if begin else "Tasks without dates"
        if any(self.columns.unread(row, "start", "finish")):
            what = "Tasks whose dates cannot be read"
        elif close:
            what = "Tasks without a start"
        if said is not None and said.days > 0:
            self._rounded(said, label)
            self.ledger.changed(what, "They take as long as their duration says.", task=label)
            return start, None if begin else start, _whole(said), self.counting.is_every_day
        self.ledger.changed(what, "They take one day, as early as their links allow.", task=label)
        return start, start, 1, self.counting.is_every_day

    def _worked_days(
        self, start: date, end: date, said: SaidDuration | None, label: str
    ) -> tuple[date, date, int, bool]:
        """Take the working days that are said; holidays of a calendar that is not in the sheet count."""
        length = worked(start, end)
        if said is not None and said.days > 0:
            if not self._rounded(said, label) and _whole(said) != length:
                self.ledger.changed("Durations and dates", "From first to last day there are more or fewer working days than the duration says; the duration counts.", task=label)  # fmt: skip
            length = _whole(said)
        elif length <= 0:
            length = 1
            self.ledger.changed("Tasks shorter than a day", "They become one day.", task=label)
        elif said is not None:
            self.ledger.changed("Durations and dates", "The duration is nothing and the dates are days apart: the dates count.", task=label)  # fmt: skip
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
        names = MOMENTS[2:]
        started, end = (self.columns.midnight(row, name) for name in names)
        moments = [self.columns.moment(row, name) for name in names]
        if any(moment and (moment.hour or moment.minute or moment.second) for moment in moments):
            self.ledger.changed("Times of day of actual dates", "Rounded to the nearest midnight, noon to the next.", task=label)  # fmt: skip
        whole = self._percent(row, label)
        if end is None:
            return started, None, whole
        if not self.counting.is_end_worked:
            end -= timedelta(days=1)
        started = started or end
        if whole != ALL:
            self.ledger.changed("Finished tasks", "What has an actual end is 100 % complete.", task=label)  # fmt: skip
        if started > end:
            self.ledger.changed("Actual ends before their starts", "The start counts.", task=label)
        return started, max(started, end), ALL

    def _percent(self, row: SheetRow, label: str) -> int:
        value, column = self.columns.value(row, "percent"), self.columns.of.get("percent")
        percent = percent_of(value, is_share=column is not None and row.is_share(column))
        if percent is None:
            if not is_blank(value):
                self.ledger.lost("Progress that cannot be read", "It is no percentage.", task=_quoted(label, value))  # fmt: skip
            return 0
        if not 0 <= percent <= ALL:
            self.ledger.changed("Progress", "Kept between 0 and 100 %.", task=_quoted(label, value))
        return min(max(int(percent + Decimal("0.5")), 0), ALL)


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
    names = ", ".join(str(sheet.headers[column]) for column in columns.all_costs)
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
    nameless = len(sheet.rows) - len(rows)
    ledger.lost("Rows without a name", "A task has a name: these are left out.", count=nameless)
    if columns.order:
        first = "day" if columns.order is DateOrder.DMY else "month"
        ledger.changed("Dates as text", f"Read with the {first} first: nothing else fits all of them.", count=_ordered(columns, rows))  # fmt: skip
    unread = unread_headers(sheet, columns, rows)
    ledger.lost("Columns with no place here", f"{', '.join(unread)}.", count=len(unread))


def _ordered(columns: Columns, rows: Sequence[SheetRow]) -> int:
    """Count the dates that are read by the order of the others."""
    values = [columns.value(row, name) for row in rows for name in MOMENTS]
    texts = [value for value in values if isinstance(value, str)]
    return sum(moment_of(text) is None and bool(moment_of(text, columns.order)) for text in texts)
