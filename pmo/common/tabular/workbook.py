"""XLSX workbooks behind a guard: what a file unpacks to is counted before anything parses it."""

import copy
import io
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from pmo.common.tabular.errors import (
    DamagedFileError,
    EmptyTableError,
    FileTooLargeError,
    TableError,
    UnknownFileError,
)
from pmo.common.tabular.limits import DEFAULT, MEGABYTE, Limits
from pmo.common.tabular.table import Flaw, Grid, GridLine, Hints, Value, is_blank

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

CHUNK = 64 * 1024
RATIO_MATTERS_ABOVE = 4 * MEGABYTE
DAMAGED = "The workbook is damaged. Open it in a spreadsheet program, save it as .xlsx and upload it again."


def read_workbook(data: bytes, hints: Hints, limits: Limits = DEFAULT) -> Grid:
    """Read one sheet of an XLSX file into lines of cells; raise a TableError."""
    guard(data, limits)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            return _sheet(book, hints, limits)
        finally:
            book.close()
    except TableError:
        raise
    except (
        Exception
    ) as error:  # openpyxl lets the errors of zip, XML and its own descriptors through
        raise DamagedFileError(DAMAGED) from error


def guard(data: bytes, limits: Limits = DEFAULT) -> None:
    """Refuse archives that unpack to too much, by what they say and by what they really hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_claims(entries, len(data), limits)
            _check_content(archive, entries, limits)
    except TableError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, OSError) as error:
        raise DamagedFileError(DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:
        raise UnknownFileError("The workbook is packed in a way that is not read here.") from error


def _check_claims(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise FileTooLargeError(f"The workbook has more than {limits.entries:,} parts inside.")
    unpacked = sum(entry.file_size for entry in entries)
    _check_unpacked(unpacked, limits)
    if unpacked > RATIO_MATTERS_ABOVE and unpacked > size * limits.ratio:
        raise FileTooLargeError(
            "The workbook unpacks to far more than its size; it was not opened."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnknownFileError(
            "The workbook is protected by a password. Remove it and upload again."
        )


def _check_unpacked(unpacked: int, limits: Limits) -> None:
    if unpacked > limits.unpacked:
        raise FileTooLargeError(
            f"The workbook unpacks to more than {limits.unpacked // MEGABYTE} MB. Split it or save it as CSV."
        )


def _check_content(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits
) -> None:
    total = 0
    for entry in entries:
        size = _real_size(archive, entry, limits.unpacked - total)
        total += size
        _check_unpacked(total, limits)
        if size != entry.file_size:
            raise DamagedFileError(DAMAGED)
        if entry.filename.lower().endswith("sharedstrings.xml") and size > limits.shared_strings:
            raise FileTooLargeError("The workbook holds too much text. Split it or save it as CSV.")


def _real_size(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    """Count what the entry unpacks to without believing its header, stopping just above `room`."""
    probe = copy.copy(entry)
    probe.file_size = room + 2 * CHUNK
    count = 0
    head = b""
    with archive.open(probe) as stream:
        while count <= room and (chunk := stream.read(CHUNK)):
            head = head or chunk
            count += len(chunk)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise UnknownFileError("The workbook declares its own XML entities; it was not opened.")
    return count


def _sheet(book: "Workbook", hints: Hints, limits: Limits) -> Grid:
    names = tuple(book.sheetnames)
    if hints.sheet is not None and hints.sheet not in names:
        raise EmptyTableError(f"There is no sheet named “{hints.sheet}” in the workbook.")
    for name in (hints.sheet,) if hints.sheet else names:
        sheet: Any = book[name]
        if not hasattr(sheet, "iter_rows") or sheet.sheet_state != "visible":
            continue
        # The size that a sheet claims may be wrong or missing; without it the rows are counted as they come.
        sheet.reset_dimensions()
        lines, flaws = _lines(sheet.iter_rows(values_only=True), limits)
        if lines:
            return Grid(tuple(lines), sheet=name, sheets=names, flaws=flaws)
    raise EmptyTableError("The workbook has no visible sheet with content.")


def _lines(
    rows: Iterable[tuple[object, ...]], limits: Limits
) -> tuple[list[GridLine], tuple[Flaw, ...]]:
    lines: list[GridLine] = []
    cells = blank = 0
    for number, raw in enumerate(rows, start=1):
        record = _trimmed(raw)
        if not record:
            blank += 1
            if blank > limits.blank_rows:
                return lines, _unread(lines, number) if lines else ()
            continue
        blank = 0
        cells += len(record)
        if len(lines) >= limits.rows or cells > limits.cells or len(record) > limits.columns:
            raise FileTooLargeError(
                f"The sheet is larger than {limits.rows:,} rows, {limits.columns:,} columns "
                f"or {limits.cells:,} cells. Split it."
            )
        lines.append(GridLine(number, record))
    return lines, ()


def _unread(lines: list[GridLine], number: int) -> tuple[Flaw, ...]:
    blank = number - lines[-1].number
    return (Flaw(number, f"{blank:,} empty rows in a row: what stands below was not read."),)


def _trimmed(raw: tuple[object, ...]) -> tuple[Value, ...]:
    record = [_value(cell) for cell in raw]
    while record and is_blank(record[-1]):
        record.pop()
    return tuple(record)


def _value(cell: object) -> Value:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        # Spreadsheets store 12 as 12.0; as a code or a name it has to stay “12”.
        return Decimal(int(cell)) if float(cell).is_integer() else Decimal(repr(cell))
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return str(cell)
