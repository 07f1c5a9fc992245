"""A mail may be held until a person sends it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_mails_of_a_freeze")]

    operations = [
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
                    ("held", "Held"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
