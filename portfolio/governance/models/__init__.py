"""Committees, meetings and the register of decisions."""

from portfolio.governance.models.committees import (
    Committee,
    CommitteeMember,
    CommitteeMemberQuerySet,
)
from portfolio.governance.models.decisions import (
    Condition,
    ConditionQuerySet,
    Decision,
    DecisionQuerySet,
    Ratification,
    Vote,
)
from portfolio.governance.models.gates import (
    EvidenceItem,
    GateHold,
    GateReview,
    GateReviewQuerySet,
    GateSet,
    ProjectGate,
    SetGate,
)
from portfolio.governance.models.meetings import (
    AgendaItem,
    AgendaPaper,
    Attendance,
    Interest,
    Meeting,
    MeetingAction,
    MeetingActionQuerySet,
    Minutes,
)

__all__ = [
    "AgendaItem",
    "AgendaPaper",
    "Attendance",
    "Committee",
    "CommitteeMember",
    "CommitteeMemberQuerySet",
    "Condition",
    "ConditionQuerySet",
    "Decision",
    "DecisionQuerySet",
    "EvidenceItem",
    "GateHold",
    "GateReview",
    "GateReviewQuerySet",
    "GateSet",
    "Interest",
    "Meeting",
    "MeetingAction",
    "MeetingActionQuerySet",
    "Minutes",
    "ProjectGate",
    "Ratification",
    "SetGate",
    "Vote",
]
