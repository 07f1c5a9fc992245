"""What is issued keeps the name, the format of money and the zone it was issued under."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.core import mail

from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.models import Job
from pmo.organization.letterhead import KEY
from pmo.organization.models import Organization
from pmo.organization.services import change_organization
from reports.models import Summary, VarianceReport, scope_of
from reports.services.subscriptions import subscribe
from reports.services.summaries import compile_summary, is_intact, issue_summary, review_summary
from reports.services.variance import request_variance
from reports.words.reading import print_data, reading_of
from tests.factories import PortfolioFactory, person
from tests.reports.documents import BEFORE, SUNDAY, two_weeks

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def portfolio():
    portfolio = PortfolioFactory(name="Capital")
    two_weeks(portfolio)
    return portfolio


@pytest.fixture
def named():
    change_organization(by=None, version=None, name="Lakeside", time_zone="Asia/Kolkata")


def rename():
    change_organization(
        by=None, version=None, name="Hill", currency_after=True, time_zone="America/New_York"
    )


def draft(portfolio, lead):
    made = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
    return review_summary(summary=made, version=None, by=lead, comments={})


def issued(portfolio, lead):
    return issue_summary(summary=draft(portfolio, lead), version=None, by=lead, at=FRIDAY)


def report_of(portfolio, lead):
    job = request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=BEFORE, by=lead)
    jobs.run(job.pk)
    return VarianceReport.objects.get()


def test_an_issued_summary_stays_as_it_was_on_page_in_pdf_and_in_the_api(
    named, portfolio, lead, client
):
    summary = issued(portfolio, lead)
    before = print_data(reading_of(summary, lead))
    rename()

    client.force_login(lead)
    address = f"/summaries/{summary.pk}/"
    page = client.get(address).content.decode()
    pdf = client.get(f"{address}summary.pdf").content
    told = client.get(f"/api/v1/summaries/{summary.pk}/").json()

    assert print_data(reading_of(summary, lead)) == before
    assert before["office"] == "Lakeside, project management office"
    assert "17:30" in before["proof"]
    assert "$375" in page
    assert "375\u00a0$" not in page
    assert b"Lakeside, project management office" in pdf  # its author
    assert b"Hill" not in pdf
    assert told["sheet"]["office"] == before["office"]
    assert is_intact(Summary.objects.get())


def test_a_mail_that_is_sent_later_says_what_was_issued(named, portfolio, lead):
    subscribe(scope=scope_of(portfolio), user=lead, by=lead)
    reader = person(Role.EXECUTIVE)
    subscribe(scope=scope_of(portfolio), user=reader, by=lead)
    issued(portfolio, lead)
    rename()
    mail.outbox.clear()
    for job in Job.objects.filter(kind="summary.deliver"):
        jobs.run(job.pk)

    assert mail.outbox
    for message in mail.outbox:
        assert "$375" in message.body or "$320" in message.body
        assert "Hill" not in message.body


def test_a_draft_follows_the_settings_until_it_is_issued(named, portfolio, lead):
    summary = draft(portfolio, lead)
    first = print_data(reading_of(summary, lead))
    rename()

    open_one = print_data(reading_of(summary, lead))
    closed = issue_summary(summary=summary, version=None, by=lead)

    assert (first["office"], open_one["office"]) == (
        "Lakeside, project management office",
        "Hill, project management office",
    )
    assert dict(open_one["money_facts"])["Forecast"] == "375\u00a0$"
    assert closed.content[KEY]["name"] == "Hill"
    assert print_data(reading_of(closed, lead))["office"] == open_one["office"]


def test_a_variance_report_stays_as_it_was_on_its_page_and_in_excel(named, portfolio, lead, client):
    report = report_of(portfolio, lead)
    VarianceReport.objects.filter(pk=report.pk).update(made_at=FRIDAY)
    rename()
    client.force_login(lead)

    page = client.get(report.get_absolute_url()).content.decode()
    answer = client.get(f"/reports/variance/{report.pk}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))

    sheet = book["Cost and finish"]
    note = sheet.cell(sheet.max_row, 1).value
    assert "$100" in page
    assert "100\u00a0$" not in page
    assert {cell.number_format for cell in sheet["H"][1:3]} == {'"$"#,##0.00'}
    assert "17:30" in note


@pytest.mark.parametrize("make", [issued, report_of])
def test_a_document_of_release_0_1_has_the_letterhead_of_the_upgrade(
    portfolio, lead, client, make, monkeypatch
):
    monkeypatch.setattr(
        f"reports.services.{'summaries' if make is issued else 'variance'}.for_content", dict
    )
    change_organization(by=None, version=None, name="Lakeside")
    document = make(portfolio, lead)
    assert KEY not in document.content
    rename()
    assert Organization.objects.get().at_first["name"] == "Lakeside"
    client.force_login(lead)

    page = client.get(document.get_absolute_url()).content.decode()

    assert "$100" in page if make is report_of else "$375" in page
    assert "\u00a0$" not in page
    if make is issued:
        assert print_data(reading_of(document, lead))["office"].startswith("Lakeside,")
        assert is_intact(Summary.objects.get())
