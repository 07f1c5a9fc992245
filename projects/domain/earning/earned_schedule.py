"""
By when should the work done so far have been done, and what does that say about the finish?

Earned schedule ES = N + (EV − PV_N)/(PV_{N+1} − PV_N), N the largest period with PV_N ≤ EV, PV_0 = 0
(Lipke 2007). Where the plan earns nothing for a while, every period of the flat stretch has the same
value; then ES is the one nearest to AT (decision 20), so that a project on its plan has SPI(t) 1.
SV(t) = ES − AT, SPI(t) = ES/AT, IEAC(t) = AT + (PD − ES)/PF with PF 1, SPI(t) or CPI × SPI(t),
TSPI = (PD − ES)/(PD − AT). PD/SPI is kept as a labeled older figure. Time is counted in periods;
Rounds counts working days of the baseline's own calendar.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from projects.domain.earning.figure import ZERO, EarningError, Figure, known, missing, ratio
from projects.domain.earning.indices import COMPLETE, NOTHING_EARNED

NOT_BEGUN = "The planned start has not been reached."
FINISH_PASSED = "The planned finish has passed, and work remains."


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleCourse:
    """
    The planned course of a project and where it stands.

    `planned` gives the planned value at the end of period 0 … `duration`; `elapsed` is the time since
    the start, and stands still at the actual finish.
    """

    planned: Callable[[int], Decimal]
    duration: int
    elapsed: Decimal
    earned: Decimal
    budget: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedTime:
    """Times and durations in periods, the rest ratios."""

    earned_schedule: Figure
    time_variance: Figure
    spi_t: Figure
    duration_as_planned: Figure  # the rest as planned
    duration: Figure  # the rest at the pace so far
    duration_with_cost: Figure  # the rest at the pace so far, slowed by cost
    duration_by_spi: Figure  # planned duration over SPI: older, misleading near the end
    tspi: Figure


def earned_schedule(course: ScheduleCourse) -> Decimal:
    """Return ES in periods; raises EarningError where the values contradict each other."""
    if course.earned > course.budget:
        raise EarningError("The earned value is larger than the budget.")
    if course.earned >= course.budget:
        return Decimal(course.duration)
    if course.earned <= 0:
        return ZERO
    at_finish = course.planned(course.duration)
    if at_finish <= course.earned:
        raise EarningError("The planned value does not reach the budget by the planned finish.")
    now = min(max(int(course.elapsed), 0), course.duration)
    planned = course.planned(now)
    if planned == course.earned:
        # on its plan, in a flat stretch as well; elapsed may be a part of a period further
        return course.elapsed if course.planned(ceil(course.elapsed)) == planned else Decimal(now)
    return _crossing(course, now, planned, at_finish)


def _crossing(course: ScheduleCourse, now: int, planned: Decimal, at_finish: Decimal) -> Decimal:
    """
    Return where the plan crosses what is earned; of a flat stretch, the end that is nearer to now.

    Looked for along the line through the two periods looked at last, as a plan is made of straight
    lines; where that leads nowhere, and in a flat stretch, in the middle of what is left.
    """
    earned, is_ahead = course.earned, planned < course.earned
    low, high = (now, course.duration) if is_ahead else (0, now)
    before, after = (planned, at_finish) if is_ahead else (ZERO, planned)
    last, value, is_near = low, before, False
    slope = (after - before) / (high - low)
    while high - low > 1:
        period = (low + high) // 2
        if slope and not is_near and before < earned < after:
            guess = last + int((earned - value) / slope)
            is_near = not low < guess < high  # only a neighbor is left to look at
            period = min(max(guess, low + 1), high - 1)
        else:
            is_near = False
        found = course.planned(period)
        slope = (found - value) / (period - last)
        last, value = period, found
        if found < earned or (found == earned and not is_ahead):
            low, before = period, found
        else:
            high, after = period, found
    if earned in {before, after}:
        return Decimal(low if before == earned else high)
    return low + (earned - before) / (after - before)


def earned_time(course: ScheduleCourse, *, cpi: Figure, spi: Figure) -> EarnedTime:
    """Work out every figure of time; nothing is forecast before the start or from nothing earned."""
    es, at, planned = earned_schedule(course), course.elapsed, Decimal(course.duration)
    rest = planned - es
    if at <= 0:
        return unknown_time(NOT_BEGUN, earned_schedule=known(es))
    if es <= 0:
        return unknown_time(NOTHING_EARNED, earned_schedule=known(es))
    spi_t = es / at
    slowed = ratio(
        known(rest),
        known(cpi.value * spi_t) if cpi.value is not None else cpi,
        otherwise=NOTHING_EARNED,
    )
    with_cost = known(at + slowed.value) if slowed.value is not None else slowed
    return EarnedTime(
        earned_schedule=known(es),
        time_variance=known(es - at),
        spi_t=known(spi_t),
        duration_as_planned=known(at + rest),
        duration=known(at + rest / spi_t),
        duration_with_cost=known(at) if rest == 0 else with_cost,
        duration_by_spi=ratio(known(planned), spi, otherwise=NOTHING_EARNED),
        tspi=_to_complete(rest, planned - at),
    )


def _to_complete(rest: Decimal, left: Decimal) -> Figure:
    if rest == 0:
        return missing(COMPLETE)
    return ratio(known(rest), known(left), otherwise=FINISH_PASSED)


def unknown_time(reason: str, *, earned_schedule: Figure | None = None) -> EarnedTime:
    """Return figures that all say the same reason."""
    why = missing(reason)
    return EarnedTime(
        earned_schedule=earned_schedule or why,
        time_variance=why,
        spi_t=why,
        duration_as_planned=why,
        duration=why,
        duration_with_cost=why,
        duration_by_spi=why,
        tspi=why,
    )
