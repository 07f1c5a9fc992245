"""What waits for a person in intake, and that the search finds requests for whoever sees them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.page.waiting import waiting_for
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.services.grounds import give_ground
from portfolio.intake.services.requests import create_request
from portfolio.intake.services.triage import decide_request
from tests.factories import person
from tests.factories.intake import RequestFactory, submitted

pytestmark = pytest.mark.django_db


def told(user):
    return {
        (item.text, item.about.partition(" ")[2])
        for item in waiting_for(user, today=timezone.localdate())
    }


def test_questions_and_drafts_wait_for_the_requester_and_decisions_for_the_office(lead):
    nurse = person(Role.STAFF)
    create_request(by=nurse, title="A draft")
    asked, sent = submitted(by=nurse, title="Carts"), submitted(by=nurse, title="Scanners")
    decide_request(request=asked, version=None, by=lead, outcome=TriageOutcome.ASK, reason="Why?")
    give_ground(
        request=sent, by=lead, kind="safety", citation="Finding 7", bites_on=timezone.localdate()
    )

    assert told(nurse) == {
        ("Complete and submit your draft", "A draft"),
        ("Answer a question about your request", "Carts"),
    }
    assert told(lead) == {("Decide on a request", "Scanners")}
    analyst = person(Role.PMO_ANALYST)
    assert told(analyst) == {("Decide on a request", "Scanners"), ("Verify a ground", "Scanners")}
    assert told(person(Role.EXECUTIVE)) == set()


def test_a_sponsor_who_was_asked_has_to_answer(signed_in, lead):
    sponsor = person(Role.STAFF)
    asked = submitted(title="Carts", sponsor=sponsor, sponsor_answer="asked")
    submitted(title="Beds", sponsor=sponsor, sponsor_answer="agreed")
    create_request(by=lead, title="A draft", sponsor=sponsor, sponsor_answer="asked")
    page = signed_in(sponsor).get(asked.get_absolute_url()).content.decode()

    assert told(sponsor) == {("Say whether you sponsor a request", "Carts")}
    assert "I do not sponsor it" in page
    assert (
        "I do not sponsor it" not in signed_in(lead).get(asked.get_absolute_url()).content.decode()
    )
    signed_in(sponsor).post(
        reverse("intake:request_sponsor", args=[asked.pk]),
        {"agrees": "yes", "version": asked.version},
    )
    assert told(sponsor) == set()
    asked.refresh_from_db()
    assert asked.sponsor_answer == "agreed"


def test_the_search_finds_a_request_for_those_who_see_it(signed_in, lead):
    sent = submitted(title="Barcode scanners", is_confidential=True)

    def found(user):
        page = signed_in(user).get(reverse("find"), {"q": "barcode"}).content.decode()
        return sent.get_absolute_url() in page

    assert found(lead)
    assert found(sent.requester)
    assert not found(person(Role.EXECUTIVE))
    assert not found(person(Role.PMO_ANALYST))


def test_ones_own_list_says_where_each_stands_and_why_what_waits_for_oneself_first(signed_in):
    analyst = person(Role.PMO_ANALYST)
    for title, state, reason in (
        ("Beds", "asked", "How many beds?"),
        ("Carts", "draft", ""),
        ("Pumps", "triage", ""),
        ("Fountain", "declined", "No harm is done without it."),
    ):
        RequestFactory(
            requester=analyst, title=title, state=state, decision_reason=reason,
            submitted_on=None if state == "draft" else timezone.localdate(),
        )  # fmt: skip

    page = signed_in(analyst).get(reverse("intake:my_requests"))

    assert [one.title for one, _ in page.context["rows"]] == ["Beds", "Carts", "Fountain", "Pumps"]
    shown = page.content.decode()
    assert "How many beds?" in shown
    assert "No harm is done without it." in shown
    assert "Working day 0 of 10. The answer is due by" in shown
