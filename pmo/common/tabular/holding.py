"""
A file that was read a moment ago is not read again.

Reading takes seconds where a file is large, and on SQLite nobody else may write while a form's transaction is
open. So what a form needs of a file is read before that transaction, and found here inside it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pmo.common.tabular.reading import read
from pmo.common.tabular.table import Hints, SourceTable

_Held = dict[tuple[bytes, Hints | None], SourceTable]
_held: ContextVar[_Held | None] = ContextVar("tables that were read", default=None)


@contextmanager
def holding_tables() -> Iterator[None]:
    """Within, hold the tables that are read."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def table_from(content: bytes, hints: Hints | None = None) -> SourceTable:
    """Read a file, or return what is held of it; raise TableError."""
    tables = _held.get()
    if tables is None:
        return read(content, hints)
    key = (hashlib.sha256(content).digest(), hints)
    if key not in tables:
        tables[key] = read(content, hints)
    return tables[key]
