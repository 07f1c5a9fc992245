import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_person_without_address"),
        ("common", "0001_initial"),
        ("portfolio", "0001_initial"),
        ("projects", "0001_initial"),
        ("reports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="freeze",
            name="freeze_once_for_all",
        ),
        migrations.RemoveConstraint(
            model_name="frozenmilestone",
            name="frozenmilestone_once",
        ),
        migrations.RemoveConstraint(
            model_name="snapshot",
            name="snapshot_one_per_date",
        ),
        migrations.RemoveConstraint(
            model_name="summary",
            name="summary_once_per_week",
        ),
        migrations.RemoveConstraint(
            model_name="variancereport",
            name="variancereport_once_per_period",
        ),
        migrations.RemoveConstraint(
            model_name="variancereport",
            name="variancereport_once_alone",
        ),
        migrations.RemoveIndex(
            model_name="snapshot",
            name="snapshot_colors",
        ),
        migrations.AddField(
            model_name="freeze",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="frozenmilestone",
            name="is_early",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="is_early",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="summary",
            name="is_early",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="variancereport",
            name="is_early",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="freeze",
            name="kind",
            field=models.CharField(
                choices=[
                    ("week", "Weekly freeze"),
                    ("early", "Taken early"),
                    ("import", "Imported as of a date"),
                ],
                default="week",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(
                fields=["date", "is_active", "overall", "overall_before"],
                include=("project", "is_early", "milestones_late", "high_risks"),
                name="snapshot_colors",
            ),
        ),
        migrations.AddConstraint(
            model_name="freeze",
            constraint=models.UniqueConstraint(
                condition=models.Q(("portfolio", None)),
                fields=("date", "kind"),
                name="freeze_once_for_all_and_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="frozenmilestone",
            constraint=models.UniqueConstraint(
                fields=("date", "project", "milestone", "is_early"),
                name="frozenmilestone_once_per_freeze",
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(
                fields=("project", "date", "is_early"), name="snapshot_one_per_freeze"
            ),
        ),
        migrations.AddConstraint(
            model_name="summary",
            constraint=models.UniqueConstraint(
                fields=("portfolio", "date", "is_early"), name="summary_once_per_freeze"
            ),
        ),
        migrations.AddConstraint(
            model_name="variancereport",
            constraint=models.UniqueConstraint(
                fields=("portfolio", "date", "is_early", "compared_with"),
                name="variancereport_once_per_freezes",
            ),
        ),
        migrations.AddConstraint(
            model_name="variancereport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("compared_with", None)),
                fields=("portfolio", "date", "is_early"),
                name="variancereport_once_per_freeze",
            ),
        ),
    ]
