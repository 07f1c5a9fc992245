"""What the pages of committees and decisions share: the way back, what this reader may do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page import formats
from pmo.common.records.writing import RefusalError
from portfolio.governance.models import Committee, Decision, Meeting
from portfolio.governance.selectors.gates import gate_before
from portfolio.governance.words import committees as words
from portfolio.governance.words import decisions as decision_words
from portfolio.governance.words import gates as gate_words
from projects.views.frame import Crumb


def to_committees() -> list[Crumb]:
    return [Crumb(words.COMMITTEES, reverse("governance:committee_list"))]


def to_committee(committee: Committee) -> list[Crumb]:
    return [*to_committees(), Crumb(str(committee.name), committee.get_absolute_url())]


def to_meeting(meeting: Meeting) -> list[Crumb]:
    return [
        *to_committee(meeting.committee),
        Crumb(formats.day(meeting.day), meeting.get_absolute_url()),
    ]


def to_decisions() -> list[Crumb]:
    return [Crumb(decision_words.DECISIONS, reverse("governance:decision_list"))]


def to_decision(decision: Decision) -> list[Crumb]:
    return [*to_decisions(), Crumb(decision.number, decision.get_absolute_url())]


def may(user: User, permission: Permission, target: Any = None) -> bool:
    return can(user, permission, target).allowed


def demand(user: User, permission: Permission, target: Any) -> None:
    """Raise PermissionDenied with the reason unless the user may do this there."""
    decision = can(user, permission, target)
    if target is None or not decision.allowed:
        raise PermissionDenied(decision.reason)


def gate_part(user: User, decision: Decision) -> dict[str, Any]:
    """Return what a page shows of the gate that a decision is about; its own page is for who sees the project."""
    before = gate_before(decision, today=timezone.localdate())
    if before is None:
        return {"gate": None}
    is_seen = may(user, Permission.PROJECT_VIEW, before.gate.project)
    # who answers for a condition reads the decision, not what the committee was shown
    decides = (Permission.VOTE_CAST, Permission.DECISION_TAKE)
    if not is_seen and not any(may(user, one, decision) for one in decides):
        return {"gate": None}
    return {
        "gate": before.gate,
        "gate_url": before.gate.get_absolute_url() if is_seen else "",
        "gate_title": gate_words.evidence_of(before.gate),
        "evidence": [(one, gate_words.shown_by(one)) for one in before.evidence],
        "evidence_note": gate_words.evidence_note(before.evidence),
    }


def act(
    request: HttpRequest, write: Callable[[], object], done: str, back: str
) -> HttpResponseRedirect:
    """Do what one button does, and say on the page before what came of it, or why nothing did."""
    try:
        write()
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(back)
