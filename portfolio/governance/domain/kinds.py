"""The words of committees and decisions: positions, attendance, states, outcomes, votes."""

from projects.domain.labels import Labeled


class Position(Labeled):
    """What somebody does in a committee beside the seat."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    MEMBER = "member"
    SECRETARY = "secretary"


class VotingRule(Labeled):
    """What carries a motion; a tie never does."""

    MAJORITY_OF_CAST = "majority_cast", "More yes than no among the votes cast"
    MAJORITY_OF_PRESENT = (
        "majority_present",
        "Yes from more than half of the voting members present",
    )
    TWO_THIRDS = "two_thirds", "Yes from at least two thirds of the votes cast"
    UNANIMOUS = "unanimous", "No vote against"


class MeetingState(Labeled):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class Presence(Labeled):
    PRESENT = "present"
    REMOTE = "remote", "Joined remotely"
    APOLOGIES = "apologies"
    ABSENT = "absent"


class DecisionKind(Labeled):
    """A go/no-go is the gate before a go-live, where the safety veto holds."""

    GENERAL = "general", "Decision"
    GATE = "gate", "Gate review"
    GO_NO_GO = "go_no_go", "Go/no-go"


class DecisionState(Labeled):
    DRAFT = "draft"
    ASKED = "asked"
    DEFERRED = "deferred"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


# a decision in one of these still waits for its decider
WAITING = (DecisionState.ASKED, DecisionState.DEFERRED)


class DecisionOutcome(Labeled):
    APPROVE = "approve", "Approved"
    CONDITIONS = "approve_conditions", "Approved with conditions"
    DEFER = "defer", "Deferred"
    REJECT = "reject", "Rejected"
    STOP = "stop", "Stopped"


APPROVALS = (DecisionOutcome.APPROVE, DecisionOutcome.CONDITIONS)


class Choice(Labeled):
    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"
    RECUSED = "recused"


class Blocks(Labeled):
    """What an open condition that is overdue stands in the way of."""

    STAGE = "stage", "Next gate"
    SPEND = "spend", "Spending"
    GO_LIVE = "go_live", "Go-live"


class ConditionState(Labeled):
    OPEN = "open"
    MET = "met"
    WAIVED = "waived"
    EXPIRED = "expired"


class Purpose(Labeled):
    """Why an item stands on an agenda."""

    DECIDE = "decide"
    RATIFY = "ratify"


class ItemResult(Labeled):
    """What became of an item in its meeting; an item that nobody reached is carried over."""

    WAITING = "waiting"
    DECIDED = "decided"
    DEFERRED = "deferred"
    NOT_QUORATE = "not_quorate", "Not quorate"
    CARRIED = "carried", "Not reached"
    WITHDRAWN = "withdrawn"
    RATIFIED = "ratified"
    REFUSED = "refused", "Ratification refused"
