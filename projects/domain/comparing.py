"""What differs between two versions of a baseline: dates by piece of work, money by month and kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.domain.baselining import ZERO, Item
from projects.domain.kinds import BudgetKind

Periods = Mapping[tuple[date, BudgetKind], Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPair:
    """One piece of work in two versions; None where a version does not have it."""

    name: str
    outline: str
    first: Item | None
    second: Item | None

    @property
    def first_finish(self) -> date | None:
        return self.first.finish if self.first else None

    @property
    def second_finish(self) -> date | None:
        return self.second.finish if self.second else None

    @property
    def days(self) -> int | None:
        """Calendar days that the finish moved, positive = later; None where one has no finish."""
        if self.first_finish is None or self.second_finish is None:
            return None
        return (self.second_finish - self.first_finish).days

    @property
    def money(self) -> Decimal | None:
        """Second minus first; None where neither has an amount."""
        amounts = [item.amount if item else None for item in (self.first, self.second)]
        if amounts == [None, None]:
            return None
        return (amounts[1] or ZERO) - (amounts[0] or ZERO)

    @property
    def differs(self) -> bool:
        return self.first is None or self.second is None or bool(self.days) or bool(self.money)

    @property
    def state(self) -> str:
        if self.first is None:
            return "added"
        return "removed" if self.second is None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPair:
    month: date
    kind: BudgetKind
    first: Decimal
    second: Decimal

    @property
    def money(self) -> Decimal:
        return self.second - self.first


def compare_items(first: Sequence[Item], second: Sequence[Item]) -> list[ItemPair]:
    """Pair the pieces in the order of the second version; those it lacks follow."""
    before, after = ({item.key: item for item in version} for version in (first, second))
    pairs = []
    for key in [*after, *(key for key in before if key not in after)]:
        item = after.get(key) or before[key]
        pairs.append(
            ItemPair(
                name=item.name,
                outline=item.outline,
                first=before.get(key),
                second=after.get(key),
            )
        )
    return pairs


def compare_months(first: Periods, second: Periods) -> list[MonthPair]:
    """Pair the months of both, in order; a month without money counts as 0."""
    return [
        MonthPair(
            month=key[0], kind=key[1], first=first.get(key, ZERO), second=second.get(key, ZERO)
        )
        for key in sorted({*first, *second})
    ]
