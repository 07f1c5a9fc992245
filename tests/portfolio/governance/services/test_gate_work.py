"""Gates by the numbered rules of GOVERN 2, and as each kind of office asks for them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from portfolio import services as portfolios
from portfolio.governance.domain.gates import GateState
from portfolio.governance.domain.kinds import Blocks, Choice, DecisionOutcome
from portfolio.governance.models import EvidenceItem, GateHold, GateReview, ProjectGate
from portfolio.governance.selectors.gates import ladder_of, spend_block
from portfolio.governance.services import gate_work as services
from portfolio.governance.services.conditions import meet_condition
from portfolio.governance.services.deciding import DecisionGiven
from portfolio.governance.services.decisions import decide_between_meetings, take_decision
from portfolio.governance.services.gates import GatePlan, lay_gates, lay_set
from portfolio.governance.services.items import ratify_item
from projects.domain.office import OfficeKind
from projects.domain.stages import Stage
from projects.models import CostEntry, Project
from projects.services.money import change_cost, record_cost
from projects.services.projects import StageChangeError, change_stage
from tests.factories import MemberFactory, PortfolioFactory, ProjectFactory, person
from tests.portfolio.governance.scene import (
    APPROVE,
    EVENING,
    Board,
    clock_at,
    deferred,
    promise,
    with_conditions,
)

pytestmark = pytest.mark.django_db
KINDS = (None, *OfficeKind)
DAY = date(2026, 3, 16)  # the evening of the committee


@pytest.fixture(autouse=True)
def on_the_evening():
    with clock_at(DAY):
        yield


@pytest.fixture
def board():
    return Board()


@pytest.fixture
def project():
    """A project that is planned, with nothing known of what gates ask for but its dates."""
    return ProjectFactory(stage="planning")


def under(project, kind):
    if kind:
        portfolio = PortfolioFactory(kind=kind.value)
        portfolios.add_project(portfolio=portfolio, project=project, by=None)
    return project


def laid(project, *codes, stage="delivery"):
    return lay_gates(project=project, gates=[GatePlan(one, one, stage) for one in codes], by=None)


def asked(gate, board, **fields):
    return services.ask_review(
        gate=gate,
        by=board.office,
        **{"needed_by": DAY, "decider_committee": board.committee, "on": date(2026, 3, 2)} | fields,
    )


def passed(board, gate, ruling=APPROVE, day=EVENING):
    """Let the committee pass the gate, unanimously."""
    review = asked(gate, board)
    item = board.item(board.meeting(day=day), review.decision)
    board.vote(item, CFO="yes", CMO="yes", COO="yes")
    return board.decide(item, ruling)


def state_of(gate, today=DAY):
    return next(row for row in ladder_of(gate.project, today=today) if row.gate == gate).state


@pytest.mark.parametrize(
    ("kind", "may_move", "said"),
    [
        (None, True, ""),
        (OfficeKind.SUPPORTIVE, True, ""),
        (OfficeKind.CONTROLLING, False, "Not passed yet: G2 G2."),
        (OfficeKind.DIRECTIVE, False, "Not passed yet: G2 G2."),
    ],
)
def test_row_gates_a_stage_is_entered_with_its_gate(project, board, kind, may_move, said):
    under(project, kind)
    (gate,) = laid(project, "G2")
    gate.evidence.all().delete()

    if not may_move:
        with pytest.raises(StageChangeError, match=said) as caught:
            change_stage(
                project=project, target=Stage.DELIVERY, reason="Go", version=None, by=board.office
            )
        assert f"The {kind.label.lower()} office of" in str(caught.value)
        passed(board, gate)
    moved = change_stage(
        project=project, target=Stage.DELIVERY, reason="Go", version=None, by=board.office
    )

    assert moved.stage == "delivery"


@pytest.mark.parametrize("kind", [OfficeKind.CONTROLLING, OfficeKind.DIRECTIVE])
def test_row_gates_a_project_without_gates_gets_them_first(project, lead, kind):
    under(project, kind)

    with pytest.raises(StageChangeError, match="lay them on this project first"):
        change_stage(project=project, target=Stage.DELIVERY, reason="Go", version=None, by=lead)
    held = change_stage(project=project, target=Stage.ON_HOLD, reason="No", version=None, by=lead)

    assert held.stage == "on_hold"


@pytest.mark.parametrize(
    ("kind", "person_may"),
    [(None, True), (OfficeKind.SUPPORTIVE, True), (OfficeKind.CONTROLLING, True), (OfficeKind.DIRECTIVE, False)],
)  # fmt: skip
def test_row_gates_a_directive_office_lets_a_committee_decide(project, lead, kind, person_may):
    under(project, kind)
    (gate,) = laid(project, "OWN")
    executive = person(Role.EXECUTIVE)

    if not person_may:
        with pytest.raises(RefusalError, match="lets a committee decide"):
            services.ask_review(gate=gate, by=lead, needed_by=DAY, decider_person=executive)
        assert not GateReview.objects.exists()
        return
    review = services.ask_review(gate=gate, by=lead, needed_by=DAY, decider_person=executive)
    take_decision(decision=review.decision, version=None, by=executive, ruling=APPROVE)

    assert state_of(gate) is GateState.PASSED


@pytest.mark.parametrize("kind", KINDS)
def test_row_gates_only_a_directive_office_holds_and_stops(project, lead, kind):
    under(project, kind)

    if kind is not OfficeKind.DIRECTIVE:
        for act in (
            lambda: services.hold_project(project=project, by=lead, reason="Wait."),
            lambda: services.stop_project(project=project, version=None, by=lead, reason="No."),
        ):
            with pytest.raises(RefusalError, match=r"does not hold|Only a directive"):
                act()
        return
    hold = services.hold_project(project=project, by=lead, reason="Wait for the audit.")
    with pytest.raises(StageChangeError, match="Wait for the audit"):
        change_stage(project=project, target=Stage.DELIVERY, reason="Go", version=None, by=lead)
    with pytest.raises(RefusalError, match="Wait for the audit"):
        record_cost(project=project, by=lead, kind="commitment", amount=Decimal(5), entry_date=DAY)
    services.lift_hold(hold=hold, version=None, by=lead)
    stopped = services.stop_project(project=project, version=None, by=lead, reason="No.")

    assert (stopped.stage, GateHold.objects.filter(lifted_on=None).count()) == ("cancelled", 0)


@pytest.mark.parametrize(
    ("kind", "manager_dismisses", "enforced"),
    [
        (None, True, False),
        (OfficeKind.SUPPORTIVE, True, False),
        (OfficeKind.CONTROLLING, False, True),
        (OfficeKind.DIRECTIVE, False, True),
    ],
)
def test_row_evidence(project, board, kind, manager_dismisses, enforced):
    manager = MemberFactory(project=project, role=Role.MANAGER).user
    under(project, kind)
    (gate,) = laid(project, "TC")
    report, defects = gate.evidence.order_by("position")

    if manager_dismisses:
        services.dismiss_evidence(item=defects, version=None, by=manager, reason="Small.")
    else:
        with pytest.raises(RefusalError, match="only the office says what is not needed"):
            services.dismiss_evidence(item=defects, version=None, by=manager, reason="Small.")
    if enforced:
        with pytest.raises(RefusalError, match="Missing: Test report"):
            passed(board, gate)
        services.dismiss_evidence(item=defects, version=None, by=board.office, reason="Small.")
        services.give_evidence(
            item=report, version=None, by=manager, url="https://docs.example.org/t", revision="2"
        )
        item = board.committee.decisions.get().agenda_items.get()
        board.decide(item)
    else:
        passed(board, gate)
    assert state_of(gate) is GateState.PASSED


@pytest.mark.parametrize("kind", KINDS)
def test_row_evidence_a_directive_office_owns_what_is_asked(project, lead, kind):
    manager = MemberFactory(project=project, role=Role.MANAGER).user
    under(project, kind)
    (gate,) = laid(project, "OWN")

    def ask(by):
        return services.ask_evidence(gate=gate, by=by, kind="document", name="Letter")

    if kind is OfficeKind.DIRECTIVE:
        with pytest.raises(RefusalError, match="others do not change it"):
            ask(manager)
        assert ask(lead).name == "Letter"
    else:
        assert ask(manager).name == "Letter"


def test_2d_a_review_is_a_decision_of_the_register(project, board):
    (gate,) = laid(project, "G2")

    review = asked(gate, board)

    said = review.decision
    assert (said.kind, said.project, said.state) == ("gate", project, "asked")
    assert said.question == f"Does {project} pass gate G2, G2?"
    assert [one["name"] for one in said.options] == [
        "Pass G2",
        "Do nothing: the project stays where it is",
    ]
    assert state_of(gate) is GateState.ASKED
    with pytest.raises(RefusalError, match="asked for already"):
        asked(gate, board)


def test_2d_deferred_twice_then_passed(project, board):
    (gate,) = laid(project, "G2")
    review = asked(gate, board)
    for day in (EVENING, EVENING + timedelta(days=7)):
        item = board.item(board.meeting(day=day), review.decision)
        board.decide(item, deferred(day + timedelta(days=7)))
        board_meeting = item.meeting
        board_meeting.refresh_from_db()
        review.decision.refresh_from_db()

    row = ladder_of(project, today=DAY)[0]
    assert (row.state, row.deferrals) == (GateState.DEFERRED, 2)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(DecisionOutcome.REJECT, GateState.REJECTED), (DecisionOutcome.STOP, GateState.STOPPED)],
)
def test_2d_rejected_is_not_deferred_and_may_be_asked_again(project, board, outcome, state):
    (gate,) = laid(project, "G2")
    item = board.item(board.meeting(), asked(gate, board).decision)
    board.vote(item, CFO="no", CMO="no")
    board.decide(item, DecisionGiven(outcome=outcome, reason="Too dear."))

    assert state_of(gate) is state
    assert asked(gate, board).gate == gate


@pytest.mark.parametrize("blocks", Blocks)
def test_2e_an_overdue_condition_blocks_the_next_gate(project, board, blocks):
    first, second = laid(project, "G2", "G3")
    decided = passed(board, first, with_conditions(promise(board["CISO"], days=14, blocks=blocks)))
    later = EVENING + timedelta(days=15)

    with clock_at(later):
        with pytest.raises(
            RefusalError, match=f"C1 of decision {decided.number} has been overdue since"
        ):
            passed(board, second, day=later)
        row = ladder_of(project, today=later)[0]
        assert (row.state, len(row.overdue_conditions)) == (GateState.CONDITIONS, 1)
        meet_condition(
            condition=decided.conditions.get(),
            version=None,
            by=board.office,
            evidence="Reviewed on 30 March.",
        )
        board.decide(board.committee.decisions.get(state="asked").agenda_items.get())

    assert state_of(second, later) is GateState.PASSED


def test_2e_an_overdue_condition_that_blocks_spending_refuses_commitments(project, board):
    (gate,) = laid(project, "G2")
    passed(board, gate, with_conditions(promise(board["CISO"], days=14)))
    commitment = {"kind": "commitment", "amount": Decimal(500)}

    record_cost(project=project, by=board.office, entry_date=DAY, **commitment)
    later = EVENING + timedelta(days=15)
    with (
        clock_at(later),
        pytest.raises(RefusalError, match="Nothing new is committed"),
    ):
        record_cost(project=project, by=board.office, entry_date=later, **commitment)

    assert CostEntry.objects.count() == 1


def test_2f_the_project_manager_never_votes_on_the_own_gate(project, board):
    MemberFactory(project=project, user=board["CMIO"], role=Role.MANAGER)
    (gate,) = laid(project, "G2")
    item = board.item(board.meeting(), asked(gate, board).decision)

    with pytest.raises(RefusalError, match="runs the project and does not vote"):
        board.vote(item, CMIO="yes")
    for role, word in ((Role.MANAGER, "project manager"), (Role.SPONSOR, "sponsor")):
        (other,) = laid(ProjectFactory(), "G2")
        alone = MemberFactory(project=other.project, role=role).user
        with pytest.raises(RefusalError, match=word):
            services.ask_review(gate=other, by=board.office, needed_by=DAY, decider_person=alone)


def test_2c_a_safety_no_stops_a_go_no_go_and_no_other_gate(project, board):
    gate, go_live = laid(project, "G2", "GNG")
    for one in (gate, go_live):
        item = board.item(board.meeting(day=EVENING + timedelta(days=one.position)), asked(one, board).decision)  # fmt: skip
        board.vote(item, CFO="yes", CIO="yes", COO="yes", CMO="no")
        if one is go_live:
            with pytest.raises(RefusalError, match="stops a go-live"):
                board.decide(item)
        else:
            board.decide(item)

    assert state_of(gate) is GateState.PASSED
    assert state_of(go_live) is GateState.ASKED


@pytest.fixture
def urgent(project, board):
    """A gate that was approved between meetings on the evening."""
    (gate,) = laid(project, "G2")
    review = asked(gate, board)
    votes = {board["CIO"].pk: Choice.YES.value, board["CFO"].pk: Choice.YES.value}
    decide_between_meetings(
        decision=review.decision, version=None, by=board.office, choices=votes, ruling=APPROVE
    )
    return gate


def test_2g_out_of_cycle_shows_as_unratified_and_after_30_days_stops_new_commitments(
    project, board, urgent
):
    row = ladder_of(project, today=DAY)[0]
    assert (row.state, row.is_unratified) == (GateState.PASSED, True)
    entry = record_cost(
        project=project, by=board.office, kind="commitment", amount=Decimal(500), entry_date=DAY
    )
    assert spend_block(project, today=DAY + timedelta(days=30)) is None

    later = DAY + timedelta(days=31)
    with clock_at(later):
        said = {"project": project, "by": board.office, "entry_date": later}
        with pytest.raises(RefusalError, match="was not ratified within 30 days"):
            record_cost(kind="commitment", amount=Decimal(1), **said)
        with pytest.raises(RefusalError, match="not ratified"):
            change_cost(entry=entry, version=None, by=board.office, amount=Decimal(501))
        change_cost(entry=entry, version=None, by=board.office, amount=Decimal(400))
        record_cost(kind="actual", amount=Decimal(70), **said)
        block = spend_block(project, today=later)

    assert (block.entries, block.booked, block.since) == (1, Decimal(70), DAY + timedelta(days=30))
    assert CostEntry.objects.filter(kind="commitment").get().amount == Decimal(400)


def test_2g_ratification_frees_and_a_refusal_does_not_erase(project, board, urgent):
    decision = GateReview.objects.get().decision
    item = board.item(board.meeting(day=EVENING + timedelta(days=7)), decision)
    board.vote(item, CFO="no", CMO="no", COO="no")

    ratify_item(item=item, version=None, by=board.secretary, is_ratified=False, reason="No money.")

    later = DAY + timedelta(days=8)
    row = ladder_of(project, today=later)[0]
    assert row.state is GateState.PASSED
    assert [one.pk for one in spend_block(project, today=later).decisions] == [decision.pk]


def test_evidence_of_a_field_follows_the_project(project, board):
    (gate,) = laid(project, "G3")
    under(project, OfficeKind.CONTROLLING)

    row = ladder_of(project, today=DAY)[0]
    assert row.missing == ["Full business case", "Approved budget"]
    with pytest.raises(RefusalError, match="read from the project"):
        services.give_evidence(
            item=gate.evidence.get(kind="field"), version=None, by=board.office, note="Yes"
        )


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"url": "https://docs.example.org/x"}, {"revision"}),
        ({"revision": "2"}, {"url"}),
        ({"url": "https://docs.example.org/x", "revision": "2", "sha256": "abc"}, {"sha256"}),
    ],
)
def test_a_document_has_an_address_and_a_version(project, board, fields, at):
    (gate,) = laid(project, "TC")
    events = AuditEvent.objects.count()

    with pytest.raises(ValidationError) as caught:
        services.give_evidence(
            item=gate.evidence.get(kind="document"), version=None, by=board.office, **fields
        )

    assert set(caught.value.message_dict) == at
    assert EvidenceItem.objects.filter(state="open").count() == 2
    assert AuditEvent.objects.count() == events


def test_a_gate_of_a_stricter_office_comes_after_those_before_it(project, board):
    under(project, OfficeKind.CONTROLLING)
    first, second = laid(project, "ONE", "TWO")

    with pytest.raises(RefusalError, match="not passed yet: ONE ONE"):
        passed(board, second)
    item = board.committee.decisions.get().agenda_items.get()
    passed(board, first, day=EVENING + timedelta(days=1))
    board.decide(item)

    assert state_of(second) is GateState.PASSED


def test_a_reviewed_gate_stays_and_an_unreviewed_one_goes(project, board):
    first, second = laid(project, "TC", "GNG")
    asked(first, board)

    with pytest.raises(RefusalError, match="has been reviewed"):
        services.remove_gate(gate=first, by=board.office)
    services.remove_gate(gate=second, by=board.office)

    assert list(ProjectGate.objects.all()) == [first]
    assert not EvidenceItem.objects.filter(gate=second.pk).exists()


def test_the_whole_shipped_set_takes_few_queries(project, board, django_assert_max_num_queries):
    lay_set(project=project, by=board.office)
    fresh = Project.objects.get(pk=project.pk)

    with django_assert_max_num_queries(9):
        rows = ladder_of(fresh, today=DAY)

    assert len(rows) == 10


def test_evidence_stays_as_it_was_when_the_gate_was_passed(project, board, lead):
    (gate,) = laid(project, "OWN")
    item = services.ask_evidence(gate=gate, by=lead, kind="document", name="Design")
    services.give_evidence(item=item, version=None, by=lead, url="https://a.org/1", revision="1")
    passed(board, gate)
    item.refresh_from_db()
    writes = [
        lambda: services.give_evidence(item=item, version=None, by=lead, url="https://a.org/2", revision="2"),
        lambda: services.reopen_evidence(item=item, version=None, by=lead),
        lambda: services.dismiss_evidence(item=item, version=None, by=lead, reason="No."),
        lambda: services.ask_evidence(gate=gate, by=lead, kind="document", name="More"),
    ]  # fmt: skip

    for write in writes:
        with pytest.raises(RefusalError, match="its evidence stays as it was shown then"):
            write()

    item.refresh_from_db()
    assert (item.state, item.revision, gate.evidence.count()) == ("given", "1", 1)
