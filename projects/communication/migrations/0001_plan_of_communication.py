"""Messages to stakeholders, what went out, and how go-lives are taken up."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pmo.common.records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("projects", "0006_engagement_as_it_stands"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CommunicationItem",
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
                ("code", pmo.common.records.fields.Line(blank=True, default="", max_length=20)),
                (
                    "category",
                    models.CharField(
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
                ("message", pmo.common.records.fields.Line(max_length=200)),
                ("text", pmo.common.records.fields.Prose(blank=True, default="", max_length=4000)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("huddle", "Huddle"),
                            ("mail", "Mail"),
                            ("newsletter", "Newsletter"),
                            ("town_hall", "Town hall"),
                            ("intranet", "Intranet"),
                            ("poster", "Poster"),
                            ("screen_saver", "Screen saver"),
                            ("one_to_one", "One-to-one"),
                            ("letter", "Letter"),
                        ],
                        default="mail",
                        max_length=20,
                    ),
                ),
                (
                    "cadence",
                    models.CharField(
                        choices=[
                            ("once", "Once"),
                            ("daily", "Every day"),
                            ("weekly", "Every week"),
                            ("fortnightly", "Every two weeks"),
                            ("monthly", "Every month"),
                            ("quarterly", "Every three months"),
                        ],
                        default="once",
                        max_length=12,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("offset_days", models.SmallIntegerField(default=0)),
                ("until_offset_days", models.SmallIntegerField(blank=True, null=True)),
                ("next_due", models.DateField(editable=False, null=True)),
                (
                    "translated_into",
                    pmo.common.records.fields.Line(blank=True, default="", max_length=200),
                ),
                ("plain_on", models.DateField(editable=False, null=True)),
                ("approved_on", models.DateField(editable=False, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communication_items",
                        to="projects.stakeholdergroup",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="communication_items",
                        to="projects.milestone",
                    ),
                ),
                (
                    "plain_by",
                    models.ForeignKey(
                        editable=False,
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
                        related_name="communication_items",
                        to="projects.project",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communication_items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stakeholder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communication_items",
                        to="projects.stakeholder",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["project", "next_due"], name="communication_by_project"),
                    models.Index(fields=["next_due"], name="communication_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("message", ""), _negated=True),
                        name="communicationitem_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on", None), ("milestone", None), _connector="OR"),
                        name="communicationitem_one_date",
                        violation_error_message="Give either a date or a milestone, not both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("offset_days__gte", -3660), ("offset_days__lte", 3660)),
                        name="communicationitem_offset_in_range",
                        violation_error_message="Ten years before or after the milestone at most.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_offset_days", None),
                            models.Q(
                                ("until_offset_days__gte", models.F("offset_days")),
                                ("until_offset_days__lte", 3660),
                            ),
                            _connector="OR",
                        ),
                        name="communicationitem_ends_after_start",
                        violation_error_message="The last day is before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("plain_by", None), ("plain_on", None)),
                            models.Q(("plain_by__isnull", False), ("plain_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="communicationitem_plain_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_by", None), ("approved_on", None)),
                            models.Q(
                                ("approved_by__isnull", False), ("approved_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="communicationitem_approved_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommunicationSending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("covers", models.DateField(editable=False)),
                ("sent_on", models.DateField()),
                ("reach", models.PositiveIntegerField(blank=True, null=True)),
                ("note", pmo.common.records.fields.Prose(blank=True, default="", max_length=500)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sendings",
                        to="communication.communicationitem",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
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
                        related_name="communication_sendings",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["item", "sent_on"], name="communication_sent")],
            },
        ),
        migrations.CreateModel(
            name="AdoptionReading",
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
                    "day",
                    models.PositiveSmallIntegerField(
                        choices=[(7, "Day 7"), (30, "Day 30"), (90, "Day 90")],
                        verbose_name="day after go-live",
                    ),
                ),
                ("measured_on", models.DateField()),
                ("source", pmo.common.records.fields.Line(max_length=120)),
                ("licensed", models.PositiveIntegerField(blank=True, null=True)),
                ("active", models.PositiveIntegerField(blank=True, null=True)),
                ("assigned", models.PositiveIntegerField(blank=True, null=True)),
                ("passed", models.PositiveIntegerField(blank=True, null=True)),
                ("tickets", models.PositiveIntegerField(blank=True, null=True)),
                ("workarounds", models.PositiveIntegerField(blank=True, null=True)),
                ("units_planned", models.PositiveIntegerField(blank=True, null=True)),
                ("units_live", models.PositiveIntegerField(blank=True, null=True)),
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
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoption_readings",
                        to="projects.milestone",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="adoption_readings",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("milestone", "day"),
                        name="adoption_once_a_day",
                        violation_error_message="This day of this go-live is recorded already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="adoption_has_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("day__in", (7, 30, 90))), name="adoption_day_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("active", None),
                            ("licensed", None),
                            ("active__lte", models.F("licensed")),
                            _connector="OR",
                        ),
                        name="adoption_active_are_licensed",
                        violation_error_message="More users are active than licensed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("passed", None),
                            ("assigned", None),
                            ("passed__lte", models.F("assigned")),
                            _connector="OR",
                        ),
                        name="adoption_passed_were_assigned",
                        violation_error_message="More passed than were assigned.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("units_live", None),
                            ("units_planned", None),
                            ("units_live__lte", models.F("units_planned")),
                            _connector="OR",
                        ),
                        name="adoption_units_were_planned",
                        violation_error_message="More units work with it than were planned.",
                    ),
                ],
            },
        ),
    ]
