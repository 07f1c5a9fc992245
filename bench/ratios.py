"""From pairs of times to what is printed: plain arithmetic."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

TENTH, NINE_TENTHS, NINETEEN_TWENTIETHS = 0.1, 0.9, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Times in milliseconds of the real and the bare page, and the middle of their pairwise ratios."""

    ours: float
    bare: float
    middle: float
    low: float
    high: float


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie, on a line between neighbors."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def ratio_of(pairs: Sequence[tuple[float, float]]) -> Ratio:
    """Compare times measured in turn; each pair saw the same machine."""
    ratios = [ours / bare for ours, bare in pairs]
    return Ratio(
        ours=median(ours for ours, _ in pairs),
        bare=median(bare for _, bare in pairs),
        middle=median(ratios),
        low=quantile(ratios, TENTH),
        high=quantile(ratios, NINE_TENTHS),
    )


def exponent(ratio: float, *, growth: float = 10.0) -> float:
    """Return e in time ~ size^e, when the size grew `growth`-fold and the time `ratio`-fold."""
    return math.log(ratio, growth)


def spread(times: Sequence[float]) -> float:
    """Return the slowest twentieth against the median."""
    return quantile(times, NINETEEN_TWENTIETHS) / median(times)
