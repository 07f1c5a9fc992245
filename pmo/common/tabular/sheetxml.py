"""What a sheet's XML says beside its values: hidden rows and columns, formulas without a value, merges.

One pass of the parser over the part, behind the guard that has counted what it unpacks to.
"""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from functools import cache
from typing import IO
from xml.parsers import expat

from pmo.common.tabular.table import Merged

CHUNK = 256 * 1024
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
MOST_LISTED = 1_000
MOST_COLUMNS = 16_384


@dataclass(slots=True)
class SheetFacts:
    """Rows are numbered as the sheet does; `rows` counts those with content."""

    rows: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    no_values: list[int] = field(default_factory=list)  # rows of formulas without a stored value
    merges: list[Merged] = field(default_factory=list)
    # row -> number of the column, number of the style: of cells in the styles that were asked about
    styled: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    is_filtered: bool = False


class _Listener:
    """Follows one part; every element's name comes without its namespace prefix."""

    def __init__(self, parser: "expat.XMLParserType", styles: Container[str]) -> None:
        self.facts = SheetFacts()
        self.styles = styles
        self.column = 0
        self.parser = parser
        self.row = 0
        self.counted = 0
        self.is_hidden = False
        self.is_pending = False  # a formula whose value has not come yet
        self.is_string = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element as it begins."""
        if name == "v":
            if self.row != self.counted:
                self._count()
            if self.is_pending:
                self._await_value()
        elif name == "c":
            if self.is_pending:
                self.settle()
            self.is_string = attributes.get("t") == "str"
            reference = attributes.get("r")
            self.column = self.column + 1 if reference is None else 0
            if attributes.get("s") in self.styles:
                self._note_style(reference, int(attributes["s"]))
        elif name == "f":
            self.is_pending = True
        elif handler := HANDLERS.get(name.rpartition(":")[2]):
            handler(self, attributes)

    def _note_style(self, reference: str | None, style: int) -> None:
        column = number_of(reference.rstrip("0123456789")) if reference else self.column
        self.facts.styled.setdefault(self.row, []).append((column, style))

    def _await_value(self) -> None:
        """Wait for a formula's value; an empty text is one."""
        if self.is_string:
            self.is_pending = False
        else:
            self.parser.CharacterDataHandler = self.text

    def text(self, data: str) -> None:
        """Take a formula's value."""
        if data.strip():
            self.is_pending = False
            self.parser.CharacterDataHandler = None

    def settle(self) -> None:
        """End the cell before: a formula that is still pending has no stored value."""
        if self.is_pending and len(self.facts.no_values) < MOST_LISTED:
            self.facts.no_values.append(self.row)
        self.is_pending = False
        self.parser.CharacterDataHandler = None

    def _count(self) -> None:
        self.counted = self.row
        self.facts.rows += 1
        if self.is_hidden:
            self.facts.hidden_rows.append(self.row)

    def on_row(self, attributes: dict[str, str]) -> None:
        """Begin a row; without a number it is the next one."""
        self.settle()
        self.column = 0
        number = attributes.get("r", "")
        self.row = int(number) if number.isascii() and number.isdigit() else self.row + 1
        self.is_hidden = _is_true(attributes.get("hidden"))

    def on_text(self, _attributes: dict[str, str]) -> None:
        """Count a row whose text stands in the cell itself."""
        if self.row != self.counted:
            self._count()

    def on_column(self, attributes: dict[str, str]) -> None:
        """Take a range of columns."""
        if _is_true(attributes.get("hidden")):
            first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            last = min(last, MOST_COLUMNS)
            if last - first < MOST_LISTED:  # everything to the right of a table is often hidden
                self.facts.hidden_columns += range(first, last + 1)

    def on_merge(self, attributes: dict[str, str]) -> None:
        """Take a range of merged cells."""
        ends = REFERENCE.findall(attributes.get("ref", ""))
        if len(ends) == 2 and len(self.facts.merges) < MOST_LISTED * 10:  # noqa: PLR2004 - the pair or the few are counted here
            (left, top), (right, bottom) = ends
            self.facts.merges.append(
                Merged(int(top), number_of(left), int(bottom), number_of(right))
            )

    def on_filter(self, _attributes: dict[str, str]) -> None:
        """Take note that rows are hidden by a filter."""
        self.facts.is_filtered = True

    def on_cell(self, attributes: dict[str, str]) -> None:
        """Begin a cell whose element has a prefix."""
        self.start("c", attributes)

    def on_value(self, _attributes: dict[str, str]) -> None:
        """Begin a value whose element has a prefix."""
        self.start("v", {})

    def on_formula(self, _attributes: dict[str, str]) -> None:
        """Begin a formula whose element has a prefix."""
        self.is_pending = True


HANDLERS: dict[str, Callable[[_Listener, dict[str, str]], None]] = {
    "row": _Listener.on_row,
    "is": _Listener.on_text,
    "col": _Listener.on_column,
    "mergeCell": _Listener.on_merge,
    "filterColumn": _Listener.on_filter,
    "c": _Listener.on_cell,
    "v": _Listener.on_value,
    "f": _Listener.on_formula,
}


def sheet_facts(stream: IO[bytes], styles: Container[str] = frozenset()) -> SheetFacts:
    """Read one sheet's part and note the cells in these styles; raises ExpatError for what is no XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    listener = _Listener(parser, styles)
    parser.StartElementHandler = listener.start
    while chunk := stream.read(CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    listener.settle()
    return listener.facts


@cache
def number_of(letters: str) -> int:
    """Return the number of a column's letters: AB is 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _is_true(value: str | None) -> bool:
    return value in {"1", "true"}
