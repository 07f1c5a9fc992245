"""From bytes to a table: which kind of file, which way the records run, where the headers are."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from pmo.common.tabular.alignment import Aligned, align
from pmo.common.tabular.delimited import read_delimited
from pmo.common.tabular.encoding import MOJIBAKE
from pmo.common.tabular.errors import EmptyTableError, FileTooLargeError, UnknownFileError
from pmo.common.tabular.headers import SEARCH, SPREAD, Header, find_header, fit_of
from pmo.common.tabular.jsonfile import is_json, read_json
from pmo.common.tabular.kinds import CellLook, look_of
from pmo.common.tabular.levels import BESIDE, apart
from pmo.common.tabular.limits import DEFAULT, MEGABYTE, Limits
from pmo.common.tabular.sifting import sift
from pmo.common.tabular.spreadsheets import kind_of, read_spreadsheet
from pmo.common.tabular.table import (
    Caution,
    CautionKind,
    Grid,
    GridLine,
    Hints,
    Merged,
    Orientation,
    SourceTable,
    TableRow,
    Value,
    cell_at,
    is_blank,
    plain,
    unique_headers,
)
from pmo.common.tabular.workbook import read_workbook

FOREIGN = (
    (b"%PDF", "This is a PDF file."),
    (b"\x89PNG", "This is a picture."),
    (b"\xff\xd8\xff", "This is a picture."),
)
MOST_MERGED = 10_000
NO_ROWS = "The table has a header but no row below it."
UNIFORM = 0.7
# A table of numbers reads the same both ways; only a clear difference turns it.
CLEARLY = 0.2


def read(data: bytes, hints: Hints | None = None, limits: Limits = DEFAULT) -> SourceTable:
    """Read a CSV file, a spreadsheet or a list in JSON; raise a TableError whose message is a sentence for the reader."""
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
    if is_json(data):
        in_rows = replace(hints, orientation=Orientation.ROWS, header=1)
        table = _table(read_json(data, hints, limits), in_rows)
        return apart(table, hints, hints.sheet or "")
    reader = _reader(data)
    if reader is read_delimited:  # what is named can only be a level
        return apart(_table(reader(data, hints, limits), hints), hints, hints.sheet or "")
    sheet, _, level = (hints.sheet or "").partition(BESIDE)
    hints = replace(hints, sheet=sheet or None)
    return apart(_table(reader(data, hints, limits), hints), hints, level)


def _reader(data: bytes) -> Callable[[bytes, Hints, Limits], Grid]:
    if kind_of(data):
        return read_spreadsheet
    return read_workbook if data.startswith(b"PK") else read_delimited


def _table(grid: Grid, hints: Hints) -> SourceTable:
    orientation = hints.orientation or _orientation(grid.lines, hints.record)
    in_rows = orientation is Orientation.ROWS
    lines = grid.lines if in_rows else transposed(grid.lines)
    header = _header(lines, grid.merges if in_rows else (), hints)
    body = lines[header.index + 1 :]
    if not body:
        raise EmptyTableError(NO_ROWS)
    aligned = Aligned(tuple(body))
    if grid.delimiter and in_rows:
        aligned = align(header.cells, body, grid.delimiter, realign=hints.realign)
    sieve = sift(header.cells, aligned.lines)
    kept = _filled_down(sieve.kept, grid.merges) if in_rows else sieve.kept
    columns = _columns(header.cells, kept)
    is_whole = columns == list(range(len(columns)))
    if in_rows:
        positions = tuple(index + 1 for index in columns)
    else:
        positions = tuple(grid.lines[index].number for index in columns)
    if not kept and not aligned.misaligned:
        raise EmptyTableError(NO_ROWS)
    return SourceTable(
        headers=unique_headers([cell_at(header.cells, index) for index in columns], positions),
        rows=tuple(
            TableRow(line.number, _picked(line.cells, columns, is_whole=is_whole)) for line in kept
        ),
        positions=positions,
        orientation=orientation,
        header_position=lines[header.index].number,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        sheet=grid.sheet,
        sheets=grid.sheets,
        flaws=grid.flaws + aligned.flaws,
        cautions=(*_cautions(grid, lines, header.index, aligned), *sieve.cautions),
        left_out=tuple(
            replace(one, cells=_picked(one.cells, columns, is_whole=is_whole))
            for one in sieve.left_out
        ),
        misaligned=aligned.misaligned,
        encodings=grid.encodings,
        counts_from_1904=grid.counts_from_1904,
        title=" ".join(
            plain(cell) for line in lines[: header.index] for cell in line.cells if cell
        ),
    )


def _header(lines: Sequence[GridLine], merges: Sequence[Merged], hints: Hints) -> Header:
    if hints.header is None:
        return find_header(lines, merges, hints.record)
    index = _header_at(lines, hints.header)
    return Header(index, lines[index].cells)


def _header_at(lines: Sequence[GridLine], number: int) -> int:
    for index, line in enumerate(lines):
        if line.number >= number:
            return index
    raise EmptyTableError("The header row lies below the end of the table.")


def transposed(lines: Sequence[GridLine]) -> tuple[GridLine, ...]:
    """Turn columns into lines, numbered by column from 1; empty ones are left out."""
    width = max(len(line.cells) for line in lines)
    turned = (
        GridLine(index + 1, tuple(cell_at(line.cells, index) for line in lines))
        for index in range(width)
    )
    return tuple(line for line in turned if not all(is_blank(cell) for cell in line.cells))


def _picked(
    cells: tuple[Value, ...], columns: Sequence[int], *, is_whole: bool
) -> tuple[Value, ...]:
    """Return the cells of these columns; a line that holds just them is not copied."""
    if is_whole and len(cells) == len(columns):
        return cells
    return tuple(cell_at(cells, index) for index in columns)


def _columns(header: Sequence[Value], body: Sequence[GridLine]) -> list[int]:
    """Return the columns that have a name or a value."""
    width = max(len(header), max((len(line.cells) for line in body), default=0))
    named = {index for index in range(width) if not is_blank(cell_at(header, index))}
    for index in sorted(set(range(width)) - named):
        if any(not is_blank(cell_at(line.cells, index)) for line in body):
            named.add(index)
    return sorted(named)


def _filled_down(lines: Sequence[GridLine], merges: Sequence[Merged]) -> tuple[GridLine, ...]:
    """Let words that are merged over several rows stand in each of them; amounts stay where they are."""
    by_line = {line.number: line for line in lines}
    for one in merges:
        first = by_line.get(one.top)
        value = cell_at(first.cells, one.left - 1) if first else None
        if one.bottom == one.top or look_of(value) in {CellLook.NUMBER, CellLook.BLANK}:
            continue
        for number in range(one.top + 1, min(one.bottom, one.top + MOST_MERGED) + 1):
            if (line := by_line.get(number)) is not None:
                by_line[number] = GridLine(number, _with(line.cells, one.left - 1, value))
    return tuple(by_line.values())


def _with(cells: Sequence[Value], index: int, value: Value) -> tuple[Value, ...]:
    padded = [*cells, *[None] * (index + 1 - len(cells))]
    padded[index] = value
    return tuple(padded)


def _cautions(
    grid: Grid, lines: Sequence[GridLine], header: int, aligned: Aligned
) -> list[Caution]:
    """Say what is odd below the header; what stands above it is no row."""
    first = lines[header].number if lines is grid.lines else 0
    found = [
        replace(one, lines=tuple(line for line in one.lines if line > first))
        for one in grid.cautions
    ]
    merged = sorted({one.top for one in grid.merges if one.top > first})
    apart = [line for one in aligned.misaligned for line in one.lines]
    apart = sorted({*apart, *aligned.doubted})
    broken = [line.number for line in lines[header + 1 :] if _is_mojibake(line)]
    found += [
        Caution(CautionKind.MERGED_CELLS, tuple(merged)),
        Caution(CautionKind.MISALIGNED, tuple(apart)),
        Caution(CautionKind.MOJIBAKE, tuple(broken)),
    ]
    return [one for one in found if one.lines or one.said]


def _is_mojibake(line: GridLine) -> bool:
    """Tell words that were read in a wrong encoding before they came into this file."""
    text = " ".join(cell for cell in line.cells if isinstance(cell, str))
    return not text.isascii() and MOJIBAKE.search(text) is not None


def _orientation(lines: Sequence[GridLine], record: str | None) -> Orientation:
    """Tell by a line of known names, else by which way cells of one kind line up; doubt means rows."""
    sample = lines[: SEARCH * 4]
    turned = transposed(sample)
    known = _most_known(sample, record)
    if known >= SPREAD and known > _most_known(turned, record):
        return Orientation.ROWS
    across = _uniform_share([line.cells[1:] for line in sample])
    down = _uniform_share([line.cells[1:] for line in turned])
    if across is None or down is None:
        return Orientation.ROWS
    return Orientation.COLUMNS if across > down + CLEARLY else Orientation.ROWS


def _most_known(lines: Sequence[GridLine], record: str | None) -> int:
    """Return how many known names of columns one of the first lines holds."""
    return max((fit_of(line.cells, record) for line in lines[:SEARCH]), default=0)


def _uniform_share(lines: Sequence[Sequence[Value]]) -> float | None:
    """Return the share of lines that are nearly all words, dates or numbers; None of lone cells."""
    uniform = counted = 0
    for cells in lines:
        kinds = Counter(look_of(cell) for cell in cells if not is_blank(cell))
        if kinds.total() > 1:
            counted += 1
            uniform += max(kinds.values()) >= UNIFORM * kinds.total()
    return uniform / counted if counted else None
