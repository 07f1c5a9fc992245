from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_committee_decisions")]

    operations = [
        migrations.AddConstraint(
            model_name="contingencydraw",
            constraint=models.UniqueConstraint(
                fields=("request",),
                name="contingencydraw_once_for_a_request",
                violation_error_message="The contingency paid for this request already.",
            ),
        ),
    ]
