"""
Invite somebody to choose a password: by mail, or by a link that the administrator hands over.

The mail is a job of its own. Its link is made when the mail is, and is kept nowhere; its event in the
trail is written right after the mail went out, and looked for before it goes.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from pmo.accounts.acting import acting
from pmo.accounts.invitation_links import last_day, link_for
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.background import jobs, mailing
from pmo.common.models import AuditEvent, Job, JobState
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing
from pmo.organization.current import organization

INVITE = "person.invitation"
# a second click on "Invite" within this time sends no second mail
ONCE_PER = timedelta(minutes=1)
NO_MAIL = "This installation sends no email. Show a link and hand it over instead."
NO_ADDRESS = "{} has no address. Add one first."
DEACTIVATED = "{} is deactivated. Activate this person first."
SIGNED_IN = "{} has signed in already. Who forgot the password asks for a new one when signing in."
USED = "This link was used already. Sign in with the password that was chosen then."
JUST_NOW = "{} was invited a moment ago. Wait a minute before you send it again."


def mail_goes_out() -> bool:
    """Say whether mail reaches people, and not only a folder or a log."""
    return str(settings.EMAIL_URL).startswith("smtp")


def refusal_of(user: User) -> str:
    """Say why somebody cannot be invited; "" when nothing stands against it."""
    if not user.is_active:
        return DEACTIVATED.format(user)
    if user.email is None:
        return NO_ADDRESS.format(user)
    return "" if user.awaits_first_sign_in else SIGNED_IN.format(user)


@all_or_nothing
def invite(*, user: User, by: User) -> Job:
    """Queue the mail that invites somebody; raises RefusalError where that helps nobody."""
    if not mail_goes_out():
        raise RefusalError(NO_MAIL)
    held = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if refusal := refusal_of(held):
        raise RefusalError(refusal)
    last = held.invitation
    if last and held.invited_at and timezone.now() - held.invited_at < ONCE_PER:
        if last.state == JobState.DONE:
            raise RefusalError(JUST_NOW.format(held))
        if not last.is_finished:
            return last
    job = enqueue(held, by)
    audit.record(action="person.invited", target=held, by=by, after={"email": held.email})
    return job


def enqueue(user: User, by: User) -> Job:
    """Queue one mail and note it on the person; for services, which hold the person's row."""
    user.invited_at, user.invited_by = timezone.now(), by
    user.invitation = jobs.enqueue(
        kind=INVITE,
        key=f"{user.pk}:{user.invited_at.isoformat()}",
        params={"user": user.pk, "title": f"Invitation of {user}"},
        by=by,
    )
    user.save(update_fields=["invited_at", "invited_by", "invitation"])
    return user.invitation


@all_or_nothing
def hand_over_link(*, user: User, by: User) -> str:
    """Return a link to hand over; that it was shown is kept, the link is not. Raises RefusalError."""
    held = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if refusal := refusal_of(held):
        raise RefusalError(refusal)
    held.invited_at, held.invited_by, held.invitation = timezone.now(), by, None
    held.save(update_fields=["invited_at", "invited_by", "invitation"])
    audit.record(action="person.link_shown", target=held, by=by, after={"opens_until": last_day()})
    return link_for(held)


@all_or_nothing
def accept_invitation(*, user: User, password: str) -> User:
    """Save the first password of somebody who opened the link; raises RefusalError for the second one."""
    held = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if not held.is_active or held.password != user.password:
        raise RefusalError(USED)
    held.set_password(password)
    held.save(update_fields=["password"])
    audit.record(action="person.joined", target=held, by=held)
    return held


def run_invitation(run: jobs.Run) -> dict[str, Any]:
    """Mail one person the link to choose a password; nothing when that is not needed any more."""
    by = acting(run.job.requested_by, Permission.ACCOUNT_CHANGE)
    user = User.objects.get(pk=run.params["user"])
    if refusal := refusal_of(user):
        return {"sent": 0, "reason": refusal}
    if by is None:
        raise RefusalError("Nobody invites: an invitation names who sent it.")
    done = AuditEvent.objects.filter(
        action="person.invitation_sent",
        target=audit.target_of(user),
        body__contains=run.job.key,
    )
    if done.exists():
        return {"sent": 0, "reason": "Sent."}
    mailing.send_once(_message(user, by), run=run)
    audit.record(action="person.invitation_sent", target=user, by=by, after={"job": run.job.key})
    return {"sent": 1}


def _message(user: User, by: User) -> EmailMultiAlternatives:
    day = last_day()
    context = {
        "name": " ".join(str(user).split()),
        "by": " ".join(str(by).split()),
        "by_address": by.email or "",
        "organization_name": organization().name,
        "address": user.email,
        "day": formats.day(day),
        "url": link_for(user),
    }
    message = EmailMultiAlternatives(
        subject=f"{context['by']} invited you to Rounds. Choose a password by {formats.short_day(day)}",
        body=render_to_string("emails/invitation.txt", context),
        to=[str(user.email)],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("emails/invitation.html", context), "text/html")
    return message
