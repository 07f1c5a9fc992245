"""Decisions of triage with their reasons: merging, declining, emergencies, and the way back (1c, 1e, 1h)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from portfolio.governance.models import Decision
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.models import ContingencyDraw, ProjectRequest
from portfolio.intake.selectors.requests import shown_decision, timeline
from portfolio.intake.services import triage as services
from portfolio.intake.services.becoming import link_project, make_project
from portfolio.intake.services.cycles import draw_contingency
from portfolio.intake.services.grounds import give_ground, verify_ground
from portfolio.intake.services.requests import create_request, withdraw_request
from projects.models import Project
from tests.factories import ProjectFactory, UnitFactory, person
from tests.factories.intake import READY, CycleFactory, RequestFactory, submitted, triaged

pytestmark = pytest.mark.django_db
GROUND = {
    "kind": "regulation",
    "citation": "42 CFR 482.41",
    "evidence": "Survey report, page 4.",
}


def decide(request, by, outcome, reason="Because.", **more):
    return services.decide_request(
        request=request, version=None, by=by, outcome=outcome, reason=reason, **more
    )


def grounded(request, lead, **fields):
    analyst = person(Role.PMO_ANALYST)
    day = timezone.localdate() + timedelta(days=60)
    ground = give_ground(request=request, by=analyst, **(GROUND | {"bites_on": day} | fields))
    return verify_ground(ground=ground, version=ground.version, by=lead)


def test_triage_says_lane_class_and_estimates_with_one_event(lead):
    sent = submitted()
    before = AuditEvent.objects.count()

    seen = triaged(sent, lead, profile=["device"])

    assert (seen.lane, seen.request_class, seen.profile) == ("strategic", "routine", ["device"])
    assert {getattr(seen, name) for name in services.ESTIMATES[2:]} == {Decimal(10_000)}
    assert AuditEvent.objects.count() == before + 1


def test_a_question_that_nobody_asks_is_refused(lead):
    with pytest.raises(ValidationError) as refusal:
        triaged(submitted(), lead, profile=["shoe size"])

    assert set(refusal.value.message_dict) == {"profile"}


def test_a_business_case_needs_what_triage_says_running_cost_too(lead):
    sent = submitted()
    with pytest.raises(
        RefusalError, match=r"the lane; the class; .* the running cost of years 1 to 5;"
    ):
        decide(sent, lead, TriageOutcome.CASE)
    triaged(sent, lead, running_4=None)

    with pytest.raises(RefusalError) as refusal:
        decide(sent, lead, TriageOutcome.CASE)

    assert str(refusal.value).endswith(": the running cost of year 4.")
    sent.refresh_from_db()
    assert sent.state == "triage"


def test_1c_strategic_work_is_asked_for_its_worth_and_mandatory_work_is_not(lead):
    strategic, mandatory = submitted(), submitted()
    triaged(strategic, lead, expected_value="")
    triaged(mandatory, lead, lane="mandatory", expected_value="")
    grounded(mandatory, lead)

    with pytest.raises(RefusalError, match="what it is worth"):
        decide(strategic, lead, TriageOutcome.CASE)
    assert decide(mandatory, lead, TriageOutcome.CASE).state == "case"


@pytest.mark.parametrize(
    ("gap", "named"), [("options", "the options"), ("capital_estimate", "the capital estimate")]
)
def test_1c_mandatory_work_skips_neither_options_nor_cost(lead, gap, named):
    sent = submitted()
    triaged(sent, lead, lane="mandatory", **{gap: "" if gap == "options" else None})
    grounded(sent, lead)

    with pytest.raises(RefusalError, match=named):
        decide(sent, lead, TriageOutcome.CASE)


@pytest.mark.parametrize("outcome", [TriageOutcome.CASE, TriageOutcome.SMALL])
def test_1b_the_mandatory_lane_needs_a_verified_ground(lead, outcome):
    sent = submitted()
    triaged(sent, lead, lane="mandatory")

    with pytest.raises(RefusalError, match="needs a ground"):
        decide(sent, lead, outcome)
    day = timezone.localdate() + timedelta(days=60)
    give_ground(request=sent, by=person(Role.PMO_ANALYST), bites_on=day, **GROUND)
    with pytest.raises(RefusalError, match="not verified yet"):
        decide(sent, lead, outcome)


def test_each_decision_needs_a_reason_that_the_requester_reads(lead):
    sent = submitted()

    with pytest.raises(ValidationError, match="Say why"):
        decide(sent, lead, TriageOutcome.DECLINE, reason="  ")
    declined = decide(sent, lead, TriageOutcome.DECLINE, reason="Carts do it.")

    assert (declined.state, declined.decision_reason) == ("declined", "Carts do it.")
    assert timeline(declined, sent.requester)[0].text == "Carts do it."
    assert (declined.decided_on, declined.answer_due_on) == (timezone.localdate(), None)


def test_1h_a_declined_request_stays_listed_with_its_reason(signed_in, lead):
    sent = submitted(title="Atrium fountain")
    decide(sent, lead, TriageOutcome.DECLINE, reason="Infection control refused water.")

    page = signed_in(lead).get(reverse("intake:request_list") + "?state=declined")
    own = signed_in(sent.requester).get(reverse("intake:my_requests"))

    assert "Infection control refused water." in page.content.decode()
    assert "Atrium fountain" in own.content.decode()


def test_1h_a_declined_request_is_found_with_its_reason(lead):
    sent = submitted(title="Atrium fountain")
    decide(sent, lead, TriageOutcome.DECLINE, reason="Infection control refused water.")

    found = ProjectRequest.objects.visible_to(lead).filter(decision_reason__holds="infection")

    assert [one.decision_reason for one in found] == ["Infection control refused water."]


def test_a_request_is_decided_once(lead):
    sent = submitted()
    decide(sent, lead, TriageOutcome.SMALL)

    with pytest.raises(RefusalError, match="Only a request in triage"):
        decide(sent, lead, TriageOutcome.DECLINE)


def test_a_merge_keeps_both_histories(lead):
    first, second = submitted(title="Scanners ward 5"), submitted(title="Scanners ward 6")

    merged = decide(first, lead, TriageOutcome.MERGE, "The same.", into=second)

    assert (merged.state, merged.merged_into) == ("merged", second)
    told = {(step.kind, step.is_of_merged) for step in timeline(second, lead)}
    assert told == {
        ("submitted", False),
        ("took_in", False),
        ("submitted", True),
        ("merged", True),
    }
    assert {step.kind for step in timeline(merged, first.requester)} == {"submitted", "merged"}


def test_what_a_request_is_merged_into_must_fit(lead):
    sent, over = submitted(), submitted()
    decide(over, lead, TriageOutcome.DECLINE)
    hidden = submitted(is_confidential=True)

    for request, into in ((sent, None), (sent, sent), (sent, over), (hidden, sent)):
        with pytest.raises(ValidationError) as refusal:
            decide(request, lead, TriageOutcome.MERGE, into=into)
        assert set(refusal.value.message_dict) == {"into"}


def test_a_merge_tells_nobody_of_a_confidential_request(lead):
    nurse, hidden = person(Role.STAFF), submitted(title="Merger of two", is_confidential=True)
    sent = submitted(by=nurse)

    decide(sent, lead, TriageOutcome.MERGE, "The same.", into=hidden)

    steps = timeline(ProjectRequest.objects.get(pk=sent.pk), nurse)
    assert [step.shown_other for step in steps] == [None, None]
    assert "Merger" not in "".join(step.text for step in steps)


def test_sent_back_a_request_has_a_new_clock(lead):
    sent = submitted()
    ProjectRequest.objects.filter(pk=sent.pk).update(clock_used=4)
    decide(sent, lead, TriageOutcome.DECLINE)

    back = services.send_back(request=sent, version=None, by=lead, reason="New facts.")

    assert (back.state, back.clock_used, back.decided_on) == ("triage", 0, None)
    assert back.answer_due_on > timezone.localdate()
    assert timeline(back, lead)[0].kind == "sent_back"
    with pytest.raises(RefusalError):
        services.send_back(request=back, version=None, by=lead, reason="Again.")


def test_an_emergency_draws_on_the_contingency(lead):
    cycle = CycleFactory()
    sent = submitted(title="Chiller broke")

    with pytest.raises(ValidationError, match="capital cycle"):
        decide(sent, lead, TriageOutcome.EMERGENCY)
    with pytest.raises(ValidationError, match="how much"):
        decide(sent, lead, TriageOutcome.EMERGENCY, cycle=cycle)
    done = decide(sent, lead, TriageOutcome.EMERGENCY, cycle=cycle, amount=Decimal(310_000))

    assert (done.state, done.request_class) == ("emergency", "emergency")
    assert ContingencyDraw.objects.get().request == done


def test_an_emergency_that_the_contingency_cannot_pay_leaves_no_trace(lead):
    cycle, sent = CycleFactory(), submitted()
    before = AuditEvent.objects.count()

    with pytest.raises(RefusalError, match="not enough"):
        decide(sent, lead, TriageOutcome.EMERGENCY, cycle=cycle, amount=Decimal(2_000_001))

    sent.refresh_from_db()
    assert (sent.state, AuditEvent.objects.count()) == ("triage", before)
    assert not ContingencyDraw.objects.exists()


def paid_and_sent_back(lead):
    cycle, sent = CycleFactory(), submitted(title="Chiller broke")
    decide(sent, lead, TriageOutcome.EMERGENCY, cycle=cycle, amount=Decimal(310_000))
    return services.send_back(request=sent, version=None, by=lead, reason="Is it one?")


def test_an_emergency_that_was_sent_back_is_not_paid_again(lead):
    back = paid_and_sent_back(lead)

    with pytest.raises(ValidationError, match=r"paid \$310,000 for this request") as refusal:
        decide(back, lead, TriageOutcome.EMERGENCY, cycle=CycleFactory(), amount=Decimal(5))
    assert set(refusal.value.message_dict) == {"amount"}
    again = decide(back, lead, TriageOutcome.EMERGENCY)

    draw = ContingencyDraw.objects.get()
    assert (again.state, again.cycle) == ("emergency", draw.cycle)


def test_nothing_else_draws_for_a_request_that_is_paid(lead):
    back = paid_and_sent_back(lead)
    cycle = ContingencyDraw.objects.get().cycle

    with pytest.raises(RefusalError, match="already"):
        draw_contingency(cycle=cycle, by=lead, amount=Decimal(5), reason="Twice.", request=back)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContingencyDraw.objects.create(
            cycle=cycle, amount=5, reason="Past us.", request=back, drawn_on=timezone.localdate()
        )
    assert ContingencyDraw.objects.count() == 1


def test_a_decision_that_is_no_merge_leads_to_no_other_request(lead):
    sent, other = submitted(), submitted()

    decide(sent, lead, TriageOutcome.DECLINE, into=other)

    assert [step.other for step in sent.steps.order_by("pk")] == [None, None]
    assert other.steps.count() == 1


def test_an_accepted_request_becomes_a_project_with_a_link(lead):
    sponsor, manager = person(Role.EXECUTIVE), person(Role.STAFF)
    sent = submitted(sponsor=sponsor, sponsor_answer="agreed", is_confidential=True)
    triaged(sent, lead)
    decide(sent, lead, TriageOutcome.CASE)

    project = make_project(
        request=sent,
        version=None,
        by=lead,
        manager=manager,
        code="CAP-1",
        name="Scanners",
        unit=sent.unit,
    )

    sent.refresh_from_db()
    assert sent.project == project
    assert (project.lane, project.is_confidential, project.stage) == ("strategic", True, "proposal")
    assert set(project.members.values_list("user", "role")) == {
        (sponsor.pk, "sponsor"),
        (manager.pk, "manager"),
    }
    with pytest.raises(RefusalError, match="already"):
        make_project(
            request=sent, version=None, by=lead, code="CAP-2", name="Again", unit=sent.unit
        )
    with pytest.raises(RefusalError, match="became a project"):
        services.send_back(request=sent, version=None, by=lead, reason="No.")


def test_a_request_that_is_not_accepted_becomes_no_project(lead):
    with pytest.raises(RefusalError):
        make_project(
            request=submitted(), version=None, by=lead, code="C", name="N", unit=UnitFactory()
        )

    assert not Project.objects.exists()


def test_who_sees_a_request(lead):
    sponsor, analyst = person(Role.STAFF), person(Role.PMO_ANALYST)
    ward, other = UnitFactory(), UnitFactory()
    head, stranger = person(Role.UNIT_HEAD, unit=ward), person(Role.STAFF)
    draft = RequestFactory(state="draft", submitted_on=None, unit=ward, sponsor=sponsor)
    open_one = RequestFactory(unit=ward, sponsor=sponsor)
    hidden = RequestFactory(unit=ward, sponsor=sponsor, is_confidential=True)
    elsewhere = RequestFactory(unit=other)

    def seen(user):
        return set(ProjectRequest.objects.visible_to(user))

    assert seen(lead) == {open_one, hidden, elsewhere}
    assert seen(analyst) == seen(person(Role.EXECUTIVE)) == seen(person(Role.AUDITOR))
    assert seen(analyst) == {open_one, elsewhere}
    assert seen(head) == {open_one}
    assert seen(sponsor) == {open_one, hidden}
    assert seen(draft.requester) == {draft}
    assert seen(hidden.requester) == {hidden}
    assert seen(stranger) == seen(person(Role.ADMINISTRATOR)) == set()


def test_a_draft_that_was_withdrawn_stays_its_authors_alone(lead):
    sponsor, ward = person(Role.EXECUTIVE), UnitFactory()
    draft = create_request(
        by=person(Role.STAFF), title="A wish", unit=ward, sponsor=sponsor, sponsor_answer="asked"
    )
    gone = withdraw_request(request=draft, version=1, by=draft.requester)

    for reader in (lead, sponsor, person(Role.AUDITOR), person(Role.UNIT_HEAD, unit=ward)):
        assert not ProjectRequest.objects.visible_to(reader).exists()
        assert not ProjectRequest.objects.mine(reader).exists()
        assert gone.roles_of(reader) == set()
    assert list(ProjectRequest.objects.visible_to(gone.requester)) == [gone]


def test_ready_names_every_field_of_triage():
    assert set(READY) <= set(services.TRIAGE_FIELDS)


def test_a_request_is_linked_to_a_project_that_was_added_already(lead):
    sent, hidden = submitted(), submitted(is_confidential=True)
    project = ProjectFactory()
    for request in (sent, hidden):
        triaged(request, lead)
        decide(request, lead, TriageOutcome.CASE)

    with pytest.raises(RefusalError, match="confidential project only"):
        link_project(request=hidden, version=None, by=lead, project=project)
    linked = link_project(request=sent, version=None, by=lead, project=project)

    assert (linked.project, timeline(linked, lead)[0].kind) == (project, "project")


def test_a_committees_decision_is_linked_and_told_to_whom_it_is_open(lead):
    sent = submitted()
    decision = Decision.objects.create(number="D-1", question="Buy scanners?")
    triaged(sent, lead, committee_decision=decision)
    sent.refresh_from_db()

    assert shown_decision(sent, lead) == decision
    assert shown_decision(sent, person(Role.STAFF)) is None
