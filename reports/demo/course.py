"""
A story's course in days from this week's Monday, which is day 0: the same in every week of every year.

No date comes in here, so none can make a difference. How far the running week is matters for what
was reached in it: `today` is 0 on its Monday and 6 on its Sunday.
"""

import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from functools import cache, cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from projects.domain.stages import Stage
from reports.demo.stories import NEVER, Story, ToldRisk, read
from risks.domain.matrix import EXTREME_FROM, HIGH_FROM

WEEK = 7  # days
WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = 2, 4, 5, 6
CENT = Decimal("0.01")
THOUSAND = Decimal("1E3")
SMALLEST_BOOKING = 1000
FORTNIGHT = 14  # days between two bookings
ORDERED = Decimal("0.38")  # of what is left to spend
ORDERS_EVERY = 6  # bookings
KEEPS_HIGH_RISK = 9  # every ninth green project keeps a risk that its color does not show


class PlannedMark(NamedTuple):
    """A milestone as planned."""

    name: str
    kind: str
    share: float
    baseline: int


class Booking(NamedTuple):
    day: int
    line: int  # index of the budget line
    amount: Decimal


@dataclass(frozen=True, eq=False)
class DemoCourse:
    """What comes of one story."""

    story: Story

    @property
    def plan(self) -> dict[str, list[list[Any]]]:
        found: dict[str, list[list[Any]]] = read("plans")[self.story.plan]
        return found

    @property
    def start(self) -> int:
        return self.story.start * WEEK

    @property
    def baseline_finish(self) -> int:
        return self.story.finish * WEEK + FRIDAY

    @cached_property
    def ends_in(self) -> int:
        """The week in which the project was closed or cancelled; NEVER when it was not."""
        return self.story.week_of_stage(Stage.CLOSED, Stage.CANCELLED)

    @cached_property
    def finish_at(self) -> Callable[[int], int]:
        """Call it with a week for the finish as forecast in it."""
        return cache(lambda week: working(self.baseline_finish + self.story.slip_at(week)))

    def progress_on(self, day: int, week: int) -> float:
        """Return the elapsed share of the duration as forecast in `week`, from 0 to 1."""
        length = self.finish_at(week) - self.start
        return min(max((day - self.start) / length, 0.0), 1.0)

    def percent_at(self, week: int, *, today: int) -> int:
        done = self.progress_on(last_day(week, today), week)
        return round(100 * (0.2 * done + 0.8 * smooth(done)))

    @cached_property
    def marks(self) -> list[PlannedMark]:
        length = self.baseline_finish - self.start
        return [
            PlannedMark(name, kind, share, working(self.start + round(length * share)))
            for share, name, kind in self.plan["milestones"]
        ]

    def reached(self, place: int, week: int, *, today: int) -> int | None:
        """Return the day on which a milestone was reached, if that was by the end of `week`."""
        day = self._reached[today][place]
        return None if day is None or day > last_day(week, today) else day

    def due(self, place: int, week: int) -> int:
        """Return the day on which a milestone is due, as known in `week`."""
        mark = self.marks[place]
        return self._due(mark, min(week, self.story.stuck.get(mark.name, NEVER), self.story.silent))

    def _due(self, mark: PlannedMark, week: int) -> int:
        return working(mark.baseline + round(self.story.slip_at(week) * (0.35 + 0.65 * mark.share)))

    @cached_property
    def _reached(self) -> list[list[int | None]]:
        """The days of all milestones, for each day that today may be."""
        marks = list(zip(self.marks, self._drawn[1], strict=True))
        return [[self._reached_on(*mark, today) for mark in marks] for today in range(WEEK)]

    def _reached_on(self, mark: PlannedMark, early: int, today: int) -> int | None:
        stops = min(
            self.story.stuck.get(mark.name, NEVER),
            self.story.silent,
            self.story.week_of_stage(Stage.CANCELLED, Stage.ON_HOLD),
        )
        for week in range(self.story.start, min(stops, 1)):
            last = min(week * WEEK + FRIDAY, today)
            due = self._due(mark, week)
            if due <= last:
                return min(max(working(due - early), week * WEEK), last)
        return None

    def lines(self) -> list[tuple[str, str, Decimal]]:
        """Return category, kind and amount of the budget; the last line takes what rounding left."""
        found = [
            (str(category), kind, (self.story.budget * Decimal(str(share))).quantize(CENT))
            for category, kind, share in self.plan["money"]
        ]
        category, kind, amount = found[-1]
        missing = self.story.budget - sum(line[2] for line in found)
        return [*found[:-1], (category, kind, amount + missing)]

    @cached_property
    def line_shares(self) -> list[Decimal]:
        return [Decimal(str(row[2])) for row in self.plan["money"]]

    def kind_shares(self) -> dict[str, Decimal]:
        """Return the capital and the operating share of the approved budget, as far as there is one."""
        found: dict[str, Decimal] = {}
        for (_, kind, _), share in zip(self.plan["money"], self.line_shares, strict=True):
            found[kind] = found.get(kind, Decimal()) + share
        return found

    @cached_property
    def cost_at(self) -> Callable[[int], Decimal]:
        """Call it with a week for the cost as forecast in it, in thousands: never less than is spent."""

        def cost(week: int) -> Decimal:
            told, spent = self._told_cost(week), self.spent_by(last_day(week))
            return max(told, spent.quantize(THOUSAND, ROUND_CEILING).quantize(CENT))

        return cache(cost)

    def cost_by(self, day: int, week: int) -> Decimal:
        """Return what will be spent by a day as forecast in `week`, of which a part is spent by then."""
        share = Decimal(str(round(smooth(self.progress_on(day, week)), 5)))
        return max(
            (self.cost_at(week) * share).quantize(CENT), self.spent_by(min(day, last_day(week)))
        )

    @cached_property
    def spent_by(self) -> Callable[[int], Decimal]:
        """Call it with a day for what was spent by then: a forecast that falls brings no money back."""

        def spent(day: int) -> Decimal:
            if day < self.start:
                return Decimal()
            return max(self._spent_by_week[day // WEEK - self.story.start], self._expected(day))

        return cache(spent)

    @cached_property
    def _spent_by_week(self) -> list[Decimal]:
        """What was spent before each week, from the first one to the one after this."""
        sundays = range(self.start + SUNDAY, WEEK, WEEK)
        return [*accumulate((self._expected(day) for day in sundays), max, initial=Decimal())]

    def _expected(self, day: int) -> Decimal:
        """Return what the forecast of the day's own week says of it."""
        week = day // WEEK
        share = Decimal(str(round(smooth(self.progress_on(day, week)), 5)))
        return (self._told_cost(week) * share).quantize(CENT)

    @cached_property
    def _told_cost(self) -> Callable[[int], Decimal]:
        return cache(self.story.cost_at)

    @property
    def bookings(self) -> list[Booking]:
        """What was booked every second week, by budget line."""
        return self._drawn[0]

    def booked_by(self, day: int, line: int) -> Decimal:
        """Return what was booked on a budget line up to and including a day; never more than is spent."""
        days, sums = self._booked_on[line]
        return sums[bisect_right(days, day)]

    @cached_property
    def _booked_on(self) -> list[tuple[list[int], list[Decimal]]]:
        """By line: the days of the bookings, and what was booked before each and after the last."""
        found = []
        for line in range(len(self.line_shares)):
            booked = [one for one in self.bookings if one.line == line]
            sums = accumulate((one.amount for one in booked), initial=Decimal())
            found.append(([one.day for one in booked], list(sums)))
        return found

    @cached_property
    def _drawn(self) -> tuple[list[Booking], list[int]]:
        """What is left to chance, drawn at once: the bookings, and how early each milestone was reached."""
        chance = random.Random(self.story.code)  # noqa: S311 - made-up history, not a secret
        found, sums = [], [Decimal()] * len(self.line_shares)
        for day, total in self._totals:
            if total - sum(sums) < SMALLEST_BOOKING:
                continue
            is_last = self.ends_in != NEVER and day == self._totals[-1][0]
            for line, share in enumerate(self.line_shares):
                # some invoices are late; they come with the next booking
                part = Decimal(chance.randrange(86, 115)) / 114
                left = (total * share - sums[line]) * (1 if is_last else part)
                found.append(Booking(day, line, left.quantize(CENT, ROUND_DOWN)))
                sums[line] += found[-1].amount
        return found, [chance.randrange(3) for _ in self.marks]

    def commitments(self) -> Iterator[tuple[int, Decimal]]:
        """Yield orders placed (positive) and released by invoices (negative), by quarter."""
        open_orders = Decimal()
        for day, total in self._totals[::ORDERS_EVERY]:
            left = self.cost_at(day // WEEK) - total
            wanted = (left * ORDERED).quantize(Decimal(100)).quantize(CENT)
            if wanted != open_orders:
                yield day, wanted - open_orders
                open_orders = wanted
        if self.ends_in != NEVER and open_orders:
            yield self.ends_in * WEEK + WEDNESDAY, -open_orders

    @cached_property
    def _totals(self) -> list[tuple[int, Decimal]]:
        """Every second Friday, the last one included, and what was spent or accrued by then."""
        friday = FRIDAY - WEEK
        ends = min(friday, self.ends_in * WEEK) if self.ends_in <= 0 else friday
        first = ends - (ends - self.start) // FORTNIGHT * FORTNIGHT
        return [(day, self.spent_by(day)) for day in range(first, ends + 1, FORTNIGHT)]

    def score_now(self, risk: ToldRisk) -> tuple[int, int]:
        """Return likelihood and impact after the response, in keeping with the story's last color."""
        said = self.story.said_at(0)
        color = said.color if said else "green"
        likelihood, impact = risk.likelihood, risk.impact
        honest = not self.story.is_glib and sum(map(ord, self.story.code)) % KEEPS_HIGH_RISK
        limit = {"green": HIGH_FROM, "amber": EXTREME_FROM}.get(color, 99) if honest else 99
        while likelihood > 1 and likelihood * impact >= limit:
            likelihood -= 1
        return likelihood, impact


def last_day(week: int, today: int = SUNDAY) -> int:
    """Return the last day of `week` that happened, if today is that day of this week."""
    return min(week * WEEK + SUNDAY, today)


def smooth(x: float) -> float:
    """Return the share done of work that starts and ends slowly."""
    return x * x * (3 - 2 * x)


def working(day: int) -> int:
    """Return the day itself, or the Monday after a weekend."""
    return day + max(WEEK - day % WEEK, 0) if day % WEEK >= SATURDAY else day
