"""
The tests' database is built once for a state of the code; each process of tests gets a copy.

The migrations draw a hundred models again and again: half a minute of a core. Three processes built it in each
of three suites, and one before the first test that a developer asked for. `migrate` still runs on each copy.
"""

import fcntl
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import connection
from django.utils import timezone

from tests.tree import PACKAGES, ROOT

PLACE = ROOT / ".pytest_cache" / "databases"
# rooms in which nothing is that a migration, or what follows one, asks for
ABOVE = {
    "views",
    "words",
    "forms",
    "selectors",
    "serializers",
    "api",
    "filters",
    "urls",
    "charts",
    "page",
    "demo",
}


def state() -> str:
    """Return what names everything that a built database depends on."""
    # what the first migration writes has the day on which it ran, which the run may have moved
    given = (django.VERSION, sqlite3.sqlite_version, timezone.localdate())
    found = hashlib.sha256(repr(given).encode())
    for path in sorted((*tracked(), *(ROOT / "requirements").glob("*.txt"))):
        found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:20]


def tracked() -> Iterator[Path]:
    """Yield the files of the packages below the rooms that a database does not depend on."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            rooms = path.relative_to(ROOT).with_suffix("").parts
            if path.is_file() and path.suffix != ".pyc" and not ABOVE & set(rooms):
                yield path


class File:
    """Copies SQLite's file; those of older states are forgotten."""

    def __init__(self, own: str) -> None:
        self.own = Path(own)
        self.ready = PLACE / f"{state()}.sqlite3"

    def take(self) -> bool:
        if self.ready.is_file():
            shutil.copyfile(self.ready, self.own)
        return self.ready.is_file()

    def keep(self) -> None:
        whole = self.ready.with_suffix(".part")
        with closing(sqlite3.connect(self.own)) as built, closing(sqlite3.connect(whole)) as kept:
            built.backup(kept)
        for older in PLACE.glob("*.sqlite3"):
            older.unlink()
        whole.rename(self.ready)

    def drop(self) -> None:
        self.own.unlink(missing_ok=True)


class Server:
    """Lets PostgreSQL copy a database that no one is connected to; those of older states are dropped."""

    def __init__(self, own: str) -> None:
        self.own = own
        self.family = f"ready_{connection.settings_dict['NAME']}_"[:40]
        self.ready = f"{self.family}{state()}"

    def asked(self, *statements: str) -> list[Any]:
        """Send statements outside every transaction; returns the rows of the last."""
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django makes its own
            for one in statements:
                cursor.execute(one)
            return list(cursor.fetchall()) if cursor.description else []

    def named(self, like: str) -> list[str]:
        """Return the databases so called; `%` stands for any ending."""
        asked = f"SELECT datname FROM pg_database WHERE datname LIKE '{like}'"  # noqa: S608 - names of our own
        return [name for (name,) in self.asked(asked)]

    def copy(self, one: str, other: str) -> None:
        self.asked(
            f'DROP DATABASE IF EXISTS "{other}"', f'CREATE DATABASE "{other}" TEMPLATE "{one}"'
        )

    def take(self) -> bool:
        if not self.named(self.ready):
            self.drop()
            return False
        self.copy(self.ready, self.own)
        return True

    def keep(self) -> None:
        connection.close()
        for older in self.named(f"{self.family}%"):
            self.asked(f'DROP DATABASE "{older}"')
        self.copy(self.own, self.ready)

    def drop(self) -> None:
        connection.close()
        self.asked(f'DROP DATABASE IF EXISTS "{self.own}"')


class Ready:
    """A copy that was taken, or the promise to keep one: until then the other processes stand before the lock."""

    def __init__(self) -> None:
        PLACE.mkdir(parents=True, exist_ok=True)
        self.own = connection.creation._get_test_db_name()
        self.database = (Server if connection.vendor == "postgresql" else File)(self.own)
        self.lock = (PLACE / f"{connection.vendor}.lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.is_copy = self.database.take()
        if self.is_copy:
            self.lock.close()

    def built(self) -> None:
        if not self.is_copy:
            # none of the chosen tests may have asked for a database: then nothing was built
            if str(connection.settings_dict["NAME"]) == self.own:
                self.database.keep()
            self.lock.close()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Let pytest-django take the database that lies there, and leave it to us to drop it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> Iterator[Ready]:
    with django_db_blocker.unblock():
        ready = Ready()
        yield ready
        ready.database.drop()
