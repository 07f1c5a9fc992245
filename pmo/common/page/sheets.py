"""
Tables handed out as CSV and Excel files: streamed, in constant memory, and read as they were written.

Text that a spreadsheet would run as a formula, or rewrite as a number or a day, gets a leading
apostrophe in CSV, headers too; in a workbook every text is written as text, so nothing has to change.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

from pmo.common.local.currency import currency
from pmo.common.page.formats import around
from pmo.common.tabular.guarding import GUARD, guarded, is_at_risk, is_guarded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES = 400  # written to the network at once
LONGEST = 32_767  # letters in a cell of a workbook
MARK = "\ufeff"  # tells spreadsheets that the text is UTF-8


class ColumnKind(Enum):
    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DAY = "day"


class SheetColumn(NamedTuple):
    label: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 14


Row = Sequence[Any]


class _Echo:
    """A file that hands each line back to its writer."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[SheetColumn], rows: Iterable[Row]) -> Iterator[str]:
    """Yield the file in pieces of some hundred lines; None is an empty cell."""
    writer = csv.writer(_Echo())
    texts = [place for place, column in enumerate(columns) if column.kind is ColumnKind.TEXT]
    piece = [MARK, writer.writerow([guarded(column.label) for column in columns])]
    for row in rows:
        cells = list(row)
        for place in texts:
            cell = cells[place]
            if cell and (is_at_risk(cell) or is_guarded(cell)):
                cells[place] = f"{GUARD}{cell}"
        piece.append(writer.writerow(cells))
        if len(piece) >= LINES:
            yield "".join(piece)
            piece = []
    yield "".join(piece)


def csv_response(
    name: str, columns: Sequence[SheetColumn], rows: Iterable[Row]
) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        csv_lines(columns, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


class Sheet(NamedTuple):
    """One sheet of a workbook; `note` stands under the table: source, day, what is missing."""

    title: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Row]
    note: str = ""


def money_format(money: str) -> str:
    """Return how a workbook writes amounts; the sign is quoted, or it would be read as a format."""
    sides = (text.replace('"', "") for text in around(money))
    before, after = (text and f'"{text}"' for text in sides)
    return f"{before}#,##0.00{after}"


def workbook(sheets: Iterable[Sheet], money: str | None = None) -> Any:
    """
    Return an open temporary file with the workbook, at its start; the caller closes it.

    `money` is the currency of a document that keeps its own; None is the organization's.
    """
    target = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    written = currency() if money is None else money
    with xlsxwriter.Workbook(target, options) as book:
        formats = {
            ColumnKind.MONEY: book.add_format({"num_format": money_format(written)}),
            ColumnKind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.title), sheet, formats, head)
    target.seek(0)
    return target


def _write_sheet(page: Any, sheet: Sheet, formats: dict[ColumnKind, Any], head: Any) -> None:
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, column.label, head)
    page.freeze_panes(1, 1)
    kinds = [(column.kind, formats.get(column.kind)) for column in sheet.columns]
    line = 0
    for line, row in enumerate(sheet.rows, start=1):
        for place, ((kind, style), value) in enumerate(zip(kinds, row, strict=True)):
            if value is None or value == "":
                continue
            if kind is ColumnKind.TEXT:
                page.write_string(line, place, str(value)[:LONGEST])
            elif kind is ColumnKind.DAY:
                page.write_datetime(line, place, value, style)
            else:
                page.write_number(line, place, value, style)
    page.autofilter(0, 0, max(line, 1), len(sheet.columns) - 1)
    if sheet.note:
        page.write_string(line + 2, 0, sheet.note[:LONGEST])


def xlsx_response(name: str, sheets: Iterable[Sheet], *, money: str | None = None) -> FileResponse:
    return FileResponse(
        workbook(sheets, money), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX
    )


def file_name(*parts: str | date) -> str:
    """Join words into a name that every system keeps: "rounds-portfolio-EHR-2026-11-15"."""
    words = "-".join(str(part) for part in parts if part)
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in words)
