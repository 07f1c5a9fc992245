"""Keep a copy of an SQLite database beside it before its tables change, and forget the oldest ones."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from starting.sentences import StartError

KEPT = 3
SPARE_BYTES = 20_000_000
MEGABYTE = 1_000_000


def keep_copy(database: Path, *, at: datetime) -> Path:
    """Copy a database that may be in use; raises StartError where there is no room for it."""
    size = database.stat().st_size
    free = shutil.disk_usage(database.parent).free
    if free < size + SPARE_BYTES:
        raise StartError(
            f"The tables have to be brought up to date, and there is no room for a copy of the"
            f" database before that ({size / MEGABYTE:.0f} MB, {free / MEGABYTE:.0f} MB free)."
            " Make room, then start again."
        )
    copy = database.with_name(f"{database.stem}-before-{at:%Y%m%d-%H%M%S}.sqlite3")
    draft = copy.with_suffix(".part")
    draft.touch(mode=0o600)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target)
    draft.rename(copy)
    forget_old_copies(database)
    return copy


def copies_of(database: Path) -> list[Path]:
    """Return the copies of a database, the newest first; their names hold the time."""
    return sorted(database.parent.glob(f"{database.stem}-before-*.sqlite3"), reverse=True)


def forget_old_copies(database: Path) -> None:
    for old in copies_of(database)[KEPT:]:
        old.unlink(missing_ok=True)
