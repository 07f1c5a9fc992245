"""What every way to a decision shares: a reason, conditions with owner and day, the frozen row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, add, all_or_nothing, change
from pmo.organization.current import organization
from portfolio.governance.domain.kinds import (
    APPROVALS,
    Blocks,
    ConditionState,
    DecisionOutcome,
    DecisionState,
)
from portfolio.governance.models import Committee, Condition, Decision, GateReview, Meeting
from portfolio.governance.selectors.gates import approval_block
from portfolio.governance.words import gates as words


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A condition as it is asked for; owner and due are None where nobody said them, which is refused."""

    text: str
    owner: User | None
    due: date | None
    blocks: Blocks = Blocks.STAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionGiven:
    """
    What was decided and why.

    `chosen` is the place of an option, None is the recommended one; `needed_by` and `missing` are for what is
    deferred: until when, and what is missing.
    """

    outcome: DecisionOutcome
    reason: str
    chosen: int | None = None
    dissent: str = ""
    conditions: Sequence[Promise] = field(default=())
    needed_by: date | None = None
    missing: str = ""


@all_or_nothing
def decide(
    *,
    decision: Decision,
    ruling: DecisionGiven,
    by: User,
    on: date,
    meeting: Meeting | None = None,
    counted: dict[str, Any] | None = None,
    is_out_of_cycle: bool = False,
) -> Decision:
    """
    Write what was decided on a decision that is held with its project; part of a service, which checks who may.

    The evidence of a gate is read under that hold, so it is the evidence that stands when the gate is passed.
    """
    _check(decision, ruling, on)
    if ruling.outcome is DecisionOutcome.DEFER:
        return _defer(decision, ruling, by)
    with audit.gathered():
        saved = change(
            decision,
            version=None,
            by=by,
            action="decision.decided",
            scope=decision.project or decision,
            state=DecisionState.DECIDED.value,
            outcome=ruling.outcome.value,
            chosen=_chosen(decision, ruling),
            reason=ruling.reason,
            dissent=ruling.dissent,
            missing="",
            counted=counted or {},
            is_out_of_cycle=is_out_of_cycle,
            meeting=meeting,
            decided_on=on,
            recorded_by=by,
            recorded_at=timezone.now(),
        )
        _set_conditions(saved, ruling, by, on)
        if saved.supersedes:
            _supersede(saved.supersedes, saved, by, on)
    return saved


def _set_conditions(saved: Decision, ruling: DecisionGiven, by: User, on: date) -> None:
    # `_check` has refused those without owner or due day
    for place, promise in enumerate(ruling.conditions, start=1):
        condition = Condition(
            decision=saved,
            position=place,
            text=promise.text,
            owner=promise.owner,
            due=promise.due or on,
            blocks=promise.blocks.value,
        )
        add(condition, by=by, action="condition.set", scope=saved.project or saved)


def _defer(decision: Decision, ruling: DecisionGiven, by: User) -> Decision:
    return change(
        decision,
        version=None,
        by=by,
        action="decision.deferred",
        scope=decision.project or decision,
        state=DecisionState.DEFERRED.value,
        outcome=ruling.outcome.value,
        reason=ruling.reason,
        missing=ruling.missing,
        needed_by=ruling.needed_by,
    )


def _supersede(old: Decision, new: Decision, by: User, on: date) -> None:
    """Mark what is superseded, let its open conditions expire with it, and its gate follow the new one."""
    if review := GateReview.objects.filter(decision=old).first():
        follows = GateReview(project=review.project, gate=review.gate, decision=new)
        add(follows, by=by, action="gate.review_asked", scope=review.project)
    change(
        old,
        version=None,
        by=by,
        action="decision.superseded",
        scope=old.project or old,
        state=DecisionState.SUPERSEDED.value,
    )
    for condition in old.conditions.open():
        change(
            condition,
            version=None,
            by=by,
            action="condition.expired",
            scope=old.project or old,
            state=ConditionState.EXPIRED.value,
            closed_on=on,
            close_reason="The decision was superseded.",
        )


def _chosen(decision: Decision, ruling: DecisionGiven) -> int | None:
    if ruling.chosen is None and ruling.outcome in APPROVALS:
        return decision.recommended
    return ruling.chosen


def _check(decision: Decision, ruling: DecisionGiven, on: date) -> None:
    """Raise ValidationError for what the outcome lacks, RefusalError above the delegated amount."""
    faults: dict[str, str] = {}
    if not ruling.reason.strip():
        faults["reason"] = "Say why."
    if decision.asked_on and on < decision.asked_on:
        faults["decided_on"] = f"It was asked on {formats.day(decision.asked_on)}."
    if ruling.outcome is DecisionOutcome.DEFER:
        faults |= _faults_of_deferring(ruling, on)
    chosen = _chosen(decision, ruling)
    if ruling.outcome in APPROVALS and (chosen is None or chosen >= len(decision.options)):
        faults["chosen"] = "Say which option was chosen."
    faults |= _faults_of_conditions(ruling, on)
    if faults:
        raise ValidationError(faults)
    if ruling.outcome in APPROVALS:
        check_delegation(decision, decision.decider_committee)
        check_gate(decision, on)


def check_gate(decision: Decision, on: date) -> None:
    """Raise RefusalError with what stands before the gate that this decision would let pass."""
    if block := approval_block(decision, today=on):
        raise RefusalError(" ".join(words.approval_faults(block)))


def _faults_of_deferring(ruling: DecisionGiven, on: date) -> dict[str, str]:
    faults = {}
    if ruling.needed_by is None or ruling.needed_by <= on:
        faults["needed_by"] = (
            "A deferred decision gets a new day by which it is needed, after today."
        )
    if not ruling.missing.strip():
        faults["missing"] = "Say what is missing."
    return faults


def _faults_of_conditions(ruling: DecisionGiven, on: date) -> dict[str, str]:
    """Rule 2e: a condition has an owner and a due day, or the decision is refused."""
    wants = ruling.outcome is DecisionOutcome.CONDITIONS
    if wants and not ruling.conditions:
        return {"conditions": "Give at least one condition, or approve without."}
    if not wants and ruling.conditions:
        return {"conditions": "Conditions belong to an approval with conditions."}
    for one in ruling.conditions:
        if not one.text.strip() or one.owner is None or one.due is None:
            return {"conditions": "Each condition has a text, an owner and a due day."}
        if one.due < on:
            return {"conditions": "A condition is due on the day of the decision or later."}
    return {}


def check_delegation(decision: Decision, committee: Committee | None) -> None:
    """Raise RefusalError where the amount is more than the committee may approve."""
    most = committee.delegated_amount if committee else None
    if committee is None or most is None or decision.amount is None or decision.amount <= most:
        return
    sign = organization().money
    above = f" Put it before {committee.higher_body}." if committee.higher_body else ""
    raise RefusalError(
        f"{committee} may approve up to {formats.money(most, sign)}; this asks for"
        f" {formats.money(decision.amount, sign)}.{above}"
    )
