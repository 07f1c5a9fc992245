"""
What was read or worked out a moment ago is not done again.

Both take seconds where a file is large, and on SQLite nobody else may write while a form's transaction is
open. So what a form needs of a file is made before that transaction, and found here inside it.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from pmo.common.tabular.reading import read
from pmo.common.tabular.table import Hints, SourceTable

Made = TypeVar("Made")
_held: ContextVar[dict[Hashable, Any] | None] = ContextVar("what was made", default=None)


@contextmanager
def keeping() -> Iterator[None]:
    """Within, hold what is made by `held`."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def held(key: Hashable, make: Callable[[], Made]) -> Made:
    """Make it, or return what was made for this key; nobody may change what is returned."""
    known = _held.get()
    if known is None:
        return make()
    if key not in known:
        known[key] = make()
    made: Made = known[key]
    return made


def table_from(content: bytes, hints: Hints | None = None) -> SourceTable:
    """Read a file, or return what is held of it; raise TableError."""
    return held((hashlib.sha256(content).digest(), hints), lambda: read(content, hints))
