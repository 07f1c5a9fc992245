"""PostgreSQL's reading of names follows Python's: typographic signs, invisible characters, digits, blanks."""

from typing import Any

from django.db import migrations

from pmo.common.folding import sql

ALL_LETTERS = "und-x-icu"


def make(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_collation WHERE collname = %s", [ALL_LETTERS])
        cursor.execute(sql(f'COLLATE "{ALL_LETTERS}"' if cursor.fetchone() else ""))
        # what was put in order by the former reading is put in order again
        cursor.execute(
            "SELECT format('%%I.%%I', schemaname, indexname) FROM pg_indexes WHERE indexdef LIKE %s",
            ["%rounds_folded%"],
        )
        for (index,) in cursor.fetchall():
            cursor.execute(f"REINDEX INDEX {index}")


class Migration(migrations.Migration):
    dependencies = [("common", "0004_submissions")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
