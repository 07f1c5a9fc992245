"""What waits for a person in intake: questions to the requester, and for the office what nears its day."""

from collections.abc import Sequence

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can, scope_of
from portfolio.intake.domain.kinds import RequestState, SponsorAnswer
from portfolio.intake.models import MandatoryGround, ProjectRequest
from portfolio.intake.models.requests import SENT, below

MOST = 10


def own_waiting(person: User) -> Sequence[tuple[ProjectRequest, bool]]:
    """Return the person's drafts and the requests about which something is asked (True), newest first."""
    wanted = [RequestState.DRAFT.value, RequestState.ASKED.value]
    rows = ProjectRequest.objects.filter(requester=person, state__in=wanted)
    return [
        (one, one.state == RequestState.ASKED) for one in rows.order_by("-changed_at", "-pk")[:MOST]
    ]


def sponsor_waiting(person: User) -> Sequence[ProjectRequest]:
    """Return what the person was asked to sponsor and has not answered, the oldest first."""
    rows = ProjectRequest.objects.filter(
        SENT, sponsor=person, sponsor_answer=SponsorAnswer.ASKED.value
    )
    return list(rows.open().order_by("submitted_on", "pk")[:MOST])


def triage_waiting(person: User) -> Sequence[ProjectRequest]:
    """Return the requests in triage that the person may decide on, the next answer due first."""
    scope = scope_of(person, Permission.REQUEST_TRIAGE)
    if not (scope.everywhere or scope.paths):
        return []
    rows = ProjectRequest.objects.visible_to(person).filter(
        below(scope), state=RequestState.TRIAGE.value
    )
    return list(rows.order_by("answer_due_on", "pk")[:MOST])


def grounds_waiting(person: User) -> Sequence[MandatoryGround]:
    """Return the grounds that the person may verify as a second person."""
    if not can(person, Permission.REQUEST_TRIAGE).allowed:
        return []
    rows = MandatoryGround.objects.visible_to(person).filter(
        verified_by=None,
        request__state__in=[RequestState.TRIAGE.value, RequestState.ASKED.value],
    )
    others = rows.exclude(given_by=person).exclude(request__requester=person)
    return list(others.select_related("request").order_by("bites_on", "pk")[:MOST])
