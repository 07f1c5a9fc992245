"""Every mail has its freeze and its enclosures by now: let go of the one summary that it was about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0011_what_mails_held")]

    operations = [
        migrations.RemoveConstraint(model_name="delivery", name="delivery_once_per_reader"),
        migrations.RemoveField(model_name="delivery", name="summary"),
        migrations.AlterField(model_name="delivery", name="date", field=models.DateField()),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "collecting")),
                fields=("user", "date", "is_early"),
                name="delivery_collects_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "collecting"), _negated=True),
                    ("due_at__isnull", False),
                    _connector="OR",
                ),
                name="delivery_collecting_is_due",
            ),
        ),
    ]
