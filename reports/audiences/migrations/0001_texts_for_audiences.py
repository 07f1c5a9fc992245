"""Texts for audiences, drafted from issued summaries and kept with their versions."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pmo.common.records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("projects", "0006_engagement_as_it_stands"),
        ("reports", "0013_held_mails"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AudienceText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    "audience",
                    models.CharField(
                        choices=[
                            ("newsletter", "Newsletter"),
                            ("town_hall", "Town hall"),
                            ("patients", "Patients"),
                            ("board", "Board"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", pmo.common.records.fields.Line(max_length=160)),
                ("body", pmo.common.records.fields.Prose(blank=True, default="", max_length=6000)),
                ("drafted", models.JSONField(default=list, editable=False)),
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
                (
                    "projects",
                    models.ManyToManyField(editable=False, related_name="+", to="projects.project"),
                ),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audience_texts",
                        to="reports.summary",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("summary", "audience"),
                        name="audiencetext_once",
                        violation_error_message="This summary has a text for this audience already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                        ),
                        name="audiencetext_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TextVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", pmo.common.records.fields.Line(max_length=160)),
                ("body", pmo.common.records.fields.Prose(blank=True, default="", max_length=6000)),
                ("saved_at", models.DateTimeField()),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="audiences.audiencetext",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("text", "number"), name="textversion_once")
                ],
            },
        ),
    ]
