"""The fixed lists of a request, and which state may follow which."""

from projects.domain.labels import Labeled


class RequestKind(Labeled):
    NEW = "new", "Something new"
    REPLACE = "replace", "Replace what there is"
    UPGRADE = "upgrade", "Upgrade what there is"
    RETIRE = "retire", "Retire what there is"


class RequestSize(Labeled):
    """How large somebody thinks it is; the limits are settings."""

    SMALL = "S"
    MEDIUM = "M"
    LARGE = "L"
    HUGE = "XL"


class SponsorAnswer(Labeled):
    """Whether the sponsor knows of it yet."""

    ASKED = "asked", "Asked, no answer yet"
    AGREED = "agreed", "Has agreed"


class RequestState(Labeled):
    DRAFT = "draft"
    TRIAGE = "triage", "In triage"
    ASKED = "asked", "Question asked"
    CASE = "case", "To business case"
    SMALL = "small", "Small work"
    EMERGENCY = "emergency"
    MERGED = "merged", "Merged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class RequestClass(Labeled):
    STRATEGIC = "strategic"
    ROUTINE = "routine"
    REPLACEMENT = "replacement"
    EMERGENCY = "emergency"


class TriageOutcome(Labeled):
    CASE = "case", "To a business case"
    SMALL = "small", "Small work, done without a project’s papers"
    MERGE = "merge", "Merge into another request"
    ASK = "ask", "Ask again"
    DECLINE = "decline"
    EMERGENCY = "emergency", "Emergency, money from the contingency"


class TimelineKind(Labeled):
    """What the timeline tells."""

    SUBMITTED = "submitted"
    ASKED = "asked", "Asked again"
    ANSWERED = "answered"
    CASE = "case", "To a business case"
    SMALL = "small", "Small work"
    EMERGENCY = "emergency"
    MERGED = "merged", "Merged into another request"
    TOOK_IN = "took_in", "Another request was merged into this one"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SENT_BACK = "sent_back", "Back to triage"
    VERIFIED = "verified", "Ground verified"
    GROUND = "ground", "The ground does not hold: back to triage"
    PROJECT = "project", "Became a project"
    AGREED = "agreed", "The sponsor agreed"
    NO_SPONSOR = "no_sponsor", "Whoever was asked does not sponsor it"


class GroundKind(Labeled):
    """What makes work mandatory. That a unit grows is no ground, so it is not among them."""

    REGULATION = "regulation"
    SAFETY = "safety"
    SECURITY = "security"
    VENDOR = "vendor", "Vendor ends support"
    CONTRACT = "contract", "Contract expires"


class ItemNature(Labeled):
    EQUIPMENT = "equipment", "Equipment or hardware"
    SOFTWARE = "software", "Software that is bought"
    WORKS = "works", "Building work"
    TRAINING = "training"
    SUBSCRIPTION = "subscription", "Subscription or service"


class Support(Labeled):
    SUPPORTED = "supported"
    ENDS = "ends", "Ends within 24 months"
    ENDED = "ended"


class QueueAge(Labeled):
    """How near the answer is due."""

    LATE = "late", "Overdue"
    SOON = "soon", "Due within 5 working days"
    NEW = "new", "Due later"
    WAITING = "waiting", "Waiting for the requester"


# what may still be said of a request that is a project already; all else is decided on the project
OF_A_PROJECT = (TriageOutcome.CASE, TriageOutcome.ASK)
ACCEPTED = (RequestState.CASE, RequestState.SMALL, RequestState.EMERGENCY)
IN_TRIAGE = (RequestState.TRIAGE, RequestState.ASKED)
# what is asked for and not over: what another request may be merged into, and may double
OPEN = (*IN_TRIAGE, *ACCEPTED)

_FROM_TRIAGE = frozenset(
    {
        RequestState.CASE,
        RequestState.SMALL,
        RequestState.EMERGENCY,
        RequestState.MERGED,
        RequestState.DECLINED,
        RequestState.WITHDRAWN,
    }
)
_FROM_ACCEPTED = frozenset({RequestState.TRIAGE, RequestState.WITHDRAWN})
NEXT: dict[RequestState, frozenset[RequestState]] = {
    RequestState.DRAFT: frozenset({RequestState.TRIAGE, RequestState.WITHDRAWN}),
    RequestState.TRIAGE: _FROM_TRIAGE | {RequestState.ASKED},
    RequestState.ASKED: _FROM_TRIAGE | {RequestState.TRIAGE},
    RequestState.CASE: _FROM_ACCEPTED,
    RequestState.SMALL: _FROM_ACCEPTED,
    RequestState.EMERGENCY: _FROM_ACCEPTED,
    RequestState.MERGED: frozenset({RequestState.TRIAGE}),
    RequestState.DECLINED: frozenset({RequestState.TRIAGE}),
    RequestState.WITHDRAWN: frozenset(),
}
STATE_AFTER: dict[TriageOutcome, RequestState] = {
    TriageOutcome.CASE: RequestState.CASE,
    TriageOutcome.SMALL: RequestState.SMALL,
    TriageOutcome.MERGE: RequestState.MERGED,
    TriageOutcome.ASK: RequestState.ASKED,
    TriageOutcome.DECLINE: RequestState.DECLINED,
    TriageOutcome.EMERGENCY: RequestState.EMERGENCY,
}


def follows(now: RequestState, then: RequestState) -> bool:
    return then in NEXT[now]
