import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from pmo.accounts.models import Membership, User
from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.background.mailing import INTERRUPTED
from pmo.common.models import AuditEvent, Job, JobState
from pmo.common.records.writing import RefusalError
from reports.models import Delivery, DeliveryState, Subscription, scope_of
from reports.services.deliveries import (
    DELIVER,
    NOT_ALLOWED,
    send_again,
    send_one,
)
from reports.services.subscriptions import subscribe, unsubscribe
from reports.services.summaries import compile_summary, issue_summary, review_summary
from tests.factories import PortfolioFactory, ProjectFactory, UserFactory, person
from tests.fakes import NestedMail, WorkerKilled
from tests.reports.documents import SECRET, SUNDAY, member, row, two_weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def portfolio():
    portfolio = PortfolioFactory(name="Capital")
    portfolio.projects = two_weeks(portfolio)
    return portfolio


@pytest.fixture
def readers(portfolio, lead):
    """The lead, and an executive who may not see the confidential project."""
    found = [lead, person(Role.EXECUTIVE, name="Eve", email="eve@example.org")]
    for reader in found:
        subscribe(scope=scope_of(portfolio), user=reader, by=lead)
    return found


@pytest.fixture
def issue(portfolio, lead):
    def issue_now():
        draft = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
        reviewed = review_summary(
            summary=draft,
            version=None,
            by=lead,
            headline=f"{SECRET} worries us.",
            office_note=f"{SECRET} again.",
            comments={str(line["id"]): "See below" for line in draft.content["lines"]},
        )
        return issue_summary(summary=reviewed, version=None, by=lead)

    return issue_now


def the_job():
    return Job.objects.get(kind=DELIVER)


def expire(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def make_due(job):
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def parts(message):
    html = next(text for text, kind in message.alternatives if kind == "text/html")
    return message.subject, message.body, str(html), message.attachments[0]


def test_each_subscriber_gets_one_mail_with_the_page_as_pdf(readers, issue, mailoutbox):
    issue()

    jobs.run(the_job().pk)

    assert [message.to for message in mailoutbox] == [[reader.email] for reader in readers]
    _, _, _, (name, content, kind) = parts(mailoutbox[0])
    assert (name[:8], name[-4:], kind) == ("summary-", ".pdf", "application/pdf")
    assert content.startswith(b"%PDF-")
    assert states() == [DeliveryState.SENT] * 2
    assert not Delivery.objects.filter(sent_at=None).exists()
    assert the_job().state == JobState.DONE


def test_a_mail_holds_nothing_its_reader_may_not_see(readers, issue, mailoutbox):
    issue()

    jobs.run(the_job().pk)

    leads, theirs = ("".join(map(str, parts(message)[:3])) for message in mailoutbox)
    assert SECRET not in theirs
    assert "1 of 2 projects is red." in theirs and "hidden from you" in theirs
    assert SECRET in leads


def test_a_second_run_sends_nothing_twice(readers, issue, mailoutbox):
    issue()
    job = the_job()

    jobs.run(job.pk)
    again = jobs.run(job.pk)

    assert not again
    assert len(mailoutbox) == 2


def test_a_mail_is_named_the_same_each_time_and_by_nothing_of_its_reader(readers, issue):
    summary = issue()

    names = list(Delivery.objects.order_by("pk").values_list("message_id", flat=True))

    assert names[0] == f"<summary-{summary.pk}-{readers[0].pk}-{summary.seal[:16]}@127.0.0.1>"
    assert len(set(names)) == 2


@pytest.mark.usefixtures("readers")
def test_a_worker_killed_while_sending_leaves_that_mail_uncertain_and_the_rest_are_sent(
    issue, settings, mailoutbox
):
    issue()
    job = the_job()
    settings.EMAIL_BACKEND = "tests.fakes.DeadlyMail"
    with pytest.raises(WorkerKilled):
        jobs.run(job.pk)
    assert states() == [DeliveryState.SENDING, DeliveryState.WAITING]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert not jobs.run(job.pk), "the dead worker's lease still runs"
    expire(job)
    assert jobs.run(job.pk)

    assert states() == [DeliveryState.UNCERTAIN, DeliveryState.SENT]
    assert Delivery.objects.order_by("pk").first().error == INTERRUPTED
    assert len(mailoutbox) == 1
    assert the_job().state == JobState.DONE


@pytest.mark.usefixtures("readers")
def test_an_uncertain_mail_is_sent_again_under_its_own_name_when_the_office_says_so(
    issue, lead, mailoutbox
):
    issue()
    first = Delivery.objects.order_by("pk").first()
    Delivery.objects.filter(pk=first.pk).update(state=DeliveryState.UNCERTAIN)
    jobs.run(the_job().pk)

    send_again(delivery=first, by=lead)
    again = Job.objects.filter(kind=DELIVER).order_by("-pk").first()
    jobs.run(again.pk)

    first.refresh_from_db()
    assert first.state == DeliveryState.SENT
    assert mailoutbox[-1].extra_headers["Message-ID"] == first.message_id
    assert AuditEvent.objects.filter(action="delivery.requeued").count() == 1


@pytest.mark.usefixtures("readers")
def test_a_mail_that_was_sent_is_not_sent_again(issue, lead):
    issue()
    jobs.run(the_job().pk)

    with pytest.raises(RefusalError):
        send_again(delivery=Delivery.objects.first(), by=lead)


@pytest.mark.usefixtures("readers")
def test_a_server_that_is_away_is_tried_again_and_then_given_up(issue, settings, caplog):
    issue()
    job = the_job()
    settings.EMAIL_BACKEND = "tests.fakes.AwayMail"

    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        make_due(job)
        assert jobs.run(job.pk)
        expected = DeliveryState.FAILED if attempt == jobs.MAX_ATTEMPTS else DeliveryState.WAITING
        assert states() == [expected] * 2

    assert Delivery.objects.first().error == (
        "The mail server did not take it (ConnectionRefusedError)."
    )
    assert the_job().state == JobState.DONE
    assert caplog.records


@pytest.mark.usefixtures("readers")
def test_an_address_the_server_refuses_is_not_tried_again(issue, settings):
    issue()
    settings.EMAIL_BACKEND = "tests.fakes.RefusingMail"

    jobs.run(the_job().pk)

    assert states() == [DeliveryState.FAILED] * 2
    assert not Delivery.objects.exclude(sent_at=None).exists()
    assert the_job().state == JobState.DONE


def test_a_second_worker_sends_no_mail_that_the_first_has_claimed(readers, issue, settings):
    issue()
    job = the_job()
    settings.EMAIL_BACKEND = "tests.fakes.NestedMail"
    NestedMail.sent = []
    NestedMail.attempt = staticmethod(lambda: jobs.run(job.pk))

    jobs.run(job.pk)

    assert [message.to[0] for message in NestedMail.sent] == [one.email for one in readers]
    assert states() == [DeliveryState.SENT] * 2


def test_a_worker_that_was_only_slow_reports_its_mail_as_sent(readers, issue, settings):
    """Its lease ran out while it spoke to the server; the second worker sends the others."""
    issue()
    job = the_job()
    settings.EMAIL_BACKEND = "tests.fakes.NestedMail"
    NestedMail.sent = []
    turns = iter([True])

    def take_over():
        if next(turns, False):
            expire(job)
            assert jobs.run(job.pk)

    NestedMail.attempt = staticmethod(take_over)

    jobs.run(job.pk)

    assert sorted(message.to[0] for message in NestedMail.sent) == sorted(
        reader.email for reader in readers
    )
    assert states() == [DeliveryState.SENT] * 2


@pytest.mark.usefixtures("readers")
@pytest.mark.parametrize("state", [one for one in DeliveryState if one != DeliveryState.WAITING])
def test_a_mail_that_is_not_there_to_be_claimed_is_left_as_it_is(issue, mailoutbox, state):
    """Somebody else claimed it after this worker had listed it."""
    issue()
    mail = Delivery.objects.order_by("pk").first()
    Delivery.objects.filter(pk=mail.pk).update(state=state, attempts=1)

    handed = send_one(delivery_id=mail.pk)

    assert handed is None
    assert mailoutbox == []
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.sent_at) == (state, 1, None)


@pytest.mark.usefixtures("readers")
@pytest.mark.parametrize(
    "error", [None, ConnectionRefusedError("nobody there")], ids=["taken", "away"]
)
def test_a_slow_worker_says_nothing_of_a_mail_that_another_took_over(
    issue, settings, monkeypatch, error
):
    """The office had it sent again meanwhile: what becomes of it is for the second worker to say."""
    issue()
    mail = Delivery.objects.order_by("pk").first()
    settings.EMAIL_BACKEND = "tests.fakes.NestedMail"
    monkeypatch.setattr(NestedMail, "sent", [])

    def take_over():
        claimed = Delivery.objects.filter(pk=mail.pk, state=DeliveryState.SENDING, attempts=1)
        assert claimed.update(attempts=F("attempts") + 1) == 1
        if error:
            raise error

    monkeypatch.setattr(NestedMail, "attempt", staticmethod(take_over))

    send_one(delivery_id=mail.pk)

    assert len(NestedMail.sent) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (DeliveryState.SENDING, 2)
    assert (mail.error, mail.sent_at) == ("", None)


def test_rights_are_asked_when_the_mail_is_sent(readers, issue, mailoutbox):
    issue()
    Membership.objects.filter(user=readers[1]).delete()

    jobs.run(the_job().pk)

    assert [message.to for message in mailoutbox] == [[readers[0].email]]
    assert Delivery.objects.get(user=readers[1]).error == NOT_ALLOWED


def test_somebody_shut_out_before_the_issue_gets_none(readers, issue):
    User.objects.filter(pk=readers[1].pk).update(is_active=False)

    issue()

    assert [one.user for one in Delivery.objects.all()] == [readers[0]]


def test_a_hostile_name_becomes_no_header_no_tag_and_no_link(portfolio, lead, issue, mailoutbox):
    hostile = ProjectFactory(name="<b>Wing</b> evil.example.com\r\nBcc: all@example.org")
    member(portfolio, hostile)
    row(hostile, SUNDAY, "red", note="Look at http://evil.example.com")
    portfolio.name = "Capital\r\nBcc: all@example.org"
    portfolio.save()
    subscribe(scope=scope_of(portfolio), user=lead, by=lead)
    issue()

    jobs.run(the_job().pk)

    subject, text, html, _ = parts(mailoutbox[0])
    assert "\n" not in subject and "\r" not in subject
    assert mailoutbox[0].message()["Bcc"] is None
    assert "<b>Wing" not in html and "&lt;b&gt;Wing" in html
    for body in (text, html):
        assert "evil.example.com" not in body
        assert "\nBcc" not in body
        links = re.findall(r"https?://[^\s\"<]*", body)
        assert links and all(link.startswith("http://127.0.0.1:8000/") for link in links)


def test_a_mail_is_small_and_loads_nothing(readers, issue, mailoutbox):
    issue()

    jobs.run(the_job().pk)

    html = parts(mailoutbox[0])[2]
    assert len(html) < 60_000
    assert "<img" not in html and "<link" not in html and "url(" not in html
    assert "prefers-color-scheme" in html


def test_subscribing_twice_is_one_subscription(portfolio, lead):
    for _ in range(2):
        subscribe(scope=scope_of(portfolio), user=lead, by=lead)

    assert Subscription.objects.count() == 1
    assert AuditEvent.objects.filter(action="subscription.created").count() == 1


def test_somebody_who_may_open_no_summary_cannot_be_subscribed(portfolio, lead):
    with pytest.raises(RefusalError, match="may not open summaries"):
        subscribe(scope=scope_of(portfolio), user=UserFactory(), by=lead)


def test_unsubscribing_is_in_the_trail(portfolio, lead):
    unsubscribe(subscription=subscribe(scope=scope_of(portfolio), user=lead, by=lead), by=lead)

    assert not Subscription.objects.exists()
    assert AuditEvent.objects.filter(action="subscription.removed").count() == 1
