"""
Where a stakeholder stands: power against interest, and how far engagement is from what is wanted.

Power and interest are 1 low, 2 medium, 3 high. The four ways to treat people are the field's (Mendelow;
DOMAIN D6); with three levels only *high* counts as the high side of an axis, so that "high power" means
the same here as in the rule that somebody talks to every powerful group.
"""

from collections.abc import Iterable, Sequence
from math import ceil, sqrt
from typing import NamedTuple, TypeVar

HIGH = 3
LEVELS = (1, 2, 3)
# the engagement assessment matrix: the order measures how many steps lie between two, no more
ENGAGEMENT = ("unaware", "resistant", "neutral", "supportive", "leading")
SPREAD = 0.8  # of a cell's width, so that dots of neighbors stay apart

T = TypeVar("T")


class Treatment(NamedTuple):
    key: str
    label: str


CLOSELY = Treatment("closely", "Manage closely")
SATISFIED = Treatment("satisfied", "Keep satisfied")
INFORMED = Treatment("informed", "Keep informed")
MONITOR = Treatment("monitor", "Monitor")
TREATMENTS = (CLOSELY, SATISFIED, INFORMED, MONITOR)


def treatment(power: int, interest: int) -> Treatment:
    """Say how people with this power and interest (1 to 3) are treated; ValueError outside of 1 to 3."""
    if power not in LEVELS or interest not in LEVELS:
        raise ValueError("Power and interest go from 1 to 3.")
    if power == HIGH:
        return CLOSELY if interest == HIGH else SATISFIED
    return INFORMED if interest == HIGH else MONITOR


def steps(now: str, wanted: str) -> int:
    """Count the levels from `now` to `wanted`; negative where less is wanted than there is."""
    return ENGAGEMENT.index(wanted) - ENGAGEMENT.index(now)


class Spot(NamedTuple):
    """A dot of the grid: `across` is interest and `up` power, both around the middle of their cell."""

    number: int
    across: float
    up: float


def spots(cells: Iterable[tuple[int, int]]) -> list[Spot]:
    """
    Place dots, numbered from 1, for (power, interest) pairs in the order given.

    Dots of one cell stand in the smallest square that holds them, row by row from its upper left.
    """
    wanted: Sequence[tuple[int, int]] = list(cells)
    sizes = {cell: wanted.count(cell) for cell in set(wanted)}
    met: dict[tuple[int, int], int] = {}
    found = []
    for number, cell in enumerate(wanted, start=1):
        power, interest = cell
        place = met.get(cell, 0)
        met[cell] = place + 1
        side = ceil(sqrt(sizes[cell]))
        row, column = divmod(place, side)
        step = SPREAD / side
        across = interest + (column - (side - 1) / 2) * step
        up = power - (row - (side - 1) / 2) * step
        found.append(Spot(number, round(across, 3), round(up, 3)))
    return found
