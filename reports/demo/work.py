"""The demo's detailed plans: the work behind a story's milestones, and how far it is in any week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from projects.domain.kinds import EarningMethod, TaskKind
from projects.domain.plan.calendars import Calendar, DayException, finish_of, networkdays, workday
from reports.demo.course import CENT, smooth
from reports.demo.stories import read
from reports.demo.timeline import Point, Timeline

FIXED_HOLIDAYS = (("New Year’s Day", 1, 1), ("Independence Day", 7, 4), ("Christmas Day", 12, 25))
YEARS = range(2023, 2033)
DRIVING_SHARE = Decimal("0.6")  # of a segment's money, where other work runs beside it
OVERDUE_PERCENT = 95
EFFORT = ("Support at the elbow", "Help desk", "Support in go-live", "Tower crane")
SUPPORT = ("Tower crane",)


class Holiday(NamedTuple):
    name: str
    day: date


def holidays() -> Iterator[Holiday]:
    """Yield the days on which projects rest, whatever the wards do."""
    for year in YEARS:
        for name, month, day in FIXED_HOLIDAYS:
            yield Holiday(name, date(year, month, day))
        november = date(year, 11, 1)
        yield Holiday("Thanksgiving", november + timedelta(days=(3 - november.weekday()) % 7 + 21))


CALENDAR = Calendar(exceptions=tuple(DayException(first=h.day, last=h.day) for h in holidays()))


class WorkStep(NamedTuple):
    name: str
    weight: int


class PlannedTask(NamedTuple):
    """A row of the plan. `segment` counts the milestones; `share` is the part of the way it takes."""

    name: str
    kind: TaskKind
    segment: int
    share: float
    amount: Decimal | None
    earning: EarningMethod
    steps: Sequence[WorkStep] = ()


class Phase(NamedTuple):
    name: str
    rows: list[PlannedTask]


class WorkSpan(NamedTuple):
    start: date
    finish: date
    duration: int


class WeekProgress(NamedTuple):
    """What a week knows of a row."""

    duration: int
    percent_complete: int
    actual_start: date | None
    actual_finish: date | None
    start: date
    finish: date


@dataclass(frozen=True)
class Work:
    """The plan of one story; only for the kinds of project that `work.yaml` describes."""

    timeline: Timeline

    @staticmethod
    def is_told(timeline: Timeline) -> bool:
        return timeline.story.plan in read("work")

    @cached_property
    def phases(self) -> list[Phase]:
        found, segment = [], 0
        for name, segments in read("work")[self.timeline.story.plan]:
            rows: list[PlannedTask] = []
            for told in segments:
                rows.extend(self._segment(segment, told))
                segment += 1
            found.append(Phase(name, rows))
        return found

    @property
    def _budget(self) -> Decimal:
        """Return what is left for the work when the reserves are set aside."""
        story = self.timeline.story
        kept = read("control")["reserves"].get(story.code, ())
        return story.budget * (1 - sum((Decimal(str(share)) for share in kept), Decimal()))

    def _segment(self, segment: int, told: list[str]) -> Iterator[PlannedTask]:
        """Yield the work that leads to one milestone, then the milestone."""
        total = self._money[segment]
        driving, *beside = told
        first = (total * DRIVING_SHARE).quantize(CENT) if beside else total
        yield self._work(driving, segment, 1.0, first, EarningMethod.PERCENT)
        left = total - first
        for place, text in enumerate(beside, start=1):
            name, _, share = text.partition("|")
            amount = (left / (len(beside) - place + 1)).quantize(CENT)
            left -= amount
            yield self._work(name, segment, float(share), amount, _earning(name, place))
        milestone = self.timeline.milestones[segment].name
        earning = EarningMethod.ZERO_HUNDRED
        yield PlannedTask(milestone, TaskKind.MILESTONE, segment, 0.0, None, earning)

    def _work(
        self, name: str, segment: int, share: float, amount: Decimal, earning: EarningMethod
    ) -> PlannedTask:
        kind = TaskKind.SUPPORT if name in SUPPORT else TaskKind.WORK
        told = read("steps").get(self.timeline.story.plan, {}).get(name, ())
        steps = [WorkStep(*one) for one in told]
        earning = EarningMethod.STEPS if steps else earning
        return PlannedTask(name, kind, segment, share, amount, earning, steps)

    @cached_property
    def _money(self) -> list[Decimal]:
        """Return the budget of each segment: as much as is spent between its two milestones."""
        found, before = [], Decimal()
        for milestone in self.timeline.milestones:
            share = Decimal(str(round(smooth(milestone.share), 6)))
            after = (self._budget * share).quantize(CENT)
            found.append(after - before)
            before = after
        return found

    def planned_dates(self, row: PlannedTask) -> WorkSpan:
        """Return start, finish and working days of the row as the baseline has them."""
        points = [Point(m.baseline, None) for m in self.timeline.milestones]
        if row.kind is TaskKind.MILESTONE:
            day = points[row.segment].forecast
            return WorkSpan(day, day, 0)
        start, duration = self._begin(row.segment, points), self._duration(row, points)
        return WorkSpan(start, finish_of(CALENDAR, start, duration), duration)

    def progress(self, row: PlannedTask, week: int, points: list[Point]) -> WeekProgress:
        """Return how far the row is at the end of `week`; its `points` move what is not done yet."""
        duration, last = self._duration(row, points), self.timeline.last_day(week)
        point, begins = points[row.segment], self._begin(row.segment, points)
        if row.kind is TaskKind.MILESTONE:
            done = 100 if point.actual else 0
            return WeekProgress(0, done, point.actual, point.actual, point.forecast, point.forecast)
        ends = finish_of(CALENDAR, begins, duration)
        if begins > last or (row.segment and points[row.segment - 1].actual is None):
            return WeekProgress(duration, 0, None, None, begins, ends)
        if point.actual or (ends <= last and row.share < 1.0):
            done_on = min(ends, last)
            return WeekProgress(duration, 100, begins, done_on, begins, done_on)
        elapsed = networkdays(CALENDAR, begins, last)
        percent = min(round(100 * elapsed / duration), OVERDUE_PERCENT)
        return WeekProgress(duration, percent, begins, None, begins, max(ends, last))

    def steps_done(self, row: PlannedTask, week: int, points: list[Point]) -> list[date]:
        """Return the day on which each step was done that is by the end of `week`, in their order."""
        now = self.progress(row, week, points)
        last = min(now.finish, self.timeline.last_day(week))
        whole, sum_of, found = sum(step.weight for step in row.steps), 0, []
        for step in row.steps:
            sum_of += step.weight
            if now.actual_start is None or now.percent_complete * whole < 100 * sum_of:
                break
            due = finish_of(CALENDAR, now.start, -(-now.duration * sum_of // whole))
            found.append(min(due, last))
        return found

    def points(self, week: int) -> list[Point]:
        """Return the milestones as known at the end of `week`."""
        return [self.timeline.point(planned, week) for planned in self.timeline.milestones]

    def _begin(self, segment: int, points: list[Point]) -> date:
        before = (
            points[segment - 1].forecast if segment else self.timeline.start - timedelta(days=1)
        )
        return workday(CALENDAR, before, 1)

    def _duration(self, row: PlannedTask, points: list[Point]) -> int:
        if row.kind is TaskKind.MILESTONE:
            return 0
        whole = networkdays(
            CALENDAR, self._begin(row.segment, points), points[row.segment].forecast
        )
        return max(round(whole * row.share), 1)


def _earning(name: str, place: int) -> EarningMethod:
    if name.startswith(EFFORT):
        return EarningMethod.EFFORT
    return EarningMethod.FIFTY_FIFTY if place % 2 else EarningMethod.PERCENT
