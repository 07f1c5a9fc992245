"""
Database triggers that keep the past as it was written, also from whoever goes round the services.

A fence refuses UPDATE and DELETE of the rows it covers. The owner of the database can take it down;
for that there is the audit chain. Fences are put up after each migration.
"""

from typing import NamedTuple

from django.apps.config import AppConfig
from django.conf import settings
from django.db import connections, models

PG_FUNCTION = """
CREATE OR REPLACE FUNCTION rounds_fence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME; END $$
"""


class Fence(NamedTuple):
    """`covers` is a condition on OLD in SQL; empty covers every row of the table."""

    table: str
    covers: str


_fences: dict[str, Fence] = {}


def fence(model: type[models.Model], covers: str = "") -> None:
    """Register a fence; call it from the app's `ready()`."""
    table = model._meta.db_table
    _fences[table] = Fence(table, covers)


def put_up(sender: AppConfig | None = None, using: str = "default", **_signal: object) -> None:
    """Create the triggers of one app's tables, or with `sender=None` of all."""
    label = f"{sender.label}_" if sender else ""
    for one in _fences.values():
        if one.table.startswith(label):
            _put_up(one, using)


def _put_up(one: Fence, using: str) -> None:
    connection = connections[using]
    table = connection.ops.quote_name(one.table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            when = f"WHEN ({one.covers})" if one.covers else ""
            cursor.execute(PG_FUNCTION)
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {one.table}_fence BEFORE UPDATE OR DELETE ON {table}"
                f" FOR EACH ROW {when} EXECUTE FUNCTION rounds_fence()"
            )
            return
        when = f"WHEN {one.covers}" if one.covers else ""
        for verb in ("UPDATE", "DELETE") if settings.FENCE_DELETES else ("UPDATE",):
            cursor.execute(f"DROP TRIGGER IF EXISTS {one.table}_fence_{verb.lower()}")
            cursor.execute(
                f"CREATE TRIGGER {one.table}_fence_{verb.lower()} BEFORE {verb} ON {table} {when}"
                f" BEGIN SELECT RAISE(ABORT, 'rows of {one.table} are never changed or removed'); END"
            )
