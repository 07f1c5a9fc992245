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


def finishes_of(dues: Iterable[tuple[str, date | None, date | None, date | None]]) -> Finishes:
    """Compare both finishes with the plan, over the projects that have all of them."""
    projects = 0
    at_pace_days, forecast_days = [], []
    last: tuple[int, str, date] | None = None
    # taken apart, not kept: there are thousands
    for name, planned, forecast, at_pace in dues:
        projects += 1
        if planned and forecast and at_pace:
            days = (at_pace - planned).days
            at_pace_days.append(days)
            forecast_days.append((forecast - planned).days)
            if last is None or (days, name) > last[:2]:
                last = (days, name, at_pace)
    if last is None:
        return Finishes(projects=projects, reason=NOBODY)
    return Finishes(
        projects=projects,
        counted=len(at_pace_days),
        forecast=Decimal(median(forecast_days)),
        at_pace=Decimal(median(at_pace_days)),
        furthest=last[1],
        furthest_days=last[0],
        furthest_date=last[2],
    )
