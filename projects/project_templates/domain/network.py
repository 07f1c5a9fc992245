"""
When does each task of a template run, and on which day must its project begin to go live on a given one?

The forward pass is the plan's own (`projects.domain.plan`). Length and go-live day are working days from
the first one, which is day 1: a task of 5 days that begins the plan ends on day 5, and a milestone falls
on the last day of what it waits for. As in the checker of the shipped files, seven-day work counts
working days unless `seven_days` says that it runs on all seven.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from projects.domain.kinds import Constraint, LinkKind
from projects.domain.plan.calendars import EVERY_DAY as ALL_SEVEN
from projects.domain.plan.calendars import (
    MONDAY_TO_FRIDAY,
    Calendar,
    ScheduleError,
    networkdays,
    workday,
)
from projects.domain.plan.network import schedule
from projects.domain.plan.records import Activity, CycleError, Dependency, Plan, Timing
from projects.project_templates.domain.sections import EVERY_DAY, GO_LIVE, TASKS, Document, Row

LINK = re.compile(r"(?P<task>[A-Za-z0-9_-]+)(?::(?P<kind>FS|SS|FF|SF)(?P<lag>[+-]\d{1,4})?)?")
A_MONDAY = date(2024, 1, 1)
WHOLE = 100  # percent
MOST_STEPS = 400  # of the search for the first day: more than any holidays make


class LinkSaid(NamedTuple):
    """What a task waits for; `lag` is working days."""

    task: str
    kind: LinkKind = LinkKind.FINISH_START
    lag: int = 0

    def __str__(self) -> str:
        if self.kind is LinkKind.FINISH_START and not self.lag:
            return self.task
        return f"{self.task}:{self.kind.value}" + (f"{self.lag:+d}" if self.lag else "")


def link_of(text: object) -> LinkSaid | None:
    """Read one link, as T01, T01:SS+10 or T01:FF+5; None where it cannot be read."""
    match = LINK.fullmatch(str(text).strip())
    if match is None:
        return None
    return LinkSaid(match["task"], LinkKind(match["kind"] or "FS"), int(match["lag"] or 0))


def scaled(days: int, percent: int) -> int:
    """Return a duration or lag at so many percent, rounded up; at least a day where it had one."""
    return -(-days * percent // WHOLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPace:
    """How a template is laid out: durations in percent, the project's calendar, seven-day work."""

    percent: int = WHOLE
    calendar: Calendar = MONDAY_TO_FRIDAY
    seven_days: bool = False


AS_GIVEN = StartPace()


def plan_of(
    document: Document, *, start: date, pace: StartPace = AS_GIVEN, not_before: date | None = None
) -> Plan:
    """Return what the engine computes; the go-live falls on `not_before` or later where that is given."""
    rows = TASKS.rows_of(document)
    return Plan(
        start=start,
        activities=[_activity(row, pace, not_before) for row in rows],
        links=[
            Dependency(
                predecessor=link.task,
                successor=row["id"],
                kind=link.kind,
                lag=scaled(link.lag, pace.percent),
            )
            for row in rows
            for link in filter(None, map(link_of, row["after"]))
        ],
        calendars={EVERY_DAY: ALL_SEVEN},
        calendar=pace.calendar,
    )


def _activity(row: Row, pace: StartPace, not_before: date | None) -> Activity:
    pinned = row["id"] == GO_LIVE and not_before is not None
    is_seven = pinned or (pace.seven_days and row.get("calendar") == EVERY_DAY)
    return Activity(
        key=row["id"],
        duration=scaled(row["days"], pace.percent),
        calendar=EVERY_DAY if is_seven else None,
        constraint=Constraint.START_NOT_BEFORE if pinned else Constraint.NONE,
        constraint_date=not_before if pinned else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLaid:
    """
    A template laid out on a calendar; `timings` are by the ids of its tasks.

    `is_held` says that the go-live had to be held to its day: it is no working day, or none on which
    the work before it can end.
    """

    start: date
    finish: date
    go_live: date
    timings: Mapping[str, Timing]
    is_held: bool = False


def laid_out(
    document: Document, *, start: date, pace: StartPace = AS_GIVEN, not_before: date | None = None
) -> CourseLaid:
    """Lay it out from a first day; raises ScheduleError, CycleError for a loop."""
    computed = schedule(plan_of(document, start=start, pace=pace, not_before=not_before))
    timings: Any = computed.timings
    if computed.finish is None or GO_LIVE not in timings:
        raise ScheduleError("The template has no go-live.")
    return CourseLaid(
        start=min(timing.start for timing in timings.values()),
        finish=computed.finish,
        go_live=timings[GO_LIVE].finish,
        timings=timings,
        is_held=not_before is not None,
    )


class Measured(NamedTuple):
    """Working days from the first to the last, and to the go-live."""

    length: int
    go_live: int


def measured(document: Document) -> Measured:
    """Measure a template on Monday to Friday without holidays; raises as `laid_out` does."""
    return lengths_of(laid_out(document, start=A_MONDAY), MONDAY_TO_FRIDAY)


def lengths_of(course: CourseLaid, calendar: Calendar) -> Measured:
    return Measured(
        networkdays(calendar, course.start, course.finish),
        networkdays(calendar, course.start, course.go_live),
    )


def day_of(course: CourseLaid, task: str, calendar: Calendar = MONDAY_TO_FRIDAY) -> int:
    """Return the working day, counted from the first, on which a task ends."""
    return networkdays(calendar, course.start, course.timings[task].finish)


def back_from(document: Document, *, go_live: date, pace: StartPace = AS_GIVEN) -> CourseLaid:
    """
    Lay a template out so that it goes live on a day: the latest start from which it can.

    Where the work before it cannot end on that very day, it ends before and the go-live is held to it.
    """
    calendar = pace.calendar
    days = measured(document).go_live
    last = go_live if calendar.is_working(go_live) else workday(calendar, go_live, -1)
    start = workday(calendar, last, -max(scaled(days, pace.percent) - 1, 0))
    course = laid_out(document, start=start, pace=pace)
    for _ in range(MOST_STEPS):
        if course.go_live <= go_live:
            break
        late = max(networkdays(calendar, go_live, course.go_live) - 1, 1)
        start = workday(calendar, start, -late)
        course = laid_out(document, start=start, pace=pace)
    for _ in range(MOST_STEPS):
        later = workday(calendar, start, 1)
        following = laid_out(document, start=later, pace=pace)
        if following.go_live > go_live:
            break
        start, course = later, following
    if course.go_live == go_live:
        return course
    return laid_out(document, start=start, pace=pace, not_before=go_live)


def counted_from(day: date, row: Row, *, until: date, most: int = 12) -> list[date]:
    """
    Return the days of an anchored row whose anchor falls on `day`: once, or again until a last day.

    A row pinned to a month and day is moved to the next such day on or after it.
    """
    first = day + timedelta(days=row["calendar_days"])
    if pin := row.get("pin"):
        first = next_pin(pin, first)
    found = [first]
    while row.get("repeat_days") and len(found) < most:
        following = found[-1] + timedelta(days=row["repeat_days"])
        if following > until:
            break
        found.append(following)
    return found


def next_pin(pin: str, since: date) -> date:
    """Return the first day on or after `since` whose month and day are as pinned, 01-01."""
    month, day = (int(part) for part in pin.split("-"))
    this_year = date(since.year, month, day)
    return this_year if this_year >= since else date(since.year + 1, month, day)


def loop_of(error: CycleError) -> str:
    return " → ".join(str(key) for key in error.keys)


def ends_of(rows: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Return the tasks that wait for nothing, and those that nothing waits for."""
    waited_for = {link.task for row in rows for link in filter(None, map(link_of, row["after"]))}
    starts = [row["id"] for row in rows if not row["after"]]
    return starts, [row["id"] for row in rows if row["id"] not in waited_for]
