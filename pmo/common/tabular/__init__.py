"""Tables out of files: bytes of a CSV or XLSX file in, typed cells with their places out."""

from pmo.common.tabular.errors import (
    DamagedFileError,
    EmptyTableError,
    FileTooLargeError,
    TableError,
    UnknownFileError,
)
from pmo.common.tabular.reading import read
from pmo.common.tabular.table import Flaw, Hints, Orientation, Place, Row, Table, Value, letters

__all__ = [
    "DamagedFileError",
    "EmptyTableError",
    "FileTooLargeError",
    "Flaw",
    "Hints",
    "Orientation",
    "Place",
    "Row",
    "Table",
    "TableError",
    "UnknownFileError",
    "Value",
    "letters",
    "read",
]
