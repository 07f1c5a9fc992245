"""What a story's plan, money and risks look like in any week: plain Python, the same at every load."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from projects.domain.calendar import fiscal_year, week_of
from projects.domain.money import fiscal_months
from projects.domain.stages import Stage
from reports.demo.stories import NEVER, Story, ToldRisk, day_of, read
from risks.domain.matrix import EXTREME_FROM, HIGH_FROM

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
CENT = Decimal("0.01")
SMALLEST_BOOKING = 1000
FORTNIGHT = 14  # days between two bookings
KNOWN_MONTHS = 3  # before this one, of which the forecast is kept beside what came
SPENDING = (Stage.DELIVERY, Stage.CLOSING, Stage.PLANNING)
KEEPS_HIGH_RISK = 9  # every ninth green project keeps a risk that its color does not show


class PlannedMilestone(NamedTuple):
    name: str
    kind: str
    share: float
    baseline: date


class Point(NamedTuple):
    """A milestone as known in a week."""

    forecast: date
    actual: date | None


class Spending(NamedTuple):
    day: date
    category: int  # index of the budget line
    amount: Decimal


class Month(NamedTuple):
    """What was expected to be spent in a month, when it was said."""

    first: date
    made_on: date
    amount: Decimal


@dataclass(frozen=True)
class Timeline:
    """One story laid on the calendar. `monday` is this week's, `today` the last day that happened."""

    story: Story
    monday: date
    today: date

    @cached_property
    def chance(self) -> random.Random:
        return random.Random(self.story.code)  # noqa: S311 - made-up history, not a secret

    @property
    def plan(self) -> dict[str, list[list[Any]]]:
        found: dict[str, list[list[Any]]] = read("plans")[self.story.plan]
        return found

    @property
    def start(self) -> date:
        return day_of(self.monday, self.story.start)

    @property
    def baseline_finish(self) -> date:
        return day_of(self.monday, self.story.finish, FRIDAY)

    @property
    def ends_in(self) -> int:
        return self.story.week_of_stage(Stage.CLOSED, Stage.CANCELLED)

    def last_day(self, week: int) -> date:
        """Return the last day of `week` that happened."""
        return min(day_of(self.monday, week, SUNDAY), self.today)

    def finish_at(self, week: int) -> date:
        return workday(self.baseline_finish + timedelta(days=self.story.slip_at(week)))

    @cached_property
    def milestones(self) -> list[PlannedMilestone]:
        length = (self.baseline_finish - self.start).days
        return [
            PlannedMilestone(
                name,
                kind,
                share,
                workday(self.start + timedelta(days=round(length * share))),
            )
            for share, name, kind in self.plan["milestones"]
        ]

    def point(self, milestone: PlannedMilestone, week: int) -> Point:
        """Return what is known of a milestone at the end of `week`."""
        done = self._done[milestone.name]
        if done and done <= self.last_day(week):
            return Point(done, done)
        stopped = min(week, self.story.stuck.get(milestone.name, NEVER), self.story.silent)
        return Point(self._forecast(milestone, stopped), None)

    def _forecast(self, milestone: PlannedMilestone, week: int) -> date:
        slip = self.story.slip_at(week) * (0.35 + 0.65 * milestone.share)
        return workday(milestone.baseline + timedelta(days=round(slip)))

    @cached_property
    def _done(self) -> dict[str, date | None]:
        return {milestone.name: self._done_on(milestone) for milestone in self.milestones}

    def _done_on(self, milestone: PlannedMilestone) -> date | None:
        stops = min(
            self.story.stuck.get(milestone.name, NEVER),
            self.story.silent,
            self.story.week_of_stage(Stage.CANCELLED, Stage.ON_HOLD),
        )
        for week in range(self.story.start, min(stops, 1)):
            last = min(day_of(self.monday, week, FRIDAY), self.today)
            due = self._forecast(milestone, week)
            if due <= last:
                early = due - timedelta(days=self.chance.randrange(3))
                return min(max(workday(early), day_of(self.monday, week)), last)
        return None

    def progress_on(self, day: date, week: int) -> float:
        """Return the elapsed share of the duration as forecast in `week`, from 0 to 1."""
        length = (self.finish_at(week) - self.start).days
        return min(max((day - self.start).days / length, 0.0), 1.0)

    def percent_at(self, week: int) -> int:
        done = self.progress_on(self.last_day(week), week)
        return round(100 * (0.2 * done + 0.8 * smooth(done)))

    def budget_lines(self) -> list[tuple[str, str, Decimal]]:
        """Return category, kind and amount; the last line takes what rounding left."""
        lines = [
            (str(category), kind, (self.story.budget * Decimal(str(share))).quantize(CENT))
            for category, kind, share in self.plan["money"]
        ]
        category, kind, amount = lines[-1]
        missing = self.story.budget - sum(line[2] for line in lines)
        return [*lines[:-1], (category, kind, amount + missing)]

    def kind_shares(self) -> dict[str, Decimal]:
        """Return the capital and the operating share of the approved budget, as far as there is one."""
        found: dict[str, Decimal] = {}
        for _, kind, share in self.plan["money"]:
            found[kind] = found.get(kind, Decimal()) + Decimal(str(share))
        return found

    def year_shares(self, *, start_month: int) -> dict[int, Decimal]:
        """Return each fiscal year's share of the approved budget, as planned."""
        found: dict[int, Decimal] = {}
        before = Decimal()
        length = (self.baseline_finish - self.start).days
        for offset in range(0, length + 1, 7):
            year = fiscal_year(self.start + timedelta(days=offset), start_month=start_month)
            now = Decimal(str(round(smooth(min((offset + 7) / length, 1.0)), 4)))
            found[year] = found.get(year, Decimal()) + now - before
            before = now
        return found

    def year_cost(self, year: int, week: int, *, start_month: int) -> Decimal:
        """Return what a fiscal year will cost, as forecast in `week`: all by its end but what went before."""
        first = fiscal_months(year, start_month=start_month)[0]
        by_end = smooth(self.progress_on(_month(first, 12) - timedelta(days=1), week))
        by_then = (self.story.cost_at(week) * Decimal(str(round(by_end, 5)))).quantize(CENT)
        return by_then - self._spent_by(first - timedelta(days=1))

    def spending(self) -> Iterator[Spending]:
        """Yield what was booked every second week, by budget line."""
        spent = Decimal()
        shares = [Decimal(str(row[2])) for row in self.plan["money"]]
        for day, total in self._totals():
            booked = total - spent
            if booked < SMALLEST_BOOKING:
                continue
            spent = total
            for index, share in enumerate(shares):
                wobble = Decimal(self.chance.randrange(86, 115)) / 100
                yield Spending(day, index, (booked * share * wobble).quantize(CENT))

    def months(self) -> Iterator[Month]:
        """Yield what is expected of each month from three before this one to the forecast finish."""
        if self.ends_in <= 0 or self.story.stage_at(0) not in SPENDING:
            return
        first = self.today.replace(day=1)
        for ahead in range(-KNOWN_MONTHS, (self.finish_at(0) - self.today).days // 30 + 2):
            month = _month(first, ahead)
            said_in = min(self._week(month), 0)
            begun = self.progress_on(month - timedelta(days=1), said_in)
            done = self.progress_on(_month(month, 1) - timedelta(days=1), said_in)
            share = Decimal(str(round(smooth(done) - smooth(begun), 5)))
            if share > 0:
                made_on = min(month, day_of(self.monday, -1, FRIDAY))
                amount = (self.story.cost_at(said_in) * share).quantize(CENT)
                yield Month(month, made_on, amount)

    def commitments(self) -> Iterator[tuple[date, Decimal]]:
        """Yield orders placed (positive) and released by invoices (negative), by quarter."""
        open_orders = Decimal()
        postings = list(self._totals())
        for day, total in postings[::6]:
            left = self.story.cost_at(self._week(day)) - total
            wanted = (left * Decimal("0.38")).quantize(Decimal(100)).quantize(CENT)
            if wanted != open_orders:
                yield day, wanted - open_orders
                open_orders = wanted
        if self.ends_in != NEVER and open_orders:
            yield day_of(self.monday, self.ends_in, 2), -open_orders

    def _totals(self) -> Iterator[tuple[date, Decimal]]:
        """Yield every second Friday, the last one included, and what was spent or accrued by then."""
        friday = day_of(self.monday, -1, FRIDAY)
        ends = min(friday, day_of(self.monday, self.ends_in)) if self.ends_in <= 0 else friday
        day = ends - timedelta(days=(ends - self.start).days // FORTNIGHT * FORTNIGHT)
        while self.start <= day <= ends:
            yield day, self._spent_by(day)
            day += timedelta(days=FORTNIGHT)

    def _spent_by(self, day: date) -> Decimal:
        week = self._week(day)
        share = Decimal(str(round(smooth(self.progress_on(day, week)), 5)))
        return (self.story.cost_at(week) * share).quantize(CENT)

    def _week(self, day: date) -> int:
        return (week_of(day) - self.monday).days // 7

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


def smooth(x: float) -> float:
    """Return the share done of work that starts and ends slowly."""
    return x * x * (3 - 2 * x)


def workday(day: date) -> date:
    """Return the day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(7 - day.weekday(), 0)) if day.weekday() >= SATURDAY else day


def _month(first: date, ahead: int) -> date:
    number = first.year * 12 + first.month - 1 + ahead
    return date(number // 12, number % 12 + 1, 1)
