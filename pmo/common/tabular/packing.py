"""
Cells held as one text: a long file has a million, and an object for each is most of what it takes.

Cells that no text can hold, or that hold a mark of this room themselves, stay as they are.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

BETWEEN, TYPED = "\x1f", "\x1e"  # what parts two cells, and what begins one that is no text

Packed = str | tuple[Any, ...]


class Percentage(Decimal):
    """A share of one that its sheet shows in percent: 0.45 is written 45%."""

    def __str__(self) -> str:
        return f"{(self * 100).normalize():f}%"


WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _cell: TYPED,
    Decimal: lambda cell: f"{TYPED}D{cell}",
    Percentage: lambda cell: f"{TYPED}P{Decimal.__str__(cell)}",
    date: lambda cell: f"{TYPED}T{cell.isoformat()}",
}
READERS: dict[str, Callable[[str], Any]] = {
    "D": Decimal,
    "P": Percentage,
    "T": date.fromisoformat,
}


def packed(cells: Iterable[Any]) -> Packed:
    """Return the cells as one text, or as they are where that would not bring them back."""
    plain = tuple(cells)
    parts = []
    for cell in plain:
        if type(cell) is str:
            if BETWEEN in cell or cell.startswith(TYPED):
                return plain
            parts.append(cell)
        elif (writer := WRITERS.get(type(cell))) is not None:
            parts.append(writer(cell))
        else:
            return plain
    return BETWEEN.join(parts) if parts else plain


def unpacked(said: Packed) -> tuple[Any, ...]:
    """Return what was packed, as it was."""
    if isinstance(said, tuple):
        return said
    parts = said.split(BETWEEN)
    return tuple(map(_read, parts)) if TYPED in said else tuple(parts)


def _read(part: str) -> Any:
    if not part.startswith(TYPED):
        return part
    return READERS[part[1]](part[2:]) if len(part) > 1 else None
