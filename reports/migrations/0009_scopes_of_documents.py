"""A document looks at the whole hospital, a program or a unit, too; until now at a portfolio."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_invitations_and_lists"),
        ("portfolio", "0001_initial"),
        ("projects", "0002_categories_are_data"),
        ("reports", "0008_freezes_say_when_they_were_taken"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="subscription",
            name="subscription_once",
        ),
        migrations.RemoveConstraint(
            model_name="summary",
            name="summary_once_per_freeze",
        ),
        migrations.RemoveConstraint(
            model_name="variancereport",
            name="variancereport_once_per_freezes",
        ),
        migrations.RemoveConstraint(
            model_name="variancereport",
            name="variancereport_once_per_freeze",
        ),
        migrations.AddField(
            model_name="subscription",
            name="document",
            field=models.CharField(
                choices=[("summary", "Weekly summary"), ("variance", "Variance report")],
                default="summary",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="program",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.program",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="scope_kind",
            field=models.CharField(
                choices=[
                    ("hospital", "Whole hospital"),
                    ("portfolio", "Portfolio"),
                    ("program", "Program"),
                    ("unit", "Unit"),
                ],
                default="portfolio",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
            ),
        ),
        migrations.AddField(
            model_name="summary",
            name="program",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.program",
            ),
        ),
        migrations.AddField(
            model_name="summary",
            name="scope_kind",
            field=models.CharField(
                choices=[
                    ("hospital", "Whole hospital"),
                    ("portfolio", "Portfolio"),
                    ("program", "Program"),
                    ("unit", "Unit"),
                ],
                default="portfolio",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="summary",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
            ),
        ),
        migrations.AddField(
            model_name="variancereport",
            name="program",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.program",
            ),
        ),
        migrations.AddField(
            model_name="variancereport",
            name="scope_kind",
            field=models.CharField(
                choices=[
                    ("hospital", "Whole hospital"),
                    ("portfolio", "Portfolio"),
                    ("program", "Program"),
                    ("unit", "Unit"),
                ],
                default="portfolio",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="variancereport",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
            ),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="portfolio",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portfolio.portfolio",
            ),
        ),
        migrations.AlterField(
            model_name="summary",
            name="portfolio",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portfolio.portfolio",
            ),
        ),
        migrations.AlterField(
            model_name="variancereport",
            name="portfolio",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portfolio.portfolio",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("portfolio__isnull", True),
                        ("program__isnull", True),
                        ("scope_kind", "hospital"),
                        ("unit__isnull", True),
                    ),
                    models.Q(
                        ("portfolio__isnull", False),
                        ("program__isnull", True),
                        ("scope_kind", "portfolio"),
                        ("unit__isnull", True),
                    ),
                    models.Q(
                        ("portfolio__isnull", True),
                        ("program__isnull", False),
                        ("scope_kind", "program"),
                        ("unit__isnull", True),
                    ),
                    models.Q(
                        ("portfolio__isnull", True),
                        ("program__isnull", True),
                        ("scope_kind", "unit"),
                        ("unit__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="subscription_scope_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                models.F("scope_kind"),
                django.db.models.functions.comparison.Coalesce(
                    models.F("portfolio"), models.Value(0)
                ),
                django.db.models.functions.comparison.Coalesce(
                    models.F("program"), models.Value(0)
                ),
                django.db.models.functions.comparison.Coalesce(models.F("unit"), models.Value(0)),
                models.F("user"),
                models.F("document"),
                name="subscription_once",
                violation_error_message="This person already gets this document.",
            ),
        ),
        migrations.AddConstraint(
            model_name="summary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("portfolio__isnull", True),
                        ("program__isnull", True),
                        ("scope_kind", "hospital"),
                        ("unit__isnull", True),
                    ),
                    models.Q(
                        ("portfolio__isnull", False),
                        ("program__isnull", True),
                        ("scope_kind", "portfolio"),
                        ("unit__isnull", True),
                    ),
                    models.Q(
                        ("portfolio__isnull", True),
                        ("program__isnull", False),
                        ("scope_kind", "program"),
                        ("unit__isnull", True),
                    ),
                    models.Q(
                        ("portfolio__isnull", True),
                        ("program__isnull", True),
                        ("scope_kind", "unit"),
                        ("unit__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="summary_scope_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="summary",
            constraint=models.UniqueConstraint(
                models.F("scope_kind"),
                django.db.models.functions.comparison.Coalesce(
                    models.F("portfolio"), models.Value(0)
                ),
                django.db.models.functions.comparison.Coalesce(
                    models.F("program"), models.Value(0)
                ),
                django.db.models.functions.comparison.Coalesce(models.F("unit"), models.Value(0)),
                models.F("date"),
                models.F("is_early"),
                name="summary_once_per_freeze",
            ),
        ),
        migrations.AddConstraint(
            model_name="variancereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("portfolio__isnull", True),
                        ("program__isnull", True),
                        ("scope_kind", "hospital"),
                        ("unit__isnull", True),
                    ),
                    models.Q(
                        ("portfolio__isnull", False),
                        ("program__isnull", True),
                        ("scope_kind", "portfolio"),
                        ("unit__isnull", True),
                    ),
                    models.Q(
                        ("portfolio__isnull", True),
                        ("program__isnull", False),
                        ("scope_kind", "program"),
                        ("unit__isnull", True),
                    ),
                    models.Q(
                        ("portfolio__isnull", True),
                        ("program__isnull", True),
                        ("scope_kind", "unit"),
                        ("unit__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="variancereport_scope_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="variancereport",
            constraint=models.UniqueConstraint(
                models.F("scope_kind"),
                django.db.models.functions.comparison.Coalesce(
                    models.F("portfolio"), models.Value(0)
                ),
                django.db.models.functions.comparison.Coalesce(
                    models.F("program"), models.Value(0)
                ),
                django.db.models.functions.comparison.Coalesce(models.F("unit"), models.Value(0)),
                models.F("date"),
                models.F("is_early"),
                models.F("compared_with"),
                name="variancereport_once_per_freezes",
            ),
        ),
        migrations.AddConstraint(
            model_name="variancereport",
            constraint=models.UniqueConstraint(
                models.F("scope_kind"),
                django.db.models.functions.comparison.Coalesce(
                    models.F("portfolio"), models.Value(0)
                ),
                django.db.models.functions.comparison.Coalesce(
                    models.F("program"), models.Value(0)
                ),
                django.db.models.functions.comparison.Coalesce(models.F("unit"), models.Value(0)),
                models.F("date"),
                models.F("is_early"),
                condition=models.Q(("compared_with", None)),
                name="variancereport_once_per_freeze",
            ),
        ),
    ]
