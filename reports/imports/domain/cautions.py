"""Values that are read well and easy to regret: amounts of another scale, dates far off, texts too long."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median

from pmo.common.tabular import Caution, CautionKind, SourceTable
from reports.imports.domain.cells import clean
from reports.imports.domain.columns import Column
from reports.imports.domain.fields import CellKind
from reports.imports.domain.profile import LongTexts, Profile
from reports.imports.domain.rows import ImportRow

Window = tuple[date, date]
TIMES = 10
TINY = 1_000  # as many times below the middle: a unit that was forgotten
ENOUGH = 8  # amounts that are a neighborhood
FEW_DATES = 5
YEARS_OFF = 20
CENTS = 2
# what is compared with what, and whether far below is odd as well
AGAINST = (("forecast_cost", "approved_budget", True), ("spent", "approved_budget", False))


def _numbers() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class _Amounts:
    """The amounts of a column in hundredths without their sign, and the line of each."""

    cents: "array[int]" = field(default_factory=_numbers)
    lines: "array[int]" = field(default_factory=_numbers)

    def see(self, value: object, line: int) -> None:
        if isinstance(value, Decimal) and value:
            self.cents.append(int(abs(value).scaleb(CENTS)))
            self.lines.append(line)

    def odd(self, *, varies: bool) -> list[int]:
        """Return the lines whose amount is of another scale than all others in the column."""
        if len(self.cents) < ENOUGH:
            return []
        ordered = sorted(self.cents)
        middle = median(ordered)
        top = ordered[-1] if ordered[-1] >= ordered[-2] * TIMES else None
        return [
            line
            for amount, line in zip(self.cents, self.lines, strict=True)
            if amount == top or (amount * TINY <= middle and not varies)
        ]


@dataclass(slots=True)
class _Days:
    """The years of a column of dates with the line of each, and the lines outside of the window."""

    window: Window | None
    years: "array[int]" = field(default_factory=_numbers)
    lines: "array[int]" = field(default_factory=_numbers)
    outside: list[int] = field(default_factory=list)

    def see(self, value: object, line: int) -> None:
        if not isinstance(value, date):
            return
        self.years.append(value.year)
        self.lines.append(line)
        if self.window and not self.window[0] <= value <= self.window[1]:
            self.outside.append(line)

    def odd(self) -> list[int]:
        """Return the lines whose year is far from those of the others."""
        if len(self.years) < FEW_DATES:
            return []
        middle = median(self.years)
        return [
            line
            for year, line in zip(self.years, self.lines, strict=True)
            if abs(year - middle) >= YEARS_OFF
        ]


class Watch:
    """Sees the rows as they are read; in the end it says what somebody should look at, by column."""

    def __init__(
        self,
        columns: Sequence[Column],
        table: SourceTable,
        profile: Profile,
        window: Window | None,
    ) -> None:
        self._columns, self._table, self._profile = columns, table, profile
        self._in_rows = table.orientation == "rows"
        self._headers = {one.field.name: table.headers[one.index] for one in reversed(columns)}
        self._against: dict[str, list[int]] = {
            name: [] for name, _, _ in AGAINST if name in self._headers
        }
        self._one_rating: list[int] = []
        self._asks_rating = bool(profile.kind.sorted_by) and "severity" in self._headers
        kinds = {name: profile.kind.field(name).kind for name in self._headers}
        self._amounts = {name: _Amounts() for name, one in kinds.items() if one is CellKind.MONEY}
        self._days = {name: _Days(window) for name, one in kinds.items() if one is CellKind.DATE}
        self._seen: dict[str, _Amounts | _Days] = {**self._amounts, **self._days}

    def see(self, row: ImportRow) -> None:
        for name, seen in self._seen.items():
            value = row.values.get(name)
            if value is not None:
                seen.see(value, self._line(row, name))
        for name, other, is_low_odd in AGAINST:
            if name in self._against and _is_off(row, name, other, is_low_odd=is_low_odd):
                self._against[name].append(self._line(row, name))
        if self._asks_rating and _has_one_rating(row):
            self._one_rating.append(self._line(row, "severity"))

    def cautions(self) -> list[Caution]:
        headers = self._headers
        found = [
            Caution(
                CautionKind.AGAINST_BUDGET,
                tuple(self._against[name]),
                headers[name],
                (headers.get(other, ""),),
            )
            for name, other, _ in AGAINST
            if name in self._against
        ]
        if self._asks_rating:
            lines = tuple(self._one_rating)
            found.append(Caution(CautionKind.ONE_RATING, lines, headers["severity"]))
        for name, header in headers.items():
            if name in self._amounts:
                varies = self._profile.kind.field(name).varies
                lines = tuple(self._amounts[name].odd(varies=varies))
                found.append(Caution(CautionKind.SCALE, lines, header))
            elif name in self._days:
                days = self._days[name]
                found.append(Caution(CautionKind.FAR_DATE, tuple(days.odd()), header))
                found.append(Caution(CautionKind.OUTSIDE_WINDOW, tuple(days.outside), header))
        found += _too_long(self._columns, self._table, self._profile)
        return [one for one in found if one.lines]

    def _line(self, row: ImportRow, name: str) -> int:
        if self._in_rows:
            return row.line
        place = row.places.get(name)
        return place[0] if place else row.line


def _is_off(row: ImportRow, name: str, other: str, *, is_low_odd: bool) -> bool:
    """Say whether an amount is ten times what it should be near, or a tenth."""
    amount, base = row.values.get(name), row.values.get(other)
    if not isinstance(amount, Decimal) or not isinstance(base, Decimal):
        return False
    if amount <= 0 or base <= 0:
        return False
    return amount >= base * TIMES or (is_low_odd and amount * TIMES <= base)


def _has_one_rating(row: ImportRow) -> bool:
    """Say whether a risk has one rating in place of likelihood and impact."""
    return (
        row.values.get("type") == "risk"
        and "severity" in row.values
        and not {"likelihood", "impact"} <= row.values.keys()
    )


def _too_long(columns: Iterable[Column], table: SourceTable, profile: Profile) -> list[Caution]:
    """Name the texts that do not fit, with what may be done: cut, or the rest into another field."""
    found = []
    for column in columns:
        lines = long_lines(table, column)
        longer = profile.kind.field(column.field.rest).label if column.field.rest else ""
        offers = (LongTexts.CUT.value, *((LongTexts.REST.value, longer) if longer else ()))
        found.append(Caution(CautionKind.TOO_LONG, lines, table.headers[column.index], offers))
    return found


def long_lines(table: SourceTable, column: Column) -> tuple[int, ...]:
    """Return the lines whose text is longer than its field."""
    if column.field.kind is not CellKind.TEXT:
        return ()
    return tuple(
        table.place(row, column.index).line
        for row in table.rows
        if len(clean(row.cells[column.index])) > column.field.longest
    )
