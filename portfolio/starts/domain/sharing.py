"""A sum shared out by shares that add up to 1, in whole cents, with nothing lost."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")


def shared(total: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """
    Return the parts of a sum, in whole cents: largest remainders first, so that they add up to it.

    Shares that do not add up to 1 are taken in proportion; without any, every part is 0.
    """
    whole = sum(shares, Decimal())
    if not whole:
        return [Decimal("0.00") for _ in shares]
    exact = [total * share / whole for share in shares]
    parts = [one.quantize(CENT, rounding=ROUND_DOWN) for one in exact]
    left = int((total - sum(parts, Decimal())) / CENT)
    by_rest = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_rest[:left]:
        parts[at] += CENT
    return parts


def grown(total: Decimal, given: float, wanted: float) -> Decimal:
    """Return an example sum for another size than the template's: in proportion, to whole thousands."""
    if given <= 0 or wanted <= 0:
        return total
    thousand = Decimal(1000)
    return (total * Decimal(str(wanted)) / Decimal(str(given)) / thousand).quantize(
        Decimal(1)
    ) * thousand
