"""Where bars and marks lie on the time line of a plan, as shares of its width in percent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from projects.domain.calendar import moved

MOST_TICKS = 8
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)  # months between two ticks
MONTHS = 12
PERCENT = 100
LABEL = 12  # percent of the width that the words of a tick take to its right


@dataclass(frozen=True, slots=True, kw_only=True)
class GanttBar:
    """A stretch of days, or the point of a milestone at its middle."""

    x: float
    width: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    x: float
    day: date

    @property
    def has_room(self) -> bool:
        """Say whether its words end before the time line does."""
        return self.x <= PERCENT - LABEL


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeScale:
    """The days from `first` to `last`, both whole."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Return where a day begins; days outside lie on the edge."""
        days = (self.last - self.first).days + 1
        return round(min(max((day - self.first).days / days, 0), 1) * PERCENT, 2)

    def bar(self, start: date, finish: date) -> GanttBar:
        x = self.at(start)
        return GanttBar(x=x, width=round(self.at(moved(finish, 1)) - x, 2))

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def ticks(self) -> list[Tick]:
        """Return the beginnings of months, as many as there is room for."""
        first = self.first.year * MONTHS + self.first.month - 1
        last = self.last.year * MONTHS + self.last.month - 1
        farther = -(-(last - first + 1) // (MOST_TICKS * MONTHS)) * MONTHS
        step = next((s for s in STEPS if (last - first) / s < MOST_TICKS), farther)
        numbers = range(first - first % step + step, last + 1, step)
        days = [date(number // MONTHS, number % MONTHS + 1, 1) for number in numbers]
        return [Tick(x=self.at(day), day=day) for day in days]


def scale_of(days: Iterable[date | None]) -> TimeScale | None:
    """Return the time line that holds all of these days with a little room; None without days."""
    known = [day for day in days if day]
    if not known:
        return None
    first, last = min(known), max(known)
    room = max((last - first).days // 50, 1)
    return TimeScale(first=moved(first, -room), last=moved(last, room))
