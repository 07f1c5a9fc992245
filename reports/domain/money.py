"""
Sums over projects: first the sums, then the ratio, over the projects that have both amounts.

Variance = forecast minus approved (positive = over); its share is the sum of the variances divided
by the sum of the approved budgets of the same projects, never a mean of ratios.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pmo.common.folding import fold
from projects.domain.namesakes import Named, told_apart
from reports.domain.lines import ProjectLine

NOT_SAID = "No reason recorded."


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Forecast against approved over the `compared` projects that have both; None without any."""

    compared: int = 0
    approved: Decimal | None = None
    forecast: Decimal | None = None

    @property
    def variance(self) -> Decimal | None:
        """Forecast minus approved, positive = over; None when nothing can be compared."""
        if self.forecast is None or self.approved is None:
            return None
        return self.forecast - self.approved

    @property
    def share(self) -> Decimal | None:
        """Variance over approved; None when nothing is approved."""
        if self.variance is None or not self.approved:
            return None
        return self.variance / self.approved


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Compared):
    """Amounts of a group of projects. `left_out` counts those that lack an amount, by reason."""

    projects: int = 0
    spent: Decimal | None = None
    known_approved: Decimal | None = None  # over all that have one, compared or not
    without_spent: int = 0
    left_out: tuple[tuple[str, int], ...] = ()

    @property
    def without(self) -> int:
        return self.projects - self.compared


def sum_of(lines: Iterable[ProjectLine]) -> Sum:
    """Add up whole-life money."""
    rows = list(lines)
    both = [(x.approved_budget, x.forecast_cost) for x in rows if x.cost_variance is not None]
    spent = [line.spent for line in rows if line.spent is not None]
    reasons = Counter(
        _reason(
            line, {"approved_budget": line.approved_budget, "forecast_cost": line.forecast_cost}
        )
        for line in rows
        if line.cost_variance is None
    )
    return Sum(
        projects=len(rows),
        compared=len(both),
        approved=_total(approved for approved, _ in both),
        forecast=_total(forecast for _, forecast in both),
        spent=_total(spent),
        known_approved=_total(line.approved_budget for line in rows),
        without_spent=len(rows) - len(spent),
        left_out=tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    )


def year_sum_of(lines: Iterable[ProjectLine]) -> Sum:
    """Add up this fiscal year's money; nothing is known of what was spent in it."""
    rows = list(lines)
    both = [(x.year_budget, x.year_forecast) for x in rows if x.year_variance is not None]
    reasons = Counter(
        _reason(line, {"year_budget": line.year_budget, "year_forecast": line.year_forecast})
        for line in rows
        if line.year_variance is None
    )
    return Sum(
        projects=len(rows),
        compared=len(both),
        approved=_total(budget for budget, _ in both),
        forecast=_total(forecast for _, forecast in both),
        known_approved=_total(line.year_budget for line in rows),
        without_spent=len(rows),
        left_out=tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    )


def _total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal()) if known else None


def _reason(line: ProjectLine, amounts: Mapping[str, Decimal | None]) -> str:
    missing = [line.reasons.get(name, "") for name, amount in amounts.items() if amount is None]
    return next((reason for reason in missing if reason), NOT_SAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyOf:
    name: str
    sums: Sum
    has_left: bool = False  # somebody who was deactivated when the document was made


class Key(NamedTuple):
    """What a project is grouped by: an id, where there is one, and else the name alone."""

    id: int | None
    name: str
    has_left: bool = False


def grouped(
    lines: Iterable[ProjectLine], key: Callable[[ProjectLine], Key], *, unnamed: str
) -> list[MoneyOf]:
    """
    Sum by group, the largest overspend first; `unnamed` is the group of those without one.

    Two groups of one name are told apart by a project's code: a document knows no more of them.
    """
    groups: dict[int | str, list[ProjectLine]] = {}
    names: dict[int | str, str] = {}
    left = set()
    for line in lines:
        said = key(line)
        place: int | str = said.name if said.id is None else said.id
        groups.setdefault(place, []).append(line)
        names.setdefault(place, said.name or unnamed)
        if said.has_left:
            left.add(place)
    apart = told_apart(
        Named(names[place], (min(line.code for line in rows),)) for place, rows in groups.items()
    )
    found = [
        MoneyOf(name=name, sums=sum_of(rows), has_left=place in left)
        for name, (place, rows) in zip(apart, groups.items(), strict=True)
    ]
    return sorted(
        found, key=lambda g: (g.sums.variance is None, -(g.sums.variance or 0), fold(g.name))
    )
