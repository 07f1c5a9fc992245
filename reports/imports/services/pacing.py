"""
How much one transaction does, and how long the next one waits, so that nobody else waits for long.

On PostgreSQL others wait only for the head of the trail, which a chunk takes at its end, and whoever waits
goes next. SQLite lets nobody else write, and has no queue: chunks are shorter there, and whoever was found
waiting goes first (decision 49).

Each transaction costs some 10 ms before its first row, so a chunk never gets so small, on a machine that is
busy, that these are most of it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from pmo.common.records.turns import let_others

SECONDS, SQLITE_SECONDS = 0.5, 0.1  # that one transaction may take
PAUSE = 0.001  # for others of this process
MOST_PAUSE = 0.2  # for all who wait at SQLite


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
            pause()


def pause() -> None:
    """Let others write, unless a transaction around it all keeps them out."""
    if transaction.get_connection().in_atomic_block:
        return
    time.sleep(PAUSE)
    let_others(at_most=MOST_PAUSE)


def _is_sqlite() -> bool:
    return bool(transaction.get_connection().vendor == "sqlite")
