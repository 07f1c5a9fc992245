"""Write what becomes of conditions: evidence, met, waived by the body that decided or a higher one."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.writing import (
    EditConflictError,
    RefusalError,
    all_or_nothing,
    change,
    locked_of,
)
from portfolio.governance.domain.kinds import ConditionState
from portfolio.governance.models import Committee, Condition


def _open(condition: Condition, version: int | None) -> Condition:
    current = locked_of(condition)
    if current.state != ConditionState.OPEN:
        raise RefusalError(f"This condition is {current.get_state_display().lower()} already.")
    if version is not None and version != current.version:
        raise EditConflictError(current)
    return current


def _write(current: Condition, by: User, action: str, **fields: Any) -> Condition:
    decision = current.decision
    return change(
        current, version=None, by=by, action=action, scope=decision.project or decision, **fields
    )


@all_or_nothing
def answer_condition(
    *, condition: Condition, version: int | None, by: User, evidence: str
) -> Condition:
    """Say what shows that the condition is met; somebody else verifies it."""
    current = _open(condition, version)
    if not evidence.strip():
        raise ValidationError({"evidence": "Say what shows that the condition is met."})
    return _write(current, by, "condition.answered", evidence=evidence)


@all_or_nothing
def meet_condition(
    *,
    condition: Condition,
    version: int | None,
    by: User,
    evidence: str = "",
    on: date | None = None,
) -> Condition:
    """Verify that a condition is met; raises RefusalError for its owner, who does not verify it."""
    current = _open(condition, version)
    if current.owner_id == by.pk:
        raise RefusalError("Someone other than the owner has to verify a condition.")
    shown = evidence or current.evidence
    if not shown.strip():
        raise ValidationError({"evidence": "Say what shows that the condition is met."})
    return _write(
        current,
        by,
        "condition.met",
        state=ConditionState.MET.value,
        evidence=shown,
        verified_by=by,
        closed_on=on or timezone.localdate(),
    )


@all_or_nothing
def hand_condition(*, condition: Condition, to: User, by: User) -> Condition:
    """Let somebody else answer for an open condition."""
    return _write(_open(condition, None), by, "condition.handed_over", owner=to)


@all_or_nothing
def waive_condition(
    *,
    condition: Condition,
    version: int | None,
    by: User,
    reason: str,
    committee: Committee | None = None,
    on: date | None = None,
) -> Condition:
    """
    Record that a condition was waived by the body that decided, or a higher one (2e).

    `committee=None` is the person who decided, who alone waives it then.
    """
    current = _open(condition, version)
    if not reason.strip():
        raise ValidationError({"close_reason": "Say why it is waived."})
    decision = current.decision
    if committee is None and decision.decider_person_id != by.pk:
        raise RefusalError("Only who decided waives a condition: choose the committee.")
    if committee is not None and not _is_at_or_above(committee, decision.decider_committee):
        raise RefusalError(f"{committee} neither decided this nor stands above who did.")
    if committee is not None and not can(by, Permission.MEETING_RUN, committee).allowed:
        raise RefusalError(f"Who runs the meetings of {committee} records what it waived.")
    return _write(
        current,
        by,
        "condition.waived",
        state=ConditionState.WAIVED.value,
        waived_by=committee,
        close_reason=reason,
        closed_on=on or timezone.localdate(),
    )


def _is_at_or_above(committee: Committee, body: Committee | None) -> bool:
    while body is not None:
        if body.pk == committee.pk:
            return True
        body = body.higher_body
    return False
