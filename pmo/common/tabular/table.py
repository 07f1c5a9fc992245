"""A table as read: headers, rows of typed cells, and where in the file each of them stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

Value = str | Decimal | date | None


class Orientation(StrEnum):
    """Whether one record is one row or one column of the file."""

    ROWS = "rows"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class Hints:
    """What the caller knows about the file; None means: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    orientation: Orientation | None = None
    header: int | None = None  # line of the headers (column number when records are columns)
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where a cell stands: physical line (CSV) or sheet row (XLSX), and column letter."""

    line: int
    column: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something odd about the file itself that did not stop the reading."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of the file: its number and its cells."""

    number: int
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The file as lines of cells, before anybody asked what a header is."""

    lines: tuple[GridLine, ...]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One record: its cells in header order and its own line (or column) number in the file."""

    position: int
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Headers and rows, with what was found out about the file."""

    headers: tuple[str, ...]
    rows: tuple[TableRow, ...]
    positions: tuple[int, ...]  # of each header: column number from 1, or line number
    orientation: Orientation = Orientation.ROWS
    header_position: int = 1
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = field(default=())

    def place(self, row: TableRow, column: int) -> CellPlace:
        """Return where the cell of this row under header number `column` (from 0) stands."""
        if self.orientation is Orientation.ROWS:
            return CellPlace(row.position, letters(self.positions[column]))
        return CellPlace(self.positions[column], letters(row.position))

    def column(self, column: int) -> list[Value]:
        """Return all cells under header number `column` (from 0)."""
        return [row.cells[column] for row in self.rows]


def letters(number: int) -> str:
    """Return the column letters of a column number counted from 1 (28 is AB)."""
    name = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def is_blank(value: Value) -> bool:
    """Say whether a cell holds nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def plain(value: Value) -> str:
    """Return a cell as one line of text."""
    return "" if value is None else " ".join(str(value).split())


def unique_headers(cells: Sequence[Value], positions: Sequence[int]) -> tuple[str, ...]:
    """Name every column: repeated names get a number, nameless ones their letter."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for cell, position in zip(cells, positions, strict=True):
        name = plain(cell) or f"Column {letters(position)}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
