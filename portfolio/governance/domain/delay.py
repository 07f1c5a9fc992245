"""
What waiting for a decision costs, and until when a decision between meetings has to be ratified.

GOVERN 3, rule 3b and its example; GOVERN 2, rule 2g.
"""

from datetime import date
from decimal import Decimal

from projects.domain.calendar import moved
from projects.domain.labels import Labeled
from projects.domain.workdays import MONDAY_TO_FRIDAY

RATIFY_WITHIN = 30  # calendar days


def delay_days(needed_by: date | None, asked_on: date | None, until: date) -> int:
    """
    Count the working days (Monday to Friday) after the day it was needed, up to `until`.

    Nothing is counted before it was asked; 0 where it was never asked or has no day.
    """
    if needed_by is None or asked_on is None:
        return 0
    first = moved(max(needed_by, asked_on), 1)
    return MONDAY_TO_FRIDAY.between(first, until)


def delay_cost(days: int, cost_of_a_day: Decimal | None) -> Decimal | None:
    """Return what so many working days cost; None where nobody said what one does."""
    return None if cost_of_a_day is None else days * cost_of_a_day


class Ratified(Labeled):
    """How a decision between meetings stands with its committee."""

    WAITING = "waiting", "To be ratified"
    LAPSED = "lapsed", "Unratified"
    RATIFIED = "ratified"
    REFUSED = "refused", "Ratification refused"


def ratify_by(decided_on: date) -> date:
    """Return the last day on which ratifying is in time."""
    return moved(decided_on, RATIFY_WITHIN)


def ratification(decided_on: date, today: date, is_ratified: bool | None) -> Ratified:  # noqa: FBT001 - a value of three
    """Say how it stands; `is_ratified` is None while no meeting has said."""
    if is_ratified is not None:
        return Ratified.RATIFIED if is_ratified else Ratified.REFUSED
    return Ratified.LAPSED if today > ratify_by(decided_on) else Ratified.WAITING


def stops_spending(standing: Ratified) -> bool:
    """Say whether new commitments are refused: what was spent already is booked and named."""
    return standing in {Ratified.LAPSED, Ratified.REFUSED}
