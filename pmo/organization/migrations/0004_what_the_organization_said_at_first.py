"""Documents of release 0.1 keep no letterhead: theirs is what the organization said at the upgrade."""

from typing import Any

from django.db import migrations

KEPT = ("name", "currency", "currency_after", "time_zone")


def keep(apps: Any, _schema_editor: Any) -> None:
    for row in apps.get_model("organization", "Organization").objects.filter(at_first={}):
        row.at_first = {name: getattr(row, name) for name in KEPT}
        row.save(update_fields=["at_first"])


class Migration(migrations.Migration):
    dependencies = [("organization", "0003_letterhead_of_old_documents")]

    operations = [
        # backwards there is nothing to do: the values go with their column
        migrations.RunPython(keep, migrations.RunPython.noop)
    ]
