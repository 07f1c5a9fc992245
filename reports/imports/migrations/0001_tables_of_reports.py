"""The two tables of imports, which the reports made: they stay where they are, under a label of their own."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pmo.common.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("common", "0001_initial"),
        ("portfolio", "0001_initial"),
        ("reports", "0003_imports_on_their_own"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ImportProfile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "changed_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "name",
                            pmo.common.fields.Line(
                                error_messages={"unique": "Another profile already has this name."},
                                max_length=80,
                                unique=True,
                            ),
                        ),
                        ("document", models.JSONField(default=dict)),
                        (
                            "changed_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "reports_importprofile",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="importprofile_name_not_blank",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("file_name", pmo.common.fields.Line(max_length=200)),
                        ("content", models.BinaryField(default=bytes)),
                        ("digest", models.CharField(max_length=64)),
                        ("size", models.PositiveIntegerField()),
                        ("document", models.JSONField(default=dict)),
                        ("as_of", models.DateField(blank=True, null=True)),
                        ("is_complete", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("mapping", "Choose columns"),
                                    ("checking", "Being checked"),
                                    ("faulty", "Has problems"),
                                    ("ready", "Ready to apply"),
                                    ("applying", "Being applied"),
                                    ("applied", "Applied"),
                                    ("discarded", "Discarded"),
                                    ("forgotten", "Forgotten, nobody applied it"),
                                ],
                                default="mapping",
                                max_length=10,
                            ),
                        ),
                        ("report", models.JSONField(default=dict)),
                        ("checks", models.PositiveSmallIntegerField(default=0)),
                        ("created_at", models.DateTimeField()),
                        ("applied_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="import_runs",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "job",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="common.job",
                            ),
                        ),
                        (
                            "portfolio",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="import_runs",
                                to="portfolio.portfolio",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "reports_importrun",
                        "indexes": [
                            models.Index(fields=["created_by", "-id"], name="importrun_by_person")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "mapping",
                                            "checking",
                                            "faulty",
                                            "ready",
                                            "applying",
                                            "applied",
                                            "discarded",
                                            "forgotten",
                                        ],
                                    )
                                ),
                                name="importrun_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "applied"), ("applied_at__isnull", False)),
                                    models.Q(
                                        models.Q(("state", "applied"), _negated=True),
                                        ("applied_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="importrun_applied_has_time",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
