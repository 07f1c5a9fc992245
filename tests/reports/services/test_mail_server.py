"""Mails of a summary through a mail server that misbehaves: one mail's fault stops one mail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.background import jobs, mailing
from pmo.common.background.mailing import INTERRUPTED
from pmo.common.models import AuditEvent, Job, JobState
from pmo.common.records.writing import RefusalError
from reports.models import Delivery, DeliveryState, scope_of
from reports.services import deliveries
from reports.services.deliveries import DELIVER, NO_ADDRESS, hold_mails, send_again
from reports.services.subscriptions import subscribe
from reports.services.summaries import compile_summary, issue_summary, review_summary
from tests.factories import PortfolioFactory, person
from tests.mail_server import DROP, RCPT, WORDS, MailServer
from tests.reports.documents import SUNDAY, two_weeks

pytestmark = pytest.mark.django_db
FAILED, SENT, UNCERTAIN, WAITING = (
    DeliveryState.FAILED,
    DeliveryState.SENT,
    DeliveryState.UNCERTAIN,
    DeliveryState.WAITING,
)
NAMES = ("ann", "bob", "cleo")
ADDRESSES = [f"{name}@example.org" for name in NAMES]


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(mailing, "LOOKED_AT", 0.3)
    settings.EMAIL_TIMEOUT = 0.3
    settings.EMAIL_BACKEND = "pmo.common.background.mailing.MailBackend"
    with MailServer() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
def summary(lead):
    """An issued summary whose mails to three people wait."""
    portfolio = PortfolioFactory(name="Capital")
    two_weeks(portfolio)
    for name in NAMES:
        reader = person(Role.EXECUTIVE, name=name.title(), email=f"{name}@example.org")
        subscribe(scope=scope_of(portfolio), user=reader, by=lead)
    draft = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
    read = review_summary(
        summary=draft, version=None, by=lead, headline="So.", office_note="", comments={}
    )
    return issue_summary(summary=read, version=None, by=lead)


def run():
    job = Job.objects.filter(kind=DELIVER).latest("pk")
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(due_at=timezone.now())
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def states():
    return list(Delivery.objects.order_by("address").values_list("state", flat=True))


def mail_to(address):
    return Delivery.objects.get(address=address)


def page_of(summary, client, lead):
    client.force_login(lead)
    return client.get(reverse("reports:summary_detail", args=[summary.pk])).content.decode()


def test_a_refused_address_stops_one_mail_and_says_why(server, summary, client, lead):
    server.faults = {(RCPT, "bob@example.org"): "550 no such user"}

    job = run()

    assert states() == [SENT, FAILED, SENT]
    assert server.taken == ["ann@example.org", "cleo@example.org"]
    assert job.state == JobState.DONE
    assert "does not accept this address: “550 no such user”" in page_of(summary, client, lead)


def test_a_mail_that_cannot_be_written_stops_one_mail_and_says_why(
    server, summary, client, lead, monkeypatch
):
    written = deliveries.message_for

    def fail_for_bob(delivery, documents):
        if delivery.address == "bob@example.org":
            raise RuntimeError("its PDF")
        return written(delivery, documents)

    monkeypatch.setattr(deliveries, "message_for", fail_for_bob)

    job = run()

    assert states() == [SENT, FAILED, SENT]
    assert job.state == JobState.DONE
    assert mailing.UNWRITTEN in page_of(summary, client, lead)


def test_greylisting_is_outlived_by_itself_and_nobody_gets_two(server, summary, client, lead):
    server.faults = {RCPT: ["450 greylisted"] * 3}

    job = run()
    assert states() == [WAITING] * 3
    assert job.due_at - timezone.now() > timedelta(seconds=50)
    page = page_of(summary, client, lead)
    assert page.count("“450 greylisted”") == 3
    assert page.count("tried again") == 3 + page.count("It is tried again by itself")
    job = run()

    assert states() == [SENT] * 3
    assert server.taken == ADDRESSES
    assert job.state == JobState.DONE


def test_one_greylisted_address_holds_no_other_up(server, summary):
    server.faults = {(RCPT, "bob@example.org"): ["450 greylisted"]}

    run()
    assert states() == [SENT, WAITING, SENT]
    run()

    assert states() == [SENT] * 3
    assert server.taken == ["ann@example.org", "cleo@example.org", "bob@example.org"]


def test_an_address_that_is_greylisted_for_ever_fails_in_the_end(server, summary):
    server.faults = {(RCPT, "bob@example.org"): "450 greylisted"}

    for _ in range(jobs.MAX_ATTEMPTS):
        job = run()

    assert states() == [SENT, FAILED, SENT]
    assert job.state == JobState.DONE


def test_a_connection_that_drops_after_the_words_is_uncertain_and_nothing_is_sent_twice(
    server, summary, client, lead
):
    server.faults = {WORDS: DROP}

    for _ in range(jobs.MAX_ATTEMPTS):
        job = run()

    assert states() == [UNCERTAIN] * 3
    assert server.taken == ADDRESSES
    assert job.state == JobState.DONE
    assert page_of(summary, client, lead).count("it may have arrived") == 3
    server.faults = {}
    send_again(delivery=mail_to("bob@example.org"), by=lead)
    run()
    assert states() == [UNCERTAIN, SENT, UNCERTAIN]
    assert server.taken == [*ADDRESSES, "bob@example.org"]


def test_a_server_that_is_away_is_asked_once_a_round_and_every_mail_says_so(
    server, summary, settings
):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    run()
    assert states() == [WAITING] * 3
    assert [one.attempts for one in Delivery.objects.order_by("address")] == [1, 0, 0]
    assert all("ConnectionRefusedError" in one.error for one in Delivery.objects.all())
    settings.EMAIL_PORT = port
    run()

    assert states() == [SENT] * 3
    assert server.taken == ADDRESSES


def test_send_again_goes_to_the_address_of_today(server, summary, lead):
    server.faults = {(RCPT, "bob@example.org"): "550 no such user"}
    run()
    failed = mail_to("bob@example.org")
    User.objects.filter(pk=failed.user_id).update(email="robert@example.org")

    send_again(delivery=failed, by=lead)
    run()

    failed.refresh_from_db()
    assert (failed.state, failed.address) == (SENT, "robert@example.org")
    assert server.taken[-1] == "robert@example.org"
    event = AuditEvent.objects.get(action="delivery.requeued")
    assert "robert@example.org" in event.body


def test_a_mail_that_waited_goes_to_the_address_of_the_moment_too(server, summary):
    User.objects.filter(email="bob@example.org").update(email="robert@example.org")

    run()

    assert sorted(server.taken) == ["ann@example.org", "cleo@example.org", "robert@example.org"]


def test_who_has_no_address_any_more_is_no_reason_to_stop(server, summary, lead):
    bob = User.objects.get(email="bob@example.org")
    User.objects.filter(pk=bob.pk).update(email=None)

    run()

    failed = Delivery.objects.get(user=bob)
    assert (failed.state, failed.error) == (FAILED, NO_ADDRESS)
    assert states().count(SENT) == 2
    with pytest.raises(RefusalError, match="has no address"):
        send_again(delivery=failed, by=lead)


def test_a_job_that_was_given_up_leaves_no_mail_for_ever_on_its_way(server, summary, client, lead):
    job = Job.objects.get(kind=DELIVER)
    error = "It stopped 5 times without finishing."
    Job.objects.filter(pk=job.pk).update(
        state=JobState.FAILED, error=error, finished_at=timezone.now()
    )
    Delivery.objects.filter(address="ann@example.org").update(state=DeliveryState.SENDING)

    page = page_of(summary, client, lead)

    assert page.count(error) == 3
    assert page.count("Send again") == 3


def test_held_mails_wait_for_a_person(server, summary, client, lead):
    Delivery.objects.filter(address="ann@example.org").update(state=DeliveryState.SENDING)
    reason = "This copy was restored."

    assert hold_mails(reason=reason) == 2
    run()

    assert server.taken == []
    assert states() == [UNCERTAIN, DeliveryState.HELD, DeliveryState.HELD]
    assert mail_to("ann@example.org").error == INTERRUPTED
    page = page_of(summary, client, lead)
    assert page.count(reason) == 2
    assert page.count("Send again") == 3
    send_again(delivery=mail_to("bob@example.org"), by=lead)
    run()
    assert server.taken == ["bob@example.org"]
