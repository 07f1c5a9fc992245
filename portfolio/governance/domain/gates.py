"""
Gates: which ship, what each asks for, how one stands, and what stands before a stage.

The set that ships follows the UK health gateway (0 strategic assessment to 5 benefits evaluation) with four
more of clinical practice: design baseline, test complete, go/no-go and stabilization exit. Source: DOMAIN D1
and GOVERN 2. Stages stay coarse; a gate stands before the stage that it opens, or before none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portfolio.governance.domain.kinds import DecisionOutcome, DecisionState
from projects.domain.labels import Labeled
from projects.domain.stages import Stage

GO_NO_GO = "GNG"
# forward order; a project on hold goes back into the stage that it left
ORDER = (Stage.PROPOSAL, Stage.PLANNING, Stage.DELIVERY, Stage.CLOSING, Stage.CLOSED)


# what of a project a gate may ask to be known
EVIDENCE_FIELDS: dict[str, str] = {
    "summary": "Summary",
    "start_date": "Start",
    "baseline_finish_date": "Baseline finish",
    "forecast_finish_date": "Forecast finish",
    "actual_finish_date": "Finished on",
    "approved_budget": "Approved budget",
    "baseline": "Baseline of the plan",
    "sponsor": "Sponsor",
    "clinical_lead": "Clinical lead",
}


class EvidenceKind(Labeled):
    FIELD = "field", "Field of the project"
    DOCUMENT = "document"
    OBLIGATION = "obligation"
    ASSESSMENT = "assessment"


class EvidenceState(Labeled):
    OPEN = "open"
    GIVEN = "given"
    DISMISSED = "dismissed"


class GateState(Labeled):
    NOT_ASKED = "not_asked", "Not asked yet"
    ASKED = "asked", "Under review"
    DEFERRED = "deferred"
    PASSED = "passed"
    CONDITIONS = "conditions", "Passed with conditions"
    REJECTED = "rejected"
    STOPPED = "stopped"


class EvidenceWanted(NamedTuple):
    """One piece of evidence that a gate of a set asks for; `field` names a field of the project."""

    kind: EvidenceKind
    name: str
    field: str = ""
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class ShippedGate:
    """A gate of the set that ships; `stage` is the one that it opens, None for none."""

    code: str
    name: str
    stage: Stage | None
    question: str
    evidence: tuple[EvidenceWanted, ...]


def _document(name: str) -> EvidenceWanted:
    return EvidenceWanted(EvidenceKind.DOCUMENT, name)


def _field(field: str, name: str) -> EvidenceWanted:
    return EvidenceWanted(EvidenceKind.FIELD, name, field)


def _assessment(name: str) -> EvidenceWanted:
    return EvidenceWanted(EvidenceKind.ASSESSMENT, name)


SHIPPED = (
    ShippedGate(
        "G0",
        "Strategic assessment",
        Stage.PLANNING,
        "Does this serve the strategy, and is it worth a business case?",
        (_field("summary", "Summary"), _document("One-page request")),
    ),
    ShippedGate(
        "G1",
        "Business justification",
        Stage.PLANNING,
        "Is the business case sound enough to plan the work?",
        (_document("Business case"), _field("sponsor", "Sponsor")),
    ),
    ShippedGate(
        "G2",
        "Delivery strategy",
        Stage.DELIVERY,
        "Is the way of buying and delivering it sound?",
        (_document("Procurement or delivery strategy"), _field("start_date", "Start")),
    ),
    ShippedGate(
        "G3",
        "Investment decision",
        Stage.DELIVERY,
        "Is the money committed?",
        (_document("Full business case"), _field("approved_budget", "Approved budget")),
    ),
    ShippedGate(
        "DB",
        "Design and plan baseline",
        Stage.DELIVERY,
        "Are design and plan agreed, so that building can begin?",
        (
            _document("Design, signed by clinicians"),
            _field("baseline_finish_date", "Baseline finish"),
        ),
    ),
    ShippedGate(
        "TC",
        "Test complete",
        Stage.CLOSING,
        "Is it tested well enough to get ready for go-live?",
        (_document("Test report"), _assessment("Open defects accepted")),
    ),
    ShippedGate(
        GO_NO_GO,
        "Go/no-go",
        Stage.CLOSING,
        "Is it safe to go live, with downtime covered?",
        (
            _assessment("Clinical safety"),
            _assessment("Downtime readiness"),
            _document("Cut-over plan"),
        ),
    ),
    ShippedGate(
        "SX",
        "Stabilization exit",
        Stage.CLOSED,
        "Does it run steadily enough to be handed over?",
        (_assessment("Stable for 14 days"), _document("Hand-over to support")),
    ),
    ShippedGate(
        "CL",
        "Closure",
        Stage.CLOSED,
        "Is everything done that belongs to the project?",
        (_document("Closing report"), _field("actual_finish_date", "Finished on")),
    ),
    ShippedGate(
        "G5",
        "Benefits evaluation",
        None,
        "Did the benefits come, twelve months on?",
        (_document("Benefits review"),),
    ),
)


def gate_state(reviews: Sequence[tuple[DecisionState, DecisionOutcome | None]]) -> GateState:
    """
    Return how a gate stands, from the decisions of its reviews, the oldest first.

    What was withdrawn or superseded says nothing any more; the last of the others counts.
    """
    said = [one for one in reviews if one[0] not in _SAYS_NOTHING]
    if not said:
        return GateState.NOT_ASKED
    state, outcome = said[-1]
    if state is not DecisionState.DECIDED:
        return GateState.DEFERRED if state is DecisionState.DEFERRED else GateState.ASKED
    return _DECIDED[outcome] if outcome else GateState.ASKED


_SAYS_NOTHING = (DecisionState.WITHDRAWN, DecisionState.SUPERSEDED, DecisionState.DRAFT)
_DECIDED = {
    DecisionOutcome.APPROVE: GateState.PASSED,
    DecisionOutcome.CONDITIONS: GateState.CONDITIONS,
    DecisionOutcome.DEFER: GateState.DEFERRED,
    DecisionOutcome.REJECT: GateState.REJECTED,
    DecisionOutcome.STOP: GateState.STOPPED,
}
PASSED = (GateState.PASSED, GateState.CONDITIONS)
WAITS = (GateState.ASKED, GateState.DEFERRED)


def is_passed(state: GateState) -> bool:
    return state in PASSED


class LaidGate(NamedTuple):
    """A gate of a project as its stages see it; `stage` is None for one that opens none."""

    code: str
    name: str
    stage: Stage | None
    state: GateState


def missing_before(
    gates: Iterable[LaidGate], *, now: Stage, target: Stage
) -> list[LaidGate] | None:
    """
    Return the gates that have to be passed before the target stage; None where a project has no gates.

    Only the way forward is held: into a later stage, or out of a hold. Putting on hold, cancelling and going
    back are free.
    """
    if target not in ORDER or (now in ORDER and ORDER.index(target) <= ORDER.index(now)):
        return []
    laid = list(gates)
    if not laid:
        return None
    return [gate for gate in laid if gate.stage is target and not is_passed(gate.state)]


def open_evidence(items: Iterable[tuple[str, bool, EvidenceState]]) -> list[str]:
    """Return the names of the required evidence that is neither given nor dismissed."""
    return [
        name for name, is_required, state in items if is_required and state is EvidenceState.OPEN
    ]
