"""Two connections meet at a gate: what was looked at for an approval stands when the gate is passed."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.records.writing import RefusalError, locked_of
from portfolio.governance.domain.gates import EvidenceKind
from portfolio.governance.domain.kinds import DecisionState
from portfolio.governance.models import Decision, EvidenceItem
from portfolio.governance.services import gate_work, meetings
from portfolio.governance.services.decisions import raise_decision, take_decision, withdraw_decision
from portfolio.governance.services.gates import GatePlan, lay_gates
from portfolio.services import add_project
from projects.domain.stages import Stage
from projects.services.money import change_budget_line
from projects.services.projects import change_project, change_stage, unname_person
from tests.factories import (
    BudgetLineFactory,
    MemberFactory,
    PortfolioFactory,
    ProjectFactory,
    UserFactory,
    person,
)
from tests.portfolio.governance.scene import APPROVE, Board

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite lets one writer in at a time."
    ),
    pytest.mark.django_db(transaction=True),
]
WAITS_FOR = 10  # seconds, of a machine that is busy


class Meanwhile:
    """What somebody else writes over another connection; `refused` is the sentence, "" where it was done."""

    def __init__(self, act):
        self._act, self._began, self.refused = act, threading.Event(), None
        self._own = threading.Thread(target=self._run)
        self._own.start()

    def _run(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = cursor.fetchone()[0]
            self._began.set()
            self._act()
            self.refused = ""
        except RefusalError as refusal:
            self.refused = str(refusal)
        finally:
            connection.close()

    def until_it_waits(self):
        """Return once the database lets it wait for what we hold, or once it is over."""
        assert self._began.wait(WAITS_FOR)
        while self._own.is_alive() and not self._is_waiting():
            self._own.join(0.01)

    def _is_waiting(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted", [self.backend]
            )
            return cursor.fetchone()[0] > 0

    def end(self):
        self._own.join(WAITS_FOR)
        assert not self._own.is_alive()
        return self.refused


def met(ours, theirs):
    """Write `ours`, and before it is kept let somebody else begin `theirs`; return what that one is told."""
    with transaction.atomic():
        ours()
        other = Meanwhile(theirs)
        other.until_it_waits()
    return other.end()


def gate_with(*fields, **project):
    """A gate of a controlling office that asks for these fields alone; its review waits for one person."""
    made = ProjectFactory(stage="planning", **project)
    add_project(portfolio=PortfolioFactory(kind="controlling"), project=made, by=None)
    gate = lay_gates(project=made, gates=[GatePlan("X1", "X1", "delivery")], by=None)[0]
    for field in fields:
        gate_work.ask_evidence(
            gate=gate, by=None, kind=EvidenceKind.FIELD.value, name=field, field=field
        )
    return gate


def review_of(gate, decider):
    asked = gate_work.ask_review(
        gate=gate, by=decider, needed_by=timezone.localdate(), decider_person=decider
    )
    return asked.decision


def approve(decision, by):
    return take_decision(decision=decision, version=None, by=by, ruling=APPROVE)


def outcome_of(decision):
    return Decision.objects.get(pk=decision.pk).outcome


@pytest.fixture
def decider():
    return person(Role.EXECUTIVE)


def test_a_document_that_is_asked_for_again_meanwhile_is_missed(decider):
    gate = gate_with()
    item = gate_work.ask_evidence(gate=gate, by=None, kind="document", name="Case")
    item = gate_work.give_evidence(
        item=item, version=None, by=None, url="https://docs.example.org/c", revision="2"
    )
    decision = review_of(gate, decider)

    told = met(
        lambda: gate_work.reopen_evidence(item=item, version=None, by=None),
        lambda: approve(decision, decider),
    )

    assert "Case" in told
    assert outcome_of(decision) == ""


def test_a_document_stays_as_it_was_approved(decider):
    gate = gate_with()
    item = gate_work.ask_evidence(gate=gate, by=None, kind="document", name="Case")
    shown = {"url": "https://docs.example.org/c", "revision": "2"}
    item = gate_work.give_evidence(item=item, version=None, by=None, **shown)
    decision = review_of(gate, decider)

    told = met(
        lambda: approve(decision, decider),
        lambda: gate_work.give_evidence(
            item=item, version=None, by=None, **shown | {"revision": "3"}
        ),
    )

    assert told
    assert EvidenceItem.objects.get(pk=item.pk).revision == "2"


def sponsor_goes(project):
    member = MemberFactory(project=project, role=Role.SPONSOR)
    return lambda: unname_person(member=member, by=None)


def budget_goes(project):
    line = BudgetLineFactory(
        project=project, amount=Decimal(500), approved_on=date(2026, 1, 2), fiscal_year=None
    )
    return lambda: change_budget_line(
        line=line, version=None, by=None, amount=None, stated_reason="Not known"
    )


def date_goes(project):
    return lambda: change_project(project=project, version=None, by=None, forecast_finish_date=None)


@pytest.mark.parametrize(
    ("field", "goes"),
    [
        ("sponsor", sponsor_goes),
        ("approved_budget", budget_goes),
        ("forecast_finish_date", date_goes),
    ],
)
def test_a_field_that_is_emptied_meanwhile_is_missed(decider, field, goes):
    gate = gate_with(field, forecast_finish_date=date(2027, 3, 1))
    emptied = goes(gate.project)
    decision = review_of(gate, decider)

    told = met(emptied, lambda: approve(decision, decider))

    assert field in told
    assert outcome_of(decision) == ""


def test_a_hold_that_is_placed_meanwhile_stops_the_approval_and_the_stage(decider):
    project = ProjectFactory(stage="planning", forecast_finish_date=date(2027, 3, 1))
    add_project(portfolio=PortfolioFactory(kind="directive"), project=project, by=None)
    gate = lay_gates(project=project, gates=[GatePlan("X1", "X1", "delivery")], by=None)[0]
    board = Board()
    gate_work.ask_review(
        gate=gate, by=decider, needed_by=timezone.localdate(), decider_committee=board.committee
    )

    told = met(
        lambda: gate_work.hold_project(project=project, by=decider, reason="Wait for the audit."),
        lambda: change_stage(
            project=project, target=Stage.DELIVERY, reason="", version=None, by=decider
        ),
    )

    assert "Wait for the audit." in told


def test_a_decision_that_is_withdrawn_meanwhile_comes_on_no_agenda():
    board = Board()
    asked = board.asked()
    meeting = board.meeting(day=timezone.localdate(), is_open=False)

    def withdraw():
        withdraw_decision(decision=asked, version=None, by=board.office, reason="Bought elsewhere.")

    told = met(withdraw, lambda: board.item(meeting, asked))

    assert told
    assert Decision.objects.get(pk=asked.pk).state == DecisionState.WITHDRAWN
    assert not meetings.AgendaItem.objects.exists()


def test_what_is_held_can_be_referred_to(decider):
    """Else whoever writes an event would wait for whoever changes its person, who waits for the trail."""
    project, owner = ProjectFactory(), UserFactory()

    def hold():
        locked_of(project)
        locked_of(owner)

    with transaction.atomic():
        hold()
        other = Meanwhile(
            lambda: raise_decision(by=owner, question="Buy?", options=[], project=project)
        )
        other.until_it_waits()
        assert other.end() == ""
