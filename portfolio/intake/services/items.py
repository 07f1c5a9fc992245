"""Write what a request would buy, and what finance says of it."""

from typing import Any

from django.core.exceptions import ValidationError

from pmo.accounts.models import User
from pmo.common.records.writing import add, all_or_nothing, change, only, remove
from portfolio.intake.models import ProjectRequest, RequestItem
from projects.domain.kinds import BudgetKind

ITEM_FIELDS = ("name", "nature", "quantity", "unit_cost", "life", "bought_with")


@all_or_nothing
def create_item(*, request: ProjectRequest, by: User, **fields: Any) -> RequestItem:
    record = RequestItem(request=request, **only(fields, ITEM_FIELDS))
    return add(record, by=by, action="request.item_added", scope=request)


@all_or_nothing
def change_item(*, item: RequestItem, version: int | None, by: User, **fields: Any) -> RequestItem:
    return change(
        item,
        version=version,
        by=by,
        action="request.item_changed",
        scope=item.request,
        **only(fields, ITEM_FIELDS),
    )


@all_or_nothing
def remove_item(*, item: RequestItem, by: User) -> None:
    remove(item, by=by, action="request.item_removed", scope=item.request)


@all_or_nothing
def classify_item(
    *, item: RequestItem, version: int | None, by: User, side: BudgetKind | None, reason: str
) -> RequestItem:
    """Let finance say what an item is instead of the rule; None gives it back to the rule."""
    if side is not None and not reason.strip():
        raise ValidationError({"override_reason": "Say why finance decides otherwise."})
    return change(
        item,
        version=version,
        by=by,
        action="request.item_classified",
        scope=item.request,
        override=side.value if side else "",
        override_reason=reason if side else "",
        override_by=by if side else None,
    )
