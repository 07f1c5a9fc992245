"""
What the months of a project add up to, and which money lapses when its funding source expires.

Costs are what happened by a day; months say what is expected from that day's month on. Money that
lapses = allotted - spent in time - planned use in time, never below 0, where the planned use of a
budget line is the larger of its open commitments and its months up to the expiry: a month's forecast
holds the payments of commitments, so adding the two would count the same money twice and hide a
lapse. The month in which a source expires counts in full, the months after it not at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from projects.domain.calendar import month_of

NOTHING = Decimal()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMoney:
    """One budget line: spent and still committed by the day, spent in its month, and its months."""

    spent: Decimal = NOTHING
    committed: Decimal = NOTHING
    spent_this_month: Decimal = NOTHING
    months: Mapping[date, Decimal] = field(default_factory=dict)  # first day -> forecast


def over_budget(
    *, budget: Decimal | None, forecast: Decimal | None, final: Decimal | None
) -> Decimal | None:
    """
    Return what a fiscal year cost (`final`), or else its forecast, minus its budget; positive = over.

    None when the budget, or both others, are not known.
    """
    end = forecast if final is None else final
    return None if end is None or budget is None else end - budget


def to_come(line: LineMoney, *, as_of: date, until: date | None = None) -> Decimal:
    """
    Sum what a line's months still expect; of the running month what is not spent yet.

    `until` leaves out the months that begin after it; None is no limit. A month over its forecast
    expects nothing more.
    """
    running = month_of(as_of)
    if until is not None and until < as_of:
        return NOTHING
    coming = sum(
        (
            amount
            for month, amount in line.months.items()
            if month > running and (until is None or month <= until)
        ),
        NOTHING,
    )
    return coming + max(line.months.get(running, NOTHING) - line.spent_this_month, NOTHING)


def planned_use(line: LineMoney, *, as_of: date, until: date | None = None) -> Decimal:
    """Return the larger of open commitments and months to come; neither is below 0."""
    return max(line.committed, to_come(line, as_of=as_of, until=until), NOTHING)


def lapsing(
    *, allotted: Decimal, lines: Iterable[LineMoney], expires_on: date, as_of: date
) -> Decimal:
    """Return what one project will leave of its allotment; its costs are those up to the expiry."""
    used = sum(
        (line.spent + planned_use(line, as_of=as_of, until=expires_on) for line in lines), NOTHING
    )
    return max(allotted - used, NOTHING)


def at_completion(lines: Iterable[LineMoney], *, as_of: date) -> Decimal:
    """Return spent to date plus the months to come, over all lines of a project."""
    return sum((line.spent + to_come(line, as_of=as_of) for line in lines), NOTHING)


class MonthSum(NamedTuple):
    """What was, or is expected to be, spent from the start to the end of a month."""

    month: date
    total: Decimal
    is_expected: bool
