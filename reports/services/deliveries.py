"""
Mail an issued summary to the people who asked for it, each with what that person may see.

A delivery is claimed by one UPDATE before the mail server is spoken to; no transaction is open while
it is. A claim that a dead worker left behind becomes "uncertain": the mail
may have arrived, so it is not sent again by itself. The office may, with the same Message-ID, which
lets mail programs drop the second copy.
"""

import logging
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.background import jobs
from pmo.common.models import Job
from pmo.common.page import figures
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, add, all_or_nothing, remove
from portfolio.models import Portfolio
from reports.mail import message_for
from reports.models import Delivery, DeliveryState, Subscription, Summary

DELIVER = "summary.deliver"
MAX_ATTEMPTS = 5
NOT_ALLOWED = "This person may no longer open summaries; nothing was sent."
INTERRUPTED = "The worker stopped while the mail was handed over; it may have arrived."

log = logging.getLogger(__name__)


class StillWaitingError(Exception):
    """Some mails could not be handed over; the job comes back to them."""


@all_or_nothing
def subscribe(*, portfolio: Portfolio, user: User, by: User | None) -> Subscription:
    """Let somebody get each issued summary; returns the present subscription when there is one."""
    known = Subscription.objects.filter(portfolio=portfolio, user=user).first()
    if known:
        return known
    if not user.is_active or not can(user, Permission.SUMMARY_VIEW).allowed:
        raise RefusalError(f"{user} may not open summaries. Give that person a role first.")
    if user.email is None:
        raise RefusalError(f"{user} has no address to send the summary to. Add one first.")
    return add(Subscription(portfolio=portfolio, user=user), by=by, action="subscription.created")


@all_or_nothing
def unsubscribe(*, subscription: Subscription, by: User | None) -> None:
    remove(subscription, by=by, action="subscription.removed")


@all_or_nothing
def prepare_deliveries(*, summary: Summary) -> None:
    """Write one delivery for each subscriber and queue the job that sends them."""
    people = User.objects.filter(
        subscriptions__portfolio=summary.portfolio, is_active=True, email__isnull=False
    ).order_by("pk")
    Delivery.objects.bulk_create(
        [
            Delivery(
                summary=summary,
                user=person,
                address=str(person.email),
                message_id=message_id(summary, person),
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    _queue(summary, key=str(summary.pk), by=summary.issued_by)


def _queue(summary: Summary, *, key: str, by: User | None) -> Job:
    return jobs.enqueue(
        kind=DELIVER,
        key=key,
        params={
            "summary": summary.pk,
            "title": f"Mails of the summary of {summary.portfolio}, {figures.day(summary.date)}",
        },
        by=by,
    )


def message_id(summary: Summary, person: User) -> str:
    """Name the mail the same however often it is sent."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<summary-{summary.pk}-{person.pk}-{summary.seal[:16]}@{host}>"


@all_or_nothing
def send_again(*, delivery: Delivery, by: User) -> None:
    """Queue a mail that was not sent or may not have arrived; raises RefusalError for any other."""
    current = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if not may_send_again(current, is_underway=is_underway(current.summary_id)):
        raise RefusalError("This mail was sent, or is about to be.")
    before = current.state
    current.state, current.error = DeliveryState.WAITING, ""
    current.save(update_fields=["state", "error"])
    tries = Job.objects.filter(kind=DELIVER, params__summary=current.summary_id).count()
    _queue(current.summary, key=f"{current.summary_id}:{current.pk}:{tries}", by=by)
    audit.record(action="delivery.requeued", target=current, by=by, before={"state": before})


def may_send_again(delivery: Delivery, *, is_underway: bool) -> bool:
    """True for a mail that is not sent and that no job is about to send."""
    if delivery.state in {DeliveryState.FAILED, DeliveryState.UNCERTAIN}:
        return True
    return delivery.state == DeliveryState.WAITING and not is_underway


def is_underway(summary_id: int) -> bool:
    """True while a job waits or runs that sends this summary's mails."""
    return Job.objects.open().filter(kind=DELIVER, params__summary=summary_id).exists()


def deliver(*, summary: Summary, run: jobs.Run) -> dict[str, int]:
    """Send what waits; raises StillWaitingError when a server refused for now."""
    ours = Delivery.objects.filter(summary=summary)
    # whoever claimed these has lost the job: its lease ran out, or it is dead
    ours.filter(state=DeliveryState.SENDING).update(
        state=DeliveryState.UNCERTAIN, error=INTERRUPTED
    )
    waiting = list(
        ours.filter(state=DeliveryState.WAITING).order_by("pk").values_list("pk", flat=True)
    )
    for done, pk in enumerate(waiting):
        run.progress(done, len(waiting))
        send_one(delivery_id=pk, summary=summary)
    if left := ours.filter(state=DeliveryState.WAITING).count():
        raise StillWaitingError(f"{left} mails wait for the mail server.")
    return {
        "sent": ours.filter(state=DeliveryState.SENT).count(),
        "not_sent": ours.exclude(state=DeliveryState.SENT).count(),
    }


def send_one(*, delivery_id: int, summary: Summary) -> bool:
    """Render, claim and hand over one mail; False when somebody else has it or it failed."""
    delivery = Delivery.objects.select_related("user").get(pk=delivery_id)
    person = delivery.user
    allowed = person.is_active and can(person, Permission.SUMMARY_VIEW).allowed
    message = message_for(delivery, summary) if allowed else None
    claimed = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.WAITING).update(
        state=DeliveryState.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    delivery.refresh_from_db(fields=["attempts"])
    if message is None:
        _close(delivery, DeliveryState.FAILED, NOT_ALLOWED)
        return False
    return _hand_over(delivery, message)


def _hand_over(delivery: Delivery, message: EmailMultiAlternatives) -> bool:
    try:
        message.send()
    except SMTPRecipientsRefused:
        _close(delivery, DeliveryState.FAILED, "The mail server does not accept this address.")
    except (SMTPException, OSError) as error:
        log.warning("Mail %s was not handed over.", delivery.message_id, exc_info=True)
        is_last = delivery.attempts >= MAX_ATTEMPTS
        state = DeliveryState.FAILED if is_last else DeliveryState.WAITING
        _close(delivery, state, f"The mail server did not take it ({type(error).__name__}).")
    else:
        _close(delivery, DeliveryState.SENT, "")
        return True
    return False


def _close(delivery: Delivery, state: DeliveryState, error: str) -> None:
    sent_at = timezone.now() if state == DeliveryState.SENT else None
    # "uncertain" too: another worker may have given this one up while it was still sending
    Delivery.objects.filter(
        pk=delivery.pk,
        attempts=delivery.attempts,
        state__in=[DeliveryState.SENDING, DeliveryState.UNCERTAIN],
    ).update(state=state, error=error, sent_at=sent_at)
