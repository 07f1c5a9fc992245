"""What the managers of the demo hospital write each week."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from projects.domain.challenge import REASON
from projects.domain.health import Axis
from projects.domain.stages import REPORTING, Stage
from reports.demo.course import FRIDAY
from reports.demo.stories import StorySaid, dated, day_of, read
from reports.demo.timeline import Timeline, workday

LATE = re.compile(r"m(\d+)_forecast")
CLEAN = tuple(axis.value for axis in Axis if axis not in (Axis.SCHEDULE, Axis.COST))
GREEN_AGAIN = (
    "On plan. {next} stays on {date}.",
    "No change to dates or money. {next} is next, on {date}.",
    "A quiet week in the good sense. {next} is still due on {date}.",
    "Nothing moved. We work toward {next} on {date}.",
    "As planned; {next} on {date} holds.",
)
GLIB = (
    "On track.",
    "No concerns this week.",
    "All good, the team is busy.",
    "Progress as expected.",
)
SAME_AGAIN = (
    "{note}",
    "As last week. {note}",
    "Same picture. {note}",
    "{note} No change this week.",
)
# what a manager says who sees it better than the data, and one who always does
ANSWERS = {
    "overall_note": "The plan to recover is agreed, so we see it better than the figures.",
    "schedule_note": "The days lost lie within the float before the next milestone.",
    "cost_note": "The reserve covers what is over.",
    "risk_note": "The answer to the highest risk is under way and looked at each week.",
}
GLIB_ANSWERS = {
    "overall_note": "The vendor is sure that all of it will be caught up.",
    "schedule_note": "We will catch up during the pilot.",
    "cost_note": "The vendor will absorb it, we are told.",
    "risk_note": "The vendor is confident.",
}
WHY_LATE = "Waits for a signature; the new date comes with it."
GLIB_WHY_LATE = "Any day now."
MISSES_ONE_IN = 28  # past weeks in which a manager forgot


@dataclass(frozen=True)
class Writer:
    """Writes one manager's updates."""

    timeline: Timeline
    zone: ZoneInfo

    def owes(self, week: int) -> bool:
        story = self.timeline.story
        return (
            story.stage_at(week) in REPORTING
            and week <= story.silent
            and story.said_at(week) is not None
        )

    def forgets(self, week: int) -> bool:
        """True for the odd past week, never one in which something new was said."""
        said = self.timeline.story.said_at(week)
        is_old = week < -3  # noqa: PLR2004 - the last weeks are complete, so that the demo reads well
        return (
            is_old
            and said is not None
            and said.week != week
            and self._dice(week, MISSES_ONE_IN) == 0
        )

    def published_at(self, week: int) -> datetime:
        """Return a moment on Thursday or Friday, or this morning when the week is younger."""
        story = self.timeline.story
        day = day_of(self.timeline.monday, week, 3 + self._dice(week, 3) % 2)
        hour, minute = 8 + self._dice(week, 8), self._dice(week, 60)
        if day >= self.timeline.today:
            day, hour = self.timeline.today, 6 + sum(map(ord, story.code)) % 2
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)

    def fields(self, week: int) -> dict[str, Any]:
        """Return the fields of the week's status update; call it only when `owes`."""
        story, timeline = self.timeline.story, self.timeline
        said = story.said_at(week)
        assert said is not None  # noqa: S101 - what `owes` says
        friday = day_of(timeline.monday, said.week, FRIDAY)
        done, following = self._work(week)
        fields: dict[str, Any] = {
            "overall": said.color,
            "overall_note": self._note(said, week),
            **self._axes(said, week),
            "done": done,
            "next_steps": following,
            "percent_complete": timeline.percent_at(week),
            "forecast_finish_date": timeline.finish_at(week),
            "forecast_cost": None if story.is_glib else timeline.cost_at(week),
        }
        if said.help:
            due = workday(friday + timedelta(days=said.help_days))
            while due < day_of(timeline.monday, week, FRIDAY):
                due += timedelta(days=7)
            fields |= {
                "help_needed": dated(said.help, friday),
                "help_from": said.help_from,
                "help_due": due,
            }
        return fields

    def answered(self, fields: dict[str, Any], challenged: Iterable[str]) -> dict[str, Any]:
        """Return the fields with a sentence of this week wherever one was asked for."""
        is_glib = self.timeline.story.is_glib
        answers = GLIB_ANSWERS if is_glib else ANSWERS
        reason = {REASON: GLIB_WHY_LATE if is_glib else WHY_LATE}
        told: dict[str, Any] = dict(fields)
        for name in challenged:
            if late := LATE.fullmatch(name):
                told["milestone_dates"] = {**told.get("milestone_dates", {}), late[1]: reason}
            else:
                told[name] = f"{told.get(name, '')} {answers[name]}".strip()
        return told

    def _note(self, said: StorySaid, week: int) -> str:
        friday = day_of(self.timeline.monday, said.week, FRIDAY)
        note = dated(said.note, friday)
        if said.week == week:
            return note
        if said.color != "green":
            return SAME_AGAIN[self._dice(week, len(SAME_AGAIN))].format(note=note)
        if self.timeline.story.is_glib:
            return GLIB[self._dice(week, len(GLIB))]
        upcoming = self._upcoming(week)
        if upcoming is None:
            return note
        name, day = upcoming
        return GREEN_AGAIN[self._dice(week, len(GREEN_AGAIN))].format(
            next=name, date=f"{day.day} {day:%b}"
        )

    def _axes(self, said: StorySaid, week: int) -> dict[str, str]:
        fields = {"schedule": "green", "cost": "green"}
        fields |= {axis: "green" for axis in CLEAN if self._dice(0, 7) + len(axis) > 7}  # noqa: PLR2004 - some managers judge every axis
        friday = day_of(self.timeline.monday, min(said.week, week), FRIDAY)
        for axis, (color, note) in said.axes.items():
            fields[axis] = color
            fields[Axis(axis).note] = dated(note, friday)
        return fields

    def _upcoming(self, week: int) -> tuple[str, date] | None:
        last = self.timeline.last_day(week)
        for milestone in self.timeline.milestones:
            point = self.timeline.point(milestone, week)
            if point.actual is None and point.forecast > last:
                return milestone.name, point.forecast
        return None

    def _work(self, week: int) -> tuple[str, str]:
        story = self.timeline.story
        plan = read("plans")["planning"] if story.stage_at(week) is Stage.PLANNING else None
        work = story.work or (plan or self.timeline.plan)["work"]
        turn = week + sum(map(ord, story.code))
        done = [
            f"Milestone reached: {milestone.name}."
            for milestone in self.timeline.milestones
            if (day := self.timeline.point(milestone, week).actual)
            and day >= day_of(self.timeline.monday, week)
        ]
        following = [str(work[(turn + 1) % len(work)][1])]
        if (upcoming := self._upcoming(week)) and (
            upcoming[1] - self.timeline.last_day(week)
        ).days <= 28:  # noqa: PLR2004 - four weeks ahead
            following.append(f"{upcoming[0]} on {upcoming[1].day} {upcoming[1]:%b}.")
        return "\n".join([*done, str(work[turn % len(work)][0])]), "\n".join(following)

    def _dice(self, week: int, sides: int) -> int:
        return random.Random(f"{self.timeline.story.code} {week}").randrange(sides)  # noqa: S311 - made-up history
