from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_a_request_is_paid_once")]

    operations = [
        migrations.AddConstraint(
            model_name="projectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_on__isnull", False),
                    ("state__in", ["draft", "withdrawn"]),
                    _connector="OR",
                ),
                name="projectrequest_sent_on_a_day",
            ),
        ),
    ]
