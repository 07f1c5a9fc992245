"""Tables out of files: bytes of a CSV or XLSX file in, typed cells with their places out."""

from pmo.common.tabular.errors import (
    DamagedFileError,
    EmptyTableError,
    FileTooLargeError,
    TableError,
    UnknownFileError,
)
from pmo.common.tabular.holding import held, keeping, table_from
from pmo.common.tabular.reading import read
from pmo.common.tabular.table import (
    Caution,
    CautionKind,
    CellPlace,
    Flaw,
    Hints,
    Misaligned,
    Orientation,
    SourceTable,
    TableRow,
    Value,
    letters,
)

__all__ = [
    "Caution",
    "CautionKind",
    "CellPlace",
    "DamagedFileError",
    "EmptyTableError",
    "FileTooLargeError",
    "Flaw",
    "Hints",
    "Misaligned",
    "Orientation",
    "SourceTable",
    "TableError",
    "TableRow",
    "UnknownFileError",
    "Value",
    "held",
    "keeping",
    "letters",
    "read",
    "table_from",
]
