"""The money that a capital cycle keeps for emergencies. Source: example of section 1: 2.0M less 310k and 145k is 1.545M."""

from collections.abc import Iterable
from decimal import Decimal


def left(contingency: Decimal, draws: Iterable[Decimal]) -> Decimal:
    """Return what is left after the draws."""
    return contingency - sum(draws, Decimal())


def may_draw(amount: Decimal, *, contingency: Decimal, draws: Iterable[Decimal]) -> bool:
    """Say whether so much is left; all of it may go, not a cent more."""
    return 0 < amount <= left(contingency, draws)
