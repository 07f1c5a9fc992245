"""
How much one transaction does, and how long the next one waits, so that nobody else waits for long.

On PostgreSQL others wait only for the head of the trail, which a chunk takes at its end, and whoever waits
goes next. SQLite lets nobody else write: one writer at a time, and who waits looks again after
1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50 ms and then every 100 ms. The pause is as long as the time between
two such looks, or a writer that came late in a chunk would miss it again and again.

Each transaction costs some 10 ms before its first row, so a chunk never gets so small, on a machine that is
busy, that these are most of it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

SECONDS, SQLITE_SECONDS = 0.5, 0.08  # that one transaction may take
PAUSE = 0.001  # for others of this process
SQLITE_PAUSE, SQLITE_LONG = 0.055, 0.11
LOOKS_OFTEN = 0.15  # seconds for which who waits at SQLite looks at least every 50 ms


class Pace:
    """How many rows the next transaction takes, by what the last one took; nobody waits for one alone."""

    def __init__(
        self, *, first: int = 10, least: int = 6, most: int = 250, is_alone: bool = False
    ) -> None:
        self.size, self._least, self._most = first, least, most
        self._is_alone = is_alone
        self.did = first

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Time one transaction, set the next size, and let others write; `did` tells if it took fewer rows."""
        self.did = self.size
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        may_take = SQLITE_SECONDS if _is_sqlite() and not self._is_alone else SECONDS
        fits = int(self.did * may_take / max(took, 0.001))
        self.size = max(self._least, min(self._most, fits, self.size * 2))
        if not self._is_alone:
            pause(took)


def pause(after: float = 0.0) -> None:
    """Let others write after a transaction of so many seconds, unless one around it all keeps them out."""
    connection = transaction.get_connection()
    if connection.in_atomic_block:
        return
    if _is_sqlite():
        time.sleep(SQLITE_PAUSE if after < LOOKS_OFTEN else SQLITE_LONG)
    else:
        time.sleep(PAUSE)


def _is_sqlite() -> bool:
    return bool(transaction.get_connection().vendor == "sqlite")
