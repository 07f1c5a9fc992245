"""
What a record says, held small: a long file has a million cells, and a dictionary for each row is most of them.

Rows with the same fields share the names; a text is made from its cell, and a place from its row, when asked for.
"""

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pmo.common.tabular import SourceTable, TableRow, Value
from reports.imports.domain.cells import ImportValue, clean

Said = TypeVar("Said")
Where = dict[str, int]
CENTS = -2  # the exponent of an amount
NOTHING: Mapping[str, str] = MappingProxyType({})


class _Slim(Mapping[str, Said], Generic[Said]):
    """A mapping whose names are shared with other rows; `_at` says where each stands."""

    __slots__ = ("_at",)

    def __init__(self, at: Where) -> None:
        self._at = at

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)

    def __contains__(self, name: object) -> bool:
        return name in self._at

    def __repr__(self) -> str:
        return repr(dict(self))

    def keys(self) -> KeysView[str]:
        return self._at.keys()


class Values(_Slim[ImportValue]):
    """Field name -> what its cell means; amounts of two decimals are held in hundredths."""

    __slots__ = ("_values",)

    def __init__(self, at: Where, values: Iterable[ImportValue]) -> None:
        super().__init__(at)
        self._values = tuple(map(_small, values))

    def __getitem__(self, name: str) -> ImportValue:
        return _whole(self._values[self._at[name]])

    def get(self, name: str, default: Any = None) -> Any:
        at = self._at.get(name)
        return default if at is None else _whole(self._values[at])

    def items(self) -> ItemsView[str, ImportValue]:
        return dict(zip(self._at, map(_whole, self._values), strict=True)).items()


def _small(value: ImportValue) -> ImportValue | int:
    if type(value) is not Decimal or value.as_tuple().exponent != CENTS or not value:
        return value
    return int(value.scaleb(-CENTS))


def _whole(value: ImportValue | int) -> ImportValue:
    return Decimal(value).scaleb(CENTS) if isinstance(value, int) else value


class Texts(_Slim[str]):
    """Field name -> what its cell says, in one line."""

    __slots__ = ("_cells",)

    def __init__(self, at: Where, cells: tuple[Value, ...]) -> None:
        super().__init__(at)
        self._cells = cells

    def __getitem__(self, name: str) -> str:
        return clean(self._cells[self._at[name]])


class CellPlaces(_Slim[tuple[int, str]]):
    """Field name -> line and column letter of its cell."""

    __slots__ = ("_row", "_table")

    def __init__(self, at: Where, table: SourceTable, row: TableRow) -> None:
        super().__init__(at)
        self._table, self._row = table, row

    def __getitem__(self, name: str) -> tuple[int, str]:
        place = self._table.place(self._row, self._at[name])
        return place.line, place.column


class Shapes:
    """Which fields the rows of one table have, each combination once."""

    def __init__(self, table: SourceTable) -> None:
        self._table = table
        self._values: dict[tuple[str, ...], Where] = {}
        self._cells: dict[tuple[str | int, ...], Where] = {}

    def values(self, said: dict[str, ImportValue]) -> Mapping[str, ImportValue]:
        names = tuple(said)
        at = self._values.get(names)
        if at is None:
            at = self._values[names] = {name: place for place, name in enumerate(names)}
        return Values(at, said.values())

    def texts(self, row: TableRow, cells: Where) -> Mapping[str, str]:
        return Texts(self._where(cells), row.cells)

    def places(self, row: TableRow, cells: Where) -> Mapping[str, tuple[int, str]]:
        return CellPlaces(self._where(cells), self._table, row)

    def _where(self, cells: Where) -> Where:
        return self._cells.setdefault((*cells, *cells.values()), cells)
