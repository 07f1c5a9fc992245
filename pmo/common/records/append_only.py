"""
Database triggers that keep the past as it was written, also from whoever goes round the services.

A fence refuses UPDATE and DELETE of the rows it covers, and INSERT where it is closed: a part must
not join a whole that was approved without it. The owner of the database can take it down; for that
there is the audit chain. Fences are put up after each migration.

A fence that spares lets a row go while the table SPARED names it: for the undo of an import, which takes
back its own rows that nothing refers to, and takes the name out again in the same transaction.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.apps.config import AppConfig
from django.conf import settings
from django.db import connections, models

PG_FUNCTION = """
CREATE OR REPLACE FUNCTION rounds_fence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME; END $$
"""
SPARED = "reports_importspared"
PG_SPARING = f"""
CREATE OR REPLACE FUNCTION rounds_fence_sparing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS
    (SELECT 1 FROM {SPARED} s WHERE s.of_table = TG_TABLE_NAME AND s.row = OLD.id) THEN RETURN OLD;
  END IF;
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME;
END $$
"""  # noqa: S608 - a constant of this file
CLOSED = "rows of {table} are never added afterwards"


class Fence(NamedTuple):
    """
    `covers` is a condition on OLD in SQL; empty covers every row of the table.

    `closed` is one on NEW under which no row is added; empty lets every row in. `spares` says whether a
    row that SPARED names may go. `lets` is a condition on OLD and NEW under which a row may change after
    all, in the columns `moves` and in no other: what a decision supersedes says so.
    """

    table: str
    covers: str
    closed: str
    spares: bool = False
    lets: str = ""
    moves: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def unless_let(self, same: str) -> str:
        """Return when an UPDATE is refused; `same` compares two values, unknown ones too."""
        kept = [f'NEW."{one}" {same} OLD."{one}"' for one in self.columns if one not in self.moves]
        let = " AND ".join([f"({self.lets})", *kept])
        return f"({self.covers or 'TRUE'}) AND NOT ({let})"


_fences: dict[str, Fence] = {}


def fence(
    model: type[models.Model],
    covers: str = "",
    *,
    closed: str = "",
    spares: bool = False,
    lets: str = "",
    moves: tuple[str, ...] = (),
) -> None:
    """Register a fence; call it from the app's `ready()`."""
    table = model._meta.db_table
    columns = tuple(str(one.column) for one in model._meta.local_concrete_fields)
    _fences[table] = Fence(table, covers, closed, spares, lets, moves, columns)


def put_up(sender: AppConfig | None = None, using: str = "default", **_signal: object) -> None:
    """Create the triggers of one app's tables, or with `sender=None` of all."""
    label = f"{sender.label}_" if sender else ""
    for one in _fences.values():
        if one.table.startswith(label):
            _put_up(one, using)


def _put_up(one: Fence, using: str) -> None:
    connection = connections[using]
    written = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for statement in written(one, connection.ops.quote_name(one.table)):
            cursor.execute(statement)


def _postgresql(one: Fence, table: str) -> Iterator[str]:
    when = f"WHEN ({one.covers})" if one.covers else ""
    function = "rounds_fence_sparing" if one.spares else "rounds_fence"
    yield PG_SPARING if one.spares else PG_FUNCTION
    verbs = "DELETE" if one.lets else "UPDATE OR DELETE"
    yield (
        f"CREATE OR REPLACE TRIGGER {one.table}_fence BEFORE {verbs} ON {table}"
        f" FOR EACH ROW {when} EXECUTE FUNCTION {function}()"
    )
    if one.lets:
        yield (
            f"CREATE OR REPLACE TRIGGER {one.table}_fence_update BEFORE UPDATE ON {table}"
            f" FOR EACH ROW WHEN ({one.unless_let('IS NOT DISTINCT FROM')})"
            f" EXECUTE FUNCTION {function}()"
        )
    if one.closed:
        # in the function: a trigger's own condition may not look into another table
        yield (
            f"CREATE OR REPLACE FUNCTION {one.table}_closed() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN IF {one.closed} THEN RAISE EXCEPTION '{CLOSED.format(table=one.table)}';"
            " END IF; RETURN NEW; END $$"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {one.table}_fence_insert BEFORE INSERT ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {one.table}_closed()"
        )


def _sqlite(one: Fence, table: str) -> Iterator[str]:
    kept = (one.covers, f"rows of {one.table} are never changed or removed")
    verbs = {"UPDATE": (one.unless_let("IS"), kept[1]) if one.lets else kept}
    if settings.FENCE_DELETES:
        verbs["DELETE"] = (_unless_spared(one), kept[1]) if one.spares else kept
    if one.closed:
        verbs["INSERT"] = (one.closed, CLOSED.format(table=one.table))
    for verb, (condition, sentence) in verbs.items():
        when = f"WHEN {condition}" if condition else ""
        yield f"DROP TRIGGER IF EXISTS {one.table}_fence_{verb.lower()}"
        yield (
            f"CREATE TRIGGER {one.table}_fence_{verb.lower()} BEFORE {verb} ON {table} {when}"
            f" BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


def _unless_spared(one: Fence) -> str:
    named = f"SELECT row FROM {SPARED} WHERE of_table = '{one.table}'"  # noqa: S608 - names of our own
    unnamed = f"OLD.id NOT IN ({named})"
    return f"({one.covers}) AND {unnamed}" if one.covers else unnamed
