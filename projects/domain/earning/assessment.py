"""All the figures of earned value of one project at one date, from its plan, its progress and its costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple

from projects.domain.earning.earned_schedule import EarnedTime, earned_time, unknown_time
from projects.domain.earning.figure import ZERO, Figure, known, minus, missing, ratio
from projects.domain.earning.indices import (
    NO_BASELINE,
    NO_FORECAST,
    NO_SPENT,
    NOT_DUE,
    Indices,
    Standing,
    indices,
    schedule_index,
)
from projects.domain.earning.methods import (
    EarningPlan,
    PieceProgress,
    course,
    earned_value,
    planned_effort,
    planned_value,
)

NO_PERCENT = "No status update gives a percent complete."
CANCELLED = "The project was cancelled: nothing is left to forecast."
NO_EFFORT = "No work of the baseline is level of effort."
TENTH = Decimal("0.1")  # of a day, as durations are shown
LONGEST = 36_525  # working days; a pace that leads further is no forecast
NO_FINISH_SAID = "All the work is done, but nobody recorded when it was finished."
TOO_LONG = "At this pace the work would take longer than anybody plans."


class KnownDay(NamedTuple):
    """A date, or None with the reason why it is not known."""

    value: date | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """
    What the records say of a project on `day`.

    Without a plan, `reason` says why there is none. `progress` goes with the plan's pieces; None is not
    known. `finished` is when the work ended, if it did. From `cancelled` on nothing is planned, earned or
    forecast any more; what is booked later still counts as spent.
    """

    day: date
    baseline: int | None = None  # the number of its version
    plan: EarningPlan | None = None
    reason: str = NO_BASELINE
    progress: Sequence[PieceProgress] | None = None
    finished: date | None = None
    cancelled: date | None = None
    actual: Figure = NO_SPENT
    bottom_up: Figure = NO_FORECAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Every figure of one project; times in working days of its baseline's calendar."""

    baseline: int | None
    standing: Standing
    found: Indices
    time: EarnedTime
    planned_duration: Figure
    elapsed: Figure
    finish: KnownDay  # at the pace in time so far; the actual finish once there is one
    finish_as_planned: KnownDay  # if the rest goes as planned
    effort_share: Figure  # of the planned value
    spi_discrete: Figure  # without level of effort

    def figures(self) -> Mapping[str, Figure]:
        """Return the figures by the names that explain them."""
        return {
            "budget": self.standing.budget,
            "planned": self.standing.planned,
            "earned": self.standing.earned,
            "actual": self.standing.actual,
            "planned_duration": self.planned_duration,
            "elapsed": self.elapsed,
            "effort_share": self.effort_share,
            "spi_discrete": self.spi_discrete,
            **{name: getattr(self.found, name) for name in _COST},
            **{name: getattr(self.time, name) for name in _TIME},
        }


_COST = tuple(f.name for f in fields(Indices) if f.name != "eac_method")
_TIME = tuple(f.name for f in fields(EarnedTime))


# what speaks of the days to come, and ends with the project
_COST_AHEAD = (
    *("eac_rate", "eac_cpi", "eac_cpi_spi", "eac_weighted", "eac", "eac_low", "eac_high"),
    *("to_complete", "at_completion", "at_completion_share"),
    *("tcpi_budget", "tcpi_eac", "tcpi_bottom_up"),
)
_TIME_AHEAD = ("duration", "duration_as_planned", "duration_with_cost", "duration_by_spi", "tspi")


def assess(one: Situation) -> Assessment:
    """Work everything out; a plan is checked when it is made, so nothing here contradicts itself."""
    if one.cancelled is None or one.cancelled > one.day:
        return _assess(one)
    return _stopped(_assess(replace(one, day=one.cancelled)))


def _stopped(last: Assessment) -> Assessment:
    """Leave what is known on the day of the cancellation, and forecast nothing any more."""
    why = missing(CANCELLED)
    cost: dict[str, Any] = dict.fromkeys(_COST_AHEAD, why)
    return replace(
        last,
        found=replace(last.found, eac_method=None, **cost),
        time=replace(last.time, **dict.fromkeys(_TIME_AHEAD, why)),
        finish=KnownDay(None, CANCELLED),
        finish_as_planned=KnownDay(None, CANCELLED),
    )


def _assess(one: Situation) -> Assessment:
    plan = one.plan
    if plan is None or not plan.budget:
        return _unknown(one, one.reason)
    earned = missing(NO_PERCENT) if one.progress is None else known(_earned(one, plan))
    standing = Standing(
        budget=known(plan.budget),
        planned=known(planned_value(plan, one.day)),
        earned=earned,
        actual=one.actual,
        bottom_up=one.bottom_up,
    )
    found = indices(standing)
    until = min(one.finished, one.day) if one.finished else one.day
    elapsed = known(Decimal(plan.days.between(plan.start, until)))
    time = unknown_time(NO_PERCENT)
    if earned.value is not None:
        course_of = course(plan, earned=earned.value, until=until)
        time = earned_time(course_of, cpi=found.cpi, spi=found.spi)
    is_done = earned.value == plan.budget
    return Assessment(
        baseline=one.baseline,
        standing=standing,
        found=found,
        time=time,
        planned_duration=known(Decimal(plan.duration)),
        elapsed=elapsed,
        finish=_finish(one, plan, time.duration, is_done=is_done),
        finish_as_planned=_finish(one, plan, time.duration_as_planned, is_done=is_done),
        **_set_apart(one, plan, standing),
    )


def _set_apart(one: Situation, plan: EarningPlan, standing: Standing) -> dict[str, Figure]:
    """Return the share of level of effort, and the schedule index of the work that can be late at all."""
    if not plan.effort:
        return {"effort_share": known(ZERO), "spi_discrete": missing(NO_EFFORT)}
    effort = known(planned_effort(plan, one.day))
    # where everything is earned its effort is over too, whatever of it was planned for later
    is_over = standing.earned.value == plan.budget
    earned = known(planned_effort(plan, max(one.day, plan.finish))) if is_over else effort
    rest = minus(standing.planned, effort)
    return {
        "effort_share": ratio(effort, standing.planned, otherwise=NOT_DUE),
        "spi_discrete": schedule_index(minus(standing.earned, earned), rest),
    }


def _earned(one: Situation, plan: EarningPlan) -> Decimal:
    """Return earned value; a finished project that did all its work has earned its whole budget."""
    progress = one.progress or ()
    if one.finished and one.finished <= one.day:
        # effort that goes on until the planned finish is over with the project
        earned = earned_value(plan, progress, max(one.day, plan.finish))
        if earned == plan.work:
            return plan.budget
    return earned_value(plan, progress, one.day)


def _finish(one: Situation, plan: EarningPlan, duration: Figure, *, is_done: bool) -> KnownDay:
    if one.finished and one.finished <= one.day:
        return KnownDay(one.finished)
    if duration.value is None:
        return KnownDay(None, duration.reason)
    if is_done:
        return KnownDay(None, NO_FINISH_SAID)
    if duration.value > LONGEST:
        return KnownDay(None, TOO_LONG)
    number = int(duration.value.quantize(TENTH).to_integral_value(rounding=ROUND_CEILING))
    return KnownDay(plan.days.nth(max(number, 1), since=plan.start))


def _unknown(one: Situation, reason: str) -> Assessment:
    why = missing(reason)
    standing = Standing(
        budget=why, planned=why, earned=why, actual=one.actual, bottom_up=one.bottom_up
    )
    return Assessment(
        baseline=one.baseline,
        standing=standing,
        found=indices(standing),
        time=unknown_time(reason),
        planned_duration=why,
        elapsed=why,
        finish=KnownDay(None, reason),
        finish_as_planned=KnownDay(None, reason),
        effort_share=why,
        spi_discrete=why,
    )
