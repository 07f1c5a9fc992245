"""The sentences about where a project or a portfolio will land."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from pmo.common.page import figures
from pmo.organization.current import organization
from projects.domain.earning.assessment import Assessment
from projects.domain.earning.bridge import Bridge
from projects.domain.earning.indices import Method
from projects.domain.earning.memory import MissBand
from reports.words.landing import lower

WHY: dict[Method, str] = {
    Method.RATE: "if the rest costs what was approved",
    Method.CPI: "if the rest costs as the work so far did",
    Method.BUDGET: "the approved plan, as no cost is recorded",
    Method.DONE: "what was spent, as all the work is done",
}


BOOKED_LATER = "Planned and done are as of that day; what is booked later still counts as spent."


def money(value: Decimal | None) -> str:
    return figures.money(value, organization().money)


def signed(value: Decimal | None) -> str:
    return figures.signed_money(value, organization().money)


def days(value: Decimal) -> str:
    return figures.count(int(abs(value)), "day")


def signed_days(value: Decimal) -> str:
    return f"{figures.number(value, 0, plus=True)} {'day' if abs(value) == 1 else 'days'}"


def landing_lede(one: Assessment, *, planned_finish: date | None) -> str:
    """Say what it will cost and when it will finish, each only when it is known."""
    if one.found.eac.value is None or one.found.eac_method is None:
        return f"Where this project will land cannot be worked out: {lower(one.found.eac.reason)}"
    return " ".join(filter(None, (cost_sentence(one), finish_sentence(one, planned_finish))))


def cancelled_lede(one: Assessment, *, on: date | None) -> str:
    """Say that it ended, when, and what was done and spent by then."""
    head = "This project was cancelled"
    head = f"{head} on {figures.day(on)}." if on else f"{head}; the day is not recorded."
    earned, spent = one.standing.earned.value, one.standing.actual.value
    if earned is None or spent is None:
        return f"{head} Nothing is forecast any more."
    return (
        f"{head} Work worth {money(earned)} was done by then, and {money(spent)} is spent. Nothing is"
        " forecast any more."
    )


def cost_sentence(one: Assessment) -> str:
    found, method = one.found, one.found.eac_method
    assert method is not None  # noqa: S101 - the caller asked
    why, approved = WHY[method], one.standing.budget.value
    joint = " " if why.startswith("if") else ": "
    said = (
        f"It will cost {money(found.eac.value)}{joint}{why}{_against(found.eac.value, approved)}."
    )
    low, high = found.eac_low.value, found.eac_high.value
    return said if low == high else f"{said} Estimates run from {money(low)} to {money(high)}."


def _against(cost: Decimal | None, approved: Decimal | None) -> str:
    """Say how far a cost is from the approved plan; "" where they are the same."""
    if cost is None or approved is None or cost == approved:
        return ""
    side = "over" if cost > approved else "under"
    return f", {money(abs(cost - approved))} {side} the approved plan of {money(approved)}"


def finish_sentence(one: Assessment, planned: date | None) -> str:
    finish = one.finish.value
    if finish is None:
        return ""
    against = "" if planned is None else f", {figures.slip((finish - planned).days)}"
    if one.found.eac_method is Method.DONE:
        return f"The work was finished on {figures.day(finish)}{against}."
    return f"At the pace so far it finishes on {figures.day(finish)}{against}."


def corrected_sentence(
    forecast: Decimal | None, band: MissBand, *, whose: str = "Today’s forecast"
) -> str:
    """Say where today's forecast would land if it is off as such forecasts were."""
    if forecast is None or band.low is None or band.high is None:
        return ""
    low, high = forecast * (1 + band.low), forecast * (1 + band.high)
    return f"{whose} of {money(forecast)} would then become {money(low)} to {money(high)}."


def memory_title(first: date | None, moved: Decimal | None) -> str:
    """Say how the forecast cost moved since it was frozen first."""
    if first is None or moved is None:
        return "How the forecasts moved"
    if not moved:
        return f"The forecast cost is what it was on {figures.day(first)}"
    way = "up" if moved > 0 else "down"
    return f"The forecast cost went {way} by {money(abs(moved))} since {figures.day(first)}"


def curve_title(one: Assessment) -> str:
    planned, earned, spent = (
        one.standing.planned.value,
        one.standing.earned.value,
        one.standing.actual.value,
    )
    if planned is None or earned is None:
        return "Planned, done and spent"
    done = earned - planned
    head = (
        f"{money(abs(done))} {'more' if done > 0 else 'less'} is done than planned by now"
        if done
        else "As much is done as planned by now"
    )
    if spent is None or spent == earned:
        return head
    cost = spent - earned
    return (
        f"{head}, and it cost {money(abs(cost))} {'more' if cost > 0 else 'less'} than it is worth"
    )


def cost_bridge_title(bridge: Bridge | None, *, is_finished: bool = False) -> str:
    end = "actual cost" if is_finished else "forecast"
    if bridge is None:
        return f"From the approved budget to the {end}"
    if not bridge.difference:
        return f"The {end} is what was approved first"
    side = "over" if bridge.difference > 0 else "under"
    return f"{money(abs(bridge.difference))} {side} the first baseline{_rest(bridge, money)}"


def finish_bridge_title(bridge: Bridge | None, *, is_finished: bool = False) -> str:
    if bridge is None:
        return f"From the first planned finish to the {'actual one' if is_finished else 'forecast'}"
    if not bridge.difference:
        return f"The finish {'came' if is_finished else 'is forecast'} as first approved"
    side = "later" if bridge.difference > 0 else "earlier"
    return f"{days(bridge.difference)} {side} than the first baseline{_rest(bridge, days)}"


def finishes_title(bridge: Bridge | None) -> str:
    """Say how far the average project's finish moved, and how much of that nobody explained."""
    if bridge is None:
        return "From the first planned finishes to the forecasts"
    if not bridge.difference:
        return "On average the finishes are forecast as first approved"
    side = "later" if bridge.difference > 0 else "earlier"
    return (
        f"On average {_tenths(bridge.difference)} {side} than the first baseline"
        f"{_rest(bridge, _tenths)}"
    )


def _tenths(value: Decimal) -> str:
    digits = 0 if value == value.to_integral_value() else 1
    return f"{figures.number(abs(value), digits)} {'day' if abs(value) == 1 else 'days'}"


def _rest(bridge: Bridge, write: Callable[[Decimal], str]) -> str:
    rest = bridge.unexplained
    return f", {write(abs(rest))} not explained yet" if rest else ", all of it explained"
