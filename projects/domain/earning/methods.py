"""
How much should be earned by a date, and how much is?

Planned value spreads each frozen amount evenly over the working days of its own calendar; once its
planned finish is past, all of it is planned (EIA-748 allows any objective spread; this is the one that
needs no judgment). Earned value is the frozen amount by one of five methods, never by cost. Money that
no piece of work carries yet counts in the budget and neither as planned nor as earned.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from projects.domain.calendar import moved
from projects.domain.earning.earned_schedule import ScheduleCourse
from projects.domain.earning.figure import ZERO, EarningError
from projects.domain.kinds import EarningMethod
from projects.domain.workdays import MONDAY_TO_FRIDAY, Workdays

ALL = Decimal(100)
HALF = Decimal("0.5")
ONE = Decimal(1)
CENT = Decimal("0.01")
HAIR = Decimal("1E-12")
WEEK = 7
PERCENT, FIFTY_FIFTY = EarningMethod.PERCENT, EarningMethod.FIFTY_FIFTY
STEPS, EFFORT = EarningMethod.STEPS, EarningMethod.EFFORT
LONG = 60 * 366  # days; what is longer is drawn by a number of points
MOST_POINTS = 720
SHORT = 130  # working days, about half a year: shorter plans are drawn by weeks


class Piece(NamedTuple):
    """
    One frozen piece of work; without a start it is due as a whole on its finish.

    Without a finish it is due with the project.
    """

    amount: Decimal
    start: date | None
    finish: date | None
    method: EarningMethod = PERCENT
    days: Workdays = MONDAY_TO_FRIDAY


class PieceProgress(NamedTuple):
    """
    What was reported of a piece. `steps` are weights and whether each step is done.

    `done_on` is when it was finished, None where that is not known.
    """

    started: bool = False
    finished: bool = False
    percent: Decimal = ZERO
    steps: Sequence[tuple[int, bool]] = ()
    done_on: date | None = None


NO_PROGRESS = PieceProgress()


class _Spread(NamedTuple):
    first: int  # ordinals of dates
    last: int
    before: int  # days worked before the first
    span: int  # days worked in all; 0 when due on one day
    amount: Decimal
    through: Callable[[int], int]  # days worked up to an ordinal


def _planned(spreads: Iterable[_Spread], day: int) -> Decimal:
    """Return what is planned at the end of a day; asked ten times for each project."""
    total = ZERO
    for first, last, before, span, amount, through in spreads:
        if day >= last:
            total += amount
        elif span and day >= first:
            total += amount * (through(day) - before) / span
    return total


def _to_cents(total: Decimal) -> Decimal:
    """
    Round half to even.

    Thirds of an amount add up to a hair more or less than half a cent, by the order of the work: that hair
    goes first.
    """
    return total.quantize(HAIR).quantize(CENT)


@dataclass(frozen=True, kw_only=True)
class EarningPlan:
    """
    A baseline as far as earning goes.

    `budget` is the whole budget at completion; what it holds beyond the pieces (undistributed budget,
    contingency by the project's setting) is planned only when the planned finish is past.
    """

    start: date
    finish: date
    budget: Decimal
    pieces: Sequence[Piece]
    days: Workdays = MONDAY_TO_FRIDAY

    def __post_init__(self) -> None:
        if self.finish < self.start:
            raise EarningError("The baseline's finish is before its start.")
        if any(piece.amount < 0 for piece in self.pieces):
            raise EarningError("A piece of work is worth less than nothing.")
        if self.work > self.budget:
            raise EarningError("The pieces of work are worth more than the budget.")

    @cached_property
    def work(self) -> Decimal:
        """Return what the pieces are worth together."""
        return sum((piece.amount for piece in self.pieces), ZERO)

    @cached_property
    def duration(self) -> int:
        """Return the planned working days, at least one."""
        return max(self.days.between(self.start, self.finish), 1)

    @cached_property
    def spreads(self) -> list[_Spread]:
        return [_spread(piece, self.finish) for piece in self.pieces if piece.amount]

    @cached_property
    def effort(self) -> list[_Spread]:
        return [
            _spread(piece, self.finish)
            for piece in self.pieces
            if piece.amount and piece.method is EarningMethod.EFFORT
        ]


def _spread(piece: Piece, finish: date) -> _Spread:
    amount, start, last, _, days = piece
    end, through = (last or finish).toordinal(), days.through
    if start is None:
        return _Spread(end, end, 0, 0, amount, through)
    begin = min(start.toordinal(), end)
    before = through(begin - 1)
    return _Spread(begin, end, before, through(end) - before, amount, through)


def planned_value(plan: EarningPlan, day: date) -> Decimal:
    """Return the planned value at the end of a day, to the cent."""
    if day >= plan.finish:
        return plan.budget
    return _to_cents(_planned(plan.spreads, day.toordinal()))


def planned_effort(plan: EarningPlan, day: date) -> Decimal:
    """Return the part of the planned value that is level of effort; it is earned by passing time alone."""
    return _to_cents(_planned(plan.effort, day.toordinal())) if plan.effort else ZERO


def planned_curve(plan: EarningPlan) -> list[tuple[date, Decimal]]:
    """Return the planned value from the start to the finish: each week, month's end or year later."""
    days = {plan.start, plan.finish}
    step = WEEK if plan.duration <= SHORT else None
    if (plan.finish - plan.start).days > LONG:
        step = (plan.finish - plan.start).days // MOST_POINTS
    day = plan.start
    while day < plan.finish:
        days.add(day)
        day = moved(day, step) if step else _month_end(day)
    return [(day, planned_value(plan, day)) for day in sorted(days)]


def _month_end(day: date) -> date:
    """Return the last day of the month of the day after."""
    following = day + timedelta(days=1)
    return following.replace(day=monthrange(following.year, following.month)[1])


def earned_share(method: EarningMethod, progress: PieceProgress, planned_share: Decimal) -> Decimal:
    """Return the earned part of a piece, from 0 to 1; `planned_share` is what level of effort earns."""
    if method is EFFORT:
        return planned_share
    if progress.finished:
        return ONE
    if method is FIFTY_FIFTY:
        return HALF if progress.started else ZERO
    if method is STEPS:
        weights = sum(weight for weight, _ in progress.steps)
        done = sum(weight for weight, is_done in progress.steps if is_done)
        return Decimal(done) / weights if weights else ZERO
    if method is PERCENT:
        return max(min(progress.percent, ALL), ZERO) / ALL
    return ZERO


def earned_value(plan: EarningPlan, progress: Iterable[PieceProgress], day: date) -> Decimal:
    """Return the earned value at the end of a day, to the cent; progress in the order of the pieces."""
    at, total = day.toordinal(), ZERO
    for piece, done in zip(plan.pieces, progress, strict=True):
        planned = ZERO
        if piece.method is EFFORT and piece.amount:
            planned = _planned([_spread(piece, plan.finish)], at) / piece.amount
        total += piece.amount * earned_share(piece.method, done, planned)
    return _to_cents(total)


def work_ended(plan: EarningPlan, progress: Sequence[PieceProgress]) -> date | None:
    """Return when the last piece was finished; None while work, or its date, is missing."""
    days = [one.done_on for one in progress if one.finished]
    known = [day for day in days if day is not None]
    # money that no piece carries stands for work that nobody has planned yet
    if not known or len(known) < len(plan.pieces) or plan.work < plan.budget:
        return None
    return max(known)


def course(plan: EarningPlan, *, earned: Decimal, until: date) -> ScheduleCourse:
    """
    Lay the plan out in working days of its own calendar, from its start to `until`.

    `until` is the day of the figures, or the actual finish once there is one.
    """
    spreads, days, duration = plan.spreads, plan.days, plan.duration
    before = days.through(plan.start.toordinal() - 1)

    def planned(period: int) -> Decimal:
        if period <= 0:
            return ZERO
        if period >= duration:
            return plan.budget
        # to the cent as what is earned, or a project on plan would be a hair before or behind
        return _to_cents(_planned(spreads, days.at(before + period)))

    return ScheduleCourse(
        planned=planned,
        duration=duration,
        elapsed=Decimal(days.between(plan.start, until)),
        earned=earned,
        budget=plan.budget,
    )
