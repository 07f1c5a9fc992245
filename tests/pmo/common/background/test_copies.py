"""An SQLite database is copied before its tables change; only the newest copies are kept."""

import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from pmo.common.background.copies import KEPT, copies_of, keep_copy
from starting.sentences import StartError

AT = datetime(2026, 11, 29, 14, 32, 5, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "rounds.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE word (text TEXT)")
        made.execute("INSERT INTO word VALUES ('kept')")
        made.commit()
    return path


def words(path):
    with closing(sqlite3.connect(path)) as found:
        return found.execute("SELECT text FROM word").fetchall()


def test_the_copy_holds_everything_and_is_its_owner_s(database):
    copy = keep_copy(database, at=AT)

    assert copy.name == "rounds-before-20261129-143205.sqlite3"
    assert words(copy) == [("kept",)]
    assert copy.stat().st_mode & 0o777 == 0o600
    assert list(database.parent.glob("*.part")) == []


def test_the_newest_copies_are_kept(database):
    made = [keep_copy(database, at=AT + timedelta(days=day)) for day in range(KEPT + 2)]

    assert copies_of(database) == sorted(made, reverse=True)[:KEPT]


def test_a_database_without_room_for_its_copy_is_not_changed(database, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1, 1, 1_000_000))

    with pytest.raises(StartError, match="there is no room for a copy of the database"):
        keep_copy(database, at=AT)

    assert copies_of(database) == []
