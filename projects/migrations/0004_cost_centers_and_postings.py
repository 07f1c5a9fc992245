"""A budget line knows its cost center; a cost knows the posting it came from, so that none comes twice."""

from django.conf import settings
from django.db import migrations, models

import pmo.common.records.fields


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_projects_in_the_order_of_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="budgetline",
            name="cost_center",
            field=pmo.common.records.fields.Line(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="costentry",
            name="source",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="costentry",
            name="source_id",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddConstraint(
            model_name="costentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_id", ""), _negated=True),
                fields=("kind", "source", "source_id"),
                name="costentry_once_per_source",
                violation_error_message="This posting is here already.",
            ),
        ),
    ]
