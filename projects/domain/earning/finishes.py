"""
When do many projects finish, against what was planned?

Days of different projects do not add up to anything: a sum of them is no date and no delay of anybody.
So the project in the middle is given (the median), and the one that is furthest behind is named. Both
medians are over the same projects: those with a planned date, a forecast date and a pace in time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import NamedTuple

NOBODY = "No project here has a planned finish, a forecast finish and a schedule pace."


class ThreeFinishes(NamedTuple):
    """One project's finish as planned, as forecast by its manager, and at its pace so far."""

    name: str
    planned: date | None = None
    forecast: date | None = None
    at_pace: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finishes:
    """
    Days later than planned of the middle project, over `counted` of `projects`; positive is later.

    The medians are None, with a reason, when no project has all the dates. `furthest` is the project
    that is latest at its pace so far.
    """

    projects: int = 0
    counted: int = 0
    forecast: Decimal | None = None
    at_pace: Decimal | None = None
    furthest: str = ""
    furthest_days: int = 0
    furthest_date: date | None = None
    reason: str = ""


def finishes_of(dues: Iterable[ThreeFinishes]) -> Finishes:
    """Compare both finishes with the plan, over the projects that have all of them."""
    rows = list(dues)
    found = [
        ((due.at_pace - due.planned).days, (due.forecast - due.planned).days, due)
        for due in rows
        if due.planned and due.forecast and due.at_pace
    ]
    if not found:
        return Finishes(projects=len(rows), reason=NOBODY)
    days, _, last = max(found, key=lambda row: (row[0], row[2].name))
    return Finishes(
        projects=len(rows),
        counted=len(found),
        forecast=Decimal(median([row[1] for row in found])),
        at_pace=Decimal(median([row[0] for row in found])),
        furthest=last.name,
        furthest_days=days,
        furthest_date=last.at_pace,
    )
