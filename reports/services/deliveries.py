"""
Mail what people asked for: one mail to a person about a freeze, with what that person may see.

A mail collects until the last document is there that its reader gets of that freeze, or until it is
due; what comes later goes in a mail of its own. One job sends it. It is claimed by one UPDATE before
the mail server is spoken to; no transaction is open while it is. A claim that a dead worker left
behind becomes "uncertain": the mail may have arrived, so it is not sent again by itself. The office
may, with the same Message-ID, which lets mail programs drop the second copy.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError
from django.db.models import F, QuerySet
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.policy import can
from pmo.common.background import jobs, mailing
from pmo.common.background.mailing import HandedOver, Outcome
from pmo.common.models import Job
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing
from reports.domain.periods import FrozenDay, freeze_before
from reports.mail import message_for
from reports.models import (
    Delivery,
    DeliveryState,
    DocumentKind,
    Enclosure,
    Summary,
    VarianceReport,
)
from reports.selectors.documents import freezes_of
from reports.selectors.mails import enclosed_in, waiting_for_more
from reports.selectors.scopes import subscribers_of, weekly_scopes
from reports.services.subscriptions import NEEDED

DELIVER = "summary.deliver"
# how long a mail waits for the rest: summaries are read on the morning that they are issued
PATIENCE = {DocumentKind.SUMMARY: timedelta(hours=4), DocumentKind.VARIANCE: timedelta(hours=24)}
NOT_ALLOWED = "This person may no longer open summaries; nothing was sent."
NO_ADDRESS = "This person has no address. Add one, then send the mail."
Document = Summary | VarianceReport
# what only a person sends
ASKED_FOR = {DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.HELD}
STATE_AFTER = {
    Outcome.SENT: DeliveryState.SENT,
    Outcome.LATER: DeliveryState.WAITING,
    Outcome.AWAY: DeliveryState.WAITING,
    Outcome.REFUSED: DeliveryState.FAILED,
    Outcome.UNCERTAIN: DeliveryState.UNCERTAIN,
}

log = logging.getLogger(__name__)


@all_or_nothing
def prepare_deliveries(*, summary: Summary) -> None:
    """Put an issued summary into its subscribers' mails; send those that lack nothing more."""
    _enclose(summary)
    frozen = FrozenDay(summary.date, summary.is_early)
    _release(
        Delivery.objects.filter(date=frozen.date, is_early=frozen.is_early),
        key=str(summary.pk),
        title=f"Mails of the summary: {summary.scope}, {formats.day(summary.date)}",
        by=summary.issued_by,
        summary=summary.pk,
    )


@all_or_nothing
def enclose_due_reports(*, day: date) -> None:
    """Put the week's variance reports into their subscribers' mails, once each."""
    for scope in weekly_scopes(day, DocumentKind.VARIANCE):
        before = freeze_before(freezes_of(scope), day)
        report = (
            VarianceReport.objects.of_scope(scope.key)
            .filter(date=day, is_early=False, compared_with=before.date if before else None)
            .exclude(made_at=None)
            .without_rows()
            .filter(enclosures=None)
            .first()
        )
        if report:
            _enclose(report)


@all_or_nothing
def release_complete() -> None:
    """Send every mail that lacks nothing more, or has waited long enough."""
    collecting = Delivery.objects.filter(state=DeliveryState.COLLECTING)
    for frozen in sorted({FrozenDay(*one) for one in collecting.values_list("date", "is_early")}):
        ours = collecting.filter(date=frozen.date, is_early=frozen.is_early)
        _release(ours, title=f"Mails of {formats.day(frozen.date)}", by=None)


def kind_of(document: Document) -> DocumentKind:
    return DocumentKind.SUMMARY if isinstance(document, Summary) else DocumentKind.VARIANCE


def _enclose(document: Document) -> None:
    """Add a document to the mail that each subscriber's freeze collects, or open one."""
    kind, column = kind_of(document), _column(document)
    people = list(
        subscribers_of(document.scope, kind).exclude(
            pk__in=Enclosure.objects.filter(**{column: document}).values("user")
        )
    )
    due = timezone.now() + PATIENCE[kind]
    # locked, so that none of them is sent while it gets one more
    open_mails = {
        mail.user_id: mail
        for mail in Delivery.objects.select_for_update().filter(
            state=DeliveryState.COLLECTING,
            date=document.date,
            is_early=document.is_early,
            user__in=people,
        )
    }
    new = [_opened(document, one, due) for one in people if one.pk not in open_mails]
    open_mails |= {mail.user_id: mail for mail in Delivery.objects.bulk_create(new)}
    Delivery.objects.filter(pk__in=[one.pk for one in open_mails.values()], due_at__gt=due).update(
        due_at=due
    )
    Enclosure.objects.bulk_create(
        Enclosure(delivery=open_mails[one.pk], user=one, **{column: document}) for one in people
    )


def _column(document: Document) -> str:
    return "summary" if isinstance(document, Summary) else "report"


def _opened(document: Document, person: User, due: datetime) -> Delivery:
    return Delivery(
        user=person,
        date=document.date,
        is_early=document.is_early,
        address=str(person.email),
        message_id=message_id(document, person),
        state=DeliveryState.COLLECTING,
        due_at=due,
    )


def message_id(first: Document, person: User) -> str:
    """Name the mail the same however often it is sent, by the first document that it got."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    if isinstance(first, Summary):
        return f"<summary-{first.pk}-{person.pk}-{first.seal[:16]}@{host}>"
    return f"<variance-{first.pk}-{person.pk}@{host}>"


def _release(
    mails: QuerySet[Delivery],
    *,
    title: str,
    by: User | None,
    key: str = "",
    summary: int | None = None,
) -> Job | None:
    """
    Hand those of one freeze that are complete or due to a job; None when all of them wait.

    Without a `key` the job is named by the first of them: no other job ever sends that one first.
    """
    found = list(
        mails.filter(state=DeliveryState.COLLECTING).select_for_update(of=("self",)).order_by("pk")
    )
    ready = _ready(found, waiting_for_more(found))
    if not ready:
        return None
    params = {"title": title} | ({"summary": summary} if summary else {})
    job = jobs.enqueue(kind=DELIVER, key=key or f"mail {ready[0]}", params=params, by=by)
    Delivery.objects.filter(pk__in=ready).update(state=DeliveryState.WAITING, job=job)
    return job


def _ready(mails: Iterable[Delivery], waiting: Collection[int]) -> list[int]:
    now = timezone.now()
    return [
        mail.pk
        for mail in mails
        if (mail.due_at is not None and mail.due_at <= now) or mail.user_id not in waiting
    ]


@all_or_nothing
def send_again(*, delivery: Delivery, by: User) -> None:
    """
    Queue a mail that was not sent or may not have arrived, to the address of today.

    Raises RefusalError for any other, and where there is no address.
    """
    current = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("job", "user")
        .get(pk=delivery.pk)
    )
    if not may_send_again(current):
        raise RefusalError("This mail was sent, or is about to be.")
    if current.user.email is None:
        raise RefusalError(NO_ADDRESS)
    before = {"state": current.state, "address": current.address}
    tries = Job.objects.filter(kind=DELIVER, key__startswith=f"again:{current.pk}:").count()
    current.job = jobs.enqueue(
        kind=DELIVER,
        key=f"again:{current.pk}:{tries}",
        params={"title": f"Mail to {current.user}, {formats.day(current.date)}"},
        by=by,
    )
    current.state, current.error = DeliveryState.WAITING, ""
    current.address = str(current.user.email)
    current.save(update_fields=["state", "error", "job", "address"])
    after = {"state": current.state.value, "address": current.address}
    audit.record(action="delivery.requeued", target=current, by=by, before=before, after=after)


def may_send_again(delivery: Delivery) -> bool:
    """True for a mail that is not sent and that no job is about to send."""
    if delivery.state in ASKED_FOR:
        return True
    is_underway = delivery.job is not None and not delivery.job.is_finished
    is_left = delivery.state in {DeliveryState.WAITING, DeliveryState.SENDING}
    return is_left and not is_underway


@all_or_nothing
def hold_mails(*, reason: str) -> int:
    """
    Keep back every mail that is not sent, each until a person sends it; return how many.

    One that was being sent may have arrived. After a restore, say: what waits in the copy may be sent.
    """
    Delivery.objects.filter(state=DeliveryState.SENDING).update(
        state=DeliveryState.UNCERTAIN, error=mailing.INTERRUPTED
    )
    unsent = Delivery.objects.filter(state__in=[DeliveryState.COLLECTING, DeliveryState.WAITING])
    return unsent.update(state=DeliveryState.HELD, error=reason)


def deliver(*, run: jobs.Run) -> dict[str, int]:
    """Send what waits for this job; raises LaterError when a server refused for now."""
    ours = Delivery.objects.filter(job=run.job)
    # whoever claimed these has lost the job: its lease ran out, or it is dead
    ours.filter(state=DeliveryState.SENDING).update(
        state=DeliveryState.UNCERTAIN, error=mailing.INTERRUPTED
    )
    waiting = list(
        ours.filter(state=DeliveryState.WAITING).order_by("pk").values_list("pk", flat=True)
    )
    is_last = run.job.attempts >= jobs.MAX_ATTEMPTS
    for done, pk in enumerate(waiting):
        run.progress(done, len(waiting))
        handed = send_one(delivery_id=pk, is_last=is_last)
        if handed and handed.outcome is Outcome.AWAY and not is_last:
            # a server that answers nobody is not asked for each of them
            ours.filter(state=DeliveryState.WAITING).update(error=handed.reason)
            break
    if left := ours.filter(state=DeliveryState.WAITING).count():
        verb = "waits" if left == 1 else "wait"
        sentence = f"{formats.count(left, 'mail')} {verb} for the mail server."
        raise mailing.later(sentence, run.job.attempts)
    return {
        "sent": ours.filter(state=DeliveryState.SENT).count(),
        "not_sent": ours.exclude(state=DeliveryState.SENT).count(),
    }


def send_one(*, delivery_id: int, is_last: bool = False) -> HandedOver | None:
    """
    Render, claim and hand over one mail; None where somebody else has it.

    `is_last`: nobody comes back to it, so that what is refused for now has failed.
    """
    delivery = Delivery.objects.select_related("user").get(pk=delivery_id)
    delivery.address = str(delivery.user.email or "")
    message, fault = _message(delivery)
    claimed = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.WAITING).update(
        state=DeliveryState.SENDING,
        claimed_at=timezone.now(),
        attempts=F("attempts") + 1,
        **({"address": delivery.address} if message else {}),
    )
    if not claimed:
        return None
    delivery.refresh_from_db(fields=["attempts"])
    handed = mailing.hand_over(message) if message else HandedOver(Outcome.REFUSED, fault)
    state = STATE_AFTER[handed.outcome]
    is_given_up = is_last and state == DeliveryState.WAITING
    _close(delivery, DeliveryState.FAILED if is_given_up else state, handed.reason)
    return handed


def _message(delivery: Delivery) -> tuple[EmailMultiAlternatives | None, str]:
    """Write the mail; where none can be written, say why."""
    person = delivery.user
    documents = [
        one
        for one in enclosed_in(delivery)
        if person.is_active and can(person, NEEDED[kind_of(one)]).allowed
    ]
    if not documents:
        return None, NOT_ALLOWED
    if not delivery.address:
        return None, NO_ADDRESS
    try:
        return message_for(delivery, documents), ""
    except DatabaseError:
        raise
    except Exception:
        log.exception("Mail %s could not be written.", delivery.message_id)
        return None, mailing.UNWRITTEN


def _close(delivery: Delivery, state: DeliveryState, error: str) -> None:
    sent_at = timezone.now() if state == DeliveryState.SENT else None
    # "uncertain" too: another worker may have given this one up while it was still sending
    Delivery.objects.filter(
        pk=delivery.pk,
        attempts=delivery.attempts,
        state__in=[DeliveryState.SENDING, DeliveryState.UNCERTAIN],
    ).update(state=state, error=error, sent_at=sent_at)
