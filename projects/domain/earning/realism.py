"""
Is the forecast believable, given what the work has cost so far?

The rules compare the manager's forecast with what the pace so far implies: TCPI(EAC) against CPI (a
gap above 0.10), CV% against VAC% (over so far, yet better at the end), the forecast against the range
of the calculated estimates, and TCPI or TSPI above 1.10, from which few projects recover. Level of effort
above 15 % of the planned value is set apart, as it always earns as planned. The published thresholds are
rules of thumb; each sentence prints its own numbers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from projects.domain.earning.earned_schedule import EarnedTime
from projects.domain.earning.figure import ZERO, Figure
from projects.domain.earning.indices import NO_COST, Indices, Standing, is_out_of_date

Money = Callable[[Decimal], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RealismRules:
    gap: Decimal = Decimal("0.10")  # between TCPI and CPI
    out_of_reach: Decimal = Decimal("1.10")  # TCPI or TSPI
    effort: Decimal = Decimal("0.15")  # of the planned value that may be level of effort


DEFAULT_RULES = RealismRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much of the planned value is level of effort, and the schedule index without it."""

    share: Figure
    spi: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One reason to doubt a figure; `code` is stable, the sentence is for the reader."""

    code: str
    sentence: str


def flags(
    standing: Standing,
    found: Indices,
    time: EarnedTime | None,
    *,
    money: Money,
    effort: Effort | None = None,
    rules: RealismRules = DEFAULT_RULES,
) -> list[Flag]:
    """Return what speaks against the data or the forecast, the data first."""
    return [
        *_data(standing, found, money),
        *_effort(found, effort, rules),
        *_forecast(standing, found, money, rules),
        *_recovery(found, time, rules),
    ]


def _data(standing: Standing, found: Indices, money: Money) -> Iterator[Flag]:
    earned, actual = standing.earned.value, standing.actual.value
    if earned and (found.cpi.reason == NO_COST or actual is None):
        yield Flag(
            code="progress_without_cost",
            sentence=f"Work worth {money(earned)} is reported done, and no cost is recorded for it.",
        )
    if actual and actual > 0 and earned == 0:
        yield Flag(
            code="cost_without_progress",
            sentence=f"{money(actual)} is spent, and no work is reported done.",
        )
    if standing.planned.value == 0 and earned:
        yield Flag(
            code="ahead_of_plan",
            sentence=f"Work worth {money(earned)} is done before any was planned.",
        )


def _effort(found: Indices, effort: Effort | None, rules: RealismRules) -> Iterator[Flag]:
    """Say when work that earns by passing time alone is enough of the plan to flatter the index."""
    share = effort.share.value if effort else None
    if effort is None or share is None or share <= rules.effort or found.spi.value is None:
        return
    without = effort.spi.value
    if without is None:
        sentence = (
            f"{_percent(share)} of what was planned by now is level of effort, which always counts as"
            " done on time. Nothing else was planned by now."
        )
    else:
        sentence = (
            f"{_percent(share)} of what was planned by now is level of effort, which always counts as"
            f" done on time. Progress against plan is {_whole_percent(found.spi.value)} with it and"
            f" {_whole_percent(without)} without it."
        )
    yield Flag(code="level_of_effort", sentence=sentence)


def _forecast(
    standing: Standing, found: Indices, money: Money, rules: RealismRules
) -> Iterator[Flag]:
    forecast, cpi = standing.bottom_up.value, found.cpi.value
    if forecast is None or found.eac.value is None:
        return
    if is_out_of_date(forecast, standing.actual.value):
        # what follows would compare a forecast that nobody can mean any more
        yield Flag(
            code="forecast_out_of_date",
            sentence=(
                f"The manager’s forecast of {money(forecast)} is less than the"
                f" {money(standing.actual.value or ZERO)} spent already. It is out of date and left"
                " out of the range."
            ),
        )
        return
    needed = found.tcpi_bottom_up.value
    if needed is not None and cpi is not None and abs(needed - cpi) > rules.gap:
        yield Flag(
            code="pace_must_change",
            sentence=(
                f"To land at {money(forecast)}, the rest needs a cost efficiency of {_two(needed)}"
                f" (TCPI); so far it is {_two(cpi)} (CPI)."
            ),
        )
    yield from _better_at_the_end(standing, found, forecast)
    low, high = calculated_range(found)
    if low is not None and high is not None and not low <= forecast <= high:
        side = "below" if forecast < low else "above"
        yield Flag(
            code="outside_range",
            sentence=(
                f"The forecast of {money(forecast)} is {side} every calculated estimate: they run "
                f"from {money(low)} to {money(high)}."
            ),
        )


def _better_at_the_end(standing: Standing, found: Indices, forecast: Decimal) -> Iterator[Flag]:
    so_far, budget = found.cost_variance_share.value, standing.budget.value
    if so_far is None or not budget or so_far >= 0:
        return
    at_end = (budget - forecast) / budget
    if at_end > so_far:
        end = f"{_percent(-at_end)} over" if at_end < 0 else "no overspend"
        yield Flag(
            code="optimistic",
            sentence=(
                f"The work done cost {_percent(-so_far)} more than approved for it, and the forecast"
                f" says {end} at the end. The rest must go better than the work so far."
            ),
        )


def calculated_range(found: Indices) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the largest calculated estimate, without anybody's re-estimate."""
    values = [
        figure.value
        for figure in (found.eac_rate, found.eac_cpi, found.eac_cpi_spi)
        if figure.value is not None
    ]
    return (min(values), max(values)) if values else (None, None)


def _recovery(found: Indices, time: EarnedTime | None, rules: RealismRules) -> Iterator[Flag]:
    limit = rules.out_of_reach
    if _above(found.tcpi_budget, limit):
        yield Flag(
            code="budget_out_of_reach",
            sentence=(
                "To keep the approved plan, the rest needs a cost efficiency of"
                f" {_two(found.tcpi_budget.value)} (TCPI). Few projects recover that far."
            ),
        )
    if time is not None and _above(time.tspi, limit):
        yield Flag(
            code="finish_out_of_reach",
            sentence=(
                "To keep the planned finish, the rest needs a schedule pace of"
                f" {_two(time.tspi.value)} (TSPI). Few projects recover that far."
            ),
        )


def _above(figure: Figure, limit: Decimal) -> bool:
    return figure.value is not None and figure.value > limit


def _two(value: Decimal | None) -> str:
    return "–" if value is None else f"{_rounded(value, 2):,.2f}"


def _percent(share: Decimal) -> str:
    return f"{_rounded(share * 100, 1):,.1f}%"


def _whole_percent(share: Decimal | None) -> str:
    return "–" if share is None else f"{_rounded(share * 100, 0):,.0f}%"


def _rounded(value: Decimal, digits: int) -> Decimal:
    """Round half up, as pages round the same figure."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
