import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0002_imports_row_by_row"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="followers",
                to="imports.importrun",
            ),
        ),
    ]
