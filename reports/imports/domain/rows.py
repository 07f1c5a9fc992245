"""One record that a table holds, and one thing that is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.imports.domain.cells import ImportValue


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a row from being written; it never repeats what the cell holds."""

    line: int
    column: str
    field: str
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """
    One record: typed values, reasons stated in place of a value, texts as published, and places.

    `places` is field name -> (line, column letter), for problems that only the database can tell. Texts and
    places are made when asked for.
    """

    line: int
    column: str  # the record's own column when records run in columns, else empty
    key: tuple[str, ...]
    values: Mapping[str, ImportValue]
    reasons: Mapping[str, str]
    texts: Mapping[str, str]
    places: Mapping[str, tuple[int, str]]

    @property
    def place(self) -> tuple[int, str]:
        """Line and own column: no other row of its table has the same."""
        return self.line, self.column
