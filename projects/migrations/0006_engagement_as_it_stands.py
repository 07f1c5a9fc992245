"""Begin each stakeholder's history of engagement with how it stood when it was last saved."""

from typing import Any

from django.db import migrations
from django.utils import timezone


def begin(apps: Any, schema_editor: Any) -> None:
    del schema_editor
    stakeholders = apps.get_model("projects", "Stakeholder")
    records = apps.get_model("projects", "EngagementRecord")
    rows = stakeholders.objects.values_list(
        "pk", "project_id", "engagement", "engagement_wanted", "changed_at", "changed_by_id"
    )
    records.objects.bulk_create(
        (
            records(
                stakeholder_id=pk,
                project_id=project,
                engagement=now,
                engagement_wanted=wanted,
                noted_on=timezone.localtime(at).date(),
                noted_by_id=by,
            )
            for pk, project, now, wanted, at, by in rows.iterator()
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_stakeholders_of_the_organization")]

    # the table goes with the step before, so nothing is to be taken back here
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
