"""Which categories there are is data of the organization; projects keep the code of theirs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        # the codes of release 0.1 are put into that table
        ("organization", "0001_initial"),
        ("projects", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="project",
            name="category",
            field=models.CharField(default="other", max_length=20),
        ),
    ]
