"""A story's course laid on the calendar, as of any day: plain Python, the same at every load."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from projects.domain.calendar import fiscal_year, month_end, month_of, week_of
from projects.domain.stages import Stage
from reports.demo.course import CENT, FRIDAY, SATURDAY, SUNDAY, WEEK, DemoCourse, smooth
from reports.demo.stories import Story, day_of, stories

KNOWN_MONTHS = 3  # before this one, of which the forecast is kept beside what came
SPENDING = (Stage.DELIVERY, Stage.CLOSING, Stage.PLANNING)


class PlannedMilestone(NamedTuple):
    name: str
    kind: str
    share: float
    baseline: date
    place: int  # among the milestones, from 0


class Point(NamedTuple):
    """A milestone as known in a week."""

    forecast: date
    actual: date | None


class Spending(NamedTuple):
    day: date
    category: int  # index of the budget line
    amount: Decimal


class Month(NamedTuple):
    """What was expected to be spent on a budget line in a month, when it was said."""

    line: int  # index of the budget line
    month: date  # its first day
    amount: Decimal
    made_on: date


@dataclass(frozen=True)
class Timeline:
    """One course on the calendar. `monday` is this week's, `today` the last day that happened."""

    course: DemoCourse
    today: date

    @cached_property
    def monday(self) -> date:
        return week_of(self.today)

    @property
    def story(self) -> Story:
        return self.course.story

    @property
    def plan(self) -> dict[str, list[list[Any]]]:
        return self.course.plan

    @property
    def ends_in(self) -> int:
        return self.course.ends_in

    @property
    def start(self) -> date:
        return self._on(self.course.start)

    @property
    def baseline_finish(self) -> date:
        return self._on(self.course.baseline_finish)

    def _on(self, day: int) -> date:
        return self.monday + timedelta(days=day)

    def _count(self, day: date) -> int:
        return (day - self.monday).days

    def last_day(self, week: int) -> date:
        """Return the last day of `week` that happened."""
        return min(day_of(self.monday, week, SUNDAY), self.today)

    def finish_at(self, week: int) -> date:
        return self._on(self.course.finish_at(week))

    def percent_at(self, week: int) -> int:
        return self.course.percent_at(week, today=self.today.weekday())

    def cost_at(self, week: int) -> Decimal:
        return self.course.cost_at(week)

    @cached_property
    def milestones(self) -> list[PlannedMilestone]:
        return [
            PlannedMilestone(mark.name, mark.kind, mark.share, self._on(mark.baseline), place)
            for place, mark in enumerate(self.course.marks)
        ]

    def point(self, milestone: PlannedMilestone, week: int) -> Point:
        """Return what is known of a milestone at the end of `week`."""
        reached = self.course.reached(milestone.place, week, today=self.today.weekday())
        if reached is None:
            return Point(self._on(self.course.due(milestone.place, week)), None)
        return Point(self._on(reached), self._on(reached))

    def year_shares(self, *, start_month: int) -> dict[int, Decimal]:
        """Return each fiscal year's share of the approved budget, as planned."""
        found: dict[int, Decimal] = {}
        before = Decimal()
        length = (self.baseline_finish - self.start).days
        for offset in range(0, length + 1, WEEK):
            year = fiscal_year(self.start + timedelta(days=offset), start_month=start_month)
            now = Decimal(str(round(smooth(min((offset + WEEK) / length, 1.0)), 4)))
            found[year] = found.get(year, Decimal()) + now - before
            before = now
        return found

    def spending(self) -> Iterator[Spending]:
        """Yield what was booked every second week, by budget line."""
        for booking in self.course.bookings:
            yield Spending(self._on(booking.day), booking.line, booking.amount)

    def commitments(self) -> Iterator[tuple[date, Decimal]]:
        """Yield orders placed (positive) and released by invoices (negative), by quarter."""
        for day, amount in self.course.commitments():
            yield self._on(day), amount

    def months(self) -> list[Month]:
        """Return what is expected, from three months before this one to that of the forecast finish."""
        if self.ends_in <= 0 or self.story.stage_at(0) not in SPENDING:
            return []
        return months_of(self.course, self.monday, month_of(self.today))


@lru_cache(maxsize=128)
def months_of(course: DemoCourse, monday: date, running: date) -> list[Month]:
    """
    Return the months as seen in a week; `running` is the first day of the month that it is.

    A month that has begun is to bring the books to what will be spent by its end; so months and
    bookings together make the forecast of the year. Of the months before, what was said then is kept.
    """
    finish = monday + timedelta(days=course.finish_at(0))
    last_friday = day_of(monday, -1, FRIDAY)
    first, found = running, []
    for _ in range(KNOWN_MONTHS):
        first = month_of(first - timedelta(days=1))
    while first <= finish:
        begins, ends = (first - monday).days, (month_end(first) - monday).days
        week = begins // WEEK if first < running else 0
        by_end, by_then = course.cost_by(ends, week), course.cost_by(begins - 1, week)
        for line, share in enumerate(course.line_shares):
            booked = course.booked_by(begins - 1, line)
            before = booked if first <= running else by_then * share
            if amount := (by_end * share - before).quantize(CENT):
                found.append(Month(line, first, amount, min(first, last_friday)))
        first = monday + timedelta(days=ends + 1)
    return found


def timelines(today: date) -> list[Timeline]:
    """Return all stories as they stand on a day."""
    return [Timeline(DemoCourse(story), today) for story in stories()]


def workday(day: date) -> date:
    """Return the day itself, or the Monday after a weekend."""
    return day + timedelta(days=WEEK - day.weekday()) if day.weekday() >= SATURDAY else day
