"""One mail to a person about a freeze, whatever number of documents that person gets."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.models import Job
from reports.domain.scope import HOSPITAL
from reports.models import Delivery, DeliveryState, DocumentKind, Enclosure, Summary, scope_of
from reports.selectors.mails import enclosed_in
from reports.services.deliveries import (
    DELIVER,
    enclose_due_reports,
    release_complete,
    send_again,
)
from reports.services.subscriptions import subscribe
from reports.services.summaries import (
    compile_summary,
    issue_summary,
    request_due_summaries,
    review_summary,
)
from reports.services.variance import request_due_reports
from tests.factories import PortfolioFactory, ProgramFactory, ProjectFactory, person
from tests.fakes import WorkerKilled
from tests.reports.documents import SECRET, SUNDAY, row, two_weeks

pytestmark = pytest.mark.django_db
COLLECTING, WAITING, SENT = DeliveryState.COLLECTING, DeliveryState.WAITING, DeliveryState.SENT


@pytest.fixture
def portfolio():
    portfolio = PortfolioFactory(name="Capital")
    portfolio.projects = two_weeks(portfolio)
    return portfolio


@pytest.fixture
def program():
    made = ProgramFactory(name="Care at home")
    row(ProjectFactory(name="Nurse line"), SUNDAY, program=made, program_name=made.name)
    return made


@pytest.fixture
def drafts(portfolio, program, chief, lead):
    """The drafts of a week: hospital, portfolio and program, of which the chief gets the outer two."""
    scopes = [scope_of(program), scope_of(portfolio), HOSPITAL]
    return {scope: compile_summary(scope=scope, day=SUNDAY, by=None) for scope in scopes}


@pytest.fixture
def chief(portfolio, program, lead):
    """Gets the summaries of a program and of the whole hospital."""
    reader = person(Role.EXECUTIVE, name="Ingrid", email="ingrid@example.org")
    for scope in (scope_of(program), HOSPITAL):
        subscribe(scope=scope, user=reader, by=lead)
    return reader


def issue(draft, lead):
    read = review_summary(
        summary=draft,
        version=None,
        by=lead,
        comments={},
        headline=f"{SECRET} worries us." if draft.scope == HOSPITAL else "All is well.",
        office_note="",
    )
    return issue_summary(summary=read, version=None, by=lead)


def run_all():
    for job in Job.objects.open().order_by("pk"):
        jobs.run(job.pk)


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def overdue():
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def test_an_executive_of_several_gets_one_mail_the_hospital_first(
    drafts, chief, program, lead, mailoutbox
):
    issue(drafts[scope_of(program)], lead)
    assert states() == [COLLECTING]
    assert not Job.objects.filter(kind=DELIVER).exists()

    issue(drafts[HOSPITAL], lead)
    run_all()

    (message,) = mailoutbox
    (html, _kind), names = message.alternatives[0], [name for name, *_ in message.attachments]
    assert message.to == [chief.email]
    assert message.subject == "Summaries: Whole hospital and 1 more, 15 Nov 2026"
    for body in (message.body, html):
        places = [body.index(f": {name}") for name in ("Whole hospital", "Care at home")]
        assert places == sorted(places)
        assert SECRET not in body
        assert body.count("; the PDF holds all of it.") == 2
        assert Summary.objects.get(scope_kind="hospital").seal not in body
    assert "\n- Approve the draw (FAC-1 Wing; COO, by 13 Nov)\n" in message.body
    assert "<strong>Approve the draw</strong>" in html
    assert "more" not in message.body.partition("Decisions needed:")[2].partition("Open the")[0]
    assert [name.split("-2026")[0] for name in names] == [
        "summary-hospital",
        f"summary-{program.code.lower()}",
    ]
    assert all(content.startswith(b"%PDF-") for _, content, _ in message.attachments)
    assert states() == [SENT]


def test_what_nobody_asked_for_holds_no_mail_back(drafts, program, lead):
    issue(drafts[scope_of(program)], lead)
    issue(drafts[HOSPITAL], lead)

    assert states() == [WAITING], "the portfolio's is a draft, and not the chief's"


def test_a_mail_waits_no_longer_than_it_must_and_the_rest_comes_by_itself(
    drafts, program, lead, mailoutbox
):
    issue(drafts[HOSPITAL], lead)
    due = Delivery.objects.get().due_at - timezone.now()
    assert timedelta(hours=3, minutes=59) < due <= timedelta(hours=4)
    release_complete()
    assert states() == [COLLECTING]
    overdue()

    release_complete()
    run_all()
    issue(drafts[scope_of(program)], lead)
    run_all()

    assert [message.subject for message in mailoutbox] == [
        "Weekly summary: Whole hospital, 15 Nov 2026",
        "Weekly summary: Care at home, 15 Nov 2026",
    ]
    assert states() == [SENT, SENT]


def test_nothing_is_sent_twice_however_often_clock_and_worker_come(
    drafts, program, lead, mailoutbox
):
    for scope in (HOSPITAL, scope_of(program)):
        issue(drafts[scope], lead)
    job = Job.objects.get(kind=DELIVER)

    for _ in range(2):
        jobs.run(job.pk)
        release_complete()
        run_all()

    assert len(mailoutbox) == 1
    assert Enclosure.objects.count() == 2


def test_a_killed_worker_loses_no_mail_and_the_office_sends_it_again(
    drafts, program, lead, settings, mailoutbox
):
    for scope in (HOSPITAL, scope_of(program)):
        issue(drafts[scope], lead)
    job = Job.objects.get(kind=DELIVER)
    settings.EMAIL_BACKEND = "tests.fakes.DeadlyMail"
    with pytest.raises(WorkerKilled):
        jobs.run(job.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.run(job.pk)
    assert states() == [DeliveryState.UNCERTAIN]

    send_again(delivery=Delivery.objects.get(), by=lead)
    run_all()

    (message,) = mailoutbox
    assert message.extra_headers["Message-ID"] == Delivery.objects.get().message_id
    assert "Care at home" in message.body and "Whole hospital" in message.body
    assert states() == [SENT]


def test_a_second_mail_of_the_freeze_is_no_business_of_the_first_one_s_job(
    drafts, program, lead, mailoutbox
):
    """Each job sends its own mails, and calls no other's "interrupted"."""
    issue(drafts[HOSPITAL], lead)
    overdue()
    release_complete()
    first = Job.objects.get(kind=DELIVER)
    Delivery.objects.update(state=DeliveryState.SENDING)
    issue(drafts[scope_of(program)], lead)

    jobs.run(Job.objects.exclude(pk=first.pk).get(kind=DELIVER).pk)

    assert states() == [DeliveryState.SENDING, SENT]
    assert len(mailoutbox) == 1


def test_mails_that_fall_due_one_after_the_other_each_get_a_job(
    drafts, portfolio, lead, mailoutbox
):
    """The chief's mail was opened first and waits on; a job named after it would be done already."""
    others = [person(Role.EXECUTIVE, email=f"{name}@example.org") for name in ("ann", "bob")]
    for reader in others:
        for scope in (HOSPITAL, scope_of(portfolio)):
            subscribe(scope=scope, user=reader, by=lead)
    issue(drafts[HOSPITAL], lead)

    for reader in others:
        Delivery.objects.filter(user=reader).update(due_at=timezone.now())
        release_complete()
        run_all()

    assert [message.to for message in mailoutbox] == [[reader.email] for reader in others]
    assert states() == [COLLECTING, SENT, SENT]


class TestVarianceReports:
    @pytest.fixture
    def reader(self, portfolio, lead):
        found = person(Role.EXECUTIVE, name="Eve", email="eve@example.org")
        subscribe(scope=HOSPITAL, user=found, by=lead, document=DocumentKind.VARIANCE)
        return found

    def monday(self):
        request_due_summaries(day=SUNDAY)
        request_due_reports(day=SUNDAY)
        run_all()
        enclose_due_reports(day=SUNDAY)

    def test_a_report_alone_is_mailed_when_it_is_made(self, reader, mailoutbox):
        self.monday()
        release_complete()
        run_all()
        self.monday()

        (message,) = mailoutbox
        assert message.subject == "Variance report: Whole hospital, 15 Nov 2026"
        assert "Forecast cost is $20 over the approved budget" in message.body
        assert "1 project hidden from you" in message.body
        assert SECRET not in message.body + str(message.alternatives[0][0])
        assert message.attachments == []
        assert "/reports/variance/" in message.body

    def test_it_waits_for_the_summary_that_its_reader_gets_too(self, reader, lead, mailoutbox):
        subscribe(scope=HOSPITAL, user=reader, by=lead)
        self.monday()
        release_complete()
        assert states() == [COLLECTING]
        left = Delivery.objects.get().due_at - timezone.now()
        assert timedelta(hours=23) < left <= timedelta(hours=24)

        issue(Summary.objects.get(scope_kind="hospital"), lead)
        run_all()

        (message,) = mailoutbox
        held = [type(one).__name__ for one in enclosed_in(Delivery.objects.get())]
        assert held == ["Summary", "VarianceReport"]
        assert message.subject == "Reports: Whole hospital, 15 Nov 2026"
        assert len(message.attachments) == 1

    def test_who_subscribes_later_gets_the_next_one(self, reader, lead):
        self.monday()
        later = person(Role.EXECUTIVE, email="late@example.org")
        subscribe(scope=HOSPITAL, user=later, by=lead, document=DocumentKind.VARIANCE)

        enclose_due_reports(day=SUNDAY)

        assert [one.user for one in Enclosure.objects.all()] == [reader]
