"""
What do planned value, earned value and actual cost say about the cost of a project?

CV = EV − AC, SV = EV − PV, CPI = EV/AC, SPI = EV/PV; CV% is over EV and SV% over PV (PMBOK; EIA-748).
Estimates at completion: AC + (BAC − EV)/PF with PF 1, CPI, CPI × SPI, a weighted mean of the two, or
the re-estimate of the remaining work (PM Knowledge Center, node 166). TCPI = (BAC − EV)/(target − AC).
A re-estimate below the actual cost is out of date and in no range. Positive variances are favorable.
Nothing is rounded here, so that nothing is chained after rounding.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from projects.domain.earning.figure import (
    EarningError,
    Figure,
    known,
    minus,
    missing,
    plus,
    ratio,
    times,
)
from projects.domain.labels import Labeled

NO_BASELINE = "No approved baseline to earn against."
NOT_STARTED = "Nothing is earned and nothing is spent yet."
NO_COST = "Progress is reported without any cost."
CREDITS = "Credits are larger than the costs so far."
NOT_DUE = "No work was planned by this date."
NOTHING_EARNED = "Nothing is earned yet."
COMPLETE = "All the work is done."
OUT_OF_REACH = "The budget can no longer be met: it is spent, and work remains."
SPENT_ALREADY = "The estimate is spent already, and work remains."


class Method(Labeled):
    """How the headline estimate at completion was made."""

    BUDGET = "budget", "At the approved plan"
    RATE = "rate", "Rest at budget"
    CPI = "cpi", "At current cost efficiency (CPI)"
    DONE = "done", "All work done"


UNBASELINED = missing(NO_BASELINE)
NO_SPENT = missing("No cost recorded.")
NO_FORECAST = missing("No forecast made.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    One project, or a sum of projects, at one date; money in the organization's currency.

    `bottom_up` is the whole cost as somebody re-estimated it, actual cost included.
    """

    budget: Figure = UNBASELINED
    planned: Figure = UNBASELINED
    earned: Figure = UNBASELINED
    actual: Figure = NO_SPENT
    bottom_up: Figure = NO_FORECAST


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningRules:
    """Shares are of the budget; `cost_weight` is the part of CPI in the weighted estimate."""

    settled_share: Decimal = Decimal("0.20")  # complete enough for CPI to carry the headline
    cost_weight: Decimal = Decimal("0.8")


DEFAULT_RULES = EarningRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Indices:
    """Everything that follows from a standing. Estimates and variances are money, the rest ratios."""

    cost_variance: Figure
    schedule_variance: Figure
    cost_variance_share: Figure
    schedule_variance_share: Figure
    cpi: Figure
    spi: Figure
    complete: Figure
    spent: Figure
    eac_rate: Figure
    eac_cpi: Figure
    eac_cpi_spi: Figure
    eac_weighted: Figure
    eac_bottom_up: Figure
    eac: Figure
    eac_method: Method | None
    eac_low: Figure
    eac_high: Figure
    to_complete: Figure
    at_completion: Figure
    at_completion_share: Figure
    tcpi_budget: Figure
    tcpi_eac: Figure
    tcpi_bottom_up: Figure


def check(standing: Standing) -> None:
    """Raise EarningError where the values contradict each other."""
    budget, planned, earned = standing.budget.value, standing.planned.value, standing.earned.value
    if budget is not None and budget < 0:
        raise EarningError("The budget is below zero.")
    for value, name in ((planned, "planned"), (earned, "earned")):
        if value is not None and value < 0:
            raise EarningError(f"The {name} value is below zero.")
        if value is not None and budget is not None and value > budget:
            raise EarningError(f"The {name} value is larger than the budget.")


def indices(standing: Standing, *, rules: EarningRules = DEFAULT_RULES) -> Indices:
    """Work out every index and estimate; raises EarningError for contradicting values."""
    check(standing)
    if not standing.budget.value:
        why = missing(standing.budget.reason or NO_BASELINE)
        standing = replace(standing, budget=why, planned=why, earned=why)
    budget, planned = standing.budget, standing.planned
    earned, actual = standing.earned, standing.actual
    cpi, spi = cost_index(earned, actual), schedule_index(earned, planned)
    rest = minus(budget, earned)
    estimates = _estimates(standing, rest, cpi, spi, rules)
    complete = ratio(earned, budget, otherwise=NO_BASELINE)
    headline, method = _headline(standing, complete, estimates, rules)
    bottom_up = standing.bottom_up
    among = [estimates["rate"], estimates["cpi"], estimates["cpi_spi"]]
    if not is_out_of_date(bottom_up.value, actual.value):
        among.append(bottom_up)
    # all work done costs what it cost, whatever was forecast of it
    is_done = budget.value is not None and earned.value == budget.value
    low, high = _range(headline, (headline,) if is_done else (headline, *among))
    cost_variance = minus(earned, actual)
    schedule_variance = minus(earned, planned)
    at_completion = minus(budget, headline)
    return Indices(
        cost_variance=cost_variance,
        schedule_variance=schedule_variance,
        cost_variance_share=ratio(cost_variance, earned, otherwise=NOTHING_EARNED),
        schedule_variance_share=ratio(schedule_variance, planned, otherwise=NOT_DUE),
        cpi=cpi,
        spi=spi,
        complete=complete,
        spent=ratio(actual, budget, otherwise=NO_BASELINE),
        eac_rate=estimates["rate"],
        eac_cpi=estimates["cpi"],
        eac_cpi_spi=estimates["cpi_spi"],
        eac_weighted=estimates["weighted"],
        eac_bottom_up=bottom_up,
        eac=headline,
        eac_method=method,
        eac_low=low,
        eac_high=high,
        to_complete=minus(headline, actual),
        at_completion=at_completion,
        at_completion_share=ratio(at_completion, budget, otherwise=NO_BASELINE),
        tcpi_budget=to_complete_index(rest, budget, actual, otherwise=OUT_OF_REACH),
        tcpi_eac=to_complete_index(rest, headline, actual, otherwise=SPENT_ALREADY),
        tcpi_bottom_up=to_complete_index(rest, bottom_up, actual, otherwise=SPENT_ALREADY),
    )


def is_out_of_date(forecast: Decimal | None, actual: Decimal | None) -> bool:
    """
    True for a forecast of the whole cost that is spent already, and more.

    It would leave less than nothing for the rest: an estimate at completion is actual cost plus what
    the remaining work is re-estimated at, so this one speaks of an earlier day.
    """
    return forecast is not None and actual is not None and forecast < actual


def cost_index(earned: Figure, actual: Figure) -> Figure:
    """Return CPI; 0 exactly when money is spent and nothing earned."""
    if earned.value is not None and actual.value is not None and actual.value <= 0:
        if actual.value < 0:
            return missing(CREDITS)
        return missing(NO_COST if earned.value > 0 else NOT_STARTED)
    return ratio(earned, actual, otherwise=NOT_STARTED)


def schedule_index(earned: Figure, planned: Figure) -> Figure:
    """Return SPI; nothing planned yet is no index, even when work is done early."""
    if planned.value == 0 and earned.value:
        return missing("Work is ahead of a plan that has not begun: there is no index of that.")
    return ratio(earned, planned, otherwise=NOT_DUE)


def to_complete_index(rest: Figure, target: Figure, actual: Figure, *, otherwise: str) -> Figure:
    """Return what each unit of money still to spend must earn for the target to hold."""
    if rest.value == 0:
        return missing(COMPLETE)
    return ratio(rest, minus(target, actual), otherwise=otherwise)


def _estimates(
    standing: Standing, rest: Figure, cpi: Figure, spi: Figure, rules: EarningRules
) -> dict[str, Figure]:
    """Return AC + (BAC − EV)/PF for each performance factor."""
    earned, actual, weight = standing.earned, standing.actual, rules.cost_weight
    product = times(cpi, spi)
    weighted = plus(times(known(weight), cpi), times(known(1 - weight), spi))
    by_rate = plus(actual, rest)
    if actual.value == 0 and earned.value:
        by_rate = missing(NO_COST)

    def at(factor: Figure) -> Figure:
        if rest.value == 0 and factor.value is None:
            return by_rate
        pace = ratio(rest, factor, otherwise=NOTHING_EARNED)
        return plus(actual, pace)

    return {"rate": by_rate, "cpi": at(cpi), "cpi_spi": at(product), "weighted": at(weighted)}


def _headline(
    standing: Standing, complete: Figure, estimates: dict[str, Figure], rules: EarningRules
) -> tuple[Figure, Method | None]:
    """Take CPI once enough is done for it to be steady, the budgeted rate before that."""
    if complete.value is None:
        return missing(complete.reason), None
    rate, by_cpi = estimates["rate"], estimates["cpi"]
    if rate.value is None:
        return standing.budget, Method.BUDGET
    if complete.value >= 1:
        return rate, Method.DONE
    if complete.value >= rules.settled_share and by_cpi.value is not None:
        return by_cpi, Method.CPI
    return rate, Method.RATE


def _range(headline: Figure, among: tuple[Figure, ...]) -> tuple[Figure, Figure]:
    values = [figure.value for figure in among if figure.value is not None]
    if headline.value is None:
        return headline, headline
    return known(min(values)), known(max(values))
