"""What a lane asks for, and when the ground of mandatory work does not hold any more. Source: rules 1b to 1d."""

from datetime import date

from projects.domain.kinds import Lane


def is_scored(lane: Lane) -> bool:
    """Say whether its value is asked for; gates, options and cost are asked of every lane."""
    return lane is not Lane.MANDATORY


def has_lapsed(bites_on: date, today: date) -> bool:
    """Say whether the date from which it is mandatory is over."""
    return bites_on < today


def has_moved(verified: date, now: date, *, most_days: int) -> bool:
    """Say whether the date moved, either way, by more calendar days than the verification bears."""
    return abs((now - verified).days) > most_days
