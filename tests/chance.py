"""
What a row's id and an unordered query leave to chance, dealt another way: `pytest --by-chance`.

A test that passes only with small ids, with ids of as many digits, with two records of one id or in
the order in which rows happen to lie on the disk is found before a busy machine finds it.
"""

import random
from typing import Any

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from tests.emptying import empty_by_row
from tests.ready import Ready

# the next row or the one after it has a digit more, or a number that no other table is near
LAST_IDS = (7, 8, 9, 30, 97, 98, 99, 500, 997, 998, 999)


def turn_round(connection: Any, **_rest: Any) -> None:
    """Let SQLite give the rows that no query orders from the last to the first."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA reverse_unordered_selects = ON")


def deal(seed: int) -> None:
    """Let each table count from another number."""
    chosen = random.Random(seed)  # noqa: S311 - nothing secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        for (name,) in sorted(cursor.fetchall()):
            cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [name])
            last = max(cursor.fetchone()[0] or 0, chosen.choice(LAST_IDS))
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last])


@pytest.fixture(scope="session")
def django_db_setup(
    request: Any, django_db_setup: None, django_db_modify_db_settings: Ready, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        django_db_modify_db_settings.built()
        empty_by_row()
    if not request.config.getoption("--by-chance"):
        return
    if connection.vendor != "sqlite":
        raise pytest.UsageError("--by-chance turns the rows of SQLite round: run it there.")
    connection_created.connect(turn_round)
    with django_db_blocker.unblock():
        connection.close()
        deal(request.config.getoption("randomly_seed", 1))
