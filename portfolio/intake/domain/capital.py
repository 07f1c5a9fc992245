"""
What is capital and what is operating.

An item or set is capital when it costs at least the threshold and lasts more than a year. What is bought
together counts together: 40 chairs at 250 are one set. Software that is bought with hardware counts with
it; software bought alone below the threshold is an expense. Training and subscriptions are operating.
Finance may say otherwise, with a reason. Source: rule 1f; threshold 5,000 USD as a real hospital has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portfolio.intake.domain.kinds import ItemNature
from projects.domain.kinds import BudgetKind

NEVER_CAPITAL = frozenset({ItemNature.TRAINING, ItemNature.SUBSCRIPTION})
LASTS = Decimal(1)  # years; what lasts longer may be capital


@dataclass(frozen=True, slots=True, kw_only=True)
class CostItem:
    """
    Something to be bought. `bought_with` names the set it belongs to, "" is alone.

    `override` is what finance says instead of the rule; None leaves it to the rule. Life in years.
    """

    key: int
    nature: ItemNature
    amount: Decimal
    life: Decimal
    bought_with: str = ""
    override: BudgetKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Each item's side by its key, and the sums."""

    sides: dict[int, BudgetKind]
    capital: Decimal
    operating: Decimal


def sides_of(items: Iterable[CostItem], *, threshold: Decimal) -> Sorted:
    """Say of each item whether it is capital or operating, and add both up."""
    known = list(items)
    sets: dict[str, list[CostItem]] = {}
    for item in known:
        if item.bought_with and item.nature not in NEVER_CAPITAL:
            sets.setdefault(item.bought_with, []).append(item)
    sides = {item.key: _side(item, sets.get(item.bought_with, [item]), threshold) for item in known}
    capital = sum((one.amount for one in known if sides[one.key] is BudgetKind.CAPITAL), Decimal())
    whole = sum((one.amount for one in known), Decimal())
    return Sorted(sides=sides, capital=capital, operating=whole - capital)


def _side(item: CostItem, bought: list[CostItem], threshold: Decimal) -> BudgetKind:
    if item.override is not None:
        return item.override
    if item.nature in NEVER_CAPITAL:
        return BudgetKind.OPERATING
    cost = sum((one.amount for one in bought), Decimal())
    life = item.life
    if item.nature is ItemNature.SOFTWARE:
        # what it is bought with decides how long it is used
        life = max(
            (one.life for one in bought if one.nature is not ItemNature.SOFTWARE), default=life
        )
    is_capital = cost >= threshold and life > LASTS
    return BudgetKind.CAPITAL if is_capital else BudgetKind.OPERATING
