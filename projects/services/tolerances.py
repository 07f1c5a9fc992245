"""Write the tolerances: how large a change each level may approve."""

from decimal import Decimal

from pmo.accounts.models import User
from pmo.common.records.writing import (
    EditConflictError,
    RefusalError,
    add,
    all_or_nothing,
    change,
)
from projects.domain.change_control import ApprovalLevel, Limit
from projects.models import Tolerance
from projects.selectors.change_control import limits


@all_or_nothing
def set_tolerance(
    *, level: ApprovalLevel, cost_percent: Decimal, days: int, version: int | None, by: User | None
) -> Tolerance:
    """Change a level's limits; `version` 0 says that none were set yet."""
    row = Tolerance.objects.select_for_update().filter(level=level).first()
    wanted = limits() | {level: Limit(cost_percent, days)}
    lower, upper = wanted[ApprovalLevel.MANAGER], wanted[ApprovalLevel.SPONSOR]
    if lower.cost_percent > upper.cost_percent or lower.days > upper.days:
        raise RefusalError("The project manager cannot approve more than the sponsor.")
    if row is None:
        row = Tolerance(level=level.value, cost_percent=cost_percent, days=days)
        return add(row, by=by, action="tolerance.set")
    if version == 0:
        raise EditConflictError(row)
    return change(
        row,
        version=version,
        by=by,
        action="tolerance.set",
        cost_percent=cost_percent,
        days=days,
    )
