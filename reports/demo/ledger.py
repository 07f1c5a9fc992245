"""
Everything dated that a story leaves in the books, as plain values: `records` only writes it down.

What is checked for every day of four years is therefore what is stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from projects.domain.calendar import fiscal_months, fiscal_year, month_end
from projects.domain.kinds import CostKind
from projects.domain.stages import Stage
from reports.demo.course import CENT, FRIDAY, SUNDAY, DemoCourse, smooth
from reports.demo.stories import NEVER, ToldRisk, day_of, read
from reports.demo.timeline import Month, Point, Timeline
from reports.demo.words import Writer

FIRST_WEEK = -30
FIRST_FORECAST = -40
APPROVED_BEFORE = 14  # days before the start
BY_KIND = {"capital": "CAP", "operating": "OPS"}  # where a line's money comes from, if nowhere else
YEAR_PLAN = "Plan for the year"
REVIEW_EVERY = 35  # days
OVERDUE_REVIEW_ONE_IN = 7
FIRST_CENTER = 7100


class BudgetRow(NamedTuple):
    category: str
    kind: str
    amount: Decimal
    approved_on: date
    source: str  # a funding source's code, on whole lines only
    fiscal_year: int | None = None
    cost_center: str = ""  # of whole lines: what the finance system books on


class DemoCost(NamedTuple):
    line: int  # index among the whole budget lines
    kind: str
    entry_date: date
    amount: Decimal
    note: str


class ForecastRow(NamedTuple):
    """What was forecast of the whole, or of a fiscal year."""

    amount: Decimal
    made_on: date
    fiscal_year: int | None = None


class UpdateRow(NamedTuple):
    week: date
    published_at: datetime
    fields: dict[str, Any]


class DemoMilestone(NamedTuple):
    name: str
    kind: str
    weight: int
    baseline_date: date
    point: Point


class DemoStanding(NamedTuple):
    """The project itself at the end of a week."""

    stage: Stage
    forecast_finish_date: date
    actual_finish_date: date | None
    cancelled_on: date | None


class DemoRisk(NamedTuple):
    title: str
    response: str
    likelihood: int
    impact: int
    inherent_likelihood: int
    inherent_impact: int
    target_likelihood: int
    target_impact: int
    review_date: date
    proximity_date: date
    cost_impact: Decimal


@dataclass(frozen=True)
class DemoLedger:
    """The books of one timeline."""

    timeline: Timeline
    start_month: int

    def standing(self, week: int) -> DemoStanding:
        """Return stage and dates; this week's forecast is moved by the status update, if one comes."""
        timeline, story = self.timeline, self.timeline.story
        told = min(week if story.is_due else min(week, -1), timeline.ends_in - 1)
        stage, finish = story.stage_at(week), timeline.finish_at(told)
        return DemoStanding(
            stage,
            finish,
            finish if stage is Stage.CLOSED else None,
            timeline.last_day(timeline.ends_in) if stage is Stage.CANCELLED else None,
        )

    def budget(self) -> Iterator[BudgetRow]:
        """Yield the whole lines in the order of the plan's money, then the plans for the years."""
        course, story = self.timeline.course, self.timeline.story
        approved_on = self.timeline.start - timedelta(days=APPROVED_BEFORE)
        funded = read("control")["funded"].get(story.code, [])
        for number, ((category, kind, amount), code) in enumerate(
            zip_longest(course.lines(), funded)
        ):
            center = f"{FIRST_CENTER + 10 * number}-{story.code}"
            source = code or BY_KIND[kind]
            yield BudgetRow(category, kind, amount, approved_on, source, cost_center=center)
        shares = self.timeline.year_shares(start_month=self.start_month)
        for year, share in shares.items():
            for kind, part in course.kind_shares().items():
                amount = (story.budget * share * part).quantize(CENT)
                yield BudgetRow(YEAR_PLAN, kind, amount, approved_on, "", year)

    def costs(self) -> Iterator[DemoCost]:
        categories = [category for category, _, _ in self.timeline.course.lines()]
        for cost in self.timeline.spending():
            note = f"{categories[cost.category]}, {cost.day:%B}"
            yield DemoCost(cost.category, CostKind.ACTUAL.value, cost.day, cost.amount, note)
        for day, amount in self.timeline.commitments():
            note = "Orders placed" if amount > 0 else "Orders invoiced or released"
            yield DemoCost(0, CostKind.COMMITMENT.value, day, amount, note)

    def months(self) -> list[Month]:
        return self.timeline.months()

    def forecasts(self) -> Iterator[ForecastRow]:
        """Past forecasts; this week's comes with the status update, unless finance makes it."""
        course, timeline = self.timeline.course, self.timeline
        found = past_forecasts(course, timeline.monday, self.start_month)
        yield from found
        if timeline.ends_in < 0:
            return
        made_on = min(timeline.last_day(0), day_of(timeline.monday, 0, FRIDAY))
        if timeline.story.is_glib:
            yield from _if_new(found, ForecastRow(course.cost_at(0), made_on))
        year = fiscal_year(timeline.last_day(0), start_month=self.start_month)
        amount = year_cost(course, timeline.monday, year, 0, start_month=self.start_month)
        yield from _if_new(found, ForecastRow(amount, made_on, year))

    def updates(self, zone: ZoneInfo) -> Iterator[UpdateRow]:
        """Yield the published updates of the weeks before this one."""
        writer = Writer(self.timeline, zone)
        for week in range(FIRST_WEEK, 0):
            if writer.owes(week) and not writer.forgets(week):
                monday = day_of(self.timeline.monday, week)
                yield UpdateRow(monday, writer.published_at(week), writer.fields(week))

    def milestones(self) -> Iterator[DemoMilestone]:
        """Yield the milestones as known when the history begins."""
        before = 0.0
        for planned in self.timeline.milestones:
            point = self.timeline.point(planned, max(self.timeline.story.since, FIRST_WEEK))
            # a milestone weighs as much as is spent on the way to it
            weight = max(round(100 * (smooth(planned.share) - smooth(before))), 1)
            before = planned.share
            yield DemoMilestone(planned.name, planned.kind, weight, planned.baseline, point)

    def risk(self, told: ToldRisk) -> DemoRisk:
        """Return a risk as it is scored, and when it is looked at again."""
        story, today = self.timeline.story, self.timeline.today
        likelihood, impact = self.timeline.course.score_now(told)
        turn = sum(map(ord, told.title))
        is_overdue = turn % OVERDUE_REVIEW_ONE_IN == 0 or story.silent != NEVER
        return DemoRisk(
            title=told.title,
            response=told.response,
            likelihood=likelihood,
            impact=impact,
            inherent_likelihood=min(max(told.likelihood, likelihood + 1), 5),
            inherent_impact=told.impact,
            target_likelihood=max(likelihood - 1, 1),
            target_impact=impact,
            review_date=today + timedelta(days=-9 if is_overdue else 5 + turn % REVIEW_EVERY),
            proximity_date=today + timedelta(days=21 + turn % 120),
            cost_impact=(story.budget * told.impact * told.impact / 400).quantize(story.budget),
        )


@lru_cache(maxsize=16)
def past_forecasts(course: DemoCourse, monday: date, start_month: int) -> list[ForecastRow]:
    """Return what was forecast in the weeks before the one of `monday`; the same on each of its days."""
    found: list[ForecastRow] = []
    for week in range(max(course.story.since, FIRST_FORECAST), min(course.ends_in, -1) + 1):
        made_on, sunday = (day_of(monday, week, day) for day in (FRIDAY, SUNDAY))
        year = fiscal_year(sunday, start_month=start_month)
        found += _if_new(found, ForecastRow(course.cost_at(week), made_on))
        amount = year_cost(course, monday, year, week, start_month=start_month)
        found += _if_new(found, ForecastRow(amount, made_on, year))
    return found


def year_cost(
    course: DemoCourse, monday: date, year: int, week: int, *, start_month: int
) -> Decimal:
    """
    Return what a fiscal year will cost, as forecast in `week`: all by its end but what was booked before.

    The year must have begun by the end of that week. It never costs less than was booked in it.
    """
    first, last = _year_span(year, start_month)
    before, until = (first - monday).days - 1, (last - monday).days
    lines = range(len(course.line_shares))
    return course.cost_by(until, week) - sum(course.booked_by(before, line) for line in lines)


@lru_cache(maxsize=16)
def _year_span(year: int, start_month: int) -> tuple[date, date]:
    months = fiscal_months(year, start_month=start_month)
    return months[0], month_end(months[-1])


def _if_new(found: list[ForecastRow], row: ForecastRow) -> list[ForecastRow]:
    """Return the row alone, or nothing where the last forecast of the same said as much."""
    same = (one.amount for one in reversed(found) if one.fiscal_year == row.fiscal_year)
    return [] if next(same, Decimal()) == row.amount else [row]
