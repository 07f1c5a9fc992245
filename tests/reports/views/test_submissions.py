"""The document of a submission: what was sent, for whoever sees the request, with any letters."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.services.requests import answer_request
from portfolio.intake.services.triage import decide_request
from portfolio.intake.words.documents import sheet_of
from reports.pdf import submission_pdf
from tests.factories import UnitFactory, person
from tests.factories.intake import submitted

pytestmark = pytest.mark.django_db


def address(version):
    return reverse("reports:submission_pdf", args=[version.pk])


def test_each_submission_has_its_own_document(signed_in, lead):
    sent = submitted(title="Barcode scanners", unit=UnitFactory(name="Ward 5"))
    decide_request(
        request=sent, version=None, by=lead, outcome=TriageOutcome.ASK, reason="How many?"
    )
    answer_request(request=sent, version=None, by=sent.requester, answer="Forty.", size="L")
    first, second = sent.versions.order_by("number")
    client = signed_in(sent.requester)

    answers = [client.get(address(version)) for version in (first, second)]

    assert [one["Content-Type"] for one in answers] == ["application/pdf"] * 2
    assert all(one.content.startswith(b"%PDF-") for one in answers)
    sizes = [dict(sheet_of(one, office="St. Brigid").facts)["Size"] for one in (first, second)]
    assert sizes == ["M", "L"]
    assert f"({'PDF'})" in client.get(sent.get_absolute_url()).content.decode()


def test_the_sheet_says_the_day_and_what_was_not_said():
    version = submitted(systems="Epic\nPyxis").versions.get()

    sheet = sheet_of(version, office="St. Brigid")

    assert sheet.subtitle.startswith(f"Request {version.content['number']}, submission 1 of ")
    assert dict(sheet.facts)["Systems touched"] == "Epic, Pyxis"
    assert dict(sheet.facts)["Sponsor"] == "Not said"


@pytest.mark.parametrize(
    "title", ["#let x = 1 *bold* $a$", "工作 \N{ROCKET} مرحبا", '\\ " ` @ < >']
)
def test_any_title_is_printed(title):
    version = submitted(title=title).versions.get()
    sheet = sheet_of(version, office=title)

    assert submission_pdf({name: getattr(sheet, name) for name in sheet.__slots__}).startswith(
        b"%PDF-"
    )


@pytest.mark.parametrize("role", [Role.STAFF, Role.EXECUTIVE, Role.PMO_ANALYST])
def test_a_confidential_submission_is_not_there_for_others(signed_in, lead, role):
    version = submitted(is_confidential=True).versions.get()

    assert signed_in(person(role)).get(address(version)).status_code == 404
    assert signed_in(lead).get(address(version)).status_code == 200
