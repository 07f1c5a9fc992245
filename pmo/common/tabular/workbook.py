"""
XLSX workbooks behind a guard: what a file unpacks to is counted before anything parses it.

The format in which a number is shown decides what it is (45 % is not 0.45). What openpyxl passes
over (hidden rows, merges, formulas that were never computed) comes from one more pass over the XML.
"""

import copy
import io
import zipfile
import zlib
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

from pmo.common.tabular.errors import (
    DamagedFileError,
    EmptyTableError,
    FileTooLargeError,
    TableError,
    UnknownFileError,
)
from pmo.common.tabular.headers import SPREAD, find_header, fit_of
from pmo.common.tabular.limits import DEFAULT, MEGABYTE, Limits
from pmo.common.tabular.sheetxml import SheetFacts, sheet_facts
from pmo.common.tabular.shown import Showing, as_shown, showing_of
from pmo.common.tabular.table import (
    SHEET_ERRORS,
    Caution,
    CautionKind,
    Flaw,
    Grid,
    GridLine,
    Hints,
    Merged,
    SheetInfo,
    Value,
    is_blank,
    letters,
    plain,
)

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

CHUNK = 64 * 1024
HEAD = 40  # rows in which a sheet's headers are looked for
NO_SHEET = "The workbook has no visible sheet with content."
RATIO_MATTERS_ABOVE = 4 * MEGABYTE
DAMAGED = "The workbook is damaged. Open it in a spreadsheet program, save it as .xlsx and upload it again."


def read_workbook(data: bytes, hints: Hints, limits: Limits = DEFAULT) -> Grid:
    """Read one sheet of an XLSX file into lines of cells; raise a TableError."""
    guard(data, limits)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return _sheet(book, archive, hints, limits)
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


def _sheet(book: "Workbook", archive: zipfile.ZipFile, hints: Hints, limits: Limits) -> Grid:
    sheets: list[Any] = [book[name] for name in book.sheetnames]
    tables = [one for one in sheets if hasattr(one, "iter_rows")]
    if hints.sheet is not None and hints.sheet not in {one.title for one in tables}:
        raise EmptyTableError(f"There is no sheet named “{hints.sheet}” in the workbook.")
    showings = _showings(book)
    styles = frozenset(map(str, showings))
    facts = {one.title: _facts(archive, one, styles) for one in tables}
    for one in tables:
        # The size that a sheet claims may be wrong or missing; without it the rows are counted as they come.
        one.reset_dimensions()
    infos = tuple(_info(one, facts[one.title], hints) for one in tables)
    name = hints.sheet or likeliest(infos)
    sheet = next(one for one in tables if one.title == name)
    lines, flaws = _lines(sheet, facts[name], showings, limits)
    if not lines:
        raise EmptyTableError(f"The sheet “{name}” is empty." if hints.sheet else NO_SHEET)
    return Grid(
        tuple(lines),
        sheet=name,
        sheets=infos,
        flaws=flaws,
        cautions=_cautions(facts[name], lines),
        merges=tuple(facts[name].merges),
        counts_from_1904=book.epoch.year == 1904,  # noqa: PLR2004 - the name of that system
    )


def likeliest(sheets: Sequence[SheetInfo]) -> str:
    """Return the visible sheet whose headers fit best; of equals the first; raise EmptyTableError."""
    visible = [one for one in sheets if not one.is_hidden and one.rows]
    if not visible:
        raise EmptyTableError(NO_SHEET)
    best = max(visible, key=lambda one: one.fit)
    return best.name if best.fit >= SPREAD else visible[0].name


def _facts(archive: zipfile.ZipFile, sheet: Any, styles: Container[str]) -> SheetFacts:
    with archive.open(sheet._worksheet_path) as part:
        return sheet_facts(part, styles)


def _info(sheet: Any, facts: SheetFacts, hints: Hints) -> SheetInfo:
    head = [
        GridLine(number, cells)
        for number, raw in enumerate(sheet.iter_rows(max_row=HEAD, values_only=True), start=1)
        if (cells := _trimmed([value_of(cell) for cell in raw]))
    ]
    return info_of(
        sheet.title, facts.rows, head, facts.merges, hints, is_hidden=sheet.sheet_state != "visible"
    )


def info_of(
    name: str,
    rows: int,
    head: Sequence[GridLine],
    merges: Sequence[Merged],
    hints: Hints,
    *,
    is_hidden: bool,
) -> SheetInfo:
    """Say of a sheet by its first lines which headers it has and how many of them are known."""
    cells = find_header(head, merges, hints.record).cells if head else ()
    headers = tuple(map(plain, cells))
    return SheetInfo(name, rows, fit_of(cells, hints.record), is_hidden, headers)


def _cautions(facts: SheetFacts, lines: Sequence[GridLine]) -> tuple[Caution, ...]:
    hidden = CautionKind.FILTERED_ROWS if facts.is_filtered else CautionKind.HIDDEN_ROWS
    columns = tuple(map(letters, facts.hidden_columns))
    width = max(len(line.cells) for line in lines)
    found = [
        Caution(hidden, tuple(facts.hidden_rows)),
        Caution(CautionKind.NO_STORED_VALUE, tuple(dict.fromkeys(facts.no_values))),
        Caution(CautionKind.ERROR_CELLS, _with_errors(lines)),
    ]
    kept = [one for one in found if one.lines]
    if inside := tuple(columns[i] for i, n in enumerate(facts.hidden_columns) if n <= width):
        kept.append(Caution(CautionKind.HIDDEN_COLUMNS, said=inside))
    return tuple(kept)


def _lines(
    sheet: Any, facts: SheetFacts, showings: Mapping[int, tuple[Showing, str]], limits: Limits
) -> tuple[list[GridLine], tuple[Flaw, ...]]:
    lines: list[GridLine] = []
    cells = blank = 0
    for number, raw in enumerate(sheet.iter_rows(values_only=True), start=1):
        values = [
            cell if cell is None or (sort := type(cell)) is str else OURS.get(sort, str)(cell)
            for cell in raw
        ]
        for column, style in facts.styled.get(number, ()):
            if column <= len(values):
                values[column - 1] = as_shown(values[column - 1], showings[style])
        record = _trimmed(values)
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


def _with_errors(lines: Sequence[GridLine]) -> tuple[int, ...]:
    """Return the rows with a cell that holds an error of its sheet."""
    return tuple(
        line.number
        for line in lines
        if any(type(cell) is str and cell in SHEET_ERRORS for cell in line.cells)
    )


def _showings(book: Any) -> dict[int, tuple[Showing, str]]:
    """Return the styles of a workbook that change what a number is, by their numbers."""
    found = {}
    for number, style in enumerate(book._cell_styles):
        own = style.numFmtId - BUILTIN_FORMATS_MAX_SIZE
        name = BUILTIN_FORMATS.get(style.numFmtId, "") if own < 0 else book._number_formats[own]
        if showing := showing_of(name):
            found[number] = showing
    return found


def _unread(lines: list[GridLine], number: int) -> tuple[Flaw, ...]:
    blank = number - lines[-1].number
    return (Flaw(number, f"{blank:,} empty rows in a row: what stands below was not read."),)


def _trimmed(record: list[Value]) -> tuple[Value, ...]:
    while record and is_blank(record[-1]):
        record.pop()
    return tuple(record)


def value_of(cell: object) -> Value:
    """Return a spreadsheet's value as one of ours."""
    if cell is None or isinstance(cell, str):
        return cell
    return OURS.get(type(cell), str)(cell)


def _of_float(cell: float) -> Decimal:
    """Spreadsheets store 12 as 12.0; as a code or a name it has to stay “12”."""
    return Decimal(int(cell)) if cell.is_integer() else Decimal(repr(cell))


# by its own type, because there are a million of them; what is not here (a time of day) is its text
OURS: dict[type, Callable[[Any], Value]] = {
    bool: lambda cell: "TRUE" if cell else "FALSE",
    int: Decimal,
    float: _of_float,
    datetime: datetime.date,
    date: lambda cell: cell,
}
