"""From a table to lines of known columns; what identifies a patient is left out at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pmo.common.records import phi
from pmo.common.records.writing import RefusalError
from pmo.common.tabular import SourceTable, Value
from pmo.common.tabular.headers import know

MOST_ROWS = 5_000
LONGEST = 1_000  # letters kept of a cell; more is no name of anything


class ListKind(StrEnum):
    PEOPLE = "people"
    UNITS = "units"


# column -> the headers by which it is known; the first is the one that samples and pages say
COLUMNS: dict[ListKind, dict[str, tuple[str, ...]]] = {
    ListKind.PEOPLE: {
        "name": ("name", "full name", "person"),
        "email": ("email", "e-mail", "mail", "email address", "e-mail address"),
        "title": ("position", "title", "job title"),
        "unit": ("unit", "works in", "department"),
        "role": ("role", "roles"),
        "role_unit": ("role unit", "role units", "role in", "role's unit"),
    },
    ListKind.UNITS: {
        "name": ("name", "unit", "path"),
        "kind": ("kind", "type"),
        "parent": ("parent", "part of"),
        "headcount": ("headcount", "staff"),
    },
}
for _kind, _columns in COLUMNS.items():
    know(_kind.value, (name for names in _columns.values() for name in names))


@dataclass(slots=True)
class ListLine:
    """One row of a list: its number in the file, its texts by column, and what forbids to keep it."""

    number: int
    cells: dict[str, str]
    refused: str = ""

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    def kept(self) -> dict[str, Any]:
        return {"line": self.number, "cells": self.cells, "refused": self.refused}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "ListLine":
        return cls(kept["line"], dict(kept["cells"]), kept["refused"])


def lines_of(kind: ListKind, table: SourceTable) -> tuple[list[ListLine], list[str]]:
    """Return the rows by known columns, and the headers that are not read; raises RefusalError."""
    if len(table.rows) > MOST_ROWS:
        raise RefusalError(f"The file has more than {MOST_ROWS:,} rows. Split it.")
    places = _places(kind, table.headers)
    unread = [header for place, header in enumerate(table.headers) if place not in places.values()]
    lines = [
        screened(row.position, {name: row.cells[place] for name, place in places.items()})
        for row in table.rows
    ]
    # never taken as they stand, and never lost without a word
    lines += [
        ListLine(
            one.lines[0], {}, f"The row has {len(one.cells)} cells; the header has {one.width}."
        )
        for one in table.misaligned
    ]
    return lines, unread


def _places(kind: ListKind, headers: Sequence[str]) -> dict[str, int]:
    known = {word: name for name, words in COLUMNS[kind].items() for word in words}
    places: dict[str, int] = {}
    for place, header in enumerate(headers):
        name = known.get(" ".join(header.split()).casefold())
        if name and name not in places:
            places[name] = place
    if "name" not in places:
        offered = ", ".join(words[0] for words in COLUMNS[kind].values())
        raise RefusalError(f"The file has no column called name. Columns that are read: {offered}.")
    return places


def screened(number: int, cells: Mapping[str, Value]) -> ListLine:
    """Return a line without the cells that must not be kept, and with the sentence that says so."""
    line = ListLine(number, {})
    for name, value in cells.items():
        text = _text(value)
        if found := phi.sure(text):
            line.refused = (
                f"The {name.replace('_', ' ')} looks like {found[0].rule}. Rounds keeps nothing of"
                " a patient: it was left out."
            )
        elif any(character < " " for character in text):
            line.refused = f"The {name.replace('_', ' ')} holds an invisible control character."
        else:
            line.cells[name] = text
    return line


def doubtful(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what the words of kept lines may be, of a patient; nothing certain is kept."""
    texts = (text for row in rows for text in row["cells"].values())
    return sorted({finding.rule for text in texts for finding in phi.findings(text)})


def _text(value: Value) -> str:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = value.to_integral_value()
        return f"{value:f}"
    return "" if value is None else " ".join(str(value).split())[:LONGEST]


def same(text: str) -> str:
    """Reduce a name to what its spellings share: case and white space do not matter."""
    return " ".join(text.split()).casefold()
