from django.db import migrations, models

import pmo.organization.validators


class Migration(migrations.Migration):
    dependencies = [("organization", "0002_settings_of_release_0_1")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="at_first",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AlterField(
            model_name="organization",
            name="time_zone",
            field=models.CharField(
                default="UTC", max_length=64, validators=[pmo.organization.validators.known_zone]
            ),
        ),
    ]
