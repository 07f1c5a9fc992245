"""Write capital cycles, what is drawn from their contingency, the replacement list, and the rules of intake."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.page import formats
from pmo.common.records.writing import (
    EditConflictError,
    RefusalError,
    add,
    all_or_nothing,
    change,
    locked_of,
    only,
)
from pmo.organization.current import money
from portfolio.intake.domain.contingency import left, may_draw
from portfolio.intake.models import (
    CapitalCycle,
    ContingencyDraw,
    IntakeRules,
    ProjectRequest,
    ReplacementItem,
)
from portfolio.intake.models.capital import DATES, ONLY, PAID

CYCLE_FIELDS = ("year", *DATES, "envelope", "contingency", "note")
REPLACEMENT_FIELDS = (
    "name",
    "asset",
    "unit",
    "in_use_since",
    "life",
    "condition",
    "support",
    "safety",
    "service_cost",
    "new_cost",
    "is_outdated",
    "is_failing",
    "is_active",
)
RULE_FIELDS = (
    "answer_days",
    "similarity_percent",
    "declined_months",
    "ground_days",
    "capital_threshold",
    "small_below",
    "medium_below",
    "large_below",
    "service_percent",
    "signs_needed",
)


@all_or_nothing
def create_cycle(*, by: User | None, **fields: Any) -> CapitalCycle:
    return add(CapitalCycle(**only(fields, CYCLE_FIELDS)), by=by, action="capital_cycle.created")


@all_or_nothing
def change_cycle(
    *, cycle: CapitalCycle, version: int | None, by: User | None, **fields: Any
) -> CapitalCycle:
    """Change a cycle; raises ValidationError where less would be set aside than is drawn already."""
    saved = locked_of(cycle)
    drawn = sum(saved.draws.values_list("amount", flat=True), Decimal())
    wanted = fields.get("contingency")
    if wanted is not None and wanted < drawn:
        said = f"{formats.money_exact(drawn, money())} of it is drawn already."
        raise ValidationError({"contingency": said})
    return change(
        saved, version=version, by=by, action="capital_cycle.changed", **only(fields, CYCLE_FIELDS)
    )


@all_or_nothing
def draw_contingency(
    *,
    cycle: CapitalCycle,
    by: User | None,
    amount: Decimal,
    reason: str,
    request: ProjectRequest | None = None,
) -> ContingencyDraw:
    """
    Take money for an emergency; raises RefusalError when so much is not left, or the request is paid.

    What is drawn for a request keeps the request and the reason out of its event: the trail of the cycle
    is read by people who may not see the request, and the event of the decision has both.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say what it is drawn for."})
    if request is not None and ContingencyDraw.objects.filter(request=locked_of(request)).exists():
        raise RefusalError(PAID)
    held = locked_of(cycle)  # two who draw at once wait for each other
    drawn = list(held.draws.values_list("amount", flat=True))
    if amount > 0 and not may_draw(amount, contingency=held.contingency, draws=drawn):
        rest = formats.money_exact(left(held.contingency, drawn), money())
        raise RefusalError(f"{rest} of the contingency is left, which is not enough for this.")
    record = ContingencyDraw(
        cycle=held,
        amount=amount,
        reason=reason,
        request=request,
        drawn_on=timezone.localdate(),
        by=by,
    )
    untold = ("request_id", "reason") if request else ()
    return add(record, by=by, action="contingency.drawn", scope=held, untold=untold)


@all_or_nothing
def create_replacement(*, by: User | None, **fields: Any) -> ReplacementItem:
    record = ReplacementItem(**only(fields, REPLACEMENT_FIELDS))
    return add(record, by=by, action="replacement.created")


@all_or_nothing
def change_replacement(
    *, item: ReplacementItem, version: int | None, by: User | None, **fields: Any
) -> ReplacementItem:
    return change(
        item,
        version=version,
        by=by,
        action="replacement.changed",
        **only(fields, REPLACEMENT_FIELDS),
    )


@all_or_nothing
def change_rules(*, by: User | None, version: int | None, **fields: Any) -> IntakeRules:
    """Save the rules; the first save makes the row. A clock that runs keeps the day it was given."""
    accepted = only(fields, RULE_FIELDS)
    known = IntakeRules.objects.select_for_update().filter(pk=ONLY).first()
    if known is not None:
        return change(known, version=version, by=by, action="intake_rules.changed", **accepted)
    if version not in {None, 0}:
        raise EditConflictError(IntakeRules(pk=ONLY))
    return add(IntakeRules(pk=ONLY, **accepted), by=by, action="intake_rules.created")
