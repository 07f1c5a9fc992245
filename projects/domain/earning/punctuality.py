"""
How far off were the dates of milestones, so many weeks before they came?

The forecast that stood `weeks` before a milestone was done is compared with the day it was done:
days = actual − forecast in calendar days, positive is later than said. A milestone counts once for
each horizon, however often it was forecast. The band holds the middle 80 % (10th to 90th percentile,
linear between ranks), as for finished projects; a hospital has many done milestones long before it
has finished projects.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from projects.domain.calendar import moved
from projects.domain.earning.memory import HIGH, LOW

HORIZONS = (4, 8, 13, 26)  # weeks before a milestone was done
OLDEST = 6  # days: a forecast is frozen once a week
LEAST_MILESTONES = 5
MIDDLE = Decimal("0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median and middle 80 % in days, positive is later; None with a reason when too few are done."""

    milestones: int = 0
    projects: int = 0
    median: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneMilestone:
    """A done milestone: the day it was done, and what was frozen of its forecast on which day."""

    name: str
    done: date
    said: Mapping[date, date]

    def days(self, weeks: int) -> int | None:
        """Return by how many days it came later than said; None where nothing was said then."""
        forecast = self.forecast(weeks)
        return None if forecast is None else (self.done - forecast).days

    def forecast(self, weeks: int) -> date | None:
        """Return the date that was forecast so many weeks before."""
        asked = asked_on(self.done, weeks, sorted(self.said))
        return None if asked is None else self.said[asked]


def asked_on(done: date, weeks: int, freezes: Sequence[date]) -> date | None:
    """Return the last of the ascending freezes on or up to six days before `weeks` before that day."""
    target = moved(done, -7 * weeks)
    place = bisect_right(freezes, target)
    if not place or freezes[place - 1] < moved(target, -OLDEST):
        return None
    return freezes[place - 1]


def spread_of(misses: Mapping[int, int], *, projects: int, least: int = LEAST_MILESTONES) -> Spread:
    """Pool the misses: days, and of how many milestones."""
    ranked = sorted(misses)
    ends = list(accumulate(misses[days] for days in ranked))
    milestones = ends[-1] if ends else 0
    if milestones < max(least, 1):
        return Spread(milestones=milestones, projects=projects, reason=_too_few(milestones, least))

    def quantile(share: Decimal) -> Decimal:
        place = share * (milestones - 1)
        below = int(place)
        low, high = (
            ranked[bisect_left(ends, rank + 1)] for rank in (below, min(below + 1, milestones - 1))
        )
        return low + (place - below) * (high - low)

    return Spread(
        milestones=milestones,
        projects=projects,
        median=quantile(MIDDLE),
        low=quantile(LOW),
        high=quantile(HIGH),
    )


def _too_few(milestones: int, least: int) -> str:
    count = f"Only {milestones}" if milestones else "No"
    have = "milestone has" if milestones <= 1 else "milestones have"
    return f"{count} done {have} a forecast from then; {least} are needed."


def spread_of_project(
    came: Iterable[DoneMilestone], weeks: int, *, least: int = LEAST_MILESTONES
) -> Spread:
    """Pool the milestones of one project."""
    misses = Counter(days for one in came if (days := one.days(weeks)) is not None)
    return spread_of(misses, projects=1 if misses else 0, least=least)


def nearest_horizon(ahead: int, horizons: Sequence[int] = HORIZONS) -> int:
    """Return the horizon in weeks that is nearest to so many days ahead; the shorter of two."""
    return min(horizons, key=lambda weeks: (abs(weeks * 7 - ahead), weeks))


def corrected(due: date, days: Decimal | None) -> date | None:
    """Return when it comes if it is off by as many days; None when that is not known."""
    if days is None:
        return None
    return moved(due, int(days.quantize(Decimal(1), rounding=ROUND_HALF_UP)))
