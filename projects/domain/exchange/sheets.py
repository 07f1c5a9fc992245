"""The first sheet of a workbook with its stored values, and which cells are formulas."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from pmo.common.tabular import TableError
from pmo.common.tabular.workbook import guard
from projects.domain.exchange.planfile import PlanFileError

DAMAGED = "The workbook is damaged. Open it in a spreadsheet program, save it as .xlsx and upload it again."
HEADER_SEARCH = 20
MOST_ROWS, MOST_COLUMNS = 50_000, 200
MOST_BLANK_ROWS = 10_000
EARLIEST, LATEST = 1900, 2200


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number in the sheet, its values, and the columns shown as percentages."""

    number: int
    values: tuple[object, ...]
    shares: frozenset[int] = frozenset()

    def value(self, column: int) -> object:
        return self.values[column] if column < len(self.values) else None

    def is_share(self, column: int) -> bool:
        """Say whether the sheet keeps this percentage as a part of one."""
        return column in self.shares


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """`formulas` holds (row number, column) of every cell whose value is calculated."""

    name: str
    headers: tuple[object, ...]
    rows: tuple[SheetRow, ...]
    formulas: frozenset[tuple[int, int]]
    blank_rows: int


def read_sheet(data: bytes) -> PlanSheet:
    """Read a workbook; raises PlanFileError with a sentence for the user."""
    try:
        guard(data)
        values = _grid(data, stored=True)
        formulas = _grid(data, stored=False)
    except TableError as error:
        raise PlanFileError(str(error)) from error
    except PlanFileError:
        raise
    except (
        Exception
    ) as error:  # openpyxl lets the errors of zip, XML and its own descriptors through
        raise PlanFileError(DAMAGED) from error
    name, rows, blank = values
    filled = [row for row in rows if any(value not in (None, "") for value in row.values)]
    if not filled:
        raise PlanFileError("The workbook's first sheet is empty.")
    header = max(filled[:HEADER_SEARCH], key=_header_likeness)
    found = frozenset(
        (row.number, column)
        for row in formulas[1]
        for column, value in enumerate(row.values)
        if isinstance(value, str) and value.startswith("=")
    )
    return PlanSheet(
        name=name,
        headers=header.values,
        rows=tuple(row for row in filled if row.number > header.number),
        formulas=found,
        blank_rows=blank + len(rows) - len(filled),
    )


def _header_likeness(row: SheetRow) -> int:
    """Count the words of a row: a header is the row with the most of them, the first of equals."""
    return sum(isinstance(value, str) for value in row.values)


def _grid(data: bytes, *, stored: bool) -> tuple[str, list[SheetRow], int]:
    """Return the first visible sheet's name, its rows, and how many empty rows lie below them."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=stored, keep_links=False)
    try:
        sheet: Any = next(
            (s for s in book.worksheets if hasattr(s, "iter_rows") and s.sheet_state == "visible"),
            None,
        )
        if sheet is None:
            raise PlanFileError("The workbook has no visible sheet.")
        sheet.reset_dimensions()
        rows: list[SheetRow] = []
        blank = 0
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            row = _row(number, cells)
            blank = blank + 1 if not row.values else 0
            rows.append(row)
            if blank > MOST_BLANK_ROWS:
                break
            if len(rows) - blank > MOST_ROWS:
                raise PlanFileError(f"The sheet has more than {MOST_ROWS:,} rows. Split it.")
        return sheet.title, rows[: len(rows) - blank], blank
    finally:
        book.close()


def _row(number: int, cells: Any) -> SheetRow:
    values = list(_values(cells[:MOST_COLUMNS]))
    while values and values[-1] in (None, ""):
        values.pop()
    shares = frozenset(
        column
        for column, cell in enumerate(cells[: len(values)])
        if isinstance(values[column], int | float | Decimal)
        and "%" in str(getattr(cell, "number_format", ""))
    )
    return SheetRow(number, tuple(values), shares)


def _values(cells: Any) -> Iterator[object]:
    for cell in cells:
        value = cell.value
        if isinstance(value, datetime):
            value = value.replace(tzinfo=None)
        if isinstance(value, date) and not EARLIEST <= value.year <= LATEST:
            value = value.isoformat()  # no day that a plan may have: said as it stands
        yield value
