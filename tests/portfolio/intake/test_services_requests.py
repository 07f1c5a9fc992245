"""What the requester writes: rules 1a and 1g, versions, answers and withdrawals."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AppendOnlyError, AuditEvent
from pmo.common.records import audit
from pmo.common.records.writing import EditConflictError, RefusalError
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.models import ProjectRequest, RequestVersion, TimelineStep
from portfolio.intake.services import requests as services
from portfolio.intake.services.triage import decide_request
from tests.factories import UnitFactory, person
from tests.factories.intake import PAGE, submitted

pytestmark = pytest.mark.django_db


def on(monkeypatch, day):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: day)


def actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_1a_a_draft_saves_with_the_title_alone():
    nurse = person(Role.STAFF)

    draft = services.create_request(by=nurse, title="Scanners")

    assert (draft.state, draft.requester, draft.submitted_on) == ("draft", nurse, None)
    assert actions() == ["request.created"]
    assert not TimelineStep.objects.exists()


def test_1a_no_title_is_no_draft():
    with pytest.raises(ValidationError) as refusal:
        services.create_request(by=person(Role.STAFF), title="")

    assert "title" in refusal.value.message_dict
    assert not ProjectRequest.objects.exists()


def test_a_page_with_gaps_is_not_submitted_and_each_gap_is_named():
    draft = services.create_request(by=person(Role.STAFF), title="Scanners")

    with pytest.raises(ValidationError) as refusal:
        services.submit_request(request=draft, version=1, by=draft.requester)

    assert set(refusal.value.message_dict) == {"problem", "unit", "kind", "if_nothing", "size"}
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not RequestVersion.objects.exists()


def test_what_is_wanted_is_wanted_by_a_day_to_come(lead):
    yesterday = timezone.localdate() - timedelta(days=1)
    draft = services.create_request(
        by=person(Role.STAFF), title="Scanners", unit=UnitFactory(), wanted_by=yesterday, **PAGE
    )

    with pytest.raises(ValidationError, match="This day has passed"):
        services.submit_request(request=draft, version=None, by=draft.requester)

    # what was to come when it was sent may be over when a question is answered
    sent = services.submit_request(request=draft, version=None, by=draft.requester, on=yesterday)
    decide_request(
        request=sent, version=None, by=lead, outcome=TriageOutcome.ASK, reason="How many?"
    )
    answer = {"request": sent, "version": None, "by": sent.requester, "answer": "Forty."}
    with pytest.raises(ValidationError, match="This day has passed"):
        services.answer_request(**answer, wanted_by=yesterday - timedelta(days=1))
    assert services.answer_request(**answer).wanted_by == yesterday


def test_a_sponsor_was_asked_or_has_agreed():
    with pytest.raises(ValidationError) as refusal:
        submitted(sponsor=person(Role.EXECUTIVE))

    assert set(refusal.value.message_dict) == {"sponsor_answer"}
    assert submitted(sponsor=person(Role.EXECUTIVE), sponsor_answer="agreed").state == "triage"


def test_submitting_starts_the_clock_keeps_the_page_and_tells_it(november):
    nurse, unit = person(Role.STAFF, name="Ada"), UnitFactory(name="Ward 5")

    sent = submitted(by=nurse, unit=unit, systems="Epic\nPyxis")

    assert (sent.state, sent.submitted_on) == ("triage", date(2026, 11, 20))
    assert (sent.clock_since, sent.answer_due_on) == (date(2026, 11, 20), date(2026, 12, 4))
    version = RequestVersion.objects.get()
    assert version.number == 1
    assert version.content["unit"] == "Ward 5"
    assert version.content["systems"] == ["Epic", "Pyxis"]
    assert [step.kind for step in sent.steps.all()] == ["submitted"]
    assert actions() == ["request.created", "request.submitted"]
    assert audit.faults() == []


def test_a_submission_stays_as_it_was_sent():
    version = submitted().versions.get()

    with pytest.raises(AppendOnlyError):
        RequestVersion.objects.update(number=2)
    version.number = 7
    with pytest.raises(DatabaseError), transaction.atomic():
        version.save()


def test_1g_the_clock_stands_still_while_a_question_is_asked(monkeypatch, lead):
    on(monkeypatch, date(2026, 11, 2))  # a Monday
    sent = submitted()
    on(monkeypatch, date(2026, 11, 5))

    asked = decide_request(
        request=sent, version=None, by=lead, outcome=TriageOutcome.ASK, reason="How many?"
    )

    assert (asked.state, asked.clock_used, asked.answer_due_on) == ("asked", 3, None)

    on(monkeypatch, date(2026, 11, 30))
    again = services.answer_request(
        request=asked, version=None, by=sent.requester, answer="Forty.", size="L"
    )

    assert (again.state, again.size) == ("triage", "L")
    # seven of ten working days are left from Monday 30 November
    assert (again.clock_used, again.answer_due_on) == (3, date(2026, 12, 9))
    assert [one.number for one in again.versions.order_by("number")] == [1, 2]
    assert [one.content["size"] for one in again.versions.order_by("number")] == ["M", "L"]
    kinds = list(again.steps.order_by("pk").values_list("kind", "text"))
    assert kinds == [("submitted", ""), ("asked", "How many?"), ("answered", "Forty.")]


def test_an_answer_needs_words_and_a_question(lead):
    sent = submitted()

    with pytest.raises(RefusalError, match="Nothing is asked"):
        services.answer_request(request=sent, version=None, by=sent.requester, answer="Forty.")
    decide_request(request=sent, version=None, by=lead, outcome=TriageOutcome.ASK, reason="Why?")
    with pytest.raises(ValidationError, match="Answer what was asked"):
        services.answer_request(request=sent, version=None, by=sent.requester, answer=" ")

    assert RequestVersion.objects.count() == 1


def test_what_was_submitted_is_not_changed(lead):
    sent = submitted()

    with pytest.raises(RefusalError, match="is not changed"):
        services.change_request(request=sent, version=None, by=sent.requester, title="Other")

    sent.refresh_from_db()
    assert sent.title == "Barcode scanners"


def test_two_who_save_a_draft_at_once_lose_nothing():
    draft = services.create_request(by=person(Role.STAFF), title="Scanners")
    services.change_request(request=draft, version=1, by=draft.requester, title="First")

    with pytest.raises(EditConflictError):
        services.change_request(request=draft, version=1, by=draft.requester, title="Second")

    draft.refresh_from_db()
    assert draft.title == "First"


def test_a_request_is_withdrawn_with_its_history():
    sent = submitted()

    gone = services.withdraw_request(
        request=sent, version=None, by=sent.requester, reason="Not needed any more."
    )

    assert (gone.state, gone.answer_due_on, gone.clock_since) == ("withdrawn", None, None)
    assert list(gone.steps.order_by("pk").values_list("kind", flat=True)) == [
        "submitted",
        "withdrawn",
    ]
    with pytest.raises(RefusalError, match="cannot become"):
        services.withdraw_request(request=gone, version=None, by=sent.requester)


def test_a_draft_forgets_what_a_sponsor_said_who_is_not_named_any_more():
    sponsor, asker = person(Role.EXECUTIVE), person(Role.STAFF)
    draft = services.create_request(
        by=asker, title="Scanners", sponsor=sponsor, sponsor_answer="agreed"
    )

    changed = services.change_request(request=draft, version=1, by=asker, sponsor=None)

    assert (changed.sponsor, changed.sponsor_answer) == (None, "")


def test_a_sponsor_who_was_asked_agrees_once():
    sponsor = person(Role.STAFF)
    sent = submitted(sponsor=sponsor, sponsor_answer="asked")

    with pytest.raises(RefusalError, match="Only the sponsor"):
        services.answer_as_sponsor(request=sent, version=2, by=sent.requester, agrees=True)
    with pytest.raises(EditConflictError):
        services.answer_as_sponsor(request=sent, version=1, by=sponsor, agrees=True)
    agreed = services.answer_as_sponsor(request=sent, version=2, by=sponsor, agrees=True)

    assert (agreed.sponsor, agreed.sponsor_answer) == (sponsor, "agreed")
    assert agreed.steps.order_by("-pk").first().kind == "agreed"
    assert actions()[-1] == "request.agreed"
    with pytest.raises(RefusalError, match="once"):
        services.answer_as_sponsor(request=agreed, version=3, by=sponsor, agrees=False)


def test_a_sponsor_who_does_not_sponsor_it_is_named_no_more_and_sees_it_no_more():
    sponsor = person(Role.STAFF)
    sent = submitted(sponsor=sponsor, sponsor_answer="asked")

    left = services.answer_as_sponsor(request=sent, version=2, by=sponsor, agrees=False)

    assert (left.sponsor, left.sponsor_answer) == (None, "")
    assert left.steps.order_by("-pk").first().by == sponsor
    assert not ProjectRequest.objects.visible_to(sponsor).exists()


def test_patient_data_is_kept_out_of_the_page():
    with pytest.raises(ValidationError):
        services.create_request(
            by=person(Role.STAFF), title="Scanners", problem="MRN 00482913 waited."
        )

    assert PAGE["problem"] not in ProjectRequest.objects.values_list("problem", flat=True)
