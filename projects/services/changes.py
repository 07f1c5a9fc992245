"""
Write change requests: raised, assessed, decided, then implemented as the project's next baseline.

The project is locked first, so of two who decide at once one wins and the other is told.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.background.events import announce
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import (
    EditConflictError,
    RefusalError,
    add,
    all_or_nothing,
    change,
    only,
)
from projects.domain.change_control import funding_fault
from projects.domain.kinds import ChangeFunding, ChangeState, ReserveKind
from projects.models import Baseline, BudgetLine, ChangeRequest, Project
from projects.selectors.change_control import level_of, refusal_of, verdicts_of
from projects.services.baselines import set_next_baseline
from projects.services.money import change_budget_line
from projects.services.projects import TOPIC, locked
from projects.services.reserves import check_balance, draw_down
from projects.validators import days_within_a_century

REVISED_FIELDS = frozenset({"title", "justification", "cause"})
RAISED_FIELDS = REVISED_FIELDS | {"is_emergency"}
EFFECT_FIELDS = frozenset(
    {
        "scope_effect",
        "schedule_effect_days",
        "cost_effect",
        "benefit_effect",
        "quality_effect",
        "funding",
        "budget_line",
    }
)
# what must be said before anybody decides; 0 days and 0 money are answers
NEEDED = ("scope_effect", "schedule_effect_days", "cost_effect", "benefit_effect")
UNSAID = "Say what the effect is; “None” and 0 are answers."
UNDECIDED = (ChangeState.RAISED, ChangeState.ASSESSED)
RESERVES = {
    ChangeFunding.CONTINGENCY: ReserveKind.CONTINGENCY,
    ChangeFunding.MANAGEMENT: ReserveKind.MANAGEMENT,
}


@all_or_nothing
def raise_change(
    *, project: Project, by: User | None, on: date | None = None, **fields: Any
) -> ChangeRequest:
    """
    Ask for a change of what was approved; raises RefusalError while nothing is.

    Here and below `on` is the day it happened, None is today.
    """
    saved = locked(project)
    if not saved.baselines.exists():
        raise RefusalError(
            "This project has no baseline yet, so its plan can be changed without a request."
        )
    if not saved.is_active:
        raise RefusalError(
            f"This project is {saved.get_stage_display().lower()}: nothing changes any more."
        )
    last = ChangeRequest.objects.filter(project=saved).aggregate(last=Max("number"))["last"]
    request = ChangeRequest(
        project=saved,
        number=(last or 0) + 1,
        raised_by=by,
        raised_on=on or timezone.localdate(),
        **only(fields, RAISED_FIELDS),
    )
    if not request.justification.strip():
        raise ValidationError({"justification": "Say why the change is needed."})
    return add(request, by=by, action="change.raised", scope=saved)


@all_or_nothing
def revise_change(
    *, request: ChangeRequest, version: int | None, by: User | None, **fields: Any
) -> ChangeRequest:
    """Change what is asked for, while nobody has decided; an emergency stays what it was raised as."""
    current = _standing(request, version, UNDECIDED)
    _check_own(current, by)
    return _write(current, version, by, "change.revised", **only(fields, REVISED_FIELDS))


@all_or_nothing
def assess_change(
    *,
    request: ChangeRequest,
    version: int | None,
    by: User | None,
    on: date | None = None,
    **fields: Any,
) -> ChangeRequest:
    """Say what the change does to scope, schedule, cost and benefits; again while undecided."""
    current = _standing(request, version, UNDECIDED)
    effects = only(fields, EFFECT_FIELDS)
    said = {name: effects.get(name, getattr(current, name)) for name in EFFECT_FIELDS}
    _check_effects(current.project, said)
    return _write(
        current,
        version,
        by,
        "change.assessed",
        state=ChangeState.ASSESSED.value,
        assessed_by=by,
        assessed_on=on or timezone.localdate(),
        **effects,
    )


def _check_effects(project: Project, said: dict[str, Any]) -> None:
    if missing := [name for name in NEEDED if said[name] in (None, "")]:
        raise ValidationError(dict.fromkeys(missing, UNSAID))
    days_within_a_century("schedule_effect_days", said["schedule_effect_days"])
    line: BudgetLine | None = said["budget_line"]
    if fault := funding_fault(said["cost_effect"], ChangeFunding(said["funding"])):
        raise ValidationError({"funding": fault})
    if line and line.project_id != project.pk:
        raise RefusalError("That budget line does not exist in this project.")
    if line and said["funding"] != ChangeFunding.NEW:
        raise ValidationError({"budget_line": "Only new money goes to a budget line."})


@all_or_nothing
def decide_change(
    *,
    request: ChangeRequest,
    version: int | None,
    by: User,
    is_approved: bool,
    note: str = "",
    on: date | None = None,
) -> ChangeRequest:
    """
    Approve or reject within the tolerance of the decider; a rejection says why.

    Raises RefusalError for whoever may not decide this one, with who may and why.
    """
    current = _standing(request, version, (ChangeState.ASSESSED,))
    verdict = verdicts_of([current])[current.pk]
    if refusal := refusal_of(current, by, verdict):
        raise RefusalError(refusal)
    if not is_approved and not note.strip():
        raise ValidationError({"note": "Say why it is rejected."})
    reserve = RESERVES.get(ChangeFunding(current.funding))
    if is_approved and reserve:
        check_balance(current.project, reserve, -current.cost_effect)
    level = level_of(by, current.project)
    state = ChangeState.APPROVED if is_approved else ChangeState.REJECTED
    return _write(
        current,
        version,
        by,
        f"change.{state.value}",
        state=state.value,
        decided_by=by,
        decided_on=on or timezone.localdate(),
        decision_note=note,
        decided_as=level.value if level else "",
    )


@all_or_nothing
def withdraw_change(
    *, request: ChangeRequest, version: int | None, by: User, reason: str
) -> ChangeRequest:
    """
    Take a request back that is not implemented; for who raised it and those who assess.

    A decision given before stays as it was given, with its words.
    """
    current = _standing(request, version, (*UNDECIDED, ChangeState.APPROVED))
    _check_own(current, by)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is withdrawn."})
    return _write(
        current,
        version,
        by,
        "change.withdrawn",
        state=ChangeState.WITHDRAWN.value,
        withdrawn_by=by,
        withdrawn_on=timezone.localdate(),
        withdrawal_reason=reason,
    )


def _check_own(current: ChangeRequest, by: User | None) -> None:
    """Raise RefusalError for whoever neither raised it nor assesses the project's changes."""
    if by is None or current.raised_by_id == by.pk:
        return
    if not can(by, Permission.CHANGE_ASSESS, current.project).allowed:
        raise RefusalError("This is for who raised it, the project manager and the office.")


@all_or_nothing
def implement_change(
    *,
    request: ChangeRequest,
    version: int | None,
    by: User | None,
    name: str = "",
    on: date | None = None,
) -> Baseline:
    """Make the approved change the next baseline; draws on the reserve or raises the budget line."""
    current = _standing(request, version, (ChangeState.APPROVED,))
    today = on or timezone.localdate()
    cost, line = current.cost_effect, current.budget_line
    funding = ChangeFunding(current.funding)
    is_in_line = bool(cost and line and funding is ChangeFunding.NEW)
    with audit.gathered():
        if cost and (reserve := RESERVES.get(funding)):
            draw_down(change=current, reserve=reserve, by=by, on=today)
        if is_in_line and line:
            _raise_line(line, cost, by)
        baseline = set_next_baseline(
            request=current,
            by=by,
            name=name or current.title[:120],
            on=today,
            is_in_line=is_in_line,
        )
        _write(current, None, by, "change.implemented", state=ChangeState.IMPLEMENTED.value)
    return baseline


def _raise_line(line: BudgetLine, cost: Decimal, by: User | None) -> None:
    amount = (line.amount or Decimal()) + cost
    if amount < 0:
        raise RefusalError("The budget line holds less than the change gives back.")
    change_budget_line(line=line, version=None, by=by, amount=amount, stated_reason="")


def _standing(
    request: ChangeRequest, version: int | None, states: tuple[ChangeState, ...]
) -> ChangeRequest:
    """Return the request as saved, its project locked; raises RefusalError in any other state."""
    project = locked(request.project)
    current = ChangeRequest.objects.select_related("decided_by", "withdrawn_by", "budget_line").get(
        pk=request.pk
    )
    current.project = project
    state = ChangeState(current.state)
    if state not in states:
        raise RefusalError(_too_late(current, state))
    if version is not None and version != current.version:
        raise EditConflictError(current)
    return current


def _too_late(current: ChangeRequest, state: ChangeState) -> str:
    name = f"CR-{current.number}"
    if state is ChangeState.RAISED:
        return f"{name} is not assessed yet. Say what it does before anybody decides."
    if state is ChangeState.ASSESSED:
        return f"{name} is not approved yet."
    if state is ChangeState.WITHDRAWN:
        return f"{name} was withdrawn by {current.withdrawn_by or 'Rounds'}."
    word = "approved" if state is ChangeState.IMPLEMENTED else state.label.lower()
    done = f"{name} was {word} by {current.decided_by or 'Rounds'} on {formats.day(current.decided_on)}"
    return f"{done} and is implemented." if state is ChangeState.IMPLEMENTED else f"{done}."


def _write(
    current: ChangeRequest,
    version: int | None,
    by: User | None,
    action: str,
    **fields: Any,
) -> ChangeRequest:
    saved = change(
        current,
        version=version,
        by=by,
        action=action,
        scope=current.project,
        **fields,
    )
    announce(TOPIC, current.project_id)
    return saved
