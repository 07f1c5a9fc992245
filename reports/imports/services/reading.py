"""
A file that was read a moment ago is not read again.

Reading takes seconds where a file is large, and on SQLite nobody else may write while a form's transaction is
open. So what a form needs of a file is read before that transaction, and found here inside it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from asgiref.local import Local

from pmo.common.tabular import Hints, SourceTable, read

_held = Local()


@contextmanager
def held() -> Iterator[None]:
    """Within, hold the table that was read last."""
    _held.tables = {}
    try:
        yield
    finally:
        _held.tables = None


def table_from(content: bytes, hints: Hints | None) -> SourceTable:
    """Read a file, or return what is held of it; raise TableError."""
    tables = getattr(_held, "tables", None)
    if tables is None:
        return read(content, hints)
    key = (hashlib.sha256(content).digest(), hints)
    if key not in tables:
        tables.clear()
        tables[key] = read(content, hints)
    table: SourceTable = tables[key]
    return table
