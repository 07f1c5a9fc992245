"""
Snapshots know whom their names mean: two managers of one name are two people.

Live rows are filled in here; what is frozen keeps the names it has, for nothing frozen is rewritten.
"""

from datetime import date

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery

LIVE = date(9999, 12, 31)


def fill_live_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    del schema_editor
    snapshots = apps.get_model("reports", "Snapshot")._base_manager
    members = apps.get_model("projects", "ProjectMember").objects
    projects = apps.get_model("projects", "Project").objects
    manager = members.filter(project=OuterRef("project"), role="manager").order_by("pk")
    program = projects.filter(pk=OuterRef("project"))
    snapshots.filter(date=LIVE).update(
        manager=Subquery(manager.values("user")[:1]),
        program=Subquery(program.values("program")[:1]),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_categories_are_data"),
        ("reports", "0004_drafts_in_todays_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="manager",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="program",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.program",
            ),
        ),
        # going back drops the columns, so there is nothing to undo
        migrations.RunPython(fill_live_rows, migrations.RunPython.noop, elidable=False),
    ]
