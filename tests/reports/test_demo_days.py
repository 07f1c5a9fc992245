"""
The demo's generator on every day of four years: plain Python, without a database.

What a ledger holds is what is written; what may not be stored is found here, and what does not agree.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

import pytest

from projects.domain.calendar import fiscal_year
from projects.domain.stages import ACTIVE, Stage
from reports.demo.control import told_changes
from reports.demo.course import SUNDAY, DemoCourse
from reports.demo.ledger import FIRST_WEEK, DemoLedger, ForecastRow
from reports.demo.stories import read, stories
from reports.demo.timeline import SPENDING, Month, Timeline, timelines
from reports.demo.words import Writer
from reports.demo.work import Work

pytestmark = pytest.mark.slow

FIRST, DAYS = date(2026, 1, 1), 1461
EVERY_DAY = [FIRST + timedelta(days=number) for number in range(DAYS)]
TURNS = [  # of a month, a year and a fiscal year, and where clocks are put forward or back
    *(date(year, *day) for year in (2026, 2029) for day in ((1, 1), (6, 30), (7, 1), (12, 31))),
    *(date(2026, 11, day) for day in (1, 21, 22, 23, 27)),
    *(date(2027, *day) for day in ((3, 14), (3, 28), (8, 5))),
    *(date(2028, *day) for day in ((2, 29), (7, 1))),
]
ZONES = [ZoneInfo(name) for name in ("America/Los_Angeles", "Pacific/Auckland")]
START_MONTH = 7
APART = Decimal("0.02")  # of what the months say of a year
CENTS = 1


def ledger_on(day, course):
    return DemoLedger(Timeline(course, day), START_MONTH)


def forecast_faults(rows, today):
    """Yield what is wrong with the forecasts of the whole and of years."""
    for row in rows:
        if row.amount < 0:
            yield f"FY {row.fiscal_year} is forecast below nothing on {row.made_on}: {row.amount}"
        if row.made_on > today:
            yield f"a forecast is made on {row.made_on}, after {today}"
    days = [row.made_on for row in rows]
    if days != sorted(days):
        yield "forecasts are not in the order of their days"


def month_faults(rows, today):
    for row in rows:
        if row.amount < 0:
            yield f"{row.month:%b %Y} is forecast below nothing: {row.amount}"
        if row.month.day != 1 or row.made_on > today:
            yield f"{row.month} is no month, or was forecast on {row.made_on}, after {today}"
    if len({(row.line, row.month) for row in rows}) != len(rows):
        yield "a month is forecast twice"


def standing_faults(now, ledger):
    """Yield what is wrong with the project's own dates."""
    timeline = ledger.timeline
    if timeline.baseline_finish < timeline.start or now.forecast_finish_date < timeline.start:
        yield "it finishes before it starts"
    if (now.actual_finish_date is not None) != (now.stage is Stage.CLOSED):
        yield "only what is closed has an actual finish"
    if (now.cancelled_on is not None) != (now.stage is Stage.CANCELLED):
        yield "only what is cancelled has a day for it"
    for day in (now.actual_finish_date, now.cancelled_on):
        if day and not timeline.start <= day <= timeline.today:
            yield f"it ended on {day}"


def year_of(day):
    return fiscal_year(day, start_month=START_MONTH)


def by_forecast(ledger, rows):
    """Return what the newest forecast says of today's fiscal year."""
    this = year_of(ledger.timeline.today)
    return next((row.amount for row in reversed(rows) if row.fiscal_year == this), Decimal())


def by_months(ledger, rows):
    """Return what the fiscal year costs by its bookings and months, as the pages count it."""
    timeline = ledger.timeline
    running, this = timeline.today.replace(day=1), year_of(timeline.today)
    monday, course = timeline.monday, timeline.course
    before, until, now = (
        (day - monday).days
        for day in (date(this - 1, START_MONTH, 1), running, timeline.today + timedelta(days=1))
    )
    to_come = defaultdict(Decimal)
    for row in rows:
        if row.month >= running and year_of(row.month) == this:
            to_come[row.line, row.month == running] += row.amount
    total = Decimal()
    for line in range(len(course.line_shares)):
        of_year, of_month, booked = (
            course.booked_by(day - 1, line) for day in (before, until, now)
        )
        total += booked - of_year + to_come[line, False]
        total += max(to_come[line, True] - (booked - of_month), Decimal())
    return total


def faults_on(ledger, forecasts, months):
    today = ledger.timeline.today
    yield from forecast_faults(forecasts, today)
    yield from month_faults(months, today)
    yield from standing_faults(ledger.standing(0), ledger)


def test_every_day_of_four_years_can_be_stored_and_its_money_agrees():
    faults, years, months_of_year = [], defaultdict(Decimal), defaultdict(Decimal)
    for story in stories():
        course, is_active = DemoCourse(story), story.stage_at(0) in ACTIVE
        for day in EVERY_DAY:
            ledger = ledger_on(day, course)
            forecasts, months = list(ledger.forecasts()), ledger.months()
            faults += [f"{day} {story.code}: {f}" for f in faults_on(ledger, forecasts, months)]
            if not is_active:
                continue
            by_year, by_month = by_forecast(ledger, forecasts), by_months(ledger, months)
            years[day] += by_year
            months_of_year[day] += by_month
            if story.stage_at(0) in SPENDING and abs(by_year - by_month) > CENTS:
                faults.append(f"{day} {story.code}: {by_year} by year, {by_month} by months")
    apart = [d for d in EVERY_DAY if abs(years[d] - months_of_year[d]) > APART * months_of_year[d]]

    assert faults == []
    assert apart == []
    assert all(years[day] > 50_000_000 for day in EVERY_DAY)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (ForecastRow(Decimal("-0.01"), FIRST, 2026), "FY 2026 is forecast below nothing"),
        (ForecastRow(Decimal(1), FIRST + timedelta(days=1)), "a forecast is made on 2026-01-02"),
    ],
)
def test_the_check_finds_a_forecast_that_cannot_be_stored(row, fault):
    assert [found[: len(fault)] for found in forecast_faults([row], FIRST)] == [fault]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (Month(0, FIRST, Decimal("-0.01"), FIRST), "Jan 2026 is forecast below nothing: -0.01"),
        (
            Month(0, date(2026, 1, 2), Decimal(1), FIRST),
            "2026-01-02 is no month, or was forecast on 2026-01-01, after 2026-01-01",
        ),
    ],
)
def test_the_check_finds_a_month_that_cannot_be_stored(row, fault):
    assert list(month_faults([row], FIRST)) == [fault]


@dataclass(frozen=True, eq=False)
class Refunded(DemoCourse):
    """A course as it would be if a forecast that falls brought money back."""

    @cached_property
    def spent_by(self):
        return self._expected


def test_money_that_came_back_would_be_found():
    """On the days on which the demo could not be loaded: closed right after the turn of a fiscal year."""
    found = {}
    for day in (date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 29), date(2027, 8, 5)):
        for story in stories():
            ledger = ledger_on(day, Refunded(story))
            if faults := list(forecast_faults(list(ledger.forecasts()), day)):
                found.setdefault(day, {})[story.code] = len(faults)

    assert found
    assert date(2026, 11, 20) not in found


def course_faults(course):
    """Yield what is wrong with a course in any week: what no date can change."""
    story, last = course.story, course.ends_in
    if sum(course.line_shares) != 1 or sum(line[2] for line in course.lines()) != story.budget:
        yield "the lines do not make the budget"
    spent = Decimal()
    for booking in course.bookings:
        spent += booking.amount
        if booking.amount < 0 or booking.day >= 0 or spent > course.spent_by(booking.day):
            yield f"booked on day {booking.day}: {booking.amount}"
    open_orders = Decimal()
    for day, amount in course.commitments():
        open_orders += amount
        if open_orders < 0 or day >= 0:
            yield f"ordered on day {day}: {amount}"
    if last <= 0 and open_orders:
        yield f"it is over, and orders are open: {open_orders}"
    if story.stage_at(0) is Stage.CLOSED and not 0 <= course.cost_at(last) - spent < 1_500:
        yield f"it is closed, and left {course.cost_at(last) - spent} of its forecast"
    for week in range(story.start, 1):
        if course.cost_at(week) < course.spent_by(min(week, last) * 7 + SUNDAY):
            yield f"the forecast of week {week} is less than what is spent"


def reached_faults(course, today):
    for place, mark in enumerate(course.marks):
        known = [course.reached(place, week, today=today) for week in range(FIRST_WEEK, 1)]
        days = [day for day in known if day is not None]
        if len(set(days)) > 1 or known[len(known) - len(days) :] != days:
            yield f"{mark.name} was reached, and then not: {known}"
        if any(not course.start <= day <= today for day in days):
            yield f"{mark.name} was reached on {days}"
        if not days and course.due(place, 0) < today and not is_late(course, mark):
            yield f"{mark.name} should have been reached on day {course.due(place, 0)}"
    if not all(0 <= course.percent_at(week, today=today) <= 100 for week in range(FIRST_WEEK, 1)):
        yield "percent complete"


def is_late(course, mark):
    """True where the story wants it: stuck, silent, on hold or over."""
    story = course.story
    stopped = story.week_of_stage(Stage.CANCELLED, Stage.ON_HOLD) <= 0 or story.silent <= 0
    return mark.name in story.stuck or stopped


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.code)
def test_a_course_holds_together_whatever_the_week(story):
    course = DemoCourse(story)

    assert list(course_faults(course)) == []
    for today in range(7):
        assert list(reached_faults(course, today)) == []
        scores = [course.score_now(risk) for risk in story.risks]
        assert all(1 <= score <= 5 for pair in scores for score in pair)


def task_faults(timeline):
    """Yield what is wrong with the detailed plan as it is today."""
    work, last = Work(timeline), timeline.last_day(0)
    points = work.points(0)
    for row in [row for phase in work.phases for row in phase.rows]:
        now, planned = work.progress(row, 0, points), work.planned_dates(row)
        days = [now.actual_start, now.actual_finish]
        if planned.start > planned.finish or now.start > now.finish:
            yield f"{row.name} finishes before it starts"
        if not 0 <= now.percent_complete <= 100 or now.duration < 0 or planned.duration < 0:
            yield f"{row.name}: {now}"
        if any(day and day > last for day in days) or (days[1] and days[1] < (days[0] or last)):
            yield f"{row.name} was begun and done on {days}"
        steps = work.steps_done(row, 0, points)
        if steps != sorted(steps) or any(not now.start <= day <= last for day in steps):
            yield f"{row.name}: steps on {steps}"


def test_plans_can_be_stored_wherever_the_holidays_fall():
    faults = []
    courses = [DemoCourse(story) for story in stories() if story.plan in read("work")]
    for number in range(0, DAYS, 29):
        for course in courses:
            timeline = Timeline(course, EVERY_DAY[number])
            faults += [
                f"{EVERY_DAY[number]} {course.story.code}: {f}" for f in task_faults(timeline)
            ]

    assert faults == []


def update_faults(ledger, zone):
    """Yield what is wrong with the status updates, the one of this week included."""
    timeline, writer = ledger.timeline, Writer(ledger.timeline, zone)
    rows = [(row.week, row.published_at, row.fields) for row in ledger.updates(zone)]
    if writer.owes(0):
        rows.append((timeline.monday, writer.published_at(0), writer.fields(0)))
    for week, at, fields in rows:
        if not week <= at.astimezone(zone).date() <= min(week + timedelta(days=6), timeline.today):
            yield f"the update of {week} came on {at}"
        if fields["overall"] == "red" and not fields.get("help_needed"):
            yield f"the update of {week} is red and asks for nothing"
        if not 0 <= fields["percent_complete"] <= 100:
            yield f"the update of {week} says {fields['percent_complete']} percent"
        if fields["forecast_finish_date"] < timeline.start:
            yield f"the update of {week} finishes before the start"
    if len({week for week, _, _ in rows}) != len(rows):
        yield "two updates of one week"


def book_faults(ledger):
    """Yield what is wrong with budget, costs and milestones."""
    today = ledger.timeline.today
    budget, costs = list(ledger.budget()), list(ledger.costs())
    spread = sum(row.amount for row in budget if row.fiscal_year)
    if any(row.amount < 0 or row.approved_on >= ledger.timeline.start for row in budget):
        yield "an approved amount"
    if abs(spread - ledger.timeline.story.budget) > CENTS:
        yield f"the years share {spread}"
    if any(row.entry_date > today for row in costs):
        yield "a cost of a later day"
    for row in ledger.milestones():
        if not 1 <= row.weight <= 100 or (row.point.actual and row.point.actual > today):
            yield f"milestone {row.name}"


@pytest.mark.parametrize("today", TURNS, ids=str)
def test_the_turns_of_the_calendar_can_be_stored_to_the_last_word(today):
    faults, zone = [], ZONES[today.day % 2]
    for timeline in timelines(today):
        ledger = DemoLedger(timeline, START_MONTH)
        found = [*book_faults(ledger), *update_faults(ledger, zone)]
        faults += [f"{timeline.story.code}: {fault}" for fault in found]

    assert faults == []


def test_what_was_decided_and_found_lies_in_the_past_and_in_order():
    for told in told_changes():
        weeks = [told.week, *(by[0] for by in told.then.values())]
        assert weeks == sorted(weeks)
        assert weeks[-1] < 0
    assert all(week < 0 for *_, week in read("control")["causes"])
    assert all(since < until for *_, since, until in read("control")["funding"].values() if until)
