"""
The records of a table, held small: a long file has a million cells, and an object for each is most of it.

Each record is one text and is made anew whenever it is asked for. Records with the same fields share the
names; what a cell says and where it stands are taken from its row of the table.
"""

from bisect import bisect_left
from collections.abc import ItemsView, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar, overload

from pmo.common.tabular import SourceTable, TableRow, letters
from pmo.common.tabular.packing import Packed, packed, unpacked
from pmo.common.tabular.sheetxml import number_of
from reports.imports.domain.cells import ImportValue, clean
from reports.imports.domain.rows import ImportRow

Said = TypeVar("Said")
Where = dict[str, int]  # field name -> index of its cell
NOTHING: Mapping[str, str] = MappingProxyType({})


class _OfRow(Mapping[str, Said], Generic[Said]):
    """Field name -> what is asked of its cell, made when it is asked for."""

    __slots__ = ("_row", "at")

    def __init__(self, at: Where, row: TableRow) -> None:
        self.at, self._row = at, row

    def __iter__(self) -> Iterator[str]:
        return iter(self.at)

    def __len__(self) -> int:
        return len(self.at)

    def __contains__(self, name: object) -> bool:
        return name in self.at


class Texts(_OfRow[str]):
    """Field name -> what its cell says, in one line."""

    __slots__ = ()

    def __getitem__(self, name: str) -> str:
        return clean(self._row.cells[self.at[name]])

    def items(self) -> ItemsView[str, str]:
        cells = self._row.cells
        return {name: clean(cells[index]) for name, index in self.at.items()}.items()


class CellPlaces(_OfRow[tuple[int, str]]):
    """Field name -> line and column letter of its cell."""

    __slots__ = ("_table",)

    def __init__(self, at: Where, row: TableRow, table: SourceTable) -> None:
        super().__init__(at, row)
        self._table = table

    def __getitem__(self, name: str) -> tuple[int, str]:
        place = self._table.place(self._row, self.at[name])
        return place.line, place.column


class Parts(NamedTuple):
    """What a row of a table says as a record; `texts` and `places` tell which cells these are of."""

    key: tuple[str, ...]
    values: Mapping[str, ImportValue]
    reasons: Mapping[str, str]
    texts: Where
    places: Where


class _Shape(NamedTuple):
    """What many records have in common."""

    names: tuple[str, ...]
    texts: Where
    places: Where


class SlimRows(Sequence[ImportRow]):
    """The records of one table in its order."""

    def __init__(self, table: SourceTable) -> None:
        self._table = table
        self._rows: list[TableRow] = []
        self._said: list[Packed] = []
        self._shapes: list[_Shape] = []
        self._known: dict[tuple[Any, ...], _Shape] = {}
        self._reasons: dict[int, Mapping[str, str]] = {}

    def add(self, row: TableRow, said: Parts) -> None:
        """Keep the record that this row of the table is."""
        texts, places = said.texts, said.places
        names = tuple(said.values)
        shape = (names, *texts, *texts.values(), *places, *places.values())
        self._shapes.append(self._known.setdefault(shape, _Shape(names, texts, places)))
        self._said.append(packed((*said.values.values(), *said.key)))
        if said.reasons:
            self._reasons[len(self._rows)] = said.reasons
        self._rows.append(row)

    @property
    def stated_reasons(self) -> int:
        """How many reasons all records state in place of values."""
        return sum(map(len, self._reasons.values()))

    def find(self, place: tuple[int, str]) -> ImportRow | None:
        """Return the record at a line and own column; None for none."""
        line, column = place
        number = number_of(column) if column else line
        at = bisect_left(self._rows, number, key=lambda row: row.position)
        if at == len(self) or self._rows[at].position != number:
            return None
        return self._made(at)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> ImportRow: ...

    @overload
    def __getitem__(self, at: slice) -> list[ImportRow]: ...

    def __getitem__(self, at: int | slice) -> ImportRow | list[ImportRow]:
        if isinstance(at, slice):
            return [self._made(one) for one in range(len(self))[at]]
        return self._made(range(len(self))[at])

    def __iter__(self) -> Iterator[ImportRow]:
        return map(self._made, range(len(self)))

    def _made(self, at: int) -> ImportRow:
        shape, said = self._shapes[at], unpacked(self._said[at])
        values = dict(zip(shape.names, said, strict=False))
        key = said[len(shape.names) :]
        reasons = self._reasons.get(at, NOTHING)
        parts = Parts(key, values, reasons, shape.texts, shape.places)
        return imported(self._table, self._rows[at], parts)


def imported(table: SourceTable, row: TableRow, said: Parts) -> ImportRow:
    """Return the record of a row of the table."""
    in_columns = table.orientation == "columns"
    return ImportRow(
        line=table.positions[0] if in_columns else row.position,
        column=letters(row.position) if in_columns else "",
        key=said.key,
        values=said.values,
        reasons=said.reasons,
        texts=Texts(said.texts, row),
        places=CellPlaces(said.places, row, table),
    )
