"""What a lane asks for, and when the ground of mandatory work does not hold any more. Source: rules 1b to 1d."""

from datetime import date
from typing import NamedTuple

from projects.domain.kinds import Lane


class Needs(NamedTuple):
    """What a request must have before it goes to a business case, and its project afterwards."""

    scoring: bool
    gates: bool
    options: bool
    cost: bool


def needs_of(lane: Lane) -> Needs:
    """Mandatory work is not scored for its value; gates, options and cost are asked of every lane."""
    return Needs(scoring=lane is not Lane.MANDATORY, gates=True, options=True, cost=True)


def has_lapsed(bites_on: date, today: date) -> bool:
    """Say whether the date from which it is mandatory is over."""
    return bites_on < today


def has_moved(verified: date, now: date, *, most_days: int) -> bool:
    """Say whether the date moved, either way, by more calendar days than the verification bears."""
    return abs((now - verified).days) > most_days
