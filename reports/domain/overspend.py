"""Which few projects make most of what a portfolio costs over its budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST = Decimal("0.80")  # this share of an overspend is "most" of it
FEW = 3  # at most so many projects are named as its cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Overspend:
    """Forecast against approved over the projects that have both; amounts are positive when over."""

    comparable: int
    over: int
    over_sum: Decimal
    largest: Sequence[Decimal] = ()  # the largest overspends, falling

    @property
    def causes(self) -> int | None:
        """The fewest projects (at most three, and not all) that make most of the overspend."""
        total = Decimal()
        for count, amount in enumerate(self.largest[:FEW], start=1):
            total += amount
            if count < self.over and total >= self.over_sum * MOST:
                return count
        return None


NO_AMOUNTS = Overspend(comparable=0, over=0, over_sum=Decimal())
