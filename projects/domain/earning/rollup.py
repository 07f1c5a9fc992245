"""
What do many projects earn together?

Sum the money, then form the index (the composite rule of the US agencies); never a mean of indices.
Only projects with all of planned value, earned value and actual cost are summed; the others are
counted by reason. Durations do not add up, so SPI(t) is given as a median and as counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import NamedTuple, TypeVar

from projects.domain.earning.figure import ZERO, Figure, known, missing
from projects.domain.earning.indices import Method, cost_index, schedule_index

NOT_SAID = "No reason recorded."
NO_COST = "No cost recorded."
BEHIND = Decimal("0.9")
NOBODY = "No project here has a baseline, progress and costs."


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """
    One project's part; money in the organization's currency. None with the reason why it lacks.

    `projects` are as many as are alike in all but the amounts, which are their sums.
    """

    projects: int = 1
    budget: Decimal | None = None
    planned: Decimal | None = None
    earned: Decimal | None = None
    actual: Decimal | None = None
    eac: Decimal | None = None
    eac_low: Decimal | None = None
    eac_high: Decimal | None = None
    is_out_of_date: bool = False  # its manager's forecast, which is in no range then
    method: str = ""  # a Method, by which the estimate was made
    reason: str = ""

    @property
    def is_complete(self) -> bool:
        return None not in (self.budget, self.planned, self.earned, self.actual, self.eac)


class Estimate(NamedTuple):
    """Sums over `counted` of `projects`; the amounts are None when none could be counted."""

    projects: int
    counted: int
    budget: Decimal | None
    eac: Decimal | None
    eac_low: Decimal | None
    eac_high: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedRollup:
    """
    Sums over `counted` of `projects`; `left_out` says why the others lack, with counts.

    `methods` says by which methods the estimates were made that are summed, with counts.
    """

    projects: int
    counted: int
    left_out: tuple[tuple[str, int], ...]
    methods: tuple[tuple[Method, int], ...]
    budget: Figure
    planned: Figure
    earned: Figure
    actual: Figure
    cost_variance: Figure
    schedule_variance: Figure
    cpi: Figure
    spi: Figure
    eac: Figure
    eac_low: Figure
    eac_high: Figure
    at_completion: Figure
    spi_t_median: Figure
    spi_t_known: int
    spi_t_behind: int  # below 0.9
    out_of_date: int  # managers' forecasts below what is spent already

    @property
    def excluded(self) -> int:
        return self.projects - self.counted

    @property
    def estimate(self) -> Estimate:
        return Estimate(
            self.projects,
            self.counted,
            self.budget.value,
            self.eac.value,
            self.eac_low.value,
            self.eac_high.value,
        )


def rolled_up(shares: Iterable[Share], *, paces: Sequence[Decimal] = ()) -> EarnedRollup:
    """Add up the projects that have all of it; `paces` are the SPI(t) of those that have one."""
    rows = list(shares)
    whole = [row for row in rows if row.is_complete]
    reasons: Counter[str] = Counter()
    methods: Counter[Method] = Counter()
    for row in rows:
        if not row.is_complete:
            reasons[row.reason or NOT_SAID] += row.projects
        elif row.method:
            methods[Method(row.method)] += row.projects
    budget, planned = _sum(row.budget for row in whole), _sum(row.planned for row in whole)
    earned, actual = _sum(row.earned for row in whole), _sum(row.actual for row in whole)
    eac = _sum(row.eac for row in whole)
    return EarnedRollup(
        projects=sum(row.projects for row in rows),
        counted=sum(row.projects for row in whole),
        left_out=_most_first(reasons),
        methods=_most_first(methods),
        budget=budget,
        planned=planned,
        earned=earned,
        actual=actual,
        cost_variance=_minus(earned, actual),
        schedule_variance=_minus(earned, planned),
        cpi=cost_index(earned, actual),
        spi=schedule_index(earned, planned),
        eac=eac,
        eac_low=_sum(row.eac if row.eac_low is None else row.eac_low for row in whole),
        eac_high=_sum(row.eac if row.eac_high is None else row.eac_high for row in whole),
        at_completion=_minus(budget, eac),
        spi_t_median=known(median(paces)) if paces else missing(NOBODY),
        spi_t_known=len(paces),
        spi_t_behind=sum(pace < BEHIND for pace in paces),
        out_of_date=sum(row.projects for row in whole if row.is_out_of_date),
    )


K = TypeVar("K", bound=str)


def _most_first(counts: Mapping[K, int]) -> tuple[tuple[K, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def reason_of(
    reasons: Mapping[str, str], *, earned: tuple[Decimal | None, ...], spent: Decimal | None
) -> str:
    """
    Say why a project cannot be added up: the first reason where a part of what it earned lacks.

    `earned` is budget, planned value and earned value.
    """
    if reasons and None in earned:
        return next(iter(reasons.values()))
    return NO_COST if spent is None else NOT_SAID


def _sum(amounts: Iterable[Decimal | None]) -> Figure:
    values = [amount for amount in amounts if amount is not None]
    return known(sum(values, ZERO)) if values else missing(NOBODY)


def _minus(one: Figure, other: Figure) -> Figure:
    if one.value is None or other.value is None:
        return missing(NOBODY)
    return known(one.value - other.value)
