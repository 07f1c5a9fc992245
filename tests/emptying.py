"""
What a test with real transactions leaves is removed row by row on PostgreSQL.

TRUNCATE, which Django sends, makes new files for a hundred tables and their indexes: more than a second after
each test, for tables that are empty or hold a few rows.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

# fences refuse that rows go, and keys that they go in any order: a replica takes both for checked already
LIKE_A_REPLICA = "SET session_replication_role = replica"
AS_EVER = "SET session_replication_role = DEFAULT"


def empty_by_row() -> None:
    """Let the database be emptied so, where the tests' user may: a superuser, as whoever makes databases mostly is."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return
    operations: Any = type(connection.ops)
    ever = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Sequence[str], **asked: Any) -> list[str]:
        if asked.get("reset_sequences"):
            return list(ever(self, style, tables, **asked))
        emptied = [f"DELETE FROM {self.quote_name(one)}" for one in tables]  # noqa: S608 - names of our own
        return [LIKE_A_REPLICA, *emptied, AS_EVER]

    operations.sql_flush = sql_flush
