"""
A copy of the database in memory, for work that is taken back.

SQLite lets one write at a time: what is only tried would keep everybody else from writing. On PostgreSQL
nobody waits for it, and there is no copy (decision 45).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

MOST = 64 * 1024 * 1024  # bytes, of memory too; a larger database is tried on itself
OF_A_COPY = "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"


class Aside:
    """Where something is tried: apart, or where there is no copy on the database itself."""

    def __init__(self, home: Any, copy: Any) -> None:
        self._home, self._copy = home, copy

    @property
    def is_apart(self) -> bool:
        return self._copy is not self._home

    @contextmanager
    def at_home(self) -> Iterator[None]:
        """Within, read and write what everybody reads and writes."""
        connections[DEFAULT_DB_ALIAS] = self._home
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = self._copy


@contextmanager
def aside() -> Iterator[Aside]:
    """Within, what this thread reads is as of now, and what it writes is nowhere afterwards, where there is a copy."""
    home = connections[DEFAULT_DB_ALIAS]
    copy = _copy_of(home)
    if copy is None:
        yield Aside(home, home)
        return
    connections[DEFAULT_DB_ALIAS] = copy
    try:
        yield Aside(home, copy)
    finally:
        connections[DEFAULT_DB_ALIAS] = home
        copy.connection.close()  # Django keeps one that is in memory


def _copy_of(home: Any) -> Any:
    """Return a connection to a copy; None where none is needed, or it would be too large or fails."""
    if home.vendor != "sqlite" or home.in_atomic_block or _size(home) > MOST:
        return None
    options = {**home.settings_dict["OPTIONS"], "init_command": OF_A_COPY}
    copy = type(home)({**home.settings_dict, "NAME": ":memory:", "OPTIONS": options}, home.alias)
    try:
        home.ensure_connection()
        copy.ensure_connection()
        home.connection.backup(copy.connection)
    except (DatabaseError, sqlite3.Error, MemoryError):
        if copy.connection is not None:
            copy.connection.close()
        return None
    return copy


def _size(home: Any) -> int:
    """Return the bytes of the database's files."""
    name = Path(home.settings_dict["NAME"])
    files = (name, name.with_name(f"{name.name}-wal"))
    return sum(one.stat().st_size for one in files if one.exists())
