"""Gates in plain Python: the set that ships, how a gate stands, and what stands before a stage."""

import pytest

from portfolio.governance.domain.gates import (
    EVIDENCE_FIELDS,
    SHIPPED,
    EvidenceKind,
    EvidenceState,
    GateState,
    LaidGate,
    gate_state,
    missing_before,
    open_evidence,
)
from portfolio.governance.domain.kinds import DecisionOutcome, DecisionState
from projects.domain.stages import Stage

DECIDED = DecisionState.DECIDED


def test_the_set_that_ships_lies_in_and_between_the_stages():
    opens = {}
    for gate in SHIPPED:
        opens.setdefault(gate.stage and gate.stage.value, []).append(gate.code)

    assert opens == {
        "planning": ["G0", "G1"],
        "delivery": ["G2", "G3", "DB"],
        "closing": ["TC", "GNG"],
        "closed": ["SX", "CL"],
        None: ["G5"],
    }
    asked = [one for gate in SHIPPED for one in gate.evidence]
    assert all((one.kind is EvidenceKind.FIELD) == (one.field in EVIDENCE_FIELDS) for one in asked)


@pytest.mark.parametrize(
    ("reviews", "state"),
    [
        ([], GateState.NOT_ASKED),
        ([(DecisionState.DRAFT, None)], GateState.NOT_ASKED),
        ([(DecisionState.ASKED, None)], GateState.ASKED),
        ([(DecisionState.DEFERRED, DecisionOutcome.DEFER)], GateState.DEFERRED),
        ([(DECIDED, DecisionOutcome.APPROVE)], GateState.PASSED),
        ([(DECIDED, DecisionOutcome.CONDITIONS)], GateState.CONDITIONS),
        ([(DECIDED, DecisionOutcome.REJECT)], GateState.REJECTED),
        ([(DECIDED, DecisionOutcome.STOP)], GateState.STOPPED),
        ([(DECIDED, DecisionOutcome.REJECT), (DecisionState.ASKED, None)], GateState.ASKED),
        ([(DECIDED, DecisionOutcome.REJECT), (DECIDED, DecisionOutcome.APPROVE)], GateState.PASSED),
        ([(DECIDED, DecisionOutcome.APPROVE), (DecisionState.WITHDRAWN, None)], GateState.PASSED),
        ([(DecisionState.SUPERSEDED, DecisionOutcome.APPROVE)], GateState.NOT_ASKED),
    ],
)
def test_the_last_review_that_says_something_counts(reviews, state):
    assert gate_state(reviews) is state


def laid(code, stage, state):
    return LaidGate(code, code, stage, state)


G1 = laid("G1", Stage.PLANNING, GateState.PASSED)
G2 = laid("G2", Stage.DELIVERY, GateState.CONDITIONS)
G3 = laid("G3", Stage.DELIVERY, GateState.DEFERRED)
G5 = laid("G5", None, GateState.NOT_ASKED)


@pytest.mark.parametrize(
    ("now", "target", "missing"),
    [
        (Stage.PROPOSAL, Stage.PLANNING, []),
        (Stage.PLANNING, Stage.DELIVERY, ["G3"]),
        (Stage.ON_HOLD, Stage.DELIVERY, ["G3"]),
        (Stage.ON_HOLD, Stage.PLANNING, []),
        (Stage.CLOSING, Stage.DELIVERY, []),
        (Stage.PLANNING, Stage.ON_HOLD, []),
        (Stage.PLANNING, Stage.CANCELLED, []),
        (Stage.CLOSING, Stage.CLOSED, []),
    ],
)
def test_only_the_way_forward_is_held(now, target, missing):
    found = missing_before([G1, G2, G3, G5], now=now, target=target)

    assert [gate.code for gate in found] == missing


def test_a_project_without_gates_is_told_apart():
    assert missing_before([], now=Stage.PLANNING, target=Stage.DELIVERY) is None
    assert missing_before([], now=Stage.DELIVERY, target=Stage.PLANNING) == []


def test_open_evidence_is_what_is_required_and_not_there():
    items = [
        ("Case", True, EvidenceState.OPEN),
        ("Survey", False, EvidenceState.OPEN),
        ("Plan", True, EvidenceState.GIVEN),
        ("Permit", True, EvidenceState.DISMISSED),
    ]

    assert open_evidence(items) == ["Case"]
