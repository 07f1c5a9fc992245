"""Values that are read well and easy to regret: amounts of another scale, dates far off, texts too long."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from pmo.common.tabular import Caution, CautionKind, SourceTable
from reports.imports.domain.cells import clean
from reports.imports.domain.columns import Column
from reports.imports.domain.fields import CellKind
from reports.imports.domain.profile import LongTexts, Profile

if TYPE_CHECKING:
    from reports.imports.domain.records import ImportRow

Window = tuple[date, date]
TIMES = 10
TINY = 1_000  # as many times below the middle: a unit that was forgotten
ENOUGH = 8  # amounts that are a neighborhood
FEW_DATES = 5
YEARS_OFF = 20
# what is compared with what, and whether far below is odd as well
AGAINST = (("forecast_cost", "approved_budget", True), ("spent", "approved_budget", False))


def cautions_of(
    rows: Sequence["ImportRow"],
    columns: Sequence[Column],
    table: SourceTable,
    profile: Profile,
    window: Window | None,
) -> list[Caution]:
    """Return what the rows say that somebody should look at, by column."""
    headers = {one.field.name: table.headers[one.index] for one in reversed(columns)}
    found = [_against(rows, headers, *one) for one in AGAINST if one[0] in headers]
    if profile.kind.sorted_by and "severity" in headers:
        found.append(_one_rating(rows, headers["severity"]))
    for name, header in headers.items():
        field = profile.kind.field(name)
        if field.kind is CellKind.MONEY:
            found.append(_scale(rows, name, header, varies=field.varies))
        elif field.kind is CellKind.DATE:
            found += [_far(rows, name, header), _outside(rows, name, header, window)]
    found += _too_long(columns, table, profile)
    return [one for one in found if one.lines]


def _against(
    rows: Sequence["ImportRow"],
    headers: dict[str, str],
    name: str,
    other: str,
    is_low_odd: bool,  # noqa: FBT001 - one of a row of evidence
) -> Caution:
    """Name the rows in which an amount is ten times what it should be near, or a tenth."""
    lines = []
    for row in rows:
        amount, base = row.values.get(name), row.values.get(other)
        if (
            not isinstance(amount, Decimal)
            or not isinstance(base, Decimal)
            or amount <= 0
            or base <= 0
        ):
            continue
        if amount >= base * TIMES or (is_low_odd and amount * TIMES <= base):
            lines.append(_line(row, name))
    return Caution(
        CautionKind.AGAINST_BUDGET, tuple(lines), headers[name], (headers.get(other, ""),)
    )


def _one_rating(rows: Sequence["ImportRow"], header: str) -> Caution:
    """Name the rows of risks that have one rating in place of likelihood and impact."""
    lines = tuple(
        _line(row, "severity")
        for row in rows
        if row.values.get("type") == "risk"
        and "severity" in row.values
        and not {"likelihood", "impact"} <= row.values.keys()
    )
    return Caution(CautionKind.ONE_RATING, lines, header)


def _scale(rows: Sequence["ImportRow"], name: str, header: str, *, varies: bool) -> Caution:
    """Name the rows whose amount is of another scale than all others in the column."""
    amounts = [
        (abs(value), _line(row, name))
        for row in rows
        if isinstance(value := row.values.get(name), Decimal) and value
    ]
    if len(amounts) < ENOUGH:
        return Caution(CautionKind.SCALE)
    ordered = sorted(amount for amount, _ in amounts)
    middle = median(ordered)
    top = ordered[-1] if ordered[-1] >= ordered[-2] * TIMES else None
    lines = [
        line
        for amount, line in amounts
        if amount == top or (amount * TINY <= middle and not varies)
    ]
    return Caution(CautionKind.SCALE, tuple(lines), header)


def _far(rows: Sequence["ImportRow"], name: str, header: str) -> Caution:
    """Name the rows whose year is far from those of the others."""
    days = _days(rows, name)
    if len(days) < FEW_DATES:
        return Caution(CautionKind.FAR_DATE)
    middle = median(day.year for day, _ in days)
    lines = tuple(line for day, line in days if abs(day.year - middle) >= YEARS_OFF)
    return Caution(CautionKind.FAR_DATE, lines, header)


def _outside(rows: Sequence["ImportRow"], name: str, header: str, window: Window | None) -> Caution:
    if window is None:
        return Caution(CautionKind.OUTSIDE_WINDOW)
    first, last = window
    lines = tuple(line for day, line in _days(rows, name) if not first <= day <= last)
    return Caution(CautionKind.OUTSIDE_WINDOW, lines, header)


def _days(rows: Iterable["ImportRow"], name: str) -> list[tuple[date, int]]:
    found = ((row.values.get(name), row) for row in rows)
    return [(value, _line(row, name)) for value, row in found if isinstance(value, date)]


def _line(row: "ImportRow", name: str) -> int:
    place = row.places.get(name)
    return place[0] if place else row.line


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
