"""An installation of release 0.1 keeps what its environment said: from now on it is in the database."""

from typing import Any

from django.conf import settings
from django.db import migrations

ONLY = 1


def keep(apps: Any, _schema_editor: Any) -> None:
    if not apps.get_model("accounts", "User").objects.exists():
        return
    apps.get_model("organization", "Organization").objects.get_or_create(
        pk=ONLY,
        defaults={
            "name": settings.ORGANIZATION_NAME,
            "currency": settings.CURRENCY,
            "fiscal_year_start_month": settings.FISCAL_YEAR_START_MONTH,
            "time_zone": settings.TIME_ZONE,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_person_without_address"),
        ("organization", "0001_initial"),
    ]

    operations = [
        # backwards there is nothing to do: the row goes with its table
        migrations.RunPython(keep, migrations.RunPython.noop)
    ]
