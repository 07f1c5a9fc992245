"""Which column of a schedule in a spreadsheet holds what, by its header, and in which unit."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from pmo.common.tabular.dates import DateOrder
from pmo.common.tabular.numbers import SIGN, NumberStyle, unit_of
from projects.domain.exchange import cells
from projects.domain.exchange.counting import Span
from projects.domain.exchange.durations import SaidDuration, is_unit
from projects.domain.exchange.planfile import PlanFileError
from projects.domain.exchange.sheets import PlanSheet, SheetRow

HALF_A_DAY = timedelta(hours=12)
ALL_COSTS = "cost"
OTHER_COSTS = ("actual", "total", "baseline", "remaining")  # not what is planned
MOMENTS = ("start", "finish", "actual_start", "actual_finish")
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
IN_BRACKETS = re.compile(r"(.+?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]")
CURRENCY = re.compile(SIGN, re.IGNORECASE)


@dataclass(slots=True)
class Columns:
    """Which column holds what."""

    of: dict[str, int] = field(default_factory=dict)
    costs: list[int] = field(default_factory=list)
    whole_cost: int | None = None  # the column named exactly "Cost"
    duration_unit: str = cells.DAYS
    styles: dict[int, NumberStyle] = field(default_factory=dict)  # of the columns of costs
    units: dict[int, Decimal | None] = field(default_factory=dict)  # of one amount there
    order: DateOrder | None = None  # of day and month in dates written as text

    @property
    def all_costs(self) -> list[int]:
        return [*self.costs] if self.whole_cost is None else [self.whole_cost, *self.costs]

    def value(self, row: SheetRow, name: str) -> object:
        return row.value(self.of[name]) if name in self.of else None

    def moment(self, row: SheetRow, name: str) -> datetime | None:
        return cells.moment_of(self.value(row, name), self.order)

    def midnight(self, row: SheetRow, name: str) -> date | None:
        """Return the nearest midnight; noon belongs to the next day."""
        moment = self.moment(row, name)
        return (moment + HALF_A_DAY).date() if moment else None

    def unread(self, row: SheetRow, *names: str) -> Iterator[str]:
        """Yield what stands in place of dates and is none."""
        for name in names:
            value = self.value(row, name)
            if not cells.is_blank(value) and self.moment(row, name) is None:
                yield str(value).strip()

    def said(self, row: SheetRow) -> SaidDuration | None:
        return cells.said_in(self.value(row, "duration"), self.duration_unit)

    def span(self, row: SheetRow) -> Span:
        """Return when a row begins and ends, and how long it says that it takes."""
        return Span(self.moment(row, "start"), self.moment(row, "finish"), self.said(row))

    def money(self, row: SheetRow, column: int) -> Decimal | None:
        return cells.money_of(row.value(column), self.styles[column], self.units[column])

    def is_doubtful_money(self, row: SheetRow, column: int) -> bool:
        return cells.is_doubtful_money(row.value(column), self.styles[column])


def words_of(header: object) -> str:
    return " ".join(str(header or "").lower().replace("_", " ").split())


def columns_of(sheet: PlanSheet) -> Columns:
    """Find the columns by their headers; raises PlanFileError where one is missing."""
    columns = Columns()
    headers: dict[str, int] = {}
    for index, header in enumerate(sheet.headers):
        headers.setdefault(_without_unit(words_of(header)), index)
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
    _check_needed(sheet, columns)
    if unit := _unit_in(words_of(sheet.headers[columns.of.get("duration", 0)])):
        columns.duration_unit = unit if "duration" in columns.of else cells.DAYS
    for column in columns.all_costs:
        columns.styles[column] = cells.money_style(row.value(column) for row in sheet.rows)
        columns.units[column] = unit_of(str(sheet.headers[column]))
    dates = [columns.of[name] for name in MOMENTS if name in columns.of]
    columns.order = cells.order_of(row.value(column) for row in sheet.rows for column in dates)
    return columns


def _check_needed(sheet: PlanSheet, columns: Columns) -> None:
    needed = [("name", "Task Name"), ("start", "Planned Start"), ("finish", "Planned End")]
    if "duration" in columns.of:
        needed.pop()  # a start and a duration say when it ends
    if missing := [word for name, word in needed if name not in columns.of]:
        raise PlanFileError(
            f"The sheet “{sheet.name}” has no column {' and no column '.join(f'“{word}”' for word in missing)} in its first row with headers."
        )


def _unit_in(words: str) -> str:
    found = IN_BRACKETS.fullmatch(words)
    return found[2] if found else ""


def _without_unit(words: str) -> str:
    """Take a unit in brackets off a header: "Cost ($)", "Duration (weeks)", "Progress (%)"."""
    found = IN_BRACKETS.fullmatch(words)
    if found is None:
        return words
    bare, unit = found.groups()
    if bare.endswith(ALL_COSTS):
        is_known = CURRENCY.fullmatch(unit) is not None or unit_of(words) is not None
    elif bare in ALIASES["duration"]:
        is_known = is_unit(unit)
    else:
        is_known = unit in {"%", "date"}
    return bare if is_known else words


def unread_headers(sheet: PlanSheet, columns: Columns, rows: Sequence[SheetRow]) -> list[str]:
    """Return the headers of columns that hold something and have no place here."""
    used = {*columns.of.values(), *columns.all_costs}
    return [
        str(header)
        for index, header in enumerate(sheet.headers)
        if header
        and index not in used
        and any(row.value(index) not in (None, 0, "") for row in rows)
    ]
