"""
Mail somebody who forgot the password a link to choose another one.

Whether an address is known shows nowhere, in the time of the answer neither: whatever was typed is one
reading and one job, and the worker finds out whether there is anything to send. What was typed is not
kept. The link is made when the mail is, and begins with `BASE_URL`, which no request can change.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from pmo.accounts.models import User
from pmo.common.background import jobs, mailing
from pmo.common.models import AuditEvent, Job
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import all_or_nothing
from pmo.organization.current import organization

RESET = "person.password"
SENT = "person.password_link_sent"
SALT = "pmo.accounts.password"
SUBJECT = "Choose a new password for Rounds"
NOT_NOW = "Nobody with this address signs in with a password."


@all_or_nothing
def ask_for_password(*, email: str) -> Job:
    """Queue the mail, once a minute for each address; known and unknown ones cost the same."""
    user = User.objects.filter(email__iexact=email).first()
    minute = f"{timezone.now():%Y-%m-%dT%H:%M}"
    address = salted_hmac(SALT, email.casefold(), algorithm="sha256").hexdigest()
    params = {"user": user.pk if user else None, "title": "Link for a new password"}
    return jobs.enqueue(kind=RESET, key=f"{address}:{minute}", params=params, by=None)


def run_password_mail(run: jobs.Run) -> dict[str, Any]:
    """Mail the link; who was invited and chose no password yet gets it too: that mail may be lost."""
    user = User.objects.filter(pk=run.params["user"], is_active=True).first()
    if user is None:
        # anybody may type anything: nothing of it stays
        Job.objects.filter(pk=run.job.pk).delete()
        return {}
    if user.email is None or not (user.has_usable_password() or user.invited_at):
        return {"sent": 0, "reason": NOT_NOW}
    done = AuditEvent.objects.filter(
        action=SENT, target=audit.target_of(user), body__contains=run.job.key
    )
    if done.exists():
        return {"sent": 0, "reason": "Sent."}
    mailing.send_once(_message(user, user.email), run=run)
    audit.record(action=SENT, target=user, by=None, after={"job": run.job.key})
    return {"sent": 1}


def password_link(user: User) -> str:
    """Return a new link, which works once, for `link_lasts`."""
    keys = {
        "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
    }
    return f"{settings.BASE_URL}{reverse('password_reset_confirm', kwargs=keys)}"


def link_lasts() -> str:
    """Say for how long a link works."""
    return formats.count(timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days, "day")


def _message(user: User, address: str) -> EmailMultiAlternatives:
    context = {
        "name": " ".join(str(user).split()),
        "organization_name": organization().name,
        "address": address,
        "lasts": link_lasts(),
        "url": password_link(user),
    }
    message = EmailMultiAlternatives(
        subject=SUBJECT,
        body=render_to_string("emails/password.txt", context),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("emails/password.html", context), "text/html")
    return message
