"""What somebody typed about a request that moved on meanwhile is kept, and the page says where it stands."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.models import ProjectRequest
from portfolio.intake.services.triage import decide_request
from projects.models import Project
from projects.project_templates.models import ProjectTemplate
from tests.factories.intake import PAGE, submitted, triaged

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"intake:{name}", args=args)


def shown(answer):
    return answer.content.decode()


def decided(record, by, outcome=TriageOutcome.DECLINE, reason="Carts do it."):
    return decide_request(request=record, version=None, by=by, outcome=outcome, reason=reason)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("request_decide", {"outcome": "ask", "reason": "How many nurses?"}),
        ("request_triage", {"options": "How many nurses?"}),
    ],
)
def test_what_another_person_decided_meanwhile_is_said_and_the_words_are_kept(
    signed_in, lead, name, typed
):
    sent = submitted()
    client = signed_in(lead)
    decided(sent, lead)

    answer = client.post(url(name, sent.pk), typed | {"version": sent.version})
    late = client.get(url(name, sent.pk), follow=True)

    assert answer.status_code == 422
    assert "How many nurses?" in shown(answer)
    assert ProjectRequest.objects.get().state == "declined"
    assert late.redirect_chain == [(sent.get_absolute_url(), 302)]
    assert "Only a request in triage is triaged." in shown(late)


def test_an_answer_to_what_is_no_longer_asked_is_kept(signed_in, lead):
    sent = submitted()
    decided(sent, lead, TriageOutcome.ASK, "How many?")
    client = signed_in(sent.requester)
    decided(sent, lead)
    typed = {"title": "Scanners", "unit": sent.unit_id, "is_hard_date": "False", "answer": "Forty"}

    answer = client.post(url("request_answer", sent.pk), PAGE | typed | {"version": 2})
    late = client.get(url("request_answer", sent.pk), follow=True)

    assert answer.status_code == 422
    assert "Forty" in shown(answer)
    assert "Nothing is asked about this request at the moment." in shown(answer)
    assert late.redirect_chain == [(sent.get_absolute_url(), 302)]


def test_a_draft_that_was_submitted_in_another_tab_keeps_what_is_typed_in_this_one(signed_in):
    sent = submitted()
    client = signed_in(sent.requester)

    answer = client.post(url("request_edit", sent.pk), PAGE | {"title": "Forty scanners"})
    late = client.get(url("request_edit", sent.pk), follow=True)

    assert answer.status_code == 422
    assert "Forty scanners" in shown(answer)
    assert late.redirect_chain == [(sent.get_absolute_url(), 302)]
    assert "A submitted request is not changed" in shown(late)


def test_a_request_that_became_a_project_meanwhile_starts_no_second_one(signed_in, lead):
    sent = submitted()
    triaged(sent, lead)
    decided(sent, lead, TriageOutcome.CASE, "Worth it.")
    start = url("request_start", sent.pk, ProjectTemplate.objects.get(code="telehealth").pk)
    client = signed_in(lead)
    form = client.get(start).context["form"]
    typed = {n: v for n in form.fields if (v := form[n].value()) not in (None, False, "")}
    typed["go_live"] = timezone.localdate() + timedelta(days=400)

    first, second = client.post(start, typed), client.post(start, typed)
    late = client.get(start, follow=True)

    assert (first.status_code, second.status_code) == (302, 422)
    assert "This request became a project already." in shown(second)
    assert Project.objects.count() == 1
    assert late.redirect_chain == [(sent.get_absolute_url(), 302)]


def test_an_answer_that_is_overdue_is_said_to_requester_and_office(signed_in, lead):
    sent = submitted()
    long_ago = timezone.localdate() - timedelta(days=40)
    ProjectRequest.objects.update(clock_since=long_ago, answer_due_on=long_ago + timedelta(days=14))

    mine = shown(signed_in(sent.requester).get(url("my_requests")))
    page = shown(signed_in(lead).get(sent.get_absolute_url()))

    assert "and is overdue." in mine
    assert f"{sent.number} is in triage. The answer was due by" in page


def test_two_who_decide_at_once_see_what_the_other_decided_and_why(signed_in, lead):
    sent = submitted()
    decided(sent, lead, TriageOutcome.ASK, "How many wards?")
    typed = {"outcome": "decline", "reason": "There is a pool.", "version": sent.version}

    answer = signed_in(lead).post(url("request_decide", sent.pk), typed)

    assert answer.status_code == 409
    clashes = {one.label: (one.yours, one.theirs) for one in answer.context["conflict"].differences}
    assert clashes == {
        "Decision": ("Decline", "Ask again"),
        "Why?": ("There is a pool.", "How many wards?"),
    }


def test_a_vendors_notice_that_lacks_is_asked_for_at_its_field(signed_in, lead):
    sent = submitted()
    typed = {"kind": "vendor", "citation": "EOL 12", "bites_on": timezone.localdate()}

    answer = signed_in(lead).post(url("request_ground", sent.pk), typed)

    assert list(answer.context["form"].errors) == ["vendor_notice"]
