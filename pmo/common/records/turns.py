"""
Who waits to write is known, so that long work pauses only where somebody does.

SQLite has one writer and no queue: whoever waits looks again now and then, and whoever writes chunk after
chunk is there first each time. So a connection that finds another one writing holds a shared lock on a
file beside the database for as long as it waits, and looks often. The system takes that lock back from a
process that ends, however it ends. Nobody needs the lock to write (decision 49); PostgreSQL has a queue.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

SQLITE_IS_BUSY = {5, 6}  # somebody else was writing for as long as this one would wait
OFTEN, SELDOM = 0.001, 0.02  # seconds between two looks: of one who came now, and long ago
TAIL = "-waiting"


def is_busy(error: BaseException) -> bool:
    """Say whether SQLite refused because another connection writes."""
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    return isinstance(error, OperationalError) and code & 0xFF in SQLITE_IS_BUSY


class _Turn:
    """Lets a connection's statements wait for their turn, `seconds` at most."""

    def __init__(self, database: str, seconds: float) -> None:
        self.file, self.seconds = f"{database}{TAIL}", seconds

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,  # noqa: FBT001 - Django calls it so
        context: Any,
    ) -> Any:
        if context["connection"].in_atomic_block:
            return execute(sql, params, many, context)
        try:
            return execute(sql, params, many, context)
        except OperationalError as error:
            # of many, some may be written by now
            if many or not is_busy(error):
                raise
        return self._wait(lambda: execute(sql, params, many, context))

    def _wait(self, act: Callable[[], Any]) -> Any:
        began = time.monotonic()
        with _seen(self.file) as see:
            while True:
                see()
                waited = time.monotonic() - began
                time.sleep(min(max(OFTEN, waited / 100), SELDOM))
                try:
                    return act()
                except OperationalError as error:
                    if waited >= self.seconds or not is_busy(error):
                        raise


@contextmanager
def _seen(file: str) -> Iterator[Callable[[], object]]:
    """Within, and once what this yields was called, others see that somebody waits; never waits itself."""
    try:
        handle = _opened(file)
    except OSError:  # whoever writes a lot pauses then as if somebody waited
        yield lambda: None
        return
    try:
        yield partial(_is_free, handle, fcntl.LOCK_SH)
    finally:
        os.close(handle)


def _opened(file: str) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)


def _is_free(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def take_turns(connection: Any, **_signal: object) -> None:
    """Let a new connection wait so; SQLite's own waiting tells nobody and takes up to 0.1 s from look to look."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    connection.connection.execute("PRAGMA busy_timeout = 0")  # no query of a page's
    if _turn_of(connection) is None:
        named = connection.settings_dict
        seconds = named["OPTIONS"].get("timeout", 5.0)
        connection.execute_wrappers.append(_Turn(str(named["NAME"]), seconds))


def _turn_of(connection: Any) -> _Turn | None:
    return next((one for one in connection.execute_wrappers if isinstance(one, _Turn)), None)


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Within, give up after so long; on PostgreSQL this says nothing."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    turn = _turn_of(connection)
    if turn is None:
        yield
        return
    before, turn.seconds = turn.seconds, seconds
    try:
        yield
    finally:
        turn.seconds = before


def let_others(*, at_most: float) -> None:
    """Return when nobody waits for the database any more, after so many seconds at the latest."""
    turn = _turn_of(connections[DEFAULT_DB_ALIAS])
    until = time.monotonic() + at_most
    while turn is not None and _somebody_waits(turn.file) and time.monotonic() < until:
        time.sleep(OFTEN)


def _somebody_waits(file: str) -> bool:
    try:
        handle = _opened(file)
    except OSError:
        return True
    try:
        return not _is_free(handle, fcntl.LOCK_EX)
    finally:
        os.close(handle)
