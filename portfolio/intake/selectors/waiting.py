"""What waits for a person in intake: questions to the requester, and for the office what nears its day."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can, scope_of
from portfolio.intake.domain.kinds import OPEN, RequestState, SponsorAnswer
from portfolio.intake.models import MandatoryGround, ProjectRequest
from portfolio.intake.models.requests import SENT, below
from portfolio.intake.selectors.settings import sponsor_is_asked

MOST = 10
WRITING = (RequestState.DRAFT.value, RequestState.ASKED.value)


class AskedOf(NamedTuple):
    """The own drafts and what is asked about own requests, newest first; what one is to sponsor, oldest first."""

    own: Sequence[ProjectRequest]
    to_sponsor: Sequence[ProjectRequest]


def asked_of(person: User) -> AskedOf:
    """Return what a person has to say of requests, in one query."""
    writing = Q(requester=person, state__in=WRITING)
    asked = SENT & Q(
        sponsor=person,
        sponsor_answer=SponsorAnswer.ASKED.value,
        state__in=[state.value for state in OPEN],
    )
    rows = list(ProjectRequest.objects.filter(writing | asked).order_by("-changed_at", "-pk"))
    own = [one for one in rows if one.requester_id == person.pk and one.state in WRITING]
    sponsored = [one for one in rows if one.sponsor_id == person.pk and sponsor_is_asked(one)]
    sponsored.sort(key=lambda one: (one.submitted_on or date.max, one.pk))
    return AskedOf(own[:MOST], sponsored[:MOST])


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
