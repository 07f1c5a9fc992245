"""
Who decides a change: the lowest level whose tolerance holds it together with what was approved before.

A level may approve what stays within both of its limits: a share of the first baseline's budget and
calendar days of the finish. What it and the levels below it approved since a higher level last set the
baseline counts along, or many small changes would pass below the line. Size counts, not direction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from projects.domain.calendar import moved
from projects.domain.kinds import ChangeFunding
from projects.domain.labels import Labeled
from projects.domain.office import BaselineRule
from projects.domain.workdays import MONDAY_TO_FRIDAY

ZERO = Decimal()
HUNDRED = Decimal(100)
DAYS_TO_APPROVE = 5  # working days in which an emergency is approved afterwards
WHOLE_BUDGET = 1  # the number of the first baseline, which the office sets


class ApprovalLevel(Labeled):
    """Smallest first."""

    MANAGER = "manager", "Project manager"
    SPONSOR = "sponsor"
    LEAD = "pmo_lead", "PMO lead"

    @property
    def rank(self) -> int:
        return list(ApprovalLevel).index(self)


class Limit(NamedTuple):
    cost_percent: Decimal  # of the first baseline's budget
    days: int


# where the PMO lead has set none
DEFAULT_LIMITS: dict[ApprovalLevel, Limit] = {
    ApprovalLevel.MANAGER: Limit(Decimal(2), 5),
    ApprovalLevel.SPONSOR: Limit(Decimal(5), 20),
}


class ChangeEffect(NamedTuple):
    cost: Decimal
    days: int


class Approved(NamedTuple):
    """A change approved before. `version` is the baseline it became, None while it has not."""

    effect: ChangeEffect
    level: ApprovalLevel
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCheck:
    """How a change fares against the limit of one level."""

    level: ApprovalLevel
    limit: Limit
    used: ChangeEffect  # by what was approved before, in size
    total: ChangeEffect
    percent: Decimal | None  # of the first budget; None where there is none to take a share of

    @property
    def cost_fits(self) -> bool:
        if not self.total.cost:
            return True
        return self.percent is not None and self.percent <= self.limit.cost_percent

    @property
    def days_fit(self) -> bool:
        return self.total.days <= self.limit.days

    @property
    def fits(self) -> bool:
        return self.cost_fits and self.days_fit


class Verdict(NamedTuple):
    level: ApprovalLevel
    checks: tuple[LimitCheck, ...]  # of each level up to the one that decides
    rule: BaselineRule = BaselineRule.TOLERANCE  # the office's; only this one asks for checks
    office: str = ""  # whose rule it is


def last_set_above(level: ApprovalLevel, approved: Iterable[Approved]) -> int:
    """Return the last version that a higher level set; the first one was set by the office."""
    versions = [a.version for a in approved if a.version and a.level.rank > level.rank]
    return max([WHOLE_BUDGET, *versions])


def used_by(level: ApprovalLevel, approved: Iterable[Approved]) -> ChangeEffect:
    """Sum, in size, what this level and those below approved since a higher one set the baseline."""
    known = list(approved)
    since = last_set_above(level, known)
    counted = [
        a.effect
        for a in known
        if a.level.rank <= level.rank and (a.version is None or a.version > since)
    ]
    return ChangeEffect(
        sum((abs(effect.cost) for effect in counted), ZERO),
        sum(abs(effect.days) for effect in counted),
    )


def who_decides(
    effect: ChangeEffect,
    *,
    budget: Decimal | None,
    limits: Mapping[ApprovalLevel, Limit],
    approved: Iterable[Approved] = (),
    rule: BaselineRule = BaselineRule.TOLERANCE,
) -> Verdict:
    """
    Return the lowest level that may approve; above the last limit, the PMO lead.

    The kind of office may leave every change to the project manager, or to the PMO lead.
    """
    if rule is not BaselineRule.TOLERANCE:
        is_recorded = rule is BaselineRule.RECORDED
        return Verdict(ApprovalLevel.MANAGER if is_recorded else ApprovalLevel.LEAD, (), rule)
    known, checks = list(approved), []
    for level in (ApprovalLevel.MANAGER, ApprovalLevel.SPONSOR):
        used = used_by(level, known)
        cost = used.cost + abs(effect.cost)
        check = LimitCheck(
            level=level,
            limit=limits[level],
            used=used,
            total=ChangeEffect(cost if effect.cost else ZERO, _days(used, effect)),
            percent=cost * HUNDRED / budget if budget else None,
        )
        checks.append(check)
        if check.fits:
            return Verdict(level, tuple(checks))
    return Verdict(ApprovalLevel.LEAD, tuple(checks))


def _days(used: ChangeEffect, effect: ChangeEffect) -> int:
    """Return the days that count; what was approved before does not weigh on a change of money alone."""
    return used.days + abs(effect.days) if effect.days else 0


def approve_by(raised_on: date) -> date:
    """Return the last day on which an emergency is approved in time."""
    return MONDAY_TO_FRIDAY.nth(DAYS_TO_APPROVE, since=moved(raised_on, 1))


def overdue_from(today: date) -> date:
    """Return the last day whose emergencies should have been approved before `today`."""
    day = today
    while approve_by(day) >= today:
        day -= timedelta(days=1)
    return day


def funding_fault(cost: Decimal, funding: ChangeFunding) -> str:
    """Return what is wrong between cost and funding, or ""."""
    if cost and funding is ChangeFunding.NONE:
        return "Say where the money comes from, or where it goes back to."
    if not cost and funding is not ChangeFunding.NONE:
        return "This change needs no money: choose “No money needed”, or give its cost."
    return ""
