"""From bytes to a table: which kind of file, which way the records run, where the headers are."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pmo.common.tabular.dates import looks_like_date
from pmo.common.tabular.delimited import read_delimited
from pmo.common.tabular.errors import EmptyTableError, FileTooLargeError, UnknownFileError
from pmo.common.tabular.limits import DEFAULT, MEGABYTE, Limits
from pmo.common.tabular.numbers import looks_like_number
from pmo.common.tabular.table import (
    Flaw,
    Grid,
    GridLine,
    Hints,
    Orientation,
    SourceTable,
    TableRow,
    Value,
    is_blank,
    unique_headers,
)
from pmo.common.tabular.workbook import read_workbook

FOREIGN = (
    (b"%PDF", "This is a PDF file."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel (.xls) file, or one with a password."),
    (b"\x89PNG", "This is a picture."),
    (b"\xff\xd8\xff", "This is a picture."),
)
HEADER_SEARCH = 25
UNIFORM = 0.7
# A table of numbers reads the same both ways; only a clear difference turns it.
CLEARLY = 0.2


def read(data: bytes, hints: Hints | None = None, limits: Limits = DEFAULT) -> SourceTable:
    """Read a CSV or XLSX file; raise a TableError whose message is a sentence for the reader."""
    hints = hints or Hints()
    if not data.strip():
        raise EmptyTableError("The file is empty.")
    if len(data) > limits.size:
        raise FileTooLargeError(f"The file is larger than {limits.size // MEGABYTE} MB. Split it.")
    for magic, what in FOREIGN:
        if data.startswith(magic):
            raise UnknownFileError(
                f"{what} Save the table as CSV or Excel (.xlsx) and upload that."
            )
    reader = read_workbook if data.startswith(b"PK") else read_delimited
    return _table(reader(data, hints, limits), hints)


def _table(grid: Grid, hints: Hints) -> SourceTable:
    orientation = hints.orientation or _orientation(grid.lines)
    lines = grid.lines if orientation is Orientation.ROWS else _transposed(grid.lines)
    start = _header_at(lines, hints.header) if hints.header else _header_index(lines)
    body = lines[start + 1 :]
    if not body:
        raise EmptyTableError("The table has a header but no row below it.")
    columns = _columns(lines[start], body)
    if orientation is Orientation.ROWS:
        positions = tuple(index + 1 for index in columns)
    else:
        positions = tuple(grid.lines[index].number for index in columns)
    header = lines[start]
    names = unique_headers([_cell(header, index) for index in columns], positions)
    rows = tuple(
        TableRow(line.number, tuple(_cell(line, index) for index in columns)) for line in body
    )
    ragged = _ragged(header, body) if grid.delimiter and orientation is Orientation.ROWS else ()
    return SourceTable(
        headers=names,
        rows=rows,
        positions=positions,
        orientation=orientation,
        header_position=header.number,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        sheet=grid.sheet,
        sheets=grid.sheets,
        flaws=grid.flaws + ragged,
    )


def _cell(line: GridLine, index: int) -> Value:
    return line.cells[index] if index < len(line.cells) else None


def _transposed(lines: Sequence[GridLine]) -> tuple[GridLine, ...]:
    """Turn columns into lines, numbered by column from 1; empty ones are left out."""
    width = max(len(line.cells) for line in lines)
    turned = (
        GridLine(index + 1, tuple(_cell(line, index) for line in lines)) for index in range(width)
    )
    return tuple(line for line in turned if not all(is_blank(cell) for cell in line.cells))


def _columns(header: GridLine, body: Sequence[GridLine]) -> list[int]:
    """Return the columns that have a name or a value."""
    width = max(len(line.cells) for line in (header, *body))
    used = {index for line in body for index, cell in enumerate(line.cells) if not is_blank(cell)}
    return [i for i in range(width) if i in used or not is_blank(_cell(header, i))]


def _ragged(header: GridLine, body: Sequence[GridLine]) -> tuple[Flaw, ...]:
    width = len(header.cells)
    return tuple(
        Flaw(line.number, f"This row has {len(line.cells)} cells; the header has {width}.")
        for line in body
        if len(line.cells) < width or any(not is_blank(cell) for cell in line.cells[width:])
    )


def _header_at(lines: Sequence[GridLine], number: int) -> int:
    for index, line in enumerate(lines):
        if line.number >= number:
            return index
    raise EmptyTableError("The header row lies below the end of the table.")


def _header_index(lines: Sequence[GridLine]) -> int:
    """Return the first line that is about as wide as the table and holds words, not figures."""
    head = lines[:HEADER_SEARCH]
    widest = max(_filled(line) for line in lines[: HEADER_SEARCH * 4])
    for index, line in enumerate(head[:-1] or head):
        words = sum(_kind(cell) == "text" for cell in line.cells)
        if _filled(line) * 2 >= widest and words * 5 >= _filled(line) * 4:
            return index
    return 0


def _filled(line: GridLine) -> int:
    return sum(not is_blank(cell) for cell in line.cells)


def _orientation(lines: Sequence[GridLine]) -> Orientation:
    """Tell by which way cells of one kind line up; doubt means rows."""
    sample = lines[: HEADER_SEARCH * 4]
    across = _uniform_share([line.cells[1:] for line in sample])
    down = _uniform_share([line.cells[1:] for line in _transposed(sample)])
    if across is None or down is None:
        return Orientation.ROWS
    return Orientation.COLUMNS if across > down + CLEARLY else Orientation.ROWS


def _uniform_share(lines: Sequence[Sequence[Value]]) -> float | None:
    """Return the share of lines that are nearly all words, dates or numbers; None of lone cells."""
    uniform = counted = 0
    for cells in lines:
        kinds = Counter(_kind(cell) for cell in cells if not is_blank(cell))
        if kinds.total() > 1:
            counted += 1
            uniform += max(kinds.values()) >= UNIFORM * kinds.total()
    return uniform / counted if counted else None


def _kind(cell: Value) -> str:
    if is_blank(cell):
        return "blank"
    if isinstance(cell, date) or (isinstance(cell, str) and looks_like_date(cell)):
        return "date"
    if isinstance(cell, Decimal) or (isinstance(cell, str) and looks_like_number(cell)):
        return "number"
    return "text"
