"""A mail is about a freeze and holds any number of documents: make room for that."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0001_initial"),
        ("reports", "0009_scopes_of_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Enclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="date",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="is_early",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="delivery",
            name="job",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="common.job",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("collecting", "Waits for the others"),
                    ("waiting", "Waiting"),
                    ("sending", "Being sent"),
                    ("sent", "Sent"),
                    ("uncertain", "Uncertain"),
                    ("failed", "Failed"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="enclosure",
            name="delivery",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enclosures",
                to="reports.delivery",
            ),
        ),
        migrations.AddField(
            model_name="enclosure",
            name="report",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enclosures",
                to="reports.variancereport",
            ),
        ),
        migrations.AddField(
            model_name="enclosure",
            name="summary",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enclosures",
                to="reports.summary",
            ),
        ),
        migrations.AddField(
            model_name="enclosure",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="enclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("report", None), ("summary__isnull", False)),
                    models.Q(("report__isnull", False), ("summary", None)),
                    _connector="OR",
                ),
                name="enclosure_is_one_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="enclosure",
            constraint=models.UniqueConstraint(
                fields=("summary", "user"), name="enclosure_summary_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="enclosure",
            constraint=models.UniqueConstraint(
                fields=("report", "user"), name="enclosure_report_once"
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="summary",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="reports.summary",
            ),
        ),
    ]
