"""The organization knows its stakeholders once; projects refer to them, and keep who talks to each."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pmo.common.records.fields


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0004_cost_centers_and_postings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="stakeholder",
            name="action_due",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="stakeholder",
            name="category",
            field=models.CharField(
                blank=True,
                choices=[
                    ("c_suite", "Executives"),
                    ("medical_staff", "Medical staff"),
                    ("nursing", "Nursing"),
                    ("clinical_services", "Clinical services"),
                    ("it", "Information technology"),
                    ("patients", "Patients"),
                    ("board", "Board"),
                    ("vendors", "Vendors"),
                    ("payers", "Payers"),
                    ("unions", "Unions"),
                    ("regulators", "Regulators"),
                ],
                default="",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="stakeholder",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stakeholders_led",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="StakeholderGroup",
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
                    "name",
                    pmo.common.records.fields.Line(
                        error_messages={"unique": "The register already has this group."},
                        max_length=120,
                        unique=True,
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("c_suite", "Executives"),
                            ("medical_staff", "Medical staff"),
                            ("nursing", "Nursing"),
                            ("clinical_services", "Clinical services"),
                            ("it", "Information technology"),
                            ("patients", "Patients"),
                            ("board", "Board"),
                            ("vendors", "Vendors"),
                            ("payers", "Payers"),
                            ("unions", "Unions"),
                            ("regulators", "Regulators"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", pmo.common.records.fields.Prose(blank=True, default="", max_length=500)),
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
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stakeholder_groups",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="stakeholder",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stakeholders",
                to="projects.stakeholdergroup",
            ),
        ),
        migrations.CreateModel(
            name="EngagementRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "engagement",
                    models.CharField(
                        choices=[
                            ("unaware", "Unaware"),
                            ("resistant", "Resistant"),
                            ("neutral", "Neutral"),
                            ("supportive", "Supportive"),
                            ("leading", "Leading"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "engagement_wanted",
                    models.CharField(
                        choices=[
                            ("unaware", "Unaware"),
                            ("resistant", "Resistant"),
                            ("neutral", "Neutral"),
                            ("supportive", "Supportive"),
                            ("leading", "Leading"),
                        ],
                        max_length=12,
                    ),
                ),
                ("noted_on", models.DateField(editable=False)),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="engagement_records",
                        to="projects.project",
                    ),
                ),
                (
                    "stakeholder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="history",
                        to="projects.stakeholder",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["stakeholder", "noted_on"], name="engagement_by_day")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="stakeholdergroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="stakeholdergroup_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="stakeholdergroup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "category__in",
                        [
                            "c_suite",
                            "medical_staff",
                            "nursing",
                            "clinical_services",
                            "it",
                            "patients",
                            "board",
                            "vendors",
                            "payers",
                            "unions",
                            "regulators",
                        ],
                    )
                ),
                name="stakeholdergroup_category_known",
            ),
        ),
    ]
