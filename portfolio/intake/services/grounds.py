"""Write the ground of mandatory work, its verification, and what follows when it does not hold any more."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records.writing import (
    EditConflictError,
    RefusalError,
    add,
    all_or_nothing,
    change,
    locked_of,
    only,
)
from portfolio.intake.domain.grounds import has_lapsed, has_moved
from portfolio.intake.domain.kinds import ACCEPTED, GroundKind, RequestState, TimelineKind
from portfolio.intake.models import MandatoryGround, ProjectRequest
from portfolio.intake.selectors.grounds import is_over
from portfolio.intake.selectors.settings import rules
from portfolio.intake.services import keeping
from portfolio.intake.services.triage import back_to_triage
from portfolio.intake.validators import NO_GROUND, NO_NOTICE, day_to_come

GROUND_FIELDS = ("kind", "citation", "bites_on", "evidence", "vendor_notice")
UNVERIFIED = {"verified_by": None, "verified_at": None, "verified_bites_on": None}
OVER = (RequestState.MERGED, RequestState.DECLINED, RequestState.WITHDRAWN)


@all_or_nothing
def give_ground(
    *, request: ProjectRequest, by: User, on: date | None = None, **fields: Any
) -> MandatoryGround:
    """Say what makes the work mandatory, for the first time; `on` is the day, today without it."""
    accepted = only(fields, GROUND_FIELDS)
    _check_ground(accepted)
    day_to_come("bites_on", accepted.get("bites_on"), on or timezone.localdate())
    held = locked_of(request)
    _check_open(held)
    if MandatoryGround.objects.filter(request=held).exists():
        raise RefusalError("This request has a ground already. Change that one.")
    record = MandatoryGround(request=held, given_by=by, **accepted)
    return add(record, by=by, action="request.ground_given", scope=held)


@all_or_nothing
def change_ground(
    *, ground: MandatoryGround, version: int | None, by: User, **fields: Any
) -> MandatoryGround:
    """
    Change the ground. A date that moves within the limit leaves the verification; anything else takes it.

    An accepted request whose ground is not verified any more goes back to triage (rule 1d).
    """
    accepted = only(fields, GROUND_FIELDS)
    request = locked_of(ground.request)
    _check_open(request)
    saved = locked_of(ground)
    _check_ground({name: getattr(saved, name) for name in GROUND_FIELDS} | accepted)
    if accepted.get("bites_on", saved.bites_on) != saved.bites_on:
        day_to_come("bites_on", accepted["bites_on"], timezone.localdate())
    is_other = any(
        getattr(saved, name) != value for name, value in accepted.items() if name != "bites_on"
    )
    moved = saved.verified_bites_on is not None and has_moved(
        saved.verified_bites_on,
        accepted.get("bites_on", saved.bites_on),
        most_days=rules().ground_days,
    )
    was_verified = saved.is_verified
    loses: dict[str, Any] = UNVERIFIED if is_other or moved else {}
    is_new = accepted.get("bites_on", saved.bites_on) != saved.bites_on and not was_verified
    # what is still to be verified was given by whoever changed it last
    given: dict[str, Any] = {"given_by": by} if is_other or moved or is_new else {}
    changed = change(
        saved,
        version=version,
        by=by,
        action="request.ground_changed",
        scope=request,
        **accepted,
        **loses,
        **given,
    )
    if was_verified and loses and RequestState(request.state) in ACCEPTED:
        said = (
            "The date of the ground moved too far." if moved else "The ground itself was changed."
        )
        back_to_triage(request, TimelineKind.GROUND, said, version=None, who=by)
    return changed


@all_or_nothing
def verify_ground(
    *, ground: MandatoryGround, version: int, by: User, on: date | None = None
) -> MandatoryGround:
    """
    Confirm the ground as a second person; raises RefusalError for the requester and who gave it.

    `version` is the one that was read: what somebody changed meanwhile is not confirmed with it. `on` is
    the day on which the date of the ground must not be over; today without it.
    """
    request = locked_of(ground.request)
    saved = locked_of(ground)
    _check_open(request)
    if saved.version != version:
        raise EditConflictError(saved)
    if by.pk == request.requester_id:
        raise RefusalError("The requester cannot verify the ground of the own request.")
    if by.pk == saved.given_by_id:
        raise RefusalError("Whoever gave the ground cannot verify it: a second person does.")
    if has_lapsed(saved.bites_on, on or timezone.localdate()):
        raise RefusalError("The date of the ground has passed. Give the date that holds first.")
    verified = change(
        saved,
        version=version,
        by=by,
        action="request.ground_verified",
        scope=request,
        verified_by=by,
        verified_at=keeping.moment(on),
        verified_bites_on=saved.bites_on,
    )
    keeping.tell(request, TimelineKind.VERIFIED, str(verified)[:1000], who=by, on=on)
    return verified


@all_or_nothing
def ground_lapsed(*, request: ProjectRequest, by: User | None) -> bool:
    """Send an accepted mandatory request back whose date is over before it became a project."""
    saved = locked_of(request)
    ground = MandatoryGround.objects.filter(request=saved).first()
    if ground is None or not is_over(saved, ground, timezone.localdate()):
        return False
    said = "The date of the ground has passed."
    back_to_triage(saved, TimelineKind.GROUND, said, version=None, who=by)
    return True


def _check_open(request: ProjectRequest) -> None:
    if RequestState(request.state) in OVER:
        raise RefusalError("This request is over, so its ground stays as it is.")


def _check_ground(fields: dict[str, Any]) -> None:
    """Raise ValidationError by field for what is no ground, or lacks what its kind needs."""
    kind = fields.get("kind")
    if kind not in {one.value for one in GroundKind}:
        raise ValidationError({"kind": NO_GROUND})
    if kind == GroundKind.VENDOR and not str(fields.get("vendor_notice") or "").strip():
        raise ValidationError({"vendor_notice": NO_NOTICE})
