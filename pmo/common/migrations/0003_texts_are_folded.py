"""PostgreSQL gets the function by which names are searched and ordered; SQLite calls Python's."""

from typing import Any

from django.db import migrations

from pmo.common.folding import sql

ALL_LETTERS = "und-x-icu"


def make(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_collation WHERE collname = %s", [ALL_LETTERS])
        # a server built without it lowers letters by the database's own rules
        cursor.execute(sql(f'COLLATE "{ALL_LETTERS}"' if cursor.fetchone() else ""))


def drop(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION rounds_folded(text)")


class Migration(migrations.Migration):
    dependencies = [("common", "0002_clock_in_doubt")]

    operations = [migrations.RunPython(make, drop)]
