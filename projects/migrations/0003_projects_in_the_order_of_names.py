"""
The list of projects is read in an index of the folded names, where the database has that function.

SQLite keeps none: a file with such an index could be written by nothing but Rounds.
"""

from typing import Any

from django.db import migrations

MAKE = """
    CREATE INDEX project_by_folded_name ON projects_project ((rounds_folded(name) COLLATE "C"), id)
"""


def make(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(MAKE)


def drop(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX project_by_folded_name")


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0003_texts_are_folded"),
        ("projects", "0002_categories_are_data"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="project", name="project_by_name"),
        migrations.RunPython(make, drop),
    ]
