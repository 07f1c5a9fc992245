"""
Database triggers that keep every number and every date inside its bounds, whoever writes.

They are what a CHECK would be, but for one thing: a row of an earlier release that holds the year 9999
can still be read, and saved with another name. Only a value that is new or that changes is looked at
(decision 35). Guards are taken down before a migration, which could not change a column under them,
and put up again after it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.apps import apps
from django.apps.config import AppConfig
from django.db import connections, models

from pmo.common.records.bounds import bounds_of
from pmo.common.records.broken_rules import OUT_OF_BOUNDS


class Guarded(NamedTuple):
    """A column with the least and the most it may hold, as SQL writes them."""

    column: str
    least: str
    most: str

    def broken(self, *, differs: str) -> str:
        """Return the condition under which a row is refused; `differs` compares with the row before."""
        outside = f"NEW.{self.column} NOT BETWEEN {self.least} AND {self.most}"
        changed = f" AND NEW.{self.column} {differs} OLD.{self.column}" if differs else ""
        return f"({outside}{changed})"


def guarded(model: type[models.Model]) -> list[Guarded]:
    """Return the columns of a model that have bounds."""
    found = []
    for field in model._meta.local_concrete_fields:
        bounds = bounds_of(field)
        if bounds is not None and None not in bounds:
            found.append(Guarded(f'"{field.column}"', *map(_sql, bounds)))
    return found


def _sql(bound: Any) -> str:
    return f"'{bound.isoformat()}'" if isinstance(bound, date) else str(bound)


def put_up(sender: AppConfig | None = None, using: str = "default", **_signal: object) -> None:
    """Create the triggers of one app's tables, or with `sender=None` of all."""
    connection = connections[using]
    written = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for model in _models(sender):
            if columns := guarded(model):
                for statement in written(model._meta.db_table, columns):
                    cursor.execute(statement)


def take_down(sender: AppConfig | None = None, using: str = "default", **_signal: object) -> None:
    """Drop what `put_up` creates, where it is there."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model in _models(sender):
            table = model._meta.db_table
            if table in there:
                for verb in ("insert", "update"):
                    cursor.execute(_dropped(table, verb, connection.vendor))


def _models(sender: AppConfig | None) -> Iterator[type[models.Model]]:
    for model in sender.get_models() if sender else apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            yield model


def _dropped(table: str, verb: str, vendor: str) -> str:
    of = f' ON "{table}"' if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {table}_bounds_{verb}{of}"


def _conditions(
    columns: Sequence[Guarded], *, differs: str
) -> list[tuple[str, str, list[tuple[Guarded, str]]]]:
    """Return verb, event and each column's condition."""
    names = ", ".join(one.column for one in columns)
    return [
        ("insert", "INSERT", [(one, one.broken(differs="")) for one in columns]),
        ("update", f"UPDATE OF {names}", [(one, one.broken(differs=differs)) for one in columns]),
    ]


def _postgresql(table: str, columns: Sequence[Guarded]) -> Iterator[str]:
    for verb, event, broken in _conditions(columns, differs="IS DISTINCT FROM"):
        name = f"{table}_bounds_{verb}"
        tests = " ".join(
            f"IF {condition} THEN RAISE EXCEPTION '{OUT_OF_BOUNDS}: {table}.%', '{_bare(one)}'"
            f" USING ERRCODE = 'check_violation', CONSTRAINT = '{OUT_OF_BOUNDS}',"
            f" TABLE = '{table}', COLUMN = '{_bare(one)}'; END IF;"
            for one, condition in broken
        )
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN {tests} RETURN NEW; END $$"
        )
        # the condition stands at the trigger too: a row that keeps to its bounds calls no function
        when = " OR ".join(condition for _, condition in broken)
        yield (
            f'CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON "{table}"'
            f" FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )


def _sqlite(table: str, columns: Sequence[Guarded]) -> Iterator[str]:
    for verb, event, broken in _conditions(columns, differs="IS NOT"):
        cases = " ".join(
            f"WHEN {condition} THEN RAISE(ABORT, '{OUT_OF_BOUNDS}: {table}.{_bare(one)}')"
            for one, condition in broken
        )
        when = " OR ".join(condition for _, condition in broken)
        yield _dropped(table, verb, "sqlite")
        yield (
            f'CREATE TRIGGER {table}_bounds_{verb} BEFORE {event} ON "{table}"'
            f" FOR EACH ROW WHEN {when} BEGIN SELECT CASE {cases} END; END"
        )


def _bare(one: Guarded) -> str:
    return one.column.strip('"')
