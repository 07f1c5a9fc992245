"""
Spreadsheets that are no XLSX (XLS, XLSB, ODS): read by calamine, in a process of its own with bounds.

Their values are read, and hidden sheets; how a number is shown and which rows are hidden is not told,
so that 45 % arrives as 0.45. That is said with every such table.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pmo.common.tabular.apart import UnreadError, told_apart
from pmo.common.tabular.errors import EmptyTableError, UnknownFileError
from pmo.common.tabular.limits import DEFAULT, Limits
from pmo.common.tabular.table import (
    Caution,
    CautionKind,
    Grid,
    GridLine,
    Hints,
    SheetInfo,
)
from pmo.common.tabular.values import value_told
from pmo.common.tabular.workbook import guard, info_of, likeliest

CHILD = Path(__file__).with_name("child.py")
OLD = b"\xd0\xcf\x11\xe0"
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"


def kind_of(data: bytes) -> str:
    """Return what kind of spreadsheet this is, as people call it; empty for XLSX and for no spreadsheet."""
    if data.startswith(OLD):
        return "Excel 97–2003 (.xls)"
    if not data.startswith(b"PK"):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ""  # what is wrong with it, the guard will say
    if "xl/workbook.bin" in names:
        return "binary Excel (.xlsb)"
    return "OpenDocument (.ods)" if {"mimetype", "content.xml"} <= names else ""


def read_spreadsheet(data: bytes, hints: Hints, limits: Limits = DEFAULT) -> Grid:
    """Read one sheet of an XLS, XLSB or ODS file into lines of cells; raise a TableError."""
    kind = kind_of(data)
    if data.startswith(b"PK"):
        guard(data, limits)
    infos = tuple(_info(told, hints) for told in _told(data, kind, limits))
    if hints.sheet is not None and hints.sheet not in {one.name for one in infos}:
        raise EmptyTableError(f"There is no sheet named “{hints.sheet}” in the workbook.")
    name = hints.sheet or likeliest(infos)
    lines = tuple(_line(row) for row in _told(data, kind, limits, name))
    if not lines:
        raise EmptyTableError(f"The sheet “{name}” is empty.")
    cautions = (Caution(CautionKind.LESS_KNOWN, said=(kind,)),)
    return Grid(lines, sheet=name, sheets=infos, cautions=cautions)


def _told(data: bytes, kind: str, limits: Limits, *sheet: str) -> Iterator[Any]:
    """Yield what the child tells, line by line; raise a TableError when it does not get through."""
    try:
        return told_apart(CHILD, data, kind, limits, *sheet)
    except UnreadError as error:
        raise UnknownFileError(
            f"This {kind} file is damaged or has a password. Save the table as CSV or Excel (.xlsx)"
            " and upload that."
        ) from error


def _info(told: Any, hints: Hints) -> SheetInfo:
    head = [_line(row) for row in told["head"]]
    return info_of(told["name"], told["rows"], head, (), hints, is_hidden=told["hidden"])


def _line(row: Sequence[Any]) -> GridLine:
    number, cells = row
    return GridLine(number, tuple(map(value_told, cells)))
