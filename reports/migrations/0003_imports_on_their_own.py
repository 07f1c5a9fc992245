"""Imports became a wing with a label of its own: forget their two models here, and leave their tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_freeze_now")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="ImportRun"),
                migrations.DeleteModel(name="ImportProfile"),
            ]
        )
    ]
