"""What the office writes: what triage adds, and the decision with its reason."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing, change, locked_of, only
from portfolio.intake.domain.grounds import has_lapsed, is_scored
from portfolio.intake.domain.kinds import (
    ACCEPTED,
    IN_TRIAGE,
    OF_A_PROJECT,
    STATE_AFTER,
    RequestClass,
    RequestState,
    TimelineKind,
    TriageOutcome,
)
from portfolio.intake.models import (
    YEARS,
    CapitalCycle,
    ContingencyDraw,
    MandatoryGround,
    ProjectRequest,
)
from portfolio.intake.selectors.capital import paid_by
from portfolio.intake.services import keeping
from portfolio.intake.services.cycles import draw_contingency
from portfolio.intake.words import cycles as words
from portfolio.intake.words import requests as request_words
from projects.domain.kinds import Lane

RUNNING = tuple(f"running_{year}" for year in YEARS)
ALL_YEARS = f"the running cost of years {YEARS[0]} to {YEARS[-1]}"
ESTIMATES = ("capital_estimate", "operating_estimate", *RUNNING)
TRIAGE_FIELDS = (
    "lane",
    "request_class",
    *ESTIMATES,
    "profile",
    "expected_value",
    "options",
    "cycle",
    "committee_decision",
)
NEEDED = {
    "lane": "the lane",
    "request_class": "the class",
    "capital_estimate": "the capital estimate",
    "operating_estimate": "the operating estimate",
    **dict(zip(RUNNING, (f"the running cost of year {year}" for year in YEARS), strict=True)),
    "options": "the options: do minimum, replace, retire",
    "expected_value": "what it is worth",
}
NOT_NOW = "Only a request in triage is triaged. Send it back to triage first."
IS_PROJECT = "It became a project already. Decide on the project instead."
TOLD = {
    TriageOutcome.CASE: TimelineKind.CASE,
    TriageOutcome.SMALL: TimelineKind.SMALL,
    TriageOutcome.MERGE: TimelineKind.MERGED,
    TriageOutcome.ASK: TimelineKind.ASKED,
    TriageOutcome.DECLINE: TimelineKind.DECLINED,
    TriageOutcome.EMERGENCY: TimelineKind.EMERGENCY,
}


@all_or_nothing
def triage_request(
    *, request: ProjectRequest, version: int | None, by: User, **fields: Any
) -> ProjectRequest:
    """Say lane, class, estimates, profile, worth and options, as far as they are known."""
    saved = locked_of(request)
    if RequestState(saved.state) not in IN_TRIAGE:
        raise RefusalError(NOT_NOW)
    return change(
        saved,
        version=version,
        by=by,
        action="request.triaged",
        **only(fields, TRIAGE_FIELDS),
    )


@all_or_nothing
def decide_request(
    *,
    request: ProjectRequest,
    version: int | None,
    by: User,
    outcome: TriageOutcome,
    reason: str,
    into: ProjectRequest | None = None,
    cycle: CapitalCycle | None = None,
    amount: Decimal | None = None,
    on: date | None = None,
) -> ProjectRequest:
    """
    Decide on a request in triage, with a reason that the requester reads.

    `into` is what it is merged into; `cycle` and `amount` are where an emergency's money comes from, once:
    one that was paid and sent back draws no more. Raises ValidationError by field, and RefusalError where
    something is missing or not allowed.
    """
    saved, into = _held(request, into if outcome is TriageOutcome.MERGE else None)
    then = STATE_AFTER[outcome]
    if RequestState(saved.state) not in IN_TRIAGE:
        raise RefusalError(NOT_NOW)
    keeping.check_move(saved, then)
    if saved.project_id and outcome not in OF_A_PROJECT:
        raise RefusalError(IS_PROJECT)
    if not reason.strip():
        raise ValidationError({"reason": "Say why: the requester reads it."})
    today = on or timezone.localdate()
    more: dict[str, Any] = {}
    paid = _paid(saved, amount) if outcome is TriageOutcome.EMERGENCY else None
    other = _target(saved, into) if outcome is TriageOutcome.MERGE else None
    if outcome is TriageOutcome.CASE:
        check_ready(saved)
    if then in ACCEPTED:
        _check_ground(saved, today)
    if other is not None:
        more["merged_into"] = other
    if outcome is TriageOutcome.EMERGENCY:
        pays = paid.cycle if paid else cycle
        more |= {"request_class": RequestClass.EMERGENCY.value, "cycle": pays}
    with audit.gathered():
        decided = change(
            saved,
            version=version,
            by=by,
            action=f"request.{TOLD[outcome].value}",
            state=then.value,
            decision_reason=reason,
            decided_on=None if outcome is TriageOutcome.ASK else today,
            **more,
            **keeping.stopped(saved, on=today),
        )
        if outcome is TriageOutcome.EMERGENCY and paid is None:
            _draw(decided, cycle, amount, reason, by)
    keeping.tell(decided, TOLD[outcome], reason, who=by, other=other, on=on)
    if other is not None:
        keeping.tell(other, TimelineKind.TOOK_IN, reason, who=by, other=decided, on=on)
    return decided


@all_or_nothing
def send_back(
    *, request: ProjectRequest, version: int | None, by: User, reason: str
) -> ProjectRequest:
    """Take a decision back: the request is in triage again, with a new clock."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why: the requester reads it."})
    saved = locked_of(request)
    if saved.state == RequestState.ASKED:
        raise RefusalError("The requester’s answer is still missing.")
    keeping.check_move(saved, RequestState.TRIAGE)
    if saved.project_id:
        raise RefusalError(IS_PROJECT)
    return back_to_triage(saved, TimelineKind.SENT_BACK, reason, version=version, who=by)


def back_to_triage(
    saved: ProjectRequest, kind: TimelineKind, reason: str, *, version: int | None, who: User | None
) -> ProjectRequest:
    """Reopen triage with a new clock, whatever the reason; part of a larger write."""
    back = change(
        saved,
        version=version,
        by=who,
        action=f"request.{kind.value}",
        state=RequestState.TRIAGE.value,
        merged_into=None,
        decided_on=None,
        decision_reason=reason,
        **keeping.started(on=timezone.localdate(), used=0),
    )
    keeping.tell(back, kind, reason, who=who)
    return back


def missing_for_case(request: ProjectRequest) -> list[str]:
    """Name what is missing before a business case: mandatory work is not asked for its worth."""
    names = list(NEEDED)
    if not request.lane or not is_scored(Lane(request.lane)):
        names.remove("expected_value")
    lacking = [name for name in names if getattr(request, name) in (None, "")]
    if set(RUNNING) <= set(lacking):
        lacking = [name for name in lacking if name not in RUNNING[1:]]
        return [ALL_YEARS if name in RUNNING else NEEDED[name] for name in lacking]
    return [NEEDED[name] for name in lacking]


def check_ready(request: ProjectRequest) -> None:
    """Raise RefusalError that names what triage has not said yet."""
    if said := request_words.missing(missing_for_case(request)):
        raise RefusalError(said)


def _check_ground(request: ProjectRequest, today: date) -> None:
    """Refuse a mandatory lane whose ground is missing, unverified or over."""
    if request.lane != Lane.MANDATORY:
        return
    ground = MandatoryGround.objects.filter(request=request).first()
    if ground is None:
        raise RefusalError("The mandatory lane needs a ground: what demands it, and from when.")
    if not ground.is_verified:
        raise RefusalError("The ground is not verified yet by a second person.")
    if has_lapsed(ground.bites_on, today):
        raise RefusalError(
            "The date of the ground has passed. Give the date that holds, or another lane."
        )


def _held(
    request: ProjectRequest, into: ProjectRequest | None
) -> tuple[ProjectRequest, ProjectRequest | None]:
    """Return the request and what it is merged into as saved; the older is held first, whichever it is."""
    both = {one.pk: one for one in (request, into) if one is not None}
    held = {pk: locked_of(both[pk]) for pk in sorted(both)}
    return held[request.pk], held[into.pk] if into else None


def _target(request: ProjectRequest, other: ProjectRequest | None) -> ProjectRequest:
    """Return what a request is merged into; raises ValidationError where it cannot be."""
    if other is None:
        raise ValidationError({"into": "Choose the request that it is merged into."})
    if other.pk == request.pk:
        raise ValidationError({"into": "A request cannot be merged into itself."})
    if not other.is_open:
        raise ValidationError({"into": "Choose a request that is open."})
    if request.is_confidential and not other.is_confidential:
        # the other's readers would read of this one
        raise ValidationError(
            {"into": "A confidential request is merged into a confidential one only."}
        )
    return other


def _paid(request: ProjectRequest, amount: Decimal | None) -> ContingencyDraw | None:
    """Return what the contingency paid before the request was sent back; refuse to let it pay again."""
    paid = paid_by(request)
    if paid is not None and amount is not None:
        raise ValidationError({"amount": f"{words.paid(paid)} Leave this empty."})
    return paid


def _draw(
    request: ProjectRequest,
    cycle: CapitalCycle | None,
    amount: Decimal | None,
    reason: str,
    by: User,
) -> None:
    if cycle is None:
        raise ValidationError({"cycle": "Choose the capital cycle whose contingency pays."})
    if amount is None:
        raise ValidationError({"amount": "Say how much the contingency pays."})
    draw_contingency(cycle=cycle, by=by, amount=amount, reason=reason[:500], request=request)
