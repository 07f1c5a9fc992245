"""A table as read: headers, rows of typed cells, and where in the file each of them stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from pmo.common.tabular.packing import packed, unpacked

Value = str | Decimal | date | None


# what a spreadsheet writes where a formula went wrong
SHEET_ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!")
)


class CautionKind(StrEnum):
    """What somebody should look at before rows are written: right to read and easy to regret."""

    HIDDEN_ROWS = "hidden_rows"
    FILTERED_ROWS = "filtered_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    NO_STORED_VALUE = "no_stored_value"
    ERROR_CELLS = "error_cells"
    MERGED_CELLS = "merged_cells"
    ENCODING = "encoding"
    MOJIBAKE = "mojibake"
    DOUBTED_TOTAL = "doubted_total"
    LONE_CELL = "lone_cell"
    MISALIGNED = "misaligned"
    UNIT_SAID = "unit_said"
    MARK_ASSUMED = "mark_assumed"
    CONTRADICTION = "contradiction"
    ONE_OR_ALL = "one_or_all"
    ONE_DECIDES = "one_decides"
    SCALE = "scale"
    AGAINST_BUDGET = "against_budget"
    ONE_RATING = "one_rating"
    TOO_LONG = "too_long"
    FAR_DATE = "far_date"
    OUTSIDE_WINDOW = "outside_window"
    LESS_KNOWN = "less_known"


@dataclass(frozen=True, slots=True)
class Caution:
    """
    One thing to look at: where it is, and what the sentence about it needs.

    `lines` are those of the file, in order; `column` is a header or empty; `said` holds what the
    file itself says (a unit, an encoding), never a cell of a row.
    """

    kind: CautionKind
    lines: tuple[int, ...] = ()
    column: str = ""
    said: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What an answer is kept under: it stays while the same lines say the same."""
        lines = ",".join(map(str, self.lines))
        return "|".join((self.kind.value, self.column, lines, *self.said))


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
    record: str | None = None  # whose names of columns to look for; None for any that are known
    realign: bool = False  # take rows with too many or too few cells as they are proposed


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


class Sifted(StrEnum):
    """Why a row is no record."""

    TOTAL = "total"
    HEADER = "header"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that was recognized as no record, where it stands and what it says."""

    line: int
    sort: Sifted
    cells: tuple[Value, ...] = field(default=(), compare=False)


class Joining(StrEnum):
    """What a row with too many or too few cells most likely suffers from."""

    SHIFTED = "shifted"  # blank cells stand before it
    DELIMITER = "delimiter"  # a cell holds the delimiter and is not quoted
    LINE_BREAK = "line_break"  # a cell holds a line break and is not quoted


@dataclass(frozen=True, slots=True)
class Realigned:
    """A row as it was probably meant; `column` is the number of the joined cell, 0 for none."""

    how: Joining
    cells: tuple[Value, ...]
    column: int = 0


@dataclass(frozen=True, slots=True)
class Misaligned:
    """A row that does not fit under the header; `lines` are all it stands on."""

    lines: tuple[int, ...]
    cells: tuple[Value, ...]
    width: int
    offer: Realigned | None = None


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """
    One sheet of a workbook: its rows with content, and how many of its headers are known.

    A level of a table counts as a sheet too; `likely` is the kind of record that its rows are, "" for none
    that is known, None where nobody said.
    """

    name: str
    rows: int
    fit: int
    is_hidden: bool = False
    headers: tuple[str, ...] = ()
    likely: str | None = None


@dataclass(frozen=True, slots=True)
class Encoding:
    """One way to read the bytes, with words that show it."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """A range of merged cells, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The file as lines of cells, before anybody asked what a header is."""

    lines: tuple[GridLine, ...]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[SheetInfo, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    cautions: tuple[Caution, ...] = ()
    encodings: tuple[Encoding, ...] = ()
    merges: tuple[Merged, ...] = ()
    counts_from_1904: bool = False


class TableRow:
    """
    One record: its cells in header order and its own line (or column) number in the file.

    The cells are held as one text and made anew each time they are asked for.
    """

    __slots__ = ("_cells", "position")

    def __init__(self, position: int, cells: Iterable[Value]) -> None:
        self.position = position
        self._cells = packed(cells)

    @property
    def cells(self) -> tuple[Value, ...]:
        return unpacked(self._cells)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TableRow):
            return NotImplemented
        return (self.position, self.cells) == (other.position, other.cells)

    def __hash__(self) -> int:
        return hash((self.position, self.cells))

    def __repr__(self) -> str:
        return f"TableRow({self.position}, {self.cells})"


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
    sheets: tuple[SheetInfo, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    cautions: tuple[Caution, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    misaligned: tuple[Misaligned, ...] = ()
    encodings: tuple[Encoding, ...] = ()  # that fit the bytes too, and give other text
    title: str = ""  # what stands above the header
    counts_from_1904: bool = False  # its day numbers do

    def place(self, row: TableRow, column: int) -> CellPlace:
        """Return where the cell of this row under header number `column` (from 0) stands."""
        if self.orientation is Orientation.ROWS:
            return CellPlace(row.position, letters(self.positions[column]))
        return CellPlace(self.positions[column], letters(row.position))

    def column(self, column: int) -> list[Value]:
        """Return all cells under header number `column` (from 0)."""
        return [row.cells[column] for row in self.rows]


@lru_cache(maxsize=2_000)  # a million cells are in a few columns
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


def cell_at(cells: Sequence[Value], index: int) -> Value:
    """Return a cell of a line, None beyond its end."""
    return cells[index] if index < len(cells) else None


def plain(value: Value) -> str:
    """Return a cell as one line of text."""
    return "" if value is None else " ".join(str(value).split())


def unique_headers(cells: Sequence[Value], positions: Sequence[int]) -> tuple[str, ...]:
    """Name every column: repeated names get a number, nameless ones their letter."""
    names: list[str] = []
    taken: set[str] = set()
    for cell, position in zip(cells, positions, strict=True):
        name = first = plain(cell) or f"Column {letters(position)}"
        count = 1
        while name.casefold() in taken:
            count += 1
            name = f"{first} ({count})"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)
