"""Carry each mail's summary into an enclosure, its freeze into the mail, and name the job that sends it."""

from typing import Any

from django.db import migrations

CHUNK = 500


def enclose(apps: Any, _editor: Any) -> None:
    mails = apps.get_model("reports", "Delivery").objects.order_by("pk")
    enclosures = apps.get_model("reports", "Enclosure").objects
    jobs = _jobs(apps)
    found = []
    for mail in mails.select_related("summary").defer("summary__content").iterator(CHUNK):
        mail.date, mail.is_early = mail.summary.date, mail.summary.is_early
        mail.job_id = jobs.get(mail.summary_id)
        found.append(mail)
        if len(found) == CHUNK:
            _write(mails, enclosures, found)
            found = []
    _write(mails, enclosures, found)


def _write(mails: Any, enclosures: Any, found: list[Any]) -> None:
    mails.bulk_update(found, ["date", "is_early", "job"])
    enclosures.bulk_create(
        enclosures.model(delivery=mail, user_id=mail.user_id, summary_id=mail.summary_id)
        for mail in found
    )


def _jobs(apps: Any) -> dict[int, int]:
    """Return the last job that sends each summary's mails: one that is underway goes on with them."""
    known = apps.get_model("common", "Job").objects.filter(kind="summary.deliver")
    return {
        params["summary"]: pk for pk, params in known.order_by("pk").values_list("pk", "params")
    }


def take_out(apps: Any, _editor: Any) -> None:
    """Give each mail back the first summary that it holds; older code knows no other."""
    for one in apps.get_model("reports", "Enclosure").objects.exclude(summary=None).order_by("-pk"):
        apps.get_model("reports", "Delivery").objects.filter(pk=one.delivery_id).update(
            summary=one.summary_id
        )


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_enclosures")]

    operations = [migrations.RunPython(enclose, take_out)]
