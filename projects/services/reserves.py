"""
Write movements of a project's reserves: contingency and management reserve.

Money is set aside by the office. Once there is a baseline, only an implemented change draws on it: a
reserve never pays for an overrun that nobody approved.
"""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.events import announce
from pmo.common.page import formats
from pmo.common.records.writing import RefusalError, add, all_or_nothing
from pmo.organization.current import organization
from projects.domain.kinds import ReserveKind
from projects.models import ChangeRequest, Project, ReserveMovement
from projects.selectors.baselining import approved_budget, balances_of, latest_baseline
from projects.services.projects import TOPIC, locked

ONLY_BY_CHANGE = "This project has a baseline: raise a change request to draw on its reserves."


class ReserveTooSmallError(RefusalError):
    """The reserve holds less than is asked of it."""

    def __init__(self, reserve: ReserveKind, balance: Decimal, asked: Decimal) -> None:
        held, wanted = (formats.money_exact(v, organization().money) for v in (balance, asked))
        super().__init__(
            f"The {reserve.label.lower()} holds {held}; this takes {wanted} out of it."
        )


@all_or_nothing
def move_reserve(
    *,
    project: Project,
    reserve: ReserveKind,
    amount: Decimal,
    reason: str,
    by: User | None,
    on: date | None = None,
) -> ReserveMovement:
    """
    Change reserves, or take it back (negative) while there is no baseline.

    With a baseline only approved money that the work does not hold can be set aside.
    """
    saved = locked(project)
    if amount == 0:
        raise ValidationError({"amount": "Give an amount other than 0."})
    baseline = latest_baseline(saved)
    if baseline and amount < 0:
        raise ValidationError({"amount": ONLY_BY_CHANGE})
    if baseline and baseline.distributed is not None:
        _check_free(saved, baseline.distributed + baseline.undistributed, amount, on)
    return _move(saved, reserve=reserve, amount=amount, reason=reason, by=by, on=on)


@all_or_nothing
def draw_down(
    *,
    change: ChangeRequest,
    reserve: ReserveKind,
    by: User | None,
    on: date,
) -> ReserveMovement:
    """Take the cost of an approved change out of a reserve; a saving goes back into it."""
    amount = -change.cost_effect
    project = locked(change.project)
    return _move(
        project, reserve=reserve, amount=amount, reason=str(change), by=by, on=on, change=change
    )


def _move(
    project: Project,
    *,
    reserve: ReserveKind,
    amount: Decimal,
    reason: str,
    by: User | None,
    on: date | None,
    change: ChangeRequest | None = None,
) -> ReserveMovement:
    check_balance(project, reserve, amount)
    movement = add(
        ReserveMovement(
            project=project,
            reserve=reserve.value,
            amount=amount,
            reason=reason,
            change_request=change,
            made_on=on or timezone.localdate(),
            made_by=by,
        ),
        by=by,
        action="reserve.set_aside" if amount > 0 else "reserve.drawn",
        scope=project,
    )
    announce(TOPIC, project.pk)
    return movement


def _check_free(project: Project, work: Decimal, amount: Decimal, on: date | None) -> None:
    """Raise where reserves and the baseline's budget for work would exceed what is approved."""
    approved = approved_budget(project, as_of=on or timezone.localdate()) or Decimal()
    free = approved - work - sum(balances_of(project).values())
    if amount > free:
        left = formats.money_exact(max(free, Decimal()), organization().money)
        raise ValidationError(
            {
                "amount": f"The baseline leaves {left} of the approved budget free. Approve more first."
            }
        )


def check_balance(project: Project, reserve: ReserveKind, amount: Decimal) -> None:
    """Raise ReserveTooSmallError where the movement would leave less than nothing."""
    balance = balances_of(project)[reserve]
    if balance + amount < 0:
        raise ReserveTooSmallError(reserve, balance, -amount)
